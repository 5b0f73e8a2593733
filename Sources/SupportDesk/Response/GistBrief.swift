import Redaction

/// What a model is given that is to say in a line what a customer wants: redacted texts of one message, nothing else.
public struct GistBrief: Sendable {
    /// The subject.
    public let subject: RedactedText
    /// What the customer newly wrote.
    public let body: RedactedText
    /// The older messages that she quoted.
    public let quoted: RedactedText
    /// The agents' language, BCP 47.
    public let language: String
    /// The message's number in the ledger, for what is spent on it.
    let message: Int64

    init(_ redaction: MessageRedaction, language: String, message: Int64) {
        subject = redaction.subject
        body = redaction.body
        quoted = redaction.quoted
        self.language = language
        self.message = message
    }
}
