import Foundation

/// How a message stands in the ledger after delivery.
struct LedgerResult: Sendable {
    let disposition: Disposition.Kind?
    let rule: String?
    let reply: String?
    let ticket: String?
}

/// What `status` shows.
public struct LedgerStatus: Sendable, Codable {
    /// Messages by status.
    public let messages: [String: Int]
    /// Outbox rows that wait, or whose fate is not known.
    public let outbox: [String: Int]
    /// Drafts that wait for a person, or that she has in hand.
    public let drafts: [String: Int]
    /// When the oldest open message arrived.
    public let oldestOpen: Date?
    /// Messages that wait for a batch; nil when none does.
    public let batches: Waiting?

    /// Messages that wait for a batch.
    public struct Waiting: Sendable, Codable {
        /// How many wait.
        public let messages: Int
        /// How many of their requests are not handed over yet.
        public let queued: Int
        /// Batches at providers.
        public let batches: Int
        /// When the first of them is asked directly.
        public let firstDue: Date
    }

    /// Messages whose source does not say so yet.
    public let unmarked: Int
    /// That a person has stopped the desk; nil when nobody has.
    public let pause: Pause?
    /// Lessons that wait for a person.
    public let lessons: Int
    /// The classifier in use; 0: the one of the utterances alone.
    public let classifier: Int64
    /// It learned from something that is forgotten since: it is to be trained anew.
    public let isClassifierStale: Bool
    /// That the mail of the last week is not what the classifier was made for; nil: it is.
    public let drift: String?
    /// What the models cost in the last 24 hours.
    public let models: [ModelSpending]
    /// Intents that fell back to drafts by themselves.
    public let setbacks: [Setback]
    /// How the answers of intents that are only watched stand beside people's.
    public let shadows: [ShadowStanding]
    /// Experiments that began, by name: whether they go on, and why not.
    public let experiments: [Standing]

    /// Where an experiment stands.
    public struct Standing: Sendable, Codable {
        /// Its name.
        public let name: String
        /// `running`, `waiting`, `finished` or `stopped`.
        public let state: String
        /// Whether an arm did harm.
        public let isHarm: Bool
        /// Why it was stopped.
        public let reason: String?
    }
}

extension Ledger {
    /// The outcome of one message, as it stands now.
    func result(of message: Int64) async throws -> LedgerResult {
        try await database.read { transaction in
            let row = try transaction.rows(
                "SELECT disposition, rule, status FROM message WHERE id = $1", [.integer(message)]
            ).first
            let outbox = try transaction.rows(
                "SELECT kind, state, remote FROM outbox WHERE message = $1 ORDER BY id", [.integer(message)])
            func remote(_ kinds: Set<String>) -> String? {
                outbox.last { kinds.contains($0.text("kind") ?? "") && $0.text("state") == "sent" }?.text("remote")
            }
            return LedgerResult(
                disposition: row?.text("disposition").flatMap(Disposition.Kind.init), rule: row?.text("rule"),
                reply: remote(["reply", "draft"]), ticket: remote(["ticket"]))
        }
    }

    /// Whether a message or an effect waits for a later run, also one whose time has not come.
    func hasOpenWork() async throws -> Bool {
        try await database.read { transaction in
            let message = try transaction.rows(
                """
                SELECT id FROM message WHERE marked = 0 AND status IN ('arrived', 'attempting', 'decided') LIMIT 1
                """, [])
            let effect = try transaction.rows("SELECT id FROM outbox WHERE state IN ('queued', 'sending') LIMIT 1", [])
            return !message.isEmpty || !effect.isEmpty
        }
    }

    /// The figures for `status`.
    public func status(now: Date = Date()) async throws -> LedgerStatus {
        let pause = try await pause()
        let models = try await spending(since: now.addingTimeInterval(-86_400))
        let setbacks = try await setbacks()
        let lessons = try await waitingLessons()
        let use = try await classifierInUse()
        let isStale = try await classifier(use.version)?.isStale ?? false
        let week = try await drift().weeks.last.flatMap { $0.alarms.isEmpty ? nil : $0.line }
        let experiments = try await experiments().map { row in
            LedgerStatus.Standing(name: row.name, state: row.word, isHarm: row.isHarm, reason: row.reason)
        }
        return try await database.read { transaction in
            func counts(_ sql: String) throws -> [String: Int] {
                var counts: [String: Int] = [:]
                for row in try transaction.rows(sql, []) { counts[row.text("name") ?? ""] = Int(row.integer("n") ?? 0) }
                return counts
            }
            let oldest = try transaction.rows(
                "SELECT MIN(arrived_at) AS oldest FROM message WHERE marked = 0 AND status IN ('arrived', 'attempting', 'decided')",
                []
            ).first?.integer("oldest")
            let unmarked = try transaction.rows(
                """
                SELECT COUNT(*) AS n FROM message
                WHERE marked = 0 AND status NOT IN ('arrived', 'attempting', 'decided')
                """, []
            ).first?.integer("n")
            let waiting = try transaction.rows(
                """
                SELECT COUNT(DISTINCT message) AS n, SUM(CASE WHEN state = 'queued' THEN 1 ELSE 0 END) AS queued,
                COUNT(DISTINCT batch) AS batches, MIN(due_at) AS due
                FROM batch_request WHERE state IN ('queued', 'sent')
                """, []
            ).first.flatMap { row in
                row.integer("due").map { due in
                    LedgerStatus.Waiting(
                        messages: Int(row.integer("n") ?? 0), queued: Int(row.integer("queued") ?? 0),
                        batches: Int(row.integer("batches") ?? 0), firstDue: Date(milliseconds: due))
                }
            }
            return LedgerStatus(
                messages: try counts("SELECT status AS name, COUNT(*) AS n FROM message GROUP BY status"),
                outbox: try counts(
                    "SELECT state AS name, COUNT(*) AS n FROM outbox WHERE state <> 'sent' GROUP BY state"),
                drafts: try counts(
                    "SELECT state AS name, COUNT(*) AS n FROM draft WHERE state IN ('open', 'edited') GROUP BY state"),
                oldestOpen: oldest.map(Date.init(milliseconds:)), batches: waiting, unmarked: Int(unmarked ?? 0),
                pause: pause, lessons: lessons, classifier: use.version, isClassifierStale: isStale, drift: week,
                models: models, setbacks: setbacks,
                shadows: try Self.shadows(since: Date(timeIntervalSince1970: 0), in: transaction),
                experiments: experiments)
        }
    }
}
