/// Where the shop keeps customers and orders.
///
/// What it answers is checked by the caller: an address counts as a customer's only when her record lists it.
public protocol RecordSource: Sendable {
    /// The customer with this address; a guest's orders make a customer without an id, whose address is theirs.
    func customer(address: String) async throws -> Customer?
    /// The customer with this id of the shop's.
    func customer(id: String) async throws -> Customer?
    /// The order with this number, in canonical form.
    func order(number: String) async throws -> Order?
    /// A customer's orders, newest first: those of her account and those that name her address.
    func orders(of customer: Customer) async throws -> [Order]
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
