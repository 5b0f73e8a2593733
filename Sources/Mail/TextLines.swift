/// The lines of a text in UTF-8, with the questions that the splitter asks about them.
struct TextLines {
    let utf8: [UInt8]
    /// Where each line lies, without its LF.
    private(set) var ranges: [Range<Int>] = []

    init(_ utf8: [UInt8]) {
        self.utf8 = utf8
        var start = 0
        utf8.withUnsafeBufferPointer { buffer in
            for index in buffer.indices where buffer[index] == ASCII.lf {
                ranges.append(start..<index)
                start = index + 1
            }
        }
        if start < utf8.count || !utf8.isEmpty { ranges.append(start..<utf8.count) }
    }

    var count: Int { ranges.count }

    /// The line without blanks at both ends.
    func trimmed(_ line: Int) -> ArraySlice<UInt8> { ASCII.trimmed(utf8[ranges[line]]) }

    func isBlank(_ line: Int) -> Bool {
        utf8[ranges[line]].allSatisfy(ASCII.isWhitespace)
    }

    /// Whether the line is quoted with `>`.
    ///
    /// A line that also ends with `<` is decoration, ">>> look here <<<".
    func isQuoted(_ line: Int) -> Bool {
        var index = ranges[line].lowerBound
        let end = ranges[line].upperBound
        while index < end, ASCII.isBlank(utf8[index]), index - ranges[line].lowerBound < 3 { index += 1 }
        guard index < end, utf8[index] == UInt8(ascii: ">") else { return false }
        return trimmed(line).last != UInt8(ascii: "<") || trimmed(line).count < 4
    }

    /// The lower-case form (ASCII letters) of some lines joined by blanks, at most `limit` bytes of each.
    func joined(_ lines: Range<Int>, limit: Int = 400) -> [UInt8] {
        var result: [UInt8] = []
        for line in lines {
            if !result.isEmpty { result.append(ASCII.space) }
            result += trimmed(line).prefix(limit).folded()
        }
        return result
    }
}

extension ArraySlice<UInt8> {
    /// The line in lower case (ASCII letters), without the dashes, stars, bars and blanks around it.
    func bare() -> [UInt8] {
        func isMark(_ byte: UInt8) -> Bool { "-_*=| \t".utf8.contains(byte) }
        var slice = self
        while let first = slice.first, isMark(first) { slice.removeFirst() }
        while let last = slice.last, isMark(last) { slice.removeLast() }
        return slice.folded()
    }

    /// The text with ASCII, Latin-1 and Cyrillic letters in lower case, which is what the tables of words are in.
    func folded() -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count)
        var lead: UInt8 = 0
        for byte in self {
            switch lead {
            case 0xC3 where byte >= 0x80 && byte <= 0x9E && byte != 0x97: result.append(byte + 0x20)
            case 0xD0 where byte >= 0x90 && byte <= 0x9F: result.append(byte + 0x20)
            case 0xD0 where byte >= 0xA0 && byte <= 0xAF:
                result[result.count - 1] = 0xD1
                result.append(byte - 0x20)
            default: result.append(ASCII.lower(byte))
            }
            lead = byte
        }
        return result
    }
}
