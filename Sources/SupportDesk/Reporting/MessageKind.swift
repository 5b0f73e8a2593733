import Mail

/// What a message was to the desk: whether it wanted an answer, and whom it got one from.
enum MessageKind: Sendable {
    case ignored, other, automatic, approved, escalated, quarantined, overtaken, waiting, colleague

    /// Escalations in which no customer asks anything: reports, notes, votes, robots.
    private static let unasked = Set(
        ["reply-bounced", "colleague-note", "feedback-no", "spam"] + AutomaticMail.ruleNames)
    /// What was ignored because a person, or the customer herself, was quicker.
    private static let overtakenBy: Set<String> = ["person-answered", "wrote-again"]

    /// - Parameter draft: how its draft ended; nil: there is none, or it waits.
    init(_ disposition: String?, _ rule: String?, draft: DraftFate? = nil) {
        switch disposition {
        case "answered": self = rule == "approved" ? .approved : .automatic
        case "drafted": self = draft.map { $0.isSent ? .approved : .overtaken } ?? .waiting
        case "escalated": self = rule.map(Self.unasked.contains) ?? false ? .other : .escalated
        case "quarantined": self = .quarantined
        default:
            let isOvertaken = rule.map(Self.overtakenBy.contains) ?? false
            self = rule == "colleague-answered" ? .colleague : isOvertaken ? .overtaken : .ignored
        }
    }

    /// Whether a customer wanted an answer.
    var isQuestion: Bool { self != .ignored && self != .other && self != .colleague }

    /// Under what it is counted.
    var count: Count {
        switch self {
        case .ignored, .colleague: .ignored
        case .other: .other
        case .automatic: .automatic
        case .approved: .approved
        case .escalated: .escalated
        case .quarantined: .quarantined
        case .overtaken: .overtaken
        case .waiting: .waiting
        }
    }
}

/// A draft that ended.
struct DraftFate: Sendable {
    let isSent: Bool
    let created: Int64
    let ended: Int64
}
