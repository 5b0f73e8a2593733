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
    /// Words that stand in more than this share of the templates tell no matter from another.
    private static let common = 0.34
    /// Less than this in common is chance.
    private static let leastWords = 0.2

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
        let theirs = String(String.UnicodeScalarView(theirs.unicodeScalars.prefix(Self.maximumText)))
        var facts = (
            own: Self.facts(of: own, in: language).subtracting(known),
            theirs: Self.facts(of: theirs, in: language).subtracting(known)
        )
        Self.align(&facts.own, &facts.theirs)
        sameFacts = facts.own == facts.theirs
        onlyOurs = facts.own.subtracting(facts.theirs).count
        onlyTheirs = facts.theirs.subtracting(facts.own).count
        sameIntent = Self.isNear(AnswerWords.of(theirs), to: AnswerWords.of(own), intents, templates)
        likeness = TextDifference(from: own, to: theirs).likeness
        // A number that only the records have is no chance, in whatever words it stands.
        let isSameMatter = sameIntent || !facts.own.isDisjoint(with: facts.theirs)
        verdict = !isSameMatter ? .otherAnswer : sameFacts ? .same : .otherFacts
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
            while place < words.count {
                guard let fact = facts.fact(at: place) else {
                    place += 1
                    continue
                }
                found.insert(fact.key)
                place += max(1, fact.length)
            }
        }
        return found
    }

    /// Makes one of what only one side writes out: the year of a day, the currency of an amount.
    private static func align(_ one: inout Set<String>, _ other: inout Set<String>) {
        func shortened(_ long: Set<String>, by short: Set<String>) -> Set<String> {
            Set(
                long.map { fact in
                    let parts = fact.split(separator: " ").map(String.init)
                    if parts.count == 3, parts[0] == "date" {
                        let day = "date \(parts[1])"
                        return short.contains(day) && !short.contains(fact) ? day : fact
                    }
                    if parts.count == 2, parts[0].count == 3, parts[0] == parts[0].uppercased(),
                        short.contains(parts[1]), !short.contains(fact)
                    {
                        return parts[1]
                    }
                    return fact
                })
        }
        let first = one
        one = shortened(one, by: other)
        other = shortened(other, by: first)
    }

    // MARK: - Words

    private static func isNear(
        _ theirs: Set<String>, to own: Set<String>, _ intents: [String], _ templates: [String: Set<String>]
    ) -> Bool {
        var counts: [String: Int] = [:]
        for words in templates.values { for word in words { counts[word, default: 0] += 1 } }
        let most = max(1, Int(Double(templates.count) * common))
        func telling(_ words: Set<String>) -> Set<String> { words.filter { counts[$0, default: 0] <= most } }
        let mine = telling(intents.reduce(into: own) { $0.formUnion(templates[$1] ?? []) })
        // What no template says, a name or a regret, makes it neither nearer nor farther.
        let vocabulary = mine.union(counts.keys)
        let words = telling(theirs).intersection(vocabulary)
        func nearness(_ others: Set<String>) -> Double {
            guard !words.isEmpty, !others.isEmpty else { return 0 }
            return Double(words.intersection(others).count) / Double(words.count * others.count).squareRoot()
        }
        let near = nearness(mine)
        let rivals = templates.filter { !intents.contains($0.key) }.values.map { nearness(telling($0)) }
        return near >= leastWords && near >= rivals.max() ?? 0
    }
}
