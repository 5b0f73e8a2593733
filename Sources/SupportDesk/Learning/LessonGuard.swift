import Foundation
import Triage

/// Looks at a batch of lessons before anything is learned from them: whether their labels contradict what everything else says
/// more often, or more loudly, than chance, for one intent or for all.
///
/// Each label is held against a model that was trained on the other texts and lessons (cross-validation). How much such a model
/// prefers another label tells hard texts, which are doubtful, from wrong labels, which are contradicted. The utterances, which
/// nobody slipped in, tell how much is usual: a label is contradicted when the others prefer another one more than with all but
/// two in a hundred utterances. By how much more falls off exponentially with honest texts; so what is added up is not how many
/// are contradicted but how much: a few glaring contradictions and many small ones both tell.
///
/// Asked is whether the lessons that look like an intent are contradicted too much. What they were told to be is no part of it:
/// of a hard intent many honest ones are.
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
        /// How many lessons were looked at.
        public let lessons: Int
        /// How many of them are contradicted.
        public let contradicted: Int
        /// The share that would be usual.
        public let usual: Double
        /// How likely chance makes them contradicted so much.
        public let probability: Double
        /// The numbers of the lessons to look at, the least usual first: those, and such as are doubtful. Nil in what an earlier
        /// release wrote.
        public let which: [Int64]?
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

    /// The share of the utterances that counts as contradicted.
    static let level = 0.02
    /// The share of them that counts as doubtful: where too many labels are wrong, some of them are no more than that.
    static let doubtfulLevel = 0.05
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
        let (limit, doubt) = (limit(Self.level), limit(Self.doubtfulLevel))
        let doubtful = batch.filter { $0.preference > doubt }.sorted {
            ($1.preference, $0.lesson ?? 0) < ($0.preference, $1.lesson ?? 0)
        }
        let (known, found) = (Excess(base, over: limit), Excess(batch, over: limit))
        (contradicted, usual) = (found.count, known.share)
        unusual = doubtful.prefix(min(contradicted, Self.namedLessons)).compactMap { look in
            look.lesson.map {
                Unusual(lesson: $0, label: look.label, predicted: look.predicted, likelihood: look.likelihood)
            }
        }
        let own = Dictionary(grouping: base, by: \.predicted).mapValues { Excess($0, over: limit) }
        var tests = Dictionary(grouping: batch, by: \.predicted).map { intent, looks in
            // Real mail is harder than utterances: how much harder, the batch's other intents tell.
            let looks = Excess(looks, over: limit)
            let others = found.without(looks)
            let harder = max(1, min(others.share(prior: known.share) / max(known.share, 1e-6), Self.tolerance))
            let share = (own[intent] ?? Excess()).share(prior: known.share) * harder
            let mean = max(known.mean, others.mean(prior: known.mean))
            return looks.suspicion(intent, doubtful, share: share, mean: mean)
        }
        tests.append(found.suspicion(nil, doubtful, share: known.share * Self.tolerance, mean: known.mean))
        let chance = Self.falseRefusals / Double(tests.count)
        suspicions = tests.filter { $0.probability < chance && $0.contradicted >= Self.leastContradictions }
            .sorted { ($0.probability, $0.intent ?? "") < ($1.probability, $1.intent ?? "") }
    }

    /// By how much the labels of some texts are contradicted.
    private struct Excess {
        /// The texts.
        var all = 0
        /// Those that are contradicted.
        var count = 0
        /// What their preferences exceed the limit by, together.
        var sum = 0.0

        /// A group's own share, and its own mean, count the more, the more texts it has.
        private static let priorWeight = 30.0

        init() {}

        init(_ looks: [Look], over limit: Double) {
            all = looks.count
            for look in looks where look.preference > limit {
                count += 1
                sum += look.preference - limit
            }
        }

        func without(_ other: Excess) -> Excess {
            var rest = self
            rest.all -= other.all
            rest.count -= other.count
            rest.sum -= other.sum
            return rest
        }

        var share: Double { all == 0 ? 0 : Double(count) / Double(all) }
        /// How far beyond the limit a contradicted one is; of few it is not taken to be nearly nothing.
        var mean: Double { max(count == 0 ? 0 : sum / Double(count), 0.3) }

        func share(prior: Double) -> Double {
            (Double(count) + prior * Self.priorWeight) / (Double(all) + Self.priorWeight)
        }

        func mean(prior: Double) -> Double { (sum + prior * Self.priorWeight) / (Double(count) + Self.priorWeight) }

        /// - Parameters:
        ///   - doubtful: all doubtful lessons of the batch, the worst first.
        ///   - share: how many of these texts would usually be contradicted.
        ///   - mean: how far beyond the limit.
        func suspicion(_ intent: String?, _ doubtful: [Look], share: Double, mean: Double) -> Suspicion {
            let share = min(share, 0.5)
            let which = doubtful.filter { intent == nil || $0.predicted == intent }
            return Suspicion(
                intent: intent, lessons: all, contradicted: count, usual: share,
                probability: Significance.excessTail(sum / mean, expected: share * Double(all)),
                which: which.prefix(LessonGuard.namedLessons).compactMap(\.lesson))
        }
    }
}
