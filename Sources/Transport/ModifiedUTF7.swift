/// Mailbox names on the wire, RFC 3501 section 5.1.3.
enum ModifiedUTF7 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,".utf8)

    /// The value of each character of the alphabet, by its byte; 64 for all others.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 64, count: 256)
        for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
        return values
    }()

    /// Printable ASCII stays; `&` becomes `&-`; everything else is UTF-16 in a base64 of its own.
    static func encode(_ name: String) -> String {
        var result: [UInt8] = []
        var pending: [UInt16] = []
        func flush() {
            guard !pending.isEmpty else { return }
            result.append(UInt8(ascii: "&"))
            var bits: UInt32 = 0
            var count = 0
            for unit in pending {
                bits = bits << 16 | UInt32(unit)
                count += 16
                while count >= 6 {
                    count -= 6
                    result.append(alphabet[Int(bits >> UInt32(count) & 63)])
                }
                bits &= (1 << UInt32(count)) - 1
            }
            if count > 0 { result.append(alphabet[Int(bits << UInt32(6 - count) & 63)]) }
            result.append(UInt8(ascii: "-"))
            pending = []
        }
        for unit in name.utf16 {
            guard (0x20...0x7E).contains(unit) else {
                pending.append(unit)
                continue
            }
            flush()
            result.append(UInt8(unit))
            if unit == 0x26 { result.append(UInt8(ascii: "-")) }
        }
        flush()
        return String(decoding: result, as: UTF8.self)
    }

    /// The name, or `nil` if the bytes are not modified UTF-7.
    static func decode(_ bytes: [UInt8]) -> String? {
        var units: [UInt16] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            guard byte == UInt8(ascii: "&") else {
                guard byte < 0x80 else { return nil }
                units.append(UInt16(byte))
                continue
            }
            guard let end = bytes[index...].firstIndex(of: UInt8(ascii: "-")) else { return nil }
            if end == index {
                units.append(0x26)
            } else {
                guard let run = decodeRun(bytes[index..<end]) else { return nil }
                units.append(contentsOf: run)
            }
            index = end + 1
        }
        return String(validating: units, as: UTF16.self)
    }

    private static func decodeRun(_ run: ArraySlice<UInt8>) -> [UInt16]? {
        var units: [UInt16] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in run {
            let value = values[Int(byte)]
            guard value < 64 else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 16 {
                count -= 16
                units.append(UInt16(truncatingIfNeeded: bits >> UInt32(count)))
                bits &= (1 << UInt32(count)) - 1
            }
        }
        // Up to five zero bits fill the last character.
        return count < 6 && bits == 0 ? units : nil
    }
}
