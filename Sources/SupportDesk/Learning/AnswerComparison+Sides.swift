extension AnswerComparison {
    /// What one answer says: its facts and its words.
    struct Side: Sendable {
        let facts: Set<String>
        let words: Set<String>

        init(_ text: String, in language: String) {
            let text = AnswerComparison.clipped(text)
            (facts, words) = (AnswerComparison.facts(of: text, in: language), AnswerWords.of(text))
        }

        init(facts: Set<String>, words: Set<String>) { (self.facts, self.words) = (facts, words) }
    }

    /// Two answers beside each other, with the facts of both: never kept, for whoever asks more of them than the verdict.
    struct Sides: Sendable {
        /// What each names, without what was known before, each fact in one form.
        let own: Set<String>
        let theirs: Set<String>
        /// Whether the person's words are nearer to what the shop says on the desk's intents than on any other; nil when she uses
        /// too few of the shop's words.
        let isNear: Bool?

        /// - Parameters:
        ///   - known: facts that say nothing of the answer: the customer's own, the shop's address.
        ///   - intents: what the desk took to be asked.
        init(_ own: Side, _ theirs: Side, known: Set<String>, intents: [String], matters: Matters) {
            var facts = (own: own.facts.subtracting(known), theirs: theirs.facts.subtracting(known))
            AnswerComparison.align(&facts.own, &facts.theirs)
            (self.own, self.theirs) = (facts.own, facts.theirs)
            isNear = matters.isNear(theirs.words, to: own.words, intents)
        }

        /// A number that only the records have is no chance, in whatever words it stands.
        var isSameMatter: Bool { isNear == true || !own.isDisjoint(with: theirs) }

        /// What came of it.
        var verdict: Verdict { !isSameMatter ? .otherAnswer : own == theirs ? .same : .otherFacts }
    }

    /// What the templates of a language say on each intent, made ready for many comparisons.
    struct Matters: Sendable {
        private let templates: [String: Set<String>]
        /// Of every intent the words that tell it from others.
        private let telling: [String: Set<String>]
        private let vocabulary: Set<String>
        private let common: Set<String>

        /// Words that stand in more than this share of the templates tell no matter from another.
        private static let commonShare = 0.34
        /// Less than this in common is chance.
        private static let leastWords = 0.2
        /// So many words it takes to tell that an answer is about something else.
        private static let fewestWords = 4

        /// - Parameter templates: the words of the shop's templates of one language, by intent.
        init(_ templates: [String: Set<String>]) {
            var counts: [String: Int] = [:]
            for words in templates.values { for word in words { counts[word, default: 0] += 1 } }
            let most = max(1, Int(Double(templates.count) * Self.commonShare))
            let common = Set(counts.filter { $0.value > most }.keys)
            self.templates = templates
            self.common = common
            vocabulary = Set(counts.keys)
            telling = templates.mapValues { $0.subtracting(common) }
        }

        fileprivate func isNear(_ theirs: Set<String>, to own: Set<String>, _ intents: [String]) -> Bool? {
            let mine = intents.reduce(into: own) { $0.formUnion(templates[$1] ?? []) }.subtracting(common)
            // What no template says, a name or a regret, makes it neither nearer nor farther.
            let words = theirs.filter { !common.contains($0) && (mine.contains($0) || vocabulary.contains($0)) }
            guard !words.isEmpty else { return nil }
            func nearness(_ others: Set<String>) -> Double {
                guard !others.isEmpty else { return 0 }
                return Double(words.count { others.contains($0) }) / Double(words.count * others.count).squareRoot()
            }
            let near = nearness(mine)
            let isNear =
                near >= Self.leastWords
                && !telling.contains { !intents.contains($0.key) && nearness($0.value) > near }
            // That an answer is about something else, a word or two do not tell.
            return isNear ? true : words.count < Self.fewestWords ? nil : false
        }
    }
}
