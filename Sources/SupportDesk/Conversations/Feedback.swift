import Mail

/// What a customer said of a reply by one of the two links at its end.
///
/// The link opens a mail of her own to the shop: no page is fetched, so nothing that follows links for her can vote. It
/// counts when it comes from the address that the reply went to, once for each reply.
public struct Feedback: Sendable, Hashable {
    /// Whether the reply answered her question.
    public enum Vote: String, Sendable, CaseIterable {
        /// See `Vote`.
        case yes, no
    }

    /// What she said.
    public let vote: Vote
    /// The Message-ID of the reply.
    let reply: String
    /// The conversation that the reply belongs to.
    let conversation: Int64
    /// She has said so, or otherwise, before.
    let isRepeated: Bool
}

/// The subject of a mail that votes: the vote, the conversation's public name, and a code that only the recipient of
/// the reply knows.
struct FeedbackSubject: Sendable, Hashable {
    let vote: Feedback.Vote
    let conversation: String
    let code: String

    /// Reads a subject; nil for any other, such as a robot's `Re:` of one.
    init?(_ subject: String) {
        let words = subject.split(separator: " ")
        guard words.count == 2, let vote = Feedback.Vote(rawValue: words[0].lowercased()),
            let cut = words[1].lastIndex(of: "-"), words[1].hasPrefix("AD-"), words[1].utf8.count == 36
        else { return nil }
        self.vote = vote
        conversation = String(words[1][..<cut])
        code = words[1][words[1].index(after: cut)...].uppercased()
    }

    init(_ vote: Feedback.Vote, conversation: String, code: String) {
        (self.vote, self.conversation, self.code) = (vote, conversation, code)
    }

    /// `mailto:support@shop.example?subject=Yes%20AD-…` (RFC 6068 §2).
    func link(to address: String) -> String {
        "mailto:\(address)?subject=\(vote.rawValue.capitalized)%20\(conversation)-\(code)"
    }

    /// The vote on one of the replies to this sender in that conversation; nil when the code fits none.
    func feedback(from sender: [UInt8], _ seal: Seal, in transaction: any SQLTransaction) throws -> Feedback? {
        let replies = try transaction.rows(
            """
            SELECT outbox.key, outbox.conversation, feedback.reply FROM conversation
            JOIN outbox ON outbox.conversation = conversation.id LEFT JOIN feedback ON feedback.reply = outbox.key
            WHERE conversation.external_id = $1 AND outbox.kind = 'reply' AND outbox.recipient = $2
            """, [.text(conversation), .blob(sender)])
        for row in replies {
            if let key = row.text("key"), let conversation = row.integer("conversation"),
                seal.feedbackCode(for: key) == code
            {
                return Feedback(
                    vote: vote, reply: key, conversation: conversation, isRepeated: row.text("reply") != nil)
            }
        }
        return nil
    }
}

extension Seal {
    /// 80 bits that only a desk with this key can make of a reply's Message-ID, as 16 letters and digits.
    func feedbackCode(for messageID: String) -> String { digest(messageID, for: "feedback").prefix(10).base32 }
}

extension Feedback {
    /// Puts it on record, once for each reply.
    func record(by message: Int64, at time: Int64, _ transaction: any SQLTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO feedback (reply, conversation, message, vote, at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT DO NOTHING
            """,
            [.text(reply), .integer(conversation), .integer(message), .text(vote.rawValue), .integer(time)])
    }
}
