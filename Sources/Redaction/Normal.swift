/// The normalised form of a value: two spellings of one value have the same.
enum Normal {
    static func key(_ type: PIIType, _ value: String) -> String {
        let shadow = Shadow(value)
        return key(type, value, shadow, 0..<shadow.bytes.count)
    }

    /// The form of `value`, which stands at `range` of a shadow.
    static func key(_ type: PIIType, _ value: String, _ shadow: Shadow, _ range: Range<Int>) -> String {
        let bytes = shadow.bytes[range]
        switch type {
        case .creditCard, .aadhaar, .ssn, .bankAccount, .cardDetail, .oneTimeCode:
            return String(decoding: bytes.filter(\.isDigit), as: UTF8.self)
        case .phone:
            return phone(digits: bytes.filter(\.isDigit))
        case .iban, .pan, .gstin, .passport, .driverLicense, .bankCode, .nationalID, .healthNumber, .vatID, .mac,
            .vehicle,
            .voterID, .zip:
            return String(decoding: bytes.filter(\.isAlphanumeric).map(\.lowercased), as: UTF8.self)
        case .email, .upi, .ip:
            return String(decoding: bytes.filter { !$0.isSpace }.map(\.lowercased), as: UTF8.self)
        case .person, .address, .organization, .location, .nrp, .title:
            return words(shadow, in: range)
        case .url, .date, .dateOfBirth, .age, .secret, .wallet, .position, .literal, .unreadable:
            return value
        }
    }

    /// The last ten digits: what is left of a number when country code, trunk zero and punctuation differ.
    static func phone(digits: [UInt8]) -> String {
        String(decoding: digits.suffix(10), as: UTF8.self)
    }

    /// Folded words with single spaces.
    static func words(_ shadow: Shadow, in range: Range<Int>? = nil) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((range?.count ?? shadow.bytes.count) + 8)
        for word in Words(shadow, in: range).items {
            if !text.isEmpty { text.append(UInt8(ascii: " ")) }
            Fold.append(shadow.bytes[word.start..<word.end], to: &text)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
