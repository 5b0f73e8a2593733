import Mail

/// How much a reply may tell, decided by code before anything is drafted.
public enum DisclosureTier: String, Sendable {
    /// Policies only: the sender is unknown or not authenticated.
    case generic
    /// Facts of her own orders: the sender is authenticated and her address is on record.
    case verified
}

/// Who wrote.
public struct Identity: Sendable {
    /// What the receiving server found (RFC 8601).
    public let authentication: Authentication
    /// Her record; present only when its addresses hold the author's address exactly.
    public let customer: Customer?
    /// Her orders, newest first.
    public let orders: [Order]
    /// How much a reply may tell.
    public let tier: DisclosureTier
    /// The records could not be reached: nothing is known, and nobody may be told that an order does not exist.
    public let recordsFailed: Bool
}

/// A message whose author is known as far as she can be. Made by `Identification` only.
public struct IdentifiedMessage: Sendable, Documented {
    /// The message.
    public let screened: ScreenedMessage
    /// Who wrote it.
    public let identity: Identity

    /// The message as values.
    public var message: Message { screened.message }

    fileprivate init(screened: ScreenedMessage, identity: Identity) {
        self.screened = screened
        self.identity = identity
    }

    func note(in dossier: inout Dossier) { dossier.identity = identity }
}

/// Stage four: authentication verdict, record, tier.
struct Identification: Sendable {
    let records: any RecordSource
    /// Names the receiving server whose Authentication-Results count.
    let shop: Shop

    func identify(_ screened: ScreenedMessage) async throws -> Step<IdentifiedMessage> {
        let authentication = authentication(of: screened)
        if authentication.verdict == .fail {
            let stranger = Identity(
                authentication: authentication, customer: nil, orders: [], tier: .generic, recordsFailed: false)
            return .settle(
                .escalate(
                    Rule(
                        "authentication-failed", "The sender's domain says that this mail is not from it (DMARC fail).")
                ),
                noting: IdentifiedMessage(screened: screened, identity: stranger))
        }
        var customer: Customer?
        var orders: [Order] = []
        var failed = false
        do {
            // The source's answer is checked: its record must list the address before it counts as the author's.
            customer = try await records.customer(address: screened.author.address)
            if customer?.owns(screened.author.address) == false { customer = nil }
            if let customer { orders = try await records.orders(of: customer).filter(customer.owns) }
        } catch let error as DeskError where error.isRetryable {
            failed = true
        }
        let tier: DisclosureTier = authentication.verdict == .pass && customer != nil ? .verified : .generic
        return .proceed(
            IdentifiedMessage(
                screened: screened,
                identity: Identity(
                    authentication: authentication, customer: customer, orders: orders, tier: tier,
                    recordsFailed: failed)))
    }

    /// What the receiving server found out is about the address in From. Whom a form or a group names there is somebody
    /// else, for whom nobody vouches.
    private func authentication(of screened: ScreenedMessage) -> Authentication {
        let found = screened.message.authentication(trusting: shop.authservID, ownHops: shop.authservHops)
        if screened.correspondent.source == .author || found.verdict == .fail { return found }
        return Authentication(unknown: "a form or a group named the sender", domain: screened.author.domain)
    }
}
