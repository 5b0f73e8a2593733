/// The words of a text with what each can be, and which of them belong to a finding already.
struct Reading {
    typealias Traits = Gazetteer.Traits

    let shadow: Shadow
    let words: [Words.Word]
    let traits: [Traits]
    /// On the keep list, or part of a finding.
    private(set) var taken: [Bool]

    init(_ shadow: Shadow, _ words: Words, kept: [Bool]) {
        self.shadow = shadow
        self.words = words.items
        let gazetteer = Gazetteer.shared
        traits = words.items.map { $0.isNumber ? [] : gazetteer.traits(of: $0.hash) }
        taken = kept
    }

    var count: Int { words.count }

    mutating func take(_ range: Range<Int>) {
        for index in range { taken[index] = true }
    }

    /// Takes the words that overlap ascending ranges of bytes.
    mutating func take(_ spans: [Range<Int>]) {
        var index = 0
        for span in spans {
            while index < count, words[index].end <= span.lowerBound { index += 1 }
            while index < count, words[index].start < span.upperBound {
                taken[index] = true
                index += 1
            }
        }
    }

    /// The bytes from the first to the last word of a range.
    func bytes(_ range: Range<Int>) -> Range<Int> { words[range.lowerBound].start..<words[range.upperBound - 1].end }

    /// The bytes between a word and the one before it.
    func gap(before index: Int) -> Range<Int> {
        index == 0 ? 0..<words[0].start : words[index - 1].end..<words[index].start
    }

    /// Whether one space, or a tab, is all there is between a word and the one before it.
    func follows(_ index: Int) -> Bool {
        guard index > 0, index < count else { return false }
        let gap = gap(before: index)
        return gap.count == 1 && (shadow.bytes[gap.lowerBound] == 0x20 || shadow.bytes[gap.lowerBound] == 0x09)
    }

    /// Whether only some of `allowed` stand between a word and the one before it, at most `limit` of them.
    func isApart(_ index: Int, by allowed: StaticString, limit: Int = 3) -> Bool {
        guard index > 0, index < count else { return false }
        let gap = gap(before: index)
        guard gap.count <= limit else { return false }
        return allowed.withUTF8Buffer { allowed in gap.allSatisfy { allowed.contains(shadow.bytes[$0]) } }
    }

    /// Written with a capital; in scripts without them, a word of the lists.
    func isCapital(_ index: Int) -> Bool {
        let first = shadow.bytes[words[index].start]
        if first < 0x80 { return first.isUpper }
        if first < 0xE0 { return words[index].isCapitalised }
        return !traits[index].isDisjoint(with: [.given, .family, .city, .strongStreetEnd])
    }

    /// All in capitals, two letters or more.
    func isShouted(_ index: Int) -> Bool {
        let word = words[index]
        return word.end - word.start > 1 && shadow.bytes[word.start..<word.end].allSatisfy { $0.isUpper }
    }

    func isASCII(_ index: Int) -> Bool { shadow.bytes[words[index].start] < 0x80 }

    func at(_ index: Int) -> Traits { index >= 0 && index < count ? traits[index] : [] }

    func has(_ index: Int, _ trait: Traits) -> Bool { !at(index).isDisjoint(with: trait) }

    func isNumber(_ index: Int) -> Bool { index >= 0 && index < count && words[index].isNumber }

    func hasDigit(_ index: Int) -> Bool { words[index].hasDigit }

    /// The value of a number of at most six digits.
    func value(_ index: Int) -> Int? {
        guard isNumber(index), words[index].length <= 6 else { return nil }
        return shadow.bytes[words[index].start..<words[index].end].reduce(0) { $0 * 10 + $1.digitValue }
    }

    func text(_ index: Int) -> [UInt8] {
        index >= 0 && index < count ? shadow.lowercased(words[index].start..<words[index].end) : []
    }

    func isOne(_ index: Int, of set: WordSet) -> Bool {
        index >= 0 && index < count && set.contains(words[index].hash)
    }

    /// Whether a sentence, a line or a quotation begins with the word.
    func beginsSentence(_ index: Int) -> Bool {
        guard index > 0 else { return true }
        let gap = gap(before: index)
        guard !gap.isEmpty else { return false }
        // A dot after an initial or a short form ends nothing.
        let shortBefore = words[index - 1].length <= 2 || has(index - 1, .honorific)
        return gap.contains { byte in
            switch shadow.bytes[byte] {
            case UInt8(ascii: "."): !shortBefore
            case UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: ":"), 0x0A, UInt8(ascii: "\""), Shadow.filler: true
            default: false
            }
        }
    }

    func endsLine(_ index: Int) -> Bool {
        let next = index + 1 < count ? words[index + 1].start : shadow.bytes.count
        return index + 1 >= count || shadow.bytes[words[index].end..<next].contains(0x0A)
    }

    func beginsLine(_ index: Int) -> Bool {
        index == 0 || shadow.bytes[gap(before: index)].contains(0x0A)
    }

    /// How many words from `index` on are a place; 0 when they are none.
    func placeLength(_ index: Int) -> Int {
        if has(index, .opensPlace) {
            var phrase: UInt64 = 0
            var longest = 0
            for offset in 0..<min(Gazetteer.maximumPhrase, count - index) {
                if offset > 0, !isApart(index + offset, by: " .-", limit: 2) { break }
                phrase = Gazetteer.join(phrase, words[index + offset].hash)
                if offset > 0, Gazetteer.shared.isPlace(phrase: phrase) { longest = offset + 1 }
            }
            if longest > 0 { return longest }
        }
        return has(index, .place) ? 1 : 0
    }
}
