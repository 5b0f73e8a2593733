import Foundation
import Logging
import Testing

@testable import SupportDesk

/// Whether the desk notices that its mail is not what it was.
@Suite("Drift", .timeLimit(.minutes(5)))
struct DriftTests {
    /// A Monday, at midnight in Greenwich.
    private static let monday = Date(timeIntervalSince1970: 1_767_571_200)

    /// Puts settled messages on record: of each intent so many, all in one week.
    private func fill(
        _ ledger: Ledger, week: Int, _ mix: Mix
    ) async throws {
        let start = Self.monday.milliseconds + Int64(week) * DriftWeek.length
        try await ledger.database.write { transaction in
            for (intent, count, confidence) in mix {
                for number in 0..<count {
                    let at = start + Int64(number) * 1_000
                    try transaction.execute(
                        """
                        INSERT INTO message
                            (channel, source, arrived_at, recorded_at, status, intent, confidence, settled_at)
                        VALUES ('c', $1, $2, $3, 'answered', $4, $5, $6)
                        """,
                        [
                            .text("\(week)-\(intent)-\(number)-\(confidence)"), .integer(at), .integer(at),
                            .text(intent), .real(confidence), .integer(at),
                        ])
                }
            }
        }
    }

    private typealias Mix = [(intent: String, count: Int, confidence: Double)]

    private static let usual: Mix = [
        ("track_order", 60, 0.95), ("get_refund", 30, 0.85), ("cancel_order", 20, 0.75), ("out_of_scope", 6, 0.9),
    ]
    /// As many and as sure, about other things.
    private static let other: Mix = [
        ("payment_issue", 60, 0.95), ("review", 30, 0.85), ("newsletter", 20, 0.75), ("out_of_scope", 6, 0.9),
    ]
    /// The same things, less sure.
    private static let unsure: Mix = [
        ("track_order", 60, 0.45), ("get_refund", 30, 0.35), ("cancel_order", 20, 0.55), ("out_of_scope", 6, 0.5),
    ]

    private func date(week: Int) -> Date { Self.monday.addingTimeInterval(Double(week) * 604_800 + 3_600) }

    @Test("weeks are counted once, when they have ended; a week like the others rings no alarm", .onEachEngine)
    func calm() async throws {
        let ledger = try await Ledger.test()
        #expect(try await ledger.countWeeks(now: date(week: 0)) == 0)
        for week in 0..<6 { try await fill(ledger, week: week, Self.usual) }
        #expect(try await ledger.countWeeks(now: date(week: 2)) == 2)
        #expect(try await ledger.countWeeks(now: date(week: 2)) == 0)
        #expect(try await ledger.countWeeks(now: date(week: 6)) == 4)
        let weeks = try await ledger.driftWeeks()
        #expect(weeks.map(\.counts.texts) == [116, 116, 116, 116, 116, 116])
        #expect(weeks[5].counts.unknown == 6 && weeks[5].counts.intents["track_order"] == 60)
        #expect(weeks[5].counts.confidence == [0, 0, 0, 0, 0, 0, 0, 20, 30, 66])
        let report = try await ledger.drift()
        #expect(report.reference == 464 && report.weeks.count == 2)
        #expect(report.weeks.allSatisfy { $0.alarms.isEmpty && $0.intentIndex < 0.01 && $0.intentProbability > 0.99 })
        #expect(report.weeks[0].week == Self.monday.addingTimeInterval(4 * 604_800))
    }

    @Test("other questions, less confidence, more that nobody covers: each is told", .onEachEngine)
    func alarms() async throws {
        let ledger = try await Ledger.test()
        for week in 0..<4 { try await fill(ledger, week: week, Self.usual) }
        try await fill(ledger, week: 4, Self.other)
        try await fill(ledger, week: 5, Self.unsure)
        try await fill(ledger, week: 6, Self.usual + [("out_of_scope", 60, 0.95)])
        // Too few to say anything.
        try await fill(ledger, week: 7, [("payment_issue", 20, 0.2)])
        _ = try await ledger.countWeeks(now: date(week: 8))
        let weeks = try await ledger.drift().weeks
        #expect(weeks.map(\.alarms) == [["intents"], ["confidence"], ["unknown"], []], "\(weeks.map(\.line))")
        #expect(weeks[0].line.contains("changed: intents"))
        #expect(abs(weeks[2].unknown - 66.0 / 176) < 1e-9 && abs(weeks[2].unknownBefore - 24.0 / 464) < 1e-9)
    }

    @Test("an empty week, and a message that is settled late, keep nothing from being counted", .onEachEngine)
    func late() async throws {
        let ledger = try await Ledger.test()
        try await fill(ledger, week: 0, [("track_order", 10, 0.9)])
        try await ledger.database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO message (channel, source, arrived_at, recorded_at, status)
                VALUES ('c', 'late', 0, 0, 'attempting')
                """, [])
            return
        }
        try await fill(ledger, week: 0, [("get_refund", 5, 0.9)])
        #expect(try await ledger.countWeeks(now: date(week: 2)) == 2)
        #expect(try await ledger.driftWeeks().map(\.counts.texts) == [15, 0])
        let settled = date(week: 2).milliseconds
        try await ledger.database.write { transaction in
            try transaction.execute(
                "UPDATE message SET intent = 'cancel_order', confidence = 0.5, settled_at = $1 WHERE source = 'late'",
                [.integer(settled)])
            return
        }
        #expect(try await ledger.countWeeks(now: date(week: 3)) == 1)
        #expect(try await ledger.driftWeeks().map(\.counts.texts) == [15, 0, 1])
    }

    @Test("a learned model is held against the four weeks before it, where they hold enough")
    func reference() {
        let weeks = (0..<8).map { number in
            DriftWeek(
                number: Int64(number), version: 0,
                counts: WeekCounts(texts: number < 2 ? 10 : 100, intents: ["a": number < 2 ? 10 : 100]))
        }
        var use = ClassifierUse()
        #expect(DriftReference.counts(weeks, for: use).weeks == [0, 1, 2, 3])
        (use.version, use.since) = (3, Date(milliseconds: DriftWeek.start(of: 6) + 5))
        #expect(DriftReference.counts(weeks, for: use).weeks == [2, 3, 4, 5])
        use.since = Date(milliseconds: DriftWeek.start(of: 2))
        #expect(DriftReference.counts(weeks, for: use).weeks == [2, 3, 4, 5])
    }

    @Test("the desk looks by itself, and says so in its log, its status and its figures")
    func watches() async throws {
        let shop = try await ScratchShop { $0.metrics.file = "\($0.state)/metrics.prom" }
        let ledger = try await shop.ledger()
        let first = Int((ScratchShop.start.timeIntervalSince(Self.monday) / 604_800).rounded(.down)) - 5
        for week in 0..<4 { try await fill(ledger, week: first + week, Self.usual) }
        try await fill(ledger, week: first + 4, Self.other)
        let lines = Warned()
        try await shop.run { $0.logger = Logger(label: "test") { _ in Warned.Handler(lines: lines) } }
        #expect(lines.all == ["the mail is not what the classifier was made for"])
        let status = try await Desk.status(shop.configuration)
        #expect(status.drift?.contains("changed: intents") == true && status.classifier == 0)
        let page = try String(contentsOfFile: "\(shop.configuration.state)/metrics.prom", encoding: .utf8)
        #expect(page.contains(#"auradesk_drift_alarm{figure="intents"} 1"#), "\(page)")
        #expect(page.contains(#"auradesk_drift_alarm{figure="unknown"} 0"#))
        // Once a week, not once a run.
        shop.clock.advance(by: 7_200)
        try await shop.run { $0.logger = Logger(label: "test") { _ in Warned.Handler(lines: lines) } }
        #expect(lines.all.count == 1)
        try await ledger.close()
    }
}

/// Collects warnings.
private final class Warned: @unchecked Sendable {
    private let lock = NSLock()
    private var found: [String] = []
    var all: [String] { lock.withLock { found } }
    func add(_ line: String) { lock.withLock { found.append(line) } }

    struct Handler: LogHandler {
        let lines: Warned
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.warning
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            if event.level >= .warning { lines.add("\(event.message)") }
        }
    }
}
