import Mail

/// How much may be told, and to whom, decided by code before anything is drafted.
public enum DisclosureTier: String, Sendable {
    /// Policies only: the sender is unknown or not authenticated.
    case generic
    /// Facts of her own orders: the sender is authenticated and her address is on record.
    case verified
    /// Facts of an order that the sender names and that is not proved to be hers: to the address on file only.
    case onFile = "on file"
}

/// Who wrote.
public struct Identity: Sendable {
    /// What the receiving server found (RFC 8601).
    public let authentication: Authentication
    /// Her record; present only when its addresses hold the author's address exactly.
    public let customer: Customer?
    /// Her orders, newest first.
    public let orders: [Order]
    /// How much a reply may tell: `generic` or `verified`.
    public let tier: DisclosureTier
    /// The records could not be reached: nothing is known, and nobody may be told that an order does not exist.
    public let recordsFailed: Bool
    /// The numbers of the orders that the messages name to which she answers.
    let quotedNumbers: [String]
    /// Where an answer goes about an order that she names and that is not proved to be hers. Nothing that she gets may
    /// depend on whether there is one.
    let onFile: AddressOnFile?
}

/// The address that an order's records hold, for an answer that its sender does not get.
struct AddressOnFile: Sendable {
    /// The one address.
    let address: String
    /// Who the records say has it.
    let customer: Customer?
    /// The order that the message names.
    let order: Order
}

extension Order {
    /// Whether it is the order of whoever has an address: by the address on it, else by her record, exactly but for the case.
    func isOf(_ address: String, _ customer: Customer?) -> Bool {
        customer?.owns(self) ?? false || email.map { RecordText.isSame($0, address) } ?? false
    }
}
