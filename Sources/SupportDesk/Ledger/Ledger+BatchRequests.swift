import Foundation

/// A request that may wait for a batch. Made of a prompt by `BatchLane` only.
struct BatchRequest: Sendable {
    /// The message that it is for; 0: none that is on record.
    let message: Int64
    let model: String
    /// The prompt's version.
    let prompt: String
    /// By which the answer is found: a digest of message and body.
    let name: String
    /// A digest of the body alone.
    let digest: [UInt8]
    let body: [UInt8]
    /// The most that it may cost, in millionths.
    let cost: Int64
}

/// An answer that came with a batch.
struct BatchAnswer: Sendable {
    /// What the provider would have answered directly.
    let body: [UInt8]
    let prompt: String
    let cost: Int64
    let milliseconds: Int64
}

extension Ledger {
    /// Puts a message's requests on record that are not there yet, and withdraws those that it does not make any more.
    /// - Parameters:
    ///   - due: nobody waits longer.
    ///   - isOpen: whether new requests are taken.
    /// - Returns: whether an answer is still to come.
    func wait(
        for requests: [BatchRequest], of message: Int64, until due: Date, isOpen: Bool, now: Date
    ) async throws -> Bool {
        let mayBegin = isOpen && now.addingTimeInterval(Self.shortestWait) <= due
        guard message != 0 else {
            let answers = try await database.read { transaction in
                try requests.filter { !(try Self.answers(to: $0, in: transaction).isEmpty) }
            }
            return mayBegin && answers.count < requests.count
        }
        return try await writeSealed { seal, transaction in
            let known = try transaction.rows(
                "SELECT name, state FROM batch_request WHERE message = $1", [.integer(message)]
            ).reduce(into: [:]) { $0[$1.text("name") ?? ""] = $1.text("state") }
            let wanted = Set(requests.map(\.name))
            for name in known.keys where now >= due || !wanted.contains(name) {
                try transaction.execute(
                    """
                    UPDATE batch_request SET state = 'withdrawn', sealed = $1
                    WHERE name = $2 AND state IN ('queued', 'sent')
                    """, [.blob([]), .text(name)])
            }
            if now >= due { return false }
            // A record may change while a mail waits for it, and once more; then it is asked directly.
            let hasPatience = known.count < Self.maximumQuestions * requests.count
            var waits = false
            for request in requests {
                if let state = known[request.name] {
                    waits = waits || ["queued", "sent"].contains(state)
                } else if mayBegin, hasPatience {
                    try transaction.execute(
                        """
                        INSERT INTO batch_request
                        (message, name, digest, model, prompt, state, cost, due_at, bytes, sealed)
                        VALUES ($1, $2, $3, $4, $5, 'queued', $6, $7, $8, $9)
                        """,
                        [
                            .integer(message), .text(request.name), .blob(request.digest), .text(request.model),
                            .text(request.prompt), .integer(request.cost), .integer(due.milliseconds),
                            .integer(Int64(request.body.count)),
                            .blob(try seal.seal(request.body, as: Place.batch(request.name))),
                        ])
                    waits = true
                }
            }
            return waits
        }
    }

    /// Whoever would have to wait less than this is asked directly, seconds.
    private static let shortestWait: TimeInterval = 600
    /// So often a message's question is put to a batch in other words.
    private static let maximumQuestions = 2

    private static func answers(to request: BatchRequest, in transaction: any SQLTransaction) throws -> [SQLRow] {
        // Who only looks at a message finds what was answered to the same words.
        try transaction.rows(
            """
            SELECT r.name, r.sealed, r.prompt, c.cost, c.milliseconds FROM batch_request r
            LEFT JOIN model_call c ON c.id = r.call WHERE r.state = 'answered'
            AND \(request.message == 0 ? "r.digest = $1" : "r.name = $1") ORDER BY r.id DESC LIMIT 1
            """, [request.message == 0 ? .blob(request.digest) : .text(request.name)])
    }

    /// The answer to a request, when a batch brought one.
    func answer(to request: BatchRequest) async throws -> BatchAnswer? {
        let row = try await database.read { try Self.answers(to: request, in: $0).first }
        guard let row, let sealed = row.blob("sealed"), let name = row.text("name") else { return nil }
        return BatchAnswer(
            body: try await open(sealed, as: Place.batch(name)), prompt: row.text("prompt") ?? "",
            cost: row.integer("cost") ?? 0, milliseconds: row.integer("milliseconds") ?? 0)
    }

    /// Puts a message back until its batch is there; that is no attempt.
    func park(_ item: WorkItem, until due: Date) async throws {
        let message = item.id
        try await database.write { transaction in
            try Self.move(message, to: .arrived, by: item.shift, in: transaction)
            // What came while it was put back wakes nobody any more.
            let waits = try transaction.rows(
                "SELECT id FROM batch_request WHERE message = $1 AND state IN ('queued', 'sent') LIMIT 1",
                [.integer(message)])
            try transaction.execute(
                "UPDATE message SET attempts = attempts - 1, retry_at = $1 WHERE id = $2",
                [.integer(waits.isEmpty ? 0 : due.milliseconds), .integer(message)])
            return
        }
    }

    /// Has a message looked at by the next pass.
    static func wake(_ message: Int64, in transaction: any SQLTransaction) throws {
        try transaction.execute(
            "UPDATE message SET retry_at = 0 WHERE id = $1 AND status = 'arrived'", [.integer(message)])
    }

    /// Lets go of what settled messages wanted, and of what is too old to be asked about.
    func tidyBatches(now: Date) async throws {
        let unsettled = "SELECT id FROM message WHERE status IN ('arrived', 'attempting')"
        let old = SQLValue.integer(now.addingTimeInterval(-Self.retention).milliseconds)
        let isIdle = try await database.read { try $0.rows("SELECT id FROM batch_request LIMIT 1", []).isEmpty }
        if isIdle { return }
        try await database.write { transaction in
            try transaction.execute(
                """
                UPDATE batch_request SET state = 'withdrawn', sealed = $1
                WHERE state IN ('queued', 'sent') AND message NOT IN (\(unsettled))
                """, [.blob([])])
            try transaction.execute(
                """
                DELETE FROM batch_request WHERE message NOT IN (\(unsettled))
                AND (batch IS NULL OR batch NOT IN (SELECT id FROM batch WHERE state = 'open'))
                AND (state <> 'answered' OR due_at < $1)
                """, [old])
            try transaction.execute("DELETE FROM batch WHERE state <> 'open' AND poll_at < $1", [old])
            return
        }
    }

    /// For so long after its time an answer that was used can still be explained, seconds; and a batch that ended is known.
    private static let retention: TimeInterval = 3 * 86_400
}
