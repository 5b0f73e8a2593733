import Foundation

extension Ledger {
    /// What one pass let go, as counts of records by class.
    public typealias LetGo = [String: Int]

    /// So much is let go in one transaction: others get their turn in between.
    private static let rowsPerBatch = 500
    /// So many transactions make one pass; the next one goes on.
    private static let batchesPerPass = 200
    /// What is too old is looked for this often, milliseconds.
    private static let interval: Int64 = 3_600_000

    /// Something that is let go when it is old enough.
    private struct Chore: Sendable {
        /// The class that it belongs to.
        let name: String
        let age: TimeInterval
        /// The table by whose numbers its age is told, with that number's column and the one of the time.
        var clock = ("message", "id", "recorded_at")
        var subject = Subject.rows
        /// Lets go of a batch.
        let sql: String

        /// What is let go of.
        enum Subject {
            /// Rows up to a number: `$1`.
            case rows
            /// Those of them besides whose messages came after an instant: `$2`.
            case quiet
            /// The bytes of rows that stay: `$1` nothing, up to `$2`, from `$3` on.
            case letters
            /// The same, wherever they are: what was still in use when its time came is let go of later.
            case contents
        }

        func arguments(_ reach: Reach) -> [SQLValue] {
            switch subject {
            case .rows: [.integer(reach.horizon)]
            case .quiet: [.integer(reach.horizon), .integer(reach.since)]
            case .letters: [.blob([]), .integer(reach.horizon), .integer(reach.mark)]
            case .contents: [.blob([]), .integer(reach.horizon)]
            }
        }
    }

    private static func chores(_ policy: RetentionPolicy) -> [Chore] {
        let limit = "LIMIT \(rowsPerBatch)"
        func isOpen(_ conversation: String) -> String {
            """
            (EXISTS (SELECT 1 FROM outbox q WHERE q.conversation = \(conversation) AND q.state IN ('queued', 'sending'))
            OR EXISTS (SELECT 1 FROM draft d WHERE d.conversation = \(conversation) AND d.state IN ('open', 'edited')))
            """
        }
        func isOver(_ draft: String) -> String {
            """
            \(draft).state NOT IN ('open', 'edited') AND \(draft).place NOT IN ('there', 'taking') AND NOT EXISTS (
                SELECT 1 FROM outbox q WHERE q.message = \(draft).message AND q.state IN ('queued', 'sending'))
            """
        }
        func letters(_ kinds: String) -> String {
            """
            UPDATE outbox SET sealed = $1 WHERE id IN (
                SELECT o.id FROM outbox o WHERE o.message <= $2 AND o.message > $3 AND o.kind IN (\(kinds))
                AND o.state NOT IN ('queued', 'sending') AND length(o.sealed) > 0
                AND NOT EXISTS (
                    SELECT 1 FROM draft d WHERE d.message = o.message AND d.state IN ('open', 'edited')) \(limit))
            """
        }
        return [
            Chore(
                name: "bodies", age: policy.bodies,
                sql: """
                    DELETE FROM archive WHERE message IN (
                        SELECT a.message FROM archive a JOIN message m ON m.id = a.message
                        WHERE a.message <= $1 AND m.status NOT IN ('arrived', 'attempting', 'decided')
                        AND NOT \(isOpen("a.conversation")) ORDER BY a.message \(limit))
                    """),
            Chore(
                name: "replies", age: policy.replies, subject: .letters,
                sql: letters("'reply', 'onfile', 'acknowledgement'")),
            Chore(name: "tickets", age: policy.tickets, subject: .letters, sql: letters("'ticket'")),
            Chore(name: "copies of drafts", age: policy.drafts, subject: .letters, sql: letters("'draft'")),
            Chore(
                name: "ends of drafts", age: policy.drafts,
                sql: """
                    DELETE FROM draft_end WHERE message IN (
                        SELECT message FROM draft_end WHERE message <= $1 ORDER BY message \(limit))
                    """),
            // What became of it stays as figures: how often people sent drafts as they were is told for a year.
            Chore(
                name: "drafts", age: policy.drafts, subject: .contents,
                sql: """
                    UPDATE draft SET sealed = $1, digest = $1, name = NULL WHERE message IN (
                        SELECT d.message FROM draft d WHERE d.message <= $2 AND length(d.sealed) > 0
                        AND \(isOver("d")) ORDER BY d.message \(limit))
                    """),
            Chore(
                name: "fates of drafts", age: max(policy.metrics, policy.drafts),
                sql: """
                    DELETE FROM draft WHERE message IN (
                        SELECT d.message FROM draft d WHERE d.message <= $1 AND \(isOver("d")) ORDER BY d.message \(limit))
                    """),
            Chore(
                name: "vaults", age: policy.vault, clock: ("conversation", "id", "opened_at"), subject: .quiet,
                sql: """
                    DELETE FROM vault WHERE conversation IN (
                        SELECT v.conversation FROM vault v WHERE v.conversation <= $1 AND NOT EXISTS (
                            SELECT 1 FROM outbox o JOIN message m ON m.id = o.message
                            WHERE o.conversation = v.conversation AND m.recorded_at >= $2)
                        AND NOT \(isOpen("v.conversation")) ORDER BY v.conversation \(limit))
                    """),
            Chore(
                name: "decisions", age: policy.decisions,
                sql: """
                    DELETE FROM decision WHERE message IN (
                        SELECT message FROM decision WHERE message <= $1 ORDER BY message \(limit))
                    """),
            Chore(
                name: "requests to models", age: policy.metrics, clock: ("model_call", "id", "at"),
                sql: """
                    DELETE FROM model_call WHERE id IN (
                        SELECT id FROM model_call WHERE id <= $1 AND outcome <> 'asked' ORDER BY id \(limit))
                    """),
            Chore(
                name: "votes", age: policy.metrics,
                sql: """
                    DELETE FROM feedback WHERE reply IN (SELECT reply FROM feedback WHERE message <= $1 \(limit))
                    """),
            Chore(
                name: "lessons", age: policy.lessons, clock: ("lesson", "id", "collected_at"),
                sql: """
                    DELETE FROM lesson WHERE id IN (SELECT id FROM lesson WHERE id <= $1 ORDER BY id \(limit))
                    """),
            // What the desk would have answered, where nobody's answer was seen in time.
            Chore(
                name: "answers in the shadow", age: policy.drafts, subject: .letters,
                sql: """
                    UPDATE shadow SET sealed = $1 WHERE message IN (
                        SELECT message FROM shadow WHERE message <= $2 AND message > $3 AND length(sealed) > 0 \(limit))
                    """),
            Chore(
                name: "comparisons", age: policy.metrics,
                sql: """
                    DELETE FROM shadow WHERE message IN (
                        SELECT message FROM shadow WHERE message <= $1 ORDER BY message \(limit))
                    """),
            Chore(
                name: "trials", age: policy.metrics, clock: ("conversation", "id", "opened_at"),
                sql: """
                    DELETE FROM trial WHERE conversation IN (
                        SELECT conversation FROM trial WHERE conversation <= $1 ORDER BY conversation \(limit))
                    """),
            Chore(
                name: "ratings", age: policy.metrics,
                sql: """
                    DELETE FROM rating WHERE message IN (
                        SELECT message FROM rating WHERE message <= $1 ORDER BY message \(limit))
                    """),
            Chore(
                name: "samples", age: policy.metrics,
                sql: """
                    DELETE FROM sample WHERE message IN (
                        SELECT message FROM sample WHERE message <= $1 ORDER BY message \(limit))
                    """),
            // With its key everything goes that was sealed for a conversation, in whatever page or backup a copy was left.
            Chore(
                name: "keys", age: policy.longestSealed, clock: ("conversation_key", "conversation", "made_at"),
                sql: """
                    DELETE FROM conversation_key WHERE conversation IN (
                        SELECT k.conversation FROM conversation_key k WHERE k.conversation <= $1
                        AND NOT EXISTS (SELECT 1 FROM archive a WHERE a.conversation = k.conversation)
                        AND NOT EXISTS (SELECT 1 FROM vault v WHERE v.conversation = k.conversation)
                        AND NOT EXISTS (
                            SELECT 1 FROM draft d WHERE d.conversation = k.conversation AND length(d.sealed) > 0)
                        AND NOT EXISTS (
                            SELECT 1 FROM shadow s WHERE s.conversation = k.conversation AND length(s.sealed) > 0)
                        AND NOT EXISTS (
                            SELECT 1 FROM outbox o WHERE o.conversation = k.conversation AND length(o.sealed) > 0)
                        ORDER BY k.conversation \(limit))
                    """),
        ]
    }

    /// Lets go of what is older than it may be, at most once an hour.
    /// - Returns: what was let go; nil when it was not yet time.
    func enforce(_ policy: RetentionPolicy, now: Date) async throws -> LetGo? {
        let last = try await database.read { transaction in
            try transaction.rows("SELECT at FROM retention WHERE class = 'all'", []).first?.integer("at")
        }
        if let last, last <= now.milliseconds, now.milliseconds - last < Self.interval { return nil }
        // Whole months first, where the engine keeps them apart; the rest goes row by row.
        try await turnMonths(now: now, bodies: policy.bodies, decisions: policy.decisions)
        var counts = LetGo()
        var marks: [String: Int64] = [:]
        var batches = 0
        for chore in Self.chores(policy) where batches < Self.batchesPerPass {
            let reach = try await reach(of: chore, now: now)
            guard reach.horizon > 0 else { continue }
            var count = Self.rowsPerBatch
            while count == Self.rowsPerBatch, batches < Self.batchesPerPass {
                // A key must not go while somebody seals with it, nor a vault while somebody writes into it; all else that is
                // old is right by its own conditions.
                let isSerial = chore.name == "keys" || chore.name == "vaults"
                count = try await database.write(isSerial ? .serial : .statement) { transaction in
                    try transaction.execute(chore.sql, chore.arguments(reach))
                }
                counts[chore.name, default: 0] += count
                batches += 1
            }
            if count < Self.rowsPerBatch, reach.settled > reach.mark { marks[chore.name] = reach.settled }
        }
        // What is left when there was too much for one pass is the next run's.
        if batches < Self.batchesPerPass { marks["all"] = 0 }
        try await database.write { [marks] transaction in
            for (name, mark) in marks {
                try transaction.execute(
                    """
                    INSERT INTO retention (class, mark, at) VALUES ($1, $2, $3)
                    ON CONFLICT (class) DO UPDATE SET mark = excluded.mark, at = excluded.at
                    """, [.text(name), .integer(mark), .integer(now.milliseconds)])
            }
        }
        return counts.filter { $0.value > 0 }
    }

    /// Up to where a chore goes.
    private struct Reach: Sendable {
        /// Where the last pass ended.
        let mark: Int64
        /// The last number that is old enough.
        let horizon: Int64
        /// Where the next pass goes on: before what still waits for something.
        let settled: Int64
        /// When something is too old, milliseconds.
        let since: Int64
    }

    private func reach(of chore: Chore, now: Date) async throws -> Reach {
        let since = now.addingTimeInterval(-chore.age).milliseconds
        let (table, number, time) = chore.clock
        return try await database.read { transaction in
            func first(_ sql: String, _ arguments: [SQLValue] = []) throws -> Int64? {
                try transaction.rows(sql, arguments).first?.integer("n")
            }
            let mark = try first("SELECT mark AS n FROM retention WHERE class = $1", [.text(chore.name)]) ?? 0
            // Numbers grow with time: from where the last pass ended, the first one that is too young.
            let young = try first(
                "SELECT \(number) AS n FROM \(table) WHERE \(number) > $1 AND \(time) >= $2 ORDER BY \(number) LIMIT 1",
                [.integer(mark), .integer(since)])
            let last = try first("SELECT MAX(\(number)) AS n FROM \(table)")
            let horizon = max(mark, young.map { $0 - 1 } ?? last ?? 0)
            let waiting =
                chore.subject != .letters
                ? nil
                : try first(
                    """
                    SELECT MIN(message) AS n FROM (
                        SELECT message FROM outbox WHERE state IN ('queued', 'sending')
                        UNION ALL SELECT message FROM draft WHERE state IN ('open', 'edited')) AS waiting
                    """)
            return Reach(
                mark: mark, horizon: horizon, settled: min(horizon, waiting.map { $0 - 1 } ?? horizon), since: since)
        }
    }
}
