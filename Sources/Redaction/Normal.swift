/// The normalised form of a value: two spellings of one value have the same.
enum Normal {
    static func key(_ type: PIIType, _ value: String) -> String {
        let shadow = Shadow(value)
        switch type {
        case .creditCard, .aadhaar, .ssn, .bankAccount, .cardDetail, .oneTimeCode:
            return String(decoding: shadow.bytes.filter(\.isDigit), as: UTF8.self)
        case .phone:
            return phone(digits: shadow.bytes.filter(\.isDigit))
        case .iban, .pan, .gstin, .passport, .driverLicense, .bankCode, .nationalID, .healthNumber, .vatID, .mac,
            .vehicle,
            .voterID, .zip:
            return String(decoding: shadow.bytes.filter(\.isAlphanumeric).map(\.lowercased), as: UTF8.self)
        case .email, .upi, .ip:
            return String(decoding: shadow.bytes.filter { !$0.isSpace }.map(\.lowercased), as: UTF8.self)
        case .person, .address, .organization, .location, .nrp, .title:
            return words(shadow)
        case .url, .date, .dateOfBirth, .age, .secret, .wallet, .literal, .unreadable:
            return value
        }
    }

    /// The last ten digits: what is left of a number when country code, trunk zero and punctuation differ.
    static func phone(digits: [UInt8]) -> String {
        String(decoding: digits.suffix(10), as: UTF8.self)
    }

    /// Folded words with single spaces.
    static func words(_ shadow: Shadow) -> String {
        var text: [UInt8] = []
        for word in Words(shadow).items {
            if !text.isEmpty { text.append(UInt8(ascii: " ")) }
            text += Fold.bytes(shadow.bytes[word.start..<word.end])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
