/// A header that a mail program copied into the text: "From: … Sent: … To: … Subject: …", in any of the languages.
enum QuotedHeader {
    /// The field that a line names.
    struct Field {
        let kind: QuoteWords.Label
        let value: ArraySlice<UInt8>
    }

    /// The lines of the header that begins on a line, if one does.
    static func at(_ line: Int, in text: TextLines) -> Range<Int>? {
        guard let first = label(text.trimmed(line)), first.kind != .other else { return nil }
        var evidence = Evidence()
        evidence.add(first)
        if Evidence.isOnOneLine(first) { return line..<(line + 1) }
        var end = line + 1
        var blanks = 0
        var next = line + 1
        while next < min(line + 40, text.count) {
            if text.isBlank(next) {
                blanks += 1
                // QUIRK: some programs put an empty line between the fields.
                if blanks > 1 { break }
            } else if let field = label(text.trimmed(next)) {
                // The header of the next quote, or of a list of them, is not this one's.
                guard evidence.add(field) else { break }
                end = next + 1
                blanks = 0
            } else {
                // A long list of recipients runs over many lines.
                let value = text.trimmed(next)
                let isRecipients = value.contains(UInt8(ascii: "@")) || value.contains(UInt8(ascii: ";"))
                guard blanks == 0, next - end < (isRecipients ? 25 : 2) else { break }
                if isRecipients { evidence.hasAddress = true }
            }
            next += 1
        }
        let followsRule = line > 0 && QuoteMarker.isRule(text.trimmed(line - 1))
        return evidence.isHeader(isMarked: followsRule) ? line..<end : nil
    }

    /// What was seen of a header.
    private struct Evidence {
        var kinds: [QuoteWords.Label] = []
        var hasAddress = false
        var hasDate = false

        /// Takes a field; refuses one that was there already.
        @discardableResult
        mutating func add(_ field: Field) -> Bool {
            if field.kind == .other { return true }
            guard !kinds.contains(field.kind) else { return false }
            kinds.append(field.kind)
            switch field.kind {
            case .from, .to: hasAddress = hasAddress || field.value.contains(UInt8(ascii: "@"))
            case .date: hasDate = field.value.contains(where: ASCII.isDigit)
            default: break
            }
            return true
        }

        /// Where somebody and a date are named, and either an address or a subject: "From: Delhi To: Mumbai" is a journey,
        /// "Date: … Time: … Address: …" an appointment.
        func isHeader(isMarked: Bool) -> Bool {
            let has = { kinds.contains($0) }
            if has(.from), has(.date), hasDate { return hasAddress || has(.subject) }
            if has(.date), has(.to), hasDate { return hasAddress }
            if has(.from), has(.to), has(.subject) { return hasAddress || isMarked }
            if has(.from), has(.subject) || has(.to) { return hasAddress && isMarked }
            return false
        }

        /// QUIRK: a header whose line ends were lost: "From: a@b.example Sent: … To: … Subject: …".
        static func isOnOneLine(_ first: Field) -> Bool {
            guard first.kind == .from || first.kind == .date, first.value.count > 20 else { return false }
            var evidence = Evidence()
            evidence.add(first)
            let value = first.value.prefix(600).folded()
            var start = 0
            for (index, byte) in value.enumerated() where byte == UInt8(ascii: ":") {
                // The last word, or the last two.
                let words = value[start..<index].split(separator: ASCII.space, omittingEmptySubsequences: true)
                for size in [1, 2] {
                    let name = Array(words.suffix(size).joined(separator: [ASCII.space]))
                    guard let kind = QuoteWords.labels[name], kind != .other else { continue }
                    evidence.add(Field(kind: kind, value: value[(index + 1)...].prefix(80)))
                    break
                }
                start = index + 1
            }
            return evidence.kinds.contains(.from) && evidence.kinds.contains(.date) && evidence.hasDate
                && value.contains(UInt8(ascii: "@"))
        }
    }

    /// The field that a line of a copied header names, and its value.
    static func label(_ trimmed: ArraySlice<UInt8>) -> Field? {
        guard let first = trimmed.first, mayBegin(first) else { return nil }
        var colon = trimmed.startIndex
        let end = min(trimmed.endIndex, trimmed.startIndex + 48)
        while colon < end, trimmed[colon] != UInt8(ascii: ":") {
            if trimmed[colon] == 0xEF, trimmed[colon...].starts(with: QuoteMarker.wideColon) { break }
            colon += 1
        }
        guard colon < end, let kind = QuoteWords.labels[trimmed[..<colon].bare()] else { return nil }
        let value = trimmed[(colon + (trimmed[colon] == UInt8(ascii: ":") ? 1 : 3))...]
        return Field(
            kind: kind,
            value: ASCII.trimmed(value.drop { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "|") || ASCII.isBlank($0) })
        )
    }

    /// One bit for each byte with which a name may begin.
    private static let beginnings: [Bool] = {
        var result = [Bool](repeating: false, count: 256)
        for name in QuoteWords.labels.keys {
            guard let first = name.first else { continue }
            result[Int(first)] = true
            if ASCII.isLetter(first) { result[Int(first & 0xDF)] = true }
        }
        // Capital Cyrillic letters, and the marks of bold text.
        for byte in [0xD0, 0xC3, 0xC4, 0xC5, 0xC2, 0xE2] + "*_|".utf8.map(Int.init) { result[byte] = true }
        return result
    }()

    @inline(__always)
    private static func mayBegin(_ byte: UInt8) -> Bool { beginnings[Int(byte)] }
}
