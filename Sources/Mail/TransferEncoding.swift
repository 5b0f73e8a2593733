/// The encodings that carry any bytes as short ASCII lines (RFC 2045 §6).
enum TransferEncoding: String {
    case sevenBit = "7bit"
    case quotedPrintable = "quoted-printable"
    case base64 = "base64"

    /// The encoding that suits a text with CRLF line ends: as it is when every program can read it so,
    /// quoted-printable when most of it is ASCII, else base64.
    static func best(for text: [UInt8]) -> TransferEncoding {
        var foreign = 0
        var column = 0
        var isPlain = true
        var previous: UInt8 = 0
        for (index, byte) in text.enumerated() {
            if byte >= 0x80 { foreign += 1 }
            // RFC 2045 §2.7 has no NUL, RFC 5321 §4.1.1.4 wants no other control character; servers refuse or drop them.
            if byte < 32 && byte != ASCII.tab && byte != ASCII.cr && byte != ASCII.lf || byte == 127 { isPlain = false }
            if byte == ASCII.lf {
                column = 0
            } else {
                column += 1
                if column > 78 { isPlain = false }
                // Blanks at line ends are stripped on the way; "From " gets a ">" in front.
                if byte == ASCII.cr, ASCII.isBlank(previous) { isPlain = false }
                if column == 1, byte == UInt8(ascii: "F"), text[index...].starts(with: "From ".utf8) { isPlain = false }
            }
            previous = byte
        }
        if foreign == 0, isPlain, !ASCII.isBlank(previous) { return .sevenBit }
        return foreign * 3 > text.count ? .base64 : .quotedPrintable
    }

    /// The encoded bytes, ended by CRLF.
    func encode(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .sevenBit: bytes
        case .quotedPrintable: TransferEncoding.quotedPrintable(bytes)
        case .base64: TransferEncoding.lines(TransferEncoding.base64(bytes))
        }
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let hexadecimal = Array("0123456789ABCDEF".utf8)

    /// RFC 4648 §4, without line ends.
    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let left = bytes.count - index
            let group =
                UInt32(bytes[index]) << 16 | (left > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
                | (left > 2 ? UInt32(bytes[index + 2]) : 0)
            result.append(alphabet[Int(group >> 18 & 63)])
            result.append(alphabet[Int(group >> 12 & 63)])
            result.append(left > 1 ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "="))
            result.append(left > 2 ? alphabet[Int(group & 63)] : UInt8(ascii: "="))
            index += 3
        }
        return result
    }

    /// Lines of 76 characters.
    private static func lines(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + text.count / 38 + 2)
        var index = 0
        while index < text.count {
            let end = min(index + 76, text.count)
            result += text[index..<end]
            result += "\r\n".utf8
            index = end
        }
        return result
    }

    /// The `Q` encoding of RFC 2047 §4.2: only letters and digits stand for themselves, which is right in phrases too.
    static func q(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for byte in bytes {
            if byte == ASCII.space {
                result.append(UInt8(ascii: "_"))
            } else if ASCII.isLetter(byte) || ASCII.isDigit(byte) || "!*+-/".utf8.contains(byte) {
                result.append(byte)
            } else {
                escape(byte, to: &result)
            }
        }
        return result
    }

    /// RFC 2045 §6.7, for text with CRLF line ends.
    private static func quotedPrintable(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 4)
        var column = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == ASCII.cr, index + 1 < bytes.count, bytes[index + 1] == ASCII.lf {
                result += "\r\n".utf8
                column = 0
                index += 2
                continue
            }
            let isLast =
                index + 1 == bytes.count
                || (bytes[index + 1] == ASCII.cr && index + 2 < bytes.count && bytes[index + 2] == ASCII.lf)
            // A dot or "From " at the start of a line would tempt some server on the way.
            let isRisky =
                column == 0
                && (byte == UInt8(ascii: ".")
                    || (byte == UInt8(ascii: "F") && bytes[index...].starts(with: "From ".utf8)))
            let isPlain =
                (byte > 32 && byte < 127 && byte != UInt8(ascii: "=") && !isRisky) || (ASCII.isBlank(byte) && !isLast)
            let width = isPlain ? 1 : 3
            if column + width > (isLast ? 76 : 75) {
                result += "=\r\n".utf8
                column = 0
                continue
            }
            if isPlain { result.append(byte) } else { escape(byte, to: &result) }
            column += width
            index += 1
        }
        return result
    }

    private static func escape(_ byte: UInt8, to result: inout [UInt8]) {
        result.append(UInt8(ascii: "="))
        result.append(hexadecimal[Int(byte >> 4)])
        result.append(hexadecimal[Int(byte & 15)])
    }
}
