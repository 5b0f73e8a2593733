import Foundation
import Triage

/// What a desk read in a week, or a classifier was trained on, as counts: no text, nobody.
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

/// How far the mail of a week is from what the classifier in use was trained on, and from the mail of the weeks before.
public struct Drift: Sendable, Encodable, Hashable {
    /// When the week began.
    public let week: Date
    /// Messages of which the desk said what they ask.
    public let texts: Int
    /// The share of them that no intent covers.
    public let unknown: Double
    /// Beside the texts that the classifier in use was trained on; nil: they have not been counted yet.
    public let training: MailShift?
    /// Beside the mail of the first weeks with the classifier, or of those before it; nil: it is one of them.
    public let before: MailShift?
    /// What is so different that somebody should look: `intents`, `confidence` and `unknown` beside the training,
    /// `intents-moved`, `confidence-moved` and `unknown-moved` beside the weeks before.
    public let alarms: [String]

    /// All that may stand in `alarms`.
    public static let figures = MailShift.figures + MailShift.figures.map { $0 + moved }
    private static let moved = "-moved"

    /// A week of fewer messages says nothing, …
    static let leastTexts = 50
    /// … and neither do fewer to hold it against.
    static let leastReference = 200

    init?(_ week: DriftWeek, training: WeekCounts?, before: WeekCounts?) {
        let counts = week.counts
        self.week = Date(milliseconds: DriftWeek.start(of: week.number))
        texts = counts.texts
        unknown = counts.texts == 0 ? 0 : Double(counts.unknown) / Double(counts.texts)
        self.training = training.flatMap { MailShift(counts, against: $0) }
        self.before = before.flatMap { MailShift(counts, against: $0) }
        if self.training == nil, self.before == nil { return nil }
        alarms = (self.training?.alarms ?? []) + (self.before?.alarms ?? []).map { $0 + Self.moved }
    }

    /// In one line, without anybody's data.
    public var line: String {
        let day = week.formatted(.iso8601.year().month().day())
        let words = [
            training.map { "beside the training \($0.words)" }, before.map { "beside the weeks before \($0.words)" },
        ]
        let what = alarms.isEmpty ? "as expected" : "changed: \(alarms.joined(separator: ", "))"
        return "mail of the week of \(day) \(what) (unknown \(String(format: "%.1f", unknown * 100)) %; "
            + words.compactMap(\.self).joined(separator: "; ") + ")"
    }
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
