import Foundation
import Transport
import Triage

/// The shop's records as they were on a day of the past, as far as they tell: what has happened since is taken back.
///
/// A record has no history. What it has are days, and whatever bears a day later than that one had not happened; what bears none is
/// taken as it is.
struct PastRecords: RecordSource {
    private let present: any RecordSource
    private let today: @Sendable () -> LocalDate
    private let kept = Kept()

    /// - Parameters:
    ///   - present: the records as they are.
    ///   - today: the day as of which they are told.
    init(_ present: any RecordSource, today: @escaping @Sendable () -> LocalDate) {
        self.present = present
        self.today = today
    }

    func customer(address: String) async throws -> Customer? {
        let found = try await kept.customer("address \(address.lowercased())") {
            try await present.customer(address: address)
        }
        return found.flatMap(known)
    }

    func customer(id: String) async throws -> Customer? {
        try await kept.customer("id \(id)") { try await present.customer(id: id) }.flatMap(known)
    }

    func order(number: String) async throws -> Order? {
        try await kept.orders("number \(number)") { [try await present.order(number: number)].compactMap(\.self) }
            .first?
            .rewound(to: today())
    }

    func orders(of customer: Customer) async throws -> [Order] {
        let key = "customer \(customer.id) \(customer.addresses.joined(separator: " ").lowercased())"
        let day = today()
        return try await kept.orders(key) { try await present.orders(of: customer) }.compactMap { $0.rewound(to: day) }
    }

    /// Nobody was a customer before she became one.
    private func known(_ customer: Customer) -> Customer? {
        customer.since.map { $0 > today() } ?? false ? nil : customer
    }

    /// What was asked is asked once: records are the same for the length of a replay.
    private final class Kept: Sendable {
        private struct State {
            var customers: [String: Customer?] = [:]
            var orders: [String: [Order]] = [:]
        }

        private let state = LockedBox(State())
        private static let most = 20_000

        func customer(_ key: String, _ ask: () async throws -> Customer?) async throws -> Customer? {
            if let known = state.withLock({ $0.customers[key] }) { return known }
            let found = try await ask()
            state.withLock { state in
                if state.customers.count >= Self.most { state.customers = [:] }
                state.customers.updateValue(found, forKey: key)
            }
            return found
        }

        func orders(_ key: String, _ ask: () async throws -> [Order]) async throws -> [Order] {
            if let known = state.withLock({ $0.orders[key] }) { return known }
            let found = try await ask()
            state.withLock { state in
                if state.orders.count >= Self.most { state.orders = [:] }
                state.orders[key] = found
            }
            return found
        }
    }
}

extension Order {
    /// The order as it stood at the end of a day; nil when it had not been placed.
    func rewound(to day: LocalDate) -> Order? {
        func isLater(_ date: LocalDate?) -> Bool { date.map { $0 > day } ?? false }
        if isLater(placedOn) { return nil }
        var order = self
        let wasShipped = !isLater(shipment?.shippedOn)
        let arrived = !isLater(shipment?.deliveredOn)
        order.shipment = shipment?.rewound(to: day)
        order.parcels = parcels.map { $0.rewound(to: day) }
        if isLater(cancelledOn) {
            order.cancelledOn = nil
            if state == .cancelled { order.state = wasShipped && shipment?.shippedOn != nil ? .shipped : .processing }
        }
        if isLater(refund?.requestedOn) {
            order.refund = nil
            if state == .returned { order.state = .delivered }
        } else {
            if isLater(refund?.arrivedOn) {
                order.refund?.arrivedOn = nil
                if state == .returned { order.state = .delivered }
            }
            if isLater(refund?.paidOn) {
                order.refund?.paidOn = nil
                if refund?.state == "paid" {
                    order.refund?.state = refund?.approvedOn == nil ? "requested" : "approved"
                }
            }
            if isLater(refund?.approvedOn) {
                order.refund?.approvedOn = nil
                if order.refund?.state == "approved" { order.refund?.state = "requested" }
            }
        }
        if !arrived, let state = order.state, [.delivered, .returned].contains(state) { order.state = .shipped }
        if !wasShipped, let state = order.state, !state.isBeforeDispatch, state != .cancelled {
            order.state = .processing
        }
        return order
    }
}

extension Order.Shipment {
    /// A parcel that had not been handed over had no number yet; when it was promised, was known from the beginning.
    fileprivate func rewound(to day: LocalDate) -> Order.Shipment {
        var shipment = self
        if let date = deliveredOn, date > day { shipment.deliveredOn = nil }
        if let date = shippedOn, date > day {
            shipment.shippedOn = nil
            shipment.carrier = nil
            shipment.trackingNumber = nil
            shipment.trackingURL = nil
            shipment.attempts = nil
        }
        return shipment
    }
}
