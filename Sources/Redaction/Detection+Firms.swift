/// Firms by what ends their name, and professions in the lines under a name.
extension Detection {
    func findFirms(_ reading: inout Reading) {
        for index in reading.words.indices where !reading.taken[index] {
            let traits = reading.traits[index]
            if traits.contains(.firmEnd) {
                findFirm(endingAt: index, reading: &reading)
            } else if traits.contains(.firmWord), reading.isCapital(index) {
                findInstitution(at: index, &reading)
            } else if traits.contains(.family) {
                findPartnership(from: index, &reading)
            } else if traits.contains(.profession), reading.endsLine(index) {
                findProfession(endingAt: index, &reading)
            }
        }
    }

    /// "Neem & Clay Pvt. Ltd.", "stillwater supercomputing inc."
    private func findFirm(endingAt end: Int, reading: inout Reading) {
        let isAbbreviation = reading.isShouted(end) || reading.isCapital(end)
        let isPlain = Detection.plainFirmEnds.contains(reading.words[end].hash)
        guard isAbbreviation || isPlain, end > 0 else { return }
        var start = end
        while start > 0, end - start < 6, reading.isApart(start, by: " .,&-'", limit: 3), !reading.taken[start - 1] {
            let word = start - 1
            if reading.beginsSentenceWithComma(start) { break }
            let isJoint = Detection.joints.contains(reading.words[word].hash)
            let isFree =
                isPlain && !isAbbreviation && !reading.has(word, .common) && !reading.words[word].isNumber
            guard
                reading.isCapital(word) || isJoint || isFree || reading.has(word, .firmEnd)
                    || reading.isNumber(word) && reading.words[word].length <= 3 && start == end - 2
            else { break }
            start -= 1
        }
        while start < end, Detection.joints.contains(reading.words[start].hash) || isOpening(start, reading) {
            start += 1
        }
        guard start < end, !(start..<end).allSatisfy({ reading.has($0, .firmEnd) }) else { return }
        var last = end
        while last + 1 < reading.count, reading.has(last + 1, .firmEnd), reading.isApart(last + 1, by: " .,", limit: 2)
        {
            last += 1
        }
        addFirm(start..<last + 1, &reading, 0.8, "the end of a firm's name")
    }

    private func isOpening(_ index: Int, _ reading: Reading) -> Bool {
        reading.beginsSentence(index) && reading.has(index, .common) && reading.traits[index].isDisjoint(with: .name)
            && !reading.has(index, .firmWord)
    }

    private func addFirm(_ range: Range<Int>, _ reading: inout Reading, _ score: Double, _ why: String) {
        var bytes = reading.bytes(range)
        // The dot of "Inc." and "Ltd." is part of it.
        if shadow.at(bytes.upperBound) == UInt8(ascii: "."), reading.words[range.upperBound - 1].length <= 5,
            reading.has(range.upperBound - 1, .firmEnd), range.upperBound < reading.count,
            !reading.beginsLine(range.upperBound) || !reading.isCapital(range.upperBound)
        {
            bytes = bytes.lowerBound..<bytes.upperBound + 1
        }
        let isOpen = configuration.readable.contains(.organization) || score < Detection.maskingScore
        candidates.append(
            Candidate(type: .organization, range: bytes, score: score, why: why, staysReadable: isOpen))
        reading.take(range)
    }

    private static let plainFirmEnds = WordSet("inc incorporated ltd llc llp plc pvt gmbh corporation")
    private static let joints = WordSet("and of und et de")

    /// "State Bank of India", "Acme Systems".
    private func findInstitution(at index: Int, _ reading: inout Reading) {
        var start = index
        while start > 0, index - start < 4, reading.isApart(start, by: " &-'", limit: 3), !reading.taken[start - 1],
            reading.isCapital(start - 1), !reading.words[start - 1].isNumber, !isOpening(start - 1, reading)
        {
            start -= 1
        }
        var last = index
        if reading.isOne(index + 1, of: Detection.ofWords), index + 2 < reading.count, reading.follows(index + 1),
            reading.follows(index + 2), reading.isCapital(index + 2), !reading.has(index + 2, .common) || start < index
        {
            last = index + 2
            let places = reading.placeLength(last)
            if places > 1 { last += places - 1 }
        }
        while last + 1 < reading.count, reading.has(last + 1, .firmEnd), reading.isCapital(last + 1),
            reading.isApart(last + 1, by: " .,", limit: 2)
        {
            last += 1
        }
        guard last > index || start < index else { return }
        // Two everyday words in capitals are a heading, not a name.
        guard last > index || (start..<index).contains(where: { !reading.has($0, .common) || reading.isShouted($0) })
        else { return }
        guard (start..<last + 1).contains(where: { !reading.has($0, [.honorific, .month, .weekday]) }) else { return }
        addFirm(start..<last + 1, &reading, 0.5, "a word that ends the names of institutions")
    }

    private static let ofWords = WordSet("of")
    private static let andWords = WordSet("and")

    /// "Marshall, Hernandez and Simpson": three family names.
    private func findPartnership(from first: Int, _ reading: inout Reading) {
        func isFamily(_ index: Int) -> Bool {
            index < reading.count && !reading.taken[index] && reading.has(index, .family)
                && (reading.isCapital(index) || isAlone)
        }
        let isAlone = reading.beginsLine(first) && first + 3 < reading.count && reading.endsLine(first + 3)
        guard first + 3 < reading.count, isFamily(first), isFamily(first + 1), isFamily(first + 3),
            reading.isApart(first + 1, by: ", ", limit: 2), shadow.at(reading.words[first].end) == UInt8(ascii: ","),
            reading.isOne(first + 2, of: Detection.andWords), reading.follows(first + 2), reading.follows(first + 3),
            !(first > 0 && reading.follows(first) && reading.isCapital(first - 1))
        else { return }
        // "Our founders: …" and "with …" are people.
        let given = [first, first + 1, first + 3].filter { reading.has($0, .given) }.count
        let isLed = first > 0 && shadow.bytes[reading.gap(before: first)].contains(UInt8(ascii: ":"))
        guard isAlone || given < 2, !isLed else { return }
        addFirm(first..<first + 4, &reading, 0.6, "three family names")
    }

    /// "Cable line installer" alone on a line.
    private func findProfession(endingAt end: Int, _ reading: inout Reading) {
        var start = end
        while start > 0, end - start < 7, !reading.beginsLine(start) { start -= 1 }
        guard reading.beginsLine(start), end > start || start > 0, reading.words[start].start - 1 >= 0 || start == 0,
            shadow.bytes[reading.words[start].start..<reading.words[end].end].allSatisfy({
                $0.isWord || ", -/&'".utf8.contains($0)
            }), start > 0,
            !(start..<end + 1).contains(where: { reading.words[$0].isNumber || reading.isOne($0, of: Detection.verbs) })
        else { return }
        guard endsPlainly(end, reading) else { return }
        add(.title, start..<end + 1, reading, 0.5, "a profession on a line of its own")
        reading.take(start..<end + 1)
    }

    private func endsPlainly(_ index: Int, _ reading: Reading) -> Bool {
        var end = reading.words[index].end
        while shadow.at(end) == 0x20 || shadow.at(end) == 0x0D { end += 1 }
        return shadow.at(end) == 0x0A
    }

    private static let verbs = WordSet("is are was were am be the a an my your our please i you we")
}

extension Reading {
    /// Whether a sentence ended before the word, or a comma that does not join the parts of a firm's name.
    func beginsSentenceWithComma(_ index: Int) -> Bool {
        let gap = gap(before: index)
        if shadow.bytes[gap].contains(UInt8(ascii: ",")) { return !has(index, .firmEnd) }
        return shadow.bytes[gap].contains(UInt8(ascii: ".")) && words[index - 1].length > 3 && !has(index - 1, .firmEnd)
    }
}
