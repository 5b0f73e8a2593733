/// Finds the line with which a mail program begins a quote.
struct QuoteMarker {
    /// What such a line announces.
    enum Kind: Equatable {
        /// "On … wrote:", after which the quote stands behind `>` or runs to the end.
        case attribution
        /// A copied header or "Original Message": everything below is quoted.
        case original
        /// A mail that was passed on.
        case forward
    }

    let kind: Kind
    /// The lines of the announcement.
    let lines: Range<Int>
    /// Bytes of the first line that are still the author's.
    var keptBytes = 0

    /// The announcement that begins on a line, if one does.
    static func at(_ line: Int, in text: TextLines) -> QuoteMarker? {
        let trimmed = text.trimmed(line)
        guard let first = trimmed.first, trimmed.count >= 2 else { return nil }
        if trimmed.count < 120,
            first == UInt8(ascii: "-") || ASCII.lower(first) != first || first >= 0x80 || first == UInt8(ascii: "*")
        {
            if let marker = dashed(line, trimmed, in: text) { return marker }
        }
        if let marker = header(line, in: text) { return marker }
        return attribution(line, in: text)
    }

    /// "-----Original Message-----", "---------- Forwarded message ---------", "Begin forwarded message:".
    private static func dashed(_ line: Int, _ trimmed: ArraySlice<UInt8>, in text: TextLines) -> QuoteMarker? {
        var bare = trimmed.bare()
        let hasDashes = trimmed.starts(with: "--".utf8)
        let hasColon = bare.last == UInt8(ascii: ":")
        if hasColon { bare.removeLast() }
        while bare.last == ASCII.space { bare.removeLast() }
        if hasDashes || hasColon {
            if QuoteWords.forwards.contains(bare) { return QuoteMarker(kind: .forward, lines: line..<(line + 1)) }
            // "Forwarded by …", "Forwarded message from …", with dashes.
            if hasDashes, bare.starts(with: "forwarded ".utf8) {
                return QuoteMarker(kind: .forward, lines: line..<(line + 1))
            }
        }
        guard hasDashes else { return nil }
        if QuoteWords.originals.contains(bare) { return QuoteMarker(kind: .original, lines: line..<(line + 1)) }
        // QUIRK: mail programs of telephones write "---- Name wrote ----".
        if trimmed.last == UInt8(ascii: "-"), QuoteWords.attributionVerbs.contains(where: { ends(bare, with: $0) }) {
            return QuoteMarker(kind: .attribution, lines: line..<(line + 1))
        }
        return nil
    }

    /// A copied header: at least two fields, the first of which is the author or the date.
    static func header(_ line: Int, in text: TextLines) -> QuoteMarker? {
        guard let first = label(text.trimmed(line)), first == .from || first == .date else { return nil }
        var found: Set<Int> = [first == .from ? 0 : 1]
        var end = line + 1
        var blanks = 0
        var next = line + 1
        while next < min(line + 14, text.count) {
            if text.isBlank(next) {
                blanks += 1
                // QUIRK: some programs put an empty line between the fields.
                if blanks > 1 { break }
                next += 1
                continue
            }
            if let label = label(text.trimmed(next)) {
                switch label {
                case .from: found.insert(0)
                case .date: found.insert(1)
                case .to: found.insert(2)
                case .subject: found.insert(3)
                case .other: break
                }
                end = next + 1
                blanks = 0
            } else if blanks > 0 || next - end > 2 {
                break
            }
            next += 1
        }
        // From and date make a header; date and recipient do; a date and a place of an invitation do not.
        guard found.count >= 2, found.contains(0) || (found.contains(1) && found.contains(2)) else { return nil }
        var start = line
        // The rule above it belongs to it.
        var above = line - 1
        while above >= 0, line - above <= 2, text.isBlank(above) { above -= 1 }
        if above >= 0, isRule(text.trimmed(above)) { start = above }
        return QuoteMarker(kind: .original, lines: start..<end)
    }

    /// The field that a line of a copied header names.
    static func label(_ trimmed: ArraySlice<UInt8>) -> QuoteWords.Label? {
        guard let colon = trimmed.prefix(40).firstIndex(where: { $0 == UInt8(ascii: ":") || $0 == 0xEF }) else {
            return nil
        }
        let marks = trimmed[..<colon]
        let bare = marks.bare()
        guard !bare.isEmpty else { return nil }
        return QuoteWords.labels.first { $0.name == bare }?.label
    }

    /// A line of dashes or underscores.
    static func isRule(_ trimmed: ArraySlice<UInt8>) -> Bool {
        trimmed.count >= 5
            && (trimmed.allSatisfy { $0 == UInt8(ascii: "_") } || trimmed.allSatisfy { $0 == UInt8(ascii: "-") })
    }

    /// "On … wrote:" on up to four lines.
    private static func attribution(_ line: Int, in text: TextLines) -> QuoteMarker? {
        let first = text.trimmed(line)
        let bare = first.bare()
        let startsLikeOne = QuoteWords.attributionStarts.contains { bare.starts(with: $0) }
        let startsWithDate = startsWithDate(bare)
        let verbHere = QuoteWords.verbs.isFound(in: bare)
        guard startsLikeOne || startsWithDate || verbHere else { return nil }
        if !startsLikeOne, !startsWithDate {
            if let shared = shared(line, in: text) { return shared }
            // "Name <a@b.example> wrote:" could be a sentence; only a quote below it makes it an announcement.
            guard isAttribution(first.map(ASCII.lower), startsLikeOne: false, startsWithDate: false) else { return nil }
            guard let next = ((line + 1)..<min(line + 4, text.count)).first(where: { !text.isBlank($0) }),
                text.isQuoted(next)
            else { return nil }
            return QuoteMarker(kind: .attribution, lines: line..<(line + 1))
        }
        var last = line
        var blanks = 0
        while last < min(line + 6, text.count) {
            if text.isBlank(last) {
                blanks += 1
                if blanks > 1 { break }
                last += 1
                continue
            }
            let joined = text.joined(line..<(last + 1))
            if joined.count > 600 { break }
            if isAttribution(joined, startsLikeOne: startsLikeOne, startsWithDate: startsWithDate) {
                return QuoteMarker(kind: .attribution, lines: line..<(last + 1))
            }
            if text.isQuoted(last), last > line { break }
            last += 1
        }
        return shared(line, in: text)
    }

    /// QUIRK: an answer and the announcement on one line, "fine On Wed, Apr 4, 2012 at 3:59 PM, a@b.example wrote:".
    private static func shared(_ line: Int, in text: TextLines) -> QuoteMarker? {
        let range = text.ranges[line]
        let lower = text.utf8[range].prefix(500).map(ASCII.lower)
        guard endsWithVerb(trimmedEnd(lower)) else { return nil }
        for start in lower.indices.dropFirst()
        where lower[start] == UInt8(ascii: "o") && lower[start...].starts(with: "on ".utf8) {
            let before = lower[start - 1]
            guard before == ASCII.space || before == UInt8(ascii: "-") else { continue }
            let rest = Array(lower[(start + 3)...])
            guard startsWithDate(rest), rest.contains(where: ASCII.isDigit) else { continue }
            var kept = start
            while kept > 0, "- \t".utf8.contains(lower[kept - 1]) { kept -= 1 }
            guard kept > 0 else { continue }
            return QuoteMarker(kind: .attribution, lines: line..<(line + 1), keptBytes: kept)
        }
        return nil
    }

    private static func isAttribution(_ joined: [UInt8], startsLikeOne: Bool, startsWithDate: Bool) -> Bool {
        let text = trimmedEnd(joined)
        let hasDigit = text.contains(where: ASCII.isDigit)
        let hasAddress = text.contains(UInt8(ascii: "@"))
        guard let last = text.last else { return false }
        let endsWithColon = last == UInt8(ascii: ":") || text.suffix(3).elementsEqual([0xEF, 0xBC, 0x9A])
        if endsWithVerb(text), hasDigit || hasAddress, startsLikeOne || startsWithDate || hasAddress { return true }
        if endsWithColon, startsLikeOne || startsWithDate || hasAddress, hasDigit || hasAddress,
            QuoteWords.verbs.isFound(in: text)
        {
            return true
        }
        // "2014-10-17 11:28 GMT+03:00 Name <a@b.example>:" without any verb.
        return startsWithDate && hasAddress && hasDigit && text.count < 200
            && (text.suffix(2).elementsEqual(">:".utf8)
                || (last == UInt8(ascii: ">") && text.prefix(4).allSatisfy(ASCII.isDigit)))
    }

    /// Whether a line ends with "wrote:", or "wrote" and dashes.
    private static func endsWithVerb(_ text: ArraySlice<UInt8>) -> Bool {
        var text = text
        var marks = 0
        while let last = text.last, ":-*_ ".utf8.contains(last) || last == 0x9A || last == 0xBC || last == 0xEF {
            text.removeLast()
            marks += 1
        }
        return marks > 0 && QuoteWords.attributionVerbs.contains { ends(text, with: $0) }
    }

    private static func endsWithVerb(_ text: [UInt8]) -> Bool { endsWithVerb(text[...]) }

    private static func trimmedEnd(_ text: [UInt8]) -> [UInt8] { Array(ASCII.trimmed(text[...])) }

    private static func ends(_ text: some BidirectionalCollection<UInt8>, with word: [UInt8]) -> Bool {
        text.suffix(word.count).elementsEqual(word)
    }

    /// Whether a text begins with a date: digits of a year or day, or the name of a day or month.
    private static func startsWithDate(_ text: [UInt8]) -> Bool {
        let digits = text.prefix { ASCII.isDigit($0) }.count
        if digits == 4 || digits == 2 || digits == 1 {
            guard text.count > digits else { return false }
            return "-./ ".utf8.contains(text[digits])
        }
        return QuoteWords.days.contains { day in
            guard text.starts(with: day), text.count > day.count else { return false }
            let next = text[day.count]
            return next == UInt8(ascii: ",") || next == UInt8(ascii: ".") || next == ASCII.space || ASCII.isLetter(next)
                || next >= 0x80
        } && text.prefix(40).contains(where: ASCII.isDigit)
    }
}
