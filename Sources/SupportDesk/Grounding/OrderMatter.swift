import Triage

/// Which orders a message speaks of, as far as its author may know them.
enum OrderMatter: Sendable {
    /// One to three of her own, in the order in which she names them; and whether she names one besides that is not hers or does
    /// not exist.
    case resolved([Order], besides: Bool)
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
        let references = triaged.triage.references
        // Digits alone beside the word "order" name an order as well: to answer on another one would be wrong.
        let named = unique(references.filter { $0.kind == .order }.map { $0.value.uppercased() })
        let own = named.compactMap { number in identity.orders.first { $0.isNumbered(number) } }
        // Her parcel's or her invoice's number names the order too.
        let meant = references.compactMap { reference in identity.orders.first { $0.isNamed(by: reference) } }
        let all = (own + meant).reduce(into: [Order]()) { list, order in
            if !list.contains(where: { $0.number == order.number }) { list.append(order) }
        }
        if all.count > maximum { return .several }
        if !all.isEmpty { return .resolved(all, besides: own.count < named.count) }
        if !named.isEmpty { return .unknown }
        let quoted = identity.orders.filter { order in
            identity.quotedNumbers.contains(where: order.isNumbered)
        }
        if let order = quoted.first, quoted.count == 1 { return .resolved([order], besides: false) }
        // Who has ordered once means that order.
        if let order = identity.orders.first, identity.orders.count == 1 { return .resolved([order], besides: false) }
        let candidates = identity.orders.filter { order in intents.contains { couldBeAbout($0, order) } }
        if let order = candidates.first, candidates.count == 1 { return .resolved([order], besides: false) }
        return .missing
    }

    private static func unique(_ numbers: [String]) -> [String] {
        var seen: Set<String> = []
        return numbers.filter { seen.insert($0).inserted }
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

extension Order {
    /// Whether a tracking or invoice number is this order's.
    fileprivate func isNamed(by reference: Reference) -> Bool {
        switch reference.kind {
        case .tracking: shipment?.trackingNumber?.uppercased() == reference.value.uppercased()
        case .invoice: invoice?.number.uppercased() == reference.value.uppercased()
        default: false
        }
    }
}
