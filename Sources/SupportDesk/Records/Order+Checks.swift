import Triage

extension Order {
    /// The words for a payment's state.
    static let paymentStates: Set<String> = ["paid", "failed", "pending", "cod"]
    /// The words for a refund's state.
    static let refundStates: Set<String> = ["requested", "approved", "paid", "rejected"]

    /// The record as it can be relied on at a day: what lies in the future cannot have happened.
    func asOf(_ today: LocalDate) -> Order {
        var order = self
        order.leaveOut("placed_on", \.placedOn, after: today)
        order.leaveOut("shipped_on", \.shippedOn, after: today)
        if order.leaveOut("delivered_on", \.deliveredOn, after: today), order.state == .delivered {
            order.leaveOut("state", \.state)
        }
        order.leaveOut("cancelled_on", \.cancelledOn, after: today)
        order.leaveOut("refund_approved_on", \.refundApprovedOn, after: today)
        order.leaveOut("refund_requested_on", \.refundRequestedOn, after: today)
        if order.leaveOut("refund_paid_on", \.refundPaidOn, after: today), order.refund?.state == "paid" {
            order.leaveOut("refund_state", \.refundState)
        }
        return order
    }

    /// What an answer to an intent cannot do without, and the record does not say; nil when it says all.
    func gap(for intent: String) -> String? {
        // Where a refund stands is told by the refund, also of an order whose goods are nobody knows where.
        if state == nil, intent != "track_refund" || refund?.state == nil { return "state" }
        if refund != nil, refund?.state == nil, Self.intentsOfRefund.contains(intent) { return "refund_state" }
        if intent == "payment_issue", problems.contains(where: { $0.field == "payment_state" }) {
            return "payment_state"
        }
        return nil
    }

    private static let intentsOfRefund: Set<String> = ["get_refund", "track_refund", "cancel_order", "complaint"]

    /// Leaves out what cannot be true together, and notes what every order ought to have.
    mutating func settle() {
        settleWords()
        settleAmounts()
        settleDays()
        settleStates()
        for (field, isThere) in [
            ("email", email != nil || customer != nil), ("placed_on", placedOn != nil), ("state", state != nil),
            ("currency", currency != nil), ("total", total != nil), ("items", !items.isEmpty),
        ] where !isThere { note(field, .missing) }
    }

    /// Names what is wrong with a field; the first reason stands.
    mutating func note(_ field: String, _ reason: RecordProblem.Reason) {
        if !problems.contains(where: { $0.field == field }) { problems.append(RecordProblem(field, reason)) }
    }

    private mutating func settleWords() {
        email = email.flatMap(RecordText.word)
        customer = customer.flatMap(RecordText.word)
        payment = payment.map { old in
            if let state = old.state, !Self.paymentStates.contains(state) { note("payment_state", .unreadable) }
            return Payment(
                method: old.method.flatMap(RecordText.line),
                state: old.state.flatMap { Self.paymentStates.contains($0) ? $0 : nil })
        }
        shipment = shipment.map { old in
            Shipment(
                carrier: old.carrier.flatMap(RecordText.line),
                trackingNumber: old.trackingNumber.flatMap(RecordText.word),
                trackingURL: old.trackingURL.flatMap(RecordText.word), shippedOn: old.shippedOn,
                expectedOn: old.expectedOn, deliveredOn: old.deliveredOn, dispatchDueOn: old.dispatchDueOn,
                method: old.method, attempts: old.attempts)
        }
        if let state = refund?.state, !Self.refundStates.contains(state) {
            leaveOut("refund_state", \.refundState, .unreadable)
        }
        let refundMethod = refund?.method.flatMap(RecordText.line)
        refund?.method = refundMethod
        invoice = invoice.flatMap { old in
            RecordText.word(old.number).map { Invoice(number: $0, url: old.url.flatMap(RecordText.word)) }
        }
        let whole = items.compactMap { item in
            RecordText.line(item.name).flatMap { name in
                item.quantity > 0 && item.quantity < 1_000_000
                    ? Item(
                        sku: item.sku.flatMap(RecordText.word), name: name, quantity: item.quantity,
                        price: item.price.flatMap(RecordAmount.init)?.text, isReturnable: item.isReturnable) : nil
            }
        }
        if whole.count < items.count { note("items", .unreadable) }
        items = whole.count == items.count ? whole : []
    }

    private mutating func settleAmounts() {
        if let code = currency, code.utf8.count != 3 || !code.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) {
            leaveOut("currency", \.currency, .unreadable)
        }
        func amount(_ text: String?) -> (amount: RecordAmount?, isUnreadable: Bool) {
            let amount = text.flatMap(RecordAmount.init)
            return (amount, text != nil && amount == nil)
        }
        let (whole, isTotalUnreadable) = amount(total)
        let (back, isRefundUnreadable) = amount(refund?.amount)
        total = whole?.text
        refund?.amount = back?.text
        if isTotalUnreadable { note("total", .unreadable) }
        if isRefundUnreadable { note("refund_amount", .unreadable) }
        // More money cannot go back than came in.
        if let whole, let back, back > whole {
            leaveOut("total", \.total)
            leaveOut("refund_amount", \.refundAmount)
        }
    }

    /// Days in the order in which things happen; a pair the wrong way round tells nothing about either.
    private mutating func settleDays() {
        typealias Day = (field: String, path: WritableKeyPath<Order, LocalDate?>)
        let placed: Day = ("placed_on", \.placedOn)
        let shipped: Day = ("shipped_on", \.shippedOn)
        let expected: Day = ("expected_on", \.expectedOn)
        let delivered: Day = ("delivered_on", \.deliveredOn)
        let asked: Day = ("refund_requested_on", \.refundRequestedOn)
        let paid: Day = ("refund_paid_on", \.refundPaidOn)
        let pairs = [
            (placed, shipped), (placed, expected), (placed, delivered), (shipped, delivered), (placed, asked),
            (placed, paid), (asked, paid),
        ]
        // All are compared before any is left out: the result does not depend on their order here.
        for (first, second) in pairs.filter({ pair in
            guard let first = self[keyPath: pair.0.path], let second = self[keyPath: pair.1.path] else { return false }
            return first > second
        }) {
            leaveOut(first.field, first.path)
            leaveOut(second.field, second.path)
        }
    }

    private mutating func settleStates() {
        if let state, shipment?.deliveredOn != nil, state != .delivered, state != .returned {
            leaveOut("state", \.state)
            leaveOut("delivered_on", \.deliveredOn)
        }
        if let state, shipment?.shippedOn != nil, state.isBeforeDispatch {
            leaveOut("state", \.state)
            leaveOut("shipped_on", \.shippedOn)
        }
        if let state = refund?.state, refund?.paidOn != nil, state != "paid" {
            leaveOut("refund_state", \.refundState)
            leaveOut("refund_paid_on", \.refundPaidOn)
        }
    }

    private mutating func leaveOut<Value>(
        _ field: String, _ path: WritableKeyPath<Order, Value?>, _ reason: RecordProblem.Reason = .contradictory
    ) {
        guard self[keyPath: path] != nil else { return }
        self[keyPath: path] = nil
        note(field, reason)
    }

    @discardableResult
    private mutating func leaveOut(
        _ field: String, _ path: WritableKeyPath<Order, LocalDate?>, after today: LocalDate
    ) -> Bool {
        guard let day = self[keyPath: path], day > today else { return false }
        leaveOut(field, path)
        return true
    }
}

// The fields of an order's parts by a path from the order; what has no part has no field.
extension Order {
    fileprivate var shippedOn: LocalDate? {
        get { shipment?.shippedOn }
        set { shipment?.shippedOn = newValue }
    }
    fileprivate var expectedOn: LocalDate? {
        get { shipment?.expectedOn }
        set { shipment?.expectedOn = newValue }
    }
    fileprivate var deliveredOn: LocalDate? {
        get { shipment?.deliveredOn }
        set { shipment?.deliveredOn = newValue }
    }
    fileprivate var refundState: String? {
        get { refund?.state }
        set { refund?.state = newValue }
    }
    fileprivate var refundAmount: String? {
        get { refund?.amount }
        set { refund?.amount = newValue }
    }
    fileprivate var refundRequestedOn: LocalDate? {
        get { refund?.requestedOn }
        set { refund?.requestedOn = newValue }
    }
    fileprivate var refundApprovedOn: LocalDate? {
        get { refund?.approvedOn }
        set { refund?.approvedOn = newValue }
    }
    fileprivate var refundPaidOn: LocalDate? {
        get { refund?.paidOn }
        set { refund?.paidOn = newValue }
    }
}
