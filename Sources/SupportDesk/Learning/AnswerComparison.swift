/// The desk's answer beside a person's answer to the same message: counts and verdicts, no word of either.
///
/// Pure: the same texts give the same comparison, and nothing is read besides.
public struct AnswerComparison: Sendable, Hashable, Codable {
    /// What came of it.
    public enum Verdict: String, Sendable, Hashable, Codable, CaseIterable {
        /// The same matter with the same amounts, dates, numbers and links: the desk's answer could have gone out.
        case same
        /// The same matter, and at least one fact that only one of the two names.
        case otherFacts
        /// The person did something else.
        case otherAnswer
        /// A person answered, and what she wrote was not to be had.
        case unread
        /// No person's answer was seen in time.
        case unanswered
    }

    /// What came of it.
    public let verdict: Verdict
    /// Whether both name the same facts; those that the customer named herself do not count.
    public let sameFacts: Bool
    /// Whether the person's words are nearer to what the shop says on the desk's intents than on any other.
    public let sameIntent: Bool
    /// Facts that only the desk names.
    public let onlyOurs: Int
    /// Facts that only the person names.
    public let onlyTheirs: Int
    /// How alike the words are: 1 for the same, 0 for none in common.
    public let likeness: Double

    /// How much of a text is looked at, in Unicode scalars.
    private static let maximumText = 20_000

    /// Lays two answers beside each other.
    /// - Parameters:
    ///   - own: the desk's answer, without greeting and signature.
    ///   - theirs: what the person newly wrote.
    ///   - known: facts that say nothing of the answer: the customer's own, the shop's address.
    ///   - intents: what the desk took to be asked.
    ///   - templates: the words of the shop's templates of that language, by intent.
    init(
        _ own: String, _ theirs: String, in language: String, known: Set<String>, intents: [String],
        templates: [String: Set<String>]
    ) {
        let sides = Sides(
            Side(own, in: language), Side(theirs, in: language), known: known, intents: intents,
            matters: Matters(templates))
        verdict = sides.verdict
        sameFacts = sides.own == sides.theirs
        onlyOurs = sides.own.subtracting(sides.theirs).count
        onlyTheirs = sides.theirs.subtracting(sides.own).count
        sameIntent = sides.isNear == true
        likeness = TextDifference(from: own, to: Self.clipped(theirs)).likeness
    }

    /// So much of a text is looked at.
    static func clipped(_ text: String) -> String {
        text.utf8.count <= maximumText
            ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(maximumText)))
    }

    // MARK: - Facts

    /// The amounts, dates, numbers, links and addresses of a text, each in one form however it is written.
    static func facts(of text: String, in language: String) -> Set<String> {
        let language = ["en", "hi", "hi-Latn"].contains(language) ? language : "en"
        var found: Set<String> = []
        for sentence in Sentences.of(text) {
            let words = SentenceWord.of(sentence, in: language)
            let facts = TypedFacts(words, in: language)
            var place = 0
            // The name of a day beside its date says nothing more: "Monday, 9 March", "9 March (Monday)".
            var (weekday, dated): (String?, Bool) = (nil, false)
            while place < words.count {
                guard let fact = facts.fact(at: place) else {
                    place += 1
                    if let day = weekday { found.insert(day) }
                    (weekday, dated) = (nil, false)
                    continue
                }
                place += max(1, fact.length)
                let isDate = fact.key.hasPrefix("date ")
                if let day = weekday, !isDate { found.insert(day) }
                if Self.weekdays.contains(fact.key) {
                    weekday = dated ? nil : fact.key
                } else {
                    found.insert(bare(link: fact.key))
                    weekday = nil
                }
                dated = isDate
            }
            if let weekday { found.insert(weekday) }
        }
        return found
    }

    /// A link without what differs from one mail to the next: the scheme, `www.`, a slash at the end.
    private static func bare(link fact: String) -> String {
        guard fact.utf8.contains(0x2F) || fact.hasPrefix("www."), !fact.utf8.contains(0x20) else { return fact }
        var rest = fact[...]
        for prefix in ["https://", "http://", "www."] where rest.hasPrefix(prefix) {
            rest = rest.dropFirst(prefix.count)
        }
        while rest.hasSuffix("/") { rest = rest.dropLast() }
        return String(rest)
    }

    private static let weekdays: Set<String> = [
        "day monday", "day tuesday", "day wednesday", "day thursday", "day friday", "day saturday", "day sunday",
    ]

    /// Makes one of what only one side writes out: the year of a day, the currency of an amount, the unit of a number.
    static func align(_ one: inout Set<String>, _ other: inout Set<String>) {
        func shortened(_ long: Set<String>, by short: Set<String>) -> Set<String> {
            Set(
                long.map { fact in
                    let parts = fact.split(separator: " ").map(String.init)
                    if parts.count == 3, parts[0] == "date" {
                        let day = "date \(parts[1])"
                        return short.contains(day) && !short.contains(fact) ? day : fact
                    }
                    guard parts.count > 1, !short.contains(fact), parts[0] != "date", parts[0] != "phone" else {
                        return fact
                    }
                    // The amount of a currency, the number of a unit, the per cent.
                    return parts.first { $0.first?.isNumber == true && short.contains($0) } ?? fact
                })
        }
        let first = one
        one = shortened(one, by: other)
        other = shortened(other, by: first)
    }
}
