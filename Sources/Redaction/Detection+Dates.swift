/// Dates in words and digits, ages, weekdays and years.
extension Detection {
    /// Dates with a month in letters, bare years, and ages.
    func findDatesAndAges(_ reading: inout Reading) {
        for index in reading.words.indices where !reading.taken[index] {
            if reading.has(index, .month) {
                findNamedMonth(index, &reading)
            } else if reading.isNumber(index) {
                findAge(index, &reading)
                findYear(index, reading)
            }
        }
    }

    /// "12 March 2026", "March 12th, 2026", "मार्च 2026"; May and March need a number beside them.
    private func findNamedMonth(_ index: Int, _ reading: inout Reading) {
        var start = index
        var end = index + 1
        if let day = dayBefore(index, reading) { start = day }
        let hasDayBefore = start < index
        if !hasDayBefore, end < reading.count, reading.isApart(end, by: " .", limit: 2), isDay(end, reading) {
            end += 1
        }
        if end < reading.count, reading.isApart(end, by: " ,.'-", limit: 3), isYear(end, reading) { end += 1 }
        guard start < index || end > index + 1 else { return }
        guard reading.isCapital(index) || !reading.isASCII(index) || hasDayBefore else { return }
        let bytes = reading.bytes(start..<end)
        addDate(bytes.lowerBound..<timeEnd(after: bytes.upperBound), 0.8, "a day or month by name")
        reading.take(start..<end)
    }

    /// The day of "12 March", "12th of March", "the 12. März".
    private func dayBefore(_ month: Int, _ reading: Reading) -> Int? {
        if month > 0, isDay(month - 1, reading), reading.isApart(month, by: " .-/", limit: 2) { return month - 1 }
        if month > 1, reading.isOne(month - 1, of: Detection.ofs), reading.follows(month), reading.follows(month - 1),
            isDay(month - 2, reading)
        {
            return month - 2
        }
        return nil
    }

    private static let ofs = WordSet("of de")

    private func isDay(_ index: Int, _ reading: Reading) -> Bool {
        guard index >= 0, index < reading.count else { return false }
        let text = reading.text(index)
        let digits = text.prefix(while: \.isDigit)
        guard (1...2).contains(digits.count), (1...31).contains(digits.reduce(0) { $0 * 10 + $1.digitValue }) else {
            return false
        }
        let rest = Array(text.dropFirst(digits.count))
        return rest.isEmpty || ["st", "nd", "rd", "th"].contains { rest.elementsEqual($0.utf8) }
    }

    func isYear(_ index: Int, _ reading: Reading) -> Bool {
        guard let value = reading.value(index) else { return false }
        let word = reading.words[index]
        guard !shadow.at(word.end).isDigit, shadow.at(word.end) != UInt8(ascii: ":") else { return false }
        return word.length == 4
            ? (1900...2100).contains(value) : word.length == 2 && shadow.at(word.start - 1) == UInt8(ascii: "'")
    }

    /// Dates in digits, short ones too, with the time of the day after them.
    func findNumericDates() {
        var last = 0
        for end in ends(.date) {
            var start = end - 1
            while start > last, end - start < 12,
                shadow.bytes[start - 1].isDigit || "-./".utf8.contains(shadow.bytes[start - 1])
            {
                start -= 1
            }
            var stop = end
            while shadow.at(stop).isDigit, stop - end < 4 { stop += 1 }
            guard !shadow.isWord(at: start - 1), !shadow.at(stop).isDigit, start >= last else { continue }
            let run = NumberRun(in: shadow.bytes, start: start, end: stop)
            guard run.groups.count == 3, run.groups.allSatisfy(\.isDate) else { continue }
            // "1.2.03" is a version; a day with dots has two digits or a whole year.
            let dotted = shadow.at(run.groups[0].end) == UInt8(ascii: ".")
            let isShort = run.groups[2].count == 2 && run.groups[0].count < 4
            if shadow.at(stop).isWord && shadow.at(stop) | 0x20 != UInt8(ascii: "t") { continue }
            if dotted, isShort, run.groups[0].count < 2 || run.groups[1].count < 2 { continue }
            if shadow.at(stop) == UInt8(ascii: "."), shadow.at(stop + 1).isDigit { continue }
            let range = run.groups[0].start..<timeEnd(after: run.groups[2].end)
            guard !Detection.overlaps(range, orderNumbers), !Detection.overlaps(range, links) else { continue }
            last = range.upperBound
            addDate(range, 0.75, "a calendar date")
        }
    }

    /// Past " 04:34:22", "T04:34:22.120Z", " 4:30 pm"; `end` when no time follows.
    func timeEnd(after end: Int) -> Int {
        var index = end
        if shadow.at(index) == UInt8(ascii: ",") { index += 1 }
        if shadow.at(index) | 0x20 == UInt8(ascii: "t") {
            index += 1
        } else if shadow.at(index) == 0x20 {
            index += 1
            if shadow.lowercased(min(index, shadow.bytes.count)..<min(index + 3, shadow.bytes.count))
                == Array("at ".utf8)
            {
                index += 3
            }
        } else {
            return end
        }
        func digits(_ limit: Int) -> Int {
            var count = 0
            while count < limit, shadow.at(index).isDigit {
                index += 1
                count += 1
            }
            return count
        }
        guard digits(2) > 0, shadow.at(index) == UInt8(ascii: ":") else { return end }
        index += 1
        guard digits(2) == 2 else { return end }
        if shadow.at(index) == UInt8(ascii: ":"), shadow.at(index + 1).isDigit, shadow.at(index + 2).isDigit {
            index += 3
            if shadow.at(index) == UInt8(ascii: "."), shadow.at(index + 1).isDigit {
                index += 1
                _ = digits(9)
            }
        }
        let meridiem = shadow.at(index) == 0x20 ? index + 1 : index
        if "ap".utf8.contains(shadow.at(meridiem) | 0x20), shadow.at(meridiem + 1) | 0x20 == UInt8(ascii: "m"),
            !shadow.isWord(at: meridiem + 2)
        {
            return meridiem + 2
        }
        if shadow.at(index) == UInt8(ascii: "Z"), !shadow.isWord(at: index + 1) { return index + 1 }
        return shadow.isWord(at: index) ? end : index
    }

    /// A date, of birth where a word before it says so.
    func addDate(_ range: Range<Int>, _ score: Double, _ why: String) {
        let isBirth = Detection.birthWords.appear(in: context(before: range.lowerBound, limit: 48))
        let type: PIIType = isBirth ? .dateOfBirth : .date
        candidates.append(
            Candidate(
                type: type, range: range, score: isBirth ? 0.9 : score,
                why: isBirth ? "a word before it speaks of birth" : why,
                staysReadable: configuration.readable.contains(type)))
    }

    private static let birthWords = Phrases([
        "birth", "born", "dob", "d.o.b", "birthday", "birthdate", "जन्म", "janm", "geboren", "geburtsdatum",
        "date de naissance",
        "né le", "née le", "nacimiento",
    ])

    /// "in 1987", "a 2001 film", "since 2010".
    private func findYear(_ index: Int, _ reading: Reading) {
        guard !reading.taken[index], reading.words[index].length == 4, let value = reading.value(index),
            (1900...2099).contains(value), reading.isOne(index - 1, of: Detection.yearLeads),
            reading.isApart(index, by: " (", limit: 2)
        else { return }
        let end = reading.words[index].end
        guard !"-/:%.".utf8.contains(shadow.at(end)) || !shadow.isWord(at: end + 1) else { return }
        guard !reading.isOne(index + 1, of: Detection.counted) else { return }
        let range = reading.words[index].start..<end
        guard !Detection.overlaps(range, orderNumbers) else { return }
        candidates.append(
            Candidate(type: .date, range: range, score: 0.4, why: "a year", staysReadable: true))
    }

    private static let yearLeads = WordSet(
        "in since during from by until till before after circa year of a the early late mid summer winter spring fall autumn सन"
    )
    static let counted = WordSet(
        "items units pieces points rupees dollars euros km miles people words calories rs")

    // MARK: Ages

    /// "61 years old", "61-year-old", "turned 46", "aged 46", "46 साल का", "when he was 46.".
    private func findAge(_ index: Int, _ reading: inout Reading) {
        guard let value = reading.value(index), (1...120).contains(value), reading.words[index].length <= 3 else {
            return
        }
        var why: String?
        if reading.isOne(index + 1, of: Detection.yearWords), reading.isApart(index + 1, by: " -", limit: 1) {
            if reading.isOne(index + 2, of: Detection.ofs), reading.isOne(index + 3, of: Detection.ageWords) {
                why = "years of age"
            }
            if reading.isOne(index + 2, of: Detection.oldWords), reading.isApart(index + 2, by: " -", limit: 1) {
                why = "years old"
            }
        } else if reading.isOne(index + 1, of: Detection.shortAges), reading.isApart(index + 1, by: " ", limit: 1) {
            why = "years old"
        }
        if why == nil, reading.isApart(index, by: " :", limit: 2) {
            let closes = !reading.follows(index + 1) || reading.isOne(index + 1, of: Detection.ageFollowers)
            if reading.isOne(index - 1, of: Detection.ageLeads) {
                why = "a word before it speaks of age"
            } else if reading.isOne(index - 1, of: Detection.toBe), reading.isOne(index - 2, of: Detection.ageWords) {
                why = "a word before it speaks of age"
            } else if reading.isOne(index - 1, of: Detection.turns), closes {
                why = "turned"
            } else if reading.isOne(index - 1, of: Detection.toBe), isSomebody(index - 2, reading), closes,
                value >= 10, !isAmount(index, reading)
            {
                why = "somebody is"
            }
        }
        guard let why else { return }
        add(.age, index..<index + 1, reading, 0.7, why)
        reading.take(index..<index + 1)
    }

    /// A pronoun, a relation or a given name before "is 46".
    private func isSomebody(_ index: Int, _ reading: Reading) -> Bool {
        reading.isOne(index, of: Detection.pronouns)
            || reading.has(index, .given) && !reading.has(index, .common) && index >= 0 && reading.isCapital(index)
    }

    private func isAmount(_ index: Int, _ reading: Reading) -> Bool {
        let end = reading.words[index].end
        return shadow.at(end) == UInt8(ascii: "%")
            || (shadow.at(end) == UInt8(ascii: ".") || shadow.at(end) == UInt8(ascii: ",")
                || shadow.at(end) == UInt8(ascii: ":"))
                && shadow.at(end + 1).isDigit
    }

    private static let yearWords = WordSet("year years yr yrs साल वर्ष saal")
    private static let oldWords = WordSet("old का की के का old female male ka ki ke")
    private static let shortAges = WordSet("yo yrs वर्षीय")
    private static let ageLeads = WordSet("aged age ages उम्र आयु umr umar")
    private static let ageWords = WordSet("age उम्र आयु umr")
    private static let turns = WordSet("turn turns turned turning")
    private static let toBe = WordSet("was is am of m s be be")
    private static let pronouns = WordSet(
        "i he she who brother sister mother father mom dad son daughter wife husband friend boy girl boss uncle aunt")
    private static let ageFollowers = WordSet("and but when now today years tomorrow in on next last this")
}
