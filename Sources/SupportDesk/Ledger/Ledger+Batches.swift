import Foundation

/// A batch that was put together and has not come to its end.
struct Batch: Sendable {
    /// The ledger's number.
    let id: Int64
    /// What it is called at the provider, where that can be said.
    let name: String
    /// How many requests it was made with.
    let count: Int
    let began: Date
    /// The provider's names for its file of requests, for itself, and for what came of it.
    var file: String?
    var remote: String?
    var outputs: [String]
    /// What came of it is on record; only the provider still has it.
    let isCollected: Bool

    /// Everything of it that lies at the provider in files.
    var files: [String] { [file].compactMap(\.self) + outputs }

    init(_ row: SQLRow) {
        id = row.integer("id") ?? 0
        name = row.text("name") ?? ""
        count = Int(row.integer("requests") ?? 0)
        began = Date(milliseconds: row.integer("created_at") ?? 0)
        file = row.text("file")
        remote = row.text("remote")
        outputs = (row.text("outputs") ?? "").split(separator: " ").map(String.init)
        isCollected = row.text("state") == "collected"
    }
}

/// What came of one request of a batch.
struct BatchOutcome: Sendable {
    /// The word for the record of requests: `answered`, or why there is no answer.
    let word: String
    let tokens: ModelTokens
    /// nil: nobody knows, and what was reserved stays.
    let cost: Int64?
    /// The answer's body; nil when there is none.
    let body: [UInt8]?

    /// Nothing came, and nothing is paid for it.
    static func failed(_ word: String) -> BatchOutcome {
        BatchOutcome(word: word, tokens: ModelTokens(), cost: 0, body: nil)
    }

    /// Nothing came, and it may have to be paid all the same.
    static let lost = BatchOutcome(word: "lost", tokens: ModelTokens(), cost: nil, body: nil)
}

extension Ledger {
    /// Puts queued requests of open messages together, each with its reservation; those that the day's money does not
    /// reach for are given up.
    /// - Returns: the batch, and whether the money was enough; nil when nothing is queued.
    func gatherBatch(
        named name: String, of model: String, _ policy: BatchPolicy, on day: Int, within limit: Int64?, by shift: Int64,
        now: Date
    ) async throws -> (batch: Batch?, isSpent: Bool)? {
        let isIdle = try await database.read {
            try $0.rows("SELECT id FROM batch_request WHERE state = 'queued' LIMIT 1", []).isEmpty
        }
        if isIdle { return nil }
        return try await database.write { transaction in
            try Self.demand(.batches, by: shift, in: transaction)
            let rows = try transaction.rows(
                """
                SELECT r.id, r.message, r.prompt, r.cost, r.bytes FROM batch_request r
                JOIN message m ON m.id = r.message AND m.status IN ('arrived', 'attempting')
                WHERE r.state = 'queued' AND r.model = $1 ORDER BY r.id LIMIT \(policy.maximumRequests)
                """, [.text(model)])
            if rows.isEmpty { return nil }
            let row = try transaction.rows(
                """
                INSERT INTO batch (name, model, state, requests, created_at, poll_at)
                VALUES ($1, $2, 'open', 0, $3, $3) RETURNING *
                """, [.text(name), .text(model), .integer(now.milliseconds)]
            ).first
            guard let id = row?.integer("id") else { return nil }
            var (bytes, count, isSpent) = (0, 0, false)
            for row in rows {
                guard let request = row.integer("id"), let message = row.integer("message") else { continue }
                bytes += Int(row.integer("bytes") ?? 0)
                if bytes > policy.maximumBytes, count > 0 { break }
                let call = try Self.begin(
                    ModelCall(
                        message: message, model: model, prompt: row.text("prompt") ?? "", cost: row.integer("cost") ?? 0
                    ), on: day, within: limit, now: now, in: transaction)
                if let call {
                    count += 1
                    try transaction.execute(
                        "UPDATE batch_request SET state = 'sent', batch = $1, call = $2 WHERE id = $3",
                        [.integer(id), .integer(call), .integer(request)])
                } else {
                    isSpent = true
                    try transaction.execute(
                        "UPDATE batch_request SET state = 'failed', sealed = $1 WHERE id = $2",
                        [.blob([]), .integer(request)])
                    try Self.wake(message, in: transaction)
                }
            }
            if count == 0 {
                try transaction.execute("DELETE FROM batch WHERE id = $1", [.integer(id)])
                return (nil, isSpent)
            }
            try transaction.execute(
                "UPDATE batch SET requests = $1 WHERE id = $2", [.integer(Int64(count)), .integer(id)])
            let batch = try transaction.rows("SELECT * FROM batch WHERE id = $1", [.integer(id)]).first
            return (batch.map(Batch.init), isSpent)
        }
    }

    /// Whether there is anything to look after, if only later.
    func hasBatches() async throws -> Bool {
        try await database.read { transaction in
            try !transaction.rows("SELECT id FROM batch_request LIMIT 1", []).isEmpty
                || !transaction.rows("SELECT id FROM batch WHERE state <> 'forgotten' LIMIT 1", []).isEmpty
        }
    }

    /// The batches of a model that are to be looked after now, oldest first.
    func batches(of model: String, now: Date) async throws -> [Batch] {
        try await database.read { transaction in
            try transaction.rows(
                "SELECT * FROM batch WHERE model = $1 AND state IN ('open', 'collected') AND poll_at <= $2 ORDER BY id",
                [.text(model), .integer(now.milliseconds)]
            ).map(Batch.init)
        }
    }

    /// What the provider called all batches of a model that the ledger knows.
    func batchNames(of model: String) async throws -> Set<String> {
        try await database.read { transaction in
            Set(
                try transaction.rows("SELECT remote FROM batch WHERE model = $1", [.text(model)]).compactMap {
                    $0.text("remote")
                })
        }
    }

    /// Whether the provider refused a batch of this model a short while ago.
    func refusesBatches(_ model: String, now: Date) async throws -> Bool {
        try await database.read { transaction in
            try !transaction.rows(
                "SELECT id FROM batch WHERE model = $1 AND state = 'refused' AND poll_at > $2 LIMIT 1",
                [.text(model), .integer(now.milliseconds)]
            ).isEmpty
        }
    }

    /// The requests of a batch that somebody still waits for, as they go over the wire.
    func entries(of batch: Int64) async throws -> [BatchEntry] {
        let rows = try await database.read { transaction in
            try transaction.rows(
                """
                SELECT r.name, r.sealed FROM batch_request r
                JOIN message m ON m.id = r.message AND m.status IN ('arrived', 'attempting')
                WHERE r.batch = $1 AND r.state = 'sent' ORDER BY r.id
                """, [.integer(batch)])
        }
        var entries: [BatchEntry] = []
        for row in rows {
            guard let name = row.text("name"), let sealed = row.blob("sealed") else { continue }
            entries.append(BatchEntry(name: name, body: try await open(sealed, as: Place.batch(name))))
        }
        return entries
    }

    /// Records what the provider called the file of a batch, and the batch; with the latter the requests are let go.
    /// - Parameter isCertain: false: it may be somebody else's, and is never cancelled.
    func name(_ batch: Batch, isCertain: Bool = true, by shift: Int64) async throws {
        try await database.write { transaction in
            try Self.demand(.batches, by: shift, in: transaction)
            try transaction.execute(
                "UPDATE batch SET file = $1, remote = $2, cancelled = $3 WHERE id = $4",
                [
                    batch.file.map(SQLValue.text) ?? .null, batch.remote.map(SQLValue.text) ?? .null,
                    .integer(isCertain ? 0 : 1), .integer(batch.id),
                ])
            if batch.remote != nil {
                try transaction.execute(
                    "UPDATE batch_request SET sealed = $1 WHERE batch = $2 AND state = 'sent'",
                    [.blob([]), .integer(batch.id)])
            }
        }
    }

    /// Has a batch looked after again later.
    func postpone(_ batch: Batch, until: Date, by shift: Int64) async throws {
        try await database.write { transaction in
            try Self.demand(.batches, by: shift, in: transaction)
            try transaction.execute(
                "UPDATE batch SET poll_at = $1 WHERE id = $2", [.integer(until.milliseconds), .integer(batch.id)])
            return
        }
    }

    /// Takes the batches of a model that nobody waits for any more, each once.
    func idleBatches(of model: String, by shift: Int64) async throws -> [Batch] {
        let isIdle = """
            model = $1 AND state = 'open' AND remote IS NOT NULL AND cancelled = 0
            AND id NOT IN (SELECT batch FROM batch_request WHERE state = 'sent' AND batch IS NOT NULL)
            """
        let found = try await database.read { transaction in
            try transaction.rows("SELECT * FROM batch WHERE \(isIdle)", [.text(model)]).map(Batch.init)
        }
        if !found.isEmpty {
            try await database.write { transaction in
                try Self.demand(.batches, by: shift, in: transaction)
                try transaction.execute("UPDATE batch SET cancelled = 1 WHERE \(isIdle)", [.text(model)])
                return
            }
        }
        return found
    }

    /// Puts on record what came of a batch, in one transaction: answers and why there are none, what each cost, and that
    /// the messages have waited enough.
    /// - Parameters:
    ///   - outcomes: by the requests' names.
    ///   - other: for those that nothing came of.
    ///   - refusal: until when no batch of this model is begun; nil: as before.
    /// - Returns: whether something of it lies at the provider that is surely ours.
    @discardableResult
    func collect(
        _ batch: Batch, _ outcomes: [String: BatchOutcome], other: BatchOutcome, refusal: Date? = nil, by shift: Int64,
        now: Date
    ) async throws -> Bool {
        try await writeSealed { seal, transaction in
            try Self.demand(.batches, by: shift, in: transaction)
            let requests = try transaction.rows(
                """
                SELECT r.id, r.message, r.name, r.state, r.call, c.cost, c.at FROM batch_request r
                LEFT JOIN model_call c ON c.id = r.call WHERE r.batch = $1 AND r.state IN ('sent', 'withdrawn')
                """, [.integer(batch.id)])
            var isOurs = batch.file != nil
            for row in requests {
                guard let id = row.integer("id"), let name = row.text("name") else { continue }
                let outcome = outcomes[name] ?? other
                if outcomes[name] != nil { isOurs = true }
                if let call = row.integer("call") {
                    try Self.finish(
                        call, outcome: outcome.word, outcome.tokens, cost: outcome.cost ?? row.integer("cost") ?? 0,
                        milliseconds: max(0, now.milliseconds - (row.integer("at") ?? now.milliseconds)),
                        in: transaction)
                }
                guard row.text("state") == "sent" else { continue }
                let sealed = try outcome.body.map { try seal.seal($0, as: Place.batch(name)) }
                try transaction.execute(
                    "UPDATE batch_request SET state = $1, sealed = $2 WHERE id = $3",
                    [.text(sealed == nil ? "failed" : "answered"), .blob(sealed ?? []), .integer(id)])
                if let message = row.integer("message") { try Self.wake(message, in: transaction) }
            }
            try transaction.execute(
                "UPDATE batch SET state = $1, outputs = $2, poll_at = $3 WHERE id = $4",
                [
                    .text(refusal != nil ? "refused" : isOurs ? "collected" : "forgotten"),
                    .text(batch.outputs.joined(separator: " ")),
                    .integer((refusal ?? now).milliseconds), .integer(batch.id),
                ])
            return isOurs
        }
    }

    /// Records that nothing of a batch is left at the provider.
    func forget(_ batch: Batch, by shift: Int64, now: Date) async throws {
        try await database.write { transaction in
            try Self.demand(.batches, by: shift, in: transaction)
            try transaction.execute(
                "UPDATE batch SET state = 'forgotten', poll_at = $1 WHERE id = $2 AND state = 'collected'",
                [.integer(now.milliseconds), .integer(batch.id)])
            return
        }
    }
}
