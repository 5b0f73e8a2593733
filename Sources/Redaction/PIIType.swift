/// A kind of personal data, by the name that the command line and the placeholders show.
///
/// The order of the cases is the last word when two findings of equal length and score overlap: the earlier case wins.
public enum PIIType: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Text that looks like one of our placeholders but was written by somebody else; see ``Placeholder``.
    case literal = "LITERAL"
    /// A payment card number: issuer range, length and Luhn check digit (ISO/IEC 7812).
    case creditCard = "CREDIT_CARD"
    /// An international bank account number: country length and mod-97 check (ISO 13616).
    case iban = "IBAN"
    /// An Indian resident number: twelve digits with a Verhoeff check digit.
    case aadhaar = "AADHAAR"
    /// A goods-and-services tax number of India, with its check character.
    case gstin = "GSTIN"
    /// An Indian permanent account number: five letters, four digits, a letter.
    case pan = "PAN"
    /// A United States social security number.
    case ssn = "SSN"
    /// An e-mail address (RFC 5321 mailbox, RFC 6531 letters allowed).
    case email = "EMAIL"
    /// A payment address of India's Unified Payments Interface, `name@bank`.
    case upi = "UPI"
    /// A phone number that a numbering plan allows, or that a word beside it calls one.
    case phone = "PHONE"
    /// An IPv4 or IPv6 address.
    case ip = "IP"
    /// A link; masked when it carries an e-mail address, a password or a secret.
    case url = "URL"
    /// A person's name.
    case person = "PERSON"
    /// A postal address or a telling part of one.
    case address = "ADDRESS"
    /// A calendar date in digits; found, but left readable.
    case date = "DATE"
    /// The whole text: the pattern engine was not available, so nothing of it may be shown.
    case unreadable = "UNREADABLE"

    private static let order: [PIIType: Int] = Dictionary(
        uniqueKeysWithValues: allCases.enumerated().map { ($0.element, $0.offset) })

    /// Whether `lhs` is declared before `rhs`.
    public static func < (lhs: PIIType, rhs: PIIType) -> Bool {
        order[lhs, default: 0] < order[rhs, default: 0]
    }
}
