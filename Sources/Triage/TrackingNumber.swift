/// A parcel's number, with what its form tells about the carrier.
public struct TrackingNumber: Sendable, Hashable {
    /// Who carries the parcel.
    public enum Carrier: String, Sendable, Hashable {
        case ups = "UPS"
        case fedEx = "FedEx"
        case dhl = "DHL"
        case usps = "USPS"
        case indiaPost = "India Post"
        /// A postal service other than India Post (UPU S10).
        case post = "post"
        case delhivery = "Delhivery"
        case blueDart = "Blue Dart"
    }

    /// The number in capitals, without blanks.
    public let number: String
    /// The carrier, when the form of the number or the mail names one.
    public let carrier: Carrier?
    /// Whether the check digit is right; nil where the carrier's numbers have none.
    public let isChecked: Bool?

    /// Reads the form of a number.
    /// - Parameters:
    ///   - text: Letters and digits in folded form (`CharacterClass.fold`).
    ///   - named: The carrier that the mail names beside the number.
    init?(_ text: ArraySlice<UInt32>, named: Carrier?) {
        let digits = text.map { Int($0) - 0x30 }
        let isNumeric = digits.allSatisfy { (0...9).contains($0) }
        guard let form = isNumeric ? Self.numeric(digits, named) : Self.mixed(Array(text)) else { return nil }
        number = String(String.UnicodeScalarView(text.compactMap { Unicode.Scalar($0) })).uppercased()
        carrier = form.carrier ?? named
        isChecked = form.isChecked
    }

    private typealias Form = (carrier: Carrier?, isChecked: Bool?)

    /// UPS: `1Z` and 16 more; S10: two letters, nine digits, the country (UPU S10 §3).
    private static func mixed(_ text: [UInt32]) -> Form? {
        if text.count == 18, text[0] == 0x31, text[1] == 0x7A { return (.ups, isUPS(Array(text[2...]))) }
        guard text.count == 13, text[..<2].allSatisfy(CharacterClass.isLatinLetter),
            text[11...].allSatisfy(CharacterClass.isLatinLetter), text[2..<11].allSatisfy(CharacterClass.isDigit)
        else { return (nil, nil) }
        let isIndian = text[11] == 0x69 && text[12] == 0x6E
        let isAmerican = text[11] == 0x75 && text[12] == 0x73
        return (isIndian ? .indiaPost : isAmerican ? .usps : .post, isS10(text[2..<11].map { Int($0) - 0x30 }))
    }

    /// Numbers of digits only: a length alone says little, so the check digit or the carrier's name has to agree.
    private static func numeric(_ digits: [Int], _ named: Carrier?) -> Form? {
        switch named {
        case .dhl where digits.count == 10: return (.dhl, isMod7(digits))
        case .fedEx: return (.fedEx, isFedEx(digits))
        case .usps: return (.usps, isMod10(digits))
        case .delhivery, .blueDart: return (named, nil)
        default: break
        }
        switch digits.count {
        case 20, 22, 26:
            // USPS services start with 91…95, FedEx Ground numbers with 96.
            if digits[0] == 9, (1...5).contains(digits[1]), isMod10(digits) { return (.usps, true) }
            if digits[0] == 9, digits[1] == 6, isFedEx(digits) { return (.fedEx, true) }
        case 12 where isFedEx(digits), 15 where isFedEx(digits): return (.fedEx, true)
        case 10 where isMod7(digits): return (.dhl, true)
        default: break
        }
        return (nil, nil)
    }

    /// The form alone, without any word beside it, makes it a tracking number.
    var speaksForItself: Bool {
        switch carrier {
        case .ups, .indiaPost, .post: isChecked == true
        case .usps: isChecked == true && number.utf8.count >= 13
        case .fedEx: isChecked == true && number.utf8.count >= 20
        default: false
        }
    }

    /// Letters count as their place modulo ten, every second figure twice.
    private static func isUPS(_ text: [UInt32]) -> Bool {
        var sum = 0
        for (place, scalar) in text.dropLast().enumerated() {
            let value = CharacterClass.isDigit(scalar) ? Int(scalar) - 0x30 : (Int(scalar & ~0x20) - 63) % 10
            sum += place % 2 == 0 ? value : value * 2
        }
        guard let last = text.last, CharacterClass.isDigit(last) else { return false }
        return (10 - sum % 10) % 10 == Int(last) - 0x30
    }

    /// UPU S10 §3.3: weights 8 6 4 2 3 5 9 7, modulo 11.
    private static func isS10(_ digits: [Int]) -> Bool {
        let sum = zip(digits, [8, 6, 4, 2, 3, 5, 9, 7]).reduce(0) { $0 + $1.0 * $1.1 }
        let check = 11 - sum % 11
        return digits[8] == (check == 10 ? 0 : check == 11 ? 5 : check)
    }

    /// DHL Express: the number before the last digit modulo seven.
    private static func isMod7(_ digits: [Int]) -> Bool {
        digits.dropLast().reduce(0) { ($0 * 10 + $1) % 7 } == digits.last
    }

    /// From the right, every second digit three times.
    private static func isMod10(_ digits: some BidirectionalCollection<Int>) -> Bool {
        var sum = 0
        for (place, digit) in digits.dropLast().reversed().enumerated() { sum += place % 2 == 0 ? digit * 3 : digit }
        return (10 - sum % 10) % 10 == digits.last
    }

    /// FedEx Express has twelve digits (weights 1, 3, 7 from the right, modulo 11), Ground fifteen; longer ones end in those.
    private static func isFedEx(_ digits: [Int]) -> Bool {
        guard digits.count == 12 else { return digits.count >= 15 && isMod10(digits.suffix(15)) }
        var sum = 0
        for (place, digit) in digits.dropLast().reversed().enumerated() { sum += digit * [1, 3, 7][place % 3] }
        return sum % 11 % 10 == digits.last
    }
}
