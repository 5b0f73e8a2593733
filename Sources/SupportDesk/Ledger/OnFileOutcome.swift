import Foundation

/// How many mails an address on file gets because somebody else named its order.
public struct OnFileLimits: Sendable {
    /// About one order, within 24 hours.
    public var perOrder = 1
    /// To one address, within 24 hours.
    public var perAddress = 3
    /// To anybody, within an hour.
    public var perHour = 20

    /// The defaults.
    public init() {}
}

/// A mail to the address on file, as one commit records it beside the answer to whoever asked.
///
/// It has a conversation of its own: what its owner answers, and what comes back from her server, belongs to her and never
/// meets the one who asked.
struct OnFileOutcome: Sendable {
    let envelope: Envelope
    /// Digests of the address and its domain; of no text.
    let addressee: Addressee
    /// Digest of the address and the order.
    let order: [UInt8]
    /// The public name of its conversation.
    let externalID: String
    let limits: OnFileLimits

    /// Puts it into the outbox, unless a limit is reached or the address is dead. Neither makes a difference to anything that
    /// the one who asked can see.
    /// - Returns: the row.
    func enqueue(
        _ seal: Seal, message: Int64, backstops: Backstops, by shift: Int64, now: Date,
        in transaction: any SQLTransaction
    ) throws -> Int64? {
        guard try isAllowed(backstops, now: now, in: transaction) else { return nil }
        let before = try transaction.rows(
            "SELECT id FROM outbox WHERE message = $1 AND kind = 'onfile'", [.integer(message)])
        guard before.isEmpty else { return nil }
        let conversation = try Ledger.openConversation(externalID, now: now, in: transaction)
        try transaction.execute(
            "INSERT INTO participant (conversation, digest) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            [.integer(conversation), .blob(addressee.address)])
        try transaction.execute(
            "INSERT INTO reference (digest, conversation) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            [.blob(seal.digest(envelope.messageID, for: "message-id")), .integer(conversation)])
        return try Ledger.enqueue(
            .onFile(envelope, recipient: addressee.address), seal, message: message, conversation: conversation,
            addressee: addressee, matter: order, by: shift, now: now, in: transaction)
    }

    private func isAllowed(_ backstops: Backstops, now: Date, in transaction: any SQLTransaction) throws -> Bool {
        func count(_ condition: String, _ values: [SQLValue], hours: Int64) throws -> Int {
            let since = SQLValue.integer(now.milliseconds - hours * 3_600_000)
            return Int(
                try transaction.rows(
                    """
                    SELECT COUNT(*) AS n FROM outbox
                    WHERE kind = 'onfile' AND created_at > $1 AND state NOT IN ('failed', 'withdrawn') \(condition)
                    """, [since] + values
                ).first?.integer("n") ?? 0)
        }
        let dead = try transaction.rows(
            "SELECT 1 AS one FROM suppressed WHERE digest = $1", [.blob(addressee.address)])
        guard dead.isEmpty else { return false }
        let aboutOrder = try count("AND matter = $2", [.blob(order)], hours: 24)
        let toAddress = try count("AND recipient = $2", [.blob(addressee.address)], hours: 24)
        let hourly = try count("", [], hours: 1)
        guard aboutOrder < limits.perOrder, toAddress < limits.perAddress, hourly < limits.perHour else { return false }
        // What holds for answers to her holds for these as well; hers are not counted by these.
        var counts = try ReplyCounts(addressee, conversation: nil, within: backstops, now: now, in: transaction)
        counts.sender += toAddress
        counts.overall += hourly
        return backstops.rule(for: counts) == nil
    }
}
