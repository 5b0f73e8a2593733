/// Names, nations and places of the lists that somebody wrote in small letters.
extension Detection {
    /// What a word of the lists in small letters is.
    func findSmall(_ index: Int, _ reading: Reading) {
        let traits = reading.traits[index]
        guard reading.isASCII(index) else { return }
        guard !traits.isEmpty else {
            if reading.follows(index), reading.words[index].length > 4, isPeople(index, reading) {
                add(.nrp, index..<index + 1, reading, 0.4, "a nation, religion or party")
            }
            return
        }
        if traits.contains(.weekday) {
            add(.date, index..<index + 1, reading, 0.5, "a weekday")
        } else if !traits.contains(.common), isPeople(index, reading) {
            add(.nrp, index..<index + 1, reading, 0.4, "a nation, religion or party")
        } else if traits.contains(.country), !traits.contains(.common) {
            add(.location, index..<index + 1, reading, 0.4, "a country")
        } else if !traits.isDisjoint(with: .name),
            traits.isDisjoint(with: [.common, .place, .particle, .month, .unit]),
            reading.words[index].length >= 4
        {
            // In small letters a name is only sure beside another.
            let next = index + 1
            var last = next
            if last + 1 < reading.count, reading.words[last].length == 1, reading.follows(last) { last += 1 }
            let isPair =
                traits.contains(.given) && last < reading.count && reading.isApart(last, by: " .", limit: 2)
                && !reading.taken[last] && !reading.isCapital(last) && !reading.hasDigit(last)
                && reading.words[last].length > 3 && isFamilyLike(last, reading)
            let isLed = reading.follows(index) && reading.has(index - 1, [.personLead, .honorific])
            if isPair {
                add(.person, index..<last + 1, reading, 0.6, "a given and a family name")
            } else if isLed || !hasCapitals(reading) {
                add(.person, index..<next, reading, isLed ? 0.5 : 0.4, "a name of the lists")
            }
        }
    }

    private func isFamilyLike(_ index: Int, _ reading: Reading) -> Bool {
        let traits = reading.traits[index]
        guard traits.isDisjoint(with: [.common, .particle, .people]) else { return false }
        return traits.contains(.family) || Detection.hasFamilyEnding(reading.text(index))
            || traits.isEmpty && !hasCapitals(reading) && !Detection.isEverydayForm(reading.text(index))
    }

    /// A nation, religion or party, the plural too.
    func isPeople(_ index: Int, _ reading: Reading) -> Bool {
        if reading.has(index, .people) { return true }
        let word = reading.words[index]
        guard reading.traits[index].isEmpty, word.length > 4, shadow.bytes[word.end - 1] | 0x20 == UInt8(ascii: "s")
        else { return false }
        var hash = Hash64()
        for byte in shadow.bytes[word.start..<word.end - 1] { hash.add(byte.lowercased) }
        return Gazetteer.shared.traits(of: hash.value).contains(.people)
    }

    private func hasCapitals(_ reading: Reading) -> Bool {
        reading.words.prefix(200).contains { shadow.bytes[$0.start].isUpper }
    }
}
