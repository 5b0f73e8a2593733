extension Detection {
    /// IBANs, and India's PAN and GSTIN.
    func findAccounts() {
        for end in ends(.iban) {
            // The trigger is two letters, two digits, perhaps a separator, one character.
            let separated = !shadow.bytes[end - 2].isDigit || !shadow.bytes[end - 3].isDigit
            let start = end - (separated ? 6 : 5)
            guard start >= 0, !shadow.isWord(at: start - 1), let found = iban(from: start) else { continue }
            candidates.append(found)
        }
        for end in ends(.pan) { findTaxNumber(pan: end - 10..<end) }
    }

    private func iban(from start: Int) -> Candidate? {
        let country = shadow.string(start..<start + 2).uppercased()
        guard let length = BankAccounts.ibanLengths[country] else { return nil }
        var characters: [UInt8] = []
        var index = start
        var separators = 0
        while characters.count < length, index < shadow.bytes.count {
            let byte = shadow.bytes[index]
            if byte.isAlphanumeric {
                characters.append(byte.lowercased)
                separators = 0
            } else if [0x20, UInt8(ascii: "-"), UInt8(ascii: ".")].contains(byte), separators == 0 {
                separators = 1
            } else {
                return nil
            }
            index += 1
        }
        guard characters.count == length, !shadow.isWord(at: index), Checksum.iban(characters) else { return nil }
        return Candidate(
            type: .iban, range: start..<index, score: 1, why: "mod 97, length of the country",
            keys: [String(decoding: characters, as: UTF8.self)])
    }

    private func findTaxNumber(pan: Range<Int>) {
        let gstin = pan.lowerBound - 2..<pan.upperBound + 3
        if gstin.lowerBound >= 0, gstin.upperBound <= shadow.bytes.count, !shadow.isWord(at: gstin.lowerBound - 1),
            !shadow.isWord(at: gstin.upperBound)
        {
            let characters = Array(shadow.bytes[gstin])
            if characters[0].isDigit, characters[1].isDigit, characters.allSatisfy(\.isAlphanumeric),
                Checksum.gstin(characters)
            {
                candidates.append(Candidate(type: .gstin, range: gstin, score: 1, why: "check character"))
                return
            }
        }
        guard !shadow.isWord(at: pan.lowerBound - 1), !shadow.isWord(at: pan.upperBound) else { return }
        // The fourth letter says what kind of holder it is.
        guard "ABCFGHJLPT".utf8.contains(shadow.bytes[pan.lowerBound + 3] & 0xDF) else { return }
        let isUpper = shadow.bytes[pan].allSatisfy { $0.isUpper || $0.isDigit }
        let isNamed = Detection.panWords.appear(in: context(before: pan.lowerBound))
        guard isUpper || isNamed, isNamed || !Detection.overlaps(pan, orderNumbers) else { return }
        candidates.append(
            Candidate(type: .pan, range: pan, score: isNamed ? 1 : 0.85, why: "letters and digits of a PAN"))
    }

    private static let panWords = Phrases(["pan"])
}
