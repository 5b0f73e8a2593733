import Foundation

/// What goes into the outbox with an outcome.
enum Effect: Sendable {
    /// A mail for the customer.
    case reply(Envelope, recipient: [UInt8]?)
    /// A mail for the drafts folder.
    case draft(Envelope, recipient: [UInt8]?)
    /// A ticket, or an entry on the conversation's ticket.
    case ticket(Packet)

    var kind: String {
        switch self {
        case .reply: "reply"
        case .draft: "draft"
        case .ticket: "ticket"
        }
    }
}

/// Everything that one commit records of a settled message.
struct Outcome: Sendable {
    let message: Int64
    let kind: Disposition.Kind
    let rule: Rule
    let association: Association?
    let raw: RawMessage
    let intent: String?
    let language: String?
    let confidence: Double?
    /// The decision's inputs as JSON, without personal data.
    let detail: String
    let effect: Effect?
    /// Digest of the reply's own Message-ID, by which an answer to it finds the conversation.
    let replyDigest: [UInt8]?
    /// Digest of the reply's subject with its recipient, for an answer that refers to nothing.
    var replySubject: [UInt8]?
    /// The limits that a reply must not pass.
    var backstops = Backstops()

    /// Whose address is dead, when that is what the message says.
    fileprivate var suppressed: [UInt8]? {
        kind == .escalated && association?.returned?.fate == .failed ? association?.returned?.recipient : nil
    }
}

extension Ledger {
    /// Commits an outcome: status, decision, conversation, archive and outbox in one transaction.
    /// - Returns: the outbox row, when there is an effect to deliver.
    /// - Throws: `Backstopped` when a reply would pass a limit; nothing is on record then.
    @discardableResult
    func settle(_ outcome: Outcome, now: Date) async throws -> Int64? {
        let payload = try outcome.effect.map { try seal.seal(Self.encode($0)) }
        // Ignored mail stays at its source only; what people or later tickets need is kept sealed.
        let archived = outcome.kind == .ignored ? nil : try seal.seal(outcome.raw.bytes)
        return try await database.write { transaction in
            let conversation = try Self.conversation(of: outcome, now: now, in: transaction)
            if case .reply? = outcome.effect, let addressee = outcome.association?.addressee {
                let counts = try ReplyCounts(addressee, conversation: conversation, now: now, in: transaction)
                if let rule = outcome.backstops.rule(for: counts) { throw Backstopped(rule: rule) }
            }
            if let suppressed = outcome.suppressed {
                try transaction.execute(
                    "INSERT INTO suppressed (digest, at, message) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                    [.blob(suppressed), .integer(now.milliseconds), .integer(outcome.message)])
            }
            try Self.move(
                outcome.message, to: outcome.kind == .ignored ? .ignored : .decided, in: transaction)
            try transaction.execute(
                """
                UPDATE message SET conversation = $1, disposition = $2, rule = $3, intent = $4, language = $5,
                confidence = $6, settled_at = $7 WHERE id = $8
                """,
                [
                    conversation.map(SQLValue.integer) ?? .null, .text(outcome.kind.rawValue), .text(outcome.rule.name),
                    outcome.intent.map(SQLValue.text) ?? .null, outcome.language.map(SQLValue.text) ?? .null,
                    outcome.confidence.map(SQLValue.real) ?? .null, .integer(now.milliseconds),
                    .integer(outcome.message),
                ])
            try transaction.execute(
                "INSERT INTO decision (message, at, detail) VALUES ($1, $2, $3)",
                [.integer(outcome.message), .integer(now.milliseconds), .text(outcome.detail)])
            if let archived {
                try transaction.execute(
                    "INSERT INTO archive (message, conversation, arrived_at, sealed) VALUES ($1, $2, $3, $4)",
                    [
                        .integer(outcome.message), conversation.map(SQLValue.integer) ?? .null,
                        .integer(outcome.raw.arrival.milliseconds), .blob(archived),
                    ])
            }
            guard let effect = outcome.effect, let payload else { return nil }
            return try Self.enqueue(
                effect, payload: payload, message: outcome.message, conversation: conversation,
                addressee: outcome.association?.addressee, now: now, in: transaction)
        }
    }

    /// The conversation that the message belongs to, opened when it is the first; nil when it could not be read at all.
    private static func conversation(
        of outcome: Outcome, now: Date, in transaction: any SQLTransaction
    ) throws -> Int64? {
        guard let association = outcome.association, outcome.rule.name != "duplicate" else {
            guard case .ticket(let packet)? = outcome.effect else { return nil }
            return try openConversation(packet.externalID, now: now, in: transaction)
        }
        try transaction.execute(
            "INSERT INTO fingerprint (digest, message) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            [.blob(association.fingerprint), .integer(outcome.message)])
        if outcome.kind == .ignored, association.conversation == nil { return nil }
        let conversation =
            try association.conversation ?? openConversation(association.externalID, now: now, in: transaction)
        for digest in association.threadDigests + [outcome.replyDigest].compactMap(\.self) {
            try transaction.execute(
                "INSERT INTO reference (digest, conversation) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                [.blob(digest), .integer(conversation)])
        }
        for participant in association.participants {
            try transaction.execute(
                "INSERT INTO participant (conversation, digest) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                [.integer(conversation), .blob(participant)])
        }
        for subject in Set([association.subject, outcome.replySubject].compactMap(\.self)) {
            try transaction.execute(
                """
                INSERT INTO subject (digest, conversation, at) VALUES ($1, $2, $3)
                ON CONFLICT (digest, conversation) DO UPDATE SET at = excluded.at
                """, [.blob(subject), .integer(conversation), .integer(now.milliseconds)])
        }
        if outcome.kind == .escalated || outcome.kind == .quarantined {
            try transaction.execute(
                "UPDATE conversation SET with_person = 1 WHERE id = $1", [.integer(conversation)])
        }
        return conversation
    }

    private static func openConversation(
        _ externalID: String, now: Date, in transaction: any SQLTransaction
    ) throws -> Int64 {
        try transaction.execute(
            "INSERT INTO conversation (external_id, opened_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            [.text(externalID), .integer(now.milliseconds)])
        let row = try transaction.rows("SELECT id FROM conversation WHERE external_id = $1", [.text(externalID)]).first
        guard let id = row?.integer("id") else { throw DeskError(.ledger, "a conversation was not recorded") }
        return id
    }

    static func enqueue(
        _ effect: Effect, payload: [UInt8], message: Int64, conversation: Int64?, addressee: Addressee? = nil,
        now: Date, in transaction: any SQLTransaction
    ) throws -> Int64 {
        let key: String
        let recipient: [UInt8]?
        switch effect {
        case .reply(let envelope, let digest), .draft(let envelope, let digest):
            (key, recipient) = (envelope.messageID, digest)
        case .ticket(let packet): (key, recipient) = (packet.externalID, nil)
        }
        let row = try transaction.rows(
            """
            INSERT INTO outbox (message, conversation, kind, state, key, recipient, sealed, created_at, domain, text)
            VALUES ($1, $2, $3, 'queued', $4, $5, $6, $7, $8, $9) RETURNING id
            """,
            [
                .integer(message), conversation.map(SQLValue.integer) ?? .null, .text(effect.kind), .text(key),
                recipient.map(SQLValue.blob) ?? .null, .blob(payload), .integer(now.milliseconds),
                recipient == nil ? .null : addressee.map { .blob($0.domain) } ?? .null,
                recipient == nil ? .null : addressee.map { .blob($0.text) } ?? .null,
            ]
        ).first
        guard let id = row?.integer("id") else { throw DeskError(.ledger, "an outbox row was not recorded") }
        return id
    }

    static func encode(_ effect: Effect) throws -> [UInt8] {
        switch effect {
        case .reply(let envelope, _), .draft(let envelope, _):
            try [UInt8](PropertyListEncoder.binary.encode(envelope))
        case .ticket(let packet): try [UInt8](PropertyListEncoder.binary.encode(packet))
        }
    }
}

extension PropertyListEncoder {
    /// Bytes stay bytes in it, unlike in JSON.
    static var binary: PropertyListEncoder {
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .binary
        return encoder
    }
}
