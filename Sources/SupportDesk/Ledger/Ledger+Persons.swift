import Foundation

/// Somebody whom the ledger knows by digests of her addresses.
struct Person: Sendable {
    /// In lower case.
    let addresses: [String]
    let digests: Set<[UInt8]>

    /// - Throws: `DeskError` with code `data` for what is no address.
    init(_ addresses: [String], of ledger: Ledger) throws {
        // With her name beside it, it would be nobody's, and nothing would be found.
        let isAddress = { (text: String) in
            text.contains("@") && text.utf8.count <= 320
                && text.unicodeScalars.allSatisfy { $0.value > 0x20 && !"<>,;\"".unicodeScalars.contains($0) }
        }
        guard !addresses.isEmpty, addresses.allSatisfy(isAddress) else {
            throw DeskError(.data, "a person is named by her e-mail addresses, such as priya@mail.example")
        }
        self.addresses = addresses.map { $0.lowercased() }
        digests = Set(addresses.map(ledger.digest(address:)))
    }
}

/// A conversation that somebody has a part in.
struct Share: Sendable {
    let conversation: Int64
    let externalID: String
    /// The ticket's number, wherever that is.
    let ticket: String?
    /// She opened it, or nobody is known to have done so.
    let isHers: Bool
}

/// A kept mail of which nobody is known to have a part in its conversation.
struct Unclaimed: Sendable {
    let message: Int64
    let conversation: Int64
    /// The rule that decided.
    let rule: String?
}

extension Ledger {
    /// The conversations that somebody has a part in: who wrote in them, was written to in them, or gets mail by them.
    func shares(of person: Person) async throws -> [Share] {
        // A write, though nothing is written: an outcome that is just being committed, and has not seen that she is forgotten,
        // is seen here or committed anew. To a read it may stay hidden (PostgreSQL's SERIALIZABLE covers no other level).
        try await database.write { transaction in
            var numbers: Set<Int64> = []
            for digest in person.digests {
                for sql in [
                    "SELECT conversation AS n FROM participant WHERE digest = $1",
                    "SELECT id AS n FROM conversation WHERE author = $1",
                    "SELECT conversation AS n FROM outbox WHERE recipient = $1",
                ] {
                    numbers.formUnion(try transaction.rows(sql, [.blob(digest)]).compactMap { $0.integer("n") })
                }
            }
            return try numbers.sorted().compactMap { try Self.share($0, of: person, in: transaction) }
        }
    }

    /// The kept mails of conversations that nobody is known to have a part in: of automatic mail, and of what could not be
    /// read; a page at a time.
    func unclaimed(after earlier: Int64) async throws -> [Unclaimed] {
        try await database.read { transaction in
            try transaction.rows(
                """
                SELECT a.message, a.conversation, m.rule FROM archive a LEFT JOIN message m ON m.id = a.message
                WHERE a.message > $1 AND a.conversation IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM participant p WHERE p.conversation = a.conversation)
                ORDER BY a.message LIMIT 200
                """, [.integer(earlier)]
            ).compactMap { row in
                row.integer("message").flatMap { message in
                    row.integer("conversation").map {
                        Unclaimed(message: message, conversation: $0, rule: row.text("rule"))
                    }
                }
            }
        }
    }

    /// One conversation.
    func share(_ conversation: Int64, of person: Person) async throws -> Share? {
        try await database.read { try Self.share(conversation, of: person, in: $0) }
    }

    private static func share(
        _ conversation: Int64, of person: Person, in transaction: any SQLTransaction
    ) throws -> Share? {
        let row = try transaction.rows(
            "SELECT external_id, ticket, author FROM conversation WHERE id = $1", [.integer(conversation)]
        ).first
        guard let row, let externalID = row.text("external_id") else { return nil }
        return Share(
            conversation: conversation, externalID: externalID, ticket: row.text("ticket"),
            isHers: row.blob("author").map(person.digests.contains) ?? true)
    }

    /// The messages of conversations, in order.
    static func messages(of conversations: [Int64], in transaction: any SQLTransaction) throws -> [SQLRow] {
        guard !conversations.isEmpty else { return [] }
        let places = (1...conversations.count).map { "$\($0)" }.joined(separator: ", ")
        return try transaction.rows(
            "SELECT * FROM message WHERE conversation IN (\(places)) ORDER BY id", conversations.map(SQLValue.integer))
    }
}
