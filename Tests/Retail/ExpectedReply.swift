import Triage

/// What a right reply to a mail holds, worked out from the records by the generator alone.
public struct ExpectedReply: Sendable {
    /// What may become of the mail.
    enum Outcome: Sendable { case answered, escalated, ignored }

    /// Any of these is right.
    var outcomes: Set<Outcome> = [.answered]
    /// Of each group the reply holds at least one text.
    var required: [[String]] = []
    /// What it must not say, because the records say otherwise.
    var forbidden: [String] = []
    /// The only orders whose facts it may hold.
    var orders: [RetailOrder] = []

    static let person = ExpectedReply(outcomes: [.escalated])

    /// Two questions in one mail: what a person must answer makes the whole mail a person's.
    func joined(with other: ExpectedReply) -> ExpectedReply {
        let both = outcomes.intersection(other.outcomes)
        var orders = orders
        for order in other.orders where !orders.contains(where: { $0.number == order.number }) { orders.append(order) }
        return ExpectedReply(
            outcomes: both.isEmpty ? [.escalated] : both, required: required + other.required,
            forbidden: forbidden.filter { !other.required.joined().contains($0) }
                + other.forbidden.filter { !required.joined().contains($0) },
            orders: orders)
    }
}

/// The oracle: from a question, the record and the shop's published policies to the facts of a right answer.
struct Oracle {
    let language: String
    let today: Int

    /// `9 March 2026`, in the language's own names of months.
    func date(_ day: Int) -> String {
        let date = LocalDate(dayNumber: day)
        let english = ["January", "February", "March", "April", "May", "June", "July", "August", "September"]
        let hindi = ["जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर"]
        let names =
            language == "hi"
            ? hindi + ["अक्टूबर", "नवंबर", "दिसंबर"] : english + ["October", "November", "December"]
        return "\(date.day) \(names[date.month - 1]) \(date.year)"
    }

    /// `$1,234.50`
    static func money(_ cents: Int) -> String {
        let whole = cents / 100
        let grouped = whole < 1_000 ? "\(whole)" : "\(whole / 1_000),\(String(1_000 + whole % 1_000).dropFirst())"
        return "$\(grouped).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
    }

    /// The facts of a right answer to a question about an order.
    func reply(to topic: Topic, about order: RetailOrder) -> ExpectedReply {
        var reply = ExpectedReply(required: [[order.number]], forbidden: contradictions(of: order), orders: [order])
        let returnUntil = order.deliveredOn.map { $0 + 30 }
        let canReturn = order.state == .delivered && (returnUntil ?? 0) >= today
        let lateness = order.state.isOpen ? WorkingDays.count(from: order.expectedOn ?? today, to: today) : 0
        let returns = [["https://neemandclay.example/returns"]]
        switch topic {
        case .trackOrder, .deliveryETA:
            if lateness > 3 { return .person }
            reply.required.append(stateWords(order))
            if order.state.isOpen, let day = order.expectedOn { reply.required.append([date(day)]) }
            if order.state == .shipped || order.state == .outForDelivery, topic == .trackOrder {
                reply.required += [[order.carrier ?? ""], [order.trackingLink ?? ""]]
            }
            if let day = order.deliveredOn, order.state == .delivered { reply.required.append([date(day)]) }
        case .deliveredWhen: reply.required.append([date(order.deliveredOn ?? 0)])
        case .trackRefund where order.refund != nil, .returnRequest where order.refund != nil,
            .cancelOrder where order.refund != nil:
            guard let refund = order.refund else { break }
            let dueOn = refund.approvedOn.map { WorkingDays.day(7, after: $0) }
            if refund.state == "rejected" || (refund.state == "approved" && (dueOn ?? today) < today) { return .person }
            reply.required += [[Oracle.money(refund.cents)], refundWords(refund.state)]
            if let paidOn = refund.paidOn { reply.required.append([date(paidOn)]) }
            if refund.state == "approved" { reply.required.append(["5–7"] + (dueOn.map { [date($0)] } ?? [])) }
        case .trackRefund: reply.required.append(noRefundWords)
        case .cancelOrder, .changeOrder, .changeAddress:
            if order.state.isBeforeDispatch { return .person }
            reply.required.append(stateWords(order))
            if topic == .cancelOrder, canReturn || order.state == .shipped || order.state == .outForDelivery {
                reply.required += returns
            }
        case .returnRequest:
            if order.state.isBeforeDispatch { return .person }
            if canReturn || order.state.isOpen {
                reply.required += returns
                reply.forbidden += ended
            } else {
                reply.required.append([date(order.deliveredOn ?? 0), date(returnUntil ?? 0)])
                reply.required.append(ended)
            }
        case .getInvoice, .checkInvoice:
            if let invoice = order.invoice {
                reply.required += [[invoice.number]]
                reply.required.append([topic == .getInvoice ? invoice.link : Oracle.money(order.cents)])
            } else {
                reply.required.append(noInvoiceWords)
            }
        case .paymentIssue:
            if order.paymentState != "paid" { return .person }
            reply.required.append([Oracle.money(order.cents)])
        default: break
        }
        return reply
    }

    /// The facts of a right answer to a question about the shop.
    func reply(to topic: Topic) -> ExpectedReply {
        if topic == .thanks { return ExpectedReply(outcomes: [.ignored]) }
        if topic.isForPerson { return .person }
        var reply = ExpectedReply(required: policy(topic).map { [$0] })
        if topic.isKnowledge { reply.outcomes.insert(.escalated) }
        return reply
    }

    /// Nothing may be told: neutral words, the same for everybody, and no fact of any order.
    func neutral(allowing own: [RetailOrder] = []) -> ExpectedReply {
        ExpectedReply(
            required: [["order number", "order confirmation", "e-mail address", "ऑर्डर नंबर", "ऑर्डर पुष्टि", "ई-मेल"]],
            orders: own)
    }

    /// What the shop's published policy says, as it is printed: figures and links are the same in every language.
    private func policy(_ topic: Topic) -> [String] {
        let account = "https://neemandclay.example/account"
        let (day, month) =
            language == "hi" ? ("दिन", "महीने") : language == "hi-Latn" ? ("din", "mahine") : ("days", "months")
        switch topic {
        case .refundPolicy: return ["30 \(day)", "5–7"]
        case .cancellationFee: return ["30 \(day)"]
        case .paymentMethods: return ["UPI", "₹10,000"]
        case .deliveryOptions: return ["₹79", "₹199", "₹1,499"]
        case .deliveryPeriod: return ["3–5", "7–12"]
        case .placeOrder: return ["https://neemandclay.example"]
        case .recoverPassword: return ["\(account)/reset", "24"]
        case .registration: return ["\(account)/reset"]
        case .createAccount, .editAccount, .deleteAccount, .switchAccount, .addressBook, .newsletter, .review:
            return [account]
        case .contact: return ["+91 141 555 0142", "19:00"]
        case .warranty: return ["12 \(month)"]
        case .giftWrap: return ["₹49"]
        case .giftCard: return ["₹500", "₹10,000"]
        case .bulk: return ["25"]
        case .emi: return ["EMI"]
        default: return []
        }
    }
}
