/// Which card networks number their cards how: the ranges that the networks publish (ISO/IEC 7812 issuer numbers).
enum Issuers {
    /// The lengths that a network with this beginning gives its cards; empty when no network has it.
    static func lengths(_ digits: ArraySlice<UInt8>) -> [Int] {
        guard digits.count >= 6 else { return [] }
        let six = digits.prefix(6).reduce(0) { $0 * 10 + Int($1) }
        let four = six / 100
        let three = six / 1000
        let two = six / 10000
        switch true {
        case six / 100_000 == 4: return [16, 13, 19]  // Visa
        case (51...55).contains(two), (2221...2720).contains(four): return [16]  // Mastercard
        case two == 34, two == 37: return [15]  // American Express
        case (300...305).contains(three), three == 309, two == 36, two == 38, two == 39: return [14, 16]  // Diners Club
        case (3528...3589).contains(four): return [16, 17, 18, 19]  // JCB, and RuPay with JCB
        case four == 1800, four == 2131: return [15]  // JCB, the old numbers
        case four == 6011, (644...649).contains(three), two == 65: return [16, 19]  // Discover, RuPay
        case two == 62: return [16, 17, 18, 19]  // UnionPay
        case two == 60, two == 81, two == 82, three == 508: return [16]  // RuPay
        case two == 50, (56...58).contains(two), two == 61, two == 63, two == 67, two == 68, two == 69:
            return [16, 12, 13, 14, 15, 17, 18, 19]  // Maestro
        case (2200...2204).contains(four): return [16, 19]  // Mir
        default: return []
        }
    }

    /// Whether digits written in groups of these lengths look like a card and not like several numbers in a row.
    static func isCardGrouping(_ groups: [Int]) -> Bool {
        if groups.count == 1 { return true }
        switch groups {
        case [4, 4, 4, 4], [4, 6, 5], [4, 6, 4], [4, 4, 5], [8, 8], [6, 10], [4, 4, 4, 4, 3], [4, 4, 4, 3], [4, 12],
            [8, 4, 4], [4, 4, 8], [6, 6, 4], [4, 5, 6], [4, 4, 4, 4, 2], [4, 4, 4, 4, 1], [6, 13], [4, 4, 7],
            [4, 7, 4]:
            return true
        default:
            // Digit by digit, or in pairs.
            guard let first = groups.first, first <= 2 else { return false }
            return groups.dropLast().allSatisfy { $0 == first } && (groups.last ?? 0) <= first
        }
    }
}

/// The lengths that the countries of the SWIFT register give their IBANs.
enum BankAccounts {
    static let ibanLengths: [String: Int] = [
        "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29,
        "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29,
        "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28,
        "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28,
        "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20,
        "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25,
        "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27,
        "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
    ]
}
