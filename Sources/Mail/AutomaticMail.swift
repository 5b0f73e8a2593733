/// Why a message must be taken for a machine's, not a person's.
public struct AutomaticMail: Sendable, Hashable {
    /// What kind of machine wrote it.
    public enum Class: String, Sendable, Hashable, CaseIterable {
        /// A mail could not be delivered, or was delayed.
        case bounce
        /// An out-of-office or similar answer.
        case vacation
        /// A mailing list.
        case list
        /// A delivery, read or abuse report.
        case report
        /// A newsletter or other bulk mail.
        case bulk
        /// An invitation, its answer or its cancellation.
        case calendar
        /// Any other automatic message: a notification, an acknowledgement, a no-reply sender.
        case automatic
        /// No text, no attachment, nothing passed on.
        case empty
    }

    /// The kind of machine.
    public let `class`: Class
    /// The name of the rule that matched; it appears in the ledger and in `explain`.
    public let rule: String
    /// Where the rule comes from, such as `RFC 3834 §5`.
    public let reference: String

    /// Makes a finding.
    public init(class: Class, rule: String, reference: String) {
        self.class = `class`
        self.rule = rule
        self.reference = reference
    }
}
