/// Postcodes: by their country's shape beside an address, and after a word that says so.
extension Detection {
    /// One past the last word of a postcode at `index`.
    func postcodeEnd(_ index: Int, hasTown: Bool, _ reading: Reading) -> Int? {
        guard index < reading.count else { return nil }
        let word = reading.words[index]
        let length = word.end - word.start
        let after = shadow.at(word.end)
        if after == UInt8(ascii: ":") || after == UInt8(ascii: "/") || after == UInt8(ascii: "%") { return nil }
        if reading.words[index].isNumber {
            // Poland's "53-320".
            if hasTown, length == 2, reading.isNumber(index + 1), reading.words[index + 1].length == 3,
                reading.isApart(index + 1, by: "-", limit: 1)
            {
                return index + 2
            }
            guard (3...8).contains(length) else { return nil }
            // ZIP+4, the Brazilian CEP, Portugal's, "560 001", "340 12".
            if index + 1 < reading.count, reading.words[index + 1].isNumber {
                let second = reading.words[index + 1].end - reading.words[index + 1].start
                if reading.isApart(index + 1, by: "-", limit: 1),
                    length == 5 && (second == 4 || second == 3) || length == 4 && second == 3
                {
                    return index + 2
                }
                if reading.follows(index + 1), length == 3, second == 3 || second == 2 { return index + 2 }
            }
            guard length >= 4, length <= 6 else { return nil }
            if length == 4, index + 1 < reading.count, reading.isShouted(index + 1), reading.follows(index + 1),
                reading.words[index + 1].length == 2, reading.isApart(index + 1, by: " ", limit: 1)
            {
                return index + 2
            }
            return index + 1
        }
        // "D-10115", "LV-1010".
        if hasTown, length <= 2, reading.isShouted(index) || length == 1 && reading.isCapital(index),
            reading.isNumber(index + 1), (4...5).contains(reading.words[index + 1].length),
            reading.isApart(index + 1, by: "-", limit: 1)
        {
            return index + 2
        }
        return letterPostcodeEnd(index, reading)
    }

    /// One past the last word of a postcode that has a line for itself, which may have three digits only.
    func ownLinePostcodeEnd(_ index: Int, _ reading: Reading) -> Int? {
        guard reading.beginsLine(index), reading.hasDigit(index) else { return nil }
        let isShort = reading.isNumber(index) && reading.words[index].length == 3 && reading.endsLine(index)
        guard let end = postcodeEnd(index, hasTown: true, reading) ?? (isShort ? index + 1 : nil),
            reading.endsLine(end - 1)
        else { return nil }
        return end
    }

    /// "SW1A 1AA", "K1A 0B1".
    func letterPostcodeEnd(_ index: Int, _ reading: Reading) -> Int? {
        let first = reading.words[index]
        let head = shadow.bytes[first.start..<first.end].map { $0.isUpper ? UInt8(ascii: "A") : $0.isDigit ? 0x39 : $0 }
        func tail(_ from: Int, _ to: Int) -> [UInt8] {
            shadow.bytes[from..<to].map { $0.isUpper ? UInt8(ascii: "A") : $0.isDigit ? 0x39 : $0 }
        }
        let british = Detection.britishHeads.contains(head)
        let canadian = head == Array("A9A".utf8)
        if british || canadian, index + 1 < reading.count, reading.follows(index + 1) {
            let second = tail(reading.words[index + 1].start, reading.words[index + 1].end)
            if british, second == Array("9AA".utf8) || canadian && second == Array("9A9".utf8) { return index + 2 }
            if canadian, second == Array("9A9".utf8) { return index + 2 }
        }
        guard head.count >= 5, head.count <= 7, head.suffix(3).elementsEqual("9AA".utf8) || head == Array("A9A9A9".utf8)
        else { return nil }
        return Detection.britishHeads.contains(Array(head.dropLast(3))) || head == Array("A9A9A9".utf8)
            ? index + 1 : nil
    }

    private static let britishHeads: Set<[UInt8]> = Set(
        ["A9", "A99", "AA9", "AA99", "A9A", "AA9A"].map { Array($0.utf8) })

    /// British and Canadian postcodes anywhere, and any after a word that says postcode.
    func findPostcodes(_ reading: inout Reading) {
        var index = 0
        while index < reading.count {
            defer { index += 1 }
            guard !reading.taken[index] else { continue }
            if reading.has(index, .zipLead) {
                findNamedPostcode(after: index, &reading)
            } else if reading.hasDigit(index), !reading.words[index].isNumber,
                shadow.bytes[reading.words[index].start].isUpper, let end = letterPostcodeEnd(index, reading),
                !(index + 1..<end).contains(where: { reading.taken[$0] })
            {
                addPostcode(index..<end, 0.7, "the shape of a postcode", &reading)
                index = end - 1
            } else if reading.words[index].isNumber, let end = postcodeEnd(index, hasTown: false, reading),
                isBesideTown(index, reading) || isCalledPostcode(after: end, reading)
                    || isBehindTown(index, end, reading)
            {
                addPostcode(index..<end, 0.6, "a number beside a town", &reading)
                index = end - 1
            }
        }
    }

    /// "90210 is the zip code of …".
    private func isCalledPostcode(after end: Int, _ reading: Reading) -> Bool {
        var next = end
        while next < reading.count, next - end < 4, reading.isOne(next, of: Detection.zipFillers), reading.follows(next)
        {
            next += 1
        }
        return reading.has(next, .zipLead) && !reading.isOne(next, of: Detection.pinWords)
            && reading.follows(next)
    }

    /// "Pune 411001", "Springfield, IL 62704".
    private func isBesideTown(_ index: Int, _ reading: Reading) -> Bool {
        guard index > 0 else { return false }
        if reading.isOne(index - 1, of: Detection.missing), index > 1, reading.follows(index),
            reading.isCapital(index - 2)
        {
            return true
        }
        guard reading.isApart(index, by: " ,-", limit: 3), reading.isCapital(index - 1) else { return false }
        let length = reading.words[index].end - reading.words[index].start
        if length == 6, reading.has(index - 1, [.city, .state]) { return true }
        return length == 5 && reading.isShouted(index - 1) && index > 1
            && Detection.stateCodes.contains(reading.words[index - 1].hash) && reading.isCapital(index - 2)
    }

    /// "at Bjerringbro 8850": after a word that leads to a place, and no year.
    private func isBehindTown(_ index: Int, _ end: Int, _ reading: Reading) -> Bool {
        guard reading.follows(index), reading.words[index].length != 4 || end > index + 1 || !isYear(index, reading),
            !reading.isOne(end, of: Detection.counted),
            !"%.,:".utf8.contains(shadow.at(reading.words[index].end))
                || !shadow.at(reading.words[index].end + 1).isDigit
        else { return false }
        var first = index
        while first > 0, index - first < 5, first == index || reading.isApart(first, by: " -'", limit: 1),
            reading.isCapital(first - 1) || first < index && reading.has(first - 1, .particle)
        {
            first -= 1
            if reading.hasDigit(first) || reading.has(first, [.unit, .month, .weekday, .firm, .firmWord, .streetEnd]) {
                return false
            }
        }
        return first < index && reading.has(first - 1, .placeLead) && reading.follows(first)
            && !reading.isOne(first - 1, of: Detection.to)
            && (first..<index).contains { !reading.has($0, .common) } && !reading.has(first, .common)
    }

    /// What programs write where a state is missing.
    static let missing = WordSet("nan null none undefined")

    static let stateCodes = WordSet(
        """
        al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa ri \
        sc sd tn tx ut vt va wa wv wi wy dc
        """)

    private static let zipFillers = WordSet(
        """
        code codes number no is are my the as changed change to from कोड है was in for of its it s i m me think believe should would will be new
        old current correct updated your our his her a an that this
        """)

    private func findNamedPostcode(after index: Int, _ reading: inout Reading) {
        var next = index + 1
        while next < reading.count, next - index < 8, reading.isOne(next, of: Detection.zipFillers) { next += 1 }
        guard next < reading.count, !reading.taken[next],
            reading.hasDigit(next) || postcodeEnd(next, hasTown: true, reading) != nil,
            reading.words[next].start - reading.words[next - 1].end <= 4
        else { return }
        let isPIN = reading.isOne(index, of: Detection.pinWords)
        let length = reading.words[next].end - reading.words[next].start
        // "PIN 1234" is a secret, a postcode of India has six digits.
        if isPIN, length != 6, !(length == 3 && postcodeEnd(next, hasTown: true, reading) == next + 2) { return }
        var end = postcodeEnd(next, hasTown: true, reading) ?? next + 1
        if end == next + 1, length <= 5, next + 1 < reading.count, reading.isApart(next + 1, by: " -", limit: 1),
            reading.words[next + 1].length <= 4,
            reading.hasDigit(next + 1) || reading.isShouted(next + 1) && reading.words[next + 1].length == 2
        {
            end = next + 2
        }
        guard (3...10).contains(reading.words[end - 1].end - reading.words[next].start) else { return }
        addPostcode(next..<end, 0.9, "a word before it calls it a postcode", &reading)
    }

    private static let pinWords = WordSet("pin पिन")

    func addPostcode(_ range: Range<Int>, _ score: Double, _ why: String, _ reading: inout Reading) {
        let bytes = reading.bytes(range)
        guard !Detection.overlaps(bytes, orderNumbers) else { return }
        add(.zip, range, reading, score, why)
        reading.take(range)
    }
}
