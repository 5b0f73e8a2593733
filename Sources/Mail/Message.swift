import Foundation

/// One mail as values: what its header says, what the person wrote, what came with it.
///
/// Reading is lenient, because mail is not written by the rules: whatever had to be repaired or left out is named in
/// ``problems``. Only bytes without a single header field, or over ``Limits/bytes``, are refused.
public struct Message: Sendable, Hashable {
    /// All header fields in the order of the message.
    public let headers: [HeaderField]
    /// The mailboxes of `From`; groups are flattened. More than one is legal and unusual (RFC 5322 §3.6.2).
    public let from: [Mailbox]
    /// The mailbox of `Sender`.
    public let sender: Mailbox?
    /// The mailboxes of `Reply-To`.
    public let replyTo: [Mailbox]
    /// The mailboxes of `To`.
    public let to: [Mailbox]
    /// The mailboxes of `Cc`.
    public let cc: [Mailbox]
    /// The envelope sender as the receiving server recorded it.
    public let returnPath: ReturnPath
    /// The Message-ID without its angle brackets.
    public let messageID: String?
    /// The identifiers of `In-Reply-To`, without angle brackets.
    public let inReplyTo: [String]
    /// The identifiers of `References`, oldest first, without angle brackets.
    public let references: [String]
    /// The time of the `Date` field.
    public let date: Date?
    /// The subject: decoded, on one line.
    public let subject: String
    /// The whole text: the plain part, or the HTML part as text. Lines end with `\n`.
    public let text: String
    /// Whether ``text`` was made from HTML.
    public let isFromHTML: Bool
    /// What the person newly wrote: ``text`` without quoted history, forwarded mail and signature.
    public internal(set) var newText: String
    /// The quoted history of ``text``.
    public let quoted: String
    /// The signature, with the delimiter or the device line that opened it.
    public let signature: String
    /// The files that came along, in order. Text parts that became ``text`` are not among them.
    public let attachments: [Attachment]
    /// The first message that was passed on, attached or pasted.
    public let forwarded: Forwarded?
    /// The METHOD of a calendar part (RFC 5546), in upper case: `REQUEST`, `REPLY`, `CANCEL` …
    public let calendarMethod: String?
    /// Whether there is a calendar part at all (RFC 5545).
    public let hasCalendar: Bool
    /// Whether the contents are encrypted (S/MIME or PGP) and cannot be read.
    public let isEncrypted: Bool
    /// Whether the contents are signed (S/MIME or PGP). The signature is not checked.
    public let isSigned: Bool
    /// Everything that says that this is not a person's mail, the surest first.
    public let automaticFindings: [AutomaticMail]
    /// The values of `X-Auto-Response-Suppress` in lower case, such as `oof`, `all`. The sender asks for silence; it
    /// proves no robot, Outlook users' mail carries it too ([MS-OXCMAIL] §2.2.3.2.14).
    public let autoResponseSuppress: [String]
    /// What a delivery report says (RFC 3464), or as much as a bounce in no standard form tells.
    public let deliveryReport: DeliveryReport?
    /// What an abuse report says (RFC 5965).
    public let feedbackReport: FeedbackReport?
    /// Text that a reader would not see; it is not in ``text``.
    public let hidden: [HiddenText]
    /// What was repaired or left out, in words, without personal data.
    public let problems: [String]

    /// Why this is not a person's mail; `nil` where nothing says so.
    public var automatic: AutomaticMail? { automaticFindings.first }

    /// The same message with other new text: of one whose author spoke it, the words that were heard.
    public func saying(_ newText: String) -> Message {
        var copy = self
        copy.newText = newText
        return copy
    }

    /// The value of the first field of that name, the case of letters does not count.
    public func header(_ name: String) -> String? {
        headers.first { ASCII.equal($0.name, name) }?.value
    }

    /// The values of all fields of that name, in order.
    public func headers(named name: String) -> [String] {
        headers.filter { ASCII.equal($0.name, name) }.map(\.value)
    }

    /// The mailboxes of all fields of that name, such as `Resent-To` or `Delivered-To`; at most 100.
    public func mailboxes(named name: String) -> [Mailbox] {
        Array(headers(named: name).flatMap { HeaderText.mailboxes(Array($0.utf8), limit: 100) }.prefix(100))
    }
}
