/// The lines of a text in UTF-8, each looked at once, with the questions that the splitter asks about them.
struct TextLines {
    private struct Line {
        let start: Int
        let end: Int
        /// The line without blanks at both ends; empty for a blank line.
        let first: Int
        let last: Int
        /// The number of quote marks before the text.
        var depth: Int
    }

    let utf8: [UInt8]
    private var lines: [Line] = []

    init(_ utf8: [UInt8]) {
        self.utf8 = utf8
        guard !utf8.isEmpty else { return }
        lines.reserveCapacity(utf8.count / 40 + 1)
        utf8.withUnsafeBufferPointer { bytes in
            var start = 0
            for index in bytes.indices where bytes[index] == ASCII.lf {
                lines.append(TextLines.line(bytes, start, index))
                start = index + 1
            }
            lines.append(TextLines.line(bytes, start, bytes.count))
        }
    }

    private static func line(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Line {
        var first = start
        var last = end
        while first < last {
            let width = blankWidth(bytes, first, last)
            if width == 0 { break }
            first += width
        }
        while first < last {
            if ASCII.isWhitespace(bytes[last - 1]) {
                last -= 1
            } else if bytes[last - 1] >= 0x80, last - first >= 2, blankWidth(bytes, last - 2, last) == 2 {
                last -= 2
            } else if bytes[last - 1] >= 0x80, last - first >= 3, blankWidth(bytes, last - 3, last) == 3 {
                last -= 3
            } else {
                break
            }
        }
        guard first < last else { return Line(start: start, end: end, first: start, last: start, depth: 0) }
        return Line(
            start: start, end: end, first: first, last: last,
            depth: first - start < 4 ? depth(bytes, first, last) : 0)
    }

    /// The width of the blank at a place: white space, a no-break space, a zero-width or ideographic space, a mark of
    /// direction, which Apple Mail and right-to-left programs put around names; 0 where there is none.
    @inline(__always)
    private static func blankWidth(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ end: Int) -> Int {
        let byte = bytes[index]
        if byte < 0x80 { return ASCII.isWhitespace(byte) ? 1 : 0 }
        if byte == 0xC2 { return index + 1 < end && bytes[index + 1] == 0xA0 ? 2 : 0 }
        guard index + 2 < end else { return 0 }
        return isWideBlank(byte, bytes[index + 1], bytes[index + 2]) ? 3 : 0
    }

    /// Whether three bytes are a narrow no-break, zero-width or ideographic space, or a mark of direction.
    @inline(__always)
    static func isWideBlank(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Bool {
        switch (first, second) {
        case (0xE2, 0x80): third == 0x8B || third == 0x8E || third == 0x8F || (third >= 0xAA && third <= 0xAF)
        case (0xE2, 0x81): third >= 0xA6 && third <= 0xA9
        case (0xE3, 0x80): third == 0x80
        default: false
        }
    }

    /// The quote marks at the start of a line: `>`, the wide one of Japanese programs, and `AB>` with the author's
    /// initials, as The Bat! writes it.
    private static func depth(_ bytes: UnsafeBufferPointer<UInt8>, _ first: Int, _ end: Int) -> Int {
        var index = first
        let byte = bytes[index]
        if byte != UInt8(ascii: ">"), byte != 0xEF {
            var letters = 0
            while index < end, letters < 4 {
                if bytes[index] &- 65 < 26 {
                    index += 1
                } else if bytes[index] == 0xD0, index + 1 < end, bytes[index + 1] >= 0x90, bytes[index + 1] <= 0xAF {
                    index += 2
                } else {
                    break
                }
                letters += 1
            }
            guard letters > 0, letters < 4, index < end, bytes[index] == UInt8(ascii: ">") else { return 0 }
            // "XL> …" without a blank is a comparison or an arrow.
            guard index + 1 == end || bytes[index + 1] == ASCII.space || bytes[index + 1] == UInt8(ascii: ">") else {
                return 0
            }
        }
        var depth = 0
        while index < end, depth < 40 {
            if bytes[index] == UInt8(ascii: ">") {
                index += 1
                depth += 1
            } else if bytes[index] == 0xEF, index + 2 < end, bytes[index + 1] == 0xBC, bytes[index + 2] == 0x9E {
                index += 3
                depth += 1
            } else if depth > 0, ASCII.isBlank(bytes[index]) {
                index += 1
            } else {
                break
            }
        }
        return depth
    }

    var count: Int { lines.count }

    /// Where the line lies, without its LF.
    func range(_ line: Int) -> Range<Int> { lines[line].start..<lines[line].end }

    /// The line without blanks at both ends.
    func trimmed(_ line: Int) -> ArraySlice<UInt8> { utf8[lines[line].first..<lines[line].last] }

    /// The number of bytes of the line without blanks at both ends.
    func length(_ line: Int) -> Int { lines[line].last - lines[line].first }

    func isBlank(_ line: Int) -> Bool { lines[line].first == lines[line].last }

    /// How often the line is quoted.
    func depth(_ line: Int) -> Int { lines[line].depth }

    /// Whether the line is quoted with `>`. A line that also ends with `<` is decoration, ">>> look here <<<".
    func isQuoted(_ line: Int) -> Bool {
        lines[line].depth > 0 && (utf8[lines[line].last - 1] != UInt8(ascii: "<") || length(line) < 4)
    }

    /// The line that comes next and is not blank, when at most `blanks` blank ones stand before it.
    func next(after line: Int, blanks: Int = 3) -> Int? {
        var next = line + 1
        while next < count, next - line <= blanks, isBlank(next) { next += 1 }
        return next < count && !isBlank(next) ? next : nil
    }

    /// The folded form of some lines joined by blanks, at most `limit` bytes of each.
    func joined(_ lines: ClosedRange<Int>, limit: Int = 400) -> [UInt8] {
        var result: [UInt8] = []
        for line in lines where !isBlank(line) {
            if !result.isEmpty { result.append(ASCII.space) }
            result += trimmed(line).prefix(limit).folded()
        }
        return result
    }
}

extension ArraySlice<UInt8> {
    /// The line folded, without the dashes, stars, bars and blanks around it.
    func bare() -> [UInt8] {
        func isMark(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "*"), UInt8(ascii: "="), UInt8(ascii: "|"),
                UInt8(ascii: "#"), ASCII.space, ASCII.tab:
                true
            default: false
            }
        }
        var slice = self
        while let first = slice.first, isMark(first) { slice.removeFirst() }
        while let last = slice.last, isMark(last) { slice.removeLast() }
        var result = slice.folded()
        while result.last == ASCII.space { result.removeLast() }
        return result
    }

    /// The text with ASCII, Latin and Cyrillic letters in lower case and every kind of blank as a space, which is what
    /// the tables of words are in.
    func folded() -> [UInt8] {
        if let plain = foldedASCII() { return plain }
        var result: [UInt8] = []
        result.reserveCapacity(count)
        var lead: UInt8 = 0
        for byte in self {
            switch lead {
            case 0xC2 where byte == 0xA0: result[result.count - 1] = ASCII.space
            case 0xC3 where byte >= 0x80 && byte <= 0x9E && byte != 0x97: result.append(byte + 0x20)
            case 0xC4 where byte & 1 == 0 && byte < 0xB8: result.append(byte + 1)
            case 0xC5 where byte & 1 == 0 && (0x8A...0xB7).contains(byte): result.append(byte + 1)
            case 0xC5 where byte & 1 == 1 && ((0x81...0x87).contains(byte) || (0xB9...0xBD).contains(byte)):
                result.append(byte + 1)
            case 0xD0 where byte >= 0x90 && byte <= 0x9F: result.append(byte + 0x20)
            case 0xD0 where byte >= 0xA0 && byte <= 0xAF:
                result[result.count - 1] = 0xD1
                result.append(byte - 0x20)
            default:
                result.append(byte == ASCII.tab ? ASCII.space : ASCII.lower(byte))
                let count = result.count
                if byte >= 0x80, count >= 3,
                    TextLines.isWideBlank(result[count - 3], result[count - 2], byte)
                {
                    // A mark of direction vanishes, a blank stays one.
                    let isBlank = byte == 0xAF && result[count - 2] == 0x80 || result[count - 3] == 0xE3
                    result.removeLast(3)
                    if isBlank { result.append(ASCII.space) }
                }
            }
            lead = byte
        }
        return result
    }

    /// The same of a text that is all ASCII; `nil` when it is not.
    private func foldedASCII() -> [UInt8]? {
        var isASCII = true
        let result = [UInt8](unsafeUninitializedCapacity: count) { buffer, size in
            var all: UInt8 = 0
            for byte in self {
                all |= byte
                buffer[size] = byte == ASCII.tab ? ASCII.space : ASCII.lower(byte)
                size += 1
            }
            isASCII = all < 0x80
        }
        return isASCII ? result : nil
    }
}
