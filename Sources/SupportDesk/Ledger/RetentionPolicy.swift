import Foundation

/// How long the desk keeps what it holds of people, in seconds from the day on which it got or made it. A run lets go of what
/// is older; what is still to be done is never let go.
public struct RetentionPolicy: Sendable, Hashable {
    /// Mails as they came, by which a later ticket has the whole thread.
    public var bodies: TimeInterval = 30 * day
    /// The bytes of replies that left.
    public var replies: TimeInterval = 7 * day
    /// Drafts that ended, and what people made of them.
    public var drafts: TimeInterval = 30 * day
    /// The values behind placeholders, from the last message of their conversation on.
    public var vault: TimeInterval = 30 * day
    /// What was handed to tickets; and tickets in folders, from the day on which a person closed them.
    public var tickets: TimeInterval = 90 * day
    /// Why what was decided.
    public var decisions: TimeInterval = 365 * day
    /// What models cost, and what customers said of answers.
    public var metrics: TimeInterval = 365 * day

    /// What people approved for learning, or did not, with placeholders instead of people.
    public var lessons: TimeInterval = 730 * day

    private static let day: TimeInterval = 86_400

    /// The defaults.
    public init() {}

    /// Seconds after which nothing sealed is left of a conversation.
    var longestSealed: TimeInterval { max(bodies, replies, drafts, vault, tickets) }
}
