import Foundation
import Redaction
import Seeded

/// Unique personal data of every type that is masked by default, valid by its check digits, in a sentence as customers
/// write it.
struct CanaryValues {
    /// A sentence, and the piece of it that must not be seen again.
    struct Said {
        let type: PIIType
        let text: String
        /// What is searched for; letters and digits of it count.
        let secret: String
    }

    /// All types that a mail may hold and that are masked; the others stay readable or are further types.
    static let types = PIIType.allCases.filter {
        !PIIType.readableByDefault.contains($0) && !$0.isFurther && $0 != .literal && $0 != .unreadable
    }

    private var random: SeededRandom
    private var used: Set<String> = []

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func pick<Element>(_ options: [Element]) -> Element {
        options[Int(random.next() % UInt64(options.count))]
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    /// A value that was not made before.
    private mutating func unique(_ make: (inout CanaryValues) -> String) -> String {
        while true {
            let value = make(&self)
            if used.insert(value.lowercased()).inserted { return value }
        }
    }

    private mutating func digits(_ count: Int) -> String {
        (0..<count).map { place in String(number((place == 0 ? 1 : 0)...9)) }.joined()
    }

    private mutating func letters(_ count: Int) -> String {
        (0..<count).map { _ in pick(Array("ABCDEFGHJKLMNPRSTUVWXYZ").map(String.init)) }.joined()
    }

    /// A word that nobody else uses: the part of a name or street by which a leak is seen.
    mutating func word() -> String {
        unique { values in
            let syllables = [
                "vel", "mor", "zan", "quil", "tar", "bex", "dro", "fen", "gul", "hax", "jov", "kim", "lur",
            ]
            let ends = ["ani", "ovar", "edi", "umal", "ikar", "ostra", "apur", "enko"]
            return (values.pick(syllables) + values.pick(syllables) + values.pick(syllables) + values.pick(ends))
                .capitalized
        }
    }

    mutating func givenName() -> String {
        pick(["Ananya", "Rahul", "Meera", "Vikram", "Sarah", "Thomas", "Kavya", "James", "Fatima", "Deepak", "Laura"])
    }

    mutating func phone() -> String {
        unique { values in "+91 9\(values.digits(1))\(values.digits(3)) \(values.digits(5))" }
    }

    // MARK: - Check digits, written anew: the test does not trust the code that it tests.

    private func luhn(_ digits: String) -> Int {
        let sum = digits.reversed().enumerated().reduce(0) { sum, item in
            let digit = item.element.wholeNumberValue ?? 0
            if item.offset % 2 == 1 { return sum + digit }
            return sum + (digit * 2 > 9 ? digit * 2 - 9 : digit * 2)
        }
        return (10 - sum % 10) % 10
    }

    private func mod97(_ text: String) -> Int {
        text.reduce(0) { rest, letter in
            let value = letter.wholeNumberValue ?? Int(letter.asciiValue ?? 65) - 55
            return (rest * (value > 9 ? 100 : 10) + value) % 97
        }
    }

    private func verhoeff(_ digits: String) -> Int {
        func times(_ a: Int, _ b: Int) -> Int {
            // The dihedral group of order ten.
            switch (a < 5, b < 5) {
            case (true, true): (a + b) % 5
            case (true, false): (a + b - 5) % 5 + 5
            case (false, true): (a - 5 - b + 5) % 5 + 5
            case (false, false): (a - b + 5) % 5
            }
        }
        func turned(_ digit: Int, by places: Int) -> Int {
            (0..<places % 8).reduce(digit) { value, _ in [1, 5, 7, 6, 2, 8, 3, 0, 9, 4][value] }
        }
        let check = digits.reversed().enumerated().reduce(0) { check, item in
            times(check, turned(item.element.wholeNumberValue ?? 0, by: item.offset + 1))
        }
        return (0...9).first { times(check, $0) == 0 } ?? 0
    }

    private func gstinCheck(_ text: String) -> String {
        let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        let sum = text.enumerated().reduce(0) { sum, item in
            let product = (alphabet.firstIndex(of: item.element) ?? 0) * (item.offset % 2 + 1)
            return sum + product / 36 + product % 36
        }
        return String(alphabet[(36 - sum % 36) % 36])
    }

    private func germanVAT(_ digits: String) -> Int {
        let product = digits.reduce(10) { product, digit in
            let sum = ((digit.wholeNumberValue ?? 0) + product) % 10
            return (sum == 0 ? 10 : sum) * 2 % 11
        }
        return (11 - product) % 10
    }

    private mutating func healthNumber() -> String {
        while true {
            let digits = digits(9)
            let sum = digits.enumerated().reduce(0) { $0 + ($1.element.wholeNumberValue ?? 0) * (10 - $1.offset) }
            let check = (11 - sum % 11) % 11
            if check < 10 { return digits + String(check) }
        }
    }

    private func grouped(_ text: String, by size: Int, _ separator: String) -> String {
        text.enumerated().map { ($0.offset > 0 && $0.offset % size == 0 ? separator : "") + String($0.element) }
            .joined()
    }

    private mutating func panNumber() -> String { letters(3) + "P" + letters(1) + digits(4) + letters(1) }

    // MARK: - Sentences

    /// Something of a type, said as a customer says it.
    mutating func say(_ type: PIIType) -> Said {
        switch type {
        case .creditCard:
            let body = pick(["4", "51"]) + digits(12)
            let padded = String((body + digits(2)).prefix(15))
            let card = padded + String(luhn(padded))
            let written = pick([card, grouped(card, by: 4, " "), grouped(card, by: 4, "-")])
            return Said(
                type: type,
                text: pick(["I paid with \(written).", "My card number is \(written).", "Card: \(written)"]),
                secret: card)
        case .iban:
            let account = digits(18)
            let check = 98 - mod97(account + "DE00")
            let iban = "DE" + (check < 10 ? "0" : "") + String(check) + account
            let written = pick([iban, grouped(iban, by: 4, " ")])
            return Said(
                type: type, text: pick(["Please refund to IBAN \(written).", "My account is \(written)."]), secret: iban
            )
        case .aadhaar:
            let body = String(number(2...9)) + digits(10)
            let whole = body + String(verhoeff(body))
            let written = pick([whole, grouped(whole, by: 4, " ")])
            return Said(
                type: type, text: pick(["My Aadhaar is \(written).", "Aadhaar number: \(written)"]), secret: whole)
        case .gstin:
            let body = pick(["27", "29", "07", "33"]) + panNumber() + "1Z"
            let whole = body + gstinCheck(body)
            return Said(
                type: type, text: pick(["Our GSTIN is \(whole).", "Please add GST no. \(whole) to the bill."]),
                secret: whole)
        case .pan:
            let whole = unique { $0.panNumber() }
            return Said(type: type, text: pick(["My PAN is \(whole).", "PAN card \(whole)"]), secret: whole)
        case .ssn:
            let written = "\(number(101...660))-\(number(11...98))-\(number(1001...9998))"
            return Said(type: type, text: pick(["My SSN is \(written).", "SSN: \(written)"]), secret: written)
        case .email:
            let address =
                "\(word().lowercased())\(number(1...99))@\(pick(["quickpost", "mailbarn", "letterly"])).example"
            return Said(
                type: type, text: pick(["Please write to \(address) instead.", "My other address is \(address)."]),
                secret: address)
        case .upi:
            let handle = "\(word().lowercased())@\(pick(["okhdfcbank", "ybl", "paytm", "oksbi"]))"
            return Said(
                type: type, text: pick(["My UPI id is \(handle).", "I paid by UPI from \(handle)."]), secret: handle)
        case .phone:
            let phone = phone()
            let written = pick([phone, "0" + phone.dropFirst(4).filter(\.isNumber), String(phone.dropFirst(4))])
            return Said(
                type: type,
                text: pick(["You can call me on \(written).", "Mobile: \(written)", "WhatsApp \(written)"]),
                secret: String(phone.dropFirst(4)))
        case .ip:
            let address = "\(number(101...126)).\(number(100...250)).\(number(100...250)).\(number(101...250))"
            return Said(
                type: type, text: pick(["The page said my IP is \(address).", "Blocked: \(address)"]), secret: address)
        case .url:
            let token = unique { $0.letters(6) + $0.digits(6) }
            let link = "https://\(pick(["login", "portal"])).example/reset?user=me&token=\(token)"
            return Said(
                type: type, text: pick(["The link \(link) does not open.", "I was sent \(link)"]), secret: token)
        case .person:
            let family = word()
            let name = "\(givenName()) \(family)"
            return Said(
                type: type,
                text: pick([
                    "My name is \(name).", "The parcel is for my husband, Mr. \(name).", "Thanks and regards,\n\(name)",
                    "Mera naam \(name) hai.",
                ]), secret: family)
        case .address:
            let street = "\(word()) \(pick(["Road", "Street", "Nagar", "Lane"]))"
            let house = "\(number(2...199))"
            return Said(
                type: type,
                text: pick([
                    "I live at \(house) \(street), Pune 411038.", "My address is Flat 4, \(house) \(street), Mumbai.",
                    "Please deliver to \(house), \(street), Bengaluru 560034.",
                ]), secret: street)
        case .zip:
            let code = "\(number(11...85))\(digits(4))"
            let phrase = pick(["My PIN code is", "Do you deliver to pincode"])
            return Said(type: type, text: "\(phrase) \(code).", secret: "\(phrase) \(code)")
        case .dateOfBirth:
            let (day, month, year) = (number(10...28), number(10...12), number(1950...2004))
            return Said(
                type: type,
                text: pick(["My date of birth is \(day)/\(month)/\(year).", "DOB: \(day)-\(month)-\(year)"]),
                secret: "\(day)\(month)\(year)")
        case .passport:
            let whole = letters(1) + digits(7)
            return Said(
                type: type, text: pick(["My passport number is \(whole).", "Passport no. \(whole)"]), secret: whole)
        case .driverLicense:
            let whole = "\(pick(["MH", "KA", "DL"]))\(number(10...50)) \(number(1995...2020))00\(digits(5))"
            return Said(
                type: type, text: pick(["My driving licence is \(whole).", "Driving licence number \(whole)"]),
                secret: whole)
        case .bankAccount:
            let whole = digits(12)
            return Said(
                type: type,
                text: pick(["Refund to bank account \(whole).", "My account number is \(whole).", "A/c no. \(whole)"]),
                secret: whole)
        case .bankCode:
            let whole = "\(pick(["HDFC", "SBIN", "ICIC", "UTIB"]))0\(digits(6))"
            return Said(type: type, text: pick(["IFSC \(whole)", "The IFSC code is \(whole)."]), secret: whole)
        case .nationalID:
            let whole =
                "\(pick(["JT", "AB", "CE", "HK"])) \(digits(2)) \(digits(2)) \(digits(2)) \(pick(["A", "B", "C"]))"
            return Said(
                type: type, text: pick(["My NI number is \(whole).", "National Insurance number: \(whole)"]),
                secret: whole)
        case .healthNumber:
            let whole = healthNumber()
            return Said(
                type: type, text: pick(["My NHS number is \(whole).", "NHS no. \(grouped(whole, by: 3, " "))"]),
                secret: whole)
        case .vatID:
            let body = digits(8)
            let whole = "DE\(body)\(germanVAT(body))"
            return Said(
                type: type, text: pick(["Our VAT number is \(whole).", "VAT ID: \(whole)"]), secret: whole)
        case .cardDetail:
            // A short code is only a leak beside the words that say what it is.
            let phrase = pick(["The CVV is", "and the CVV"])
            let code = digits(3)
            return Said(type: type, text: "\(phrase) \(code).", secret: "\(phrase) \(code)")
        case .oneTimeCode:
            let phrase = pick(["The OTP is", "I got the OTP"])
            let code = digits(6)
            return Said(type: type, text: "\(phrase) \(code).", secret: "\(phrase) \(code)")
        case .secret:
            let password = "\(word())-\(number(10...99))!"
            return Said(
                type: type, text: pick(["My password is \(password)", "password: \(password)"]), secret: password)
        case .mac:
            let octets = (0..<6).map { _ in String(number(17...255), radix: 16, uppercase: true) }
            let whole = octets.joined(separator: ":")
            return Said(
                type: type, text: pick(["The speaker has MAC \(whole).", "MAC address: \(whole)"]), secret: whole)
        default:
            return Said(type: type, text: "", secret: "")
        }
    }
}
