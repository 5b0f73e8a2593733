import Glibc

/// Texts as sparse vectors, one after the other: rows of the weight matrix, and how much each counts.
struct SparseVectors: Sendable {
    private(set) var rows: [Int32] = []
    private(set) var values: [Float] = []
    /// Where each vector starts, and the end of the last.
    private(set) var offsets: [Int] = [0]

    var count: Int { offsets.count - 1 }

    mutating func append(_ row: Int32, _ value: Float) {
        rows.append(row)
        values.append(value)
    }

    /// Multiplies the values from a position on.
    mutating func scale(from first: Int, by factor: Float) {
        for index in first..<values.count { values[index] *= factor }
    }

    mutating func endVector() { offsets.append(rows.count) }

    mutating func append(_ others: SparseVectors) {
        let base = rows.count
        rows += others.rows
        values += others.values
        offsets += others.offsets.dropFirst().map { $0 + base }
    }
}

/// The features known from training with their inverse document frequencies; turns texts into vectors. A view on the
/// memory of the model.
///
/// Words and characters are two blocks, each with sublinear term frequency and L2 norm, as in scikit-learn's union of two
/// `TfidfVectorizer(sublinear_tf=True)`. Unlike there, features never seen in training count in the norm, so that a text
/// about something else comes out weak instead of being blown up by the one word it shares.
struct FeatureSpace: Sendable {
    let memory: ModelMemory
    let layout: ModelLayout
    /// The inverse document frequency of a feature seen in no text.
    let unknownFrequency: Float

    /// Damps inverse document frequencies: power of them that a feature counts. Chosen with the trainer's constants.
    private static let damping: Float = 0.6

    /// What document frequencies say of features: `inverse(_:)` of each.
    struct Frequencies {
        let texts: Int

        func inverse(_ documents: Int) -> Float {
            pow(log((1 + Float(texts)) / (1 + Float(documents))) + 1, FeatureSpace.damping)
        }
    }

    /// The row of a hash, or -1.
    @inline(__always)
    private func row(_ key: UInt64, _ keys: UnsafeRawPointer, _ rows: UnsafeRawPointer) -> Int32 {
        let mask = layout.slots - 1
        var slot = Int(truncatingIfNeeded: key) & mask
        // A table that is not full ends every search; the bound is for damaged files.
        for _ in 0...mask {
            let found = keys.load(fromByteOffset: slot &* 8, as: UInt64.self)
            if found == key {
                let row = rows.load(fromByteOffset: slot &* 4, as: Int32.self)
                return row >= 0 && row < layout.features ? row : -1
            }
            if found == 0 { return -1 }
            slot = (slot &+ 1) & mask
        }
        return -1
    }

    /// Appends the vector of a text.
    func append(_ bag: FeatureBag, to vectors: inout SparseVectors) {
        append(bag.wordHashes, bag.wordCounts, to: &vectors)
        append(bag.characterHashes, bag.characterCounts, to: &vectors)
        vectors.endVector()
    }

    private func append(_ hashes: [UInt64], _ counts: [Float], to vectors: inout SparseVectors) {
        let keys = UnsafeRawPointer(memory.base + layout.keys)
        let rows = UnsafeRawPointer(memory.base + layout.rows)
        let frequencies = UnsafeRawPointer(memory.base + layout.frequencies)
        let first = vectors.values.count
        var squares: Float = 0
        for index in hashes.indices {
            let count = counts[index]
            let frequency = count <= 1 ? count : 1 + log(count)
            let row = self.row(hashes[index], keys, rows)
            if row >= 0 {
                let value = frequency * frequencies.load(fromByteOffset: Int(row) &* 4, as: Float.self)
                vectors.append(row, value)
                squares += value * value
            } else {
                let value = frequency * unknownFrequency
                squares += value * value
            }
        }
        guard squares > 0 else { return }
        vectors.scale(from: first, by: 1 / squares.squareRoot())
    }
}
