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
    /// Anger and frustration, from 0 to 1.
    public let anger: Double
    /// From 0 to 1.
    public let urgency: Double
    /// The person asks for a human being.
    public let wantsPerson: Bool
    /// The mail says thanks, or that the matter is settled, and asks nothing.
    public let gratitudeOnly: Bool
    /// Order, invoice, tracking and article numbers, amounts and days, in the order of the mail, each value once.
    public let references: [Reference]
    /// The words that decided about sentiment, anger, urgency and the flags, in the order of the mail.
    public let signals: [Signal]

    /// The mail names a lawyer, a court, the police, a consumer forum or a chargeback.
    public var legalThreat: Bool { has(.legal) }
    /// The mail threatens with newspapers, television or posts.
    public var pressThreat: Bool { has(.press) }
    /// Somebody was hurt, or the writer may harm herself.
    public var isAboutSafety: Bool { has(.safety) || has(.selfHarm) }
    /// The mail says that a parcel did not come.
    public var reportsLoss: Bool { has(.loss) }
    /// The mail says that goods came broken, incomplete or were other ones.
    public var reportsDamage: Bool { has(.damage) }
    /// The mail says that what counts as delivered did not come.
    public var deniesDelivery: Bool { has(.denial) }

    private func has(_ kind: Signal.Kind) -> Bool { signals.contains { $0.kind == kind } }
}

/// What is known about the language before a text is read.
public struct LanguageHints: Sendable, Hashable {
    /// The `Content-Language` header, such as `hi, en`.
    public var contentLanguage: String?
    /// The last label of the sender's domain, such as `in`.
    public var topLevelDomain: String?
    /// The charset that the mail names, such as `iso-2022-jp`.
    public var charset: String?
    /// The language in which the conversation went so far, or which the customer's record names; decides for short texts.
    public var expected: String?

    /// The conversation or a header speaks for Hindi, in whichever letters.
    var expectsHindi: Bool {
        [expected, contentLanguage].contains { $0?.lowercased().hasPrefix("hi") ?? false }
    }

    /// The header, else the one language that a charset is made for.
    var statedLanguage: String? {
        contentLanguage ?? charset.flatMap { Self.charsets[$0.lowercased()] }
    }

    private static let charsets = [
        "iso-2022-jp": "ja", "shift_jis": "ja", "euc-jp": "ja", "gb2312": "zh", "gbk": "zh", "gb18030": "zh",
        "big5": "zh-TW", "euc-kr": "ko", "ks_c_5601-1987": "ko", "koi8-r": "ru", "koi8-u": "uk", "iso-8859-7": "el",
        "windows-1253": "el", "iso-8859-8": "he", "windows-1255": "he", "iso-8859-9": "tr", "windows-1254": "tr",
        "tis-620": "th", "windows-874": "th", "windows-1258": "vi",
    ]

    /// Hints as far as they are known.
    public init(
        contentLanguage: String? = nil, topLevelDomain: String? = nil, charset: String? = nil, expected: String? = nil
    ) {
        self.contentLanguage = contentLanguage
        self.topLevelDomain = topLevelDomain
        self.charset = charset
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
