import Glibc

/// A model being made: the features of its training texts first, then its separators, then its checksum.
struct ModelDraft {
    let layout: ModelLayout
    let memory: ModelMemory
    var header: ModelHeader

    var space: FeatureSpace {
        FeatureSpace(memory: memory, layout: layout, unknownFrequency: header.unknownFrequency)
    }

    /// Learns the features of training texts: in a large set those character n-grams that occur in two texts at least, and
    /// every word feature.
    init(learning bags: [FeatureBag], intents: [String], classCount: Int, digest: String) throws(TriageError) {
        var words = Tally(capacity: bags.count * 8)
        var characters = Tally(capacity: bags.count * 16)
        for bag in bags {
            for hash in bag.wordHashes { words.add(hash, 1) }
            for hash in bag.characterHashes { characters.add(hash, 1) }
        }
        let least: Float = bags.count < Trainer.smallSet ? 1 : 2
        var known: [(hash: UInt64, documents: Float)] = Array(zip(words.hashes, words.counts))
        known += zip(characters.hashes, characters.counts).filter { $0.1 >= least }
        // Frequent features side by side: their weights stay in the cache. A hash that is both a word's and an n-gram's, one
        // in 10^12, is one feature.
        known.sort { ($1.documents, $0.hash) < ($0.documents, $1.hash) }
        var seen = Tally(capacity: known.count)
        for feature in known { seen.add(feature.hash, feature.documents) }
        let names = intents.map { $0 + "\n" }.joined()
        layout = ModelLayout(
            intents: intents.count, classes: classCount, features: seen.hashes.count,
            slots: ModelLayout.slots(features: seen.hashes.count), namesBytes: names.utf8.count)
        guard layout.isSane else { throw TriageError(.badTrainingData, "there is too much to learn for one model") }
        memory = ModelMemory(count: layout.total)
        let frequencies = FeatureSpace.Frequencies(texts: bags.count)
        header = ModelHeader(digest: digest, unknownFrequency: frequencies.inverse(0))
        var place = memory.base + layout.names
        for byte in names.utf8 {
            place.storeBytes(of: byte, as: UInt8.self)
            place += 1
        }
        let mask = layout.slots - 1
        for (row, hash) in seen.hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while (memory.base + layout.keys).load(fromByteOffset: slot * 8, as: UInt64.self) != 0 {
                slot = (slot + 1) & mask
            }
            (memory.base + layout.keys).storeBytes(of: hash, toByteOffset: slot * 8, as: UInt64.self)
            (memory.base + layout.rows).storeBytes(of: Int32(row), toByteOffset: slot * 4, as: Int32.self)
            (memory.base + layout.frequencies).storeBytes(
                of: frequencies.inverse(Int(seen.counts[row])), toByteOffset: row * 4, as: Float.self)
        }
    }

    /// Stores the separators, sixteen classes a block, as 16-bit integers of one scale.
    mutating func fill(_ blocks: [LinearSolver.Block]) {
        var largest: Float = 0
        for block in blocks {
            var highest = LinearSolver.Lanes.zero
            for weights in block.weights {
                highest = pointwiseMax(highest, pointwiseMax(weights, -weights))
            }
            largest = max(largest, highest.max())
        }
        header.scale = largest > 0 ? largest / 32_000 : 1
        let factor = 1 / header.scale
        let stride = layout.stride
        let biases = (memory.base + layout.biases).assumingMemoryBound(to: Float.self)
        for block in blocks {
            let lanes = min(LinearSolver.Lanes.scalarCount, layout.classes - block.firstClass)
            for lane in 0..<lanes { biases[block.firstClass + lane] = block.bias[lane] }
            for (row, weights) in block.weights.enumerated() {
                // Floats of this size are whole steps, which stand in their lowest bits. No weight is beyond 32,000.
                let whole = weights * factor + 12_582_912
                let steps = SIMD16<Int16>(truncatingIfNeeded: unsafeBitCast(whole, to: SIMD16<Int32>.self))
                (memory.base + layout.weights).storeBytes(
                    of: steps, toByteOffset: (row * stride + block.firstClass) * 2, as: SIMD16<Int16>.self)
            }
        }
    }

    /// The memory with header and checksum; the draft is not to be used any more.
    func finished() -> ModelMemory {
        header.write(to: memory, layout)
        return memory
    }
}
