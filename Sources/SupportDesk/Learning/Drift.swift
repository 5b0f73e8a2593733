import Foundation
import Triage

/// What a desk read in a week, as counts: no text, nobody.
struct WeekCounts: Sendable, Codable, Equatable {
    /// Messages of which the desk said what they ask.
    var texts = 0
    /// By intent, without those that none covers.
    var intents: [String: Int] = [:]
    /// Messages that no intent covers.
    var unknown = 0
    /// By confidence, in tenths.
    var confidence = [Int](repeating: 0, count: 10)

    static func + (left: WeekCounts, right: WeekCounts) -> WeekCounts {
        WeekCounts(
            texts: left.texts + right.texts, intents: left.intents.merging(right.intents, uniquingKeysWith: +),
            unknown: left.unknown + right.unknown, confidence: zip(left.confidence, right.confidence).map(+))
    }
}

/// A week of the desk as the ledger keeps it.
struct DriftWeek: Sendable {
    /// Weeks since 5 January 1970, a Monday; they begin at midnight in Greenwich.
    let number: Int64
    /// The classifier in use when it was counted.
    let version: Int64
    let counts: WeekCounts

    static let length: Int64 = 7 * 86_400_000
    private static let firstMonday: Int64 = 4 * 86_400_000

    static func number(of instant: Date) -> Int64 {
        Int64((Double(instant.milliseconds - firstMonday) / Double(length)).rounded(.down))
    }

    /// When a week begins, milliseconds since 1970.
    static func start(of number: Int64) -> Int64 { number * length + firstMonday }
}

/// How far the mail of a week is from the mail that the classifier was made for.
public struct Drift: Sendable, Encodable, Hashable {
    /// When the week began.
    public let week: Date
    /// Messages of which the desk said what they ask.
    public let texts: Int
    /// Messages that it is held against.
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
    /// The share of messages that no intent covers.
    public let unknown: Double
    /// The same share of the mail that it is held against.
    public let unknownBefore: Double
    /// How likely chance makes the shares so different.
    public let unknownProbability: Double
    /// What has changed so much that somebody should look: `intents`, `confidence`, `unknown`.
    public let alarms: [String]

    /// A week of fewer messages says nothing, …
    static let leastTexts = 50
    /// … and neither do fewer to hold it against.
    static let leastReference = 200
    /// Much has changed above this stability index.
    static let largeIndex = 0.25
    /// The share of what nobody covers may move by this.
    static let largeShare = 0.05
    /// Chance must be rarer than this.
    static let limit = 0.001

    init?(_ week: DriftWeek, against reference: WeekCounts) {
        let counts = week.counts
        guard counts.texts > 0, reference.texts > 0 else { return nil }
        let names = Set(counts.intents.keys).union(reference.intents.keys).sorted()
        let pair = (names.map { reference.intents[$0] ?? 0 }, names.map { counts.intents[$0] ?? 0 })
        self.week = Date(milliseconds: DriftWeek.start(of: week.number))
        texts = counts.texts
        self.reference = reference.texts
        intentIndex = Significance.stabilityIndex(pair.0, pair.1)
        intentDistance = Significance.jensenShannon(pair.0, pair.1)
        intentProbability = Self.probability(pair.0, pair.1)
        confidenceIndex = Significance.stabilityIndex(reference.confidence, counts.confidence)
        confidenceProbability = Self.probability(reference.confidence, counts.confidence)
        unknown = Double(counts.unknown) / Double(counts.texts)
        unknownBefore = Double(reference.unknown) / Double(reference.texts)
        unknownProbability = Self.probability(
            [reference.unknown, reference.texts - reference.unknown], [counts.unknown, counts.texts - counts.unknown])
        guard counts.texts >= Self.leastTexts, reference.texts >= Self.leastReference else {
            alarms = []
            return
        }
        alarms = [
            ("intents", intentIndex > Self.largeIndex && intentProbability < Self.limit),
            ("confidence", confidenceIndex > Self.largeIndex && confidenceProbability < Self.limit),
            ("unknown", abs(unknown - unknownBefore) > Self.largeShare && unknownProbability < Self.limit),
        ].filter(\.1).map(\.0)
    }

    private static func probability(_ first: [Int], _ second: [Int]) -> Double {
        let (statistic, degrees) = Significance.homogeneity(first, second)
        return degrees == 0 ? 1 : Significance.chiSquareTail(statistic, degrees: degrees)
    }

    /// In one line, without anybody's data.
    public var line: String {
        let day = week.formatted(.iso8601.year().month().day())
        let what = alarms.isEmpty ? "as before" : "changed: \(alarms.joined(separator: ", "))"
        return "mail of the week of \(day) \(what) (intents \(Self.figure(intentIndex)), "
            + "confidence \(Self.figure(confidenceIndex)), unknown \(String(format: "%.1f", unknown * 100)) % "
            + "after \(String(format: "%.1f", unknownBefore * 100)) %)"
    }

    private static func figure(_ value: Double) -> String { String(format: "%.2f", value) }
}

/// The mail that weeks are held against: of the four weeks before the classifier in use was trained, from which its lessons came;
/// for the one of the utterances alone, and where there was no mail before, of the first four weeks with it.
struct DriftReference {
    static let weeks = 4

    static func counts(_ weeks: [DriftWeek], for use: ClassifierUse) -> (counts: WeekCounts, weeks: Set<Int64>) {
        var chosen: [DriftWeek] = []
        if use.version != 0, let since = use.since {
            let number = DriftWeek.number(of: since)
            chosen = weeks.filter { $0.number < number }.suffix(Self.weeks).map(\.self)
            if chosen.reduce(0, { $0 + $1.counts.texts }) < Drift.leastReference {
                chosen = weeks.filter { $0.number >= number }.prefix(Self.weeks).map(\.self)
            }
        } else {
            chosen = weeks.prefix(Self.weeks).map(\.self)
        }
        return (chosen.reduce(WeekCounts()) { $0 + $1.counts }, Set(chosen.map(\.number)))
    }
}
