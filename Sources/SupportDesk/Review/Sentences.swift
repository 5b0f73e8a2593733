/// Cuts a text into sentences, the same way in a draft as in the article that it quotes, so that the two can be compared.
enum Sentences {
    /// The sentences with single spaces between their words, without the marks of lists.
    ///
    /// A sentence ends behind `.`, `!`, `?` or the danda, at an empty line, and where the next item of a list begins; a line end
    /// within it is a space.
    static func of(_ text: String) -> [String] {
        var sentences: [String] = []
        var words: [Substring] = []
        func end() {
            if !words.isEmpty { sentences.append(words.joined(separator: " ")) }
            words.removeAll()
        }
        for line in lines(of: text) {
            var rest = Self.words(of: line)[...]
            if rest.isEmpty { end() }
            if rest.count > 1, let first = rest.first, isListMark(first) {
                end()
                rest = rest.dropFirst()
            }
            for word in rest {
                words.append(word)
                if endsSentence(word) { end() }
            }
            // `Carrier: {slot}` is a line by itself.
            if let last = words.last, DraftText.slot(ofMark: String(last)) != nil { end() }
        }
        end()
        return sentences
    }

    /// Without a carriage return every line end is one scalar, and a character by itself.
    private static func lines(of text: String) -> [Substring] {
        guard !text.utf8.contains(0x0D) else {
            return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        }
        return text.unicodeScalars.split(omittingEmptySubsequences: false) { scalar in
            switch scalar.value {
            case 0x0A...0x0C, 0x85, 0x2028, 0x2029: true
            default: false
            }
        }.map { Substring($0) }
    }

    /// What white space parts. Of ASCII, bytes are characters, and quicker than these.
    static func words(of line: Substring) -> [Substring] {
        guard line.utf8.allSatisfy({ $0 < 0x80 }) else { return line.split(whereSeparator: \.isWhitespace) }
        return line.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }.map { Substring($0) }
    }

    /// Their point ends no sentence.
    private static let abbreviations: Set<String> = [
        "rs.", "re.", "e.g.", "i.e.", "no.", "nos.", "st.", "approx.", "dr.", "mr.", "mrs.", "ms.", "a.m.", "p.m.",
        "max.",
        "min.", "रु.", "डॉ.",
    ]

    private static func isListMark(_ word: Substring) -> Bool {
        guard word.utf8.count <= 3 else { return false }
        if word == "-" || word == "*" || word == "•" { return true }
        guard word.last == "." || word.last == ")" else { return false }
        return (1...2).contains(word.utf8.count - 1) && word.utf8.dropLast().allSatisfy { (0x30...0x39).contains($0) }
    }

    private static let closing: Set<Character> = ["\"", "'", "”", "’", ")"]

    private static func endsSentence(_ word: Substring) -> Bool {
        // Behind a letter or digit of ASCII nothing ends.
        if let last = word.utf8.last, last < 0x80,
            Unicode.Scalar(last).properties.isAlphabetic || last >= 0x30 && last <= 0x39
        {
            return false
        }
        let mark = word.reversed().first { !closing.contains($0) }
        guard mark.map({ ".!?।".contains($0) }) ?? false else { return false }
        return !abbreviations.contains(word.drop { $0 == "(" }.lowercased())
    }
}
