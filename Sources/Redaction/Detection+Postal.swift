/// Postal addresses by their grammar: a core (house and street, a part of a building, a box), then what may follow it.
extension Detection {
    func findPostalAddresses(_ reading: inout Reading) {
        var index = 0
        while index < reading.count {
            guard !reading.taken[index], let core = core(at: index, reading) else {
                index += 1
                continue
            }
            let whole = extended(core, reading)
            if whole.score >= 0.4 {
                var bytes = reading.bytes(whole.words)
                // "ul. Jasna 4." and "Street 5 A" keep what belongs to them; an opening '#' does, too.
                if shadow.at(bytes.lowerBound - 1) == UInt8(ascii: "#") {
                    bytes = bytes.lowerBound - 1..<bytes.upperBound
                }
                let isOpen = configuration.readable.contains(.address) || whole.score < Detection.maskingScore
                candidates.append(
                    Candidate(
                        type: .address, range: bytes, score: whole.score, why: whole.why, staysReadable: isOpen))
                reading.take(whole.words)
                if let postcode = whole.postcode {
                    addPostcode(postcode, 0.8, "a postcode on the last line of an address", &reading)
                }
            }
            index = whole.words.upperBound
        }
    }

    struct Postal {
        var words: Range<Int>
        var score: Double
        var why: String
        /// A postcode on a line of its own, which is a finding of its own.
        var postcode: Range<Int>?
    }

    // MARK: The core

    func core(at index: Int, _ reading: Reading) -> Postal? {
        let traits = reading.traits[index]
        if reading.hasDigit(index) { return numberFirst(index, reading) }
        if !traits.isDisjoint(with: [.unit, .streetEnd]) || reading.words[index].length == 1,
            let unit = unit(at: index, reading)
        {
            return unit
        }
        if traits.contains(.streetStart), let street = startFirst(index, reading) { return street }
        guard reading.isCapital(index) else { return nil }
        return nameFirst(index, reading)
    }

    /// A number of a house: "12", "221B", "12/4".
    func isHouseNumber(_ index: Int, _ reading: Reading) -> Bool {
        guard index < reading.count else { return false }
        let word = reading.words[index]
        let length = word.end - word.start
        guard length <= 6, shadow.bytes[word.start].isDigit else { return false }
        let letters = shadow.bytes[word.start..<word.end].drop(while: \.isDigit)
        guard letters.count <= 1 else { return false }
        // Parts of amounts, dates and longer numbers are none.
        let before = shadow.at(word.start - 1)
        if before == UInt8(ascii: ".") && shadow.at(word.start - 2).isDigit || before == UInt8(ascii: "$")
            || before == UInt8(ascii: ":") && shadow.at(word.start - 2).isDigit
        {
            return false
        }
        let after = shadow.at(word.end)
        return !(after == UInt8(ascii: ".") && shadow.at(word.end + 1).isDigit)
            && !(after == UInt8(ascii: ":") && shadow.at(word.end + 1).isDigit) && after != UInt8(ascii: "%")
    }

    /// "12 Lake View Road", "1737 Cheriton Dr", "55 5th Ave".
    private func numberFirst(_ index: Int, _ reading: Reading) -> Postal? {
        guard isHouseNumber(index, reading) else { return nil }
        var first = index + 1
        // "12-4-56/A" and "5551 Tjalling …" after another number.
        while first < reading.count, first - index < 4, reading.hasDigit(first),
            reading.isApart(first, by: " -/", limit: 1), isHouseNumber(first, reading)
        {
            first += 1
        }
        if first < reading.count, reading.words[first].length == 1, reading.isCapital(first),
            reading.isApart(first, by: "-/ ", limit: 1)
        {
            first += 1
        }
        var end = first
        var strong: Int?
        var weak: Int?
        while end < reading.count, end - first < 6, !reading.taken[end] {
            guard end == first ? reading.isApart(end, by: " ,", limit: 2) : reading.isApart(end, by: " .-'", limit: 2)
            else { break }
            let isOrdinal = shadow.bytes[reading.words[end].start].isDigit && !reading.words[end].isNumber
            let isJoint = end > first && reading.has(end, .particle) && reading.follows(end)
            guard reading.isCapital(end) || isOrdinal || isJoint || (end > first && reading.has(end, .strongStreetEnd))
            else { break }
            if end > first || reading.has(first, .opensPlace) || isCompoundStreet(end, reading) {
                if reading.has(end, .strongStreetEnd) || isCompoundStreet(end, reading) {
                    strong = end
                } else if reading.has(end, .streetEnd) {
                    weak = end
                }
            }
            end += 1
            if shadow.at(reading.words[end - 1].end) == UInt8(ascii: "."), reading.words[end - 1].length > 4 { break }
        }
        if let last = [strong, weak].compactMap({ $0 }).max() {
            return Postal(
                words: index..<last + 1, score: strong != nil ? 0.8 : 0.55, why: "a house number and a street")
        }
        // "74 Rue Dielhère", "31 rue de la Hulotais".
        if first < reading.count, reading.isApart(first, by: " ,", limit: 2), reading.has(first, .streetStart),
            let street = startFirst(first, reading, needsNumber: false)
        {
            return Postal(words: index..<street.words.upperBound, score: 0.8, why: street.why)
        }
        // "6750 Koskikatu 25": a number, a name, another number.
        if first < reading.count, reading.follows(first), reading.isCapital(first),
            let street = nameFirst(first, reading, afterNumber: true), street.words.lowerBound == first
        {
            return Postal(words: index..<street.words.upperBound, score: max(street.score, 0.6), why: street.why)
        }
        return nil
    }

    /// "Rua João Pessoa 1636", "ul. Chrzanowska 61", "Rue de la Paix".
    private func startFirst(_ index: Int, _ reading: Reading, needsNumber: Bool = false) -> Postal? {
        let length = reading.words[index].length
        guard reading.isCapital(index) || !needsNumber && length > 1 else { return nil }
        var end = index + 1
        var capitals = 0
        while end < reading.count, end - index < 7, !reading.taken[end] {
            guard reading.isApart(end, by: " .-',", limit: 2) else { break }
            if isHouseNumber(end, reading), capitals > 0 {
                end += 1
                if end < reading.count, reading.words[end].length == 1, reading.isCapital(end), reading.follows(end),
                    !reading.beginsSentence(end)
                {
                    end += 1
                }
                return Postal(words: index..<end, score: 0.8, why: "a street and a house number")
            }
            if shadow.bytes[reading.gap(before: end)].contains(UInt8(ascii: ",")) { break }
            if reading.isCapital(end) {
                capitals += 1
            } else if !reading.has(end, .particle) {
                break
            }
            end += 1
        }
        while end > index + 1, !reading.isCapital(end - 1) { end -= 1 }
        // Without a number only words that mean nothing else.
        guard capitals > 0, Detection.sureStreetStarts.contains(reading.words[index].hash),
            reading.isCapital(index) || length > 2
        else { return nil }
        return Postal(words: index..<end, score: 0.55, why: "the name of a street")
    }

    private static let sureStreetStarts = WordSet(
        "rua rue avenida travessa calle ulica ul viale piazza boulevard chemin impasse carrer rodovia paseo")

    /// "Hersnapvej 75", "Hoge Wei 32,", "MG Road", "Trajanka Forks".
    private func nameFirst(_ index: Int, _ reading: Reading, afterNumber: Bool = false) -> Postal? {
        var end = index
        var street: Int?
        var compound = false
        while end < reading.count, end - index < 5, !reading.taken[end],
            reading.isCapital(end) || (end > index && reading.has(end, .particle) && reading.follows(end)),
            !reading.words[end].isNumber, end == index || reading.isApart(end, by: " .-'", limit: 2),
            !reading.has(end, [.unit, .honorific]) || reading.has(end, .name)
        {
            if end > index, shadow.bytes[reading.gap(before: end)].contains(UInt8(ascii: ".")),
                reading.words[end - 1].length > 4
            {
                break
            }
            if isCompoundStreet(end, reading) {
                street = end
                compound = true
            } else if end > index, reading.has(end, .strongStreetEnd) {
                street = end
            }
            end += 1
        }
        // Hungarian and Baltic short forms are written small: "Király u. 15."
        if end > index, end < reading.count, reading.isOne(end, of: Detection.smallStreetEnds), reading.follows(end) {
            street = end
            compound = true
            end += 1
        }
        let start =
            (index..<max(index + 1, street ?? index)).first {
                !(reading.has($0, .common) && reading.beginsSentence($0)) && !reading.has($0, .honorific)
            } ?? index
        let isNumbered =
            end < reading.count && end > index && reading.isApart(end, by: " .", limit: 2)
            && isHouseNumber(end, reading)
            && reading.words[end].end - reading.words[end].start <= 4
        if let street {
            if isNumbered, street == end - 1 {
                return Postal(words: start..<end + 1, score: compound ? 0.8 : 0.75, why: "a street and a house number")
            }
            let isNamed = (start..<street).contains { !reading.has($0, .common) } || compound
            guard isNamed else { return nil }
            let isLed = reading.follows(start) && reading.isOne(start - 1, of: Detection.streetLeads)
            if compound, !isLed, !afterNumber { return nil }
            return Postal(words: start..<street + 1, score: isLed ? 0.55 : 0.5, why: "the name of a street")
        }
        // Sums of money are written like that, too.
        guard !(start..<end).contains(where: { Detection.moneyUnits.contains(reading.words[$0].hash) }) else {
            return nil
        }
        // Any capitalised words and a number, where something says address.
        guard isNumbered, end - start <= 4, (start..<end).contains(where: { !reading.has($0, .common) }),
            !(start..<end).contains(where: { reading.has($0, [.month, .weekday, .firmWord]) }),
            closesAddress(end, reading)
        else { return nil }
        let isLed =
            reading.isOne(start - 1, of: Detection.addressLeads) && reading.isApart(start, by: " :\n\r", limit: 4)
        guard isLed || afterNumber || reading.beginsLine(start) else { return nil }
        return Postal(words: start..<end + 1, score: isLed ? 0.55 : 0.4, why: "a name and a number where an address is")
    }

    private static let smallStreetEnds = WordSet(
        "u utca ut ter tere krt korut rkp koz sor kapu poik tn mnt pst tee")
    private static let streetLeads = WordSet("on at of to in near off along from behind beside opposite and")
    private static let moneyUnits = WordSet(
        "rs inr usd eur gbp chf aud cad no nr order invoice ticket page version chapter")
    private static let addressLeads = WordSet("at to is on address of adresse pata near")

    /// Whether a line, a sentence or the part of an address ends after a house number.
    func closesAddress(_ index: Int, _ reading: Reading) -> Bool {
        let end = reading.words[index].end
        let after = shadow.at(end)
        if after == 0x0A || after == 0x0D || after == UInt8(ascii: ",") || after == UInt8(ascii: "?") { return true }
        if after == UInt8(ascii: "."), !shadow.isWord(at: end + 1) { return true }
        if reading.has(index + 1, .unit) || reading.has(index + 1, .streetEnd) && reading.isCapital(index + 1) {
            return true
        }
        return after == 0x20
            && (index + 1 < reading.count && (!reading.isCapital(index + 1) || reading.placeLength(index + 1) > 0))
    }

    /// "Koskikatu", "Brucker Bundesstrasse": the kind of street is the end of its name.
    private func isCompoundStreet(_ index: Int, _ reading: Reading) -> Bool {
        let word = reading.words[index]
        guard word.length > 5, reading.traits[index].isDisjoint(with: [.common, .name, .place]) else { return false }
        let last = shadow.bytes[word.end - 1]
        guard last >= 0x80 || Detection.streetEndings.mayEnd(with: last.lowercased) else { return false }
        let folded = Fold.bytes(shadow.bytes[word.start..<word.end])
        return Detection.streetEndings.end(folded)
    }

    private static let streetEndings = Endings(
        """
        strasse gasse weg platz allee damm ufer gata gatan vagen vag vegen veien vej vei gade straede stien \
        stigen backen torget svingen bakken katu tie polku kuja raitti straat laan kade plein gracht dijk \
        singel utca stig gotu aenget vaenget lunden toften hojen graben brucke braut straeti
        """)

    /// "Flat 302", "Suite 913", "PSC 5420, Box 2708", "P.O. Box 12", "H.No. 4-5".
    func unit(at index: Int, _ reading: Reading) -> Postal? {
        // "H.No. 12-3", "D. No. 4".
        if reading.words[index].length == 1, "hd".utf8.contains(shadow.bytes[reading.words[index].start] | 0x20),
            reading.isOne(index + 1, of: Detection.numberWords), reading.isApart(index + 1, by: ". ", limit: 2),
            let end = unitNumberEnd(after: index + 1, reading)
        {
            return Postal(words: index..<end, score: 0.55, why: "a number of a house")
        }
        // "Street No. 4", "गली नंबर 3".
        if reading.has(index, [.streetEnd, .unit]), reading.isCapital(index),
            reading.isOne(index + 1, of: Detection.numberWords), reading.follows(index + 1),
            let end = unitNumberEnd(after: index + 1, reading)
        {
            return Postal(words: index..<end, score: 0.55, why: "a numbered part of an address")
        }
        let isMilitary = Detection.militaryUnits.contains(reading.words[index].hash)
        guard reading.isCapital(index) || isMilitary, reading.has(index, .unit) || isMilitary else { return nil }
        var end = index + 1
        if reading.isOne(end, of: Detection.numberWords), reading.isApart(end, by: " .", limit: 2) { end += 1 }
        guard end < reading.count, reading.isApart(end, by: " .:#-", limit: 3) else { return nil }
        guard reading.hasDigit(end) || reading.isShouted(end) && reading.words[end].length == 1 else { return nil }
        guard reading.words[end].end - reading.words[end].start <= 6 else { return nil }
        while end + 1 < reading.count, reading.isApart(end + 1, by: "-/", limit: 1), reading.words[end + 1].length <= 4
        {
            end += 1
        }
        var start = index
        // "P.O. Box 12", "PO Box 12".
        if Detection.boxes.contains(reading.words[index].hash) {
            while start > 0, index - start < 2, reading.words[start - 1].length <= 2,
                reading.isApart(start, by: ". ", limit: 2),
                "po".utf8.contains(shadow.bytes[reading.words[start - 1].start] | 0x20)
            {
                start -= 1
            }
        }
        let isSure = start < index || Detection.sureUnits.contains(reading.words[index].hash) || isMilitary
        return Postal(words: start..<end + 1, score: isSure ? 0.55 : 0.3, why: "a part of a building")
    }

    /// One past the number of a part of a building, "12-3-456/A", after the word at `index`.
    private func unitNumberEnd(after index: Int, _ reading: Reading) -> Int? {
        var end = index + 1
        guard end < reading.count, reading.isApart(end, by: " .:#-", limit: 3), reading.hasDigit(end),
            reading.words[end].end - reading.words[end].start <= 6
        else { return nil }
        while end + 1 < reading.count, reading.isApart(end + 1, by: "-/", limit: 1), reading.words[end + 1].length <= 4
        {
            end += 1
        }
        return end + 1
    }

    static let militaryUnits = WordSet("psc unit")
    private static let boxes = WordSet("box")
    private static let sureUnits = WordSet("apt apartment suite ste flat psc pobox hno khasra")
    private static let numberWords = WordSet("no number nr num नंबर नम्बर नं संख्या क्रमांक")
}
