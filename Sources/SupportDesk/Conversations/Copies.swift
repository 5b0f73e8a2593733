import Foundation
import Mail

/// Digests by which the words of one customer are known that come both as a mail and as an entry of a ticket: where a mail goes to
/// the desk's inbox and to the ticket system as well. Two mails, or two entries, are told apart by other means.
struct Copies: Sendable {
    /// Of this message.
    let own: [[UInt8]]
    /// Of one that came by the other way.
    let others: [[UInt8]]

    /// Within this time the same words of the same sender are one message, seconds.
    private static let window = 3_600.0

    init(_ parsed: ParsedMessage, sender: String?, _ seal: Seal) {
        let message = parsed.message
        let entry = parsed.raw.origin.entry
        let sender = sender?.lowercased() ?? ""
        func digest(_ isEntry: Bool, _ kind: String) -> [UInt8] {
            seal.digest("\(isEntry ? "entry" : "mail")\n\(sender)\n\(kind)", for: "copy")
        }
        var kinds = [(own: [String], others: [String])]()
        if let identifier = entry == nil ? message.messageID : entry?.mailID {
            kinds.append((["id \(identifier)"], ["id \(identifier)"]))
        }
        let text = String(
            String.UnicodeScalarView(message.newText.unicodeScalars.filter { !$0.properties.isWhitespace }))
        if !text.isEmpty {
            let slot = Int(parsed.raw.arrival.timeIntervalSince1970 / Self.window)
            kinds.append((["\(slot) \(text)"], (slot - 1...slot + 1).map { "\($0) \(text)" }))
        }
        own = kinds.flatMap(\.own).map { digest(entry != nil, $0) }
        others = kinds.flatMap(\.others).map { digest(entry == nil, $0) }
    }

    /// Puts on record by what the other one will be recognised.
    func record(for message: Int64, _ transaction: any SQLTransaction) throws {
        for digest in own {
            try transaction.later(
                "INSERT INTO fingerprint (digest, message) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                [.blob(digest), .integer(message)])
        }
    }

    /// The message that came by the other way.
    func other(than message: Int64, in transaction: any SQLTransaction) throws -> Int64? {
        for digest in others {
            let row = try transaction.rows(
                "SELECT message FROM fingerprint WHERE digest = $1 AND message <> $2",
                [.blob(digest), .integer(message)]
            ).first
            if let found = row?.integer("message") { return found }
        }
        return nil
    }
}
