import CPhoneNumber

/// libphonenumber for the candidates of one text. It is loaded when the first candidate appears and costs about 30 µs
/// a number, so answers are kept, and there are no more questions than the length of the text justifies.
struct PhoneNumbers {
    enum Answer {
        case valid(e164: String)
        case possible
        case no
        /// The text holds more candidates than we ask about: the shape must decide.
        case notAsked

        var isValid: Bool {
            if case .valid = self { true } else { false }
        }
    }

    /// Where else a number may belong when no region is configured: by the number of people who write mail.
    private static let elsewhere = [
        "DE", "FR", "CA", "AU", "IT", "ES", "BR", "CH", "NL", "BE", "AT", "SE", "DK", "NO", "FI", "PL", "CZ", "PT",
        "IE",
        "NZ", "ZA", "HU", "SG", "AE", "MX", "TR", "GR", "SI", "HR", "IS", "IL", "JP",
    ]
    private var elsewhere: [String: Answer] = [:]

    /// The number in the first region of the world that has it; nil when none does.
    mutating func askAnywhere(_ text: String) -> Answer? {
        if let known = elsewhere[text] { return known.isValid ? known : nil }
        var answer = Answer.no
        for region in PhoneNumbers.elsewhere where left > 0 {
            guard PhoneNumbers.mayBelong(text, to: region) else { continue }
            left -= 1
            let number = PhoneNumbers.parse(text, region: region)
            if number.valid {
                answer = .valid(e164: PhoneNumbers.e164(number))
                break
            }
        }
        elsewhere[text] = answer
        return answer.isValid ? answer : nil
    }

    private let regions: [String]
    private var answers: [String: Answer] = [:]
    private var left: Int

    /// One question for every 128 bytes of text keeps a megabyte of digits under a third of a second.
    init(regions: [String], textBytes: Int) {
        self.regions = regions
        left = 256 + textBytes / 128
    }

    /// What `text` (digits, perhaps a leading '+') is in the configured regions, in their order.
    mutating func ask(_ text: String) -> Answer {
        if let known = answers[text] { return known }
        guard left > 0 else { return .notAsked }
        left -= 1
        var answer = Answer.no
        for region in text.hasPrefix("+") ? regions.prefix(1) : regions[...]
        where PhoneNumbers.mayBelong(text, to: region) {
            let number = PhoneNumbers.parse(text, region: region)
            if number.valid {
                answer = .valid(e164: PhoneNumbers.e164(number))
                break
            }
            if number.possible { answer = .possible }
        }
        answers[text] = answer
        return answer
    }

    /// Whether a number can be whole in a region by its length, for the three plans that are asked most: only Indian
    /// service numbers, which begin with a 1, have fewer than ten digits behind the trunk zero; numbers of North America
    /// have ten without one; British ones nine or ten. A parse of what this refuses never finds a valid number.
    private static func mayBelong(_ text: String, to region: String) -> Bool {
        let utf8 = text.utf8
        guard let first = utf8.first, first.isDigit, !text.hasPrefix("00"), !text.hasPrefix("011") else { return true }
        let national = utf8.count - (first == UInt8(ascii: "0") ? 1 : 0)
        switch region {
        case "IN": return national >= 10 || first == UInt8(ascii: "1")
        case "US", "CA": return national == 10 && utf8.count == 10 && first > UInt8(ascii: "1") || national > 10
        case "GB": return (9...10).contains(national) || national > 11
        default: return true
        }
    }

    private static func parse(_ text: String, region: String) -> aura_phone_number {
        var text = text
        return text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { aura_phone_number_parse($0.baseAddress, $0.count, region) }
        }
    }

    private static func e164(_ number: aura_phone_number) -> String {
        withUnsafeBytes(of: number.e164) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
