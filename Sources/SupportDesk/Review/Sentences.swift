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
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            var rest = line.split(whereSeparator: \.isWhitespace)[...]
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

    /// Their point ends no sentence.
    private static let abbreviations: Set<String> = [
        "rs.", "re.", "e.g.", "i.e.", "no.", "nos.", "st.", "approx.", "dr.", "mr.", "mrs.", "ms.", "a.m.", "p.m.",
        "max.",
        "min.", "रु.", "डॉ.",
    ]

    private static func isListMark(_ word: Substring) -> Bool {
        if word == "-" || word == "*" || word == "•" { return true }
        guard word.last == "." || word.last == ")" else { return false }
        return (1...2).contains(word.utf8.count - 1) && word.utf8.dropLast().allSatisfy { (0x30...0x39).contains($0) }
    }

    private static let closing: Set<Character> = ["\"", "'", "”", "’", ")"]

    private static func endsSentence(_ word: Substring) -> Bool {
        let mark = word.reversed().first { !closing.contains($0) }
        guard mark.map({ ".!?।".contains($0) }) ?? false else { return false }
        return !abbreviations.contains(word.drop { $0 == "(" }.lowercased())
    }
}
