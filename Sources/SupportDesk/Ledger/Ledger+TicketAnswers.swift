import Foundation

/// A message that went to a ticket, and to which no answer has been seen yet.
struct AwaitedReply: Sendable {
    let message: Int64
    let channel: String
    /// Where it stands in its channel.
    let source: String
    let arrival: Date
    let settled: Date
    /// The desk's ticket that it is on; nil: none.
    let ticket: String?
}

extension Ledger {
    /// Nobody answers in the first minutes.
    private static let firstLook: Int64 = 900_000
    /// What was committed a moment later than something newer is found by looking again this far back, milliseconds.
    private static let overlap: Int64 = 600_000
    /// So much is taken up in one step.
    private static let page = 2_000

    /// Takes up what went to tickets since the last time.
    /// - Parameter patience: what is older is not taken up any more.
    func awaitTicketAnswers(within patience: TimeInterval, now: Date) async throws {
        let oldest = now.addingTimeInterval(-patience).milliseconds
        let found = try await database.read { transaction in
            let mark = try transaction.rows("SELECT at FROM answer_mark", []).first?.integer("at") ?? 0
            let rows = try transaction.rows(
                """
                SELECT id, settled_at FROM message WHERE disposition = 'escalated' AND settled_at > $1
                AND replied_at IS NULL AND NOT EXISTS (SELECT 1 FROM answer_wait w WHERE w.message = message.id)
                ORDER BY settled_at LIMIT \(Self.page)
                """, [.integer(max(mark - Self.overlap, oldest))])
            return rows.compactMap { row in
                row.integer("id").flatMap { id in row.integer("settled_at").map { (id: id, settled: $0) } }
            }
        }
        guard let newest = found.last?.settled else { return }
        try await database.write(.statement) { transaction in
            for message in found {
                try transaction.later(
                    "INSERT INTO answer_wait (message, retry_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                    [.integer(message.id), .integer(message.settled + Self.firstLook)])
            }
            try transaction.later(
                """
                INSERT INTO answer_mark (id, at) VALUES (1, $1)
                ON CONFLICT (id) DO UPDATE SET at = excluded.at WHERE answer_mark.at < excluded.at
                """, [.integer(newest)])
        }
    }

    /// Those that are to be asked for now, the longest due first.
    func dueTicketAnswers(now: Date, limit: Int) async throws -> [AwaitedReply] {
        try await database.read { transaction in
            try transaction.rows(
                """
                SELECT w.message, m.channel, m.source, m.arrived_at, m.settled_at, c.ticket,
                    (SELECT o.remote FROM outbox o WHERE o.message = m.id AND o.kind = 'ticket' AND o.state = 'sent')
                    AS remote
                FROM answer_wait w JOIN message m ON m.id = w.message LEFT JOIN conversation c ON c.id = m.conversation
                WHERE w.retry_at <= $1 ORDER BY w.retry_at LIMIT \(limit)
                """, [.integer(now.milliseconds)]
            ).compactMap { row in
                guard let message = row.integer("message"), let channel = row.text("channel"),
                    let source = row.text("source")
                else { return nil }
                return AwaitedReply(
                    message: message, channel: channel, source: source,
                    arrival: Date(milliseconds: row.integer("arrived_at") ?? 0),
                    settled: Date(milliseconds: row.integer("settled_at") ?? 0),
                    ticket: row.text("remote") ?? row.text("ticket"))
            }
        }
    }

    /// Puts on record when people answered, and when the others are asked for again; nil: not any more.
    func note(
        ticketAnswers answers: [(message: Int64, at: Date)], again: [(message: Int64, at: Date?)], now: Date
    ) async throws {
        if answers.isEmpty, again.isEmpty { return }
        try await database.write(.statement) { transaction in
            for (message, at) in answers {
                try Self.noteReply(to: message, at: at, now: now, in: transaction)
                try transaction.later("DELETE FROM answer_wait WHERE message = $1", [.integer(message)])
            }
            for (message, at) in again {
                if let at {
                    try transaction.later(
                        "UPDATE answer_wait SET retry_at = $1 WHERE message = $2",
                        [.integer(at.milliseconds), .integer(message)])
                } else {
                    try transaction.later("DELETE FROM answer_wait WHERE message = $1", [.integer(message)])
                }
            }
        }
    }
}
