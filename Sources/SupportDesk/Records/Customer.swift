import Triage

/// A customer of the shop, as its records have her. What a record leaves out is nil, never guessed.
public struct Customer: Sendable, Hashable {
    /// The shop's id; empty for a guest, who has orders and no account.
    public let id: String
    /// Full name.
    public let name: String?
    /// E-mail addresses that the record lists as hers.
    public let addresses: [String]
    /// Telephone number, as written.
    public let phone: String?
    /// Preferred language, BCP 47.
    public let language: String?
    /// Postal address.
    public let postalAddress: PostalAddress?
    /// Customer since.
    public let since: LocalDate?
    /// Whether she wants replies read aloud as well.
    public let wantsVoice: Bool
    /// Words that the shop put on her record, in lower case: `vip`, `wholesale`.
    public let tags: [String]
    /// What the record does not say, or says in a way that nobody can rely on.
    public let problems: [RecordProblem]

    /// Creates a customer; texts are bounded and freed of characters that are none.
    public init(
        id: String, name: String? = nil, addresses: [String], phone: String? = nil, language: String? = nil,
        postalAddress: PostalAddress? = nil, since: LocalDate? = nil, tags: [String] = [],
        wantsVoice: Bool = false, problems: [RecordProblem] = []
    ) {
        self.id = id
        self.name = name.flatMap(RecordText.line)
        self.addresses = addresses.compactMap(RecordText.word)
        self.phone = phone.flatMap(RecordText.word)
        self.language = language.flatMap(RecordText.word)
        self.postalAddress = postalAddress
        self.since = since
        self.wantsVoice = wantsVoice
        self.tags = tags.prefix(100).compactMap { RecordText.line($0)?.lowercased() }
        self.problems = problems
    }

    /// Whether she has orders and no account.
    public var isGuest: Bool { id.isEmpty }

    /// Whether an address is one of hers: exactly, but for the case (plus and dot variants are other people).
    public func owns(_ address: String) -> Bool {
        addresses.contains { RecordText.isSame($0, address) }
    }

    /// Whether an order is hers: by the address on it, and where it names none, by her account.
    public func owns(_ order: Order) -> Bool {
        if let email = order.email { return owns(email) }
        return !isGuest && order.customer == id
    }
}

/// Where a customer lives.
public struct PostalAddress: Sendable, Hashable {
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

    /// Creates an address; texts are bounded and freed of characters that are none.
    public init(
        lines: [String], city: String? = nil, state: String? = nil, postcode: String? = nil, country: String? = nil
    ) {
        self.lines = lines.prefix(8).compactMap(RecordText.line)
        self.city = city.flatMap(RecordText.line)
        self.state = state.flatMap(RecordText.line)
        self.postcode = postcode.flatMap(RecordText.line)
        self.country = country.flatMap(RecordText.line)
    }
}
