/// A text split into what the person wrote now, what was quoted, and the signature.
///
/// Quotes are found by their `>` and by the lines with which mail programs announce them; answers that stand between
/// quotes are kept. One pass over the lines; each looks at a bounded number of lines around it.
struct NewText {
    private(set) var newText = ""
    private(set) var quoted = ""
    private(set) var signature = ""
    /// The first mail that was pasted into the text.
    private(set) var forwarded: Forwarded?

    /// What became of a line.
    enum Part { case new, quoted, signature, forwarded }

    /// Splits a text.
    ///
    /// - Parameter subject: what it is about. Outlook copies the header of the other mail in the same way when it answers
    ///   and when it forwards; only the subject tells which.
    init(_ utf8: [UInt8], subject: String = "") {
        guard !utf8.isEmpty else { return }
        let lines = TextLines(utf8)
        let prefix = SubjectPrefix(subject)
        var parts = [Part](repeating: .new, count: lines.count)
        /// Where an answer and an announcement share a line: the bytes of the answer.
        var shared: (line: Int, bytes: Int)?
        var index = 0
        /// No announcement reaches above this line.
        var floor = 0
        var sawQuote = false
        while index < lines.count {
            if lines.isBlank(index) {
                index += 1
                continue
            }
            if lines.isQuoted(index) {
                if let marker = NewText.brokenMarker(index, in: lines, floor: floor) {
                    marker.lines.forEach { parts[$0] = .quoted }
                    index = NewText.markAfterAttribution(marker.lines.upperBound, in: lines, &parts)
                } else {
                    let end = NewText.quoteEnd(from: index, in: lines)
                    if !sawQuote, let start = ForwardedText.quotedStart(index..<end, in: lines) {
                        forwarded = ForwardedText.read(lines, from: start)
                        for line in index..<lines.count { parts[line] = .forwarded }
                        break
                    }
                    if sawQuote || !NewText.isCode(index..<end, in: lines) {
                        for line in index..<end { parts[line] = .quoted }
                    }
                    index = end
                }
                sawQuote = true
                floor = index
                continue
            }
            guard let marker = QuoteMarker.at(index, in: lines, floor: floor) else {
                index += 1
                continue
            }
            for line in marker.lines { parts[line] = .quoted }
            index = marker.lines.upperBound
            switch marker.kind {
            case .forward:
                forwarded = ForwardedText.read(lines, from: index)
                for line in marker.lines.lowerBound..<lines.count { parts[line] = .forwarded }
                index = lines.count
            case .original where prefix == .forward && !sawQuote:
                forwarded = ForwardedText.read(lines, from: marker.lines.lowerBound)
                if forwarded != nil { for line in marker.lines.lowerBound..<lines.count { parts[line] = .forwarded } }
                index = lines.count
            case .original: index = NewText.markAfterHeader(index, in: lines, &parts)
            case .attribution:
                if marker.keptBytes > 0 { shared = (marker.lines.lowerBound, marker.keptBytes) }
                index = NewText.markAfterAttribution(index, in: lines, &parts)
            }
            sawQuote = true
            floor = index
        }
        Signatures.mark(lines, &parts)
        collect(lines, parts, shared: shared)
        // A mail that has nothing but a copied header and a text is not an answer: Outlook forwards so.
        if forwarded == nil, newText.isEmpty, prefix != .reply, !quoted.isEmpty {
            forwarded = ForwardedText.readWholeText(lines)
        }
    }

    /// QUIRK: an announcement whose last line begins with the `>` of an address: "<", "mailto:a@b.example", "> wrote:".
    private static func brokenMarker(_ line: Int, in lines: TextLines, floor: Int) -> QuoteMarker? {
        guard lines.depth(line) == 1, lines.length(line) < 40, line > floor, !lines.isQuoted(line - 1),
            lines.trimmed(line - 1).contains(UInt8(ascii: "<")),
            Attribution.endsWithVerb(lines.trimmed(line).folded()[...])
        else { return nil }
        return Attribution.at(line, in: lines, floor: floor)
    }

    /// The end of a run of quoted lines. A line that a program broke out of the quote belongs to it when it completes a link
    /// or a sentence.
    private static func quoteEnd(from start: Int, in lines: TextLines) -> Int {
        var index = start
        while index < lines.count {
            if !lines.isQuoted(index) {
                guard index + 1 < lines.count, lines.isQuoted(index + 1) else { break }
                guard lines.isBlank(index) || isBrokenLink(lines, index) || isBrokenSentence(lines, index) else {
                    break
                }
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

    /// Whether an unquoted line between quoted ones is the word or two that did not fit on the line above.
    private static func isBrokenSentence(_ lines: TextLines, _ index: Int) -> Bool {
        let line = lines.trimmed(index)
        let above = lines.trimmed(index - 1)
        guard line.count <= 30, above.count >= 68, let first = line.first, let last = above.last else { return false }
        return lines.isQuoted(index - 1) && first &- 97 < 26 && !".?!:;".utf8.contains(last)
    }

    /// Whether quoted lines are what a person typed at a Python prompt, `>>> print(1)`: nothing above them is quoted less.
    private static func isCode(_ run: Range<Int>, in lines: TextLines) -> Bool {
        run.allSatisfy { lines.isBlank($0) || (lines.depth($0) == 3 && lines.trimmed($0).starts(with: ">>> ".utf8)) }
    }

    /// After a copied header the quote runs to the end, unless it stands behind `>` or another announcement follows.
    private static func markAfterHeader(_ start: Int, in lines: TextLines, _ parts: inout [Part]) -> Int {
        var index = start
        while index < lines.count, lines.isBlank(index) {
            parts[index] = .quoted
            index += 1
        }
        guard index < lines.count else { return index }
        if lines.isQuoted(index) || QuotedHeader.at(index, in: lines) != nil { return index }
        for line in index..<min(index + 4, lines.count) where !lines.isBlank(line) {
            if QuoteMarker.at(line, in: lines, floor: index)?.lines.lowerBound == index { return index }
        }
        for line in index..<lines.count { parts[line] = .quoted }
        return lines.count
    }

    /// After "On … wrote:" the quote stands behind `>`, or, where the next line has none, runs to the end.
    private static func markAfterAttribution(_ start: Int, in lines: TextLines, _ parts: inout [Part]) -> Int {
        var index = start
        while index < lines.count, lines.isBlank(index) {
            parts[index] = .quoted
            index += 1
        }
        guard index < lines.count, !lines.isQuoted(index) else { return index }
        for line in index..<lines.count { parts[line] = .quoted }
        return lines.count
    }

    /// Puts the lines of each part together.
    private mutating func collect(_ lines: TextLines, _ parts: [Part], shared: (line: Int, bytes: Int)?) {
        if parts.allSatisfy({ $0 == .new }) {
            newText = String(decoding: ASCII.trimmedLines(lines.utf8), as: UTF8.self)
            return
        }
        var new = Collected()
        var old = Collected()
        var signed = Collected()
        for line in 0..<lines.count {
            let range = lines.range(line)
            if let shared, shared.line == line {
                let middle = range.lowerBound + shared.bytes
                new.append(lines.utf8[range.lowerBound..<middle], at: line)
                old.append(lines.utf8[middle..<range.upperBound], at: line)
                continue
            }
            switch parts[line] {
            case .new: new.append(lines.utf8[range], at: line)
            case .quoted, .forwarded: old.append(lines.utf8[range], at: line)
            case .signature: signed.append(lines.utf8[range], at: line)
            }
        }
        newText = new.text
        quoted = old.text
        signature = signed.text
    }

    /// The lines of one part.
    private struct Collected {
        private var bytes: [UInt8] = []
        private var last = -1

        mutating func append(_ line: ArraySlice<UInt8>, at index: Int) {
            // Where something was taken out, two runs of empty lines meet: one is enough.
            let isGap = index != last + 1
            if line.isEmpty, isGap, bytes.suffix(2).elementsEqual([ASCII.lf, ASCII.lf]) { return }
            last = index
            bytes += line
            bytes.append(ASCII.lf)
        }

        var text: String { String(decoding: ASCII.trimmedLines(bytes), as: UTF8.self) }
    }
}

/// What the beginning of a subject says of a mail.
private enum SubjectPrefix {
    case none, reply, forward

    init(_ subject: String) {
        let start = Array(subject.utf8.prefix(32))[...].folded().drop { $0 == ASCII.space }
        if QuoteWords.forwardSubjects.contains(where: { start.starts(with: $0) }) {
            self = .forward
        } else {
            self = QuoteWords.replySubjects.contains { start.starts(with: $0) } ? .reply : .none
        }
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
