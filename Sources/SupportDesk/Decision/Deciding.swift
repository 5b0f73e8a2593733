/// How far automation goes for an intent.
public enum Mode: String, Sendable, CaseIterable {
    /// A person answers.
    case off
    /// The desk works out its answer and records it; a person answers.
    case shadow
    /// The answer is laid before a person as a draft.
    case draft
    /// The answer is sent.
    case auto

    /// `off` is the least, `auto` the most.
    var reach: Int {
        switch self {
        case .off: 0
        case .shadow: 1
        case .draft: 2
        case .auto: 3
        }
    }
}

/// How sure the desk must be, and how far it may go.
public struct DecisionPolicy: Sendable {
    /// Least confidence for an intent without an entry of its own.
    public var defaultThreshold = 0.55
    /// Least confidence by intent.
    public var thresholds: [String: Double] = [:]
    /// How far automation goes for an intent without an entry of its own.
    public var defaultMode = Mode.auto
    /// How far automation goes by intent.
    public var modes: [String: Mode] = [:]

    /// The defaults.
    public init() {}
}

/// Stage ten: answer, draft or escalate, by confidence and mode.
struct Deciding: Sendable {
    let policy: DecisionPolicy
    let composer: ReplyComposer

    func decide(_ reviewed: ReviewedDraft, noting dossier: inout Dossier) async throws -> Disposition {
        let questions = reviewed.grounded.evidence.questions
        // Composed first: whoever takes over finds the answer that the desk would have given.
        guard let reply = try await composer.compose(reviewed) else {
            return .escalate(Rule("no-frame", "The reply's frame asks for a value that is not there."))
        }
        dossier.reply = reply
        if let message = dossier.message, let rule = composer.objection(to: reply, reviewed, message) {
            return .escalate(rule)
        }
        for question in questions {
            let threshold = policy.thresholds[question.intent] ?? policy.defaultThreshold
            if question.confidence < threshold {
                return .escalate(Rule("low-confidence", "It is not sure enough what is asked (\(question.intent))."))
            }
        }
        let modes = questions.map { policy.modes[$0.intent] ?? policy.defaultMode }
        switch modes.min(by: { $0.reach < $1.reach }) ?? .off {
        case .off: return .escalate(Rule("mode-off", "Automation is off for what is asked."))
        case .shadow:
            return .escalate(Rule("mode-shadow", "Automation only watches what is asked; its draft is below."))
        case .draft: return .draft(reply, Rule("mode-draft", "A person approves answers to what is asked."))
        case .auto:
            let substitute = questions.compactMap(\.substitute).first
            switch substitute {
            case .orderUnknown?:
                return .answer(reply, Rule("order-unknown", "Answered without facts: the sender has no such order."))
            case .orderMissing?: return .answer(reply, Rule("order-missing", "Asked for the order number."))
            case .unverified?:
                return .answer(reply, Rule("unverified", "Answered without facts: the sender is not verified."))
            case .passage?: return .answer(reply, Rule("article", "Answered from an article on that very topic."))
            case nil: return .answer(reply, Rule("answered", "Answered from record and knowledge."))
            }
        }
    }
}
