/// The features of one text with their counts: words and word pairs, and character n-grams inside word borders.
///
/// Words of a subject give their word features twice, once as any word and once as a word of a subject: what is said of
/// "refund" holds anywhere, and a subject may say more.
struct FeatureBag {
    /// Distinct hashes of words and word pairs, in the order of the text.
    private(set) var wordHashes: [UInt64] = []
    private(set) var wordCounts: [Float] = []
    /// Distinct hashes of character n-grams, in the order of the text.
    private(set) var characterHashes: [UInt64] = []
    private(set) var characterCounts: [Float] = []

    /// Character n-grams from two to four scalars; the blank before and after a word counts as a scalar. Five are no better
    /// on any of the public sets, and cost a quarter more.
    static let shortest = 2
    static let longest = 4

    /// - Parameters:
    ///   - subjectCount: How many of the words of the whole text, from its first, are the subject's.
    ///   - functionWeight: How much the characters of a function word count.
    ///   - strangers: For each word 0, or a number that makes it a word which nobody knows.
    init(
        _ words: Words, from: Int, to: Int, subjectCount: Int = 0, functionWeight: Float, strangers: [UInt64]? = nil
    ) {
        let count = max(to - from, 0)
        var wordTally = Tally(capacity: count * 4)
        var characterTally = Tally(capacity: count * 16)
        var previous: UInt64 = 0x5354_4152
        for index in from..<max(from, to) {
            let word = words.words[index]
            let salt = strangers?[index] ?? 0
            let hash = word.hash ^ salt
            wordTally.add(FeatureHash.combine(hash, 0x574F_5244), 1)
            wordTally.add(FeatureHash.combine(previous, hash), 1)
            if index < subjectCount { wordTally.add(FeatureHash.combine(hash, 0x5355_424A), 1) }
            previous = hash
            let weight = FunctionWords.contains(hash) ? functionWeight : 1
            Self.addGrams(words.scalars, word.start, word.end, salt, weight, &characterTally)
        }
        if to > from { wordTally.add(FeatureHash.combine(previous, 0x454E_4400), 1) }
        (wordHashes, wordCounts) = (wordTally.hashes, wordTally.counts)
        (characterHashes, characterCounts) = (characterTally.hashes, characterTally.counts)
    }

    /// How much the characters of function words count in a model of that many texts: the fewer there are, the less can
    /// document frequencies tell which words are common. Chosen with the constants of `Trainer`.
    static func functionWeight(texts: Int) -> Float {
        0.35 + 0.65 * Float(texts) / (Float(texts) + 1000)
    }

    private static func addGrams(
        _ scalars: [UInt32], _ start: Int, _ end: Int, _ salt: UInt64, _ weight: Float, _ tally: inout Tally
    ) {
        // Positions -1 and end-start are the blanks around the word.
        let length = end - start
        for first in -1..<length {
            var hash = FeatureHash.start ^ 0x4348_4152 ^ salt
            var size = 0
            var position = first
            while size < longest, position <= length {
                let scalar = position < 0 || position == length ? 0x20 : scalars[start + position]
                hash = FeatureHash.step(hash, scalar)
                size += 1
                position += 1
                if size >= shortest { tally.add(FeatureHash.finish(hash), weight) }
            }
        }
    }
}

/// Counts of hashes, in the order in which they first came.
struct Tally {
    private(set) var hashes: [UInt64] = []
    private(set) var counts: [Float] = []
    /// Position in `hashes` plus one, or 0 for an empty slot.
    private var slots: [Int32]
    private var mask: Int

    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = [Int32](repeating: 0, count: size)
        mask = size - 1
        hashes.reserveCapacity(capacity)
        counts.reserveCapacity(capacity)
    }

    @inline(__always)
    mutating func add(_ hash: UInt64, _ weight: Float) {
        if hashes.count * 2 >= slots.count { grow() }
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let found = Int(slots[slot])
            if found == 0 {
                hashes.append(hash)
                counts.append(weight)
                slots[slot] = Int32(truncatingIfNeeded: hashes.count)
                return
            }
            if hashes[found - 1] == hash {
                counts[found - 1] += weight
                return
            }
            slot = (slot + 1) & mask
        }
    }

    private mutating func grow() {
        slots = [Int32](repeating: 0, count: slots.count * 2)
        mask = slots.count - 1
        for (index, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(truncatingIfNeeded: index + 1)
        }
    }
}
