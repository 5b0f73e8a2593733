/// A few words by their hashes in ``Words``. Most questions are answered with no by two bits.
struct WordSet: Sendable {
    private let low: UInt64
    private let high: UInt64
    /// Ascending. The hashes are as good as random, so nothing is gained by hashing them again.
    private let words: [UInt64]

    /// The words of a text, in any spelling that folds to the same.
    init(_ text: String) {
        words = text.split(whereSeparator: \.isWhitespace).map { Fold.hash(Fold.bytes(String($0))) }.sorted()
        low = words.reduce(0) { $0 | 1 << ($1 & 63) }
        high = words.reduce(0) { $0 | 1 << ($1 >> 58) }
    }

    @inline(__always) func contains(_ hash: UInt64) -> Bool {
        low & (1 << (hash & 63)) != 0 && high & (1 << (hash >> 58)) != 0 && isListed(hash)
    }

    private func isListed(_ hash: UInt64) -> Bool {
        words.withUnsafeBufferPointer { words in
            var (start, end) = (0, words.count)
            while start < end {
                let middle = (start + end) / 2
                if words[middle] < hash { start = middle + 1 } else { end = middle }
            }
            return start < words.count && words[start] == hash
        }
    }
}
