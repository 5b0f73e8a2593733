import Foundation

/// Something from which the desk may learn, once a person has said so: what a customer wrote, with placeholders instead of
/// people, what the desk took it for, and what a colleague answered.
public struct Lesson: Sendable, Encodable {
    /// How people showed what it was about.
    public enum Way: String, Sendable, Codable, CaseIterable {
        /// A draft was sent as it was.
        case approved
        /// A draft was sent with changes.
        case edited
        /// A draft was not wanted.
        case rejected
        /// A person answered otherwise, while a draft lay there.
        case answered
        /// A person answered what had gone to a ticket.
        case escalated
        /// The customer said that the answer was right.
        case confirmed
        /// The customer said that it was not.
        case denied
        /// A colleague found the answer right.
        case right
        /// A colleague found the answer wrong.
        case wrong
    }

    /// Where it stands.
    public enum State: String, Sendable, Codable, CaseIterable {
        /// It waits for a person.
        case candidate
        /// A person has said that it is to be learned.
        case approved
        /// A person has said that it is not.
        case rejected
    }

    /// Its number.
    public let id: Int64
    /// The ledger's number of the message that it was taken from.
    public let message: Int64
    /// How people showed what it was about.
    public let way: Way
    /// Where it stands.
    public let state: State
    /// BCP 47.
    public let language: String?
    /// What the desk took it for.
    public let seen: String?
    /// What it is: `seen` until a person says otherwise.
    public let label: String
    /// When it was collected.
    public let collected: Date
    /// When a person decided.
    public let decided: Date?
    /// What was written.
    public let content: Content

    /// The texts of a lesson, with placeholders instead of people.
    public struct Content: Sendable, Codable, Hashable {
        /// The subject.
        public let subject: String
        /// What the customer newly wrote, at most 4,000 characters.
        public let text: String
        /// What of it is learned: the sentences that ask.
        public let utterance: String
        /// What a colleague answered; nil where nobody wrote anything of her own.
        public let answer: String?
    }
}

/// A lesson of which a person has said that it is to be learned. Training takes nothing else, and only a row that says so makes
/// one.
struct ApprovedLesson: Sendable, Hashable {
    let id: Int64
    let label: String
    /// What the desk took it for.
    let seen: String?
    let language: String?
    /// The text that is learned.
    let utterance: String

    fileprivate init?(_ lesson: Lesson) {
        guard lesson.state == .approved, !lesson.content.utterance.isEmpty else { return nil }
        (id, label, seen, language) = (lesson.id, lesson.label, lesson.seen, lesson.language)
        utterance = lesson.content.utterance
    }
}

extension Ledger {
    /// What people have approved, in the order of their numbers.
    func approvedLessons() async throws -> [ApprovedLesson] {
        var lessons: [ApprovedLesson] = []
        var last: Int64 = 0
        while case let page = try await self.lessons(.approved, after: last, limit: 500), let newest = page.last {
            last = newest.id
            lessons += page.compactMap(ApprovedLesson.init)
        }
        return lessons
    }
}
