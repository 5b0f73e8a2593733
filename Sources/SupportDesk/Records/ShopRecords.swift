import Triage

/// The shop's records as the desk uses them: whatever a store answers is checked here before it is believed.
///
/// A record counts as an address's only when it lists that address exactly, and a number's only when its own number is that
/// number, whatever a fuzzy search returned. The parts that two records of one thing contradict each other in count as absent.
package struct ShopRecords: RecordSource {
    private let desk: LookupDesk
    private let today: @Sendable () -> LocalDate

    /// Of a person with more addresses than this, the others are not looked for.
    private static let maximumAddresses = 10

    /// - Parameter today: what lies behind it has not happened.
    package init(_ desk: LookupDesk, today: @escaping @Sendable () -> LocalDate) {
        self.desk = desk
        self.today = today
    }

    /// Her account, if exactly one lists the address. Where none does, or several do, she is a guest: her orders are those
    /// that name the address themselves.
    package func customer(address: String) async throws -> Customer? {
        guard let address = Self.canonical(address) else { return nil }
        async let accounts = desk.find(.customerByAddress(address))
        // Asked for at the same time: the orders follow in any case, and then they are here.
        async let named = desk.find(.ordersByAddress(address))
        let (found, orders) = try await (accounts, named)
        let own = Self.unique(found.customers.filter { !$0.isGuest && $0.owns(address) })
        if own.count == 1 { return own[0] }
        guard !own.isEmpty || orders.orders.contains(where: { Self.names($0, address) }) else { return nil }
        let names = Set(orders.customers.filter { $0.isGuest && $0.owns(address) }.compactMap(\.name))
        return Customer(
            id: "", name: names.count == 1 ? names.first : nil, addresses: [address],
            problems: own.isEmpty ? [] : [RecordProblem("email", .contradictory)])
    }

    package func customer(id: String) async throws -> Customer? {
        guard !id.isEmpty else { return nil }
        let found = Self.unique(try await desk.find(.customerByID(id)).customers.filter { $0.id == id })
        return found.count == 1 ? found[0] : nil
    }

    package func order(number: String) async throws -> Order? {
        guard let number = RecordText.word(number) else { return nil }
        let key = RecordText.numberKey(number)
        let found = try await desk.find(.orderByNumber(number)).orders
        return settled(found.filter { RecordText.numberKey($0.number) == key }).first
    }

    package func orders(of customer: Customer) async throws -> [Order] {
        var lookups = customer.addresses.prefix(Self.maximumAddresses).compactMap(Self.canonical)
            .map { RecordLookup.ordersByAddress($0) }
        if !customer.isGuest { lookups.append(.ordersOfCustomer(customer.id)) }
        let desk = desk
        let found = try await withThrowingTaskGroup(of: [Order].self) { group in
            for lookup in lookups { group.addTask { try await desk.find(lookup).orders } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        return settled(found).filter(customer.owns).sorted {
            ($0.placedOn?.dayNumber ?? 0, $0.number) > ($1.placedOn?.dayNumber ?? 0, $1.number)
        }
    }

    /// Each order once, as it stands today. Of two that differ under one number nobody knows which is meant.
    private func settled(_ orders: [Order]) -> [Order] {
        let today = today()
        return Dictionary(grouping: orders) { RecordText.numberKey($0.number) }.values.map { same in
            let first = same[0]
            guard same.contains(where: { $0 != first }) else { return first.asOf(today) }
            let isOnePersons = same.allSatisfy { $0.email == first.email && $0.customer == first.customer }
            return Order(
                number: first.number, email: isOnePersons ? first.email : nil,
                customer: isOnePersons ? first.customer : nil, problems: [RecordProblem("number", .contradictory)])
        }
    }

    private static func names(_ order: Order, _ address: String) -> Bool {
        order.email.map { RecordText.isSame($0, address) } ?? false
    }

    private static func unique(_ customers: [Customer]) -> [Customer] {
        var seen: Set<Customer> = []
        return customers.filter { seen.insert($0).inserted }
    }

    /// An address as it is looked for; nil for what is none.
    private static func canonical(_ address: String) -> String? {
        guard let word = RecordText.word(address), word.contains("@"), !word.contains(" ") else { return nil }
        return String(decoding: RecordText.key(word), as: UTF8.self)
    }
}
