/// Reads a mail that was pasted into another one.
enum ForwardedText {
    /// Reads the copied header and the text behind it, from a line on.
    static func read(_ lines: TextLines, from start: Int) -> Forwarded? {
        var line = start
        while line < lines.count, unquoted(lines, line).isEmpty || QuoteMarker.isRule(unquoted(lines, line)) {
            line += 1
        }
        // "-----Original Message-----" may stand above the header of what is passed on.
        if line + 1 < lines.count, QuotedHeader.label(unquoted(lines, line)) == nil,
            unquoted(lines, line).starts(with: "--".utf8)
        {
            line += 1
        }
        var from: [UInt8] = []
        var subject: [UInt8] = []
        var date: [UInt8] = []
        var seen: Set<QuoteWords.Label> = []
        var last: QuoteWords.Label?
        var fields = 0
        while line < lines.count, line - start < 60 {
            let text = unquoted(lines, line)
            if text.isEmpty {
                // QUIRK: Apple Mail puts empty lines between the fields of a copied header.
                guard let next = lines.next(after: line), let field = QuotedHeader.label(unquoted(lines, next)),
                    field.kind == .other || !seen.contains(field.kind), seen.count < 4
                else { break }
            } else if let field = QuotedHeader.label(text) {
                // A field that was there belongs to the header of the next mail.
                if field.kind != .other, !seen.insert(field.kind).inserted { break }
                fields += 1
                last = field.kind
                switch field.kind {
                case .from: from = Array(field.value)
                case .subject: subject = Array(field.value)
                case .date: date = Array(field.value)
                default: break
                }
            } else if let last {
                // The rest of a long field.
                switch last {
                case .subject: subject += (subject.isEmpty ? [] : [ASCII.space]) + text
                case .from: from += [ASCII.space] + text
                case .date where date.isEmpty: date = Array(text)
                default: break
                }
            } else {
                break
            }
            line += 1
        }
        var body: [UInt8] = []
        for line in line..<max(line, lines.count) {
            body += withoutMark(lines, line)
            body.append(ASCII.lf)
        }
        let text = ASCII.trimmedLines(body)
        guard fields > 0 || !text.isEmpty else { return nil }
        return Forwarded(
            from: mailbox(from[...]),
            subject: HeaderText.oneLine(String(decoding: unmarked(subject[...]), as: UTF8.self)),
            date: String(decoding: unmarked(date[...]), as: UTF8.self), text: String(decoding: text, as: UTF8.self))
    }

    /// The line after "Begin forwarded message:" where a quote begins with that.
    static func quotedStart(_ run: Range<Int>, in lines: TextLines) -> Int? {
        guard let first = run.first(where: { !unquoted(lines, $0).isEmpty }) else { return nil }
        let text = unquoted(lines, first)
        guard text.count < 120 else { return nil }
        var bare = text.bare()
        while let last = bare.last, last == UInt8(ascii: ":") || last == ASCII.space { bare.removeLast() }
        return QuoteWords.forwards.contains(bare) ? first + 1 : nil
    }

    /// Reads a text that is a copied header and nothing new above it: how Outlook forwards.
    static func readWholeText(_ lines: TextLines) -> Forwarded? {
        guard
            let first = (0..<lines.count).first(where: { !lines.isBlank($0) && !QuoteMarker.isRule(lines.trimmed($0)) }
            ),
            QuotedHeader.at(first, in: lines) != nil
        else { return nil }
        return read(lines, from: first)
    }

    /// The line without blanks and without the quote mark of the whole forwarded mail.
    private static func unquoted(_ lines: TextLines, _ line: Int) -> ArraySlice<UInt8> {
        let text = lines.trimmed(line)
        return text.first == UInt8(ascii: ">") ? ASCII.trimmed(text.dropFirst()) : text
    }

    private static func withoutMark(_ lines: TextLines, _ line: Int) -> ArraySlice<UInt8> {
        let text = lines.utf8[lines.range(line)]
        guard text.first == UInt8(ascii: ">") else { return text }
        let rest = text.dropFirst()
        return rest.first == ASCII.space ? rest.dropFirst() : rest
    }

    /// A value without the stars of bold text.
    private static func unmarked(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var value = ASCII.trimmed(value)
        while value.last == UInt8(ascii: "*") { value = ASCII.trimmed(value.dropLast()) }
        return value
    }

    /// "Name <a@b.example>", also as "Name [mailto:a@b.example]", "Name (a@b.example)" or
    /// "a@b.example <mailto:a@b.example>".
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
        let text = ASCII.trimmed(bytes[...])
        func name(_ slice: ArraySlice<UInt8>) -> String {
            let isMark: (UInt8) -> Bool = { "\"'|".utf8.contains($0) || ASCII.isWhitespace($0) }
            var slice = slice.drop(while: isMark)
            while let last = slice.last, isMark(last) { slice.removeLast() }
            return String(decoding: slice, as: UTF8.self)
        }
        for (open, close) in [("<", ">"), ("(", ")")] as [(Unicode.Scalar, Unicode.Scalar)] {
            guard let start = text.firstIndex(of: UInt8(ascii: open)),
                let end = text[start...].firstIndex(of: UInt8(ascii: close))
            else { continue }
            let address = ASCII.trimmed(text[(start + 1)..<end])
            guard address.contains(UInt8(ascii: "@")), !address.contains(ASCII.space) else { continue }
            let display = name(text[..<start])
            let own = String(decoding: address, as: UTF8.self)
            return Mailbox(name: display == own ? "" : display, address: own)
        }
        let word = text.drop { $0 == UInt8(ascii: "<") }
        if word.contains(UInt8(ascii: "@")), !word.contains(ASCII.space) {
            return Mailbox(address: String(decoding: word, as: UTF8.self))
        }
        return word.isEmpty ? nil : Mailbox(name: name(word), address: "")
    }
}
