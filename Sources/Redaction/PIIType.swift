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
    /// A postcode that stands alone.
    case zip = "ZIP"
    /// A date that somebody was born on.
    case dateOfBirth = "DATE_OF_BIRTH"
    /// A passport number.
    case passport = "PASSPORT"
    /// A number of a driving licence.
    case driverLicense = "DRIVER_LICENSE"
    /// A number of a bank account.
    case bankAccount = "BANK_ACCOUNT"
    /// A routing code of a bank: IFSC, ABA, BIC, sort code.
    case bankCode = "BANK_CODE"
    /// A number of a national insurance, tax or identity register.
    case nationalID = "NATIONAL_ID"
    /// A number of a health service or patient.
    case healthNumber = "HEALTH_NUMBER"
    /// A value-added tax number of the European Union.
    case vatID = "VAT_ID"
    /// Verification value or expiry date of a payment card.
    case cardDetail = "CARD_CODE"
    /// A one-time code.
    case oneTimeCode = "OTP"
    /// A password.
    case secret = "PASSWORD"
    /// A hardware address (IEEE 802).
    case mac = "MAC"
    /// A vehicle's plate (of the further types).
    case vehicle = "VEHICLE"
    /// A voter's number (of the further types).
    case voterID = "VOTER_ID"
    /// An address of a crypto-currency (of the further types).
    case wallet = "WALLET"
    /// Latitude and longitude in decimals, to ten metres or better (of the further types).
    case position = "POSITION"
    /// A firm or institution; found, but left readable.
    case organization = "ORGANIZATION"
    /// A town, state or country; found, but left readable.
    case location = "LOCATION"
    /// A nation, religion or party of people; found, but left readable.
    case nrp = "NRP"
    /// A form of address or a profession; found, but left readable.
    case title = "TITLE"
    /// Somebody's age; found, but left readable.
    case age = "AGE"
    /// A calendar date; found, but left readable.
    case date = "DATE"
    /// The whole text: the pattern engine was not available, so nothing of it may be shown.
    case unreadable = "UNREADABLE"

    /// What is found but stays readable unless a desk says otherwise: alone it names nobody, and answers need it.
    public static let readableByDefault: Set<PIIType> = [.organization, .location, .nrp, .title, .age, .date]

    /// Whether the type belongs to the pack that is off by default.
    public var isFurther: Bool { [.vehicle, .voterID, .wallet, .position].contains(self) }

    /// Whether `lhs` is declared before `rhs`.
    public static func < (lhs: PIIType, rhs: PIIType) -> Bool { lhs.ordinal < rhs.ordinal }

    /// The place among the cases: cases without values are stored as just that, in a byte.
    var ordinal: UInt8 { withUnsafeBytes(of: self) { $0[0] } }
}
