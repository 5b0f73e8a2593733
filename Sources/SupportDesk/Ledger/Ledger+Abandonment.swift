import Foundation

extension Ledger {
    /// What is gone with a lost key and cannot be had again, as counts by kind.
    public struct Losses: Sendable, Codable, Equatable {
        /// Messages that are no longer at their source: their copies and answers to them are not recognised any more.
        public var messages = 0
        /// Kept mails that are no longer at their source: tickets of their conversations will lack them.
        public var archivedMails = 0
        /// Texts of replies, drafts and tickets that left before.
        public var sentTexts = 0
        /// Conversations whose placeholders are numbered anew.
        public var vaults = 0
        /// Refresh tokens that a server gave in place of the configured ones: log in anew where one of them was used.
        public var credentials = 0
        /// What waited to be learned, or was.
        public var lessons = 0
        /// Addresses that an answer came back from, and that may be written to again.
        public var suppressedAddresses = 0
    }

    /// Whether messages are still to be read again after the key was lost.
    var isRecovering: Bool {
        get async throws {
            try await database.read { try !$0.rows("SELECT message FROM recovery LIMIT 1", []).isEmpty }
        }
    }

    /// Begins a new key in a ledger whose key is lost; what needs the old one is let go, in one transaction. What
    /// waited in the outbox and has certainly not left is decided anew from its source; what may have left
    /// becomes a ticket and is never sent again.
    ///
    /// Does nothing when that was done before and only the messages are left to be read again.
    /// - Throws: `DeskError` when the key fits: nothing is lost then.
    static func abandonKey(_ source: KeySource, now: Date) async throws {
        guard source.store.mayExist(in: source.state) else {
            throw DeskError(.configuration, "there is no ledger in \(source.state)")
        }
        let database = try await source.store.open(in: source.state)
        try await migrate(database)
        try await relieve(database, seenIn: LifeSign.folder(of: source.state))
        if try await isAtWork(database) {
            throw DeskError(.locked, "other processes are at work on this ledger: stop them first", isRetryable: true)
        }
        try source.prepare()
        let masters = try source.masters()
        guard let master = masters.first else { throw DeskError(.configuration, "there is no key") }
        let keys = try await database.read(StoredKey.all)
        if try StoredKey.unwrap(keys, masters) != nil {
            let pending = try await database.read { try $0.rows("SELECT message FROM recovery LIMIT 1", []) }
            try await database.close()
            if !pending.isEmpty { return }
            throw DeskError(.configuration, "\(master.name) fits this ledger: nothing is lost, and nothing was changed")
        }
        try await database.write { transaction in
            try transaction.execute("DELETE FROM sealing_key", [])
            try StoredKey.begin(under: master, now: now, in: transaction)
            guard let seal = try StoredKey.unwrap(StoredKey.all(in: transaction), [master]) else {
                throw DeskError(.ledger, "the new key was not recorded")
            }
            // Digests of the old key recognise nobody any more.
            for table in ["reference", "participant", "subject", "fingerprint", "answered", "concern"] {
                try transaction.execute("DELETE FROM \(table)", [])
            }
            // What waited for a batch is asked anew; answers that still come have names that nobody knows.
            try transaction.execute(
                "UPDATE message SET retry_at = 0 WHERE id IN (SELECT message FROM batch_request)", [])
            try transaction.execute("DELETE FROM batch_request", [])
            try transaction.execute("DELETE FROM spoken", [])
            try transaction.execute("UPDATE conversation SET author = NULL", [])
            try transaction.execute("UPDATE message SET person = NULL WHERE person IS NOT NULL", [])
            try transaction.execute("INSERT INTO recovery (message) SELECT id FROM message", [])
            try letGo(seal, now: now, in: transaction)
            try audit(.key, "abandoned master=\(master.fingerprint.hexadecimal)", now: now, in: transaction)
        }
        try await database.close()
    }

    /// Lets drafts go that nobody can send any more. What lies in a folder is a person's now; the mail of any other one is
    /// decided anew.
    private static func letGoDrafts(now: Date, in transaction: any SQLTransaction) throws {
        let rows = try transaction.rows("SELECT message, place FROM draft WHERE state IN ('open', 'edited')", [])
        for row in rows {
            guard let message = row.integer("message") else { continue }
            let place = row.text("place").flatMap(DraftPlace.init) ?? .none
            if place != .none, place != .ticket {
                try transaction.execute(
                    "UPDATE draft SET state = 'withdrawn', reason = 'key-lost', place = 'kept' WHERE message = $1",
                    [.integer(message)])
                continue
            }
            try transaction.execute("DELETE FROM draft WHERE message = $1", [.integer(message)])
            try begin(anew: message, in: transaction)
        }
    }

    /// Has a message decided anew, as if it had just arrived.
    private static func begin(anew message: Int64, in transaction: any SQLTransaction) throws {
        for sql in [
            "DELETE FROM outbox WHERE message = $1 AND kind NOT IN ('onfile', 'acknowledgement')",
            "DELETE FROM decision WHERE message = $1", "DELETE FROM archive WHERE message = $1",
            "DELETE FROM shadow WHERE message = $1",
            "UPDATE message SET retry_at = 0, marked = 0 WHERE id = $1",
        ] {
            try transaction.execute(sql, [.integer(message)])
        }
        try move(message, to: .arrived, in: transaction)
        // No person has the conversation for the sake of a message that is decided anew.
        try transaction.execute(
            """
            UPDATE conversation SET with_person = 0 WHERE id = (SELECT conversation FROM message WHERE id = $1)
            AND ticket IS NULL AND NOT EXISTS (
                SELECT 1 FROM message m WHERE m.conversation = conversation.id
                AND m.status IN ('decided', 'escalated', 'quarantined') AND m.disposition IN ('escalated', 'quarantined'))
            """, [.integer(message)])
        // Nor was she asked back by a reply that never left.
        try transaction.execute(
            """
            UPDATE conversation SET asked = NULL WHERE id = (SELECT conversation FROM message WHERE id = $1)
            AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.conversation = conversation.id AND outbox.kind = 'reply')
            """, [.integer(message)])
    }

    /// Settles what waits in the outbox and cannot be opened any more.
    private static func letGo(_ seal: Seal, now: Date, in transaction: any SQLTransaction) throws {
        try letGoDrafts(now: now, in: transaction)
        let waiting = try transaction.rows(
            """
            SELECT o.id, o.message, o.conversation, o.kind, o.state, c.external_id, (
                SELECT COUNT(*) FROM outbox e WHERE e.message = o.message AND e.id <> o.id
                AND e.kind NOT IN ('onfile', 'acknowledgement')) AS others
            FROM outbox o LEFT JOIN conversation c ON c.id = o.conversation
            WHERE o.state IN ('queued', 'sending') ORDER BY o.id
            """, [])
        for row in waiting {
            guard let id = row.integer("id"), let message = row.integer("message"), let kind = row.text("kind") else {
                continue
            }
            if kind == "onfile" || kind == "acknowledgement" {
                // Nobody waits for it, and it is not made a second time.
                try transaction.execute(
                    "UPDATE outbox SET state = 'uncertain', problem = $1, finished_at = $2 WHERE id = $3",
                    [.text("the key was lost"), .integer(now.milliseconds), .integer(id)])
                continue
            }
            let isSending = row.text("state") == "sending"
            if !isSending, row.integer("others") == 0 {
                try begin(anew: message, in: transaction)
                continue
            }
            let rule = kind == "ticket" ? Rule.keyLost : Rule.keyLostWhileSending
            let packet = Packet(
                externalID: row.text("external_id")
                    ?? "AD-" + seal.digest("message \(message)", for: "conversation").prefix(10).base32,
                message: message, subject: "A message could not be carried to its end", requestor: nil,
                note: "\(rule.reason)\n\nRule: \(rule.name)\nThe thread is attached as far as it could be had again.\n",
                rule: rule.name, priority: 80)
            if kind == "ticket" {
                // Filing is idempotent by the conversation's name: this entry takes the place of the lost one.
                let sealed = try seal.bound(to: row.integer("conversation"), at: now.milliseconds, in: transaction)
                    .seal(encode(.ticket(packet)), as: Place.outbox(message, kind))
                try transaction.execute(
                    "UPDATE outbox SET sealed = $1, retry_at = 0 WHERE id = $2", [.blob(sealed), .integer(id)])
            } else {
                try transaction.execute(
                    "UPDATE outbox SET state = 'uncertain', problem = $1, finished_at = $2 WHERE id = $3",
                    [.text("the key was lost"), .integer(now.milliseconds), .integer(id)])
                try replace(by: packet, rule, seal, message: message, row.integer("conversation"), now, transaction)
            }
        }
    }

    /// Records that a ticket takes the place of a mail.
    @discardableResult
    static func replace(
        by packet: Packet, _ rule: Rule, _ seal: Seal, message: Int64, _ conversation: Int64?, by shift: Int64? = nil,
        _ now: Date, _ transaction: any SQLTransaction
    ) throws -> Int64 {
        if let conversation {
            try transaction.execute(
                "UPDATE conversation SET with_person = 1 WHERE id = $1", [.integer(conversation)])
        }
        try transaction.execute(
            "UPDATE message SET disposition = 'escalated', rule = $1 WHERE id = $2",
            [.text(rule.name), .integer(message)])
        return try enqueue(
            .ticket(packet), seal, message: message, conversation: conversation, by: shift, now: now, in: transaction)
    }

    /// Ends the recovery: drops what nobody can open any more, and counts it.
    func endRecovery() async throws -> Losses {
        try await writeSealed { seal, transaction in
            func count(_ sql: String, _ arguments: [SQLValue] = []) throws -> Int {
                Int(try transaction.rows("SELECT COUNT(*) AS n FROM \(sql)", arguments).first?.integer("n") ?? 0)
            }
            let isLost = "sealed <> $1 AND substr(sealed, 1, \(Seal.prefixBytes)) NOT IN ($2, $3)"
            let lost: [SQLValue] = [.blob([])] + seal.prefixes
            var losses = Losses()
            losses.messages = try count(
                "recovery r JOIN message m ON m.id = r.message WHERE m.conversation IS NOT NULL")
            losses.archivedMails = try count("archive WHERE \(isLost)", lost)
            losses.sentTexts = try count("outbox WHERE \(isLost)", lost)
            losses.vaults = try count("vault WHERE \(isLost)", lost)
            losses.credentials = try count("credential WHERE \(isLost)", lost)
            losses.lessons = try count("lesson WHERE \(isLost)", lost)
            losses.suppressedAddresses = try count("suppressed")
            for table in ["archive", "vault", "credential", "lesson"] {
                try transaction.execute("DELETE FROM \(table) WHERE \(isLost)", lost)
            }
            for table in ["outbox", "draft", "draft_end", "shadow"] {
                try transaction.execute("UPDATE \(table) SET sealed = $1 WHERE \(isLost)", lost)
            }
            try transaction.execute("DELETE FROM suppressed", [])
            try transaction.execute("DELETE FROM recovery", [])
            return losses
        }
    }
}

extension Rule {
    fileprivate static let keyLost = Rule(
        "key-lost", "The desk's key was lost before this was handed over, and with it what was to be said.")
    fileprivate static let keyLostWhileSending = Rule(
        "delivery-uncertain",
        "The reply may or may not have reached the customer: the desk's key was lost while it was being sent.")
}
