import Triage

/// Turns one order into facts for the reply and values for the templates.
///
/// A template sees slots, never values: what it places in a sentence is filled in only after review.
struct OrderFacts {
    /// Days after delivery within which an order can be sent back (the shop's returns policy).
    static let returnDays = 30

    let order: Order
    let today: LocalDate

    /// Adds the order's facts to the sheet under `id` and returns the template values.
    func add(to sheet: inout FactSheet, as id: String) -> TemplateContext {
        let shipment = order.shipment
        let refund = order.refund
        var values: [String: any Sendable] = [:]
        func fact(_ field: String, _ meaning: Fact.Meaning, _ value: FactValue?) {
            if let slot = sheet.add("\(id).\(field)", meaning, value) { values[field] = slot }
        }
        if let state = order.state { fact("state", .state(state, isLate: flags["isLate"] == true), .state(state)) }
        fact("number", "order number", .text(order.number))
        fact("total", "order total", money(order.total))
        fact("placedOn", "day of the order", order.placedOn.map(FactValue.date))
        fact("carrier", "carrier", shipment?.carrier.map(FactValue.text))
        fact("trackingNumber", "tracking number", shipment?.trackingNumber.map(FactValue.text))
        fact("trackingLink", "link to follow the parcel", shipment?.trackingURL.flatMap(Self.link))
        fact("shippedOn", "day of dispatch", shipment?.shippedOn.map(FactValue.date))
        fact("expectedOn", "expected day of delivery", shipment?.expectedOn.map(FactValue.date))
        fact("deliveredOn", "day of delivery", shipment?.deliveredOn.map(FactValue.date))
        fact("paymentMethod", "method of payment", order.payment?.method.map(FactValue.text))
        fact("invoiceNumber", "invoice number", (order.invoice?.number).map(FactValue.text))
        fact("invoiceLink", "link to the invoice", order.invoice?.url.flatMap(Self.link))
        fact("refundAmount", "amount of the refund", money(refund?.amount))
        fact("refundRequestedOn", "day the refund was asked for", refund?.requestedOn.map(FactValue.date))
        fact("refundPaidOn", "day the refund was paid", refund?.paidOn.map(FactValue.date))
        fact("refundMethod", "where the refund goes", refund?.method.map(FactValue.text))
        values["items"] = order.items.enumerated().map { index, item in
            TemplateContext([
                "name": sheet.add("\(id).item\(index + 1)Name", "product in the order", .text(item.name)) ?? "",
                "quantity": sheet.add("\(id).item\(index + 1)Quantity", "its quantity", .count(item.quantity)) ?? "",
            ])
        }
        for (name, flag) in flags { values[name] = flag }
        return TemplateContext(values)
    }

    /// An amount without a currency is none.
    private func money(_ amount: String?) -> FactValue? {
        guard let amount, let currency = order.currency else { return nil }
        return .money(amount, currency: currency)
    }

    /// The conditions that templates branch on.
    private var flags: [String: Bool] {
        let refund = order.refund?.state
        let delivered = order.shipment?.deliveredOn
        return [
            "isPending": order.state == .pending, "isProcessing": order.state == .processing,
            "isShipped": order.state == .shipped, "isOutForDelivery": order.state == .outForDelivery,
            "isDelivered": order.state == .delivered, "isCancelled": order.state == .cancelled,
            "isReturned": order.state == .returned,
            "isLate": order.state?.isOpen == true && (order.shipment?.expectedOn).map { $0 < today } ?? false,
            "hasTracking": order.shipment?.trackingNumber != nil, "hasRefund": order.refund != nil,
            "refundIsRequested": refund == "requested", "refundIsApproved": refund == "approved",
            "refundIsPaid": refund == "paid", "refundIsRejected": refund == "rejected",
            "hasInvoice": order.invoice != nil, "paymentFailed": order.payment?.state == "failed",
            "paymentPending": order.payment?.state == "pending", "canCancel": order.state?.isBeforeDispatch == true,
            "canReturn": order.state == .delivered
                && (delivered.map { today.dayNumber - $0.dayNumber <= Self.returnDays } ?? false),
        ]
    }

    /// Only https links leave the desk.
    static func link(_ url: String) -> FactValue? { url.hasPrefix("https://") ? .link(url) : nil }
}
