import Foundation

/// One request to a model, before it is made.
struct ModelCall: Sendable {
    /// The message that it is for; 0: none that is on record.
    let message: Int64
    let model: String
    /// The prompt's version.
    let prompt: String
    /// The most that it may cost, in millionths.
    let cost: Int64
}

/// What the models of a desk cost on one day.
public struct ModelSpending: Sendable, Codable, Hashable {
    /// The model's name.
    public let model: String
    /// Requests, failed ones included.
    public let requests: Int
    /// Requests that brought no answer.
    public let failures: Int
    /// Tokens read, from the provider's cache or not.
    public let tokensRead: Int
    /// Tokens written.
    public let tokensWritten: Int
    /// In the currency of the configuration's prices.
    public let cost: Double
}

extension Ledger {
    /// Puts a request to a model on record, with its reservation.
    /// - Returns: its number; nil when the day's limit does not allow it. What costs nothing is always allowed.
    func begin(_ call: ModelCall, on day: Int, within limit: Int64?, now: Date) async throws -> Int64? {
        try await database.write { try Self.begin(call, on: day, within: limit, now: now, in: $0) }
    }

    static func begin(
        _ call: ModelCall, on day: Int, within limit: Int64?, now: Date, in transaction: any SQLTransaction
    ) throws -> Int64? {
        if let limit, call.cost > 0 {
            let spent = try transaction.rows(
                "SELECT SUM(cost) AS spent FROM model_call WHERE day = $1", [.integer(Int64(day))]
            ).first?.integer("spent")
            if (spent ?? 0) + call.cost > limit { return nil }
        }
        return try transaction.rows(
            """
            INSERT INTO model_call (message, model, prompt, day, at, outcome, cost)
            VALUES ($1, $2, $3, $4, $5, 'asked', $6) RETURNING id
            """,
            [
                call.message == 0 ? .null : .integer(call.message), .text(call.model), .text(call.prompt),
                .integer(Int64(day)), .integer(now.milliseconds), .integer(call.cost),
            ]
        ).first?.integer("id")
    }

    /// Puts on record what came of a request: what it really cost takes the place of its reservation.
    func finish(_ call: Int64, outcome: String, _ tokens: ModelTokens, cost: Int64, milliseconds: Int64) async throws {
        try await database.write { transaction in
            try Self.finish(
                call, outcome: outcome, tokens, cost: cost, milliseconds: milliseconds, in: transaction)
        }
    }

    static func finish(
        _ call: Int64, outcome: String, _ tokens: ModelTokens, cost: Int64, milliseconds: Int64,
        in transaction: any SQLTransaction
    ) throws {
        try transaction.execute(
            """
            UPDATE model_call SET outcome = $1, tokens_in = $2, tokens_cached = $3, tokens_stored = $4, tokens_out = $5,
            cost = $6, milliseconds = $7 WHERE id = $8
            """,
            [
                .text(outcome), .integer(Int64(tokens.input)), .integer(Int64(tokens.cached)),
                .integer(Int64(tokens.stored)), .integer(Int64(tokens.output)), .integer(cost),
                .integer(milliseconds), .integer(call),
            ])
    }

    /// How much longer a model is to be left alone that failed in its last requests, of whatever run; nil when it did not.
    /// Zero: one request may try whether it is back.
    func rest(of model: String, now: Date) async throws -> Duration? {
        let last = try await database.read { transaction in
            try transaction.rows(
                "SELECT outcome, at FROM model_call WHERE model = $1 AND outcome <> 'asked' ORDER BY id DESC LIMIT \(ModelGate.maximumFailures)",
                [.text(model)])
        }
        guard last.count == ModelGate.maximumFailures, let newest = last.first,
            last.allSatisfy({ Self.failures.contains($0.text("outcome") ?? "") })
        else { return nil }
        // A key may have been mended since: that is tried at once.
        if newest.text("outcome") == ModelError.Code.misconfigured.name { return .zero }
        let age = Duration.milliseconds(max(0, now.milliseconds - (newest.integer("at") ?? 0)))
        return max(.zero, ModelGate.firstRest - age)
    }

    private static let failures = Set(
        [ModelError.Code.unreachable, .timedOut, .overloaded, .misconfigured].map(\.name))

    /// What the models cost since midnight of a day.
    public func spending(since start: Date) async throws -> [ModelSpending] {
        try await database.read { transaction in
            try transaction.rows(
                """
                SELECT model, COUNT(*) AS n, SUM(CASE WHEN outcome = 'answered' THEN 0 ELSE 1 END) AS failures,
                SUM(tokens_in + tokens_cached + tokens_stored) AS tokens_in, SUM(tokens_out) AS tokens_out, SUM(cost) AS cost
                FROM model_call WHERE at >= $1 GROUP BY model ORDER BY model
                """, [.integer(start.milliseconds)]
            ).map { row in
                ModelSpending(
                    model: row.text("model") ?? "", requests: Int(row.integer("n") ?? 0),
                    failures: Int(row.integer("failures") ?? 0), tokensRead: Int(row.integer("tokens_in") ?? 0),
                    tokensWritten: Int(row.integer("tokens_out") ?? 0),
                    cost: Double(row.integer("cost") ?? 0) / 1_000_000)
            }
        }
    }
}
