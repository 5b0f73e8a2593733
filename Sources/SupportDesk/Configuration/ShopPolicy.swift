/// The shop's own figures from which facts about an order are worked out. The defaults are those of the shipped articles: who
/// writes other articles sets them too.
public struct ShopPolicy: Sendable, Hashable {
    /// Whom a customer can ask about a parcel besides the shop.
    public struct CarrierHelp: Sendable, Hashable {
        /// The carrier's help page, https.
        public var link: String?
        /// The carrier's telephone number, as it is to be read.
        public var phone: String?
    }

    /// Days after delivery within which an order can be sent back.
    public var returnDays = 30
    /// Business days within which a refund is paid, counted from its approval, the return's arrival or the cancellation.
    public var refundDays = 7
    /// Business days after the expected day of delivery until which the customer is asked to wait; after them a person acts.
    public var lateDays = 3
    /// Days after delivery within which a missing or broken parcel is to be reported.
    public var claimDays = 7
    /// By the carrier's name, as the records have it.
    public var carriers: [String: CarrierHelp] = [:]

    /// The figures of the shipped articles.
    public init() {}
}

extension ShopPolicy {
    /// Reads `policy` and `carriers` of a whole file.
    /// - Throws: `DeskError` naming file, line and key.
    init(_ root: ConfigurationReader) throws {
        self.init()
        if let reader = try root.reader("policy") {
            returnDays = try reader.integer("return_days", in: 0...3_650) ?? returnDays
            refundDays = try reader.integer("refund_days", in: 0...365) ?? refundDays
            lateDays = try reader.integer("late_days", in: 0...365) ?? lateDays
            claimDays = try reader.integer("claim_days", in: 0...365) ?? claimDays
            try reader.finish()
        }
        guard let reader = try root.reader("carriers") else { return }
        for name in reader.keys {
            let carrier = try reader.requiredReader(name)
            let help = CarrierHelp(link: try carrier.text("help"), phone: try carrier.text("phone"))
            if let link = help.link, !link.hasPrefix("https://") {
                throw carrier.error("help", "must be an https link")
            }
            carriers[name] = help
            try carrier.finish()
        }
    }
}
