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
    /// It went to an address on file, whose owner asked nothing.
    let isOnFile: Bool

    /// Finds the reply in the outbox; nil when no such reply was sent.
    init?(_ report: Report, of messageID: String, in transaction: any SQLTransaction) throws {
        let row = try transaction.rows(
            "SELECT conversation, recipient, kind FROM outbox WHERE key = $1 AND kind IN ('reply', 'onfile')",
            [.text(messageID)]
        ).first
        guard let row else { return nil }
        fate = report.fate
        conversation = row.integer("conversation")
        recipient = row.blob("recipient")
        isOnFile = row.text("kind") == "onfile"
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
            let report = message.deliveryReport
            let returned = report?.returnedMessageID.map { ReplyToken.candidates(in: Array($0.utf8)) } ?? []
            tokens = returned + ReplyToken.candidates(in: parsed.raw.bytes)
            fate = Self.fate(report?.recipients ?? [])
        }

        /// A report that says nothing certain tells of a failure: what is only late says so.
        private static func fate(_ recipients: [DeliveryReport.Recipient]) -> Fate {
            let fates = recipients.map { recipient -> Fate in
                switch (recipient.action, recipient.status?.first) {
                case (.failed, _): .failed
                case (.delayed, _): .delayed
                case (.delivered, _), (.relayed, _), (.expanded, _): .delivered
                case (nil, "4"): .delayed
                case (nil, "2"): .delivered
                case (nil, _): .failed
                }
            }
            if fates.isEmpty || fates.contains(.failed) { return .failed }
            return fates.contains(.delayed) ? .delayed : .delivered
        }
    }
}
