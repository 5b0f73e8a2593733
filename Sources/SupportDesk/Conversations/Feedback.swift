import Foundation
import Mail

/// What a customer said of a reply: by a link at its end, on the shop's page, or in words.
///
/// It counts once for each reply, and only from whom the reply went to: a link makes a mail of her own with a token for her
/// address; the page signs what it sends; words count in the conversation that they answer. A second answer is nothing new,
/// except that a "no" takes the place of a "yes", and a number is added where there was none.
public struct Feedback: Sendable, Hashable {
    /// Whether the reply answered her question.
    public enum Vote: String, Sendable, CaseIterable {
        /// See `Vote`; `neither` is the middle of the scale.
        case yes, no, neither
    }

    /// How she said it.
    public enum Way: String, Sendable, CaseIterable {
        /// By a link that opens a mail.
        case mail
        /// On the shop's page.
        case page
        /// In words.
        case words
        /// She came back angry.
        case anger
    }

    /// What she said.
    public let vote: Vote
    /// How content she is, from 1 to 5; nil: she was not asked, or did not say.
    public let score: Int?
    /// How she said it.
    public let way: Way
    /// The Message-ID of the reply.
    let reply: String
    /// The conversation that the reply belongs to.
    let conversation: Int64
    /// It is on record already.
    let isRepeated: Bool

    /// - Throws: what the ledger throws.
    init(
        _ answer: FeedbackToken.Answer, _ way: Way, on reply: String, in conversation: Int64,
        _ transaction: any SQLTransaction
    ) throws {
        (vote, score, self.way) = (answer.vote, answer.score, way)
        (self.reply, self.conversation) = (reply, conversation)
        let known = try transaction.rows("SELECT vote, score FROM feedback WHERE reply = $1", [.text(reply)]).first
        isRepeated =
            known.map { known in
                let isWorse = answer.vote == .no && known.text("vote") != Vote.no.rawValue
                return !isWorse && (answer.score == nil || known.integer("score") != nil)
            } ?? false
    }

    /// Puts it on record, once for each reply: a "no" is never taken back by a later "yes", nor a number by another one.
    func record(by message: Int64, at time: Int64, _ transaction: any SQLTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO feedback (reply, conversation, message, vote, at, way, score)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (reply) DO UPDATE SET
                vote = CASE WHEN excluded.vote = 'no' THEN 'no' ELSE feedback.vote END,
                score = COALESCE(feedback.score, excluded.score)
            """,
            [
                .text(reply), .integer(conversation), .integer(message), .text(vote.rawValue), .integer(time),
                .text(way.rawValue), score.map { .integer(Int64($0)) } ?? .null,
            ])
        // It changes what became of an answer whose day may long be kept, and the day of what she had said before.
        try transaction.later(
            """
            INSERT INTO rollup_news (settled_at)
            SELECT m.settled_at FROM outbox o JOIN message m ON m.id = o.message
            WHERE o.key = $1 AND o.kind = 'reply' AND m.settled_at < $2
            UNION ALL SELECT at FROM feedback WHERE reply = $1 AND at < $2
            """, [.text(reply), .integer(time - ReportPolicy.leastClosing)])
    }
}

extension Feedback {
    /// Whether the customer says that a reply helped her; nil of a number in the middle, which says neither.
    static func verdict(isYes: Bool, _ score: Int64?) -> Bool? { score == 3 ? nil : score.map { $0 > 3 } ?? isYes }

    /// So long after a reply words are taken for an answer to its question, milliseconds.
    private static let memory: Int64 = 30 * 86_400_000

    /// The rules of replies that asked for something themselves: "yes" and "4" answer those.
    private static let questions = ["order-missing", "order-unknown", "unverified"]

    /// Rules by which a message goes to a person since the answer before made its customer angry.
    private static let anger: Set<String> = ["angry", "two-failures"]

    /// The newest automatic reply of a conversation to somebody, when it was an answer and has left.
    static func newestReply(
        in conversation: Int64, to recipient: [UInt8], before message: Int64, now: Date,
        _ transaction: any SQLTransaction
    ) throws -> String? {
        let row = try transaction.rows(
            """
            SELECT o.key, o.state, o.created_at, m.rule FROM outbox o JOIN message m ON m.id = o.message
            WHERE o.conversation = $1 AND o.kind = 'reply' AND o.recipient = $2 AND o.message <> $3
            ORDER BY o.id DESC LIMIT 1
            """, [.integer(conversation), .blob(recipient), .integer(message)]
        ).first
        guard let row, row.text("state") == "sent", !questions.contains(row.text("rule") ?? ""),
            let created = row.integer("created_at"), created > now.milliseconds - memory
        else { return nil }
        return row.text("key")
    }

    /// Puts on record that somebody came back angry on an answer, where that is why a message goes to a person.
    static func recordAnger(
        of outcome: Outcome, in conversation: Int64?, now: Date, _ transaction: any SQLTransaction
    ) throws {
        guard outcome.kind == .escalated, anger.contains(outcome.rule.name), let conversation,
            let association = outcome.association, association.feedback == nil, !association.isWithPerson,
            let sender = association.addressee?.address,
            let reply = try newestReply(
                in: conversation, to: sender, before: outcome.message, now: now, transaction)
        else { return }
        try Feedback(.vote(.no), .anger, on: reply, in: conversation, transaction)
            .record(by: outcome.message, at: now.milliseconds, transaction)
    }
}
