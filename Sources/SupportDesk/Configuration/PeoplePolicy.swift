import Foundation

/// How the desk stands back for people, and whom it deals with where there are several.
public struct PeoplePolicy: Sendable {
    /// What is done where somebody besides the shop and one customer takes part.
    public enum Handling: String, Sendable, CaseIterable {
        /// Only who wrote is answered, by what is proved of her alone.
        case answerAuthor = "answer_author"
        /// A person looks at it.
        case escalate
        /// The customer whose mail was passed on is answered, as a draft for a person to send.
        case draftForInner = "draft_for_inner_customer"
    }

    /// Whether the source is asked before anything is sent.
    public var looks = true
    /// How long a mail waits for a source that cannot be asked, seconds; then a person gets the matter.
    public var patience: TimeInterval = 3_600
    /// Other people are among the recipients.
    public var severalRecipients = Handling.answerAuthor
    /// Somebody else than who opened the conversation writes in it.
    public var otherParticipant = Handling.escalate
    /// One of the shop's own people passes a customer's mail on.
    public var forwardedByColleague = Handling.escalate
    /// How long after an answer a mail on the same matter counts as written before it was read, seconds; 0: never.
    public var repeats: TimeInterval = 3_600

    /// The defaults.
    public init() {}
}
