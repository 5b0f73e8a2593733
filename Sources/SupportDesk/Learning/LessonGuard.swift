import Foundation
import Triage

/// Looks at a batch of lessons before anything is learned from them: whether their labels contradict what everything else says
/// more often than chance, for one intent or for all.
///
/// Each label is held against a model that was trained on the other texts and lessons (cross-validation). How much such a model
/// prefers another label tells hard texts, which are doubtful, from wrong labels, which are contradicted. The utterances, which
/// nobody slipped in, tell how much is usual: a label is contradicted when the others prefer another one more than with all but
/// five, two and one in a hundred utterances. Three levels, because a few glaring contradictions and many small ones both tell.
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

    /// The shares of the utterances that count as contradicted.
    static let levels = [0.05, 0.02, 0.01]
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
    ///   - isNew: whether a lesson belongs to the batch; the others were learned before.
    ///   - judged: what a model that has not seen the held-out lessons makes of them, in their order.
    init(
        _ texts: LearningTexts, isNew: (ApprovedLesson) -> Bool, judged: [IntentScores]
    ) throws(TriageError) {
        self.init()
        let scores = try IntentClassifier.crossValidate(texts.training)
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
        let tests = Self.levels.flatMap { Self.tests(batch, base, above: limit($0)) }
        let limit = Self.falseRefusals / Double(tests.count)
        suspicions = tests.filter { $0.probability < limit && $0.contradicted >= Self.leastContradictions }
            .sorted { ($0.probability, $0.intent ?? "") < ($1.probability, $1.intent ?? "") }
    }

    /// Each intent's lessons beside its utterances, by what they were told to be and by what they look like; and all together.
    private static func tests(_ batch: [Look], _ base: [Look], above limit: Double) -> [Suspicion] {
        let isContradicted = { (look: Look) in look.preference > limit }
        let contradicted = batch.count(where: isContradicted)
        let usual = Double(base.count(where: isContradicted)) / Double(base.count)
        var tests: [Suspicion] = []
        for isTold in [true, false] {
            let name = { (look: Look) in isTold ? look.label : look.predicted }
            let known = Dictionary(grouping: base, by: name)
            for (intent, looks) in Dictionary(grouping: batch, by: name) {
                let count = looks.count(where: isContradicted)
                // Real mail is harder than utterances: how much harder, the batch's other intents tell.
                let others = rate(
                    contradicted - count, batch.count - looks.count, prior: usual, weight: priorWeight)
                let shift = max(1, min(others / max(usual, 1e-6), tolerance))
                let own = known[intent] ?? []
                let rate = rate(own.count(where: isContradicted), own.count, prior: usual, weight: priorWeight)
                let expected = min(max(rate * shift, leastRate), 0.5)
                tests.append(
                    Suspicion(
                        intent: intent, isTold: isTold, lessons: looks.count, contradicted: count, usual: expected,
                        probability: Significance.binomialTail(count, of: looks.count, chance: expected)))
            }
        }
        let expected = min(max(usual * tolerance, leastRate), 0.5)
        tests.append(
            Suspicion(
                intent: nil, isTold: true, lessons: batch.count, contradicted: contradicted, usual: expected,
                probability: Significance.binomialTail(contradicted, of: batch.count, chance: expected)))
        return tests
    }

    /// An intent's own share counts the more, the more texts it has.
    private static let priorWeight = 30.0
    /// No share is taken to be smaller than this.
    private static let leastRate = 0.005

    private static func rate(_ count: Int, _ total: Int, prior: Double, weight: Double) -> Double {
        (Double(count) + prior * weight) / (Double(total) + weight)
    }
}
