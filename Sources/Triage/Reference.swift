/// A number, an amount or a day that a mail names.
public struct Reference: Sendable, Hashable {
    /// What kind of value it is.
    public struct Kind: Sendable, Hashable, CustomStringConvertible {
        enum Value: String, Sendable { case order, invoice, tracking, sku, amount, date }

        let value: Value

        /// An order number of one of the configured patterns, in its canonical form.
        public static let order = Kind(value: .order)
        /// An invoice number such as `INV-2026-00412`.
        public static let invoice = Kind(value: .invoice)
        /// What looks like a carrier's tracking number.
        public static let tracking = Kind(value: .tracking)
        /// An article number (SKU) such as `POT-014`.
        public static let sku = Kind(value: .sku)
        /// An amount such as `INR 1299.00`.
        public static let amount = Kind(value: .amount)
        /// A day such as `2026-03-12`, or some in a row: `2026-03-09/2026-03-15` (ISO 8601-1 §5.5).
        public static let date = Kind(value: .date)

        /// The name of the kind.
        public var description: String { value.rawValue }
    }

    /// What the text of the value stands for.
    public enum Detail: Sendable, Hashable {
        /// A number of the shop: `value` says it all.
        case number
        /// A parcel.
        case tracking(TrackingNumber)
        /// Money.
        case amount(Money)
        /// A day, or the first and the last of some days.
        case days(ClosedRange<LocalDate>)
    }

    /// What kind of value it is.
    public let kind: Kind
    /// The canonical form: `NC-104233` whatever the mail wrote.
    public let value: String
    /// The mail wrote it in full and beyond doubt: false where only an order's digits stood beside a word such as "order", for
    /// a tracking number whose check digit is missing or wrong, and for a day that could be another.
    public let isComplete: Bool
    /// Where it stands in the mail the first time.
    public let span: TextSpan
    /// The value with its type.
    public let detail: Detail

    /// A value found in a mail.
    public init(kind: Kind, value: String, isComplete: Bool, span: TextSpan, detail: Detail = .number) {
        self.kind = kind
        self.value = value
        self.isComplete = isComplete
        self.span = span
        self.detail = detail
    }
}

/// An amount of money.
public struct Money: Sendable, Hashable {
    /// ISO 4217: `INR`, `USD`, `EUR`, `GBP`.
    public let currency: String
    /// Paise, cents, pence.
    public let hundredths: Int

    /// An amount of money.
    public init(currency: String, hundredths: Int) {
        self.currency = currency
        self.hundredths = hundredths
    }
}

/// The calendar by which days in mails are read.
public struct DeskCalendar: Sendable, Hashable {
    /// The day that it is in the desk's time zone; without it words such as "tomorrow" name no day.
    public var today: LocalDate?
    /// `12/03` is the third of December, as in the United States.
    public var isMonthFirst: Bool

    /// A calendar; day first unless told.
    public init(today: LocalDate? = nil, isMonthFirst: Bool = false) {
        self.today = today
        self.isMonthFirst = isMonthFirst
    }
}

extension Money: CustomStringConvertible {
    /// `INR 1299.00`
    public var description: String {
        let cents = hundredths % 100
        return "\(currency) \(hundredths / 100).\(cents < 10 ? "0" : "")\(cents)"
    }
}
