/// Values that only the words before them tell: licences, passports, accounts, secrets.
extension Detection {
    /// What may follow a phrase.
    private struct Kind: Sendable {
        let type: PIIType
        let phrases: [String]
        /// How many letters and digits, separators left out.
        let lengths: ClosedRange<Int>
        /// How many of them must be digits.
        let digits: Int
        /// Whether letters may be among them.
        var letters = true
        /// Whether the phrase itself is a sign even where "no." or ":" do not follow.
        var score = 0.85
        var spaces = true
    }

    /// In the order of ``Trigger/context``'s alternatives: the longest phrase that ends a trigger decides.
    private static let kinds: [Kind] = [
        Kind(
            type: .driverLicense,
            phrases: [
                "driver's license", "drivers license", "driver license", "driver's licence", "driving licence",
                "driving license", "drivers licence", "licence number", "license number", "licence no", "license no",
                "dl no", "dl number", "dl:",
                "ड्राइविंग लाइसेंस",
            ], lengths: 5...20, digits: 4),
        Kind(type: .passport, phrases: ["passport", "पासपोर्ट"], lengths: 6...12, digits: 5, spaces: false),
        Kind(
            type: .bankAccount,
            phrases: [
                "account number", "account no", "acct no", "acct number", "a/c no", "a/c number", "a/c", "bank account",
                "acc no",
                "acc number", "account #", "account is", "khata number", "खाता संख्या", "खाता नंबर", "खाता",
            ], lengths: 8...18, digits: 8, letters: false),
        Kind(
            type: .bankCode, phrases: ["routing number", "routing no", "aba", "sort code"], lengths: 6...9, digits: 6,
            letters: false),
        Kind(type: .bankCode, phrases: ["ifsc", "swift", "bic"], lengths: 8...11, digits: 0, spaces: false),
        Kind(
            type: .voterID, phrases: ["voter id", "voter card", "epic no", "epic number", "voter"], lengths: 9...12,
            digits: 6),
        Kind(
            type: .healthNumber,
            phrases: ["nhs", "nhs number", "medicare", "health insurance number", "medical record number", "mrn"],
            lengths: 6...12, digits: 6),
        Kind(
            type: .nationalID,
            phrases: [
                "national insurance", "ni number", "nino", "national id", "identity card", "id card", "citizen id",
                "tax id", "tin", "tax identification", "itin",
            ], lengths: 6...14, digits: 5),
        Kind(
            type: .vatID, phrases: ["vat", "vat number", "vat id", "ust-id", "ustid", "umsatzsteuer"], lengths: 8...14,
            digits: 7),
        Kind(
            type: .cardDetail, phrases: ["cvv", "cvc", "cvv2", "security code"], lengths: 3...4, digits: 3,
            letters: false),
        Kind(
            type: .oneTimeCode,
            phrases: [
                "otp", "one time password", "one-time password", "one-time code", "one time code", "verification code",
                "security pin", "atm pin", "login code", "ओटीपी",
            ], lengths: 4...8, digits: 4, letters: false),
        Kind(
            type: .ssn, phrases: ["ssn", "social security number", "social security"], lengths: 9...9, digits: 9,
            letters: false),
        Kind(
            type: .aadhaar, phrases: ["aadhaar", "aadhar", "आधार"], lengths: 12...12, digits: 12, letters: false,
            score: 0.9),
    ]

    /// For Hyperscan: every phrase.
    static let contextPhrases: [String] =
        kinds.flatMap(\.phrases) + ["password", "passwd", "passcode", "pwd", "pw", "पासवर्ड"]

    private static let table: [(phrase: [UInt8], kind: Int)] = kinds.enumerated()
        .flatMap { index, kind in kind.phrases.map { (Array($0.utf8), index) } }
        .sorted { $0.0.count > $1.0.count }

    func findStatedNumbers() {
        findCardExpiry()
        var last = 0
        for end in ends(.context) where end >= last {
            guard !shadow.isWord(at: end) || shadow.at(end) | 0x20 == UInt8(ascii: "s") && !shadow.isWord(at: end + 1)
            else { continue }
            let before = shadow.lowercased(max(0, end - 32)..<end)
            if Detection.passwordWords.lastEnd(in: before) == before.count {
                findPassword(after: end)
                continue
            }
            guard let kind = kind(endingAt: before), let value = value(after: end, Detection.kinds[kind]) else {
                continue
            }
            let type = Detection.kinds[kind].type
            if type.isFurther, !configuration.findsFurther { continue }
            guard !Detection.overlaps(value, orderNumbers), !Detection.overlaps(value, links) else { continue }
            last = value.upperBound
            candidates.append(
                Candidate(
                    type: type, range: value, score: Detection.kinds[kind].score, why: "words before it say what it is",
                    staysReadable: configuration.readable.contains(type)))
        }
    }

    /// "exp 12/27", "valid thru 09/2028", behind a card's number or a word for one on the same line.
    private func findCardExpiry() {
        guard !ends(.expiry).isEmpty else { return }
        let cards = candidates.filter { $0.type == .creditCard }.map(\.range)
        var last = 0
        for end in ends(.expiry) where end > last {
            last = end
            var start = end
            while start > 0, shadow.bytes[start - 1].isDigit || "/-".utf8.contains(shadow.bytes[start - 1]) {
                start -= 1
            }
            var stop = end
            while shadow.at(stop).isDigit, stop - end < 3 { stop += 1 }
            guard [5, 7].contains(stop - start), !shadow.isWord(at: stop), shadow.at(stop) != shadow.at(start + 2)
            else {
                continue
            }
            let hasCard =
                Detection.cardNames.appear(in: context(before: start, limit: 80))
                || Detection.overlaps(max(0, start - 40)..<start, cards)
            guard hasCard, !Detection.overlaps(start..<stop, orderNumbers) else { continue }
            candidates.append(
                Candidate(
                    type: .cardDetail, range: start..<stop, score: 0.8, why: "the expiry date of a card",
                    staysReadable: configuration.readable.contains(.cardDetail)))
        }
    }

    private static let cardNames = Phrases(["card", "visa", "mastercard", "rupay", "amex", "cvv", "debit", "कार्ड"])

    private func kind(endingAt before: [UInt8]) -> Int? {
        Detection.table.first { entry in
            before.hasEnding(entry.phrase)
                && (before.count == entry.phrase.count || !before[before.count - entry.phrase.count - 1].isWord)
        }?.kind
    }

    /// Past "number", "no.", "is", ":", "#" and the like, at most 40 bytes on.
    private func valueStart(after end: Int) -> Int? {
        var index = end
        let limit = min(shadow.bytes.count, end + 40)
        while index < limit {
            let byte = shadow.bytes[index]
            if byte == 0x0A, index > end + 2 { return nil }
            if " \t\r\n:=#.'\"-([*".utf8.contains(byte) {
                index += 1
                continue
            }
            guard byte.isWord else { return nil }
            var stop = index
            while stop < limit, shadow.bytes[stop].isWord { stop += 1 }
            guard Detection.fillers.contains(Fold.hash(shadow.bytes[index..<stop])) else { return index }
            index = stop
        }
        return nil
    }

    private static let fillers = WordSet(
        """
        number no num nr is was are my the for of code id card account licence license as s here it this ending your his her \
        their our and नंबर नम्बर संख्या है मेरा मेरी का hai mera meri ka ki details detail ifsc savings current changed to login \
        payment transaction
        """)

    private func value(after end: Int, _ kind: Kind) -> Range<Int>? {
        guard let start = valueStart(after: end) else { return nil }
        var index = start
        var stop = start
        var count = 0
        var digits = 0
        // Pieces of letters and digits with single separators; a piece without digits after the first ends it.
        while index < shadow.bytes.count, count <= kind.lengths.upperBound {
            var piece = index
            var inPiece = 0
            while piece < shadow.bytes.count, shadow.bytes[piece].isAlphanumeric, piece - index <= 24 {
                if shadow.bytes[piece].isDigit { inPiece += 1 }
                piece += 1
            }
            guard piece > index, !shadow.isWord(at: piece), kind.letters || inPiece == piece - index else { break }
            // A check letter may stand apart: "12 34 56 C".
            let isLetter = inPiece == 0 && piece - index == 1 && shadow.bytes[index].isUpper && digits >= kind.digits
            if inPiece == 0, kind.digits > 0, !isLetter, count > 0 || piece - index > 3 || !shadow.bytes[index].isUpper
            {
                break
            }
            if count + piece - index > kind.lengths.upperBound { break }
            count += piece - index
            digits += inPiece
            stop = piece
            guard kind.spaces, "- /.".utf8.contains(shadow.at(piece)), shadow.at(piece + 1).isAlphanumeric else {
                break
            }
            index = piece + 1
        }
        guard kind.lengths.contains(count), digits >= kind.digits else { return nil }
        // Words are no codes: a code without digits is in capitals.
        if digits == 0, !shadow.bytes[start..<stop].allSatisfy(\.isUpper) { return nil }
        return start..<stop
    }

    private static let passwordWords = Phrases(["password", "passwd", "passcode", "pwd", "pw", "पासवर्ड"])

    /// The word after "password is" or "password:", when it looks like one; right behind "password" it must have letters and
    /// digits.
    private func findPassword(after end: Int) {
        var index = end
        while index - end < 3, " \t".utf8.contains(shadow.at(index)) { index += 1 }
        var isStated = false
        for lead in ["is", "was", ":", "=", "है", "hai", "-"]
        where shadow.lowercased(index..<min(index + lead.utf8.count, shadow.bytes.count)).elementsEqual(lead.utf8) {
            index += lead.utf8.count
            isStated = true
            break
        }
        while index - end < 12, " \t:\"'".utf8.contains(shadow.at(index)) { index += 1 }
        var stop = index
        while stop < shadow.bytes.count, stop - index < 64, shadow.bytes[stop] > 0x20, shadow.bytes[stop] != 0x7F {
            stop += 1
        }
        while stop > index, ".,;:\"')".utf8.contains(shadow.bytes[stop - 1]) { stop -= 1 }
        let word = shadow.bytes[index..<stop]
        let kinds = [
            word.contains(where: \.isDigit), word.contains { $0.isLetter || $0 >= 0x80 }, word.contains { !$0.isWord },
        ]
        guard word.count >= 4, kinds.filter(\.self).count >= 2 else { return }
        if !isStated, index == end || word.count < 6 || !kinds[0] || !kinds[1] { return }
        guard !Detection.overlaps(index..<stop, orderNumbers) else { return }
        candidates.append(
            Candidate(type: .secret, range: index..<stop, score: 0.8, why: "a password is stated"))
    }
}
