extension Detection {
    /// Names and postal addresses: what the text says of itself first, then everything that is known.
    func findPeopleAndPlaces() {
        let words = Words(shadow)
        let kept = configuration.keep.marks(words.items)
        var names = known.names
        var introduced: Set<String> = []
        let stated = statedNames(words, kept) + writersNames(words, kept)
        // What somebody calls himself is looked for in the rest of the text, too. Whole names come first: "Arjun" of the
        // sign-off is Arjun Rathore.
        for name in stated.sorted(by: { $0.range.count > $1.range.count }) {
            let text = shadow.string(name.range)
            if introduced.count < 16, introduced.insert(text).inserted, !names.holdsAll(of: text) {
                names.add([text])
            }
        }
        for name in stated {
            let whole = names.person(of: words, in: name.range)
            candidates.append(
                Candidate(
                    type: .person, range: name.range, score: name.score, why: name.why,
                    keys: whole.map { [Normal.words(shadow, in: name.range), $0] } ?? []))
        }
        if !names.isEmpty { findKnownNames(names, words, kept) }
        if !known.places.isEmpty { findKnownPlaces(words, kept) }
        var reading = Reading(shadow, words, kept: kept)
        // Words in addresses, links and numbers are no names, also where these stay readable.
        reading.take(
            candidates.filter { $0.type != .person && $0.type != .address }.map(\.range)
                .sorted { $0.lowerBound < $1.lowerBound })
        findPostalAddresses(&reading)
        findPostcodes(&reading)
        findCodes(&reading)
        findDatesAndAges(&reading)
        findFirms(&reading)
        findNames(&reading)
    }

    /// Whether only what may stand inside a name is between two words: a space, a hyphen, an apostrophe, and a dot after
    /// an initial or a short form; after anything longer it ends a sentence.
    func joinsName(_ words: [Words.Word], _ index: Int) -> Bool {
        let gap = words[index - 1].end..<words[index].start
        let isShort = words[index - 1].length <= 2
        return gap.count <= 3
            && gap.allSatisfy {
                " -'\"\t".utf8.contains(shadow.bytes[$0]) || (isShort && shadow.bytes[$0] == UInt8(ascii: "."))
            }
    }

    private func findKnownNames(_ names: NameIndex, _ words: Words, _ kept: [Bool]) {
        let items = words.items
        var index = 0
        while index < items.count {
            let start = index
            guard !kept[index], let first = match(names, items[index]) else {
                index += 1
                continue
            }
            var people = Set(first.entries.map(\.person))
            var standsAlone = first.entries.contains(where: \.standsAlone)
            var fuzzy = first.isFuzzy
            var matched = 1
            var last = index
            index += 1
            while index < items.count, !kept[index], joinsOrInverts(items, index), index - start < 8 {
                if let next = match(names, items[index]), !people.isDisjoint(with: next.entries.map(\.person)) {
                    people.formIntersection(next.entries.map(\.person))
                    standsAlone = standsAlone || next.entries.contains(where: \.standsAlone)
                    fuzzy = fuzzy || next.isFuzzy
                    matched += 1
                    last = index
                } else if items[index].length > 1 || !items[index].isCapitalised || !joinsName(items, index) {
                    break
                }
                index += 1
            }
            index = last + 1
            guard standsAlone || matched > 1 else { continue }
            let range = items[start].start..<items[last].end
            var keys = [Normal.words(shadow, in: range)]
            if people.count == 1, let person = people.first { keys.append(names.keys[person]) }
            candidates.append(
                Candidate(
                    type: .person, range: range, score: fuzzy ? 0.6 : matched > 1 ? 1 : 0.85,
                    why: fuzzy ? "nearly a known name" : matched > 1 ? "a known name" : "part of a known name",
                    keys: keys))
        }
    }

    /// As within a name, or "Sharma, Priya".
    private func joinsOrInverts(_ items: [Words.Word], _ index: Int) -> Bool {
        if joinsName(items, index) { return true }
        let gap = items[index - 1].end..<items[index].start
        return gap.count == 2 && shadow.bytes[gap.lowerBound] == UInt8(ascii: ",")
            && shadow.bytes[gap.lowerBound + 1] == 0x20
    }

    private func match(_ names: NameIndex, _ word: Words.Word) -> (entries: [NameIndex.Entry], isFuzzy: Bool)? {
        if let entries = names.entries[word.hash] { return (entries, false) }
        guard word.isCapitalised, word.length >= 6, word.length <= 32, !names.long.isEmpty,
            !Lexicon.hashes.notNames.contains(word.hash),
            let near = names.nearest(to: Fold.bytes(shadow.bytes[word.start..<word.end])),
            let entries = names.entries[near]
        else { return nil }
        return (entries, true)
    }

    // MARK: Postal addresses

    private enum Part { case none, locality, postcode, street }

    private func findKnownPlaces(_ words: Words, _ kept: [Bool]) {
        let items = words.items
        let normal = items.map { PlaceIndex.normal($0.hash) }
        var parts = items.indices.map { index -> Part in
            if kept[index] { return .none }
            if known.places.postcodes.contains(items[index].hash) { return .postcode }
            return known.places.localities.contains(items[index].hash) ? .locality : .none
        }
        for index in items.indices where !kept[index] {
            for start in known.places.starts[normal[index]] ?? [] {
                let length = matchedStreet(known.places.streets[start.street], from: start.offset, items, normal, index)
                for offset in 0..<length { parts[index + offset] = .street }
            }
        }
        var index = 0
        while index < items.count {
            guard parts[index] != .none else {
                index += 1
                continue
            }
            let start = index
            index += 1
            while index < items.count, parts[index] != .none, isNear(items, index) { index += 1 }
            let run = parts[start..<index]
            let isAddress =
                run.contains(.street) || (run.contains(.postcode) && run.contains(.locality))
                || (run.contains(.postcode) && isCalledPostcode(items[start].start))
            guard isAddress else { continue }
            candidates.append(
                Candidate(
                    type: .address, range: items[start].start..<items[index - 1].end,
                    score: 0.95,
                    why: run.contains(.street) ? "a known address" : "the postcode of a known address"))
        }
    }

    private func isNear(_ items: [Words.Word], _ index: Int) -> Bool {
        items[index].start - items[index - 1].end <= 5
    }

    private func isCalledPostcode(_ start: Int) -> Bool {
        Detection.postcodeWords.appear(in: context(before: start, limit: 20))
    }

    private static let postcodeWords = Phrases(["pin", "postcode", "postal code", "zip", "पिन"])

    /// How many words from `index` on are the street from its word `offset` on; 0 when they are too few to tell.
    private func matchedStreet(
        _ street: PlaceIndex.Street, from offset: Int, _ items: [Words.Word], _ normal: [UInt64], _ index: Int
    ) -> Int {
        var count = 0
        while offset + count < street.words.count, index + count < items.count,
            normal[index + count] == street.words[offset + count], count == 0 || isNear(items, index + count)
        {
            count += 1
        }
        let whole = street.words.count - offset
        if count == whole { return count }
        // "14 Lake View" for "14 Lake View Road".
        return offset == 0 && street.beginsWithNumber && (count >= 3 || (count == 2 && whole <= 3)) ? count : 0
    }
}
