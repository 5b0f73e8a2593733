import Foundation

@testable import SupportDesk

/// What a ledger says, read from its file as it lies on the disk.
struct EndToEndLedger {
    struct Message {
        let id: Int64
        let channel: String
        let source: String
        let status: String
        let disposition: String?
        let rule: String?
        let isMarked: Bool
        let attempts: Int64
        /// The public name of its conversation.
        let conversation: String?
        let ticket: String?
    }

    struct Row {
        let message: Int64
        let kind: String
        let state: String
        let key: String
        let problem: String?
    }

    let messages: [Message]
    let outbox: [Row]
    /// The recorded inputs of each decision, as JSON.
    let decisions: [Int64: String]
    /// The messages whose bytes are kept.
    let archived: Set<Int64>
    let cursors: [String: String]

    /// Reads the ledger of a state folder.
    init(state: String) async throws {
        let database = try SQLiteDatabase(path: "\(state)/ledger.sqlite")
        try await self.init(database)
        try await database.close()
    }

    /// Reads a ledger wherever it lies.
    init(_ database: any Database) async throws {
        (messages, outbox, decisions, archived, cursors) = try await database.read { transaction in
            (
                try transaction.rows(
                    """
                    SELECT m.*, c.external_id, c.ticket FROM message m
                    LEFT JOIN conversation c ON c.id = m.conversation ORDER BY m.id
                    """, []
                ).map { row in
                    Message(
                        id: row.integer("id") ?? 0, channel: row.text("channel") ?? "",
                        source: row.text("source") ?? "", status: row.text("status") ?? "",
                        disposition: row.text("disposition"), rule: row.text("rule"),
                        isMarked: row.integer("marked") == 1, attempts: row.integer("attempts") ?? 0,
                        conversation: row.text("external_id"), ticket: row.text("ticket"))
                },
                try transaction.rows("SELECT * FROM outbox ORDER BY id", []).map { row in
                    Row(
                        message: row.integer("message") ?? 0, kind: row.text("kind") ?? "",
                        state: row.text("state") ?? "", key: row.text("key") ?? "", problem: row.text("problem"))
                },
                Dictionary(
                    try transaction.rows("SELECT message, detail FROM decision", []).map {
                        ($0.integer("message") ?? 0, $0.text("detail") ?? "")
                    }, uniquingKeysWith: { first, _ in first }),
                Set(try transaction.rows("SELECT message FROM archive", []).compactMap { $0.integer("message") }),
                Dictionary(
                    try transaction.rows("SELECT name, cursor FROM channel", []).map {
                        ($0.text("name") ?? "", $0.text("cursor") ?? "")
                    }, uniquingKeysWith: { first, _ in first })
            )
        }
    }

    /// The message whose source holds a text.
    func message(_ part: String) -> Message? { messages.first { $0.source.contains(part) } }

    /// Rows of one kind in one of some states.
    func rows(_ kind: String, _ states: Set<String>) -> [Row] {
        outbox.filter { $0.kind == kind && states.contains($0.state) }
    }

    /// What breaks the promise that every message ends as exactly one of five, with its effect.
    var violations: [String] {
        let final: Set<String> = ["answered", "drafted", "escalated", "ignored", "quarantined"]
        var problems: [String] = []
        for message in messages {
            if !final.contains(message.status) { problems.append("\(message.id) is \(message.status)") }
            if message.disposition != message.status {
                problems.append("\(message.id) is \(message.status), decided \(message.disposition ?? "nothing")")
            }
            if decisions[message.id] == nil { problems.append("\(message.id) has no decision") }
            // What tells a customer that a person has her matter goes beside the ticket.
            let sent = outbox.filter {
                $0.message == message.id && $0.state == "sent" && $0.kind != "acknowledgement"
            }.map(\.kind)
            let due: [String] =
                switch message.status {
                case "answered": ["reply"]
                case "escalated", "quarantined": ["ticket"]
                default: []
                }
            if sent != due { problems.append("\(message.id) is \(message.status) with the effects \(sent)") }
            if message.status != "ignored", !archived.contains(message.id) {
                problems.append("\(message.id) is not kept")
            }
        }
        for row in outbox where ["queued", "sending"].contains(row.state) {
            problems.append("the \(row.kind) of \(row.message) is \(row.state)")
        }
        return problems
    }
}
