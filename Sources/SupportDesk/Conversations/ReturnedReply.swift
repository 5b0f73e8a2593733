import Foundation
import Mail

/// What a delivery report says about a reply of ours. That it is ours is proved by the token that the report came to, or
/// that stands in the Message-ID it returns: nobody but the recipient could know it.
public struct ReturnedReply: Sendable {
    /// What became of the reply (RFC 3464 §2.3.3).
    public enum Fate: Sendable { case failed, delayed, delivered }

    /// What became of it.
    public let fate: Fate
    /// The conversation that the reply belongs to.
    public let conversation: Int64?
    /// Digest of whom it was sent to.
    let recipient: [UInt8]?

    /// Finds the reply in the outbox; nil when no such reply was sent.
    init?(_ report: Report, of messageID: String, in transaction: any SQLTransaction) throws {
        let row = try transaction.rows(
            "SELECT conversation, recipient FROM outbox WHERE key = $1 AND kind = 'reply'", [.text(messageID)]
        ).first
        guard let row else { return nil }
        fate = report.fate
        conversation = row.integer("conversation")
        recipient = row.blob("recipient")
    }
}

extension ReturnedReply {
    /// A mail that may report on one of ours.
    struct Report: Sendable {
        let fate: Fate
        /// What would be tokens in what it returns.
        let tokens: [String]

        /// Nil for everything that no mail system wrote: a person's mail, and the answer of an absence robot.
        init?(_ parsed: ParsedMessage, isAutomatic: Bool) {
            let message = parsed.message
            let kind = message.automatic?.class
            guard isAutomatic, kind == .bounce || kind == .report && message.returnPath == .null else { return nil }
            tokens = ReplyToken.candidates(in: parsed.raw.bytes)
            fate = Self.fate(parsed.raw.bytes)
        }

        /// `Action` and `Status` of RFC 3464 §2.3 wherever they stand at the start of a line, as servers also quote them
        /// in plain text. A report without either tells of a failure: what is only late says so.
        private static func fate(_ bytes: [UInt8]) -> Fate {
            var fates: Set<Fate> = []
            for line in bytes.prefix(1 << 20).split(separator: UInt8(ascii: "\n")) {
                guard let first = line.first, first | 0x20 == UInt8(ascii: "a") || first | 0x20 == UInt8(ascii: "s"),
                    line.count < 200
                else { continue }
                let text = String(decoding: line, as: UTF8.self).lowercased()
                guard let colon = text.firstIndex(of: ":") else { continue }
                let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
                switch text[..<colon] {
                case "action":
                    if value.hasPrefix("failed") { fates.insert(.failed) }
                    if value.hasPrefix("delayed") { fates.insert(.delayed) }
                    if ["delivered", "relayed", "expanded"].contains(where: value.hasPrefix) {
                        fates.insert(.delivered)
                    }
                case "status" where fates.isEmpty:
                    if value.hasPrefix("4.") { fates.insert(.delayed) }
                    if value.hasPrefix("2.") { fates.insert(.delivered) }
                default: break
                }
            }
            if fates.isEmpty || fates.contains(.failed) { return .failed }
            return fates.contains(.delayed) ? .delayed : .delivered
        }
    }
}
