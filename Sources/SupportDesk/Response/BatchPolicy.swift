import Foundation

/// Which mail may wait for a model's answer from a batch, for how long, and what such an answer costs.
public struct BatchPolicy: Sendable {
    /// How long a mail may wait.
    public enum Priority: String, Sendable, CaseIterable {
        /// Not at all: the model is asked directly.
        case urgent
        /// Until the deadline of most mail.
        case normal
        /// Longest.
        case low
    }

    /// Seconds from a mail's arrival until the model is asked directly after all.
    public var deadlines: [Priority: TimeInterval] = [.normal: 6 * 3_600, .low: 24 * 3_600]
    /// Priorities by intent; what is not named is normal.
    public var priorities: [String: Priority] = [
        // What is under way goes on while the mail waits, or keeps somebody out.
        "cancel_order": .urgent, "change_order": .urgent, "change_shipping_address": .urgent,
        "payment_issue": .urgent, "recover_password": .urgent, "registration_problems": .urgent,
        "newsletter_subscription": .low, "review": .low,
    ]
    /// A mail that is more urgent than this (0 to 1) does not wait, whatever it asks.
    public var urgency = 0.3
    /// What a request in a batch costs, as a share of the price: OpenAI and Anthropic take half.
    public var share = 0.5
    /// Requests in one batch. Both providers take more (OpenAI 50,000, Anthropic 100,000); an answer is read as a whole.
    var maximumRequests = 1_000
    /// Bytes of one batch's requests, well below 200 MB (OpenAI) and 256 MB (Anthropic).
    var maximumBytes = 32 << 20

    /// The defaults.
    public init() {}

    /// The priority of the most urgent thing that is asked. Who is upset does not wait.
    func priority(of brief: Brief) -> Priority {
        if brief.isUpset || brief.urgency > urgency { return .urgent }
        let all = Set(brief.questions.map { priorities[$0.intent] ?? .normal })
        if all.contains(.urgent) { return .urgent }
        return all == [.low] ? .low : .normal
    }

    /// Until when a mail may wait; nil: it may not.
    func due(_ brief: Brief) -> Date? {
        deadlines[priority(of: brief)].map(brief.arrival.addingTimeInterval)
    }
}

/// Ends the way of a message for now: its answer comes with a batch.
struct AwaitingBatch: Error {
    let model: String
    /// Then the model is asked directly.
    let due: Date
    /// What the stages found out so far.
    var dossier: Dossier?

    /// For people who ask why there is no answer yet.
    var rule: Rule {
        let due = due.formatted(.iso8601)
        return Rule(
            "batch", "It is not urgent: \(model) is asked in a batch, and directly when there is no answer by \(due).")
    }
}
