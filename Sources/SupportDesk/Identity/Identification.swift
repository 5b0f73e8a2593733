import Mail
import Triage

/// A message whose author is known as far as she can be. Made by `Identification` only.
public struct IdentifiedMessage: Sendable, Documented {
    static let stage = "identify"
    /// The message, in words.
    public let heard: HeardMessage
    /// Who wrote it.
    public let identity: Identity

    /// The message as values.
    public var message: Message { heard.message }

    fileprivate init(heard: HeardMessage, identity: Identity) {
        self.heard = heard
        self.identity = identity
    }

    func note(in dossier: inout Dossier) { dossier.identity = identity }
}

/// Stage four: authentication verdict, record, tier.
struct Identification: Sendable {
    let records: any RecordSource
    /// Names the receiving server whose Authentication-Results count.
    let shop: Shop
    /// Finds the orders that a mail names.
    let numbers: OrderNumbers
    /// Whether an order that is not the sender's is answered to the address on file.
    var answersOnFile = false

    /// Who names more orders than this asks about no order of her own.
    private static let maximumNumbers = 5

    func identify(_ heard: HeardMessage) async throws -> Step<IdentifiedMessage> {
        let authentication = authentication(of: heard)
        let address = heard.author.address
        func identified(
            _ customer: Customer? = nil, _ orders: [Order] = [], quoted: [String] = [], onFile: AddressOnFile? = nil,
            failed: Bool = false
        ) -> IdentifiedMessage {
            let isVerified = authentication.verdict == .pass && (customer != nil || !orders.isEmpty)
            return IdentifiedMessage(
                heard: heard,
                identity: Identity(
                    authentication: authentication, customer: customer, orders: orders,
                    tier: isVerified ? .verified : .generic, recordsFailed: failed, quotedNumbers: quoted,
                    onFile: onFile))
        }
        if authentication.verdict == .fail {
            return .settle(
                .escalate(
                    Rule(
                        "authentication-failed", "The sender's domain says that this mail is not from it (DMARC fail).")
                ), noting: identified())
        }
        let message = heard.message
        let written = numbers.find(in: "\(message.subject)\n\(message.newText)")
        let quoted = numbers.find(in: message.quoted).filter { !written.contains($0) }
        let all = Array((written + quoted).prefix(Self.maximumNumbers))
        // By address and by number at once: how long it takes tells nothing about whose a number is.
        async let owner = known(address)
        async let found = orders(all)
        do {
            let (customer, orders) = try await owner
            let named = try await found
            // The source's answer is checked: the record's own address must be hers before it counts as hers.
            let own =
                orders
                + named.filter { order in
                    order.isOf(address, customer) && !orders.contains { $0.number == order.number }
                }
            let others = named.filter { !$0.isOf(address, customer) && written.contains(where: $0.isNumbered) }
            return .proceed(identified(customer, own, quoted: quoted, onFile: await onFile(others)))
        } catch let error as DeskError where error.isRetryable {
            return .proceed(identified(failed: true))
        }
    }

    private func known(_ address: String) async throws -> (Customer?, [Order]) {
        guard let customer = try await records.customer(address: address), customer.owns(address) else {
            return (nil, [])
        }
        return (customer, try await records.orders(of: customer).filter(customer.owns))
    }

    /// The orders of these numbers that there are, in the same order.
    private func orders(_ numbers: [String]) async throws -> [Order] {
        try await withThrowingTaskGroup(of: (Int, Order?).self) { group in
            for (place, number) in numbers.enumerated() {
                group.addTask { [records] in
                    let order = try await records.order(number: number)
                    return (place, order?.isNumbered(number) == true ? order : nil)
                }
            }
            var found: [Int: Order] = [:]
            for try await (place, order) in group { found[place] = order }
            return numbers.indices.compactMap { found[$0] }
        }
    }

    /// The address on file of an order that is somebody else's; nil for several orders, and where it cannot be found: an
    /// outage of the records on the way must not tell that they hold the order.
    private func onFile(_ orders: [Order]) async -> AddressOnFile? {
        guard answersOnFile, let order = orders.first, orders.count == 1 else { return nil }
        var customer: Customer?
        if let id = order.customer { customer = try? await records.customer(id: id) }
        guard let address = order.email ?? customer?.addresses.first, !shop.owns(address) else { return nil }
        return AddressOnFile(
            address: address, customer: customer?.owns(address) == true ? customer : nil, order: order)
    }

    /// What the receiving server found out is about the address in From. Whom a form or a group names there is somebody
    /// else, for whom nobody vouches; and of an entry of a ticket only the ticket system can say anything, whatever stands in the
    /// header.
    private func authentication(of heard: HeardMessage) -> Authentication {
        if case .ticket(let entry) = heard.associated.parsed.raw.origin {
            return entry.isProved
                ? Authentication(
                    proved: "the ticket system let her in by her own login", domain: heard.author.domain)
                : Authentication(unknown: "a ticket system named the sender", domain: heard.author.domain)
        }
        let found = heard.message.authentication(trusting: shop.authservID, ownHops: shop.authservHops)
        if heard.correspondent.source == .author || found.verdict == .fail { return found }
        return Authentication(unknown: "a form or a group named the sender", domain: heard.author.domain)
    }
}
