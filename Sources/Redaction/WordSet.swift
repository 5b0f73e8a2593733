/// A few words by their hashes in ``Words``. Most questions are answered with no by two bits, without hashing again.
struct WordSet: Sendable {
    private let low: UInt64
    private let high: UInt64
    private let words: Set<UInt64>

    /// The words of a text, in any spelling that folds to the same.
    init(_ text: String) {
        let hashes = text.split(whereSeparator: \.isWhitespace).map { Fold.hash(Fold.bytes(String($0))) }
        words = Set(hashes)
        low = hashes.reduce(0) { $0 | 1 << ($1 & 63) }
        high = hashes.reduce(0) { $0 | 1 << ($1 >> 58) }
    }

    @inline(__always) func contains(_ hash: UInt64) -> Bool {
        low & (1 << (hash & 63)) != 0 && high & (1 << (hash >> 58)) != 0 && words.contains(hash)
    }
}
