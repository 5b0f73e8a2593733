import Foundation

/// What a person found of a reply.
public struct ReplyRating: Sendable, Hashable {
    /// Whether it was right.
    public enum Verdict: String, Sendable, CaseIterable {
        /// See `Verdict`.
        case right, wrong
    }

    /// Whether it was right.
    public let verdict: Verdict
    /// From 1 to 5; nil: not said.
    public let tone: Int?
    /// From 1 to 5; nil: not said.
    public let empathy: Int?

    /// - Throws: `DeskError` with code `data` for a number that is none from 1 to 5.
    public init(_ verdict: Verdict, tone: Int? = nil, empathy: Int? = nil) throws {
        guard [tone, empathy].compactMap(\.self).allSatisfy((1...5).contains) else {
            throw DeskError(.data, "tone and empathy are numbers from 1 to 5")
        }
        (self.verdict, self.tone, self.empathy) = (verdict, tone, empathy)
    }
}

// The tables: `sample` has a row for each reply that was drawn for people, with its kind (intent, language, band) and its weight;
// `rating` what they found, by the same message number. An estimate over all replies weighs each rating with `sample.weight`.
extension Ledger {
    /// How many replies of a kind were drawn, as far as that matters.
    func countSamples(of stratum: ReviewStratum, upTo limit: Int) async throws -> Int {
        guard limit > 0 else { return 0 }
        return try await database.read { transaction in
            try transaction.rows(
                "SELECT message FROM sample WHERE intent = $1 AND language = $2 AND band = $3 LIMIT \(limit)",
                [.text(stratum.intent), .text(stratum.language), .text(stratum.band.rawValue)]
            ).count
        }
    }

    static func insert(_ sample: ReviewSample, of message: Int64, now: Date, in transaction: any SQLTransaction) throws
    {
        try transaction.later(
            """
            INSERT INTO sample (message, at, intent, language, band, weight) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT DO NOTHING
            """,
            [
                .integer(message), .integer(now.milliseconds), .text(sample.stratum.intent),
                .text(sample.stratum.language), .text(sample.stratum.band.rawValue), .real(sample.weight),
            ])
    }

    /// The replies that wait for a person's word and can still be shown, those of intents in a setback first, oldest first.
    func reviewQueue(limit: Int) async throws -> [ReviewItem] {
        try await database.read { transaction in
            try transaction.rows(
                """
                SELECT s.message, s.at, s.intent, s.language, s.band, s.weight, c.external_id
                FROM sample s JOIN outbox o ON o.message = s.message AND o.kind = 'reply' AND o.state = 'sent'
                JOIN archive a ON a.message = s.message LEFT JOIN conversation c ON c.id = o.conversation
                LEFT JOIN rating r ON r.message = s.message LEFT JOIN setback b ON b.intent = s.intent
                WHERE r.message IS NULL AND length(o.sealed) > 0
                ORDER BY CASE WHEN b.intent IS NULL THEN 1 ELSE 0 END, s.message LIMIT \(limit)
                """, []
            ).compactMap(ReviewItem.init)
        }
    }

    /// One of them, rated or not; nil when it was not drawn.
    func reviewItem(_ message: Int64) async throws -> ReviewItem? {
        try await database.read { transaction in
            try transaction.rows(
                """
                SELECT s.message, s.at, s.intent, s.language, s.band, s.weight, c.external_id FROM sample s
                JOIN message m ON m.id = s.message LEFT JOIN conversation c ON c.id = m.conversation
                WHERE s.message = $1
                """, [.integer(message)]
            ).first.flatMap(ReviewItem.init)
        }
    }

    /// Puts a rating on record, in place of an earlier one; an intent that falls below its floor by it falls back to drafts.
    /// - Returns: that it fell back just now.
    /// - Throws: `DeskError` with code `data` when the reply was not drawn: what people pick themselves says nothing of the rest.
    func rate(_ message: Int64, _ rating: ReplyRating, _ policy: ReviewPolicy, now: Date) async throws -> Setback? {
        @Sendable func number(_ value: Int?) -> SQLValue { value.map { .integer(Int64($0)) } ?? .null }
        return try await database.write { transaction in
            let row = try transaction.rows("SELECT intent FROM sample WHERE message = $1", [.integer(message)]).first
            guard let intent = row?.text("intent") else {
                throw DeskError(
                    .data, "the reply to message \(message) was not drawn for review (auradesk review list shows those)"
                )
            }
            try transaction.execute(
                """
                INSERT INTO rating (message, at, verdict, tone, empathy, actor) VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (message) DO UPDATE SET at = excluded.at, verdict = excluded.verdict, tone = excluded.tone,
                empathy = excluded.empathy, actor = excluded.actor
                """,
                [
                    .integer(message), .integer(now.milliseconds), .text(rating.verdict.rawValue), number(rating.tone),
                    number(rating.empathy), .text(Caller.number),
                ])
            try Self.audit(
                .review, "rated \(rating.verdict.rawValue) intent=\(intent)", message: message, now: now,
                in: transaction)
            try Self.noteNews(of: message, now: now, in: transaction)
            return try Self.holdToFloor(intent, policy, now: now, in: transaction)
        }
    }

    /// Sets an intent back whose replies are right less often than they must be: not for being unlucky, but when even the upper
    /// end of the interval lies below the floor.
    private static func holdToFloor(
        _ intent: String, _ policy: ReviewPolicy, now: Date, in transaction: any SQLTransaction
    ) throws -> Setback? {
        guard let floor = policy.floor(for: intent),
            let accuracy = try accuracy(of: intent, in: transaction), accuracy.rated >= policy.least,
            accuracy.upper < floor
        else { return nil }
        func percent(_ share: Double) -> String { PacketBuilder.percent(share) }
        let reason =
            "\(accuracy.right) of \(accuracy.rated) rated replies were right: \(percent(accuracy.share)), at most "
            + "\(percent(accuracy.upper)) of all, below the floor of \(percent(floor))"
        let changed = try transaction.execute(
            "INSERT INTO setback (intent, at, reason) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            [.text(intent), .integer(now.milliseconds), .text(reason)])
        guard changed == 1 else { return nil }
        try audit(.review, "set back intent=\(intent): \(reason)", now: now, in: transaction)
        return Setback(intent: intent, since: now, reason: reason)
    }

    /// What people found of an intent's replies since it was reinstated last.
    static func accuracy(of intent: String, in transaction: any SQLTransaction) throws -> ReviewAccuracy? {
        let rows = try transaction.rows(
            """
            SELECT r.verdict, s.weight FROM sample s JOIN rating r ON r.message = s.message
            LEFT JOIN reinstatement b ON b.intent = s.intent
            WHERE s.intent = $1 AND (b.at IS NULL OR r.at > b.at)
            """, [.text(intent)])
        return ReviewAccuracy(rows.map { ($0.text("verdict") == "right", $0.real("weight") ?? 1) })
    }

    /// The intents that fell back to drafts by themselves.
    public func setbacks() async throws -> [Setback] {
        try await database.read { transaction in
            try transaction.rows("SELECT intent, at, reason FROM setback ORDER BY at, intent", []).compactMap { row in
                row.text("intent").map {
                    Setback(
                        intent: $0, since: Date(milliseconds: row.integer("at") ?? 0), reason: row.text("reason") ?? "")
                }
            }
        }
    }

    /// Lets an intent answer by itself again; from now on only new ratings count for its floor.
    /// - Returns: whether it had fallen back.
    func reinstate(_ intent: String, now: Date) async throws -> Bool {
        try await database.write { transaction in
            let changed = try transaction.execute("DELETE FROM setback WHERE intent = $1", [.text(intent)])
            guard changed == 1 else { return false }
            try transaction.execute(
                """
                INSERT INTO reinstatement (intent, at) VALUES ($1, $2) ON CONFLICT (intent) DO UPDATE SET at = excluded.at
                """, [.text(intent), .integer(now.milliseconds)])
            try Self.audit(.review, "reinstated intent=\(intent)", now: now, in: transaction)
            return true
        }
    }

    /// The figures of each kind of reply whose replies were drawn since an instant, for the report.
    public func reviewFigures(since start: Date = .init(timeIntervalSince1970: 0)) async throws -> [ReviewFigures] {
        let rows = try await database.read { transaction in
            try transaction.rows(
                """
                SELECT s.intent, s.language, s.band, s.weight, r.verdict, r.tone, r.empathy
                FROM sample s LEFT JOIN rating r ON r.message = s.message WHERE s.at >= $1
                """, [.integer(start.milliseconds)])
        }
        var kinds: [ReviewStratum: RatingSums] = [:]
        for row in rows {
            guard let stratum = ReviewStratum(row) else { continue }
            kinds[stratum, default: RatingSums()].addDrawn(
                isRight: row.text("verdict").map { $0 == ReplyRating.Verdict.right.rawValue },
                weight: row.real("weight") ?? 1, tone: row.real("tone"), empathy: row.real("empathy"))
        }
        return kinds.map { stratum, sums in
            ReviewFigures(
                stratum: stratum, drawn: sums.drawn, accuracy: ReviewAccuracy(sums), tone: sums.tone,
                empathy: sums.empathy)
        }.sorted {
            ($0.stratum.intent, $0.stratum.language, $0.stratum.band.rawValue)
                < ($1.stratum.intent, $1.stratum.language, $1.stratum.band.rawValue)
        }
    }
}
