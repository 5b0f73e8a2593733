import Foundation

extension Ledger {
    /// What is known of the conversations of an experiment, in the order in which they entered.
    func histories(of experiment: ExperimentRow) async throws -> [ConversationHistory] {
        try await database.read { transaction in
            func rows(_ sql: String) throws -> [SQLRow] { try transaction.rows(sql, [.text(experiment.name)]) }
            func time(_ row: SQLRow, _ name: String) -> Date { Date(milliseconds: row.integer(name) ?? 0) }
            var order: [Int64] = []
            var histories: [Int64: ConversationHistory] = [:]
            let entered = try rows(
                "SELECT conversation, arm, at FROM trial WHERE experiment = $1 ORDER BY at, conversation")
            for row in entered {
                guard let id = row.integer("conversation"), let arm = row.text("arm") else { continue }
                order.append(id)
                var history = ConversationHistory(arm: arm, entered: time(row, "at"))
                history.silence = experiment.plan.silence ?? Aftermath.window
                histories[id] = history
            }
            var votes: [Int64: Bool] = [:]
            let said = try rows(
                """
                SELECT f.conversation, f.vote, f.score, o.message FROM trial t
                JOIN feedback f ON f.conversation = t.conversation
                LEFT JOIN outbox o ON o.key = f.reply AND o.kind = 'reply'
                WHERE t.experiment = $1 ORDER BY f.at, f.reply
                """)
            for row in said {
                let isYes = row.text("vote") == Feedback.Vote.yes.rawValue
                let score = row.integer("score")
                row.integer("conversation").map { histories[$0]?.score = score.map(Double.init) ?? (isYes ? 5 : 1) }
                if let message = row.integer("message") { votes[message] = Feedback.verdict(isYes: isYes, score) }
            }
            for row in try rows(Self.contacts) {
                guard let owner = row.integer("owner"), let message = row.integer("id"),
                    MessageKind(row.text("disposition"), row.text("rule")).isQuestion
                else { continue }
                histories[owner]?.contacts.append(
                    ConversationHistory.Contact(
                        message: message, at: time(row, "arrived_at"),
                        answered: row.integer("replied_at").map(Date.init(milliseconds:)),
                        matter: row.blob("digest")?.hexadecimal, isHere: row.integer("conversation") == owner,
                        vote: votes[message]))
            }
            // What anybody found wrong is wrong.
            func judge(_ conversation: Int64?, _ isRight: Bool) {
                guard let conversation else { return }
                let before = histories[conversation]?.isRight ?? true
                histories[conversation]?.isRight = isRight && before
            }
            let ratings = try rows(
                """
                SELECT m.conversation, r.verdict FROM trial t JOIN message m ON m.conversation = t.conversation
                JOIN rating r ON r.message = m.id WHERE t.experiment = $1
                """)
            for row in ratings { judge(row.integer("conversation"), row.text("verdict") == "right") }
            let drafts = try rows(
                """
                SELECT d.conversation, d.state, CASE WHEN d.likeness < 1 THEN 1 ELSE 0 END AS changed
                FROM trial t JOIN draft d ON d.conversation = t.conversation
                WHERE t.experiment = $1 AND d.state IN ('approved', 'rejected')
                """)
            for row in drafts {
                judge(row.integer("conversation"), row.text("state") == "approved" && row.integer("changed") == 0)
            }
            return order.compactMap { histories[$0] }
        }
    }

    /// What the customers of an experiment wrote, as the report has it: in their conversations, and elsewhere since they entered.
    private static let contacts = """
        SELECT t.conversation AS owner, m.id, m.arrived_at, m.replied_at, m.disposition, m.rule, m.conversation, k.digest
        FROM trial t JOIN conversation c ON c.id = t.conversation
        JOIN message m ON m.conversation = c.id AND m.person = c.author
        LEFT JOIN concern k ON k.message = m.id
        WHERE t.experiment = $1
        UNION ALL
        SELECT t.conversation AS owner, m.id, m.arrived_at, m.replied_at, m.disposition, m.rule, m.conversation, k.digest
        FROM trial t JOIN conversation c ON c.id = t.conversation
        JOIN conversation other ON other.author = c.author AND other.id <> c.id
        JOIN message m ON m.conversation = other.id AND m.person = c.author AND m.arrived_at > t.at
        LEFT JOIN concern k ON k.message = m.id
        WHERE t.experiment = $1
        """
}
