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
            return .damaged
        }
        return nil
    }

    /// The customer's name, and her open orders where she is to say which one she means.
    static func context(of customer: Customer, openOrders: [Order], _ facts: inout FactSheet) -> TemplateContext {
        var context = TemplateContext()
        context["name"] = facts.add("customer.name", "the customer's name", customer.name.map(FactValue.text))
        let shown = openOrders.prefix(maximumListed).enumerated().map { index, order in
            TemplateContext([
                "number": facts.add("order\(index + 1).number", "order number", .text(order.number)) ?? "",
                "state": order.state.flatMap {
                    facts.add("order\(index + 1).state", .state($0, isLate: false), .state($0))
                } ?? "",
            ])
        }
        context["openOrders"] = shown
        context["hasOpenOrders"] = !shown.isEmpty
        return context
    }

    /// So many of her orders are listed at most, the newest ones.
    private static let maximumListed = 5

    /// A template's condition that asks for a person, in words for the agent.
    static func actionNeeded(_ condition: String) -> Rule {
        let words =
            switch condition {
            case "order.canCancel": "the order has not left yet, so it can still be cancelled or changed"
            case "order.paymentFailed": "the payment failed"
            case "order.paymentPending": "the payment is still open"
            case "order.refundIsRejected": "the refund was refused"
            case "order.refundIsOverdue": "the refund should have been paid by now"
            case "order.refundIsMissing": "it was paid and is cancelled or returned, and no refund is on record"
            case "order.isVeryLate": "the parcel is later than the policy asks a customer to wait"
            case "order.isOverdueForDispatch": "it should have been dispatched by now"
            case "order.isReturningToSender": "it could not be delivered and goes back"
            default: "\(condition) holds for the order"
            }
        return Rule("action-needed", "A person must act: \(words).")
    }
}

extension Rule {
    static let damaged = Rule("damaged-or-wrong", "The customer reports damaged, missing or wrong goods.")
}
