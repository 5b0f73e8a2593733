import Foundation

/// Looks for many keys at once in bytes, however they are encoded there.
///
/// Only letters, digits and bytes beyond ASCII count, and the case does not: so line breaks, separators inside of numbers,
/// and the zeros of UTF-16 hide nothing.
struct ByteSearch {
    private static let anchor = 6
    private static let mask: UInt64 = 0xFFFF_FFFF_FFFF

    private let keys: [[UInt8]]
    /// Keys by their first six bytes.
    private var byAnchor: [UInt64: [Int]] = [:]
    /// One bit for each hash of an anchor.
    private var filter = [Bool](repeating: false, count: 1 << 18)

    init(_ keys: [[UInt8]]) {
        self.keys = keys
        for (index, key) in keys.enumerated() {
            precondition(key.count >= Self.anchor, "too short to be told from chance")
            let value = key.prefix(Self.anchor).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            byAnchor[value, default: []].append(index)
            filter[Self.slot(value)] = true
        }
    }

    private static func slot(_ anchor: UInt64) -> Int { Int((anchor &* 0x9E37_79B9_7F4A_7C15) >> 46) }

    /// The letters and digits of a text, in lower case.
    static func key(_ text: String) -> [UInt8] { stripped(Array(text.utf8)) }

    /// The places of the keys that are found.
    func find(in bytes: [UInt8]) -> Set<Int> {
        var found: Set<Int> = []
        look(bytes, &found)
        for decoded in [Self.escapes(bytes), Self.hexEscapes(bytes, "%"), Self.hexEscapes(bytes, "=")] {
            if let decoded { look(decoded, &found) }
        }
        for decoded in Self.base64(bytes) {
            look(decoded, &found)
            if let inner = Self.hexEscapes(decoded, "=") { look(inner, &found) }
        }
        return found
    }

    private func look(_ bytes: [UInt8], _ found: inout Set<Int>) {
        let text = Self.stripped(bytes)
        guard text.count >= Self.anchor else { return }
        text.withUnsafeBufferPointer { text in
            filter.withUnsafeBufferPointer { filter in
                var value: UInt64 = 0
                var index = 0
                while index < text.count {
                    value = (value &<< 8 | UInt64(text[index])) & Self.mask
                    index &+= 1
                    guard index >= Self.anchor, filter[Int((value &* 0x9E37_79B9_7F4A_7C15) &>> 46)] else { continue }
                    for candidate in byAnchor[value] ?? [] {
                        let key = keys[candidate]
                        let start = index - Self.anchor
                        if start + key.count <= text.count, text[start..<(start + key.count)].elementsEqual(key) {
                            found.insert(candidate)
                        }
                    }
                }
            }
        }
    }

    private static func stripped(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, count in
            bytes.withUnsafeBufferPointer { bytes in
                var index = 0
                while index < bytes.count {
                    let byte = bytes[index]
                    index &+= 1
                    if byte &- 0x30 < 10 || byte &- 0x61 < 26 || byte >= 0x80 {
                        buffer[count] = byte
                        count &+= 1
                    } else if byte &- 0x41 < 26 {
                        buffer[count] = byte | 0x20
                        count &+= 1
                    }
                }
            }
        }
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// Percent-encoding (RFC 3986 §2.1) or quoted-printable with its soft line ends (RFC 2045 §6.7); nil where there is none.
    private static func hexEscapes(_ bytes: [UInt8], _ mark: Unicode.Scalar) -> [UInt8]? {
        let mark = UInt8(ascii: mark)
        guard bytes.contains(mark) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == mark, index + 2 < bytes.count, let high = hex(bytes[index + 1]),
                let low = hex(bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    /// JSON's escapes (RFC 8259 §7); nil where there is none.
    private static func escapes(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.contains(UInt8(ascii: "\\")) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
                result.append(bytes[index])
                index += 1
                continue
            }
            if bytes[index + 1] == UInt8(ascii: "u"), index + 5 < bytes.count {
                let units = bytes[(index + 2)...(index + 5)].reduce(UInt32(0)) { $0 << 4 | UInt32(hex($1) ?? 0) }
                result += Array(String(Unicode.Scalar(units) ?? " ").utf8)
                index += 6
            } else {
                result.append(UInt8(ascii: " "))
                index += 2
            }
        }
        return result
    }

    /// What runs of the base64 alphabet (RFC 4648 §4 and §5), over line ends, stand for.
    private static func base64(_ bytes: [UInt8]) -> [[UInt8]] {
        var results: [[UInt8]] = []
        var run: [UInt8] = []
        func end() {
            defer { run.removeAll(keepingCapacity: true) }
            guard run.count >= 12 else { return }
            // A run may have begun with letters before it: each of the four ways to group it is read.
            for shift in 0..<4 {
                var decoded: [UInt8] = []
                decoded.reserveCapacity(run.count * 3 / 4)
                var bits: UInt32 = 0
                var place = 0
                for sextet in run[shift...] {
                    bits = bits << 6 | UInt32(sextet)
                    place += 1
                    if place == 4 {
                        decoded.append(UInt8(truncatingIfNeeded: bits >> 16))
                        decoded.append(UInt8(truncatingIfNeeded: bits >> 8))
                        decoded.append(UInt8(truncatingIfNeeded: bits))
                        (bits, place) = (0, 0)
                    }
                }
                if place == 3 {
                    decoded += [UInt8(truncatingIfNeeded: bits >> 10), UInt8(truncatingIfNeeded: bits >> 2)]
                }
                if place == 2 { decoded.append(UInt8(truncatingIfNeeded: bits >> 4)) }
                results.append(decoded)
            }
        }
        for byte in bytes {
            switch byte {
            case 0x41...0x5A: run.append(byte - 0x41)
            case 0x61...0x7A: run.append(byte - 0x47)
            case 0x30...0x39: run.append(byte + 4)
            case UInt8(ascii: "+"), UInt8(ascii: "-"): run.append(62)
            case UInt8(ascii: "/"), UInt8(ascii: "_"): run.append(63)
            case 0x0A, 0x0D: continue
            default: end()
            }
        }
        end()
        return results
    }
}
