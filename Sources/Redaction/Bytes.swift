extension UInt8 {
    @inline(__always) var isDigit: Bool { self &- 0x30 < 10 }
    @inline(__always) var isUpper: Bool { self &- 0x41 < 26 }
    /// An ASCII letter.
    @inline(__always) var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
    /// An ASCII letter or digit.
    @inline(__always) var isAlphanumeric: Bool { isDigit || isLetter }
    /// A letter, digit or mark of any script: in a shadow every byte above 0x7F belongs to one.
    @inline(__always) var isWord: Bool { self >= 0x80 || isAlphanumeric }
    @inline(__always) var isHex: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
    @inline(__always) var isSpace: Bool { self == 0x20 || self &- 0x09 < 5 }
    @inline(__always) var lowercased: UInt8 { isUpper ? self | 0x20 : self }
    @inline(__always) var digitValue: Int { Int(self &- 0x30) }
}

/// FNV-1a, 64 bits: to tell words and cache files apart, never to keep a secret.
struct Hash64 {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325

    @inline(__always) mutating func add(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash = Hash64()
        for byte in bytes { hash.add(byte) }
        return hash.value
    }
}
