import Foundation

/// Everything that a desk holds of a person, as `export` hands it out: a stable contract.
public struct PersonRecord: Sendable, Encodable {
    /// A message of hers, or of a conversation that she has a part in.
    public struct Message: Sendable, Encodable {
        /// The ledger's number.
        public let id: Int64
        /// By which channel it came.
        public let channel: String
        /// When it arrived.
        public let arrived: Date
        /// How it ended, or where it stands.
        public let status: String
        /// The rule that decided.
        public let rule: String?
        /// What she asked.
        public let intent: String?
        /// BCP 47.
        public let language: String?
        /// How sure the desk was of the intent.
        public let confidence: Double?
        /// How it sounds, from −1 to 1.
        public let sentiment: Double?
        /// The inputs of the decision, as JSON.
        public let decision: String?
        /// Her mail as it came; nil where it is not kept, or was somebody else's.
        public let file: String?
        /// What a person found of the reply to it: `right` or `wrong`; nil: nobody was asked, or has said.
        public let rating: String?
    }

    /// A mail or ticket that was made for her.
    public struct Letter: Sendable, Encodable {
        /// The message that it answers.
        public let message: Int64
        /// `reply`, `ticket`, `acknowledgement`, `onfile` or `draft`.
        public let kind: String
        /// What became of it.
        public let state: String
        /// When it was made.
        public let created: Date
        /// The ticket's or server's name for it.
        public let remote: String?
        /// The mail; nil where it is not kept, or is a ticket.
        public let file: String?
        /// The text of a ticket, or of an answer on one.
        public let text: String?
    }

    /// A draft, and what people made of it.
    public struct Draft: Sendable, Encodable {
        /// The message that it answers.
        public let message: Int64
        /// Where it stands.
        public let state: String
        /// Its text; nil where it is not kept.
        public let text: String?
        /// Why a person did not want it.
        public let rejection: String?
        /// What a person sent in its place.
        public let sent: String?
    }

    /// What she said of an answer.
    public struct Vote: Sendable, Encodable {
        /// The reply's Message-ID.
        public let reply: String
        /// What she said: `yes`, `no` or `neither`.
        public let vote: String
        /// From 1 to 5; nil: she gave no number.
        public let score: Int?
        /// `mail`, `page`, `words` or `anger`.
        public let way: String
        /// When.
        public let at: Date
    }

    /// An answer that the desk would have given, where it only watched.
    public struct Shadow: Sendable, Encodable {
        /// The message that it would have answered.
        public let message: Int64
        /// What was asked.
        public let intent: String
        /// What came of the comparison with a person's answer; nil: none was seen yet.
        public let verdict: String?
        /// When it was made.
        public let at: Date
        /// Its text; nil where it is not kept.
        public let text: String?
    }

    /// The arm of an experiment that a conversation is in.
    public struct Trial: Sendable, Encodable {
        /// The experiment's name.
        public let experiment: String
        /// The arm's name.
        public let arm: String
        /// Since when.
        public let at: Date
    }

    /// A conversation that she has a part in.
    public struct Conversation: Sendable, Encodable {
        /// Its public name.
        public let name: String
        /// The ticket's number.
        public let ticket: String?
        /// When it was opened.
        public let opened: Date
        /// Its messages.
        public var messages: [Message] = []
        /// What was made of them.
        public var letters: [Letter] = []
        /// Drafts.
        public var drafts: [Draft] = []
        /// What stands behind placeholders and is hers.
        public var values: [String: String] = [:]
        /// What she said of answers.
        public var votes: [Vote] = []
        /// What was kept of her messages to learn from, with placeholders instead of people.
        public var lessons: [Lesson] = []
        /// Answers that were never given.
        public var shadows: [Shadow] = []
        /// Experiments that it is in.
        public var trials: [Trial] = []
        /// Files of its tickets in folders.
        public var ticketFiles: [String] = []
    }

    /// Her addresses, as they were asked for.
    public let addresses: [String]
    /// When it was made.
    public let at: Date
    /// Since when mail to her came back for good; nil: it does not.
    public let undeliverable: Date?
    /// When she was forgotten; nil: she was not.
    public let forgotten: Date?
    /// Her conversations.
    public var conversations: [Conversation] = []
}
