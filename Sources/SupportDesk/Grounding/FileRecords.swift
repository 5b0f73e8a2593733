import Foundation

/// Records in two JSON files, read when first needed.
public actor FileRecords: RecordSource {
    private let customersPath: String
    private let ordersPath: String
    private let days: RecordDays
    private var loaded: Loaded?

    /// Names the files; nothing is read yet.
    public init(customers: String, orders: String, timeZone: TimeZone = .gmt) {
        customersPath = customers
        ordersPath = orders
        days = RecordDays(shop: timeZone)
    }

    /// The customer of an address, whatever its case.
    public func customer(address: String) throws -> Customer? {
        let all = try load()
        if let customer = all.customers[RecordText.key(address)] { return customer }
        guard all.byAddress[RecordText.key(address)] != nil else { return nil }
        return Customer(id: "", addresses: [address])
    }

    /// The customer of an id.
    public func customer(id: String) throws -> Customer? { try load().byID[id] }

    /// The order of a number, whatever its case.
    public func order(number: String) throws -> Order? { try load().orders[RecordText.key(number)] }

    /// A customer's orders, newest first.
    public func orders(of customer: Customer) throws -> [Order] {
        let all = try load()
        let numbers =
            (all.byCustomer[customer.id] ?? []) + customer.addresses.flatMap { all.byAddress[RecordText.key($0)] ?? [] }
        var seen: Set<[UInt8]> = []
        return numbers.filter { seen.insert($0).inserted }.compactMap { all.orders[$0] }.filter(customer.owns)
            .sorted { ($0.placedOn?.dayNumber ?? 0, $0.number) > ($1.placedOn?.dayNumber ?? 0, $1.number) }
    }

    private struct Loaded {
        var customers: [[UInt8]: Customer] = [:]
        var byID: [String: Customer] = [:]
        var orders: [[UInt8]: Order] = [:]
        var byCustomer: [String: [[UInt8]]] = [:]
        var byAddress: [[UInt8]: [[UInt8]]] = [:]
    }

    private func load() throws -> Loaded {
        if let loaded { return loaded }
        var all = Loaded()
        for node in try Self.records(in: customersPath) {
            guard let customer = JSONRecords.customer(node).customer(days) else { continue }
            all.byID[customer.id] = customer
            for address in customer.addresses { all.customers[RecordText.key(address)] = customer }
        }
        for node in try Self.records(in: ordersPath) {
            guard let order = JSONRecords.order(node).order(days) else { continue }
            let key = RecordText.key(order.number)
            all.orders[key] = order
            if let customer = order.customer { all.byCustomer[customer, default: []].append(key) }
            if let email = order.email { all.byAddress[RecordText.key(email), default: []].append(key) }
        }
        loaded = all
        return all
    }

    private static func records(in path: String) throws -> [JSONNode] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DeskError(.configuration, "cannot read the records in \(path)")
        }
        let node: JSONNode
        do {
            node = try JSONNode(parsing: [UInt8](data))
        } catch {
            let line = 1 + data.prefix(error.offset).count { $0 == 0x0A }
            throw DeskError(.configuration, "\(path):\(line): \(error.reason)")
        }
        guard case .array(let records) = node else { throw DeskError(.configuration, "\(path): it is no list") }
        return records
    }
}

/// Records in the desk's own JSON form.
enum JSONRecords {
    static func order(_ node: JSONNode) -> RawOrder {
        var raw = RawOrder()
        for (field, path) in orderPaths { raw.texts[field] = path.text(in: node) }
        if case .array(let items) = node["items"] {
            raw.items = items.map { item in itemPaths.compactMapValues { $0.text(in: item) } }
        }
        if case .array(let parcels) = node["parcels"] {
            raw.parcels = parcels.map { parcel in parcelPaths.compactMapValues { $0.text(in: parcel) } }
        }
        return raw
    }

    static func customer(_ node: JSONNode) -> RawCustomer {
        var raw = RawCustomer()
        for (field, path) in customerPaths { raw.texts[field] = path.text(in: node) }
        if case .array(let addresses) = node["addresses"] { raw.addresses = addresses.compactMap(\.text) }
        if case .array(let lines) = node["postalAddress"]?["lines"] { raw.lines = lines.compactMap(\.text) }
        return raw
    }

    private static let orderPaths = paths([
        OrderField.number: "number", .email: "email", .customer: "customer", .placedOn: "placedOn", .state: "state",
        .currency: "currency", .total: "total", .paymentMethod: "payment.method", .paymentState: "payment.state",
        .carrier: "shipment.carrier", .trackingNumber: "shipment.trackingNumber",
        .trackingURL: "shipment.trackingURL", .shippedOn: "shipment.shippedOn",
        .expectedOn: "shipment.expectedOn", .deliveredOn: "shipment.deliveredOn", .refundState: "refund.state",
        .refundAmount: "refund.amount", .refundRequestedOn: "refund.requestedOn", .refundPaidOn: "refund.paidOn",
        .refundMethod: "refund.method", .refundApprovedOn: "refund.approvedOn", .returnArrivedOn: "refund.arrivedOn",
        .cancelledOn: "cancelledOn", .deliveryMethod: "shipment.method", .deliveryAttempts: "shipment.attempts",
        .dispatchDueOn: "shipment.dispatchDueOn", .invoiceNumber: "invoice.number", .invoiceURL: "invoice.url",
    ])

    private static let itemPaths = paths([
        OrderField.itemSKU: "sku", .itemName: "name", .itemQuantity: "quantity", .itemPrice: "price",
        .itemReturnable: "returnable",
    ])

    private static let parcelPaths = paths([
        OrderField.carrier: "carrier", .trackingNumber: "trackingNumber", .trackingURL: "trackingURL",
    ])

    private static let customerPaths = paths([
        CustomerField.id: "id", .name: "name", .phone: "phone", .language: "language", .since: "since",
        .city: "postalAddress.city", .state: "postalAddress.state", .postcode: "postalAddress.postcode",
        .country: "postalAddress.country",
    ])

    private static func paths<Field: Hashable>(_ texts: [Field: String]) -> [Field: JSONPath] {
        texts.compactMapValues(JSONPath.init)
    }
}
