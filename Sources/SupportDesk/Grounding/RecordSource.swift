import Foundation

/// Where the shop keeps customers and orders.
///
/// What it answers is checked by the caller: an address counts as a customer's only when her record lists it.
public protocol RecordSource: Sendable {
    /// The customer with this address.
    func customer(address: String) async throws -> Customer?
    /// The customer with this id of the shop's.
    func customer(id: String) async throws -> Customer?
    /// The order with this number, in canonical form.
    func order(number: String) async throws -> Order?
    /// A customer's orders, newest first.
    func orders(of customer: Customer) async throws -> [Order]
}

/// Records in two JSON files, read when first needed.
public actor FileRecords: RecordSource {
    private let customersPath: String
    private let ordersPath: String
    private var loaded: Loaded?

    /// Names the files; nothing is read yet.
    public init(customers: String, orders: String) {
        customersPath = customers
        ordersPath = orders
    }

    /// The customer of an address, whatever its case.
    public func customer(address: String) throws -> Customer? { try load().customers[address.lowercased()] }

    /// The customer of an id.
    public func customer(id: String) throws -> Customer? { try load().byID[id] }

    /// The order of a number, whatever its case.
    public func order(number: String) throws -> Order? { try load().orders[number.uppercased()] }

    /// A customer's orders, newest first.
    public func orders(of customer: Customer) throws -> [Order] { try load().byCustomer[customer.id] ?? [] }

    private struct Loaded {
        let customers: [String: Customer]
        let byID: [String: Customer]
        let orders: [String: Order]
        let byCustomer: [String: [Order]]
    }

    private func load() throws -> Loaded {
        if let loaded { return loaded }
        let customers = try Self.decode([Customer].self, from: customersPath)
        let orders = try Self.decode([Order].self, from: ordersPath)
        var byAddress: [String: Customer] = [:]
        for customer in customers {
            for address in customer.addresses {
                guard byAddress.updateValue(customer, forKey: address.lowercased()) == nil else {
                    throw DeskError(.configuration, "\(customersPath): customer \(customer.id) shares an address")
                }
            }
        }
        var byNumber: [String: Order] = [:]
        for order in orders where byNumber.updateValue(order, forKey: order.number.uppercased()) != nil {
            throw DeskError(.configuration, "\(ordersPath): order \(order.number) stands there twice")
        }
        let byCustomer = Dictionary(grouping: orders, by: \.customer).mapValues { orders in
            orders.sorted { ($0.placedOn?.dayNumber ?? 0, $0.number) > ($1.placedOn?.dayNumber ?? 0, $1.number) }
        }
        let byID = Dictionary(customers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let all = Loaded(customers: byAddress, byID: byID, orders: byNumber, byCustomer: byCustomer)
        loaded = all
        return all
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, from path: String) throws -> Value {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DeskError(.configuration, "cannot read the records in \(path)")
        }
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let DecodingError.keyNotFound(key, context) {
            throw DeskError(.configuration, "\(path): \(context.codingPath.place) lacks \"\(key.stringValue)\"")
        } catch let DecodingError.typeMismatch(_, context), let DecodingError.valueNotFound(_, context) {
            throw DeskError(.configuration, "\(path): \(context.codingPath.place) is of another type")
        } catch let DecodingError.dataCorrupted(context) {
            throw DeskError(.configuration, "\(path): \(context.codingPath.place) is not valid")
        }
    }
}

/// No records: every sender is a stranger.
public struct NoRecords: RecordSource {
    /// Creates it.
    public init() {}
    /// Nobody.
    public func customer(address: String) -> Customer? { nil }
    /// Nobody.
    public func customer(id: String) -> Customer? { nil }
    /// None.
    public func order(number: String) -> Order? { nil }
    /// None.
    public func orders(of customer: Customer) -> [Order] { [] }
}

extension [any CodingKey] {
    /// `[3].items[0].name`: where in a file, without its values.
    fileprivate var place: String {
        isEmpty ? "the file" : map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
    }
}
