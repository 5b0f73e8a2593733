import Foundation

/// A finished mail and its envelope (RFC 5321 §2.3.1).
public struct Envelope: Sendable, Codable {
    /// The reverse path: where delivery reports go; nil is the null path `<>`, to which nobody's robot answers (RFC 5321
    /// §4.5.5).
    public let sender: String?
    /// The one recipient.
    public let recipient: String
    /// Without angle brackets.
    public let messageID: String
    /// The finished bytes, CRLF line ends.
    public let bytes: [UInt8]

    /// Creates an envelope.
    public init(sender: String? = nil, recipient: String, messageID: String, bytes: [UInt8]) {
        self.sender = sender
        self.recipient = recipient
        self.messageID = messageID
        self.bytes = bytes
    }

    private enum CodingKeys: CodingKey { case sender, recipient, messageID, bytes }

    /// Reads what `encode(to:)` wrote.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        sender = try values.decodeIfPresent(String.self, forKey: .sender)
        recipient = try values.decode(String.self, forKey: .recipient)
        messageID = try values.decode(String.self, forKey: .messageID)
        bytes = [UInt8](try values.decode(Data.self, forKey: .bytes))
    }

    /// The bytes as one value: an array is coded number by number, which costs more than to write the mail.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encodeIfPresent(sender, forKey: .sender)
        try values.encode(recipient, forKey: .recipient)
        try values.encode(messageID, forKey: .messageID)
        try values.encode(Data(bytes), forKey: .bytes)
    }
}

/// What became of a mail.
public enum Carriage: Sendable, Hashable {
    /// It is the other side's now; its own name for it, and the Message-ID that it wears from now on in place of ours, where the
    /// other side told.
    case accepted(remote: String?, messageIDs: [String] = [])
    /// Refused for good.
    case refused(reason: String)
    /// Refused for now, nothing was taken.
    case deferred(reason: String)
    /// The other side could not be reached or does not let us in: nothing is wrong with this mail, nothing was taken.
    case unreachable(reason: String)
    /// It may have been taken: the connection broke before the answer.
    case uncertain(reason: String)
}

/// Whether the other side has a mail.
public enum Presence: Sendable, Hashable {
    /// It is there.
    case present
    /// It is not there.
    case absent
    /// This carrier cannot look.
    case unknown
    /// This carrier can look, but not now: one line with host and step.
    case unreachable(reason: String)
}

/// What takes a finished mail away: SMTP, LMTP, a command, a maildir, a drafts folder.
public protocol MailCarrier: Sendable {
    /// For the ledger and for messages to the operator: `smtp mail.example:587`.
    var name: String { get }
    /// Hands over one mail; several may be under way at once. Never throws: every outcome is one of five values.
    func carry(_ envelope: Envelope) async -> Carriage
    /// Looks whether the other side has the mail of this Message-ID.
    func presence(of messageID: String) async -> Presence
    /// Ends the connections, if there are any.
    func close() async
}
