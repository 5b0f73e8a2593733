import Foundation
import Triage

/// Fills a ledger as months of mail would have, without a mail being read, and makes reports on it: for a figure.
package struct ReportDrill: Sendable {
    private static let filledAtOnce = 5_000
    private static let intents = [
        "track_order", "get_refund", "check_refund_policy", "cancel_order", "delivery_options", "payment_issue",
        "change_shipping_address", "complaint", "warranty", "out_of_scope",
    ]
    private static let languages = ["en", "en", "en", "hi", "hi-Latn"]
    private static let reasons = ["low-confidence", "out-of-scope", "angry", "needs-person", "damaged-or-wrong"]
    static let zone = TimeZone(identifier: "Asia/Kolkata") ?? .gmt

    let ledger: Ledger
    private let days: Int
    let policy = ReportPolicy()

    /// When the last message was settled.
    package let now = Date(timeIntervalSince1970: 1_773_133_200)

    /// Opens a ledger in a folder.
    /// - Parameter days: over how many the messages are spread.
    package init(_ store: LedgerStore, state: String, days: Int) async throws {
        let master = MasterKey(secret: Array(repeating: 7, count: 32), name: "the key of a drill")
        ledger = try await Ledger(database: store.open(in: state)) { [master] }
        self.days = days
    }

    /// Puts messages on record with all that belongs to them.
    /// - Parameter progress: told of how many there are.
    package func fill(_ count: Int, progress: (Int) -> Void = { _ in }) async throws {
        let overriding = ledger.database.dialect.catalog.overriding
        let end = now.milliseconds
        let span = Int64(days) * 86_400_000
        for start in stride(from: 0, to: count, by: Self.filledAtOnce) {
            let last = min(count, start + Self.filledAtOnce)
            try await ledger.database.write(.statement) { transaction in
                for number in start..<last {
                    let time = end - span + span * Int64(number) / Int64(count)
                    try Self.add(number, at: time, among: count, overriding, transaction)
                }
            }
            progress(last)
        }
        try await ledger.database.vacuum()
    }

    /// Rows of all tables.
    package func rows() async throws -> Int {
        let catalog = ledger.database.dialect.catalog
        return try await ledger.database.read { transaction in
            try transaction.rows(catalog.tables, []).compactMap { $0.text("name") }.reduce(0) { sum, table in
                sum + Int(try transaction.rows("SELECT COUNT(*) AS n FROM \(table)", []).first?.integer("n") ?? 0)
            }
        }
    }

    /// Makes a report and its page's worth of figures.
    /// - Parameters:
    ///   - days: how many up to the last one.
    ///   - anew: whether all is made from messages.
    /// - Returns: how long it took, and how many questions it is about.
    package func report(_ days: Int, anew: Bool) async throws -> (time: Duration, questions: Int) {
        let last = LocalDate(now, in: Self.zone).dayNumber
        let start = ContinuousClock.now
        let wanted = last - days + 1...last
        let figures = try await ledger.figures(of: wanted, policy, in: Self.zone, now: now, anew: anew)
        let report = Report(
            figures,
            ReportBasis(
                shop: "Drill", zone: Self.zone, policy: policy, now: now, days: wanted,
                queues: try await ledger.queues()))
        _ = try report.json()
        return (.now - start, report.handled.questions)
    }

    /// Closes the ledger.
    package func close() async throws { try await ledger.close() }

    /// Numbers that look like chance and are the same each time.
    private static func dice(_ number: Int, _ salt: UInt64) -> UInt64 {
        var value = UInt64(number) &+ salt &* 0x9E37_79B9_7F4A_7C15
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    private static func digest(_ number: UInt64) -> SQLValue {
        .blob((0..<32).map { UInt8(truncatingIfNeeded: dice(Int($0), number &+ 1)) })
    }

    private static func add(
        _ number: Int, at time: Int64, among count: Int, _ overriding: String, _ transaction: any SQLTransaction
    ) throws {
        let id = Int64(number + 1)
        let person = dice(number, 1) % UInt64(max(1, count / 4))
        let intent = intents[Int(min(dice(number, 2) % 16, dice(number, 3) % 16) % UInt64(intents.count))]
        let language = languages[Int(dice(number, 4) % UInt64(languages.count))]
        let arrival = time - 20_000 - Int64(dice(number, 5) % 100_000)
        let lot = dice(number, 6) % 100
        let disposition = lot < 62 ? "answered" : lot < 88 ? "escalated" : "ignored"
        let isApproved = lot >= 54 && lot < 62
        let rule =
            disposition == "answered"
            ? (isApproved ? "approved" : "answered")
            : disposition == "ignored" ? "feedback-yes" : reasons[Int(dice(number, 7) % UInt64(reasons.count))]
        // One in five goes on where its person was before.
        let conversation = dice(number, 8) % 5 == 0 ? Int64(person) + 1 + Int64(count) : id
        let replied = disposition == "answered" ? time + (isApproved ? 3_600_000 : 4_000) : nil
        try transaction.later(
            """
            INSERT INTO conversation (id, external_id, opened_at) \(overriding)
            VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
            """, [.integer(conversation), .text("AD-\(conversation)"), .integer(time)])
        try transaction.later(
            """
            INSERT INTO message (id, channel, source, arrived_at, recorded_at, status, attempts, conversation,
                disposition, rule, intent, language, confidence, settled_at, marked, person, sentiment, fit, findings,
                replied_at)
            \(overriding)
            VALUES ($1, 'drill', $2, $3, $4, $5, 1, $6, $5, $7, $8, $9, $10, $11, 1, $12, $13, $14, $15, $16)
            """,
            [
                .integer(id), .text("m\(id)"), .integer(arrival), .integer(arrival), .text(disposition),
                .integer(conversation), .text(rule), disposition == "ignored" ? .null : .text(intent), .text(language),
                .real(Double(dice(number, 9) % 60 + 40) / 100), .integer(time), digest(person),
                .real(Double(dice(number, 10) % 200) / 100 - 1), .real(Double(dice(number, 11) % 100) / 100),
                dice(number, 12) % 50 == 0 ? .text("typed-fact unknown-slot") : .null,
                replied.map(SQLValue.integer) ?? .null,
            ])
        guard disposition != "ignored" else { return }
        try transaction.later(
            "INSERT INTO concern (message, digest, conversation, at) VALUES ($1, $2, $3, $4)",
            [
                .integer(id), digest(person &* 31 &+ dice(number, 2) % 3), .integer(conversation), .integer(arrival),
            ])
        try transaction.later(
            """
            INSERT INTO outbox (message, conversation, kind, state, key, sealed, created_at, finished_at)
            VALUES ($1, $2, $3, 'sent', $4, $5, $6, $7)
            """,
            [
                .integer(id), .integer(conversation), .text(replied == nil ? "ticket" : "reply"),
                .text("<\(id)@drill>"),
                .blob([]), .integer(time), .integer(replied ?? time),
            ])
        if isApproved {
            try transaction.later(
                """
                INSERT INTO draft (message, conversation, state, created_at, ended_at, place, digest, sealed, likeness)
                VALUES ($1, $2, $3, $4, $5, 'none', $6, $6, $7)
                """,
                [
                    .integer(id), .integer(conversation), .text("approved"), .integer(time), .integer(time + 3_600_000),
                    .blob([]), dice(number, 13) % 3 == 0 ? .real(Double(dice(number, 14) % 50 + 50) / 100) : .null,
                ])
        }
        if replied != nil, dice(number, 15) % 8 == 0 {
            try transaction.later(
                "INSERT INTO feedback (reply, conversation, message, vote, at) VALUES ($1, $2, $3, $4, $5)",
                [
                    .text("<\(id)@drill>"), .integer(conversation), .integer(id),
                    .text(dice(number, 16) % 6 == 0 ? "no" : "yes"), .integer(time + 7_200_000),
                ])
        }
        if !isApproved, replied != nil, dice(number, 17) % 40 == 0 {
            try transaction.later(
                "INSERT INTO sample (message, at, intent, language, band, weight) VALUES ($1, $2, $3, $4, 'high', $5)",
                [
                    .integer(id), .integer(time), .text(intent), .text(language),
                    .real(dice(number, 20) % 4 == 0 ? 1 : 40),
                ])
            try transaction.later(
                "INSERT INTO rating (message, at, verdict, tone, empathy, actor) VALUES ($1, $2, $3, 4, 4, 'asha')",
                [.integer(id), .integer(time + 9_000_000), .text(dice(number, 18) % 12 == 0 ? "wrong" : "right")])
        }
        if disposition == "escalated", dice(number, 21) % 6 == 0 {
            let verdicts = ["same", "same", "same", "otherFacts", "otherAnswer", "unanswered"]
            try transaction.later(
                """
                INSERT INTO shadow (message, conversation, intent, at, look_at, verdict, sealed)
                VALUES ($1, $2, $3, $4, $4, $5, $6)
                """,
                [
                    .integer(id), .integer(conversation), .text(intent), .integer(time),
                    .text(verdicts[Int(dice(number, 22) % UInt64(verdicts.count))]), .blob([]),
                ])
        }
        try transaction.later(
            """
            INSERT INTO model_call (message, model, prompt, day, at, outcome, cost, tokens_in, tokens_out)
            VALUES ($1, 'drill-model', 'p', $2, $3, $4, 2000, 1500, 180)
            """,
            [
                .integer(id), .integer((time + 19_800_000) / 86_400_000), .integer(time),
                .text(dice(number, 19) % 30 == 0 ? "timedOut" : "answered"),
            ])
    }
}
