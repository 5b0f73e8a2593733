/// The check digits of the numbers that people write in mail. All take digits as values 0 to 9.
enum Checksum {
    /// Luhn's formula (ISO/IEC 7812-1 annex B).
    static func luhn(_ digits: some BidirectionalCollection<UInt8>) -> Bool {
        var sum = 0
        var double = false
        for digit in digits.reversed() {
            let value = double ? Int(digit) * 2 : Int(digit)
            sum += value > 9 ? value - 9 : value
            double.toggle()
        }
        return sum % 10 == 0
    }

    /// Mod 97 of the text with its first four characters moved to the end is 1 (ISO 13616-1, ISO/IEC 7064 MOD 97-10).
    /// `characters` are ASCII letters of either case and digits.
    static func iban(_ characters: [UInt8]) -> Bool {
        guard characters.count > 4 else { return false }
        var remainder = 0
        for byte in characters[4...] + characters[..<4] {
            if byte.isDigit {
                remainder = (remainder * 10 + byte.digitValue) % 97
            } else {
                remainder = (remainder * 100 + Int(byte.lowercased) - 0x61 + 10) % 97
            }
        }
        return remainder == 1
    }

    /// Verhoeff's scheme over the dihedral group of order ten: the check digit of an Aadhaar number.
    static func verhoeff(_ digits: some BidirectionalCollection<UInt8>) -> Bool {
        var check = 0
        for (position, digit) in digits.reversed().enumerated() {
            check = multiplication[check][permutation[position % 8][Int(digit)]]
        }
        return check == 0
    }

    private static let multiplication = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5], [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7], [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3], [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ]

    private static let permutation = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 7, 6, 2, 8, 3, 0, 9, 4], [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7], [9, 4, 5, 3, 1, 2, 6, 8, 7, 0], [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5], [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ]

    /// The check character of a GSTIN: weights 1 and 2 in base 36 over the first fourteen characters.
    static func gstin(_ characters: [UInt8]) -> Bool {
        guard characters.count == 15 else { return false }
        var sum = 0
        for (index, byte) in characters[..<14].enumerated() {
            let product = base36(byte) * (index % 2 == 0 ? 1 : 2)
            sum += product / 36 + product % 36
        }
        return base36(characters[14]) == (36 - sum % 36) % 36
    }

    private static func base36(_ byte: UInt8) -> Int {
        byte.isDigit ? byte.digitValue : Int(byte.lowercased) - 0x61 + 10
    }
}
