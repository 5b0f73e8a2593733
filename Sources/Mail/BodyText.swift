/// The pieces of a body as one text.
struct BodyText {
    /// The text in UTF-8, lines ended by LF.
    private(set) var utf8: [UInt8] = []
    /// Whether any piece was HTML.
    private(set) var isFromHTML = false
    private(set) var problems: [String] = []

    init(pieces: [BodyReader.Piece], limits: Message.Limits) {
        for piece in pieces {
            var part = piece.utf8
            if piece.isHTML {
                let html = HTMLText.text(fromHTML: part, limit: limits.textBytes)
                part = Array(html.text.utf8)
                isFromHTML = true
                problems += html.problems.filter { !problems.contains($0) }
            } else {
                part = BodyText.normalized(part)
            }
            if !utf8.isEmpty, !part.isEmpty {
                while utf8.last == ASCII.lf { utf8.removeLast() }
                utf8 += [ASCII.lf, ASCII.lf]
            }
            utf8 += part
        }
    }

    /// Line ends as LF, no other control characters than tab, no byte order mark, no empty lines at both ends.
    private static func normalized(_ bytes: [UInt8]) -> [UInt8] {
        var result = [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, count in
            var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            while index < bytes.count {
                let byte = bytes[index]
                index += 1
                if byte >= 32 {
                    if byte == 127 { continue }
                    buffer[count] = byte
                } else if byte == ASCII.lf || byte == ASCII.tab {
                    buffer[count] = byte
                } else if byte == ASCII.cr {
                    // QUIRK: RFC 5322 §2.3 forbids a bare CR; old Macintosh programs wrote it as the line end.
                    if index < bytes.count, bytes[index] == ASCII.lf { continue }
                    buffer[count] = ASCII.lf
                } else {
                    continue
                }
                count += 1
            }
        }
        var end = result.count
        while end > 0, ASCII.isWhitespace(result[end - 1]) { end -= 1 }
        result.removeLast(result.count - end)
        let start = result.prefix { $0 == ASCII.lf }.count
        if start > 0 { result.removeFirst(start) }
        return result
    }
}
