/// Trains one linear separator per class against all others: L2-regularised, squared hinge loss, by dual coordinate
/// descent (Hsieh, Chang, Lin, Keerthi, Sundararajan, ICML 2008).
///
/// Sixteen classes, a block, take the same walk over the examples: their weights of a feature lie side by side, and one step
/// is arithmetic over short vectors. Blocks do not know each other, so they may run on any number of threads; the order of
/// the walk is given by the seed, and the result is the same to the last bit.
struct LinearSolver: Sendable {
    typealias Lanes = SIMD16<Float>

    let vectors: SparseVectors
    /// Class of each vector.
    let labels: [Int]
    let featureCount: Int
    /// Fixes the order of the examples in each round.
    let seed: UInt64
    /// The squared length of each vector, with the one that its bias is.
    private let norms: [Float]

    /// Penalty of the squared hinge loss.
    static let penalty: Float = 2
    /// The walk ends after this many rounds…
    static let maximumRounds = 6
    /// …or when no coordinate moved by more than this.
    static let tolerance: Float = 0.1
    /// Steps smaller than this are not taken: thousands of them change no margin that matters.
    static let smallestStep: Float = 0.005

    init(vectors: SparseVectors, labels: [Int], featureCount: Int, seed: UInt64) {
        self.vectors = vectors
        self.labels = labels
        self.featureCount = featureCount
        self.seed = seed
        norms = labels.indices.map { example in
            vectors.values[vectors.offsets[example]..<vectors.offsets[example + 1]].reduce(1) { $0 + $1 * $1 }
        }
    }

    /// The separators of sixteen classes while they are trained.
    struct Block {
        let firstClass: Int
        /// One element for each feature.
        var weights: [Lanes]
        var bias = Lanes.zero
        /// The dual variables of each example.
        var duals: [Lanes]

        /// Becomes a copy of another block of the same size, without fresh memory.
        mutating func copy(_ other: Block) {
            weights.withUnsafeMutableBufferPointer { _ = $0.update(fromContentsOf: other.weights) }
            duals.withUnsafeMutableBufferPointer { _ = $0.update(fromContentsOf: other.duals) }
            bias = other.bias
        }
    }

    /// Separators of the classes from `firstClass` on.
    func train(firstClass: Int) -> Block {
        var block = Block(
            firstClass: firstClass, weights: Array(repeating: .zero, count: featureCount),
            duals: Array(repeating: .zero, count: labels.count))
        walk(&block, over: Array(labels.indices), rounds: Self.maximumRounds)
        return block
    }

    /// Makes the separators what they would be had some examples never been seen: what these gave is taken back, and the
    /// others walk once more. That comes as close to training from nothing as the rejection of texts can tell.
    func forget(_ excluded: [Bool], in block: inout Block) {
        var kept: [Int] = []
        kept.reserveCapacity(labels.count)
        for index in labels.indices {
            guard excluded[index] else {
                kept.append(index)
                continue
            }
            let taken = -block.duals[index] * signs(of: labels[index], in: block)
            guard taken != .zero else { continue }
            block.duals[index] = .zero
            block.bias += taken
            for place in vectors.offsets[index]..<vectors.offsets[index + 1] {
                block.weights[Int(vectors.rows[place])] += taken * vectors.values[place]
            }
        }
        walk(&block, over: kept, rounds: 1)
    }

    private func signs(of label: Int, in block: Block) -> Lanes {
        var signs = Lanes(repeating: -1)
        let lane = label - block.firstClass
        if lane >= 0, lane < Lanes.scalarCount { signs[lane] = 1 }
        return signs
    }

    private func walk(_ block: inout Block, over examples: [Int], rounds: Int) {
        var order = examples
        var random = SeededGenerator(seed: seed)
        let diagonal = 1 / (2 * Self.penalty)
        let firstClass = block.firstClass
        var bias = block.bias
        vectors.rows.withUnsafeBufferPointer { rows in
            vectors.values.withUnsafeBufferPointer { values in
                block.weights.withUnsafeMutableBufferPointer { weights in
                    block.duals.withUnsafeMutableBufferPointer { duals in
                        for _ in 0..<rounds {
                            random.shuffle(&order)
                            var largest: Float = 0
                            for example in order {
                                let range = vectors.offsets[example]..<vectors.offsets[example + 1]
                                var sums = bias
                                for place in range { sums += weights[Int(rows[place])] * values[place] }
                                var sign = Lanes(repeating: -1)
                                let lane = labels[example] - firstClass
                                if lane >= 0, lane < Lanes.scalarCount { sign[lane] = 1 }
                                let old = duals[example]
                                let gradient = sign * sums - 1 + diagonal * old
                                let wanted = old - gradient * (1 / (diagonal + norms[example]))
                                let new = wanted.replacing(with: 0, where: wanted .< 0)
                                var step = new - old
                                let magnitude = step.replacing(with: -step, where: step .< 0)
                                let longest = magnitude.max()
                                guard longest > Self.smallestStep else { continue }
                                largest = max(largest, longest)
                                step.replace(with: 0, where: magnitude .<= Self.smallestStep)
                                duals[example] = old + step
                                step *= sign
                                bias += step
                                for place in range { weights[Int(rows[place])] += step * values[place] }
                            }
                            if largest < Self.tolerance { break }
                        }
                    }
                }
            }
        }
        block.bias = bias
    }
}
