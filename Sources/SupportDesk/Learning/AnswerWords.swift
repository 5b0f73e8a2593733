/// The words by which two answers are known to be about the same.
enum AnswerWords {
    /// Shorter ones bind others and tell nothing; in Devanagari, where a vowel is a sign of its own, three are a word.
    private static let least = (latin: 4, others: 3)
    private static let maximum = 4_000

    /// The words of a text that mean something, in lower case.
    static func of(_ text: String) -> Set<String> {
        var words: Set<String> = []
        for word in text.lowercased().split(whereSeparator: { !$0.isLetter }) {
            let isLatin = word.utf8.allSatisfy { $0 < 0x80 }
            guard word.unicodeScalars.count >= (isLatin ? least.latin : least.others) else { continue }
            words.insert(String(word))
            if words.count == maximum { break }
        }
        return words
    }

    /// The words of a template, without the names of what is filled in.
    static func of(template text: String) -> Set<String> {
        var bare = ""
        var rest = text[...]
        while let open = rest.firstRange(of: "{{") {
            bare += rest[..<open.lowerBound] + " "
            guard let close = rest[open.upperBound...].firstRange(of: "}}") else { return of(bare) }
            rest = rest[close.upperBound...]
        }
        return of(bare + rest)
    }
}
