extension Detection {
    /// Everything that is a run of digits: cards, Aadhaar and social security numbers, phones, dates.
    func findNumbers() {
        var last = 0
        for end in ends(.number) where end > last {
            var start = end
            var separators = 0
            // Back to where a gap is longer than the trigger allows.
            while start > last, separators <= 4 {
                let byte = shadow.bytes[start - 1]
                if byte.isDigit {
                    separators = 0
                } else if Detection.isSeparator(byte) {
                    separators += 1
                } else {
                    break
                }
                start -= 1
            }
            while start < end, !shadow.bytes[start].isDigit { start += 1 }
            var stop = end
            while shadow.at(stop).isDigit { stop += 1 }
            last = stop
            decide(NumberRun(in: shadow.bytes, start: start, end: stop))
        }
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "/"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private func decide(_ run: NumberRun) {
        var used = [Bool](repeating: false, count: run.groups.count)
        findCards(run, &used)
        for (index, group) in run.groups.enumerated()
        where group.isDate || Detection.overlaps(group.start..<group.end, hosts) {
            used[index] = true
        }
        findIdentities(run, &used)
        findPhones(run, &used)
    }

    // MARK: Cards

    private func findCards(_ run: NumberRun, _ used: inout [Bool]) {
        var first = 0
        while first < run.groups.count {
            if let card = card(run, from: first) {
                for index in first..<first + card.groups { used[index] = true }
                let range = run.groups[first].start..<run.groups[first + card.groups - 1].end
                candidates.append(Candidate(type: .creditCard, range: range, score: card.score, why: card.why))
                first += card.groups
            } else {
                first += 1
            }
        }
    }

    private typealias Card = (groups: Int, score: Double, why: String)

    /// How many groups from `first` on are a card; nil when none are.
    private func card(_ run: NumberRun, from first: Int) -> Card? {
        let start = run.groups[first].start
        // A number glued to a word ("SKU4111…") is part of that word, but "card4111…" is not.
        if shadow.at(start - 1).isLetter, run.groups[first].count < 15 { return nil }
        if Detection.overlaps(start..<start + 1, links), shadow.at(start - 1) != UInt8(ascii: "=") { return nil }
        var lengths: [Int] = []
        var digits: [UInt8] = []
        var fits: [(digits: Int, groups: Int)] = []
        for index in first..<min(run.groups.count, first + 19) {
            let group = run.groups[index]
            if index > first, !isCardGap(group, after: run.groups[index - 1]) { break }
            digits += shadow.bytes[group.start..<group.end].prefix(20).map { $0 &- 0x30 }
            lengths.append(group.count)
            guard digits.count <= 19 else { break }
            if digits.count >= 12, Issuers.isCardGrouping(lengths), Checksum.luhn(digits) {
                fits.append((digits.count, lengths.count))
            }
        }
        guard !fits.isEmpty, !digits.allSatisfy({ $0 == digits[0] }) else { return nil }
        let isNamed = Detection.cardWords.appear(in: context(before: start))
        for length in Issuers.lengths(digits[...]) {
            // The rare lengths are believed only where a word says card.
            guard let fit = fits.first(where: { $0.digits == length }), (14...16).contains(length) || isNamed else {
                continue
            }
            return (fit.groups, 0.98, "Luhn, issuer range and length")
        }
        guard isNamed, let fit = fits.last else { return nil }
        return (fit.groups, 0.8, "Luhn, and a word before it calls it a card")
    }

    private func isCardGap(_ group: NumberRun.Group, after last: NumberRun.Group) -> Bool {
        if group.isOnNewLine { return group.count == 4 && last.count == 4 && group.gap.count <= 2 }
        if group.gap.count > 3 { return false }
        return group.gap.allSatisfy { [0x20, UInt8(ascii: "-"), UInt8(ascii: ".")].contains(shadow.bytes[$0]) }
    }

    private static let cardWords = Phrases([
        "card", "visa", "maestro", "rupay", "debit", "credit", "कार्ड", "karte", "carte", "tarjeta", "cc ", "cc:",
    ])

    // MARK: Identity numbers

    private func findIdentities(_ run: NumberRun, _ used: inout [Bool]) {
        for first in run.groups.indices where !used[first] {
            let start = run.groups[first].start
            if shadow.isWord(at: start - 1) { continue }
            if let count = aadhaar(run, from: first, used) ?? socialSecurity(run, from: first, used) {
                for index in first..<first + count.groups { used[index] = true }
                candidates.append(
                    Candidate(
                        type: count.type, range: start..<run.groups[first + count.groups - 1].end, score: count.score,
                        why: count.why))
            }
        }
    }

    private typealias Identity = (type: PIIType, groups: Int, score: Double, why: String)

    private func aadhaar(_ run: NumberRun, from first: Int, _ used: [Bool]) -> Identity? {
        let groups = run.groups
        let isGrouped =
            first + 2 < groups.count && (first..<first + 3).allSatisfy { groups[$0].count == 4 && !used[$0] }
            && (first + 1..<first + 3).allSatisfy { groups[$0].gap.count == 1 && !groups[$0].isOnNewLine }
        let isWhole = groups[first].count == 12
        guard isGrouped || isWhole else { return nil }
        let count = isGrouped ? 3 : 1
        if first + count < groups.count, isGrouped, groups[first + count].gap.count == 1 { return nil }
        let range = groups[first].start..<groups[first + count - 1].end
        guard !shadow.isWord(at: range.upperBound), !Detection.overlaps(range, orderNumbers) else { return nil }
        let digits = run.digits(first..<first + count, in: shadow.bytes)
        guard digits[0] >= 2, Checksum.verhoeff(digits) else { return nil }
        let isNamed = Detection.aadhaarWords.appear(in: context(before: range.lowerBound))
        guard isNamed || isGrouped else { return nil }
        return (.aadhaar, count, isNamed ? 1 : 0.85, "Verhoeff check digit")
    }

    private static let aadhaarWords = Phrases(["aadhaar", "aadhar", "adhar", "uidai", "आधार"])
    private static let socialWords = Phrases(["ssn", "social"])

    private func socialSecurity(_ run: NumberRun, from first: Int, _ used: [Bool]) -> Identity? {
        let groups = run.groups
        guard first + 2 < groups.count, (first..<first + 3).allSatisfy({ !used[$0] }),
            groups[first].count == 3, groups[first + 1].count == 2, groups[first + 2].count == 4,
            groups[first + 1].gap.count == 1, groups[first + 2].gap.count == 1
        else { return nil }
        let separator = shadow.bytes[groups[first + 1].gap.lowerBound]
        guard separator == shadow.bytes[groups[first + 2].gap.lowerBound] else { return nil }
        let digits = run.digits(first..<first + 3, in: shadow.bytes).reduce(0) { $0 * 10 + Int($1) }
        let (area, middle, serial) = (digits / 1_000_000, digits / 10000 % 100, digits % 10000)
        guard area != 0, area != 666, area < 900, middle != 0, serial != 0 else { return nil }
        let range = groups[first].start..<groups[first + 2].end
        guard !shadow.isWord(at: range.upperBound), !Detection.overlaps(range, orderNumbers) else { return nil }
        let isNamed =
            Detection.socialWords.appear(in: context(before: range.lowerBound))
        guard separator == UInt8(ascii: "-") || isNamed else { return nil }
        return (.ssn, 3, isNamed ? 1 : 0.8, "area, group and serial in range")
    }
}
