import Foundation
import Triage

/// How a newly trained classifier does beside the one in use, on texts that neither was trained on.
public struct ModelComparison: Sendable, Codable {
    /// Texts of one intent.
    public struct Intent: Sendable, Codable {
        /// The intent, or `out_of_scope`.
        public let intent: String
        /// Texts that have it.
        public let texts: Int
        /// Those that the former one got right.
        public let former: Int
        /// Those that the new one gets right.
        public let new: Int
        /// Those that were right and are wrong.
        public let worse: Int
        /// Those that were wrong and are right.
        public let better: Int
        /// McNemar's exact test: how likely chance makes so many worse.
        public let probability: Double
        /// Whether it must not be worse.
        public let isGuarded: Bool

        /// It is worse than chance explains.
        var isWorse: Bool { probability < ModelComparison.limit }
    }

    /// How the new one does on mails of which the desk is known to have been wrong.
    public struct FieldErrors: Sendable, Codable {
        /// Lessons that a person told to be something else than the desk had taken them for.
        public let lessons: Int
        /// Those that the new one gets right.
        public let right: Int
        /// Those of them that neither was trained on.
        public let heldOut: Int
        /// … and that the new one gets right.
        public let heldOutRight: Int
    }

    /// The one in use when it was trained.
    public let former: Int64
    /// Utterances and lessons that it learned from.
    public let trainedOn: Int
    /// Lessons among them.
    public let lessons: Int
    /// Lessons that the one before had not learned from.
    public let newLessons: Int
    /// Lessons that were set aside because later ones of the same words say otherwise.
    public let overruled: [Int64]
    /// Texts that are measured on.
    public let heldOut: Int
    /// Lessons among them.
    public let heldOutLessons: Int
    /// Those that the former one got right.
    public let formerRight: Int
    /// Those that the new one gets right.
    public let newRight: Int
    /// By intent.
    public let intents: [Intent]
    /// Intents of the former one that the new one does not know.
    public let lost: [String]
    /// Mails of which the desk is known to have been wrong.
    public let fieldErrors: FieldErrors
    /// What was thought of the new lessons.
    public let lessonGuard: LessonGuard

    /// An intent is worse when chance would make it so more rarely than this.
    static let limit = 0.05

    /// Why it must not be used; nil: it may.
    public var refusal: String? {
        if let lost = lost.first { return "it does not know \(lost) any more" }
        let worse = intents.filter { $0.isGuarded && $0.isWorse }.map {
            "\($0.intent) (\($0.worse) texts worse, \($0.better) better, p = \(String(format: "%.3g", $0.probability)))"
        }
        if !worse.isEmpty { return "it is worse on \(worse.joined(separator: ", "))" }
        let (down, up) = intents.reduce((0, 0)) { ($0.0 + $1.worse, $0.1 + $1.better) }
        let probability = Significance.mcNemar(worse: down, better: up)
        if probability < Self.limit {
            return "it is worse on all texts together (\(down) worse, \(up) better, "
                + "p = \(String(format: "%.3g", probability)))"
        }
        return nil
    }
}

extension ModelComparison {
    /// Measures both on the same texts.
    init(
        former: Int64, _ texts: LearningTexts, _ old: IntentClassifier, _ new: IntentClassifier, newLessons: Int,
        guarded: (String) -> Bool, lessonGuard: LessonGuard
    ) {
        var counts: [String: (texts: Int, former: Int, new: Int, worse: Int, better: Int)] = [:]
        for example in texts.heldOut {
            let label =
                IntentClassifier.outOfScopeLabels.contains(example.intent)
                ? IntentClassifier.outOfScope : example.intent
            let was = old.classify(example.text).label == label
            let isRight = new.classify(example.text).label == label
            var count = counts[label] ?? (0, 0, 0, 0, 0)
            count.texts += 1
            count.former += was ? 1 : 0
            count.new += isRight ? 1 : 0
            count.worse += was && !isRight ? 1 : 0
            count.better += !was && isRight ? 1 : 0
            counts[label] = count
        }
        let intents = counts.map { name, count in
            Intent(
                intent: name, texts: count.texts, former: count.former, new: count.new, worse: count.worse,
                better: count.better, probability: Significance.mcNemar(worse: count.worse, better: count.better),
                isGuarded: guarded(name))
        }.sorted { $0.intent < $1.intent }
        func wrong(_ lessons: [ApprovedLesson]) -> [ApprovedLesson] {
            lessons.filter { $0.seen != nil && $0.seen != $0.label }
        }
        func right(_ lessons: [ApprovedLesson]) -> Int {
            lessons.count { new.classify($0.utterance).label == $0.label }
        }
        let (trained, kept) = (wrong(texts.trained), wrong(texts.heldOutLessons))
        let (trainedRight, keptRight) = (right(trained), right(kept))
        self.init(
            former: former, trainedOn: texts.training.count, lessons: texts.trained.count, newLessons: newLessons,
            overruled: texts.overruled.map(\.id), heldOut: texts.heldOut.count,
            heldOutLessons: texts.heldOutLessons.count,
            formerRight: intents.reduce(0) { $0 + $1.former }, newRight: intents.reduce(0) { $0 + $1.new },
            intents: intents, lost: Set(old.intents).subtracting(new.intents).sorted(),
            fieldErrors: FieldErrors(
                lessons: trained.count + kept.count, right: trainedRight + keptRight, heldOut: kept.count,
                heldOutRight: keptRight), lessonGuard: lessonGuard)
    }
}
