import Triage

/// A customer of the shop, as its records have her.
public struct Customer: Sendable, Codable, Hashable {
    /// The shop's id.
    public let id: String
    /// Full name.
    public let name: String
    /// E-mail addresses that are proved to be hers.
    public let addresses: [String]
    /// Telephone number, as written.
    public let phone: String?
    /// Preferred language, BCP 47.
    public let language: String?
    /// Postal address.
    public let postalAddress: PostalAddress?
    /// Customer since.
    public let since: LocalDate?

    /// Whether an address is one of hers: exactly, but for the case (plus and dot variants are other people).
    public func owns(_ address: String) -> Bool {
        addresses.contains { $0.lowercased() == address.lowercased() }
    }

    /// Whether an order is hers: by the address on it, and where it names none, by her account.
    public func owns(_ order: Order) -> Bool {
        if let email = order.email { return owns(email) }
        return order.customer == id
    }
}

/// Where a customer lives.
public struct PostalAddress: Sendable, Codable, Hashable {
    /// House and street.
    public let lines: [String]
    /// Town.
    public let city: String?
    /// State or region.
    public let state: String?
    /// PIN, ZIP or postcode.
    public let postcode: String?
    /// ISO 3166 country.
    public let country: String?
}

/// One order, as the shop's records have it. What a record leaves out is nil, never guessed.
public struct Order: Sendable, Codable, Hashable {
    /// Where an order stands.
    public enum State: String, Sendable, Codable {
        /// See the shop's process.
        case pending, processing, shipped, outForDelivery = "out_for_delivery", delivered, cancelled, returned

        /// Not yet with the carrier, so that a person can still stop or change it.
        public var isBeforeDispatch: Bool { self == .pending || self == .processing }
        /// Still on its way to the customer.
        public var isOpen: Bool { isBeforeDispatch || self == .shipped || self == .outForDelivery }
    }

    /// One line of an order.
    public struct Item: Sendable, Codable, Hashable {
        /// Stock-keeping unit.
        public let sku: String?
        /// Product name.
        public let name: String
        /// How many.
        public let quantity: Int
        /// Price of one, decimal.
        public let price: String?
    }

    /// How it is paid.
    public struct Payment: Sendable, Codable, Hashable {
        /// Card, UPI, …
        public let method: String?
        /// `paid`, `failed`, `pending` or `cod`.
        public let state: String?
    }

    /// The parcel.
    public struct Shipment: Sendable, Codable, Hashable {
        /// Carrier's name.
        public let carrier: String?
        /// Carrier's number.
        public let trackingNumber: String?
        /// Where to follow it.
        public let trackingURL: String?
        /// Handed over.
        public let shippedOn: LocalDate?
        /// Promised.
        public let expectedOn: LocalDate?
        /// Arrived.
        public let deliveredOn: LocalDate?
    }

    /// Money going back.
    public struct Refund: Sendable, Codable, Hashable {
        /// `requested`, `approved`, `paid` or `rejected`.
        public let state: String
        /// Decimal, in the order's currency.
        public let amount: String?
        /// Asked for.
        public let requestedOn: LocalDate?
        /// Paid out.
        public let paidOn: LocalDate?
        /// Where it goes.
        public let method: String?
    }

    /// The invoice.
    public struct Invoice: Sendable, Codable, Hashable {
        /// Its number.
        public let number: String
        /// Where it can be fetched.
        public let url: String?
    }

    /// Order number, canonical.
    public let number: String
    /// The address on the order itself; nil when it names none.
    public let email: String?
    /// The customer's id.
    public let customer: String
    /// Ordered.
    public let placedOn: LocalDate?
    /// Where it stands.
    public let state: State
    /// ISO 4217.
    public let currency: String
    /// Decimal.
    public let total: String
    /// The lines.
    public let items: [Item]
    /// How it is paid.
    public let payment: Payment?
    /// The parcel.
    public let shipment: Shipment?
    /// Money going back.
    public let refund: Refund?
    /// The invoice.
    public let invoice: Invoice?
}
