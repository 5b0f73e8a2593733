/// A text split into what the person wrote now, what was quoted, and the signature.
///
/// Quotes are found by their `>` and by the lines with which mail programs announce them; answers that stand between
/// quotes are kept. One pass over the lines; each looks at a bounded number of lines behind it.
struct NewText {
    private(set) var newText = ""
    private(set) var quoted = ""
    private(set) var signature = ""
    /// The first mail that was pasted into the text.
    private(set) var forwarded: Forwarded?

    /// What became of a line.
    private enum Part { case new, quoted, signature, forwarded }

    init(_ utf8: [UInt8]) {
        guard !utf8.isEmpty else { return }
        let lines = TextLines(utf8)
        var parts = [Part](repeating: .new, count: lines.count)
        var keptBytes: [Int: Int] = [:]
        var index = 0
        while index < lines.count {
            if lines.isQuoted(index) {
                index = NewText.markQuote(from: index, in: lines, &parts)
                continue
            }
            guard !lines.isBlank(index), let marker = QuoteMarker.at(index, in: lines) else {
                index += 1
                continue
            }
            switch marker.kind {
            case .forward:
                forwarded = ForwardedText.read(lines, from: marker.lines.upperBound)
                for line in index..<lines.count { parts[line] = .forwarded }
                index = lines.count
            case .original:
                for line in marker.lines.lowerBound..<lines.count { parts[line] = .quoted }
                index = lines.count
            case .attribution:
                for line in marker.lines { parts[line] = .quoted }
                if marker.keptBytes > 0 { keptBytes[marker.lines.lowerBound] = marker.keptBytes }
                index = NewText.markAfterAttribution(marker.lines.upperBound, in: lines, &parts)
            }
        }
        Signatures.mark(lines, isNew: { parts[$0] == .new }, mark: { parts[$0] = .signature })
        newText = NewText.text(lines, keptBytes: keptBytes) { parts[$0] == .new }
        quoted = NewText.text(lines, droppedBytes: keptBytes) { parts[$0] == .quoted || parts[$0] == .forwarded }
        signature = NewText.text(lines) { parts[$0] == .signature }
        // A mail that has nothing but quoted lines and no announcement is not an answer: the sender quoted by hand.
        if forwarded == nil, newText.isEmpty, !quoted.isEmpty {
            forwarded = ForwardedText.readWholeText(lines)
        }
    }

    /// Marks a run of quoted lines. A line that a program broke out of the quote belongs to it when it completes a link.
    private static func markQuote(from start: Int, in lines: TextLines, _ parts: inout [Part]) -> Int {
        var index = start
        while index < lines.count {
            if lines.isQuoted(index) {
                parts[index] = .quoted
            } else if lines.isBlank(index), index + 1 < lines.count, lines.isQuoted(index + 1) {
                parts[index] = .quoted
            } else if index + 1 < lines.count, lines.isQuoted(index + 1), isBrokenLink(lines, index) {
                parts[index] = .quoted
            } else {
                break
            }
            index += 1
        }
        return index
    }

    /// Whether an unquoted line between quoted ones is the rest of a link.
    private static func isBrokenLink(_ lines: TextLines, _ index: Int) -> Bool {
        let line = lines.trimmed(index)
        for start in ["(http", "<http", "http"] where line.starts(with: start.utf8) {
            return !line.contains(ASCII.space) || start != "http"
        }
        let above = lines.trimmed(index - 1)
        for (open, close) in [(UInt8(ascii: "("), UInt8(ascii: ")")), (UInt8(ascii: "<"), UInt8(ascii: ">"))] {
            if let last = above.lastIndex(of: open), above[last...].dropFirst().starts(with: "http".utf8),
                !above[last...].contains(close)
            {
                return true
            }
        }
        return false
    }

    /// After "On … wrote:" the quote stands behind `>`, or, where the next line has none, runs to the end.
    private static func markAfterAttribution(_ start: Int, in lines: TextLines, _ parts: inout [Part]) -> Int {
        var index = start
        while index < lines.count, lines.isBlank(index) {
            parts[index] = .quoted
            index += 1
        }
        guard index < lines.count, !lines.isQuoted(index) else { return index }
        // One line of the announcement may have been pushed below it.
        for line in index..<lines.count { parts[line] = .quoted }
        return lines.count
    }

    /// The chosen lines as one text, runs of empty lines at both ends left out.
    private static func text(
        _ lines: TextLines, keptBytes: [Int: Int] = [:], droppedBytes: [Int: Int] = [:], _ isChosen: (Int) -> Bool
    ) -> String {
        var result: [UInt8] = []
        for line in 0..<lines.count {
            var range = lines.ranges[line]
            if let kept = keptBytes[line] {
                range = range.lowerBound..<min(range.lowerBound + kept, range.upperBound)
            } else if !isChosen(line) {
                continue
            }
            if let dropped = droppedBytes[line] {
                range = min(range.lowerBound + dropped, range.upperBound)..<range.upperBound
            }
            // Where a quote was taken out, two runs of empty lines meet: one is enough.
            if range.isEmpty, result.suffix(2).elementsEqual([ASCII.lf, ASCII.lf]) { continue }
            result += lines.utf8[range]
            result.append(ASCII.lf)
        }
        return String(decoding: ASCII.trimmedLines(result), as: UTF8.self)
    }
}

extension ASCII {
    /// The text without blank lines at its start and without white space at its end.
    static func trimmedLines(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        var slice = bytes[...]
        while let last = slice.last, isWhitespace(last) { slice.removeLast() }
        var start = slice.startIndex
        var index = start
        while index < slice.endIndex, isWhitespace(slice[index]) {
            if slice[index] == lf { start = index + 1 }
            index += 1
        }
        return slice[start...]
    }
}
