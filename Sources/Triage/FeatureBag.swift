/// The features of one text with their counts: words and word pairs, and character n-grams inside word borders.
struct FeatureBag {
    /// Distinct hashes of words and word pairs, ascending.
    private(set) var wordHashes: [UInt64] = []
    private(set) var wordCounts: [Int32] = []
    /// Distinct hashes of character n-grams, ascending.
    private(set) var characterHashes: [UInt64] = []
    private(set) var characterCounts: [Int32] = []

    /// Character n-grams from two to five scalars; the blank before and after a word counts as a scalar.
    static let shortest = 2
    static let longest = 5

    init(_ words: Words) { self.init(words, from: 0, to: words.words.count) }

    init(_ words: Words, from: Int, to: Int) {
        var wordGrams: [UInt64] = []
        var characterGrams: [UInt64] = []
        wordGrams.reserveCapacity((to - from) * 2 + 1)
        characterGrams.reserveCapacity((to - from) * 24)
        var previous: UInt64 = 0x5354_4152
        for index in from..<to {
            let word = words.words[index]
            wordGrams.append(FeatureHash.combine(word.hash, 0x574F_5244))
            wordGrams.append(FeatureHash.combine(previous, word.hash))
            previous = word.hash
            Self.appendGrams(words.scalars, word.start, word.end, &characterGrams)
        }
        if to > from { wordGrams.append(FeatureHash.combine(previous, 0x454E_4400)) }
        (wordHashes, wordCounts) = Self.counted(&wordGrams)
        (characterHashes, characterCounts) = Self.counted(&characterGrams)
    }

    private static func appendGrams(_ scalars: [UInt32], _ start: Int, _ end: Int, _ grams: inout [UInt64]) {
        // Positions -1 and end-start are the blanks around the word.
        let length = end - start
        for first in -1..<length {
            var hash = FeatureHash.start ^ 0x4348_4152
            var size = 0
            var position = first
            while size < longest, position <= length {
                let scalar = position < 0 || position == length ? 0x20 : scalars[start + position]
                hash = FeatureHash.step(hash, scalar)
                size += 1
                position += 1
                if size >= shortest { grams.append(FeatureHash.finish(hash)) }
            }
        }
    }

    private static func counted(_ grams: inout [UInt64]) -> ([UInt64], [Int32]) {
        grams.sort()
        var hashes: [UInt64] = []
        var counts: [Int32] = []
        hashes.reserveCapacity(grams.count)
        counts.reserveCapacity(grams.count)
        for gram in grams {
            if hashes.last == gram {
                counts[counts.count - 1] += 1
            } else {
                hashes.append(gram)
                counts.append(1)
            }
        }
        return (hashes, counts)
    }
}
