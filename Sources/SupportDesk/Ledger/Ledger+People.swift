import Foundation
import Mail

/// What is to be asked before a mail leaves.
struct Standing: Sendable {
    /// The channel that its message came by.
    let channel: String
    let inquiry: Inquiry
    /// A person has the conversation since the answer was decided on, as far as the ledger knows.
    let person: PersonSeen?
    /// The conversation's ticket.
    let ticket: String?
}

extension Ledger {
    /// At most this many messages of a conversation are looked for at its source: the newest.
    private static let maximumOfConversation = 20

    /// How the conversation stands that a mail of the outbox belongs to.
    func standing(of item: OutboxItem) async throws -> Standing? {
        // An approved mail bears the name of its draft, and so does that draft when a person sends it herself.
        try await standing(
            ofMessage: item.message, isAcknowledgement: item.isAcknowledgement, besides: item.isApproved ? item.id : 0)
    }

    /// How the conversation of a message stands.
    /// - Parameter written: a row of the outbox that does not count as written by the desk.
    func standing(
        ofMessage message: Int64, isAcknowledgement: Bool = false, besides written: Int64 = 0
    ) async throws -> Standing? {
        let found = try await database.read { transaction in
            let found = try transaction.rows(
                """
                SELECT m.channel, m.source, m.arrived_at, m.status, m.conversation, c.with_person, c.ticket
                FROM message m LEFT JOIN conversation c ON c.id = m.conversation WHERE m.id = $1
                """, [.integer(message)]
            ).first
            let conversation = found?.integer("conversation") ?? -1
            let mails = try transaction.rows(
                """
                SELECT message, sealed FROM archive WHERE conversation = $1 OR message = $2
                ORDER BY message DESC LIMIT \(Self.maximumOfConversation)
                """, [.integer(conversation), .integer(message)])
            let own = try transaction.rows(
                """
                SELECT key FROM outbox
                WHERE (conversation = $1 OR message = $2) AND kind IN ('reply', 'onfile', 'acknowledgement') AND id <> $3
                """, [.integer(conversation), .integer(message), .integer(written)])
            return (found, mails, own.compactMap { $0.text("key") })
        }
        guard let row = found.0, let channel = row.text("channel"), let source = row.text("source") else { return nil }
        var inquiry = Inquiry(
            source: source, arrival: Date(milliseconds: row.integer("arrived_at") ?? 0), messageIDs: [],
            own: Set(found.2))
        inquiry.isMarkedByDesk = row.text("status") == Status.answered.rawValue
        for mail in found.1.reversed() {
            // Empty where it was lost with the key.
            guard let id = mail.integer("message"), let sealed = mail.blob("sealed"), !sealed.isEmpty else { continue }
            let bytes = try await open(sealed, as: Place.archive(id))
            guard let header = try? Message(parsing: bytes.header) else { continue }
            if id == message { (inquiry.messageID, inquiry.written) = (header.messageID, header.date) }
            inquiry.messageIDs += header.threadIDs
        }
        inquiry.messageIDs += found.2
        var seen: Set<String> = []
        inquiry.messageIDs.removeAll { !seen.insert($0).inserted }
        var person: PersonSeen?
        // An acknowledgement follows the ticket by which a person has the conversation.
        if row.integer("with_person") == 1, !isAcknowledgement {
            person = PersonSeen(
                reason: "a person has this conversation since", isAnswer: try await isAnswered(inquiry.messageID))
        }
        return Standing(channel: channel, inquiry: inquiry, person: person, ticket: row.text("ticket"))
    }

    /// To whom the routing has given a message's ticket, or whose turn it may have been.
    func routedOwners(of message: Int64) async throws -> [String] {
        let sealed = try await database.read { transaction in
            try transaction.rows(
                "SELECT sealed FROM outbox WHERE message = $1 AND kind = 'ticket'", [.integer(message)]
            ).first?.blob("sealed")
        }
        guard let sealed, !sealed.isEmpty else { return [] }
        let bytes = Data(try await open(sealed, as: Place.outbox(message, "ticket")))
        let packet = try PropertyListDecoder().decode(Packet.self, from: bytes)
        return (packet.team?.members ?? []) + [packet.placement.owner].compactMap(\.self)
    }

    private func isAnswered(_ messageID: String?) async throws -> Bool {
        guard let digest = messageID.map({ seal.digest($0, for: "message-id") }) else { return false }
        return try await database.read { try Self.isAnswered(digest, in: $0) }
    }

    /// Whether a colleague's answer to a message was seen.
    static func isAnswered(_ digest: [UInt8], in transaction: any SQLTransaction) throws -> Bool {
        try !transaction.rows("SELECT 1 AS one FROM answered WHERE digest = $1", [.blob(digest)]).isEmpty
    }

    /// Ends a mail's row because a person was quicker. Her message is ignored where she has answered it; else it goes to her
    /// by a ticket, in the same commit.
    /// - Returns: the ticket's row.
    func withdraw(_ item: OutboxItem, _ seen: PersonSeen, instead packet: Packet?, _ rule: Rule, now: Date) async throws
        -> Int64?
    {
        try await writeSealed { seal, transaction in
            try Self.change(
                item, "state = 'withdrawn', problem = $1, finished_at = $2",
                [.text(seen.reason), .integer(now.milliseconds)], in: transaction)
            try Self.audit(
                .delivery, "withdrawn \(item.kind) outbox=\(item.id)", message: item.message, now: now, in: transaction)
            let conversation = try transaction.rows(
                "SELECT conversation FROM message WHERE id = $1", [.integer(item.message)]
            ).first?.integer("conversation")
            if let conversation {
                try transaction.execute(
                    "UPDATE conversation SET with_person = 1 WHERE id = $1", [.integer(conversation)])
            }
            if item.isBeside { return nil }
            try transaction.execute(
                """
                UPDATE outbox SET state = 'withdrawn', problem = $1, finished_at = $2
                WHERE message = $3 AND state = 'queued' AND kind = 'onfile'
                """, [.text(seen.reason), .integer(now.milliseconds), .integer(item.message)])
            // A draft that was to be laid down, or was approved.
            _ = try Self.moveDraft(item.message, to: .withdrawn, rule.name, now: now, in: transaction)
            if let packet {
                return try Self.replace(
                    by: packet, rule, seal, message: item.message, conversation, by: item.shift, now, transaction)
            }
            try transaction.execute(
                "UPDATE message SET disposition = 'ignored', rule = $1 WHERE id = $2",
                [.text(rule.name), .integer(item.message)])
            try Self.move(item.message, to: .ignored, in: transaction)
            return nil
        }
    }
}

extension Rule {
    /// A person has answered the message already.
    static func personAnswered(_ reason: String) -> Rule {
        Rule("person-answered", "A person was quicker: \(reason).")
    }
}
