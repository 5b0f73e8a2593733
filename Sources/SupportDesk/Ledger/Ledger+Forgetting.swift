import Foundation

extension Ledger {
    /// What was removed, as counts of records.
    struct Forgotten: Sendable {
        var messages = 0
        var mails = 0
        var letters = 0
        var drafts = 0
        var changedDrafts = 0
        var keys = 0
    }

    /// Records that somebody is forgotten: what she wrote before is not taken in again.
    func bury(_ person: Person, now: Date) async throws {
        try await database.write { transaction in
            for digest in person.digests {
                try transaction.execute(
                    """
                    INSERT INTO forgotten (digest, at) VALUES ($1, $2)
                    ON CONFLICT (digest) DO UPDATE SET at = excluded.at
                    """, [.blob(digest), .integer(now.milliseconds)])
                try transaction.execute("DELETE FROM suppressed WHERE digest = $1", [.blob(digest)])
            }
            // Answers to questions that are nobody's own; they are asked for anew.
            try transaction.execute("DELETE FROM answer", [])
        }
    }

    /// Whether somebody was forgotten after her mail had arrived.
    static func isForgotten(_ author: [UInt8]?, at arrival: Date, in transaction: any SQLTransaction) throws -> Bool {
        guard let author else { return false }
        return try !transaction.rows(
            "SELECT 1 AS one FROM forgotten WHERE digest = $1 AND at >= $2",
            [.blob(author), .integer(arrival.milliseconds)]
        ).isEmpty
    }

    /// Drops what was asked of a batch for a message, and answered. What is still at the provider is empty, and goes with its
    /// batch.
    static func dropRequests(of message: Int64, in transaction: any SQLTransaction) throws {
        try dropSpoken(of: message, in: transaction)
        try transaction.execute(
            "DELETE FROM batch_request WHERE message = $1 AND state NOT IN ('sent', 'withdrawn')", [.integer(message)])
        try transaction.execute(
            "UPDATE batch_request SET state = 'withdrawn', sealed = $1 WHERE message = $2",
            [.blob([]), .integer(message)])
    }

    /// Whether something of a conversation is on its way just now, or waits on behalf of somebody else.
    func isHeld(_ share: Share) async throws -> Bool {
        try await database.read { try Self.isHeld(share, in: $0) }
    }

    private static func isHeld(_ share: Share, in transaction: any SQLTransaction) throws -> Bool {
        let states = share.isHers ? "'sending'" : "'sending', 'queued'"
        let letters = try transaction.rows(
            "SELECT id FROM outbox WHERE conversation = $1 AND state IN (\(states)) LIMIT 1",
            [.integer(share.conversation)])
        if !letters.isEmpty || share.isHers { return !letters.isEmpty }
        return try !transaction.rows(
            "SELECT message FROM draft WHERE conversation = $1 AND state IN ('open', 'edited') LIMIT 1",
            [.integer(share.conversation)]
        ).isEmpty
    }

    /// Ends the drafts of conversations, and tells which of them may lie in a folder.
    func endDrafts(of shares: [Share], now: Date) async throws -> [DraftRow] {
        var rows: [DraftRow] = []
        for share in shares {
            let messages = try await database.write { transaction in
                let drafts = try transaction.rows(
                    "SELECT message, state FROM draft WHERE conversation = $1", [.integer(share.conversation)])
                for row in drafts {
                    guard let message = row.integer("message"), ["open", "edited"].contains(row.text("state")),
                        try Self.moveDraft(
                            message, to: .withdrawn, Rule.forgotten.name, now: now, in: transaction)
                    else { continue }
                    try Self.settleDraft(message, as: .ignored, .forgotten, in: transaction)
                }
                return drafts.compactMap { $0.integer("message") }
            }
            for message in messages {
                if let draft = try await draft(message), draft.mayLieInFolder, !draft.sealed.isEmpty {
                    rows.append(draft)
                }
            }
        }
        return rows
    }

    /// Removes everything of a conversation but the names by which its messages are known at their sources.
    /// - Returns: nil when something of it came to be on its way meanwhile.
    func forget(_ share: Share, now: Date) async throws -> Forgotten? {
        try await database.write { transaction in
            guard try !Self.isHeld(share, in: transaction) else { return nil }
            var forgotten = Forgotten()
            let conversation = SQLValue.integer(share.conversation)
            for row in try Self.messages(of: [share.conversation], in: transaction) {
                guard let id = row.integer("id"), let status = row.text("status").flatMap(Status.init) else { continue }
                // What was decided for her does not leave any more.
                if status == .decided {
                    try transaction.execute(
                        "UPDATE message SET disposition = 'ignored', rule = $1 WHERE id = $2",
                        [.text(Rule.forgotten.name), .integer(id)])
                    try Self.move(id, to: .ignored, in: transaction)
                }
                try transaction.execute(
                    """
                    UPDATE message SET conversation = NULL, intent = NULL, language = NULL, confidence = NULL,
                    person = NULL, sentiment = NULL, fit = NULL, findings = NULL WHERE id = $1
                    """, [.integer(id)])
                forgotten.messages += 1
                for table in [
                    "decision", "draft_end", "concern", "recovery", "feedback", "shadow", "sample", "rating",
                    "lesson_wait", "answer_wait",
                ] {
                    try transaction.execute("DELETE FROM \(table) WHERE message = $1", [.integer(id)])
                }
                try Self.dropRequests(of: id, in: transaction)
            }
            forgotten.mails = try transaction.execute("DELETE FROM archive WHERE conversation = $1", [conversation])
            forgotten.letters = try transaction.execute("DELETE FROM outbox WHERE conversation = $1", [conversation])
            forgotten.changedDrafts = try transaction.rows(
                "SELECT message FROM draft WHERE conversation = $1 AND place = 'kept'", [conversation]
            ).count
            forgotten.drafts = try transaction.execute("DELETE FROM draft WHERE conversation = $1", [conversation])
            forgotten.keys = try transaction.execute(
                "DELETE FROM conversation_key WHERE conversation = $1", [conversation])
            for table in ["vault", "participant", "reference", "subject", "concern", "feedback", "shadow", "trial"] {
                try transaction.execute("DELETE FROM \(table) WHERE conversation = $1", [conversation])
            }
            try Self.forgetLessons(of: share.conversation, in: transaction)
            try transaction.execute("DELETE FROM turn WHERE external_id = $1", [.text(share.externalID)])
            try transaction.execute("DELETE FROM conversation WHERE id = $1", [conversation])
            return forgotten
        }
    }
}

extension Rule {
    /// Her mail came before she was forgotten.
    static let forgotten = Rule("forgotten", "Its author asked to be forgotten after it had come.")
}
