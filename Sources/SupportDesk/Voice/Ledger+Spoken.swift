import Foundation

extension Ledger {
    /// What was paid for and is still needed: a transcript, or a reply read aloud.
    func spoken(_ digest: [UInt8]) async throws -> [UInt8]? {
        let row = try await database.read { transaction in
            try transaction.rows("SELECT sealed FROM spoken WHERE digest = $1", [.blob(digest)]).first
        }
        guard let sealed = row?.blob("sealed") else { return nil }
        return try await open(sealed, as: Place.spoken(digest))
    }

    /// Puts on record what came of a request, and keeps its answer until the message is settled.
    /// - Parameters:
    ///   - answer: nil: there is none.
    ///   - message: 0: none that is on record; then nothing is kept.
    func finish(
        _ call: Int64, outcome: String, _ tokens: ModelTokens, cost: Int64, milliseconds: Int64,
        keeping answer: [UInt8]?, as digest: [UInt8], for message: Int64, now: Date
    ) async throws {
        guard let answer, message != 0 else {
            return try await finish(call, outcome: outcome, tokens, cost: cost, milliseconds: milliseconds)
        }
        try await writeSealed { seal, transaction in
            try Self.finish(
                call, outcome: outcome, tokens, cost: cost, milliseconds: milliseconds, in: transaction)
            try transaction.execute(
                """
                INSERT INTO spoken (digest, message, at, sealed) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
                """,
                [
                    .blob(digest), .integer(message), .integer(now.milliseconds),
                    .blob(try seal.seal(answer, as: Place.spoken(digest))),
                ])
            return
        }
    }

    /// Lets go of what was kept for a message: it is settled, or its author is forgotten.
    static func dropSpoken(of message: Int64, in transaction: any SQLTransaction) throws {
        try transaction.later("DELETE FROM spoken WHERE message = $1", [.integer(message)])
    }

    /// Lets go of what was kept for messages that were settled without it.
    func tidySpoken() async throws {
        let isIdle = try await database.read { try $0.rows("SELECT digest FROM spoken LIMIT 1", []).isEmpty }
        if isIdle { return }
        try await database.write { transaction in
            try transaction.execute(
                """
                DELETE FROM spoken WHERE message NOT IN (
                    SELECT id FROM message WHERE status IN ('arrived', 'attempting'))
                """, [])
            return
        }
    }
}
