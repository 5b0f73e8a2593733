/// The sentences of a mail in which its writer says what she wants, where nobody can say it for her.
enum Extract {
    /// What is so short is read as fast as its extract.
    private static let shortest = 280
    private static let maximumSentences = 2
    /// By words that ask or want; in the desk's languages.
    private static let marks: Set<String> = [
        "please", "want", "need", "would", "could", "can", "when", "where", "why", "how", "refund", "cancel", "return",
        "replace", "चाहिए", "चाहती", "चाहता", "कृपया", "कब", "कहाँ", "क्यों", "कैसे", "chahiye", "kripya", "kab", "kahan",
        "kyun", "kaise", "batao", "bataiye", "do", "dijiye",
    ]

    /// The sentences that ask most, in their order; nil of a text that is short, or asks nothing.
    static func of(_ text: String) -> String? {
        guard text.unicodeScalars.count > shortest else { return nil }
        let sentences = Sentences.of(String(text.prefix(20_000))).prefix(200)
        let ranked = sentences.enumerated().map { index, sentence in (index, score(sentence), sentence) }
            .filter { $0.1 > 0 }.sorted { ($0.1, -$0.0) > ($1.1, -$1.0) }.prefix(maximumSentences)
        guard !ranked.isEmpty else { return nil }
        return ranked.sorted { $0.0 < $1.0 }.map(\.2).joined(separator: " ")
    }

    private static func score(_ sentence: String) -> Int {
        let words = sentence.lowercased().split { !$0.isLetter && !$0.isNumber }
        guard words.count > 2, words.count < 60 else { return 0 }
        return min(words.count { marks.contains(String($0)) }, 3) + (sentence.contains("?") ? 2 : 0)
    }
}
