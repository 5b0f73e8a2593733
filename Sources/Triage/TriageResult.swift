/// What triage found in a mail.
public struct TriageResult: Sendable, Hashable {
    /// The language of what the person wrote.
    public let language: DetectedLanguage
    /// The intents of the mail, surest first: one for most mails, two or more for mails with several questions. Empty when
    /// nothing in the mail resembles a known question.
    public let intents: [IntentScore]
    /// From 0 to 1: how likely the mail asks something, as a whole or in one of its sentences, that no intent covers.
    public let outOfScope: Double
    /// From -1 (very unhappy) to 1 (very happy).
    public let sentiment: Double
    /// From 0 to 1.
    public let anger: Double
    /// From 0 to 1.
    public let urgency: Double
    /// The person asks for a human being.
    public let wantsPerson: Bool
    /// The mail says thanks, or that the matter is settled, and asks nothing.
    public let gratitudeOnly: Bool
    /// The mail names a lawyer, a court, the police, a consumer forum or a chargeback.
    public let legalThreat: Bool
    /// The mail says that a parcel did not come.
    public let reportsLoss: Bool
    /// The mail says that goods came broken, incomplete or were other ones.
    public let reportsDamage: Bool
    /// Order, invoice and tracking numbers and amounts, in the order of the mail, each value once.
    public let references: [Reference]
    /// The words that decided about sentiment, anger, urgency and the flags, for people who ask why.
    public let signals: [String]
}

/// A number of the shop that a mail names.
public struct Reference: Sendable, Hashable {
    /// What kind of number it is.
    public struct Kind: Sendable, Hashable, CustomStringConvertible {
        enum Value: String, Sendable { case order, invoice, tracking, amount }

        let value: Value

        /// An order number of one of the configured patterns, in its canonical form.
        public static let order = Kind(value: .order)
        /// An invoice number such as `INV-2026-00412`.
        public static let invoice = Kind(value: .invoice)
        /// What looks like a carrier's tracking number.
        public static let tracking = Kind(value: .tracking)
        /// An amount such as `INR 1299.00`.
        public static let amount = Kind(value: .amount)

        /// The name of the kind.
        public var description: String { value.rawValue }
    }

    /// What kind of number it is.
    public let kind: Kind
    /// The canonical form: `NC-104233` whatever the mail wrote.
    public let value: String
    /// The mail wrote the whole number; false where only its digits stood beside a word such as "order".
    public let isComplete: Bool
}

/// What is known about the language before a text is read.
public struct LanguageHints: Sendable, Hashable {
    /// The `Content-Language` header, such as `hi, en`.
    public var contentLanguage: String?
    /// The last label of the sender's domain, such as `in`.
    public var topLevelDomain: String?
    /// The language in which the conversation went so far, or which the customer's record names; decides for short texts.
    public var expected: String?

    /// Hints as far as they are known.
    public init(contentLanguage: String? = nil, topLevelDomain: String? = nil, expected: String? = nil) {
        self.contentLanguage = contentLanguage
        self.topLevelDomain = topLevelDomain
        self.expected = expected
    }
}

/// The language of a text.
public struct DetectedLanguage: Sendable, Hashable {
    /// BCP 47: `en`, `hi`, `hi-Latn` (Hindi in Latin letters), `de`, …; `und` when there is nothing to go by.
    public let tag: String
    /// From 0 to 1; low for short texts.
    public let confidence: Double

    /// A language and how sure it is.
    public init(tag: String, confidence: Double) {
        self.tag = tag
        self.confidence = confidence
    }
}
