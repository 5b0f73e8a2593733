import Foundation

/// What goes into the outbox with an outcome.
enum Effect: Sendable {
    /// A mail for the customer.
    case reply(Envelope, recipient: [UInt8]?)
    /// A mail for the address on file of an order that its sender is not proved to own.
    case onFile(Envelope, recipient: [UInt8])
    /// A mail for the drafts folder.
    case draft(Envelope, recipient: [UInt8]?)
    /// An answer for the ticket on which it was asked; as a draft for agents only.
    case ticketReply(TicketReply, isDraft: Bool, recipient: [UInt8]?)
    /// A ticket, or an entry on the conversation's ticket.
    case ticket(Packet)
    /// A mail that tells the customer that a person has her matter.
    case acknowledgement(Envelope, recipient: [UInt8]?)

    var kind: String {
        switch self {
        case .reply, .ticketReply(_, false, _): "reply"
        case .onFile: "onfile"
        case .draft, .ticketReply(_, true, _): "draft"
        case .ticket: "ticket"
        case .acknowledgement: "acknowledgement"
        }
    }
}

/// Everything that one commit records of a settled message.
struct Outcome: Sendable {
    let message: Int64
    /// The shift that has it in hand.
    let shift: Int64
    let kind: Disposition.Kind
    let rule: Rule
    let association: Association?
    /// By what a second copy is recognised of a message that has no association.
    var fingerprint: [UInt8]?
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
    /// Digest of whom an answer goes to and what it answers.
    var matter: [UInt8]?
    /// Digest of the answer, by which it is known again.
    var answer: [UInt8]?
    /// What the customer is asked back, when that is the answer.
    var asked: AskedBack?
    /// A second mail, to the address on file.
    var onFile: OnFileOutcome?
    /// What is kept of the draft, when that is the effect.
    var draft: NewDraft?
    /// The answer that the desk would have given, where it only watches.
    var shadow: ShadowRecord?
    /// The arm of an experiment that the conversation is in.
    var trial: Trial?
    /// The limits that a reply must not pass.
    var backstops = Backstops()
    /// Digest of who asks what, about which orders.
    var concern: [UInt8]?
    /// Goes out behind the ticket, once in a conversation.
    var acknowledgement: Envelope?
    /// The placeholders of the conversation, those of this message included.
    var vault: ConversationVault?
    /// That a person is to rate its reply.
    var sample: ReviewSample?

    /// Whether sound was heard or made for it.
    var hasSpoken = false
    /// What a report counts it by.
    var traits = MessageTraits()

    /// Whether drafts that answer earlier messages of the conversation are overtaken: whoever answers this one, or gets it on a
    /// ticket, sees those too.
    fileprivate var endsDrafts: Bool { association != nil && kind != .ignored }

    /// Whose address is dead, when that is what the message says.
    fileprivate var suppressed: [UInt8]? {
        kind == .escalated && association?.returned?.fate == .failed || rule.name == "on-file-bounced"
            ? association?.returned?.recipient : nil
    }
}

extension Ledger {
    /// Commits an outcome: status, decision, conversation, archive and outbox in one transaction.
    /// - Returns: the outbox rows of what is to be delivered, that of the sender first; they are in the same hand.
    /// - Throws: `Backstopped` when a reply would pass a limit or ask a second time, `VaultMoved` when another message of the conversation came
    ///   first, `LeaseLost` when somebody else has it; nothing is on record then.
    @discardableResult
    func settle(_ outcome: Outcome, now: Date) async throws -> [Int64] {
        try await writeSealed { seal, transaction in
            // First of all: what has been settled by somebody else is not what the rest expects.
            try Self.move(
                outcome.message, to: outcome.kind == .ignored ? .ignored : .decided, by: outcome.shift, in: transaction)
            let conversation = try Self.conversation(of: outcome, now: now, in: transaction)
            let seal = try seal.bound(to: conversation, at: now.milliseconds, in: transaction)
            // She may have been forgotten at this very moment.
            if outcome.rule != .forgotten,
                try Self.isForgotten(outcome.association?.author, at: outcome.raw.arrival, in: transaction)
            {
                throw VaultMoved()
            }
            // The same words may have come by the other way at this very moment.
            if outcome.effect != nil, outcome.rule.name != Rule.duplicate.name,
                try outcome.association?.copies?.other(than: outcome.message, in: transaction) != nil
            {
                throw VaultMoved()
            }
            if outcome.effect?.kind == "reply", let addressee = outcome.association?.addressee {
                let counts = try ReplyCounts(
                    addressee, conversation: conversation, within: outcome.backstops, now: now, in: transaction)
                if let rule = outcome.backstops.rule(for: counts) { throw Backstopped(rule: rule) }
                let answers = try Self.answers(on: outcome.matter, now: now, in: transaction)
                if answers >= outcome.backstops.perMatter { throw Backstopped(rule: .repeated(answers)) }
            }
            if let conversation, let asked = outcome.asked {
                let changed = try transaction.execute(
                    "UPDATE conversation SET asked = $1 WHERE id = $2 AND asked IS NULL",
                    [.text(asked.json), .integer(conversation)])
                guard changed == 1 else { throw Backstopped(rule: .askedBefore) }
            }
            if let conversation, let entry = outcome.raw.origin.entry, entry.isDesks {
                try transaction.later(
                    "UPDATE conversation SET ticket = $1 WHERE id = $2 AND ticket IS NULL",
                    [.text(entry.ticket), .integer(conversation)])
            }
            if let conversation { try outcome.vault?.save(for: conversation, seal, in: transaction) }
            if let suppressed = outcome.suppressed {
                try transaction.later(
                    "INSERT INTO suppressed (digest, at, message) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                    [.blob(suppressed), .integer(now.milliseconds), .integer(outcome.message)])
            }
            try outcome.association?.feedback?.record(
                by: outcome.message, at: now.milliseconds, transaction)
            try Feedback.recordAnger(of: outcome, in: conversation, now: now, transaction)
            if let conversation, outcome.endsDrafts {
                try Self.withdrawDrafts(
                    in: conversation, because: .wroteAgain, besides: outcome.message, now: now, transaction)
            }
            try transaction.later(
                """
                UPDATE message SET conversation = $1, disposition = $2, rule = $3, intent = $4, language = $5,
                confidence = $6, settled_at = $7, person = $8, sentiment = $9, fit = $10, findings = $11 WHERE id = $12
                """,
                [
                    conversation.map(SQLValue.integer) ?? .null, .text(outcome.kind.rawValue), .text(outcome.rule.name),
                    outcome.intent.map(SQLValue.text) ?? .null, outcome.language.map(SQLValue.text) ?? .null,
                    outcome.confidence.map(SQLValue.real) ?? .null, .integer(now.milliseconds),
                    outcome.association?.customer.map(SQLValue.blob) ?? .null,
                    outcome.traits.sentiment.map(SQLValue.real) ?? .null,
                    outcome.traits.fit.map(SQLValue.real) ?? .null,
                    outcome.traits.findings.isEmpty
                        ? .null : .text(outcome.traits.findings.sorted().joined(separator: " ")),
                    .integer(outcome.message),
                ])
            try transaction.later(
                "INSERT INTO decision (message, at, detail) VALUES ($1, $2, $3)",
                [.integer(outcome.message), .integer(now.milliseconds), .text(outcome.detail)])
            try Self.audit(
                .decision, "\(outcome.kind.rawValue) rule=\(outcome.rule.name)", message: outcome.message, now: now,
                in: transaction)
            if let sample = outcome.sample {
                try Self.insert(sample, of: outcome.message, now: now, in: transaction)
            }
            if let concern = outcome.concern, let conversation {
                try transaction.later(
                    """
                    INSERT INTO concern (message, digest, conversation, at) VALUES ($1, $2, $3, $4)
                    ON CONFLICT (message) DO UPDATE SET digest = excluded.digest, conversation = excluded.conversation
                    """,
                    [
                        .integer(outcome.message), .blob(concern), .integer(conversation),
                        .integer(outcome.raw.arrival.milliseconds),
                    ])
            }
            if outcome.rule == .forgotten { try Self.dropRequests(of: outcome.message, in: transaction) }
            if outcome.hasSpoken { try Self.dropSpoken(of: outcome.message, in: transaction) }
            // Ignored mail stays at its source only; what people or later tickets need is kept sealed.
            if outcome.kind != .ignored || outcome.rule == .repeatedBeforeAnswer {
                let archived = try seal.seal(outcome.raw.bytes, as: Place.archive(outcome.message))
                try transaction.later(
                    "INSERT INTO archive (message, conversation, arrived_at, sealed) VALUES ($1, $2, $3, $4)",
                    [
                        .integer(outcome.message), conversation.map(SQLValue.integer) ?? .null,
                        .integer(outcome.raw.arrival.milliseconds), .blob(archived),
                    ])
            }
            if let trial = outcome.trial, let conversation {
                try Self.record(trial, conversation, now: now, in: transaction)
            }
            if let shadow = outcome.shadow {
                try Self.keep(shadow, message: outcome.message, conversation, now: now, seal, in: transaction)
            }
            guard let effect = outcome.effect else { return [] }
            let row = try Self.enqueue(
                effect, seal, message: outcome.message, conversation: conversation,
                addressee: outcome.association?.addressee, matter: outcome.matter,
                answer: outcome.answer, by: outcome.shift, now: now, in: transaction)
            let onFile = try outcome.onFile?.enqueue(
                seal, message: outcome.message, backstops: outcome.backstops, by: outcome.shift, now: now,
                in: transaction)
            if let draft = outcome.draft {
                try Self.insert(
                    draft, message: outcome.message, conversation: conversation, now: now, seal, in: transaction)
            }
            try Self.acknowledge(outcome, seal, in: conversation, now: now, transaction)
            return [row] + [onFile].compactMap(\.self)
        }
    }

    /// How often a matter was answered within two weeks.
    func answers(on matter: [UInt8]?, now: Date) async throws -> Int {
        try await database.read { try Self.answers(on: matter, now: now, in: $0) }
    }

    static func answers(on matter: [UInt8]?, now: Date, in transaction: any SQLTransaction) throws -> Int {
        guard let matter else { return 0 }
        return Int(
            try transaction.rows(
                """
                SELECT COUNT(*) AS n FROM outbox
                WHERE matter = $1 AND created_at > $2 AND state NOT IN ('failed', 'withdrawn') AND kind = 'reply'
                """, [.blob(matter), .integer(now.milliseconds - 14 * 86_400_000)]
            ).first?.integer("n") ?? 0)
    }

    /// The conversation that the message belongs to, opened when it is the first; nil when it could not be read at all.
    private static func conversation(
        of outcome: Outcome, now: Date, in transaction: any SQLTransaction
    ) throws -> Int64? {
        guard let association = outcome.association, outcome.rule.name != Rule.duplicate.name else {
            guard case .ticket(let packet)? = outcome.effect else { return nil }
            if let fingerprint = outcome.fingerprint,
                try !Association.record(fingerprint, for: outcome.message, transaction)
            {
                throw VaultMoved()
            }
            return try openConversation(packet.externalID, now: now, in: transaction)
        }
        // A copy of it was settled since it was looked up, by another process.
        guard try association.recordFingerprint(for: outcome.message, transaction) else { throw VaultMoved() }
        if outcome.kind == .ignored, association.conversation == nil { return nil }
        // It may have been forgotten since, with another of its people.
        if let known = association.conversation,
            try transaction.rows("SELECT id FROM conversation WHERE id = $1", [.integer(known)]).isEmpty
        {
            throw VaultMoved()
        }
        let conversation =
            try association.conversation ?? openConversation(association.externalID, now: now, in: transaction)
        try association.record(
            in: conversation, at: now, reply: outcome.replyDigest, replySubject: outcome.replySubject, transaction)
        if let author = association.addressee?.address, association.colleague == nil {
            try transaction.later(
                "UPDATE conversation SET author = $1 WHERE id = $2 AND author IS NULL",
                [.blob(author), .integer(conversation)])
        }
        for digest in association.answeredByColleague {
            try transaction.later(
                "INSERT INTO answered (digest) VALUES ($1) ON CONFLICT DO NOTHING", [.blob(digest)])
        }
        if outcome.kind == .escalated || outcome.kind == .quarantined || association.colleague != nil {
            try transaction.later(
                "UPDATE conversation SET with_person = 1 WHERE id = $1", [.integer(conversation)])
        }
        return conversation
    }

    static func openConversation(
        _ externalID: String, now: Date, in transaction: any SQLTransaction
    ) throws -> Int64 {
        try transaction.later(
            "INSERT INTO conversation (external_id, opened_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            [.text(externalID), .integer(now.milliseconds)])
        let row = try transaction.rows("SELECT id FROM conversation WHERE external_id = $1", [.text(externalID)]).first
        guard let id = row?.integer("id") else { throw DeskError(.ledger, "a conversation was not recorded") }
        return id
    }

    /// - Parameter shift: that will deliver it at once; nil: whoever claims it.
    static func enqueue(
        _ effect: Effect, _ seal: Seal, message: Int64, conversation: Int64?, addressee: Addressee? = nil,
        matter: [UInt8]? = nil, answer: [UInt8]? = nil, by shift: Int64? = nil, now: Date,
        in transaction: any SQLTransaction
    ) throws -> Int64 {
        let key: String
        let recipient: [UInt8]?
        switch effect {
        case .reply(let envelope, let digest), .draft(let envelope, let digest),
            .acknowledgement(let envelope, let digest):
            (key, recipient) = (envelope.messageID, digest)
        case .onFile(let envelope, let digest): (key, recipient) = (envelope.messageID, digest)
        case .ticketReply(let reply, _, let digest): (key, recipient) = (reply.messageID, digest)
        case .ticket(let packet): (key, recipient) = (packet.externalID, nil)
        }
        let seal = try seal.bound(to: conversation, at: now.milliseconds, in: transaction)
        let row = try transaction.rows(
            """
            INSERT INTO outbox
                (message, conversation, kind, state, key, recipient, sealed, created_at, domain, text, matter, answer,
                shift)
            VALUES ($1, $2, $3, 'queued', $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id
            """,
            [
                .integer(message), conversation.map(SQLValue.integer) ?? .null, .text(effect.kind), .text(key),
                recipient.map(SQLValue.blob) ?? .null,
                .blob(try seal.seal(encode(effect), as: Place.outbox(message, effect.kind))),
                .integer(now.milliseconds),
                recipient == nil ? .null : addressee.map { .blob($0.domain) } ?? .null,
                recipient == nil ? .null : addressee.map { .blob($0.text) } ?? .null,
                matter.map(SQLValue.blob) ?? .null, answer.map(SQLValue.blob) ?? .null,
                shift.map(SQLValue.integer) ?? .null,
            ]
        ).first
        guard let id = row?.integer("id") else { throw DeskError(.ledger, "an outbox row was not recorded") }
        return id
    }

    static func encode(_ effect: Effect) throws -> [UInt8] {
        switch effect {
        case .reply(let envelope, _), .draft(let envelope, _), .onFile(let envelope, _),
            .acknowledgement(let envelope, _):
            try [UInt8](PropertyListEncoder.binary.encode(envelope))
        case .ticketReply(let reply, _, _): try [UInt8](PropertyListEncoder.binary.encode(reply))
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
