import Foundation

/// What waits, and since when.
struct QueueFigures: Sendable {
    /// One queue.
    struct Queue: Sendable {
        let count: Int
        /// Since when the oldest waits.
        let oldest: Date?
    }

    /// Mail without an outcome, effects that are not delivered, drafts that wait for a person.
    let intake: Queue
    let outbox: Queue
    let drafts: Queue
    /// Arrival of the oldest message whose customer has neither an answer nor a ticket.
    let unanswered: Date?
}

extension Ledger {
    /// Counts what waits; by indexes of what is open, whatever else the ledger holds.
    func queues() async throws -> QueueFigures {
        try await database.read { transaction in
            func queue(_ sql: String) throws -> QueueFigures.Queue {
                let row = try transaction.rows(sql, []).first
                return QueueFigures.Queue(
                    count: Int(row?.integer("n") ?? 0),
                    oldest: row?.integer("oldest").map(Date.init(milliseconds:)))
            }
            let draftedArrival = try queue(
                """
                SELECT COUNT(*) AS n, MIN(message.arrived_at) AS oldest FROM draft
                JOIN message ON message.id = draft.message WHERE draft.state IN ('open', 'edited')
                """
            ).oldest
            let openArrival = try queue(
                """
                SELECT COUNT(*) AS n, MIN(arrived_at) AS oldest FROM message
                WHERE marked = 0 AND status IN ('arrived', 'attempting', 'decided')
                """
            ).oldest
            return QueueFigures(
                intake: try queue(
                    """
                    SELECT COUNT(*) AS n, MIN(arrived_at) AS oldest FROM message
                    WHERE marked = 0 AND status IN ('arrived', 'attempting')
                    """),
                outbox: try queue(
                    "SELECT COUNT(*) AS n, MIN(created_at) AS oldest FROM outbox WHERE state IN ('queued', 'sending')"),
                drafts: try queue(
                    "SELECT COUNT(*) AS n, MIN(created_at) AS oldest FROM draft WHERE state IN ('open', 'edited')"),
                unanswered: [openArrival, draftedArrival].compactMap(\.self).min())
        }
    }

    /// The messages of a channel that wait for an outcome and whose time has come, oldest first; nobody takes them in hand.
    func due(in channel: String, now: Date, limit: Int) async throws -> [(id: Int64, item: SourceItem)] {
        try await database.read { transaction in
            try transaction.rows(
                """
                SELECT id, source, arrived_at FROM message
                WHERE channel = $1 AND status IN ('arrived', 'attempting') AND retry_at <= $2 ORDER BY id LIMIT \(limit)
                """, [.text(channel), .integer(now.milliseconds)]
            ).compactMap { row in
                guard let id = row.integer("id"), let source = row.text("source") else { return nil }
                return (
                    id, SourceItem(source: source, arrival: Date(milliseconds: row.integer("arrived_at") ?? 0))
                )
            }
        }
    }

    /// Whether so many effects, or more, wait for their delivery.
    func outboxHolds(_ count: Int) async throws -> Bool {
        try await database.read { transaction in
            !(try transaction.rows(
                "SELECT id FROM outbox WHERE state IN ('queued', 'sending') ORDER BY id LIMIT 1 OFFSET \(count - 1)", []
            ).isEmpty)
        }
    }
}
