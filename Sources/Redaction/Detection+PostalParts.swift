/// What may follow the core of a postal address: quarters, towns, states, postcodes.
extension Detection {
    func extended(_ core: Postal, _ reading: Reading) -> Postal {
        var result = core
        var hasTown = false
        var hasPostcode = false
        var isOneLine = false
        var next = pastDirection(core.words.upperBound, reading)
        result.words = core.words.lowerBound..<next
        while next < reading.count, next - core.words.lowerBound < 40, !reading.taken[next] {
            guard isJoined(next, reading) else { break }
            let gap = reading.gap(before: next)
            if shadow.bytes[gap].contains(UInt8(ascii: ",")), hasTown, reading.beginsLine(next) { isOneLine = true }
            // A line that begins with a comma goes on with the last one, otherwise a postcode may stand alone.
            if hasTown, !isOneLine, let end = ownLinePostcodeEnd(next, reading) {
                result.postcode = next..<end
                break
            }
            if hasTown, reading.isOne(next, of: Detection.missing), next + 1 < reading.count,
                isJoined(next + 1, reading), !reading.taken[next + 1],
                postcodeEnd(next + 1, hasTown: true, reading) ?? ownLinePostcodeEnd(next + 1, reading) != nil
            {
                next += 1
                continue
            }
            // Behind the postcode there is a country at most.
            guard !hasPostcode || reading.placeLength(next) > 0,
                let part = part(at: next, hasTown: hasTown, reading)
            else { break }
            hasTown = hasTown || part.isTown
            hasPostcode = hasPostcode || part.isPostcode
            next = part.end
            result.words = core.words.lowerBound..<next
            if part.isSure { result.score = max(result.score, 0.7) }
            if part.isSure, core.score >= 0.5 { result.score = 0.9 }
        }
        if hasTown { result.why = core.why + ", and a place" }
        return result
    }

    /// Commas, spaces and one line break.
    private func isJoined(_ index: Int, _ reading: Reading) -> Bool {
        let gap = reading.gap(before: index)
        guard gap.count <= 8 else { return false }
        var feeds = 0
        for byte in gap {
            switch shadow.bytes[byte] {
            case 0x0A: feeds += 1
            case 0x20, 0x09, 0x0D, UInt8(ascii: ","), UInt8(ascii: "-"), UInt8(ascii: "#"), UInt8(ascii: "("),
                UInt8(ascii: ">"):
                break
            case UInt8(ascii: "."):
                // After a short form only.
                if reading.words[index - 1].length > 4 { return false }
            default: return false
            }
        }
        return feeds <= 2 && !(feeds == 2 && gap.count == 2)
    }

    private struct Part {
        let end: Int
        var isTown = false
        var isPostcode = false
        var isSure = false
    }

    private func part(at index: Int, hasTown: Bool, _ reading: Reading) -> Part? {
        // "Mobile: 432 …" is the next field.
        if shadow.at(reading.words[index].end) == UInt8(ascii: ":"), !reading.hasDigit(index) { return nil }
        if Detection.military.contains(reading.words[index].hash),
            reading.words[index].length == 3
                || reading.words[index - 1].length == 3 && Detection.military.contains(reading.words[index - 1].hash)
        {
            return Part(end: index + 1, isTown: true, isSure: true)
        }
        if let unit = unit(at: index, reading) { return Part(end: unit.words.upperBound, isSure: true) }
        if let end = postcodeEnd(index, hasTown: hasTown, reading) {
            return Part(end: end, isTown: true, isPostcode: true, isSure: true)
        }
        let places = reading.placeLength(index)
        if places > 0, reading.isCapital(index) || !reading.has(index, .common) {
            // "Nagpur Road" is a street of another name.
            let after = index + places
            if reading.has(after, .strongStreetEnd), reading.follows(after) {
                return Part(end: after + 1, isSure: true)
            }
            return Part(end: pastDirection(min(after, reading.count), reading), isTown: true, isSure: true)
        }
        if reading.isShouted(index), reading.words[index].length == 2, !reading.has(index + 1, .strongStreetEnd) {
            // The code of a state: before a postcode, or where a line ends.
            let isLast = index + 1 >= reading.count || reading.hasDigit(index + 1) || reading.endsLine(index)
            return isLast || hasTown
                ? Part(end: index + 1, isTown: true, isSure: reading.hasDigit(min(index + 1, reading.count - 1))) : nil
        }
        if reading.isOne(index, of: Detection.landmarks), index + 1 < reading.count, reading.isCapital(index + 1) {
            var end = index + 1
            while end < reading.count, end - index < 5, reading.isCapital(end), reading.follows(end) { end += 1 }
            return Part(end: end)
        }
        if !reading.isASCII(index) {
            if reading.has(index, .strongStreetEnd) { return Part(end: index + 1, isSure: true) }
            // "शास्त्री नगर"
            if index + 1 < reading.count, reading.follows(index + 1), reading.has(index + 1, .strongStreetEnd),
                !reading.isASCII(index + 1)
            {
                return Part(end: index + 2, isSure: true)
            }
        }
        guard reading.isCapital(index), !reading.hasDigit(index) else {
            // The number behind "Sector", or a second number of the street.
            return isHouseNumber(index, reading) && reading.follows(index) && closesAddress(index, reading)
                && reading.words[index].length <= 4 ? Part(end: index + 1) : nil
        }
        return capitals(at: index, hasTown: hasTown, reading)
    }

    /// Past "West", "(E)", "NW" behind the name of a street or a quarter.
    private func pastDirection(_ index: Int, _ reading: Reading) -> Int {
        guard index < reading.count, reading.isOne(index, of: Detection.directions), reading.isCapital(index),
            reading.isApart(index, by: " (.", limit: 2)
        else { return index }
        return index + 1
    }

    private static let directions = WordSet("north south east west n s e w nw ne sw se")

    private func closesSentence(_ index: Int, _ reading: Reading) -> Bool {
        let end = reading.words[index].end
        return ".?!,".utf8.contains(shadow.at(end)) && !shadow.isWord(at: end + 1) || shadow.at(end) == 0x0A
    }

    private static let landmarks = WordSet(
        "near opp opposite behind beside nr off po ps dist district taluka tehsil tal via")
    private static let military = WordSet("apo fpo dpo aa ae ap")

    /// A town nobody listed, a quarter, the rest of a street's name.
    private func capitals(at index: Int, hasTown: Bool, _ reading: Reading) -> Part? {
        var end = index
        while end < reading.count, end - index < 4, reading.isCapital(end), !reading.hasDigit(end), !reading.taken[end],
            end == index || reading.isApart(end, by: " -.'", limit: 2),
            !reading.has(end, .common) || end > index || reading.has(end, .streetEnd)
                || reading.isOne(end, of: Detection.directions)
        {
            end += 1
            if end < reading.count, reading.has(end, .particle), reading.follows(end), end + 1 < reading.count,
                reading.isCapital(end + 1)
            {
                end += 1
            }
        }
        guard end > index else { return nil }
        if (index + 1..<max(end, index + 1)).contains(where: {
            reading.has($0, .strongStreetEnd) || reading.has($0, .streetEnd)
        }) {
            return Part(end: end, isSure: true)
        }
        // "Armenomonastiro Cyprus", "SOUTH NEWDEGATE, WA".
        if let place = (index..<end).last(where: { reading.placeLength($0) > 0 && !reading.has($0, .given) }) {
            return Part(end: min(reading.count, place + reading.placeLength(place)), isTown: true, isSure: true)
        }
        // What follows says whether it was a town: a postcode, a state, a country.
        var after = end
        while after < reading.count, after - end < 4, isJoined(after, reading) {
            if postcodeEnd(after, hasTown: true, reading) != nil
                || reading.placeLength(after) > 0 && reading.isCapital(after)
                || reading.isShouted(after) && reading.words[after].length == 2
                || reading.has(after, .unit) && unit(at: after, reading) != nil
            {
                return Part(end: end, isTown: true)
            }
            guard reading.isCapital(after), !reading.has(after, .common) else { break }
            after += 1
        }
        if hasTown { return nil }
        // Right behind a part of a building or a house number, up to the end of the sentence.
        if reading.follows(index), reading.hasDigit(index - 1), closesSentence(end - 1, reading) {
            return Part(end: end, isTown: true)
        }
        // On a line of its own, and nobody's name.
        let isName = (index..<end).contains { reading.has($0, .name) && !reading.has($0, .place) }
        guard !isName,
            reading.beginsLine(index) || shadow.bytes[reading.gap(before: index)].contains(UInt8(ascii: ",")),
            reading.endsLine(end - 1) || shadow.at(reading.words[end - 1].end) == UInt8(ascii: ",")
                || shadow.at(reading.words[end - 1].end) == UInt8(ascii: ".")
        else { return nil }
        return Part(end: end, isTown: true)
    }
}
