import Foundation

/// A message that is to be read again after the key was lost.
struct LostMessage: Sendable {
    let id: Int64
    let source: String
    let arrival: Date
    /// The conversation that it belongs to; nil when it has none so far.
    let conversation: Int64?
    /// Whether later copies are copies of this one: it was settled, and not as a copy itself.
    let isOriginal: Bool
}

extension Ledger {
    /// The next messages of a channel that are to be read again, oldest first.
    func lost(in channel: String, limit: Int) async throws -> [LostMessage] {
        try await database.read { transaction in
            try transaction.rows(
                """
                SELECT m.id, m.source, m.arrived_at, m.conversation, m.settled_at, m.rule
                FROM recovery r JOIN message m ON m.id = r.message
                WHERE m.channel = $1 AND r.gone = 0 ORDER BY m.id LIMIT \(limit)
                """, [.text(channel)]
            ).compactMap { row in
                guard let id = row.integer("id"), let source = row.text("source") else { return nil }
                return LostMessage(
                    id: id, source: source, arrival: Date(milliseconds: row.integer("arrived_at") ?? 0),
                    conversation: row.integer("conversation"),
                    isOriginal: row.integer("settled_at") != nil && row.text("rule") != Rule.duplicate.name)
            }
        }
    }

    /// Puts on record again what the lost key knew of a message: who is who in it, its thread, that it was there, and its
    /// bytes where they were kept.
    func found(_ message: LostMessage, _ raw: RawMessage, _ association: Association?) async throws {
        try await writeSealed { seal, transaction in
            let sealed = try seal.bound(to: message.conversation, at: message.arrival.milliseconds, in: transaction)
                .seal(raw.bytes, as: Place.archive(message.id))
            try transaction.execute(
                "UPDATE archive SET sealed = $1 WHERE message = $2", [.blob(sealed), .integer(message.id)])
            if message.isOriginal { try association?.recordFingerprint(for: message.id, transaction) }
            if let association, let conversation = message.conversation {
                try association.record(in: conversation, at: message.arrival, transaction)
                try recordReplies(to: message.id, association, in: conversation, transaction)
            }
            try transaction.execute("DELETE FROM recovery WHERE message = $1", [.integer(message.id)])
        }
    }

    /// Our own replies: by which Message-ID an answer refers to them, and what the backstops count them by.
    private func recordReplies(
        to message: Int64, _ association: Association, in conversation: Int64, _ transaction: any SQLTransaction
    ) throws {
        for row in try transaction.rows(
            "SELECT id, key, recipient FROM outbox WHERE message = $1 AND kind NOT IN ('ticket', 'onfile', 'acknowledgement')",
            [.integer(message)])
        {
            guard let id = row.integer("id"), let key = row.text("key") else { continue }
            try transaction.execute(
                "INSERT INTO reference (digest, conversation) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                [.blob(seal.digest(key, for: "message-id")), .integer(conversation)])
            guard row.blob("recipient") != nil, let addressee = association.addressee else { continue }
            try transaction.execute(
                "UPDATE outbox SET recipient = $1, domain = $2, text = $3 WHERE id = $4",
                [.blob(addressee.address), .blob(addressee.domain), .blob(addressee.text), .integer(id)])
        }
    }

    /// Records that messages are no longer at their source.
    func gone(_ messages: [LostMessage]) async throws {
        try await database.write { transaction in
            for message in messages {
                try transaction.execute("UPDATE recovery SET gone = 1 WHERE message = $1", [.integer(message.id)])
            }
        }
    }
}
