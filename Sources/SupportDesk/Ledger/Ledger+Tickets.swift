import Foundation

/// What the ledger knows of a customer and her matter besides the message at hand, for the note.
struct TicketHistory: Sendable {
    /// An earlier message of the conversation.
    struct Earlier: Sendable {
        let message: Int64
        let arrival: Date
        let disposition: String
        let intent: String?
    }

    /// An earlier matter of the same sender that a person had.
    struct Past: Sendable {
        let ticket: String
        let opened: Date
    }

    var earlier: [Earlier] = []
    var past: [Past] = []
}

extension Ledger {
    /// The number of a conversation's ticket; nil when it has none yet.
    func ticket(of conversation: Int64?) async throws -> String? {
        guard let conversation else { return nil }
        return try await database.read { transaction in
            try transaction.rows("SELECT ticket FROM conversation WHERE id = $1", [.integer(conversation)]).first?
                .text("ticket")
        }
    }

    /// When a ticket that was to be filed before for the same conversation, and is not yet, is tried again; nil when there is none.
    func earlierTicket(than item: OutboxItem) async throws -> Date? {
        guard let conversation = item.conversation else { return nil }
        return try await database.read { transaction in
            try transaction.rows(
                """
                SELECT MAX(retry_at) AS due FROM outbox
                WHERE conversation = $1 AND id < $2 AND kind = 'ticket' AND state IN ('queued', 'sending')
                """, [.integer(conversation), .integer(item.id)]
            ).first?.integer("due").map(Date.init(milliseconds:))
        }
    }

    /// The number of a conversation among those of a team, from 0: the same whenever it is asked for.
    func turn(of team: String, _ externalID: String) async throws -> Int {
        try await database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO turn (team, external_id, number)
                SELECT $1, $2, COALESCE((SELECT MAX(number) FROM turn WHERE team = $1), -1) + 1
                ON CONFLICT (team, external_id) DO NOTHING
                """, [.text(team), .text(externalID)])
            let row = try transaction.rows(
                "SELECT number FROM turn WHERE team = $1 AND external_id = $2", [.text(team), .text(externalID)]
            ).first
            return Int(row?.integer("number") ?? 0)
        }
    }

    /// What was said before.
    /// - Parameter sender: digest of the proved sender; nil leaves her other matters out.
    func history(of conversation: Int64?, sender: [UInt8]?, before message: Int64) async throws -> TicketHistory {
        try await database.read { transaction in
            var history = TicketHistory()
            if let conversation {
                history.earlier = try transaction.rows(
                    """
                    SELECT message.id, message.arrived_at, message.disposition, message.intent
                    FROM archive JOIN message ON message.id = archive.message
                    WHERE archive.conversation = $1 AND message.id < $2 AND message.disposition IS NOT NULL
                    ORDER BY message.id DESC LIMIT 10
                    """, [.integer(conversation), .integer(message)]
                ).reversed().map { row in
                    TicketHistory.Earlier(
                        message: row.integer("id") ?? 0,
                        arrival: Date(milliseconds: row.integer("arrived_at") ?? 0),
                        disposition: row.text("disposition") ?? "", intent: row.text("intent"))
                }
            }
            if let sender {
                history.past = try transaction.rows(
                    """
                    SELECT conversation.ticket, conversation.opened_at
                    FROM participant JOIN conversation ON conversation.id = participant.conversation
                    WHERE participant.digest = $1 AND conversation.ticket IS NOT NULL AND conversation.id <> $2
                    ORDER BY conversation.id DESC LIMIT 5
                    """, [.blob(sender), .integer(conversation ?? -1)]
                ).compactMap { row in
                    row.text("ticket").map {
                        TicketHistory.Past(ticket: $0, opened: Date(milliseconds: row.integer("opened_at") ?? 0))
                    }
                }
            }
            return history
        }
    }

    /// Takes the acknowledgement in hand that may leave now that a ticket has.
    func acknowledgement(behind ticket: Int64, by shift: Int64) async throws -> Int64? {
        let found = try await database.read { transaction in
            try transaction.rows(
                """
                SELECT a.id, a.shift FROM outbox AS t JOIN outbox AS a ON a.message = t.message AND a.kind = 'acknowledgement'
                WHERE t.id = $1 AND t.kind = 'ticket' AND t.state = 'sent' AND a.state = 'queued' AND a.attempts = 0
                """, [.integer(ticket)]
            ).first
        }
        guard let found, let row = found.integer("id") else { return nil }
        if found.integer("shift") == shift { return row }
        return try await claim(outbox: row, by: shift) ? row : nil
    }

    /// Puts an acknowledgement on record with the ticket, unless the conversation had one, or the sender had as many
    /// automatic mails as one may have in a day: whoever writes again and again is perhaps nobody.
    static func acknowledge(
        _ outcome: Outcome, _ seal: Seal, in conversation: Int64?, now: Date, _ transaction: any SQLTransaction
    ) throws {
        guard let envelope = outcome.acknowledgement, let conversation,
            let addressee = outcome.association?.addressee
        else { return }
        let former = try transaction.rows(
            "SELECT id FROM outbox WHERE (conversation = $1 OR message = $2) AND kind = 'acknowledgement' LIMIT 1",
            [.integer(conversation), .integer(outcome.message)])
        guard former.isEmpty else { return }
        let counts = try ReplyCounts(
            addressee, conversation: conversation, within: outcome.backstops, now: now, in: transaction)
        guard outcome.backstops.rule(for: counts) == nil else { return }
        let recent = try transaction.rows(
            """
            SELECT COUNT(*) AS n FROM outbox
            WHERE recipient = $1 AND created_at > $2 AND kind IN ('reply', 'acknowledgement')
            AND state NOT IN ('failed', 'withdrawn')
            """, [.blob(addressee.address), .integer(now.milliseconds - 86_400_000)]
        ).first?.integer("n")
        guard Int(recent ?? 0) < outcome.backstops.perSender else { return }
        _ = try enqueue(
            .acknowledgement(envelope, recipient: addressee.address), seal, message: outcome.message,
            conversation: conversation, addressee: addressee, by: outcome.shift, now: now, in: transaction)
    }
}
