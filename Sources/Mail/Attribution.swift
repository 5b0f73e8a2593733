/// The line before a quote that says who wrote it, and when: "On … wrote:", in any of the languages.
enum Attribution {
    /// The announcement that ends on a line. It begins there or up to five lines above, where a program wrapped it.
    static func at(_ line: Int, in text: TextLines, floor: Int) -> QuoteMarker? {
        let isQuoteNext = text.next(after: line, blanks: 2).map(text.isQuoted) ?? false
        let limit = max(floor, line - 5)
        var weak: Int?
        var weakBegins = false
        var start = line
        var blanks = 0
        while start >= limit, start == line || (!text.isQuoted(start) && text.trimmed(start).last != UInt8(ascii: ":"))
        {
            if text.isBlank(start) {
                blanks += 1
                // QUIRK: Polymail puts an empty line between the author's name and address.
                guard blanks == 1, isContinuation(text.trimmed(start + 1)) else { break }
            } else {
                let joined = text.joined(start...line)
                guard joined.count <= 700 else { break }
                let announcement = Announcement(joined, isQuoteNext: isQuoteNext)
                guard announcement.mayBeOne else { break }
                if announcement.isCertain {
                    // The name first, on a line of its own.
                    if !announcement.begins, !announcement.hasAddress, start > limit,
                        text.trimmed(start - 1).contains(UInt8(ascii: "@")), !text.isQuoted(start - 1)
                    {
                        start -= 1
                        continue
                    }
                    if !announcement.begins, let shared = shared(line, in: text) { return shared }
                    let first = beginning(above: start, to: line, limit: limit, in: text)
                    return QuoteMarker(kind: .attribution, lines: first..<(line + 1))
                }
                if announcement.isLikely, weak == nil || (announcement.begins && !weakBegins) {
                    weak = start
                    weakBegins = announcement.begins
                }
                if start == line, isAlone(start, in: text), announcement.isNameAndVerb {
                    return QuoteMarker(kind: .attribution, lines: line..<(line + 1))
                }
            }
            start -= 1
        }
        if let shared = shared(line, in: text) { return shared }
        if isQuoteNext, let weak { return QuoteMarker(kind: .attribution, lines: weak..<(line + 1)) }
        return nil
    }

    /// Whether a line can only be the rest of an announcement.
    private static func isContinuation(_ text: ArraySlice<UInt8>) -> Bool {
        text.first == UInt8(ascii: "<") || endsWithVerb(text.prefix(40).folded()[...]) && text.count <= 40
    }

    private static func isAlone(_ line: Int, in text: TextLines) -> Bool {
        (line == 0 || text.isBlank(line - 1)) && (line + 1 == text.count || text.isBlank(line + 1))
    }

    /// The line on which the announcement begins when its first word and day were wrapped off: "On Thu,".
    private static func beginning(above start: Int, to line: Int, limit: Int, in text: TextLines) -> Int {
        let above = start - 1
        guard above >= limit, !text.isBlank(above), !text.isQuoted(above), text.length(above) <= 48 else {
            return start
        }
        let folded = text.trimmed(above).folded()
        let isFirstWord = Announcement.startsLikeOne(folded + [ASCII.space])
        let hasDate = folded.contains(where: ASCII.isDigit) || folded.count <= 12
        guard isFirstWord, hasDate, let last = folded.last, !".!?:".utf8.contains(last),
            !Announcement.startsLikeOne(text.trimmed(start).prefix(40).folded())
        else { return start }
        return above
    }

    /// QUIRK: an answer and the announcement on one line, "fine On Wed, Apr 4, 2012 at 3:59 PM, a@b.example wrote:".
    private static func shared(_ line: Int, in text: TextLines) -> QuoteMarker? {
        let range = text.range(line)
        let slice = text.utf8[range].prefix(600)
        let lower = slice.map(ASCII.lower)
        guard endsWithVerb(ASCII.trimmed(slice).folded()[...]) || lower.last == UInt8(ascii: ":") else { return nil }
        for start in lower.indices.dropFirst() where lower[start] < 0x80 && ASCII.isLetter(lower[start]) {
            let before = lower[start - 1]
            guard before == ASCII.space || before == UInt8(ascii: "-") else { continue }
            for word in ["on ", "am ", "le ", "el ", "em ", "il giorno ", "op ", "den ", "w dniu "] {
                guard lower[start...].starts(with: word.utf8) else { continue }
                let rest = Array(slice.dropFirst(start + word.utf8.count)).prefix(400).folded()
                guard Announcement.startsWithDate(rest) else { continue }
                let announcement = Announcement(slice.dropFirst(start).folded(), isQuoteNext: false)
                var kept = start
                while kept > 0, "- \t".utf8.contains(lower[kept - 1]) { kept -= 1 }
                guard kept > 0, announcement.isCertain else { continue }
                return QuoteMarker(kind: .attribution, lines: line..<(line + 1), keptBytes: kept)
            }
        }
        return nil
    }

    /// Whether a folded line ends with "wrote", whatever marks stand behind it.
    static func endsWithVerb(_ text: ArraySlice<UInt8>) -> Bool {
        let text = withoutMarks(text)
        guard let verb = QuoteWords.verbEnds.suffix(of: text) else { return false }
        guard verb[0] < 0x80, text.count > verb.count else { return true }
        return !ASCII.isLetter(text[text.endIndex - verb.count - 1])
    }

    /// The text without colons, dashes and stars at its end.
    private static func withoutMarks(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = text
        while let last = text.last {
            if last == UInt8(ascii: ":") || last == UInt8(ascii: "-") || last == UInt8(ascii: "*")
                || last == UInt8(ascii: "_") || last == ASCII.space
            {
                text.removeLast()
            } else if last == 0x9A, text.suffix(3).elementsEqual(QuoteMarker.wideColon) {
                text.removeLast(3)
            } else {
                break
            }
        }
        return text
    }

    /// What a folded line says of an author, a verb and a date.
    private struct Announcement {
        private let text: [UInt8]
        private let isQuoteNext: Bool
        private let endsWithColon: Bool
        private let endsWithVerb: Bool
        private let hasVerb: Bool
        let hasAddress: Bool
        private let isPersonal: Bool
        private let startsLikeOne: Bool
        private let startsWithDate: Bool
        private var hasYear = false
        private var hasTime = false
        private var hasDigit = false

        init(_ folded: [UInt8], isQuoteNext: Bool) {
            text = folded
            self.isQuoteNext = isQuoteNext
            let bare = Attribution.withoutMarks(folded[...])
            let tail = folded[bare.endIndex...]
            endsWithColon = tail.contains(UInt8(ascii: ":")) || tail.contains(0x9A)
            let hasMarks = !tail.isEmpty
            endsWithVerb = (hasMarks || isQuoteNext) && Attribution.endsWithVerb(bare)
            hasVerb = endsWithVerb || QuoteWords.verbs.isFound(in: folded)
            hasAddress = folded.contains(UInt8(ascii: "@"))
            isPersonal = !isQuoteNext && QuoteWords.personal.isFound(in: folded)
            startsLikeOne = Announcement.startsLikeOne(folded)
            startsWithDate = Announcement.startsWithDate(folded)
            readDigits()
        }

        /// Whether more lines above could make one of it at all.
        var mayBeOne: Bool { hasVerb || hasAddress || endsWithColon && hasDigit }

        /// Whether the line begins as one: "On", or a date.
        var begins: Bool { hasDigit && (startsLikeOne || startsWithDate) }

        /// An announcement in itself.
        var isCertain: Bool {
            guard !isPersonal, hasDigit else { return false }
            let speaks = endsWithVerb || endsWithColon && hasVerb
            if begins, speaks, hasAddress || hasYear && hasTime { return true }
            // Without a verb, as Gmail does in Russian and Japanese: "пн, 2 мар. 2026 г. в 10:00, Имя <a@b.example>:".
            if startsWithDate, endsWithColon, hasAddress, hasTime, text.count < 300 { return true }
            // The name first: "张三 <a@b.example> 于2026年3月2日周一 10:00写道：".
            return endsWithColon && speaks && hasYear && (hasAddress || hasTime && endsWithVerb) && text.count < 300
        }

        /// One where a quote follows.
        var isLikely: Bool {
            guard text.count < 400 else { return false }
            if endsWithVerb || endsWithColon && hasVerb { return true }
            if endsWithColon, hasAddress || hasYear && hasTime { return true }
            // "2011/4/7 Name <a@b.example>".
            return startsWithDate && hasAddress && hasYear && text.last == UInt8(ascii: ">")
        }

        /// "Name <a@b.example> wrote:" and nothing else.
        var isNameAndVerb: Bool {
            guard endsWithColon, endsWithVerb, hasAddress, !isPersonal,
                let open = text.firstIndex(of: UInt8(ascii: "<"))
            else { return false }
            let blanks = text[..<open].count { $0 == ASCII.space }
            return blanks <= 4 && text.count < 160
        }

        static func startsLikeOne(_ text: [UInt8]) -> Bool {
            QuoteWords.attributionStarts.prefix(of: text) != nil
        }

        /// Whether a text begins with a date: digits of a year or day, or the name of a day or month.
        static func startsWithDate(_ text: [UInt8]) -> Bool {
            let text = text.first == UInt8(ascii: "(") || text.first == UInt8(ascii: "[") ? text.dropFirst() : text[...]
            let digits = text.prefix { ASCII.isDigit($0) }.count
            if digits == 4 || digits == 2 || digits == 1 {
                guard text.count > digits else { return false }
                let next = text[text.startIndex + digits]
                return "-./ ".utf8.contains(next) || (digits == 4 && next >= 0x80)
            }
            guard let day = QuoteWords.days.prefix(of: text), text.count > day.count else { return false }
            let next = text[text.startIndex + day.count]
            return (",. ".utf8.contains(next) || ASCII.isLetter(next) || next >= 0x80)
                && text.prefix(60).contains(where: ASCII.isDigit)
        }

        /// Looks for a year or a date of numbers, and for a time.
        private mutating func readDigits() {
            var index = 0
            var groups = 0
            while index < text.count {
                guard ASCII.isDigit(text[index]) else {
                    // Groups of numbers belong together over one separator.
                    if !"./-".utf8.contains(text[index]) { groups = 0 }
                    index += 1
                    continue
                }
                hasDigit = true
                let start = index
                while index < text.count, ASCII.isDigit(text[index]) { index += 1 }
                let size = index - start
                groups += 1
                if size == 4, text[start] == UInt8(ascii: "1") || text[start] == UInt8(ascii: "2") { hasYear = true }
                if groups >= 3 { hasYear = true }
                if size <= 2, index + 2 < text.count, ASCII.isDigit(text[index + 1]), ASCII.isDigit(text[index + 2]),
                    text[index] == UInt8(ascii: ":") || text[index] == UInt8(ascii: ".")
                        || text[index] == UInt8(ascii: "h")
                {
                    hasTime = true
                }
            }
        }
    }
}
