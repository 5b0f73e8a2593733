/// Codes that their shape tells: IFSC, plates, hardware addresses, wallets, positions, British insurance numbers.
extension Detection {
    /// Codes written as one word or a few.
    func findCodes(_ reading: inout Reading) {
        for index in reading.words.indices where !reading.taken[index] {
            let word = reading.words[index]
            if configuration.findsFurther, word.isNumber, let end = positionEnd(index, reading) {
                add(.position, index..<end, reading, 0.7, "latitude and longitude")
                reading.take(index..<end)
                continue
            }
            let length = word.end - word.start
            if word.isNumber, (4...8).contains(length), isSentCode(index, reading) {
                add(.oneTimeCode, index..<index + 1, reading, 0.75, "a code that somebody was sent")
                reading.take(index..<index + 1)
                continue
            }
            // A code has a digit, or begins with two capitals that stand alone.
            guard word.hasDigit || length == 2 && shadow.bytes[word.start + 1].isUpper else { continue }
            guard length >= 2, shadow.bytes[word.start].isUpper || configuration.findsFurther && length >= 26 else {
                continue
            }
            if length == 11, isIFSC(word) {
                add(.bankCode, index..<index + 1, reading, 0.8, "the shape of an IFSC")
            } else if let end = insuranceNumberEnd(index, reading) {
                add(.nationalID, index..<end, reading, 0.8, "the shape of a national insurance number")
                reading.take(index..<end)
            } else if configuration.findsFurther {
                if let end = plateEnd(index, reading) {
                    add(.vehicle, index..<end, reading, 0.8, "a plate of an Indian state")
                    reading.take(index..<end)
                } else if isWallet(word) {
                    add(.wallet, index..<index + 1, reading, 0.7, "the shape of a wallet")
                    reading.take(index..<index + 1)
                }
            }
        }
    }

    /// "code 482913 aaya hai", "482913 OTP mila": a code by name, and that it came or is this one, in one sentence.
    private func isSentCode(_ index: Int, _ reading: Reading) -> Bool {
        var first = index
        while first > 0, index - first < 4, !reading.beginsSentence(first) { first -= 1 }
        var end = index + 1
        while end < reading.count, end - index < 4, !reading.beginsSentence(end) { end += 1 }
        let around = first..<end
        guard around.contains(where: { reading.isOne($0, of: Detection.codeNames) }),
            !around.contains(where: { reading.isOne($0, of: Detection.otherCodes) }),
            !Detection.overlaps(reading.bytes(index..<index + 1), orderNumbers)
        else { return false }
        // A PIN of six digits is a postcode, unless it came.
        return around.contains { reading.isOne($0, of: Detection.arrivals) }
            || reading.isOne(index + 1, of: Detection.are)
                && (reading.isOne(index - 1, of: Detection.codeWords)
                    || reading.isOne(index - 1, of: Detection.pinWords) && reading.words[index].length == 4)
    }

    private static let codeNames = WordSet("code otp pin passcode कोड ओटीपी पिन")
    private static let codeWords = WordSet("code otp passcode कोड ओटीपी")
    private static let pinWords = WordSet("pin पिन")
    private static let are = WordSet("hai h है")
    private static let arrivals = WordSet("aaya aya aayi ayi mila mili aagaya आया आयी मिला")
    private static let otherCodes = WordSet(
        "error coupon promo discount gift referral voucher order invoice ticket tracking postal area pincode item")

    /// "26.9124, 75.7873".
    private func positionEnd(_ index: Int, _ reading: Reading) -> Int? {
        func isDegrees(_ index: Int, _ limit: Int) -> Bool {
            guard let value = reading.value(index), value <= limit, reading.isNumber(index + 1) else { return false }
            return reading.isApart(index + 1, by: ".", limit: 1) && (4...8).contains(reading.words[index + 1].length)
        }
        guard isDegrees(index, 90), shadow.at(reading.words[index].start - 1) != UInt8(ascii: "."),
            reading.isApart(index + 2, by: " ,;-+", limit: 3), isDegrees(index + 2, 180),
            shadow.at(reading.words[index + 3].end) != UInt8(ascii: ".")
                || !shadow.isWord(at: reading.words[index + 3].end + 1)
        else { return nil }
        return index + 4
    }

    private func isIFSC(_ word: Words.Word) -> Bool {
        let bytes = shadow.bytes[word.start..<word.end]
        return bytes.prefix(4).allSatisfy(\.isUpper) && shadow.bytes[word.start + 4] == UInt8(ascii: "0")
            && bytes.suffix(6).allSatisfy { $0.isDigit || $0.isUpper } && bytes.suffix(6).contains(where: \.isDigit)
    }

    /// Two letters, six digits, a letter A to D: "QQ 12 34 56 C".
    private func insuranceNumberEnd(_ index: Int, _ reading: Reading) -> Int? {
        var text: [UInt8] = []
        var end = index
        while end < reading.count, text.count < 9, end == index || reading.isApart(end, by: " -", limit: 1) {
            text += shadow.bytes[reading.words[end].start..<reading.words[end].end].prefix(10)
            end += 1
        }
        guard text.count == 9, text.prefix(2).allSatisfy(\.isUpper), text[2..<8].allSatisfy(\.isDigit),
            "ABCD".utf8.contains(text[8]), !"DFIQUV".utf8.contains(text[0]), !"DFIQUVO".utf8.contains(text[1])
        else { return nil }
        return end
    }

    private static let plateStates = WordSet(
        """
        ap ar as br cg ch dd dl dn ga gj hp hr jh jk ka kl la ld mh ml mn mp mz nl od or pb py rj sk tn tr ts uk up wb
        """)

    /// "MH 12 AB 1234", "DL3CAB1234".
    private func plateEnd(_ index: Int, _ reading: Reading) -> Int? {
        var text: [UInt8] = []
        var end = index
        while end < reading.count, text.count < 8, end == index || reading.isApart(end, by: " -", limit: 1) {
            text += shadow.bytes[reading.words[end].start..<reading.words[end].end].prefix(11)
            end += 1
        }
        guard (8...11).contains(text.count), text.prefix(2).allSatisfy(\.isUpper),
            Detection.plateStates.contains(Hash64.of(text.prefix(2).map(\.lowercased))), text[2].isDigit
        else { return nil }
        let series = text.dropFirst(text[3].isDigit ? 4 : 3)
        let letters = series.prefix(while: \.isUpper)
        return (1...3).contains(letters.count) && series.count - letters.count == 4
            && series.dropFirst(letters.count).allSatisfy(\.isDigit) ? end : nil
    }

    /// Bitcoin (base 58 and bech32) and Ethereum.
    private func isWallet(_ word: Words.Word) -> Bool {
        let bytes = shadow.bytes[word.start..<word.end]
        let isMixed =
            bytes.contains(where: \.isDigit) && bytes.contains(where: \.isUpper)
            && bytes.contains { $0.isLetter && !$0.isUpper }
        if bytes.starts(with: "0x".utf8) { return bytes.count == 42 && bytes.dropFirst(2).allSatisfy(\.isHex) }
        if bytes.starts(with: "bc1".utf8) {
            return (42...62).contains(bytes.count) && bytes.allSatisfy(\.isAlphanumeric)
        }
        return (26...35).contains(bytes.count) && (bytes.first == UInt8(ascii: "1") || bytes.first == UInt8(ascii: "3"))
            && isMixed
            && bytes.allSatisfy { $0.isAlphanumeric && !"0OIl".utf8.contains($0) }
    }

    /// "00:1B:44:11:3A:B7".
    func findHardwareAddresses() {
        var last = 0
        for end in ends(.mac) where end > last {
            let start = end - 17
            guard start >= last, !shadow.isWord(at: start - 1), !shadow.isWord(at: end),
                shadow.at(end) != shadow.at(start + 2)
            else { continue }
            let separator = shadow.bytes[start + 2]
            guard stride(from: start + 2, to: end, by: 3).allSatisfy({ shadow.bytes[$0] == separator }) else {
                continue
            }
            last = end
            candidates.append(
                Candidate(
                    type: .mac, range: start..<end, score: 0.9, why: "six octets in hexadecimal",
                    staysReadable: configuration.readable.contains(.mac)))
        }
    }
}
