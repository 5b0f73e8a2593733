import Foundation

/// A mail to be sent, as values.
public struct OutgoingMail: Sendable, Hashable {
    /// A header field of the caller, such as `Auto-Submitted`.
    public struct Header: Sendable, Hashable {
        /// The name: letters, digits and `-`.
        public var name: String
        /// The value on one line; other letters than ASCII are encoded (RFC 2047).
        public var value: String

        /// Makes a field; it is checked when the mail is written.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The author.
    public var from: Mailbox
    /// The main recipients.
    public var to: [Mailbox]
    /// The other recipients.
    public var cc: [Mailbox]
    /// The subject, on one line.
    public var subject: String
    /// The Message-ID without its angle brackets.
    public var messageID: String
    /// The Message-ID that is answered.
    public var inReplyTo: String?
    /// The thread, oldest first.
    public var references: [String]
    /// The time in the `Date` field.
    public var date: Date
    /// The text; lines end with `\n`.
    public var text: String
    /// The same as HTML, which makes the mail a `multipart/alternative`.
    public var html: String?
    /// Further header fields, in this order.
    public var headers: [Header]
    /// Files; `message/rfc822` ones are carried byte for byte.
    public var attachments: [Attachment]

    /// Makes a mail.
    public init(
        from: Mailbox, to: [Mailbox], cc: [Mailbox] = [], subject: String, messageID: String, inReplyTo: String? = nil,
        references: [String] = [], date: Date, text: String, html: String? = nil, headers: [Header] = [],
        attachments: [Attachment] = []
    ) {
        self.from = from
        self.to = to
        self.cc = cc
        self.subject = subject
        self.messageID = messageID
        self.inReplyTo = inReplyTo
        self.references = references
        self.date = date
        self.text = text
        self.html = html
        self.headers = headers
        self.attachments = attachments
    }
}
