import Triage

/// One order, as the shop's records have it. What a record leaves out is nil, never guessed; what contradicts itself counts
/// as left out, and `problems` names it.
public struct Order: Sendable, Hashable {
    /// Where an order stands.
    public enum State: String, Sendable, CaseIterable {
        /// See the shop's process.
        case pending, processing, shipped, outForDelivery = "out_for_delivery", delivered, cancelled, returned

        /// Not yet with the carrier, so that a person can still stop or change it.
        public var isBeforeDispatch: Bool { self == .pending || self == .processing }
        /// Still on its way to the customer.
        public var isOpen: Bool { isBeforeDispatch || self == .shipped || self == .outForDelivery }
    }

    /// Order number, canonical.
    public let number: String
    /// The address on the order itself; nil when it names none.
    public internal(set) var email: String?
    /// The customer's id; nil for a guest's order.
    public internal(set) var customer: String?
    /// Ordered.
    public internal(set) var placedOn: LocalDate?
    /// Called off.
    public internal(set) var cancelledOn: LocalDate?
    /// Where it stands; nil when the record does not say, or contradicts itself.
    public internal(set) var state: State?
    /// ISO 4217.
    public internal(set) var currency: String?
    /// Decimal, with two places at most.
    public internal(set) var total: String?
    /// The lines; empty when one of them is incomplete, as half a list misleads.
    public internal(set) var items: [Item]
    /// How it is paid.
    public internal(set) var payment: Payment?
    /// The parcel.
    public internal(set) var shipment: Shipment?
    /// Every parcel, where it came in several; else empty.
    public internal(set) var parcels: [Shipment] = []
    /// Money going back.
    public internal(set) var refund: Refund?
    /// The invoice.
    public internal(set) var invoice: Invoice?
    /// What the record does not say, or says in a way that nobody can rely on.
    public internal(set) var problems: [RecordProblem]

    /// Creates an order. Values that contradict each other are left out and named in `problems`.
    public init(
        number: String, email: String? = nil, customer: String? = nil, placedOn: LocalDate? = nil,
        state: State? = nil, currency: String? = nil, total: String? = nil, items: [Item] = [],
        payment: Payment? = nil, shipment: Shipment? = nil, refund: Refund? = nil, invoice: Invoice? = nil,
        problems: [RecordProblem] = []
    ) {
        self.number = number
        self.email = email
        self.customer = customer
        self.placedOn = placedOn
        self.state = state
        self.currency = currency
        self.total = total
        self.items = items
        self.payment = payment
        self.shipment = shipment
        self.refund = refund
        self.invoice = invoice
        self.problems = problems
        settle()
    }

    /// Whether a number is this order's, in any case and with or without the sign in front (`#1001`).
    func isNumbered(_ text: String) -> Bool { RecordText.numberKey(text) == RecordText.numberKey(number) }

    /// The names of the fields that are absent, or count as absent because nobody can rely on them.
    public var missing: [String] { problems.map(\.field) }
}

extension Order {
    /// One line of an order.
    public struct Item: Sendable, Hashable {
        /// Stock-keeping unit.
        public let sku: String?
        /// Product name.
        public let name: String
        /// How many.
        public let quantity: Int
        /// Price of one, decimal.
        public let price: String?
        /// Whether it can be sent back; nil when the record does not say.
        public let isReturnable: Bool?

        /// Creates a line.
        public init(
            sku: String? = nil, name: String, quantity: Int, price: String? = nil, isReturnable: Bool? = nil
        ) {
            self.isReturnable = isReturnable
            self.sku = sku
            self.name = name
            self.quantity = quantity
            self.price = price
        }
    }

    /// How it is paid.
    public struct Payment: Sendable, Hashable {
        /// Card, UPI, …
        public internal(set) var method: String?
        /// `paid`, `failed`, `pending` or `cod`; nil when the record does not say which.
        public internal(set) var state: String?

        /// Creates a payment.
        public init(method: String? = nil, state: String? = nil) {
            self.method = method
            self.state = state
        }
    }

    /// The parcel.
    public struct Shipment: Sendable, Hashable {
        /// Carrier's name.
        public internal(set) var carrier: String?
        /// Carrier's number.
        public internal(set) var trackingNumber: String?
        /// Where to follow it.
        public internal(set) var trackingURL: String?
        /// Handed over.
        public internal(set) var shippedOn: LocalDate?
        /// Promised.
        public internal(set) var expectedOn: LocalDate?
        /// Arrived.
        public internal(set) var deliveredOn: LocalDate?
        /// To be handed over.
        public internal(set) var dispatchDueOn: LocalDate?
        /// `standard`, `express` or `international`.
        public internal(set) var method: String?
        /// How often it could not be delivered.
        public internal(set) var attempts: Int?

        /// Creates a parcel.
        public init(
            carrier: String? = nil, trackingNumber: String? = nil, trackingURL: String? = nil,
            shippedOn: LocalDate? = nil, expectedOn: LocalDate? = nil, deliveredOn: LocalDate? = nil,
            dispatchDueOn: LocalDate? = nil, method: String? = nil, attempts: Int? = nil
        ) {
            self.dispatchDueOn = dispatchDueOn
            self.method = method
            self.attempts = attempts
            self.carrier = carrier
            self.trackingNumber = trackingNumber
            self.trackingURL = trackingURL
            self.shippedOn = shippedOn
            self.expectedOn = expectedOn
            self.deliveredOn = deliveredOn
        }
    }

    /// Money going back.
    public struct Refund: Sendable, Hashable {
        /// `requested`, `approved`, `paid` or `rejected`; nil when the record does not say which.
        public internal(set) var state: String?
        /// Decimal, in the order's currency.
        public internal(set) var amount: String?
        /// Asked for.
        public internal(set) var requestedOn: LocalDate?
        /// Agreed to.
        public internal(set) var approvedOn: LocalDate?
        /// The goods came back.
        public internal(set) var arrivedOn: LocalDate?
        /// Paid out.
        public internal(set) var paidOn: LocalDate?
        /// Where it goes.
        public internal(set) var method: String?

        /// Creates a refund.
        public init(
            state: String? = nil, amount: String? = nil, requestedOn: LocalDate? = nil, paidOn: LocalDate? = nil,
            method: String? = nil, approvedOn: LocalDate? = nil, arrivedOn: LocalDate? = nil
        ) {
            self.approvedOn = approvedOn
            self.arrivedOn = arrivedOn
            self.state = state
            self.amount = amount
            self.requestedOn = requestedOn
            self.paidOn = paidOn
            self.method = method
        }
    }

    /// The invoice.
    public struct Invoice: Sendable, Hashable {
        /// Its number.
        public let number: String
        /// Where it can be fetched.
        public let url: String?

        /// Creates an invoice.
        public init(number: String, url: String? = nil) {
            self.number = number
            self.url = url
        }
    }
}
