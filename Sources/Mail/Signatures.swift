/// Finds the signature under what a person wrote.
enum Signatures {
    /// Marks the lines of signatures among the new ones: behind `-- ` (RFC 3676 §4.3), the line of a telephone's mail
    /// program, a legal notice.
    static func mark(_ lines: TextLines, isNew: (Int) -> Bool, mark: (Int) -> Void) {
        var line = 0
        while line < lines.count {
            guard isNew(line) else {
                line += 1
                continue
            }
            var end = line
            while end < lines.count, isNew(end) { end += 1 }
            markRun(lines, line..<end, mark: mark)
            line = end
        }
    }

    private static func markRun(_ lines: TextLines, _ run: Range<Int>, mark: (Int) -> Void) {
        for line in run {
            let text = lines.trimmed(line)
            if isDelimiter(lines, line), run.upperBound - line <= 30 {
                (line..<run.upperBound).forEach(mark)
                return
            }
            guard text.count >= 6, text.count <= 3_000 else { continue }
            if text.count <= 120, isDeviceLine(text) {
                // What little follows is the rest of the signature; more text is an answer below it.
                let rest = ((line + 1)..<run.upperBound).lazy.filter { !lines.isBlank($0) }.prefix(4)
                if rest.count <= 3 { rest.forEach(mark) }
                mark(line)
                if rest.count <= 3 { return }
            } else if isDisclaimer(lines, line, run) {
                (line..<run.upperBound).forEach(mark)
                return
            }
        }
    }

    /// "-- " is the standard; programs that strip blanks leave "--". A line of underscores is Outlook's.
    private static func isDelimiter(_ lines: TextLines, _ line: Int) -> Bool {
        let raw = lines.utf8[lines.ranges[line]]
        return raw.elementsEqual("-- ".utf8) || raw.elementsEqual("--".utf8) || raw.elementsEqual("--\u{A0}".utf8)
    }

    static func isDeviceLine(_ text: ArraySlice<UInt8>) -> Bool {
        let bare = text.bare()
        if QuoteWords.deviceEnds.contains(where: { bare.suffix($0.count).elementsEqual($0) }) {
            return bare.count <= 90
        }
        guard let start = QuoteWords.deviceStarts.first(where: { bare.starts(with: $0) }) else { return false }
        // "Von meinem Konto wurde …" and "मेरे ऑर्डर …" begin the same and are sentences.
        let isOpen = start.elementsEqual("von meinem ".utf8) || start.elementsEqual("मेरे ".utf8)
        if isOpen { return false }
        return bare.count <= 90 && bare.last != UInt8(ascii: "?")
    }

    private static func isDisclaimer(_ lines: TextLines, _ line: Int, _ run: Range<Int>) -> Bool {
        let bare = lines.trimmed(line).prefix(80).bare()
        guard QuoteWords.disclaimers.contains(where: { bare.starts(with: $0) }) else { return false }
        // A notice is long and stands alone; "this message is confidential" in a sentence is neither.
        guard line == run.lowerBound || lines.isBlank(line - 1) || QuoteMarker.isRule(lines.trimmed(line - 1)) else {
            return false
        }
        var size = 0
        for line in line..<run.upperBound where size < 120 { size += lines.ranges[line].count }
        return size >= 120
    }
}
