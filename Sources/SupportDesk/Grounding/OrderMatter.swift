import Triage

/// Which orders a message speaks of, as far as its author may know them.
enum OrderMatter: Sendable {
    /// One to three of her own, in the order in which she names them.
    case resolved([Order])
    /// She names none, and it cannot be told which one she means.
    case missing
    /// She names one that is not hers or does not exist; the two are never told apart.
    case unknown
    /// She is not authenticated, or not on record: nothing about any order may be said.
    case unverified
    /// She speaks of more than one answer should hold.
    case several
    /// The records could not be reached.
    case unavailable

    /// The most orders that one answer speaks of: it stays short enough to be read.
    static let maximum = 3

    /// Decides by code, from the references in the mail and the author's own orders.
    static func of(_ triaged: TriagedMessage, intents: [String]) -> OrderMatter {
        let identity = triaged.identity
        if identity.recordsFailed { return .unavailable }
        guard identity.tier == .verified else { return .unverified }
        var named: [String] = []
        for reference in triaged.triage.references where reference.kind == .order && reference.isComplete {
            let number = reference.value.uppercased()
            if !named.contains(number) { named.append(number) }
        }
        let own = named.compactMap { number in identity.orders.first { $0.number.uppercased() == number } }
        if own.count > maximum { return .several }
        if !own.isEmpty, named.count == own.count { return .resolved(own) }
        if !named.isEmpty { return .unknown }
        let candidates = identity.orders.filter { order in intents.contains { couldBeAbout($0, order) } }
        if let order = candidates.first, candidates.count == 1 { return .resolved([order]) }
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
