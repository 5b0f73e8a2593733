/// Names, places and firms by lists, shape and the words around them.
extension Detection {
    /// What a guess must reach to be masked.
    static let maskingScore = 0.5

    /// Goes over the capitalised words that are left.
    func findNames(_ reading: inout Reading) {
        var index = 0
        while index < reading.count {
            guard !reading.taken[index], reading.isCapital(index), !reading.words[index].isNumber else {
                if !reading.taken[index] { findSmall(index, reading) }
                index += 1
                continue
            }
            let end = runEnd(from: index, reading)
            classify(index..<end, reading)
            index = end
        }
    }

    /// One past the last capitalised word that can belong to a name with the word at `start`.
    private func runEnd(from start: Int, _ reading: Reading) -> Int {
        var end = start + 1
        while end < reading.count, end - start < 8 {
            if reading.taken[end] || !reading.isApart(end, by: " -'.\t", limit: 2) { break }
            let gap = reading.gap(before: end)
            if shadow.bytes[gap].contains(UInt8(ascii: ".")), reading.words[end - 1].length > 2,
                !reading.has(end - 1, .honorific)
            {
                break
            }
            if reading.isCapital(end), !reading.words[end].isNumber {
                end += 1
            } else if let name = pastParticles(end, reading) {
                end = name + 1
            } else {
                break
            }
        }
        return end
    }

    /// The capitalised word behind "van", "van der", "de la".
    private func pastParticles(_ index: Int, _ reading: Reading) -> Int? {
        var next = index
        while next < reading.count, next - index < 3, reading.has(next, .particle), reading.follows(next),
            !reading.taken[next], !reading.isCapital(next), reading.words[next].length > 1
        {
            next += 1
        }
        guard next > index, next < reading.count, reading.follows(next), reading.isCapital(next),
            !reading.taken[next], !reading.words[next].isNumber
        else { return nil }
        return next
    }

    /// Adds a finding; guesses and what is nobody's secret stay readable.
    func add(
        _ type: PIIType, _ range: Range<Int>, _ reading: Reading, _ score: Double, _ why: String
    ) {
        let isOpen = configuration.readable.contains(type) || score < Detection.maskingScore
        candidates.append(
            Candidate(type: type, range: reading.bytes(range), score: score, why: why, staysReadable: isOpen))
    }

    // MARK: One run of capitalised words

    private func classify(_ run: Range<Int>, _ reading: Reading) {
        var index = run.lowerBound
        while index < run.upperBound {
            let places = reading.placeLength(index)
            if places > 1 {
                add(.location, index..<min(index + places, reading.count), reading, 0.8, "a place of the lists")
                index += places
                continue
            }
            if isTitle(index, run, reading) {
                addTitle(index, reading)
                index += 1
                continue
            }
            guard isNameLike(index, run, reading) else {
                addAlone(index, reading)
                index += 1
                continue
            }
            var end = index + 1
            while end < run.upperBound, isNameLike(end, run, reading) || isInner(end, run, reading) { end += 1 }
            while end > index + 1, reading.has(end - 1, .particle), !reading.isCapital(end - 1) { end -= 1 }
            decide(index..<end, reading)
            index = end
        }
    }

    /// "Mr", "Dr." with its dot.
    private func addTitle(_ index: Int, _ reading: Reading) {
        let word = reading.words[index]
        let end = shadow.at(word.end) == UInt8(ascii: ".") ? word.end + 1 : word.end
        candidates.append(
            Candidate(
                type: .title, range: word.start..<end, score: 0.7, why: "a form of address",
                staysReadable: configuration.readable.contains(.title)))
    }

    /// Weekdays, nations and the like.
    private func addAlone(_ index: Int, _ reading: Reading) {
        let traits = reading.traits[index]
        if traits.contains(.weekday) {
            add(.date, index..<index + 1, reading, 0.5, "a weekday")
        } else if isPeople(index, reading) {
            add(.nrp, index..<index + 1, reading, 0.6, "a nation, religion or party")
        } else if traits.contains(.firm) {
            add(.organization, index..<index + 1, reading, 0.6, "a firm of the lists")
        }
    }

    private func isTitle(_ index: Int, _ run: Range<Int>, _ reading: Reading) -> Bool {
        guard reading.has(index, .honorific), index + 1 < run.upperBound else { return false }
        if reading.isOne(index, of: Detection.sureTitles) { return true }
        return !reading.has(index, .common)
            || index + 1 < run.upperBound && !reading.has(index + 1, .common)
                && reading.words[index].length > 1
    }

    private static let sureTitles = WordSet("mr mrs ms mx dr prof shri smt shree mme herr frau")

    /// Whether a capitalised word can be part of a name of somebody, a place or a firm.
    private func isNameLike(_ index: Int, _ run: Range<Int>, _ reading: Reading) -> Bool {
        let traits = reading.traits[index]
        let word = reading.words[index]
        if !reading.isCapital(index) { return false }
        // Where a script has no capitals only the lists tell.
        if shadow.bytes[word.start] >= 0xE0, traits.isDisjoint(with: [.given, .family, .city]) { return false }
        if reading.hasDigit(index) || word.length > 24 { return false }
        if !traits.isDisjoint(with: [.weekday, .people, .firm]) {
            // "French" is a nation unless a given name is before it.
            guard !traits.isDisjoint(with: .name), index > run.lowerBound, reading.has(index - 1, .given) else {
                return false
            }
        }
        if traits.isEmpty, isPeople(index, reading) { return false }
        if word.length == 1 { return index > run.lowerBound || index + 1 < run.upperBound && reading.isASCII(index) }
        if traits.contains(.month), !traits.contains(.given) { return false }
        if traits.isDisjoint(with: .common) {
            if !traits.isDisjoint(with: [.given, .family, .city, .country, .state]) { return true }
            if reading.isShouted(index) { return isShoutedName(index, reading) }
            return word.length > 1 && !Detection.isEverydayForm(reading.text(index))
        }
        if index > run.lowerBound, reading.isOne(index - 1, of: Detection.sureTitles) { return true }
        // A name that is also a word: beside a name that is none, or led by a word.
        guard !traits.isDisjoint(with: .name) else { return false }
        let before = index > run.lowerBound && isSure(index - 1, reading)
        let after = index + 1 < run.upperBound && isSure(index + 1, reading)
        if before || after {
            // "Will Rahul come" and "May Priya" begin a question.
            return before || !reading.beginsSentence(index) || !reading.has(index, .month)
        }
        if run.count == 1, reading.follows(index), reading.has(index - 1, [.personLead, .honorific]) { return true }
        return traits.contains(.given) && !reading.beginsSentence(index) && traits.isDisjoint(with: [.month])
            && run.count == 1 && (reading.has(index - 1, .personLead) || isPossessive(index, reading))
    }

    /// "in STAVANGER": long, unknown, after a word that leads to a place, and the only one in capitals there.
    private func isShoutedName(_ index: Int, _ reading: Reading) -> Bool {
        reading.words[index].length >= 5 && reading.follows(index) && !reading.isShouted(index - 1)
            && reading.has(index - 1, [.placeLead, .personLead])
            && !(index + 1 < reading.count && reading.follows(index + 1) && reading.isShouted(index + 1)
                && reading.has(index + 1, .common))
    }

    private func isSure(_ index: Int, _ reading: Reading) -> Bool {
        let traits = reading.traits[index]
        return traits.isDisjoint(with: [.common, .people, .weekday])
            && (!traits.isDisjoint(with: .name)
                || (traits.isEmpty && reading.words[index].length > 2
                    && !reading.isShouted(index) && !Detection.isEverydayForm(reading.text(index))))
    }

    private func isInner(_ index: Int, _ run: Range<Int>, _ reading: Reading) -> Bool {
        index + 1 < run.upperBound && reading.has(index, .particle)
    }

    private func isPossessive(_ index: Int, _ reading: Reading) -> Bool {
        let end = reading.words[index].end
        return shadow.at(end) == UInt8(ascii: "'") && shadow.at(end + 1) | 0x20 == UInt8(ascii: "s")
            && !shadow.isWord(at: end + 2)
    }

    // MARK: What a name is the name of

    private func decide(_ range: Range<Int>, _ reading: Reading) {
        var range = range
        // "Kevin's": the s is a word of its own.
        if range.count > 1, reading.words[range.upperBound - 1].length == 1,
            shadow.at(reading.words[range.upperBound - 1].start - 1) == UInt8(ascii: "'")
        {
            range = range.lowerBound..<range.upperBound - 1
        }
        let all = range.reduce(into: Reading.Traits()) { $0.formUnion(reading.traits[$1]) }
        let known = range.filter { reading.has($0, .name) || Detection.hasFamilyEnding(reading.text($0)) }.count
        let first = range.lowerBound
        let leads = leads(to: first, reading)
        let isTitled =
            first > 0 && reading.has(first - 1, .honorific) && reading.isApart(first, by: " .", limit: 2)
            && !reading.taken[first - 1]
        let isInitial = range.count == 1 && reading.words[first].length == 1
        if isInitial, !isTitled { return }
        if isTitled || leads.contains(.personLead) && !leads.contains(.placeLead) {
            return addPerson(range, reading, isTitled ? 0.8 : known > 0 ? 0.8 : 0.5)
        }
        if range.count == 1 {
            return decideAlone(first, all, leads, known > 0, reading)
        }
        let isWhole = range.count == 2 && reading.has(first, .given) && reading.has(first + 1, .family)
        if range.allSatisfy({ reading.has($0, .place) }), !isWhole, leads.contains(.placeLead) || known < range.count {
            for index in range { add(.location, index..<index + 1, reading, 0.7, "a place of the lists") }
        } else if isHyphenatedFirm(range, all, reading) {
            add(.organization, range, reading, 0.5, "two family names as one")
        } else if known > 0 {
            addPerson(range, reading, known == range.count ? 0.85 : 0.7)
        } else if leads.contains(.firmLead)
            || reading.follows(range.upperBound) && reading.has(range.upperBound, .firmFollower)
        {
            add(.organization, range, reading, 0.5, "a word beside it calls it a firm")
        } else if leads.contains(.placeLead) || all.contains(.city) {
            add(.location, range, reading, 0.4, "may be a place")
        } else {
            add(.person, range, reading, 0.4, "may be a name")
        }
    }

    /// What the word before says; "to" leads to a place after a word of going only.
    private func leads(to first: Int, _ reading: Reading) -> Reading.Traits {
        guard reading.follows(first) else { return [] }
        var leads = reading.at(first - 1)
        if reading.isOne(first - 1, of: Detection.to), !reading.isOne(first - 2, of: Detection.going) {
            leads.remove(.placeLead)
        }
        if reading.isOne(first - 1, of: Detection.workLeads), reading.isOne(first - 2, of: Detection.working) {
            leads = .firmLead
        }
        if reading.isOne(first - 1, of: Detection.articles), reading.has(first - 2, .placeLead) { leads = .placeLead }
        return leads
    }

    static let to = WordSet("to")
    private static let articles = WordSet("the")
    private static let going = WordSet(
        """
        travel travels traveling travelling traveled travelled move moves moved moving go goes going went gone fly flying flew \
        return returned returning drive driving drove trip trips visit way back welcome ship shipped shipping deliver \
        delivered delivery send sent relocate relocated relocating come came road flight invites
        """)
    private static let workLeads = WordSet("for at by with")
    private static let working = WordSet(
        "work works worked working employed hired interned job career intern position")

    private func addPerson(_ range: Range<Int>, _ reading: Reading, _ score: Double) {
        add(.person, range, reading, score, "a name of the lists, or led by a word")
    }

    private func decideAlone(
        _ index: Int, _ traits: Reading.Traits, _ leads: Reading.Traits, _ isKnown: Bool, _ reading: Reading
    ) {
        let range = index..<index + 1
        let isPlace = !traits.isDisjoint(with: .place)
        let isFollowed = reading.follows(index + 1)
        if leads.contains(.firmLead), !isPlace {
            add(.organization, range, reading, 0.45, "a word beside it calls it a firm")
        } else if isPlace,
            !isKnown || leads.contains(.placeLead) || traits.contains(.country)
                || !isPossessive(index, reading) && traits.isDisjoint(with: .given)
        {
            add(.location, range, reading, 0.7, "a place of the lists")
        } else if isKnown {
            let isEnough = traits.contains(.given) || !reading.isASCII(index)
            addPerson(range, reading, traits.contains(.common) ? 0.5 : isEnough ? 0.7 : 0.55)
        } else if reading.words[index].length < 3 {
            return
        } else if leads.contains(.firmLead) || isFollowed && reading.has(index + 1, .firmFollower) {
            add(.organization, range, reading, 0.4, "a word beside it calls it a firm")
        } else if leads.contains(.placeLead) {
            add(.location, range, reading, 0.35, "may be a place")
        } else if isPossessive(index, reading) || reading.isOne(index + 1, of: Detection.personVerbs)
            || isListed(index, reading)
        {
            add(.person, range, reading, 0.4, "may be a name")
        } else if !reading.beginsSentence(index) || reading.endsLine(index) {
            add(.person, range, reading, 0.3, "may be a name")
        } else if isFollowed, !reading.has(index + 1, .common) || reading.isOne(index + 1, of: Detection.linkingVerbs) {
            add(.person, range, reading, 0.3, "may be a name")
        }
    }

    /// In a list of names, "Romi, Erik and Amy", or before what somebody says, "Ubul: What …".
    private func isListed(_ index: Int, _ reading: Reading) -> Bool {
        let next = index + 1
        if shadow.at(reading.words[index].end) == UInt8(ascii: ":"), reading.beginsLine(index) { return true }
        guard next < reading.count else { return false }
        if reading.isApart(next, by: ", ", limit: 2), shadow.at(reading.words[index].end) == UInt8(ascii: ","),
            reading.isCapital(next), !reading.has(next, .common)
        {
            return true
        }
        return reading.isOne(next, of: Detection.ands) && next + 1 < reading.count && reading.follows(next + 1)
            && reading.isCapital(next + 1) && !reading.has(next + 1, .common)
    }

    private static let ands = WordSet("and or")

    private static let personVerbs = WordSet(
        "said says told asked replied wrote called came went lives lived works worked thinks thought wants wanted likes"
    )
    private static let linkingVerbs = WordSet("is was has had will can does did s")

    /// "Weber-Santana": two family names and no given one.
    private func isHyphenatedFirm(_ range: Range<Int>, _ all: Reading.Traits, _ reading: Reading) -> Bool {
        range.count == 2 && !all.contains(.given) && range.allSatisfy { reading.has($0, .family) }
            && shadow.at(reading.words[range.lowerBound].end) == UInt8(ascii: "-")
    }
}
