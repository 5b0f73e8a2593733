/// Reads a mail that was pasted into another one.
enum ForwardedText {
    /// Reads the copied header and the text behind it, from a line on.
    static func read(_ lines: TextLines, from start: Int) -> Forwarded? {
        var line = start
        while line < lines.count, lines.isBlank(line) { line += 1 }
        var from: Mailbox?
        var subject = ""
        var last: QuoteWords.Label?
        var sawField = false
        while line < lines.count, line - start < 20 {
            let text = unquoted(lines.trimmed(line))
            if text.isEmpty {
                // QUIRK: Apple Mail puts empty lines between the fields of a copied header.
                let next = line + 1
                guard sawField, next < lines.count, QuoteMarker.label(unquoted(lines.trimmed(next))) != nil else {
                    break
                }
            } else if let label = QuoteMarker.label(text), let colon = colon(text) {
                sawField = true
                last = label
                let value = ASCII.trimmed(text[colon...].drop { $0 == UInt8(ascii: "*") })
                if label == .from, from == nil { from = mailbox(value) }
                if label == .subject, subject.isEmpty { subject = String(decoding: value, as: UTF8.self) }
            } else if sawField {
                if last == .subject, !subject.isEmpty { subject += " " + String(decoding: text, as: UTF8.self) }
            } else {
                break
            }
            line += 1
        }
        let body = (line..<max(line, lines.count)).map {
            String(decoding: unquotedOnce(lines.utf8[lines.ranges[$0]]), as: UTF8.self)
        }
        let text = ASCII.trimmed(body.joined(separator: "\n"))
        guard sawField || !text.isEmpty else { return nil }
        return Forwarded(from: from, subject: subject, text: text)
    }

    /// Reads a text that is a copied header and nothing new above it: how Outlook forwards.
    static func readWholeText(_ lines: TextLines) -> Forwarded? {
        guard
            let first = (0..<lines.count).first(where: { !lines.isBlank($0) && !QuoteMarker.isRule(lines.trimmed($0)) }
            ),
            let marker = QuoteMarker.header(first, in: lines), marker.kind == .original
        else { return nil }
        return read(lines, from: first)
    }

    /// A quote mark of the whole forwarded mail.
    private static func unquoted(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        line.first == UInt8(ascii: ">") ? ASCII.trimmed(line.dropFirst()) : line
    }

    private static func unquotedOnce(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard line.first == UInt8(ascii: ">") else { return line }
        let rest = line.dropFirst()
        return rest.first == ASCII.space ? rest.dropFirst() : rest
    }

    private static func colon(_ text: ArraySlice<UInt8>) -> Int? {
        if let colon = text.firstIndex(of: UInt8(ascii: ":")) { return colon + 1 }
        return text.firstIndex(of: 0xEF).map { min($0 + 3, text.endIndex) }
    }

    /// "Name <a@b.example>", also as "Name [mailto:a@b.example]" or "a@b.example <mailto:a@b.example>".
    static func mailbox(_ value: ArraySlice<UInt8>) -> Mailbox? {
        var bytes = value.prefix(500).map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "["): UInt8(ascii: "<")
            case UInt8(ascii: "]"): UInt8(ascii: ">")
            case UInt8(ascii: "*"): ASCII.space
            default: byte
            }
        }
        while let mailto = bytes.firstRange(of: Array("mailto:".utf8)) { bytes.removeSubrange(mailto) }
        let text = bytes[...]
        if let open = text.firstIndex(of: UInt8(ascii: "<")),
            let close = text[open...].firstIndex(of: UInt8(ascii: ">"))
        {
            let address = ASCII.trimmed(text[(open + 1)..<close])
            var name = ASCII.trimmed(text[..<open])
            while let last = name.last, last == UInt8(ascii: "\"") || last == UInt8(ascii: "'") { name.removeLast() }
            while let first = name.first, first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
                name.removeFirst()
            }
            guard address.contains(UInt8(ascii: "@")), !address.contains(ASCII.space) else { return nil }
            return Mailbox(
                name: String(decoding: name, as: UTF8.self), address: String(decoding: address, as: UTF8.self))
        }
        let word = ASCII.trimmed(text)
        if word.contains(UInt8(ascii: "@")), !word.contains(ASCII.space) {
            return Mailbox(address: String(decoding: word, as: UTF8.self))
        }
        return word.isEmpty ? nil : Mailbox(name: String(decoding: word, as: UTF8.self), address: "")
    }
}
