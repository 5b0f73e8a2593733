import Foundation
import Triage

/// Looks at a batch of lessons before anything is learned from them: whether their labels contradict what everything else says
/// more often than chance, for one intent or for all.
///
/// Each label is held against a model that was trained on the other texts and lessons (cross-validation). How much such a model
/// prefers another label tells hard texts, which are doubtful, from wrong labels, which are contradicted. The utterances, which
/// nobody slipped in, tell how much is usual: a label is contradicted when the others prefer another one more than with all but
/// five, two and one in a hundred utterances. Three levels, because a few glaring contradictions and many small ones both tell.
///
/// Two kinds of tests share the chance of a false refusal. The first asks whether too many lessons that look like an intent are
/// told to be others. What lessons are told to be is no part of it: of a hard intent many honest ones are contradicted. The
/// second asks that of either side, and counts only confusions that no utterance knows; how much intents differ in those is
/// learned from the utterances as well.
public struct LessonGuard: Sendable, Codable, Equatable {
    /// A lesson whose label is unlike everything else.
    public struct Unusual: Sendable, Codable, Equatable {
        /// The lesson.
        public let lesson: Int64
        /// What it was told to be.
        public let label: String
        /// What the others say that it is.
        public let predicted: String
        /// How likely the others find what it was told to be.
        public let likelihood: Double
    }

    /// One intent of the batch in which there are too many contradictions.
    public struct Suspicion: Sendable, Codable, Equatable {
        /// The intent; nil: the batch as a whole.
        public let intent: String?
        /// Whether the lessons that were told to be of the intent are meant, or those that look like it.
        public let isTold: Bool
        /// How many lessons were looked at.
        public let lessons: Int
        /// How many of them are contradicted.
        public let contradicted: Int
        /// The share that is usual.
        public let usual: Double
        /// How likely chance makes so many.
        public let probability: Double
        /// The numbers of those lessons, the least usual first; nil in what an earlier release wrote.
        public let which: [Int64]?
        /// Whether only confusions count that no utterance knows; nil in what an earlier release wrote.
        public let isUnheardOf: Bool?
    }

    /// Lessons that were looked at.
    public internal(set) var lessons = 0
    /// Those of them that are contradicted.
    public internal(set) var contradicted = 0
    /// The share of the utterances that is contradicted.
    public internal(set) var usual = 0.0
    /// Where there are too many; empty: the batch passes.
    public internal(set) var suspicions: [Suspicion] = []
    /// The lessons that are least usual, worst first; also of a batch that passes.
    public internal(set) var unusual: [Unusual] = []

    /// Whether the batch may be learned from.
    public var passes: Bool { suspicions.isEmpty }

    /// The lessons by which the batch is refused, each once, those of the worst suspicion first; empty: it passes.
    public var refusedFor: [Int64] {
        var told: Set<Int64> = []
        return suspicions.flatMap { $0.which ?? [] }.filter { told.insert($0).inserted }
    }

    /// The shares of the utterances that count as contradicted.
    static let levels = [0.05, 0.02, 0.01]
    /// Those of them at which unheard-of confusions are counted, the largest first.
    static let unheardOfLevels = [0.05, 0.02]
    /// The level by which lessons are named and counted for people.
    static let namedLevel = 0.02
    /// All tests together refuse a batch by chance about this rarely.
    static let falseRefusals = 0.02
    /// A suspicion needs so many contradictions: fewer are for the people who look at the list.
    static let leastContradictions = 3
    /// Lessons may be contradicted so much more often than utterances before that alone is a suspicion: they are real mail.
    static let tolerance = 3.0
    /// At most so many lessons are named.
    static let namedLessons = 40

    init() {}

    /// - Parameters:
    ///   - texts: what is to be trained on.
    ///   - scores: what models that were trained on the others make of each of them.
    ///   - isNew: whether a lesson belongs to the batch; the others were learned before.
    ///   - judged: what a model that has not seen the held-out lessons makes of them, in their order.
    init(
        _ texts: LearningTexts, _ scores: [IntentScores], isNew: (ApprovedLesson) -> Bool, judged: [IntentScores]
    ) {
        self.init()
        var base: [Look] = []
        var batch: [Look] = []
        for (index, example) in texts.training.enumerated() {
            let lesson = index < texts.baseCount ? nil : texts.trained[index - texts.baseCount]
            let look = Look(example.intent, scores[index], lesson?.id)
            if let lesson, isNew(lesson) { batch.append(look) } else { base.append(look) }
        }
        for (lesson, score) in zip(texts.heldOutLessons, judged) where isNew(lesson) {
            batch.append(Look(lesson.label, score, lesson.id))
        }
        judge(batch, base)
    }

    /// What one text's label looks like to the others.
    private struct Look {
        let label: String
        let predicted: String
        let likelihood: Double
        /// How much the others prefer what they predict, as the logarithm of the odds; 0 where they agree.
        let preference: Double
        let lesson: Int64?

        init(_ intent: String, _ scores: IntentScores, _ lesson: Int64?) {
            let isOutside = IntentClassifier.outOfScopeLabels.contains(intent)
            label = isOutside ? IntentClassifier.outOfScope : intent
            let best = scores.ranked.first
            let isBestOutside = scores.outOfScope > best?.confidence ?? 0
            predicted = isBestOutside ? IntentClassifier.outOfScope : best?.intent ?? IntentClassifier.outOfScope
            likelihood = scores.confidence(of: label)
            let confidence = isBestOutside ? scores.outOfScope : best?.confidence ?? 0
            preference = predicted == label ? 0 : log(max(confidence, 1e-9) / max(likelihood, 1e-9))
            self.lesson = lesson
        }
    }

    private mutating func judge(_ batch: [Look], _ base: [Look]) {
        lessons = batch.count
        guard !batch.isEmpty, !base.isEmpty else { return }
        let preferences = base.map(\.preference).sorted(by: >)
        func limit(_ level: Double) -> Double { max(preferences[Int(level * Double(preferences.count))], 1e-6) }
        let named = limit(Self.namedLevel)
        contradicted = batch.count { $0.preference > named }
        usual = Double(base.count { $0.preference > named }) / Double(base.count)
        unusual = batch.filter { $0.preference > named }.sorted {
            ($1.preference, $0.lesson ?? 0) < ($0.preference, $1.lesson ?? 0)
        }.prefix(Self.namedLessons).compactMap { look in
            look.lesson.map {
                Unusual(lesson: $0, label: look.label, predicted: look.predicted, likelihood: look.likelihood)
            }
        }
        let groups = [
            Self.levels.flatMap { Self.looksTests(batch, base, above: limit($0)) },
            Self.unheardOfTests(batch, base, Self.unheardOfLevels.map(limit)),
        ]
        suspicions = groups.flatMap { tests in
            let limit = Self.falseRefusals / Double(groups.count * tests.count)
            return tests.filter { $0.probability < limit && $0.contradicted >= Self.leastContradictions }
        }.sorted { ($0.probability, $0.intent ?? "") < ($1.probability, $1.intent ?? "") }
    }

    /// The lessons that look like each intent beside the utterances that do; and all together.
    private static func looksTests(_ batch: [Look], _ base: [Look], above limit: Double) -> [Suspicion] {
        let isContradicted = { (look: Look) in look.preference > limit }
        let counts = Counts(batch, base, of: isContradicted)
        let known = Dictionary(grouping: base, by: \.predicted)
        var tests = Dictionary(grouping: batch, by: \.predicted).map { intent, looks in
            let own = known[intent] ?? []
            let rate = rate(own.count(where: isContradicted), own.count, prior: counts.usual)
            let expected = min(max(rate * counts.shift(without: looks, isContradicted), leastRate), 0.5)
            return suspicion(intent, isTold: false, looks, isContradicted, usual: expected) { count, total in
                Significance.binomialTail(count, of: total, chance: expected)
            }
        }
        let expected = min(max(counts.usual * tolerance, leastRate), 0.5)
        tests.append(
            suspicion(nil, isTold: true, batch, isContradicted, usual: expected) { count, total in
                Significance.binomialTail(count, of: total, chance: expected)
            })
        return tests
    }

    /// The confusions that no utterance knows, of each intent's lessons by what they were told to be and by what they look like.
    /// - Parameter limits: by which a label counts as contradicted, the smallest first.
    private static func unheardOfTests(_ batch: [Look], _ base: [Look], _ limits: [Double]) -> [Suspicion] {
        guard let smallest = limits.first else { return [] }
        let pairs = base.filter { $0.preference > smallest }.reduce(into: [[String]: Int]()) {
            $0[[$1.label, $1.predicted], default: 0] += 1
        }
        var tests: [Suspicion] = []
        for limit in limits {
            let isUnheardOf = { (look: Look) in
                // An utterance does not know its own confusion.
                look.preference > limit
                    && pairs[[look.label, look.predicted], default: 0] <= (look.lesson == nil ? 1 : 0)
            }
            let counts = Counts(batch, base, of: isUnheardOf)
            for isTold in [true, false] {
                let name = { (look: Look) in isTold ? look.label : look.predicted }
                let known = Dictionary(grouping: base, by: name).mapValues { ($0.count(where: isUnheardOf), $0.count) }
                let spread = Spread(Array(known.values))
                for (intent, looks) in Dictionary(grouping: batch, by: name) {
                    let (count, total) = known[intent] ?? (0, 0)
                    let weight = Double(total) + spread.weight
                    let rate = (Double(count) + spread.rate * spread.weight) / weight
                    let expected = min(max(rate * counts.shift(without: looks, isUnheardOf), leastUnheardOf), 0.5)
                    tests.append(
                        suspicion(
                            intent, isTold: isTold, looks, isUnheardOf, usual: expected, isUnheardOf: true
                        ) { count, total in
                            Significance.betaBinomialTail(
                                count, of: total, alpha: expected * weight, beta: (1 - expected) * weight)
                        })
                }
            }
        }
        return tests
    }

    private static func suspicion(
        _ intent: String?, isTold: Bool, _ looks: [Look], _ counts: (Look) -> Bool, usual: Double,
        isUnheardOf: Bool = false, _ probability: (Int, Int) -> Double
    ) -> Suspicion {
        let counted = looks.filter(counts).sorted {
            ($1.preference, $0.lesson ?? 0) < ($0.preference, $1.lesson ?? 0)
        }
        return Suspicion(
            intent: intent, isTold: isTold, lessons: looks.count, contradicted: counted.count, usual: usual,
            probability: probability(counted.count, looks.count),
            which: counted.prefix(namedLessons).compactMap(\.lesson), isUnheardOf: isUnheardOf)
    }

    /// How often something is so in the whole batch, and among the utterances.
    private struct Counts {
        let batch: Int
        let lessons: Int
        let usual: Double

        init(_ batch: [Look], _ base: [Look], of isSo: (Look) -> Bool) {
            (self.batch, lessons) = (batch.count(where: isSo), batch.count)
            usual = Double(base.count(where: isSo)) / Double(base.count)
        }

        /// Real mail is harder than utterances: how much harder, the batch's other intents tell.
        func shift(without looks: [Look], _ isSo: (Look) -> Bool) -> Double {
            let others = rate(batch - looks.count(where: isSo), lessons - looks.count, prior: usual)
            return max(1, min(others / max(usual, 1e-6), tolerance))
        }
    }

    /// How a share differs from intent to intent, by moments: the usual one, and how many texts that is worth as a prior.
    private struct Spread {
        let rate: Double
        let weight: Double

        /// The share of all counts for no more texts than this.
        private static let mostWeight = 1_000.0

        init(_ counts: [(so: Int, all: Int)]) {
            let all = Double(counts.reduce(0) { $0 + $1.all })
            let rate = max(Double(counts.reduce(0) { $0 + $1.so }) / max(all, 1), 1e-4)
            self.rate = rate
            let free = Double(counts.count - 1)
            let size = (all - counts.reduce(0) { $0 + Double($1.all * $1.all) } / max(all, 1)) / max(free, 1)
            guard free > 0, size > 1 else {
                weight = Self.mostWeight
                return
            }
            let chiSquare = counts.reduce(0.0) { sum, count in
                let expected = Double(count.all) * rate
                return count.all == 0
                    ? sum
                    : sum + (Double(count.so) - expected) * (Double(count.so) - expected) / (expected * (1 - rate))
            }
            let correlation = (chiSquare / free - 1) / (size - 1)
            weight = correlation > 0 ? min(max(1 / correlation - 1, 1), Self.mostWeight) : Self.mostWeight
        }
    }

    /// An intent's own share counts the more, the more texts it has.
    private static let priorWeight = 30.0
    /// No share is taken to be smaller than this, …
    private static let leastRate = 0.005
    /// … and none of unheard-of confusions than this.
    private static let leastUnheardOf = 0.002

    private static func rate(_ count: Int, _ total: Int, prior: Double) -> Double {
        (Double(count) + prior * priorWeight) / (Double(total) + priorWeight)
    }
}
