/// A message on its way into `DATA`.
enum SMTPMessage {
    /// Every line ends with CRLF, and a dot at the start of a line is doubled (RFC 5321 section 4.5.2). A lone CR or LF also ends a
    /// line here: passed through, one server takes `LF . LF` for the end of the message and the next does not. The final dot is not
    /// included.
    static func wire(_ message: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(message.count + message.count / 32 + 2)
        var isAtLineStart = true
        var index = 0
        while index < message.count {
            if isAtLineStart, message[index] == UInt8(ascii: ".") { result.append(UInt8(ascii: ".")) }
            let end = message[index...].firstIndex { $0 == 0x0D || $0 == 0x0A } ?? message.count
            result.append(contentsOf: message[index..<end])
            isAtLineStart = end < message.count
            index = end
            guard isAtLineStart else { break }
            result.append(contentsOf: [0x0D, 0x0A])
            index += 1
            if message[end] == 0x0D, index < message.count, message[index] == 0x0A { index += 1 }
        }
        if !isAtLineStart { result.append(contentsOf: [0x0D, 0x0A]) }
        return result
    }

    static func isEightBit(_ message: some Sequence<UInt8>) -> Bool { message.contains { $0 >= 0x80 } }

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
