import Foundation
import Triage

/// How the desk's mail has moved, week by week.
public struct DriftReport: Sendable, Encodable {
    /// The classifier in use.
    public let model: Int64
    /// Texts that it was trained on, which each week is held against; 0: they have not been counted yet.
    public let training: Int
    /// Messages of the weeks before, which the later ones are held against as well.
    public let reference: Int
    /// Weeks that have ended, oldest first.
    public let weeks: [Drift]
    /// What somebody should look at: of the last week.
    public var alarms: [String] { weeks.last?.alarms ?? [] }
    /// Whether the week before the last one rang other alarms, or none.
    var isNews: Bool { weeks.dropLast().last?.alarms ?? [] != alarms }
}

extension Ledger {
    /// How the mail has moved, by the weeks that were counted.
    func drift() async throws -> DriftReport {
        let use = try await classifierInUse()
        let weeks = try await driftWeeks()
        let training = try await trainingMix(ofVersion: use.version)?.counts
        let before = DriftReference.counts(weeks, for: use)
        return DriftReport(
            model: use.version, training: training?.texts ?? 0, reference: before.counts.texts,
            weeks: weeks.compactMap { week in
                Drift(week, training: training, before: before.weeks.contains(week.number) ? nil : before.counts)
            })
    }
}

extension Desk {
    /// How the mail has moved; weeks that have ended meanwhile are counted first, and so is what the classifier in use was
    /// trained on.
    public static func drift(_ configuration: DeskConfiguration, now: Date) async throws -> DriftReport {
        try await withShelf(configuration) { shelf in
            _ = try await shelf.ledger.countWeeks(now: now)
            try await shelf.countTraining()
            return try await shelf.ledger.drift()
        }
    }

    /// Counts the weeks that have ended, and says when the mail is no longer what the classifier was trained on, or what it was;
    /// in the weeks after that only when it has changed again.
    func watchDrift() async throws {
        guard try await ledger.countWeeks(now: now()) > 0 else { return }
        try await shelf.countTraining()
        let report = try await ledger.drift()
        guard let week = report.weeks.last else { return }
        if week.alarms.isEmpty || !report.isNews {
            logger.info("drift", metadata: ["line": "\(week.line)"])
        } else {
            logger.warning("the mail is not what the classifier was made for", metadata: ["line": "\(week.line)"])
        }
    }
}

extension ClassifierShelf {
    /// Counts what the classifier in use was trained on, once for each, and when there is enough mail to hold against it: it
    /// takes about as long as a training.
    func countTraining() async throws {
        guard try await ledger.driftWeeks().contains(where: { $0.counts.texts >= Drift.leastTexts }) else { return }
        let use = try await ledger.classifierInUse()
        let known = try await ledger.trainingMix(ofVersion: use.version)
        // What a learned one was trained on stays as it is; the utterances may be edited.
        if use.version != 0, known != nil { return }
        let (base, digest) = try utterances()
        if known?.digest == digest { return }
        let told = try await ledger.lessons(ofVersion: use.version)
        let lessons = try await ledger.approvedLessons().filter { told[$0.id] == $0.label }
        // The shipped one has seen all utterances.
        let texts = use.version == 0 ? base : LearningTexts(base: base, lessons: lessons).training
        let mix = try await DiskThreads.run {
            Result { WeekCounts(of: texts, try IntentClassifier.crossValidate(texts)) }
                .mapError { DeskError(.configuration, "\($0)") }
        }.get()
        try await ledger.database.write {
            try Ledger.keep(mix, ofVersion: use.version, digest: digest, in: $0)
        }
    }
}
