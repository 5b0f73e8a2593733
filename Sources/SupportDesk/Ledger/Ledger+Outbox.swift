import Foundation

/// One row of the outbox, opened.
struct OutboxItem: Sendable {
    enum Payload: Sendable {
        case mail(Envelope, isDraft: Bool)
        case ticketReply(TicketReply, isDraft: Bool)
        case ticket(Packet)
    }

    let id: Int64
    /// The shift that has it in hand.
    let shift: Int64
    let message: Int64
    let conversation: Int64?
    let attempts: Int
    /// When it was queued first.
    let created: Date
    /// Found in `sending`: the run that sent it died, and nobody knows how far it came.
    let wasSending: Bool
    let payload: Payload
    /// It goes beside the answer, or behind the ticket: nobody waits for it, and its message ends with the other one.
    var isBeside = false
    /// It tells that a person has the matter.
    var isAcknowledgement = false
    /// A person had the desk send it: what she knows of others is hers to weigh.
    var isApproved = false

    /// What it is, in the words of the outbox.
    var kind = ""

    /// Whether it is laid before people, and not sent.
    var isDraft: Bool {
        switch payload {
        case .mail(_, let isDraft), .ticketReply(_, let isDraft): isDraft
        case .ticket: false
        }
    }
}

extension OutboxItem {
    /// What an answer was chosen to be by the way of its question.
    static func answer(_ bytes: Data, isDraft: Bool) throws -> Payload {
        let decoder = PropertyListDecoder()
        if let reply = try? decoder.decode(TicketReply.self, from: bytes) {
            return .ticketReply(reply, isDraft: isDraft)
        }
        return .mail(try decoder.decode(Envelope.self, from: bytes), isDraft: isDraft)
    }
}

/// How an outbox row ended.
enum OutboxEnd: Sendable {
    /// The other side's name for it, and the Message-IDs that it gave to a mail in place of ours.
    case sent(remote: String?, messageIDs: [String] = [])
    case failed(String)
    case uncertain(String)

    var state: String {
        switch self {
        case .sent: "sent"
        case .failed: "failed"
        case .uncertain: "uncertain"
        }
    }
}

extension Ledger {
    /// Takes rows in hand that wait to be delivered, oldest first; with them those in `sending` whose sender died, or lost its
    /// lease: these are never simply sent again. An acknowledgement waits for its ticket.
    /// - Parameter earlier: the last of those before.
    /// - Returns: the rows and the shift that has them; nil when nothing is due.
    func claimOutbox(
        after earlier: Int64 = 0, now: Date, limit: Int = 64, by lease: Lease
    ) async throws -> (rows: [Int64], shift: Int64)? {
        let pick = """
            SELECT id FROM outbox WHERE state IN ('queued', 'sending') AND retry_at <= $1 AND id > $2
            AND \(isFree("outbox")) AND (kind <> 'acknowledgement' OR EXISTS (
                SELECT 1 FROM outbox AS t WHERE t.message = outbox.message AND t.kind = 'ticket' AND t.state = 'sent'))
            ORDER BY id LIMIT
            """
        let arguments: [SQLValue] = [.integer(now.milliseconds), .integer(earlier)]
        if try await database.read({ try $0.rows("\(pick) 1", arguments).isEmpty }) { return nil }
        let shift = try await lease.number()
        let rows = try await database.write(.statement) {
            [dialect = database.dialect, isFree = isFree("outbox")] transaction in
            let picked = try transaction.rows("\(pick) \(limit) \(dialect.skipLocked)", arguments)
                .compactMap { $0.integer("id") }
            if picked.isEmpty { return [Int64]() }
            let list = SQLList(picked, from: 2)
            // As for messages: whose a row is, is seen by a statement that begins when it is locked.
            return try transaction.rows(
                "UPDATE outbox SET shift = $1 WHERE id IN \(list.places) AND \(isFree) RETURNING id",
                [.integer(shift)] + list.values
            ).compactMap { $0.integer("id") }.sorted()
        }
        return rows.isEmpty ? nil : (rows, shift)
    }

    /// Takes one row in hand; not so when it is finished, or in somebody else's.
    func claim(outbox row: Int64, by shift: Int64) async throws -> Bool {
        try await database.write(.statement) {
            [dialect = database.dialect, isFree = isFree("outbox")] transaction in
            // Locked first, as for many.
            let picked = try transaction.rows(
                "SELECT id FROM outbox WHERE id = $1 AND state IN ('queued', 'sending') \(dialect.skipLocked)",
                [.integer(row)])
            if picked.isEmpty { return false }
            let changed = try transaction.execute(
                "UPDATE outbox SET shift = $1 WHERE id = $2 AND (shift = $1 OR \(isFree))",
                [.integer(shift), .integer(row)])
            return changed == 1
        }
    }

    /// Lets go of a row that is not finished, and of the acknowledgement behind it.
    func release(outbox row: Int64, by shift: Int64) async throws {
        try await database.write(.statement) { transaction in
            try transaction.execute(
                """
                UPDATE outbox SET shift = NULL WHERE message = (SELECT message FROM outbox WHERE id = $1)
                AND (id = $1 OR kind = 'acknowledgement') AND shift = $2
                """, [.integer(row), .integer(shift)])
            return
        }
    }

    /// Puts a row off, as it is, with which nothing could be done; each time for twice as long.
    func putOff(outbox row: Int64, by shift: Int64, problem: String, now: Date) async throws {
        try await database.write(.statement) { transaction in
            let attempts = try transaction.rows("SELECT attempts FROM outbox WHERE id = $1", [.integer(row)]).first?
                .integer("attempts")
            let wait = RetryWait.seconds(after: Int(attempts ?? 0))
            try transaction.execute(
                """
                UPDATE outbox SET retry_at = $1, problem = $2, attempts = attempts + 1, shift = NULL
                WHERE id = $3 AND shift = $4
                """,
                [
                    .integer(now.addingTimeInterval(wait).milliseconds), .text(problem), .integer(row),
                    .integer(shift),
                ])
            return
        }
    }

    /// Opens a row that a shift has in hand; nil when it is finished, or somebody else's.
    func outboxItem(_ id: Int64, by shift: Int64) async throws -> OutboxItem? {
        let found = try await database.read { transaction in
            let row = try transaction.rows(
                """
                SELECT message, conversation, kind, state, attempts, created_at, sealed, kind = 'reply' AND EXISTS (
                    SELECT 1 FROM draft WHERE draft.message = outbox.message) AS approved
                FROM outbox WHERE id = $1 AND state IN ('queued', 'sending') AND shift = $2
                """, [.integer(id), .integer(shift)]
            ).first
            return try row.map { ($0, try ConversationKey(ofOwnerOf: $0.blob("sealed") ?? [], in: transaction)) }
        }
        guard let (row, key) = found, let message = row.integer("message"), let sealed = row.blob("sealed") else {
            return nil
        }
        let kind = row.text("kind") ?? ""
        let bytes = Data(try await open(sealed, as: Place.outbox(message, kind), with: key))
        let payload: OutboxItem.Payload =
            switch kind {
            case "ticket": .ticket(try PropertyListDecoder().decode(Packet.self, from: bytes))
            default: try OutboxItem.answer(bytes, isDraft: kind == "draft")
            }
        return OutboxItem(
            id: id, shift: shift, message: message, conversation: row.integer("conversation"),
            attempts: Int(row.integer("attempts") ?? 0),
            created: Date(timeIntervalSince1970: Double(row.integer("created_at") ?? 0) / 1_000),
            wasSending: row.text("state") == "sending", payload: payload,
            isBeside: ["onfile", "acknowledgement"].contains(kind), isAcknowledgement: kind == "acknowledgement",
            isApproved: row.integer("approved") == 1, kind: kind)
    }

    /// Commits that a row is about to leave; must return before the first byte does.
    /// - Throws: `LeaseLost` when it is somebody else's, or was withdrawn.
    func beginSending(_ item: OutboxItem) async throws {
        try await database.write(.statement) { transaction in
            try Self.change(
                item, "state = 'sending', attempts = attempts + 1", if: "state = 'queued'", [], in: transaction)
        }
    }

    /// Puts a row back that certainly was not taken; one in `sending` has its attempt counted already.
    /// - Parameter counts: whether this was one of its attempts; not so when nobody was there to take it.
    func requeue(_ item: OutboxItem, until: Date, problem: String, counts: Bool = true) async throws {
        try await database.write(.statement) { transaction in
            try Self.change(
                item,
                """
                state = 'queued', retry_at = $1, problem = $2,
                attempts = attempts + $3 - CASE WHEN state = 'sending' THEN 1 ELSE 0 END
                """,
                [.integer(until.milliseconds), .text(problem), .integer(counts ? 1 : 0)], in: transaction)
        }
    }

    /// Leaves a row in `sending`: nobody knows whether it was taken, and nobody could look.
    func keepSending(_ item: OutboxItem, until: Date, problem: String) async throws {
        try await database.write(.statement) { transaction in
            try Self.change(
                item, "retry_at = $1, problem = $2, attempts = attempts + 1",
                [.integer(until.milliseconds), .text(problem)], in: transaction)
        }
    }

    /// Changes a row that is in hand.
    /// - Throws: `LeaseLost` when it is somebody else's, or finished.
    static func change(
        _ item: OutboxItem, _ assignments: String, if condition: String = "state IN ('queued', 'sending')",
        _ values: [SQLValue], in transaction: any SQLTransaction
    ) throws {
        let changed = try transaction.execute(
            "UPDATE outbox SET \(assignments) WHERE id = $\(values.count + 1) AND shift = $\(values.count + 2) AND \(condition)",
            values + [.integer(item.id), .integer(item.shift)])
        guard changed == 1 else { throw LeaseLost() }
    }

    /// Commits that a row is done and the message with it.
    ///
    /// A mail that failed or is uncertain is replaced by a ticket in the same transaction: the message is not lost with it.
    /// - Parameter system: in which a ticket was filed.
    /// - Returns: the ticket's row, when one was made; it is in the same hand.
    /// - Throws: `LeaseLost` when the row is somebody else's: what became of it is for that one to say.
    @discardableResult
    func finish(
        _ item: OutboxItem, as end: OutboxEnd, instead packet: Packet? = nil, rule: Rule? = nil,
        in system: String? = nil, now: Date
    ) async throws -> Int64? {
        var replaced: [[UInt8]] = []
        // What its customer writes on the ticket belongs to the conversation.
        if case .sent(let number?, _) = end, case .ticket = item.payload, let system {
            replaced = [TicketOrigin.home(system, number, seal)]
        } else if case .sent(_, let messageIDs) = end {
            replaced = messageIDs.map { seal.digest($0, for: "message-id") }
        }
        return try await writeSealed { [replaced] seal, transaction in
            var remote: String?
            var problem: String?
            switch end {
            case .sent(let name, _): remote = name
            case .failed(let reason), .uncertain(let reason): problem = reason
            }
            try Self.change(
                item, "state = $1, remote = $2, problem = $3, finished_at = $4",
                [
                    .text(end.state), remote.map(SQLValue.text) ?? .null, problem.map(SQLValue.text) ?? .null,
                    .integer(now.milliseconds),
                ], in: transaction)
            try Self.audit(
                .delivery, "\(end.state) \(item.kind) outbox=\(item.id)", message: item.message, now: now,
                in: transaction)
            // An answer may refer to the Message-ID that the customer's mail program has seen.
            for digest in replaced {
                guard let conversation = item.conversation else { break }
                try transaction.execute(
                    "INSERT INTO reference (digest, conversation) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                    [.blob(digest), .integer(conversation)])
            }
            if item.isDraft {
                try Self.finishDraft(item, remote, problem, now, transaction)
            }
            if item.kind == "reply", case .sent = end {
                try Self.noteReply(to: item.message, now: now, in: transaction)
            }
            if let packet {
                return try Self.replace(
                    by: packet, rule ?? Rule("delivery-failed", ""), seal, message: item.message, item.conversation,
                    by: item.shift, now, transaction)
            }
            if item.isBeside { return nil }
            if case .ticket = item.payload, let remote, let conversation = item.conversation {
                try transaction.execute(
                    "UPDATE conversation SET ticket = $1 WHERE id = $2", [.text(remote), .integer(conversation)])
            }
            let row = try transaction.rows(
                "SELECT disposition, status FROM message WHERE id = $1", [.integer(item.message)]
            ).first
            // A draft may have been overtaken while it was laid into its folder: then its message ends with what came instead.
            if item.isDraft,
                !["drafted", "ignored"].contains(row?.text("disposition")) || row?.text("status") != "decided"
            {
                return nil
            }
            if let status = row?.text("disposition").flatMap(Status.init) {
                try Self.move(item.message, to: status, in: transaction)
            }
            return nil
        }
    }

    /// Records where a draft was laid, or that it could not be.
    private static func finishDraft(
        _ item: OutboxItem, _ remote: String?, _ problem: String?, _ now: Date, _ transaction: any SQLTransaction
    ) throws {
        if problem != nil {
            _ = try moveDraft(item.message, to: .withdrawn, "delivery-failed", now: now, in: transaction)
        }
        try transaction.execute(
            "UPDATE draft SET name = $1 WHERE message = $2",
            [remote.map(SQLValue.text) ?? .null, .integer(item.message)])
    }

    /// The mail of a conversation in order, ours included, as it must lie on a ticket; up to and with one message. What was
    /// written again on the same matter before its answer could be read belongs to it.
    /// - Parameter channels: those whose messages stand on tickets already.
    func thread(of conversation: Int64?, upTo message: Int64, besides channels: Set<String> = []) async throws
        -> [ThreadEntry]
    {
        let rows = try await database.read { transaction in
            let conversation = conversation.map(SQLValue.integer) ?? .integer(-1)
            let inbound = try transaction.rows(
                """
                SELECT archive.message, archive.sealed, message.channel, message.rule FROM archive
                JOIN message ON message.id = archive.message
                WHERE archive.conversation = $1 OR archive.message = $2 ORDER BY archive.message
                """, [conversation, .integer(message)])
            let outbound = try transaction.rows(
                """
                SELECT message, kind, sealed, finished_at FROM outbox
                WHERE conversation = $1 AND kind IN ('reply', 'onfile', 'acknowledgement')
                AND state IN ('sent', 'uncertain') ORDER BY id
                """, [conversation])
            return (inbound, outbound)
        }
        var entries: [ThreadEntry] = []
        for row in rows.0 {
            guard let id = row.integer("message"), let sealed = row.blob("sealed"),
                id <= message || row.text("rule") == Rule.repeatedBeforeAnswer.name,
                !channels.contains(row.text("channel") ?? "")
            else { continue }
            entries.append(
                ThreadEntry(message: id, isOurs: false, bytes: try await open(sealed, as: Place.archive(id))))
        }
        for row in rows.1 {
            // Empty where it was lost with the key.
            guard let id = row.integer("message"), id <= message, let sealed = row.blob("sealed"), !sealed.isEmpty
            else { continue }
            let kind = row.text("kind") ?? ""
            let bytes = Data(try await open(sealed, as: Place.outbox(id, kind)))
            // What was answered on a ticket stands there.
            guard case .mail(let envelope, _) = try OutboxItem.answer(bytes, isDraft: false) else { continue }
            entries.append(ThreadEntry(message: id, isOurs: true, bytes: envelope.bytes, kind: kind))
        }
        return entries.sorted { ($0.message, $0.isOurs ? 1 : 0) < ($1.message, $1.isOurs ? 1 : 0) }
    }
}
