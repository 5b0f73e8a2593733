import Foundation

/// A model's answer to a question that is nobody's own, as the ledger keeps it for the next one who asks it.
struct KeptAnswer: Codable, Sendable {
    let body: String
    let language: String
    let citations: [String]
    let model: String
    let promptVersion: String?
}

extension Ledger {
    /// The digest under which an answer is kept.
    func answerKey(_ text: String) -> [UInt8] { seal.digest(text, for: "answer") }

    /// A kept answer that is not older than `since`.
    func answer(_ key: [UInt8], since: Date) async throws -> KeptAnswer? {
        let text = try await database.read { transaction in
            try transaction.rows(
                "SELECT body FROM answer WHERE digest = $1 AND at >= $2", [.blob(key), .integer(since.milliseconds)]
            ).first?.text("body")
        }
        return text.flatMap { try? JSONDecoder().decode(KeptAnswer.self, from: Data($0.utf8)) }
    }

    /// Keeps an answer, in the place of an older one; the oldest go when there are too many.
    func keep(_ answer: KeptAnswer, as key: [UInt8], now: Date) async throws {
        let body = String(decoding: try JSONEncoder().encode(answer), as: UTF8.self)
        try await database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO answer (digest, at, body) VALUES ($1, $2, $3)
                ON CONFLICT (digest) DO UPDATE SET at = excluded.at, body = excluded.body
                """, [.blob(key), .integer(now.milliseconds), .text(body)])
            try transaction.execute(
                """
                DELETE FROM answer WHERE digest IN
                (SELECT digest FROM answer ORDER BY at DESC LIMIT 1000000 OFFSET \(Self.maximumAnswers))
                """, [])
            return
        }
    }

    private static let maximumAnswers = 1_000
}
