import Foundation

/// What a person's answer is beside the one that the desk would have given.
enum Likeness: String, Sendable, Codable, CaseIterable {
    /// It says the same, or the desk's says more and nothing else.
    case same
    /// It states facts that the desk's does not.
    case less
    /// Of something it states another fact.
    case contrary
    /// It is about another matter.
    case other
    /// She has done something that only a person can do.
    case acted
    /// Nothing in it can be compared.
    case unclear
    /// No answer of a person was found.
    case none

    /// Whether the desk's answer would have been right; nil where nobody can tell.
    var isRight: Bool? {
        switch self {
        case .same: true
        case .less, .contrary, .other, .acted: false
        case .unclear, .none: nil
        }
    }
}

/// What a replay found out about one message of the past. Of people it holds keyed digests, and texts with placeholders.
struct PastOutcome: Sendable, Codable {
    /// When it arrived, milliseconds since 1970.
    var arrival: Int64
    /// What the desk would have done, one of the five words, and by which rule.
    var disposition: Disposition.Kind
    var rule: String
    /// What is asked, as the desk sees it.
    var intent: String?
    var language: String?
    /// How sure it was of the answer that it had ready; nil when it had none.
    var certainty: Double?
    /// The least that it had to be.
    var threshold: Double?
    /// A rule that no threshold moves holds the answer back.
    var isHeldBack = false
    /// Beside the person's answer.
    var likeness = Likeness.none
    /// Whether the two answers are about the same; nil where nobody can tell.
    var isSameMatter: Bool?
    /// Whether a person was needed; nil where nobody can tell.
    var neededPerson: Bool?
    /// From the message to the person's answer, milliseconds.
    var wait: Int64?
    /// Of whom, of what, for the limits on replies.
    var sender: Data?
    var domain: Data?
    var text: Data?
    var matter: Data?
    /// The kinds of facts that one of the answers has and the other has not.
    var differing: [String] = []
    /// The texts, where they differ.
    var question: String?
    var desks: String?
    var persons: String?
    /// How well the best article fits what no answer was found for; and the words that it was asked in.
    var fit: Double?
    var gap: String?
    /// Of a language model: tokens, as paid or as estimated, and millionths of the prices' currency.
    var tokensIn = 0
    var tokensOut = 0
    var cost: Int64 = 0

    /// The desk had an answer ready that a threshold alone lets through or keeps back.
    var isCandidate: Bool { certainty != nil && !isHeldBack }
}

/// What was found out about one conversation, in the order of its messages.
struct ThreadOutcome: Sendable, Codable {
    /// The thread's.
    var key: String
    var outcomes: [PastOutcome]
}
