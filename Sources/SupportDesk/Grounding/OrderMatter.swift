import Triage

/// Which order a message speaks of, as far as its author may know it.
enum OrderMatter: Sendable {
    /// One of her own.
    case resolved(Order)
    /// She names none, and it cannot be told which one she means.
    case missing
    /// She names one that is not hers or does not exist; the two are never told apart.
    case unknown
    /// She is not authenticated, or not on record: nothing about any order may be said.
    case unverified
    /// She speaks of several.
    case several
    /// The records could not be reached.
    case unavailable

    /// Decides by code, from the references in the mail and the author's own orders.
    static func of(_ triaged: TriagedMessage, intents: [String]) -> OrderMatter {
        let identity = triaged.identity
        if identity.recordsFailed { return .unavailable }
        guard identity.tier == .verified else { return .unverified }
        var named: [String] = []
        for reference in triaged.triage.references where reference.kind == .order && reference.isComplete {
            if !named.contains(reference.value) { named.append(reference.value) }
        }
        let own = identity.orders.filter { order in named.contains { $0.uppercased() == order.number.uppercased() } }
        if own.count > 1 { return .several }
        if let order = own.first, named.count == 1 { return .resolved(order) }
        if !named.isEmpty { return .unknown }
        let candidates = identity.orders.filter { order in intents.contains { couldBeAbout($0, order) } }
        if let order = candidates.first, candidates.count == 1 { return .resolved(order) }
        return .missing
    }

    /// Whether an intent makes sense for an order, when the mail names none.
    private static func couldBeAbout(_ intent: String, _ order: Order) -> Bool {
        switch intent {
        case "track_refund": order.refund != nil
        case "get_refund": order.state == .delivered || order.state == .returned || order.refund != nil
        case "get_invoice", "check_invoice": true
        case "payment_issue": order.payment?.state == "failed" || order.payment?.state == "pending"
        default: order.state?.isOpen ?? true
        }
    }
}
