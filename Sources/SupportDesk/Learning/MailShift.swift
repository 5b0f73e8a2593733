import Foundation
import Triage

/// How far the mail of a week is from something that it is held against.
public struct MailShift: Sendable, Encodable, Hashable {
    /// Texts that it is held against.
    public let reference: Int
    /// The population stability index of the intents: above 0.25 much has changed.
    public let intentIndex: Double
    /// The Jensen-Shannon distance of the intents, from 0 to 1.
    public let intentDistance: Double
    /// How likely chance makes the intents so different (chi-square, rare ones together).
    public let intentProbability: Double
    /// The population stability index of the confidence, in tenths.
    public let confidenceIndex: Double
    /// How likely chance makes the confidence so different.
    public let confidenceProbability: Double
    /// The share that no intent covers, of what it is held against.
    public let unknown: Double
    /// How likely chance makes the shares so different.
    public let unknownProbability: Double
    /// What has changed so much that somebody should look, of `figures`.
    public let alarms: [String]

    /// What is compared.
    static let figures = ["intents", "confidence", "unknown"]

    /// Much has changed above this stability index.
    static let largeIndex = 0.25
    /// The share of what nobody covers may move by this.
    static let largeShare = 0.05
    /// Chance must be rarer than this: three figures ring a false alarm in one week of 333 at most.
    static let limit = 0.001

    init?(_ counts: WeekCounts, against reference: WeekCounts) {
        guard counts.texts > 0, reference.texts > 0 else { return nil }
        let names = Set(counts.intents.keys).union(reference.intents.keys).sorted()
        let pair = (names.map { reference.intents[$0] ?? 0 }, names.map { counts.intents[$0] ?? 0 })
        self.reference = reference.texts
        intentIndex = Significance.stabilityIndex(pair.0, pair.1)
        intentDistance = Significance.jensenShannon(pair.0, pair.1)
        intentProbability = Self.probability(pair.0, pair.1)
        confidenceIndex = Significance.stabilityIndex(reference.confidence, counts.confidence)
        confidenceProbability = Self.probability(reference.confidence, counts.confidence)
        let share = Double(counts.unknown) / Double(counts.texts)
        unknown = Double(reference.unknown) / Double(reference.texts)
        unknownProbability = Self.probability(
            [reference.unknown, reference.texts - reference.unknown], [counts.unknown, counts.texts - counts.unknown])
        guard counts.texts >= Drift.leastTexts, reference.texts >= Drift.leastReference else {
            alarms = []
            return
        }
        let hasChanged = [
            intentIndex > Self.largeIndex && intentProbability < Self.limit,
            confidenceIndex > Self.largeIndex && confidenceProbability < Self.limit,
            abs(share - unknown) > Self.largeShare && unknownProbability < Self.limit,
        ]
        alarms = zip(Self.figures, hasChanged).filter(\.1).map(\.0)
    }

    private static func probability(_ first: [Int], _ second: [Int]) -> Double {
        let (statistic, degrees) = Significance.homogeneity(first, second)
        return degrees == 0 ? 1 : Significance.chiSquareTail(statistic, degrees: degrees)
    }

    /// The figures in a few words.
    var words: String {
        String(format: "intents %.2f, confidence %.2f, unknown %.1f %%", intentIndex, confidenceIndex, unknown * 100)
    }
}

extension WeekCounts {
    /// What a classifier was trained on: what the texts are by their labels, and how sure models are of each that were trained
    /// on the others.
    init(of examples: [TrainingExample], _ scores: [IntentScores]) {
        for (example, score) in zip(examples, scores) {
            texts += 1
            if IntentClassifier.outOfScopeLabels.contains(example.intent) {
                unknown += 1
            } else {
                intents[example.intent, default: 0] += 1
            }
            // What a message has on record: the confidence of whatever is likeliest.
            let sure = max(score.outOfScope, score.ranked.first?.confidence ?? 0)
            confidence[min(max(Int(sure * 10), 0), 9)] += 1
        }
    }
}
