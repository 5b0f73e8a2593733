/// One question to the shop's records.
package enum RecordLookup: Sendable, Hashable {
    /// The customers who list an address.
    case customerByAddress(String)
    /// The customer with an id.
    case customerByID(String)
    /// The order with a number.
    case orderByNumber(String)
    /// The orders that name an address.
    case ordersByAddress(String)
    /// The orders of a customer's account.
    case ordersOfCustomer(String)
}

extension RecordLookup {
    /// The kinds of questions, by their names in `desk.yaml`.
    enum Kind: String, CaseIterable, Sendable {
        case customer, order, orders
        case customerByID = "customer_by_id"
        case ordersByAddress = "orders_by_address"

        /// What the value is called in a template.
        var parameter: String {
            switch self {
            case .customer, .ordersByAddress: "address"
            case .customerByID, .orders: "id"
            case .order: "number"
            }
        }

        /// Whether customers are the answer.
        var isOfCustomers: Bool { self == .customer || self == .customerByID }
    }

    /// The kind of question, and the value that it asks for.
    var parts: (kind: Kind, value: String) {
        switch self {
        case .customerByAddress(let address): (.customer, address)
        case .customerByID(let id): (.customerByID, id)
        case .orderByNumber(let number): (.order, number)
        case .ordersByAddress(let address): (.ordersByAddress, address)
        case .ordersOfCustomer(let id): (.orders, id)
        }
    }
}

/// What a store found: as it says, not yet checked. May hold what was not asked for.
package struct RecordAnswer: Sendable, Hashable {
    /// Customers; those without an id are the guests whom the orders name.
    package var customers: [Customer]
    /// Orders.
    package var orders: [Order]

    /// An answer; without customers and orders it says that there are none.
    package init(customers: [Customer] = [], orders: [Order] = []) {
        self.customers = customers
        self.orders = orders
    }

    /// Whether nothing was found.
    package var isEmpty: Bool { customers.isEmpty && orders.isEmpty }
}

/// A system that keeps the shop's records: files, a shop's API, a database.
package protocol RecordStore: Sendable {
    /// The host or the files, for logs: no secret, no person.
    var name: String { get }

    /// Answers one question.
    /// - Parameter deadline: when the caller no longer waits, also for further attempts.
    /// - Throws: `DeskError` with `configuration` where somebody must mend something (a refused key, a broken file), with
    ///   `unavailable` for everything else that is no answer.
    func find(_ lookup: RecordLookup, until deadline: ContinuousClock.Instant) async throws -> RecordAnswer
}
