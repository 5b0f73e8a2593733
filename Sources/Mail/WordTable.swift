/// Many words, one of which may stand at the start or at the end of a line. Lines that cannot have any are told from one
/// or two bytes.
struct WordTable: Sendable {
    private let byFirst: [[[UInt8]]]
    private let byLast: [[[UInt8]]]
    /// For each first byte, in either case, the second bytes that follow it.
    private let seconds: [Set<UInt8>]

    /// Takes folded words of at least two bytes.
    init(_ words: [String]) {
        var byFirst = [[[UInt8]]](repeating: [], count: 256)
        var byLast = byFirst
        var seconds = [Set<UInt8>](repeating: [], count: 256)
        for word in words.map({ Array($0.utf8) }) where word.count >= 2 {
            byFirst[Int(word[0])].append(word)
            byLast[Int(word[word.count - 1])].append(word)
            seconds[Int(word[0])].insert(word[1])
        }
        self.byFirst = byFirst
        self.byLast = byLast
        self.seconds = seconds
    }

    /// Whether a line as it was written can begin with one of the words once it is folded.
    func mayBegin(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.count >= 2 else { return false }
        let first = ASCII.lower(line[line.startIndex])
        // Capital and small Cyrillic letters have two first bytes.
        if first == 0xD0 || first == 0xD1 { return !seconds[0xD0].isEmpty || !seconds[0xD1].isEmpty }
        let second = line[line.startIndex + 1]
        let follows = seconds[Int(first)]
        return second >= 0x80 || first >= 0x80 ? !follows.isEmpty : follows.contains(ASCII.lower(second))
    }

    /// The first word with which a folded text begins.
    func prefix(of text: some Collection<UInt8>) -> [UInt8]? {
        guard let first = text.first else { return nil }
        return byFirst[Int(first)].first { text.starts(with: $0) }
    }

    /// A word with which a text ends, in ASCII letters of either case.
    func suffix(of text: ArraySlice<UInt8>) -> [UInt8]? {
        guard let last = text.last else { return nil }
        return byLast[Int(ASCII.lower(last))].first { word in
            guard text.count >= word.count else { return false }
            let start = text.endIndex - word.count
            for offset in word.indices.reversed() where ASCII.lower(text[start + offset]) != word[offset] {
                return false
            }
            return true
        }
    }
}
