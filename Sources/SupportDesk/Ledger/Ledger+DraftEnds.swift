import Foundation

extension Ledger {
    /// What one look at the folder told of a draft.
    enum DraftNews: Sendable {
        /// It lies there under this name.
        case untouched(name: String)
        case edited
        case missing
    }

    /// Records what a look at the folder told of a draft that is open or a person's.
    func note(_ news: DraftNews, of message: Int64, now: Date) async throws {
        try await database.write { transaction in
            switch news {
            case .untouched(let name):
                try transaction.execute(
                    "UPDATE draft SET name = $1, missing_at = NULL WHERE message = $2",
                    [.text(name), .integer(message)])
            case .edited:
                if try !Self.moveDraft(message, to: .edited, "edited", now: now, in: transaction) {
                    try transaction.execute(
                        "UPDATE draft SET missing_at = NULL WHERE message = $1", [.integer(message)])
                }
            case .missing:
                try transaction.execute(
                    "UPDATE draft SET missing_at = $1 WHERE message = $2 AND missing_at IS NULL",
                    [.integer(now.milliseconds), .integer(message)])
            }
        }
    }

    /// Records where a draft's copy is.
    func note(_ place: DraftPlace, name: String? = nil, of message: Int64) async throws {
        try await database.write { transaction in
            try transaction.execute(
                "UPDATE draft SET place = $1, name = COALESCE($2, name) WHERE message = $3",
                [.text(place.rawValue), name.map(SQLValue.text) ?? .null, .integer(message)])
            return
        }
    }

    /// A person sent the draft, or answered otherwise.
    /// - Parameters:
    ///   - state: `sent` or `withdrawn`.
    ///   - replyID: the Message-ID of her answer, by which the customer's next mail finds the conversation.
    func personAnswered(
        _ draft: DraftRow, _ state: DraftState, _ end: DraftEnd?, replyID: String?, now: Date
    ) async throws {
        try await writeSealed { seal, transaction in
            guard try Self.moveDraft(draft.message, to: state, Rule.draftOvertaken.name, now: now, in: transaction)
            else { return }
            if let end { try Self.keep(end, of: draft, seal, now: now, in: transaction) }
            if let replyID, let conversation = draft.conversation {
                try transaction.execute(
                    "INSERT INTO reference (digest, conversation) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                    [.blob(seal.digest(replyID, for: "message-id")), .integer(conversation)])
            }
            try Self.noteReply(to: draft.message, now: now, in: transaction)
            if state == .sent {
                try transaction.execute(
                    "UPDATE draft SET place = 'gone' WHERE message = $1 AND place <> 'none'",
                    [.integer(draft.message)])
            } else {
                try Self.settleDraft(draft.message, as: .ignored, .draftOvertaken, in: transaction)
            }
        }
    }

    /// Ends a draft that nobody sends: its customer's mail goes to a ticket, or stays with those who read the mailbox.
    /// - Returns: nil when somebody was quicker; else the ticket's outbox row, when there is to be one.
    func giveUp(
        _ draft: DraftRow, _ state: DraftState, _ rule: Rule, _ end: DraftEnd?, ticket: Packet?, now: Date
    ) async throws -> (ended: Bool, ticket: Int64?) {
        try await writeSealed { seal, transaction in
            guard try Self.moveDraft(draft.message, to: state, rule.name, now: now, in: transaction) else {
                return (false, nil)
            }
            if let end { try Self.keep(end, of: draft, seal, now: now, in: transaction) }
            // What was only asked in the draft was never asked.
            if let conversation = draft.conversation {
                try transaction.execute(
                    """
                    UPDATE conversation SET asked = NULL WHERE id = $1
                    AND NOT EXISTS (SELECT 1 FROM outbox WHERE conversation = $1 AND kind = 'reply')
                    AND NOT EXISTS (SELECT 1 FROM draft WHERE conversation = $1 AND state = 'sent')
                    """, [.integer(conversation)])
            }
            try Self.settleDraft(draft.message, as: ticket == nil ? .ignored : .escalated, rule, in: transaction)
            guard let ticket else { return (true, nil) }
            let row = try Self.replace(
                by: ticket, rule, seal, message: draft.message, draft.conversation, now, transaction)
            return (true, row)
        }
    }

    /// Has a draft sent: the reply goes into the outbox, unless a limit is reached or somebody was quicker.
    /// - Parameter end: what was made of it before.
    /// - Returns: the reply's outbox row; nil when the draft is not open any more.
    /// - Throws: `Backstopped`.
    func approve(
        _ draft: DraftRow, _ answer: ApprovedAnswer, _ end: DraftEnd?, _ backstops: Backstops, now: Date
    ) async throws -> Int64? {
        try await writeSealed { seal, transaction in
            let row = try transaction.rows(
                """
                SELECT o.state, o.recipient, o.domain, o.text, o.answer, o.matter, c.with_person FROM draft d
                JOIN outbox o ON o.message = d.message AND o.kind = 'draft'
                LEFT JOIN conversation c ON c.id = d.conversation WHERE d.message = $1
                """, [.integer(draft.message)]
            ).first
            guard let row else { return nil }
            if row.integer("with_person") == 1 { throw Backstopped(rule: .withPerson) }
            guard row.text("state") != "sending" else {
                throw DeskError(.locked, "the draft is just being laid into its folder: try again", isRetryable: true)
            }
            let addressee = row.blob("recipient").map {
                Addressee(address: $0, domain: row.blob("domain") ?? [], text: row.blob("text") ?? [])
            }
            let counts = try ReplyCounts(
                addressee, conversation: draft.conversation, within: backstops, now: now, in: transaction)
            if let rule = backstops.rule(for: counts) { throw Backstopped(rule: rule) }
            let answers = try Self.answers(on: row.blob("matter"), now: now, in: transaction)
            if answers >= backstops.perMatter { throw Backstopped(rule: .repeated(answers)) }
            guard try Self.moveDraft(draft.message, to: .approved, "approved", now: now, in: transaction) else {
                return nil
            }
            if let end { try Self.keep(end, of: draft, seal, now: now, in: transaction) }
            try Self.settleDraft(
                draft.message, as: .answered, Rule("approved", "A person approved its draft."), in: transaction)
            // Its source says so when it is answered.
            try transaction.execute("UPDATE message SET marked = 0 WHERE id = $1", [.integer(draft.message)])
            return try Self.enqueue(
                answer.effect(to: addressee?.address), seal, message: draft.message,
                conversation: draft.conversation, addressee: addressee, matter: row.blob("matter"),
                answer: row.blob("answer"), now: now, in: transaction)
        }
    }

    /// Takes an approval back before anything has left: a person has the draft in hand after all.
    /// - Parameter rule: the one that made the draft.
    func undoApproval(
        _ item: OutboxItem, to state: DraftState, rule: String, now: Date
    ) async throws {
        try await database.write { transaction in
            let deleted = try transaction.execute(
                "DELETE FROM outbox WHERE id = $1 AND kind = 'reply' AND state = 'queued' AND shift = $2",
                [.integer(item.id), .integer(item.shift)])
            guard deleted == 1 else { throw LeaseLost() }
            guard
                try Self.moveDraft(
                    item.message, to: state, state == .edited ? "edited" : nil, now: now, in: transaction)
            else { return }
            if state == .open {
                try transaction.execute(
                    "UPDATE draft SET missing_at = $1 WHERE message = $2",
                    [.integer(now.milliseconds), .integer(item.message)])
            }
            try transaction.execute(
                "UPDATE outbox SET state = 'sent' WHERE message = $1 AND kind = 'draft'", [.integer(item.message)])
            try transaction.execute("DELETE FROM draft_end WHERE message = $1", [.integer(item.message)])
            try transaction.execute(
                "UPDATE message SET disposition = 'drafted', rule = $1 WHERE id = $2",
                [.text(rule), .integer(item.message)])
            try Self.move(item.message, to: .drafted, in: transaction)
        }
    }
}

/// What leaves when a draft is approved.
enum ApprovedAnswer: Sendable {
    case mail(Envelope)
    case entry(TicketReply)

    func effect(to recipient: [UInt8]?) -> Effect {
        switch self {
        case .mail(let envelope): .reply(envelope, recipient: recipient)
        case .entry(let reply): .ticketReply(reply, isDraft: false, recipient: recipient)
        }
    }
}

extension Rule {
    static let draftOvertaken = Rule("person-answered", "A person answered before the desk did.")
    static let withPerson = Rule("with-a-person", "A person already has this conversation.")
    static let draftUnsent = Rule("draft-unsent", "A draft was laid before a person, and was not sent.")
    static let wroteAgain = Rule("wrote-again", "The customer wrote again before anybody sent the draft.")
    static let draftExpired = Rule("draft-expired", "Nobody sent the draft in time.")
    static let draftDeleted = Rule("draft-deleted", "A person deleted the draft from its folder.")
    static let draftRejected = Rule("draft-rejected", "A person rejected the draft.")
}
