import Foundation

/// A message on its way into `DATA`.
enum SMTPMessage {
    /// Every line ends with CRLF, and a dot at the start of a line is doubled (RFC 5321 section 4.5.2). A lone CR or LF also
    /// ends a line here: passed through, one server takes `LF . LF` for the end of the message and the next does not. The
    /// final dot is not included.
    static func wire(_ message: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(message.count + message.count / 32 + 2)
        message.withUnsafeBytes { source in
            var start = 0
            var lineFeed = -1
            while start < source.count {
                // Looked for once: else a message of nothing but CR would be searched to its end for every line.
                if lineFeed < start {
                    lineFeed = source.firstOffset(of: 0x0A, in: start..<source.count) ?? source.count
                }
                let end = source.firstOffset(of: 0x0D, in: start..<lineFeed) ?? lineFeed
                if source[start] == UInt8(ascii: ".") { result.append(UInt8(ascii: ".")) }
                result.append(contentsOf: source[start..<end])
                result.append(0x0D)
                result.append(0x0A)
                let isPair = end < source.count && source[end] == 0x0D && end + 1 == lineFeed
                start = end + (isPair && lineFeed < source.count ? 2 : 1)
            }
        }
        return result
    }

    static func isEightBit(_ message: [UInt8]) -> Bool {
        message.withUnsafeBytes { source in
            for byte in source where byte >= 0x80 { return true }
            return false
        }
    }

    /// Whether the header is in raw UTF-8 (RFC 6532), which needs SMTPUTF8 as much as such an address does.
    static func hasEightBitHeader(_ wire: [UInt8]) -> Bool {
        var isLineEmpty = true
        for byte in wire {
            if byte == 0x0A {
                if isLineEmpty { return false }
                isLineEmpty = true
            } else if byte >= 0x80 {
                return true
            } else if byte != 0x0D {
                isLineEmpty = false
            }
        }
        return false
    }
}

extension UnsafeRawBufferPointer {
    /// Where a byte first occurs.
    func firstOffset(of byte: UInt8, in range: Range<Int>) -> Int? {
        guard let base = baseAddress, !range.isEmpty, range.upperBound <= count,
            let found = memchr(base + range.lowerBound, Int32(byte), range.count)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
