extension Detection {
    /// Phone numbers in what is left of a run.
    func findPhones(_ run: NumberRun, _ used: inout [Bool]) {
        var first = 0
        while first < run.groups.count {
            guard !used[first], let window = phone(run, from: first, used) else {
                first += 1
                continue
            }
            candidates.append(window.candidate)
            for index in first..<first + window.groups { used[index] = true }
            first += window.groups
        }
    }

    /// What a window of groups is, longest window first.
    private func phone(
        _ run: NumberRun, from first: Int, _ used: [Bool]
    ) -> (candidate: Candidate, groups: Int)? {
        let start = phoneStart(run.groups[first].start)
        let hasPlus = shadow.bytes[start] == UInt8(ascii: "+") || shadow.at(start + 1) == UInt8(ascii: "+")
        let glue = shadow.at(start - 1)
        guard !glue.isWord || isCalledPhone(start), glue != UInt8(ascii: "#") || hasPlus else { return nil }
        guard first == 0 || used[first - 1] || !isTight(run.groups[first]) else { return nil }
        let ends = windows(run, from: first, used)
        guard let longest = ends.last else { return nil }
        let all = run.digits(first..<first + longest, in: shadow.bytes).map { $0 + 0x30 }
        // Nobody's number is one digit again and again, and texts of a single digit are cheap to send.
        guard all.contains(where: { $0 != all[0] }) else { return nil }
        var surroundings: Surroundings?
        for count in ends.reversed() {
            let range = start..<run.groups[first + count - 1].end
            let after = shadow.at(range.upperBound)
            guard !after.isWord || after | 0x20 == UInt8(ascii: "x") || after | 0x20 == UInt8(ascii: "e") else {
                continue
            }
            let digits = Array(all.prefix(run.groups[first..<first + count].reduce(0) { $0 + $1.count }))
            var around = surroundings ?? Surroundings(self, before: start)
            surroundings = around
            if isCalledPhone(after: range.upperBound) { around.isPhone = true }
            // Digits one by one are a list of numbers, unless a word says otherwise.
            if count == digits.count, !hasPlus, !around.isPhone { continue }
            let isEnough = digits.count >= 9 || (count > 1 && fillsLine(range))
            // Groups, a trunk zero or parentheses are how people write phone numbers.
            let hasSign = count > 2 || digits.first == UInt8(ascii: "0") || shadow.bytes[start] == UInt8(ascii: "(")
            let isShaped =
                count > 1 && hasSign && (8...13).contains(digits.count) && !singleGroups(run, first, count)
            if !around.isPhone, !hasPlus, leadsToStreet(range.upperBound) { continue }
            guard
                let (score, why, key) = judge(
                    digits, hasPlus: hasPlus, range, around, isEnough: isEnough, isShaped: isShaped)
            else { continue }
            var full = range.lowerBound..<extensionEnd(range.upperBound)
            // "(9822014477)" stands in brackets, "(022) 2345 6789" has brackets in it.
            if shadow.bytes[start] == UInt8(ascii: "("), !shadow.bytes[full].contains(UInt8(ascii: ")")) {
                full = start + 1..<full.upperBound
            }
            let isKept = configuration.keep.phones.contains(Normal.phone(digits: digits))
            return (
                Candidate(
                    type: .phone, range: full, score: score, why: why, staysReadable: isKept,
                    keys: [key, Normal.phone(digits: digits)]), count
            )
        }
        return nil
    }

    /// Whether the groups are single digits, or of a shape that other numbers have, too.
    private func singleGroups(_ run: NumberRun, _ first: Int, _ count: Int) -> Bool {
        run.groups[first..<first + count].contains { $0.count == 1 || $0.count > 8 }
            && run.groups[first].count != 1
    }

    /// Whether the number stands alone on its line, as in a signature.
    private func fillsLine(_ range: Range<Int>) -> Bool {
        var start = range.lowerBound
        while shadow.at(start - 1) == 0x20 { start -= 1 }
        var end = range.upperBound
        while shadow.at(end) == 0x20 || shadow.at(end) == 0x0D { end += 1 }
        return shadow.at(start - 1) == 0x0A && shadow.at(end) == 0x0A
    }

    private struct Surroundings {
        var isPhone: Bool
        let isReference: Bool
        let isMoney: Bool

        /// The word nearest to the number says what it is.
        init(_ detection: Detection, before start: Int) {
            let before = detection.context(before: start)
            var text = before
            // "Phone:" may stand alone on the line before.
            let line = start - text.count
            if line > 0, text.allSatisfy(\.isSpace), detection.shadow.bytes[line - 1] == 0x0A {
                text = detection.context(before: line - 1)
                while text.last?.isSpace == true { text.removeLast() }
                if text.last != UInt8(ascii: ":") { text = [] }
            }
            let phone = Detection.phoneWords.lastEnd(in: text) ?? -1
            let reference = Detection.referenceWords.lastEnd(in: text) ?? -1
            isPhone = phone > reference
            isReference = reference > phone
            var end = before.count
            while end > 0, before[end - 1] == 0x20 { end -= 1 }
            let trimmed = Array(before[..<end])
            isMoney = Detection.moneyWords.contains { word in
                trimmed.count >= word.count && trimmed.suffix(word.count).elementsEqual(word)
                    && (word.count == 1 || !(detection.shadow.at(start - (before.count - end) - word.count - 1)).isWord)
            }
        }
    }

    private static let phoneWords = Phrases(Lexicon.phones)
    private static let referenceWords = Phrases(Lexicon.references)
    private static let moneyWords = Lexicon.currencies.map { Array($0.utf8) }

    private func judge(
        _ digits: [UInt8], hasPlus: Bool, _ range: Range<Int>, _ surroundings: Surroundings,
        isEnough: Bool, isShaped: Bool
    ) -> (Double, String, String)? {
        let ten = Normal.phone(digits: digits)
        if known.phones.contains(ten) { return (1, "a phone of the customer's record", ten) }
        guard !surroundings.isMoney, !Detection.overlaps(range, orderNumbers) else { return nil }
        let isInLink = Detection.overlaps(range, links)
        if !hasPlus, isInLink || (surroundings.isReference && !surroundings.isPhone) { return nil }
        // Seven to fifteen digits (ITU-T E.164), two more for an international prefix.
        let text = (hasPlus ? "+" : "") + String(decoding: digits, as: UTF8.self)
        var answer = phones.ask(text)
        if configuration.anyRegion, !hasPlus, isShaped || surroundings.isPhone, !answer.isValid,
            digits.count >= 8 || surroundings.isPhone
        {
            answer = phones.askAnywhere(text) ?? answer
        }
        switch answer {
        // Seven or eight digits are a number of somewhere nearly always: something else must speak for a phone.
        case .valid(let e164) where hasPlus || surroundings.isPhone || isEnough:
            return (hasPlus || surroundings.isPhone ? 0.95 : 0.8, "valid in its numbering plan", e164)
        case .possible where hasPlus:
            return (0.6, "international prefix and a possible length", ten)
        case .possible where surroundings.isPhone,
            .no where surroundings.isPhone && digits.count >= 7 && digits.count <= 13:
            return (0.5, "a word before it calls it a phone", ten)
        case .notAsked where hasPlus || (10...13).contains(digits.count):
            return (0.4, "the length of a phone number; too many candidates to look each up", ten)
        case .no where hasPlus && (9...15).contains(digits.count):
            return (0.45, "international prefix", ten)
        default:
            return nil
        }
    }

    /// How many groups from `first` on may be one phone number, ascending.
    private func windows(_ run: NumberRun, from first: Int, _ used: [Bool]) -> [Int] {
        var counts: [Int] = []
        var digits = 0
        var singles = true
        for index in first..<run.groups.count {
            let group = run.groups[index]
            if used[index] { break }
            if index > first, !isPhoneGap(group) { break }
            digits += group.count
            if group.count != 1 { singles = false }
            let groups = index - first + 1
            guard digits <= 17, groups <= 6 || singles else { break }
            let next = index + 1
            let isCut = next < run.groups.count && !used[next] && isTight(run.groups[next])
            if digits >= 7, !isCut { counts.append(groups) }
        }
        return counts
    }

    /// Whether a group hangs on the one before it by a hyphen, a dot or a slash: what is cut there is no whole number.
    private func isTight(_ group: NumberRun.Group) -> Bool {
        group.gap.count == 1 && "-./".utf8.contains(shadow.bytes[group.gap.lowerBound])
    }

    private func isPhoneGap(_ group: NumberRun.Group) -> Bool {
        guard !group.isOnNewLine, group.gap.count <= 3 else { return false }
        // One space on each side of a hyphen; two together are a column.
        return !shadow.bytes[group.gap].contains(0x09) && !shadow.bytes[group.gap].starts(with: [0x20, 0x20])
    }

    /// With the '+' and the opening parenthesis before the first digit.
    private func phoneStart(_ digit: Int) -> Int {
        var start = digit
        if shadow.at(start - 1) == UInt8(ascii: "(") { start -= 1 }
        if shadow.at(start - 1) == UInt8(ascii: "+") { start -= 1 }
        if start == digit - 1, shadow.bytes[start] == UInt8(ascii: "+"), shadow.at(start - 1) == UInt8(ascii: "(") {
            start -= 1
        }
        return start
    }

    private func isCalledPhone(_ start: Int) -> Bool {
        let before = context(before: start, limit: 12)
        return Detection.phoneWords.lastEnd(in: before) == before.count
    }

    /// "781 1704 (office)", "930.167.3943 fax": the kind of phone behind it, and nothing else on the line.
    private func isCalledPhone(after end: Int) -> Bool {
        var start = end
        while start - end < 3, " \t-([".utf8.contains(shadow.at(start)) { start += 1 }
        guard start > end else { return false }
        var stop = start
        while shadow.at(stop).isLetter, stop - start < 10 { stop += 1 }
        guard Detection.phoneKinds.contains(Fold.hash(shadow.bytes[start..<stop])) else { return false }
        while ")].,\\ ".utf8.contains(shadow.at(stop)) { stop += 1 }
        return stop >= shadow.bytes.count || shadow.at(stop).isSpace || shadow.at(stop).isDigit
            || shadow.at(stop) == UInt8(ascii: "+") || shadow.at(stop) == UInt8(ascii: "/")
    }

    private static let phoneKinds = WordSet(
        "office fax mobile mob cell home work tel telephone phone direct landline whatsapp")

    /// Whether the name of a street comes next: "03262 2437 Main St".
    private func leadsToStreet(_ end: Int) -> Bool {
        guard shadow.at(end) == 0x20, shadow.at(end + 1).isUpper else { return false }
        let words = Words(shadow, in: end..<min(end + 60, shadow.bytes.count)).items
        for (index, word) in words.prefix(4).enumerated() {
            guard word.isCapitalised, index == 0 || word.start == words[index - 1].end + 1 else { return false }
            if index > 0, !Gazetteer.shared.traits(of: word.hash).isDisjoint(with: .strongStreetEnd) { return true }
        }
        return false
    }

    /// With an extension: "x123", "ext. 12".
    private func extensionEnd(_ end: Int) -> Int {
        var index = end
        if shadow.at(index) == UInt8(ascii: ",") { index += 1 }
        while shadow.at(index) == 0x20, index - end < 3 { index += 1 }
        let text = shadow.lowercased(min(index, shadow.bytes.count)..<min(index + 10, shadow.bytes.count))
        guard let mark = ["extension", "extn", "ext", "x"].first(where: { text.starts(with: $0.utf8) }) else {
            return end
        }
        index += mark.utf8.count
        while [0x20, 0x2E, 0x3A].contains(shadow.at(index)), index - end < 16 { index += 1 }
        let first = index
        while shadow.at(index).isDigit, index - first < 7 { index += 1 }
        return index > first && index - first < 7 && !shadow.isWord(at: index) ? index : end
    }
}
