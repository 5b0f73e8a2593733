import Foundation

/// An experiment as the ledger has it.
struct ExperimentRow: Sendable {
    let name: String
    let plan: Experiment.Plan
    let started: Date
    let full: Date?
    let stopped: Date?
    let isHarm: Bool
    let reason: String?
    /// The figures at its end.
    let result: ExperimentResult?
    let checked: Date

    init?(_ row: SQLRow) {
        let decoder = JSONDecoder()
        guard let name = row.text("name"), let started = row.integer("started_at"),
            let plan = row.text("plan").flatMap({ try? decoder.decode(Experiment.Plan.self, from: Data($0.utf8)) })
        else { return nil }
        self.name = name
        self.plan = plan
        self.started = Date(milliseconds: started)
        full = row.integer("full_at").map(Date.init(milliseconds:))
        stopped = row.integer("stopped_at").map(Date.init(milliseconds:))
        isHarm = row.integer("harm") == 1
        reason = row.text("reason")
        result = row.text("result").flatMap { try? decoder.decode(ExperimentResult.self, from: Data($0.utf8)) }
        checked = Date(milliseconds: row.integer("checked_at") ?? 0)
    }

    /// Whether nothing more comes of it.
    var isOver: Bool { stopped != nil || result != nil }

    /// Where it stands, in a word.
    var word: String {
        let state: ExperimentResult.State =
            stopped != nil ? .stopped : result != nil ? .finished : full != nil ? .waiting : .running
        return state.rawValue
    }
}

/// Where a conversation stands in an experiment.
struct TrialStanding: Sendable {
    var arm: String?
    var isFull = false
    var isStopped = false
}

extension Ledger {
    /// Where a conversation stands in an experiment; nil: one that is just beginning.
    func standing(of experiment: String, in conversation: Int64?) async throws -> TrialStanding {
        try await database.read { transaction in
            var standing = TrialStanding()
            if let row = try transaction.rows(
                "SELECT full_at, stopped_at FROM experiment WHERE name = $1", [.text(experiment)]
            ).first {
                standing.isFull = row.integer("full_at") != nil
                standing.isStopped = row.integer("stopped_at") != nil
            }
            if let conversation {
                standing.arm = try transaction.rows(
                    "SELECT arm FROM trial WHERE conversation = $1 AND experiment = $2",
                    [.integer(conversation), .text(experiment)]
                ).first?.text("arm")
            }
            return standing
        }
    }

    /// Puts a conversation's arm on record, in the transaction of its message's outcome; with the first one the plan, which
    /// holds from then on.
    static func record(_ trial: Trial, _ conversation: Int64, now: Date, in transaction: any SQLTransaction) throws {
        try begin(trial.experiment, now: now, in: transaction)
        try transaction.later(
            "INSERT INTO trial (conversation, experiment, arm, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            [
                .integer(conversation), .text(trial.experiment.name), .text(trial.arm.name), .integer(now.milliseconds),
            ])
    }

    private static func begin(_ experiment: Experiment, now: Date, in transaction: any SQLTransaction) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let plan = String(decoding: try encoder.encode(experiment.plan), as: UTF8.self)
        try transaction.later(
            "INSERT INTO experiment (name, plan, started_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            [.text(experiment.name), .text(plan), .integer(now.milliseconds)])
    }

    /// Puts an experiment on record that has no conversation yet.
    func begin(_ experiment: Experiment, now: Date) async throws {
        try await database.write { try Self.begin(experiment, now: now, in: $0) }
    }

    /// All experiments that ever began, oldest first.
    func experiments() async throws -> [ExperimentRow] {
        try await database.read { transaction in
            try transaction.rows("SELECT * FROM experiment ORDER BY started_at, name", []).compactMap(
                ExperimentRow.init)
        }
    }

    /// Stops an experiment: from its next message on everybody is in control.
    /// - Returns: whether it was running.
    func stop(
        _ name: String, isHarm: Bool, reason: String, result: ExperimentResult? = nil, now: Date
    ) async throws -> Bool {
        let figures = try result.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        return try await database.write { transaction in
            let changed = try transaction.execute(
                """
                UPDATE experiment SET stopped_at = $1, harm = $2, reason = $3, result = COALESCE($4, result)
                WHERE name = $5 AND stopped_at IS NULL
                """,
                [
                    .integer(now.milliseconds), .integer(isHarm ? 1 : 0), .text(reason),
                    figures.map(SQLValue.text) ?? .null, .text(name),
                ])
            guard changed > 0 else { return false }
            // Not a person's own words.
            let detail = isHarm ? reason : "by a person"
            try Self.audit(.experiment, "stopped \(name): \(detail)", now: now, in: transaction)
            return true
        }
    }

    /// Puts on record what a look at an experiment found.
    func note(_ result: ExperimentResult, now: Date) async throws {
        let figures = String(decoding: try JSONEncoder().encode(result), as: UTF8.self)
        try await database.write { transaction in
            try transaction.execute(
                "UPDATE experiment SET checked_at = $1 WHERE name = $2",
                [.integer(now.milliseconds), .text(result.name)])
            if result.state != .running {
                let changed = try transaction.execute(
                    "UPDATE experiment SET full_at = $1 WHERE name = $2 AND full_at IS NULL",
                    [.integer(now.milliseconds), .text(result.name)])
                if changed > 0 {
                    try Self.audit(.experiment, "sample of \(result.name) reached", now: now, in: transaction)
                }
            }
            if result.state == .finished {
                let changed = try transaction.execute(
                    "UPDATE experiment SET result = $1 WHERE name = $2 AND result IS NULL",
                    [.text(figures), .text(result.name)])
                if changed > 0 { try Self.audit(.experiment, "finished \(result.name)", now: now, in: transaction) }
            }
        }
    }

    /// How an experiment stands at an instant.
    func result(of row: ExperimentRow, now: Date) async throws -> ExperimentResult {
        var result: ExperimentResult
        if let kept = row.result {
            result = kept
        } else {
            let histories = try await histories(of: row)
            let samples = row.plan.arms.map { arm in
                ArmSample(name: arm, of: histories.filter { $0.arm == arm }.prefix(row.plan.sample), now: now)
            }
            result = ExperimentResult(row.name, row.plan, samples)
        }
        result.started = row.started
        if let stopped = row.stopped {
            result.ended = stopped
            result.reason = row.reason
            result.isHarm = row.isHarm
            // One that had come to its end before is no less at its end.
            if result.state != .finished { result.state = .stopped }
        }
        return result
    }

    /// How all experiments stand, oldest first: for the report and the command line.
    public func experimentResults(now: Date) async throws -> [ExperimentResult] {
        var results: [ExperimentResult] = []
        for row in try await experiments() { results.append(try await result(of: row, now: now)) }
        return results
    }
}

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
                histories[id] = ConversationHistory(arm: arm, entered: time(row, "at"))
            }
            let contacts = try rows(
                """
                SELECT t.conversation AS owner, k.message, k.digest, k.at, o.finished_at, 1 AS here FROM trial t
                JOIN concern k ON k.conversation = t.conversation
                LEFT JOIN outbox o ON o.message = k.message AND o.kind = 'reply' AND o.state = 'sent'
                WHERE t.experiment = $1
                UNION
                SELECT t.conversation AS owner, k.message, k.digest, k.at, NULL, 0 FROM trial t
                JOIN concern own ON own.conversation = t.conversation
                JOIN concern k ON k.digest = own.digest AND k.conversation <> t.conversation AND k.at > t.at
                WHERE t.experiment = $1
                """)
            for row in contacts {
                guard let owner = row.integer("owner"), let message = row.integer("message"),
                    let digest = row.blob("digest")
                else { continue }
                histories[owner]?.contacts.append(
                    ConversationHistory.Contact(
                        message: message, at: time(row, "at"),
                        answered: row.integer("finished_at").map(Date.init(milliseconds:)), matter: digest.hexadecimal,
                        isHere: row.integer("here") == 1))
            }
            let visits = try rows(
                """
                SELECT t.conversation, other.opened_at FROM trial t JOIN conversation c ON c.id = t.conversation
                JOIN conversation other ON other.author = c.author AND other.id <> c.id AND other.opened_at > t.at
                WHERE t.experiment = $1
                """)
            for row in visits {
                row.integer("conversation").map { histories[$0]?.visits.append(time(row, "opened_at")) }
            }
            let votes = try rows(
                """
                SELECT f.conversation, f.vote, f.score FROM trial t JOIN feedback f ON f.conversation = t.conversation
                WHERE t.experiment = $1 ORDER BY f.at, f.reply
                """)
            for row in votes {
                let score = row.integer("score").map(Double.init) ?? (row.text("vote") == "yes" ? 5 : 1)
                row.integer("conversation").map { histories[$0]?.score = score }
            }
            // What anybody found wrong is wrong.
            func judge(_ conversation: Int64?, _ isRight: Bool) {
                guard let conversation else { return }
                let before = histories[conversation]?.isRight ?? true
                histories[conversation]?.isRight = isRight && before
            }
            let ratings = try rows(
                """
                SELECT m.conversation, r.verdict FROM rating r JOIN message m ON m.id = r.message
                JOIN trial t ON t.conversation = m.conversation WHERE t.experiment = $1
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
}
