import Foundation

/// How the desk's mail has moved, week by week.
public struct DriftReport: Sendable, Encodable {
    /// The classifier in use.
    public let model: Int64
    /// Messages that the weeks are held against.
    public let reference: Int
    /// Weeks that have ended, oldest first, without those that they are held against.
    public let weeks: [Drift]
    /// What somebody should look at: of the last week.
    public var alarms: [String] { weeks.last?.alarms ?? [] }
}

extension Ledger {
    /// How the mail has moved, by the weeks that were counted.
    func drift() async throws -> DriftReport {
        let use = try await classifierInUse()
        let weeks = try await driftWeeks()
        let reference = DriftReference.counts(weeks, for: use)
        return DriftReport(
            model: use.version, reference: reference.counts.texts,
            weeks: weeks.filter { !reference.weeks.contains($0.number) }
                .compactMap { Drift($0, against: reference.counts) })
    }
}

extension Desk {
    /// How the mail has moved; weeks that have ended meanwhile are counted first.
    public static func drift(_ configuration: DeskConfiguration, now: Date) async throws -> DriftReport {
        let ledger = try await Ledger(configuration.keys)
        _ = try await ledger.countWeeks(now: now)
        let report = try await ledger.drift()
        try await ledger.close()
        return report
    }

    /// Counts the weeks that have ended, and says when the mail is no longer what the classifier was made for.
    func watchDrift() async throws {
        guard try await ledger.countWeeks(now: now()) > 0, let week = try await ledger.drift().weeks.last else {
            return
        }
        if week.alarms.isEmpty {
            logger.info("drift", metadata: ["line": "\(week.line)"])
        } else {
            logger.warning("the mail is not what the classifier was made for", metadata: ["line": "\(week.line)"])
        }
    }
}
