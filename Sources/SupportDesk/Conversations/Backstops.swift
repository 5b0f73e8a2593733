import Foundation

/// How many automatic replies went out before, as the backstops count them: no further than to the limit, and those of the
/// last hour not at all while they are certainly fewer.
public struct ReplyCounts: Sendable {
    /// To this sender within 24 hours.
    public var sender = 0
    /// To this sender's domain within an hour.
    public var domain = 0
    /// In this conversation, in which no person has answered.
    public var conversation = 0
    /// To anybody within an hour.
    public var overall = 0
    /// To the very same words of this sender within 24 hours.
    public var text = 0
    /// In this conversation, without those that only asked back.
    public var answers = 0

    init() {}

    /// Counts replies and those that may have left; drafts, which a person sends, do not count.
    init(
        _ addressee: Addressee?, conversation id: Int64?, within limits: Backstops, now: Date,
        in transaction: any SQLTransaction
    ) throws {
        // Each of them is answered from an index alone, which holds replies only.
        func count(_ condition: String, _ values: [SQLValue?], hours: Int64?, upTo limit: Int) throws -> Int {
            let values = values.compactMap(\.self)
            guard values.count == 1 || condition.isEmpty else { return 0 }
            let since = hours.map { now.milliseconds - $0 * 3_600_000 } ?? -1
            return Int(
                try transaction.rows(
                    """
                    SELECT COUNT(*) AS n FROM (
                        SELECT 1 FROM outbox WHERE kind = 'reply' AND created_at > $1 AND state NOT IN ('failed', 'withdrawn')
                            \(condition)
                        LIMIT \(limit)
                    ) AS counted
                    """, [.integer(since)] + values
                ).first?.integer("n") ?? 0)
        }
        /// Whether so many rows of whatever kind may be of the last hour: one look, however many there are.
        func mayHave(_ limit: Int) throws -> Bool {
            let row = try transaction.rows(
                """
                SELECT created_at FROM outbox WHERE id <= (SELECT MAX(id) FROM outbox) + 1 - $1
                ORDER BY id DESC LIMIT 1
                """, [.integer(Int64(limit))]
            ).first
            return (row?.integer("created_at")).map { $0 > now.milliseconds - 3_600_000 } ?? false
        }
        sender = try count(
            "AND recipient = $2", [addressee.map { .blob($0.address) }], hours: 24, upTo: limits.perSender)
        conversation = try count(
            "AND conversation = $2", [id.map { .integer($0) }], hours: nil, upTo: limits.perConversation)
        answers = try count(
            "AND conversation = $2 AND matter IS NOT NULL", [id.map { .integer($0) }], hours: nil, upTo: 1_000)
        text = try count("AND text = $2", [addressee.map { .blob($0.text) }], hours: 24, upTo: limits.perText)
        if try mayHave(limits.perDomain) {
            domain = try count(
                "AND domain = $2", [addressee.map { .blob($0.domain) }], hours: 1, upTo: limits.perDomain)
        }
        if try mayHave(limits.overall) { overall = try count("", [], hours: 1, upTo: limits.overall) }
    }
}

/// The limits that hold when a robot was not recognised: whatever it is, it does not get many replies. They are asked
/// twice, when a message is screened and in the commit that puts its answer on record, so that they hold exactly
/// whatever runs at the same time.
public struct Backstops: Sendable {
    /// Automatic replies to one sender within 24 hours.
    public var perSender = 3
    /// Automatic replies to one domain within an hour. It holds for public mail providers too: their robots are as loud.
    public var perDomain = 50
    /// Automatic replies in a row within one conversation.
    public var perConversation = 4
    /// Automatic replies within an hour over all.
    public var overall = 500
    /// Automatic replies to the same words of one sender within 24 hours.
    public var perText = 1
    /// Answers to one sender on the same matter within two weeks; the next message about it goes to a person.
    public var perMatter = 2

    /// The defaults.
    public init() {}

    /// The limit for the very same words, if it is reached.
    func textRule(for counts: ReplyCounts) -> Rule? {
        guard counts.text >= perText else { return nil }
        return Rule("same-text", "This sender was answered on the very same words within 24 hours.")
    }

    /// The limit that is reached, if any is.
    func rule(for counts: ReplyCounts) -> Rule? { textRule(for: counts) ?? floodRule(for: counts) }

    /// The limit that is reached, whatever the words are.
    func floodRule(for counts: ReplyCounts) -> Rule? {
        if counts.sender >= perSender {
            return Rule("sender-cap", "This sender had \(counts.sender) automatic replies in 24 hours.")
        }
        if counts.conversation >= perConversation {
            return Rule("conversation-cap", "This conversation had \(counts.conversation) automatic replies in a row.")
        }
        if counts.domain >= perDomain {
            return Rule("domain-cap", "This sender's domain had \(counts.domain) automatic replies within an hour.")
        }
        if counts.overall >= overall {
            return Rule("overall-cap", "The desk sent \(counts.overall) automatic replies within an hour.")
        }
        return nil
    }
}

/// A limit was reached while an answer was being put on record; nothing of it was.
struct Backstopped: Error {
    let rule: Rule
}
