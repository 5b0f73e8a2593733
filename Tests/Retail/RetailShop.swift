import Foundation
import Seeded
import Triage

/// The records of a shop: people and baskets from outside; days, carriers, refunds and invoices by seed.
public struct RetailShop: Sendable {
    /// What the records hold before the generator adds to them.
    struct Basket {
        let number: String
        let customer: RetailCustomer
        let items: [(name: String, cents: Int)]
        /// `pending`, `processed`, `delivered` or `cancelled`.
        let status: String
        let trackingNumber: String?
        let paymentMethod: String
    }

    /// The shop's day: Tuesday, 10 March 2026.
    public static let today = LocalDate(2026, 3, 10)?.dayNumber ?? 0
    /// The instant of the run: eleven in the morning in New York.
    public static let now = Date(timeIntervalSince1970: Double(today) * 86_400 + 15 * 3_600)

    /// Everybody.
    public let customers: [RetailCustomer]
    /// All orders.
    public let orders: [RetailOrder]
    /// All names of products.
    let products: Set<String>

    init(_ baskets: [Basket], customers: [RetailCustomer], seed: UInt64) {
        var random = SeededRandom(seed: seed)
        self.customers = customers
        orders = baskets.enumerated().map { Self.order($1, place: $0, &random) }
        products = Set(baskets.flatMap { $0.items.map(\.name) })
    }

    /// A shop of the project's own: small, for the tests.
    public init(customers count: Int, seed: UInt64) {
        var random = SeededRandom(seed: seed &+ 1)
        let given = ["Asha", "Ben", "Carla", "Dev", "Emma", "Farid", "Grace", "Hiro", "Ines", "Jonas", "Kavya", "Liam"]
        let family = ["Rao", "Miller", "Ortiz", "Shah", "Novak", "Haddad", "Osei", "Tanaka", "Costa", "Berg"]
        let goods = [
            ("Blue pottery bowl", 2_450), ("Cotton quilt", 8_900), ("Brass lamp", 5_275), ("Jute rug", 11_000),
            ("Tea set", 6_430), ("Linen tablecloth", 3_999), ("Clay cooking pot", 4_120), ("Cushion cover", 1_250),
        ]
        var customers: [RetailCustomer] = []
        var baskets: [Basket] = []
        for place in 0..<count {
            let name = "\(given[place % given.count]) \(family[place / given.count % family.count])"
            let address = "\(name.lowercased().replacing(" ", with: ".")).\(place)@mail.example"
            let customer = RetailCustomer(id: "R\(1000 + place)", name: name, address: address)
            customers.append(customer)
            for _ in 0..<(1 + place % 3) {
                let status = random.pick([("pending", 2), ("processed", 4), ("delivered", 4), ("cancelled", 1)])
                let isSent = status == "processed" || status == "delivered"
                baskets.append(
                    Basket(
                        number: "W\(7_100_000 + baskets.count * 37)", customer: customer,
                        items: (0...Int.random(in: 0...2, using: &random)).compactMap { _ in
                            goods.randomElement(using: &random).map { ($0.0, $0.1) }
                        }, status: status ?? "pending",
                        trackingNumber: isSent ? "\(310_000_000_000 + baskets.count * 7_919)" : nil,
                        paymentMethod: random.pick([("Visa", 3), ("PayPal", 2), ("gift card", 1)]) ?? "Visa"))
            }
        }
        self.init(baskets, customers: customers, seed: seed)
    }

    /// Names, addresses and baskets from a public file of 500 customers and 1,000 orders.
    /// - Throws: when the file cannot be read or is of another form.
    public init(file: String, seed: UInt64) throws {
        let source = try JSONDecoder().decode(Source.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
        let customers = source.users.sorted { $0.key < $1.key }.map { id, user in
            RetailCustomer(id: id, name: "\(user.name.first_name) \(user.name.last_name)", address: user.email)
        }
        let byID = Dictionary(uniqueKeysWithValues: customers.map { ($0.id, $0) })
        let baskets = source.orders.sorted { $0.key < $1.key }.compactMap { number, order -> Basket? in
            guard let customer = byID[order.user_id] else { return nil }
            let method = order.payment_history.first?.payment_method_id ?? ""
            return Basket(
                number: number.replacing("#", with: ""), customer: customer,
                items: order.items.map { ($0.name, Int(($0.price * 100).rounded())) }, status: order.status,
                trackingNumber: order.fulfillments.first?.tracking_id.first,
                paymentMethod: method.hasPrefix("gift") ? "gift card" : method.hasPrefix("paypal") ? "PayPal" : "card")
        }
        self.init(baskets, customers: customers, seed: seed)
    }

    private struct Source: Decodable {
        struct User: Decodable {
            struct Name: Decodable { let first_name: String, last_name: String }
            let name: Name
            let email: String
        }
        struct Order: Decodable {
            struct Item: Decodable { let name: String, price: Double }
            struct Fulfillment: Decodable { let tracking_id: [String] }
            struct Payment: Decodable { let payment_method_id: String }
            let user_id: String
            let items: [Item]
            let status: String
            let fulfillments: [Fulfillment]
            let payment_history: [Payment]
        }
        let users: [String: User]
        let orders: [String: Order]
    }

    private static func order(_ basket: Basket, place: Int, _ random: inout SeededRandom) -> RetailOrder {
        func days(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        var order = RetailOrder(
            number: basket.number, customer: basket.customer, items: basket.items, state: .pending,
            placedOn: today - days(0...3), paymentMethod: basket.paymentMethod)
        switch basket.status {
        case "processed": send(&order, basket, days)
        case "delivered":
            order.deliveredOn = today - days(0...55)
            ship(&order, basket, arrivingOn: order.deliveredOn ?? today, days)
            order.state = .delivered
            if random.chance(22), let deliveredOn = order.deliveredOn, deliveredOn < today - 12 {
                order.state = .returned
                let back = min(deliveredOn + days(4...9), today - 2)
                order.refund = refund(of: order, askedOn: back, &random)
            }
        case "cancelled":
            order.state = .cancelled
            order.placedOn = today - days(3...40)
            order.cancelledOn = min(order.placedOn + days(0...2), today - 1)
            order.refund = refund(of: order, askedOn: order.cancelledOn ?? today, &random)
        default:
            order.state = random.chance(45) ? .processing : .pending
            order.expectedOn = WorkingDays.day(days(4...8), after: today)
            if order.state == .pending, random.chance(18) {
                order.paymentState = random.chance(50) ? "failed" : "pending"
            }
        }
        if order.shippedOn != nil {
            let number = "INV-2026-\(String(100_000 + place).dropFirst())"
            order.invoice = (number, "https://neemandclay.example/invoices/\(number).pdf")
        }
        return order
    }

    /// On its way: mostly in time, some a little late, a few very late.
    private static func send(_ order: inout RetailOrder, _ basket: Basket, _ days: (ClosedRange<Int>) -> Int) {
        order.state = .shipped
        switch days(1...100) {
        case ...60: ship(&order, basket, arrivingOn: WorkingDays.day(days(1...6), after: today), days)
        case ...76:
            ship(&order, basket, arrivingOn: today, days)
            order.state = .outForDelivery
        case ...92: ship(&order, basket, arrivingOn: today - days(1...2), days)
        default: ship(&order, basket, arrivingOn: today - days(7...12), days)
        }
    }

    private static func ship(
        _ order: inout RetailOrder, _ basket: Basket, arrivingOn day: Int, _ days: (ClosedRange<Int>) -> Int
    ) {
        let carriers = ["UPS", "FedEx", "USPS", "OnTrac"]
        let carrier = carriers[days(0...3)]
        let number = basket.trackingNumber ?? "\(days(100_000_000_000...999_999_999_999))"
        order.carrier = carrier
        order.trackingNumber = number
        order.trackingLink = "https://track.\(carrier.lowercased()).example/\(number)"
        order.expectedOn = day
        order.shippedOn = min(day - days(3...6), today)
        order.placedOn = (order.shippedOn ?? day) - days(1...3)
    }

    private static func refund(
        of order: RetailOrder, askedOn day: Int, _ random: inout SeededRandom
    ) -> RetailOrder.Refund {
        var refund = RetailOrder.Refund(
            state: "requested", cents: order.cents, requestedOn: day, method: order.paymentMethod)
        let age = today - day
        if age > 14, random.chance(6) {
            // Approved and forgotten: somebody has to look after it.
            refund.state = "approved"
            refund.approvedOn = day + 1
        } else if random.chance(4) {
            refund.state = "rejected"
        } else if age > 9 || (age > 3 && random.chance(45)) {
            refund.state = "paid"
            refund.approvedOn = day + 1
            refund.paidOn = min(WorkingDays.day(Int.random(in: 3...5, using: &random), after: day + 1), today)
        } else if age > 1 {
            refund.state = "approved"
            refund.approvedOn = day + 1
        }
        return refund
    }
}
