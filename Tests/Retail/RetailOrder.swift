import Triage

/// A customer of the set.
public struct RetailCustomer: Sendable {
    /// The shop's id.
    let id: String
    let name: String
    let address: String
}

/// An order of the set with all that the generator decided about it. Days are counted from 1970-01-01.
public struct RetailOrder: Sendable {
    /// Where it stands, in the words of the records.
    enum State: String, Sendable {
        case pending, processing, shipped, outForDelivery = "out_for_delivery", delivered, cancelled, returned

        var isOpen: Bool { self == .pending || self == .processing || self == .shipped || self == .outForDelivery }
        var isBeforeDispatch: Bool { self == .pending || self == .processing }
    }

    /// Money going back.
    struct Refund: Sendable {
        var state: String
        var cents: Int
        var requestedOn: Int
        var approvedOn: Int?
        var paidOn: Int?
        var method: String
    }

    let number: String
    let customer: RetailCustomer
    let items: [(name: String, cents: Int)]
    var state: State
    var placedOn: Int
    var paymentMethod: String
    var paymentState = "paid"
    var carrier: String?
    var trackingNumber: String?
    var trackingLink: String?
    var shippedOn: Int?
    var expectedOn: Int?
    var deliveredOn: Int?
    var cancelledOn: Int?
    var refund: Refund?
    var invoice: (number: String, link: String)?

    var cents: Int { items.reduce(0) { $0 + $1.cents } }

    /// The record as the shop's file has it.
    var record: [String: Any] {
        func day(_ number: Int?) -> Any? { number.map { LocalDate(dayNumber: $0).description } }
        func filled(_ values: [String: Any?]) -> [String: Any] { values.compactMapValues(\.self) }
        var record: [String: Any?] = [
            "number": number, "customer": customer.id, "placedOn": day(placedOn), "state": state.rawValue,
            "currency": "USD", "total": Self.decimal(cents), "cancelledOn": day(cancelledOn),
            "items": items.map { ["name": $0.name, "quantity": 1, "price": Self.decimal($0.cents)] as [String: Any] },
            "payment": ["method": paymentMethod, "state": paymentState],
        ]
        if carrier != nil || expectedOn != nil {
            record["shipment"] = filled([
                "carrier": carrier, "trackingNumber": trackingNumber, "trackingURL": trackingLink,
                "shippedOn": day(shippedOn), "expectedOn": day(expectedOn), "deliveredOn": day(deliveredOn),
            ])
        }
        if let refund {
            record["refund"] = filled([
                "state": refund.state, "amount": Self.decimal(refund.cents), "requestedOn": day(refund.requestedOn),
                "approvedOn": day(refund.approvedOn), "paidOn": day(refund.paidOn), "method": refund.method,
            ])
        }
        if let invoice { record["invoice"] = ["number": invoice.number, "url": invoice.link] }
        return filled(record)
    }

    static func decimal(_ cents: Int) -> String {
        "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
    }
}

/// Days of the week without the weekend, counted by the generator for itself.
enum WorkingDays {
    /// The day so many working days after another.
    static func day(_ count: Int, after day: Int) -> Int {
        var (left, day) = (count, day)
        while left > 0 {
            day += 1
            if isWorking(day) { left -= 1 }
        }
        return day
    }

    /// How many working days lie behind `first`, up to and with `last`.
    static func count(from first: Int, to last: Int) -> Int {
        first >= last ? 0 : (first + 1...last).count(where: isWorking)
    }

    /// 1970-01-01 was a Thursday.
    private static func isWorking(_ day: Int) -> Bool { (day + 3) % 7 < 5 }
}
