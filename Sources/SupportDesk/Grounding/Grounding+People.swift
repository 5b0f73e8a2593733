import Triage

extension Grounding {
    /// What the record leaves open, and the answer would need.
    static func gap(in order: Order, for wanted: [(IntentScore, ReplyTemplate)]) -> Rule? {
        wanted.lazy.filter { $0.1.need == .order }.compactMap { order.gap(for: $0.0.intent) }.first.map { field in
            Rule("incomplete-record", "The order's record does not say what the answer needs (\(field)).")
        }
    }

    /// What the customer says of an order that the records cannot answer.
    static func reasonForPerson(_ triaged: TriagedMessage, _ order: Order) -> Rule? {
        let isAboutParcel = triaged.intents.contains { $0.intent == "track_order" || $0.intent == "complaint" }
        if triaged.triage.reportsLoss, isAboutParcel, order.state == .delivered {
            return Rule("delivered-not-received", "The records say delivered, the customer says that nothing came.")
        }
        if triaged.triage.reportsDamage, order.state == .delivered {
            return Rule("damaged-or-wrong", "The customer reports damaged, missing or wrong goods.")
        }
        return nil
    }

    /// A template's condition that asks for a person, in words for the agent.
    static func actionNeeded(_ condition: String) -> Rule {
        let words =
            switch condition {
            case "order.canCancel": "the order has not left yet, so it can still be cancelled or changed"
            case "order.paymentFailed": "the payment failed"
            case "order.paymentPending": "the payment is still open"
            case "order.refundIsRejected": "the refund was refused"
            default: "\(condition) holds for the order"
            }
        return Rule("action-needed", "A person must act: \(words).")
    }
}
