import Foundation

/// The answer that the desk would have given, as the ledger keeps it, sealed, until a person's answer is laid beside it.
struct ShadowRecord: Codable, Sendable {
    /// Without greeting and signature.
    let text: String
    let language: String
    /// What the desk took to be asked, the surest first.
    let intents: [String]
    /// The facts that the customer named herself: an answer that leaves them out says no less.
    let asked: [String]

    /// What is kept of a message that the desk only watches; nil for any other.
    init?(_ dossier: Dossier) {
        guard dossier.isShadow, let reply = dossier.reply, let message = dossier.message else { return nil }
        text = reply.body
        language = reply.language
        intents = dossier.intents.map(\.intent)
        asked = AnswerComparison.facts(of: "\(message.subject)\n\n\(message.newText)", in: reply.language).sorted()
    }
}

/// An answer in the shadow that waits for a person's.
struct ShadowRow: Sendable {
    /// The ledger's number of the message that it answers.
    let message: Int64
    /// Where the customer's message is.
    let channel: String
    let at: Date
    let sealed: [UInt8]

    init?(_ row: SQLRow) {
        guard let message = row.integer("message"), let sealed = row.blob("sealed") else { return nil }
        self.message = message
        self.sealed = sealed
        channel = row.text("channel") ?? ""
        at = Date(milliseconds: row.integer("at") ?? 0)
    }
}

/// How the desk's answers stand beside people's, for one intent.
public struct ShadowStanding: Sendable, Hashable, Codable {
    /// The surest intent of the messages.
    public let intent: String
    /// Messages by what came of the comparison; `waiting` for those of which nothing came yet.
    public let counts: [String: Int]

    /// How many have a verdict.
    public func count(_ verdict: AnswerComparison.Verdict) -> Int { counts[verdict.rawValue] ?? 0 }
    /// How many wait for a person's answer.
    public var waiting: Int { counts[Self.waiting] ?? 0 }
    /// Under what those are counted.
    static let waiting = "waiting"
    /// How many answers could be laid beside each other.
    public var compared: Int { count(.same) + count(.otherFacts) + count(.otherAnswer) }
    /// The share of those that could have gone out as they were; nil while there are none.
    public var agreement: Double? { compared == 0 ? nil : Double(count(.same)) / Double(compared) }

    /// One line for people.
    public var words: String {
        var parts: [String] = []
        if compared > 0 {
            parts.append("\(count(.same)) of \(compared) answers the same as a person's")
            if count(.otherFacts) > 0 { parts.append("\(count(.otherFacts)) with other facts") }
            if count(.otherAnswer) > 0 { parts.append("\(count(.otherAnswer)) times she did something else") }
        }
        if count(.unread) > 0 { parts.append("\(count(.unread)) not to be read") }
        if count(.unanswered) > 0 { parts.append("\(count(.unanswered)) without an answer that was seen") }
        if waiting > 0 { parts.append("\(waiting) waiting for a person's answer") }
        return "\(intent): \(parts.joined(separator: ", "))"
    }
}

extension Ledger {
    /// Keeps an answer in the shadow, in the transaction of its message's outcome.
    static func keep(
        _ record: ShadowRecord, message: Int64, _ conversation: Int64?, now: Date, _ seal: Seal,
        in transaction: any SQLTransaction
    ) throws {
        let bytes = try [UInt8](PropertyListEncoder.binary.encode(record))
        try transaction.later(
            """
            INSERT INTO shadow (message, conversation, intent, at, look_at, sealed) VALUES ($1, $2, $3, $4, $4, $5)
            ON CONFLICT (message) DO NOTHING
            """,
            [
                .integer(message), conversation.map(SQLValue.integer) ?? .null,
                .text(record.intents.first ?? "out_of_scope"), .integer(now.milliseconds),
                .blob(try seal.seal(bytes, as: Place.shadow(message))),
            ])
    }

    /// The answers whose time has come to ask for a person's.
    func dueShadows(now: Date, limit: Int) async throws -> [ShadowRow] {
        try await database.read { transaction in
            try transaction.rows(
                """
                SELECT s.message, s.at, s.sealed, m.channel FROM shadow s JOIN message m ON m.id = s.message
                WHERE s.verdict IS NULL AND s.look_at <= $1 ORDER BY s.look_at LIMIT \(limit)
                """, [.integer(now.milliseconds)]
            ).compactMap(ShadowRow.init)
        }
    }

    /// What is sealed of an answer in the shadow; nil where it is not kept any more.
    func record(ofShadow message: Int64, _ sealed: [UInt8]) async throws -> ShadowRecord? {
        if sealed.isEmpty { return nil }
        let bytes = try await open(sealed, as: Place.shadow(message))
        return try PropertyListDecoder().decode(ShadowRecord.self, from: Data(bytes))
    }

    /// Puts on record what came of comparisons, and when the others are asked for again. Of what was compared no text stays.
    func note(
        _ verdicts: [(message: Int64, verdict: AnswerComparison.Verdict, comparison: AnswerComparison?)],
        again: [(message: Int64, at: Date)], now: Date
    ) async throws {
        if verdicts.isEmpty, again.isEmpty { return }
        try await database.write { transaction in
            for (message, verdict, comparison) in verdicts {
                try transaction.execute(
                    """
                    UPDATE shadow SET verdict = $1, seen_at = $2, same_facts = $3, same_intent = $4, likeness = $5,
                    sealed = $6 WHERE message = $7 AND verdict IS NULL
                    """,
                    [
                        .text(verdict.rawValue), .integer(now.milliseconds),
                        comparison.map { .integer($0.sameFacts ? 1 : 0) } ?? .null,
                        comparison.map { .integer($0.sameIntent ? 1 : 0) } ?? .null,
                        comparison.map { .real($0.likeness) } ?? .null, .blob([]), .integer(message),
                    ])
                try Self.noteNews(of: message, now: now, in: transaction)
            }
            for (message, at) in again {
                try transaction.execute(
                    "UPDATE shadow SET look_at = $1 WHERE message = $2",
                    [.integer(at.milliseconds), .integer(message)])
            }
        }
    }

    /// How the desk's answers stand beside people's, by intent.
    /// - Parameter start: of messages decided since then.
    public func shadows(since start: Date = Date(timeIntervalSince1970: 0)) async throws -> [ShadowStanding] {
        try await database.read { try Self.shadows(since: start, in: $0) }
    }

    static func shadows(since start: Date, in transaction: any SQLTransaction) throws -> [ShadowStanding] {
        let rows = try transaction.rows(
            """
            SELECT intent, COALESCE(verdict, 'waiting') AS verdict, COUNT(*) AS n FROM shadow WHERE at >= $1
            GROUP BY intent, COALESCE(verdict, 'waiting')
            """, [.integer(start.milliseconds)])
        var counts: [String: [String: Int]] = [:]
        for row in rows {
            guard let intent = row.text("intent"), let verdict = row.text("verdict") else { continue }
            counts[intent, default: [:]][verdict] = Int(row.integer("n") ?? 0)
        }
        return counts.sorted { $0.key < $1.key }.map { ShadowStanding(intent: $0.key, counts: $0.value) }
    }
}
