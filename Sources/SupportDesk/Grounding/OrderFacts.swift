import Triage

/// Turns one order into facts for the reply and values for the templates.
///
/// A template sees slots, never values: what it places in a sentence is filled in only after review. What follows from the
/// record and the shop's policy, such as the last day of a return, is a fact with a name as well.
struct OrderFacts {
    let order: Order
    let today: LocalDate
    let policy: ShopPolicy

    /// Adds the order's facts to the sheet under `id` and returns the template values.
    func add(to sheet: inout FactSheet, as id: String) -> TemplateContext {
        var values: [String: any Sendable] = [:]
        addFields { field, meaning, value in
            if let slot = sheet.add("\(id).\(field)", meaning, value) { values[field] = slot }
        }
        values["items"] = order.items.enumerated().map { index, item in
            TemplateContext([
                "name": sheet.add("\(id).item\(index + 1)Name", "product in the order", .text(item.name)) ?? "",
                "quantity": sheet.add("\(id).item\(index + 1)Quantity", "its quantity", .count(item.quantity)) ?? "",
            ])
        }
        values["parcels"] = order.parcels.enumerated().map { index, parcel in
            let name = "\(id).parcel\(index + 1)"
            var shown: [String: any Sendable] = [:]
            shown["carrier"] = sheet.add("\(name)Carrier", "carrier of a parcel", parcel.carrier.map(FactValue.text))
            shown["trackingNumber"] = sheet.add(
                "\(name)TrackingNumber", "tracking number of a parcel", parcel.trackingNumber.map(FactValue.text))
            shown["trackingLink"] = sheet.add(
                "\(name)TrackingLink", "link to follow a parcel", parcel.trackingURL.flatMap(Self.link))
            return TemplateContext(shown)
        }
        for (name, flag) in conditions { values[name] = flag }
        return TemplateContext(values)
    }

    /// What the record holds, then what follows from it.
    private func addFields(_ fact: (String, Fact.Meaning, FactValue?) -> Void) {
        let shipment = order.shipment
        let refund = order.refund
        let help = shipment?.carrier.flatMap { policy.carriers[$0] }
        if let state = order.state { fact("state", .state(state, isLate: isLate), .state(state)) }
        fact("number", "order number", .text(order.number))
        fact("total", "order total", money(order.total))
        fact("placedOn", "day of the order", order.placedOn.map(FactValue.date))
        fact("carrier", "carrier", shipment?.carrier.map(FactValue.text))
        fact("carrierHelpLink", "help page of the carrier", help?.link.flatMap(Self.link))
        fact("carrierPhone", "telephone number of the carrier", help?.phone.map(FactValue.text))
        fact("trackingNumber", "tracking number", shipment?.trackingNumber.map(FactValue.text))
        fact("trackingLink", "link to follow the parcel", shipment?.trackingURL.flatMap(Self.link))
        fact("dispatchDueOn", "planned day of dispatch", dispatchDueOn.map(FactValue.date))
        fact("shippedOn", "day of dispatch", shipment?.shippedOn.map(FactValue.date))
        fact("expectedOn", "expected day of delivery", shipment?.expectedOn.map(FactValue.date))
        fact("daysLate", "how late the parcel is", daysLate > 0 ? .businessDays(daysLate) : nil)
        fact("deliveryAttempts", "failed attempts to deliver", attempts.map(FactValue.count))
        fact("deliveredOn", "day of delivery", shipment?.deliveredOn.map(FactValue.date))
        fact("returnUntil", "last day of the return period", returnUntil.map(FactValue.date))
        fact("claimUntil", "last day to report a missing or broken parcel", claimUntil.map(FactValue.date))
        fact("cancelledOn", "day of the cancellation", order.cancelledOn.map(FactValue.date))
        fact("paymentMethod", "method of payment", order.payment?.method.map(FactValue.text))
        fact("invoiceNumber", "invoice number", (order.invoice?.number).map(FactValue.text))
        fact("invoiceLink", "link to the invoice", order.invoice?.url.flatMap(Self.link))
        fact("refundAmount", "amount of the refund", money(refund?.amount))
        fact("refundRequestedOn", "day the refund was asked for", refund?.requestedOn.map(FactValue.date))
        fact("refundApprovedOn", "day the refund was approved", refund?.approvedOn.map(FactValue.date))
        fact("refundDueOn", "day until which the refund is paid", refundDueOn.map(FactValue.date))
        fact("refundPaidOn", "day the refund was paid", refund?.paidOn.map(FactValue.date))
        fact("refundMethod", "where the refund goes", refund?.method.map(FactValue.text))
    }

    /// An amount without a currency is none.
    private func money(_ amount: String?) -> FactValue? {
        guard let amount, let currency = order.currency else { return nil }
        return .money(amount, currency: currency)
    }

    /// Only https links leave the desk.
    static func link(_ url: String) -> FactValue? { url.hasPrefix("https://") ? .link(url) : nil }
}
