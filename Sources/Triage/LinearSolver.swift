/// Trains one linear separator per class against all others: L2-regularised, squared hinge loss, by dual coordinate
/// descent (Hsieh, Chang, Lin, Keerthi, Sundararajan, ICML 2008).
///
/// All classes take the same walk over the examples, so the weights of a feature for all classes lie side by side and one
/// step is arithmetic over short vectors. One thread, one order given by the seed: the same bytes every time.
struct LinearSolver {
    /// Penalty of the squared hinge loss.
    var penalty: Float = 1.0
    /// Extra weight of the loss of a class's own examples, which are the few among the many.
    var positiveWeight: Float = 1.0
    /// The walk ends after this many rounds…
    var maximumRounds = 30
    /// …or when no coordinate moved by more than this.
    var tolerance: Float = 0.05
    /// Fixes the order of the examples in each round.
    var seed: UInt64 = 1

    /// The classes side by side in `rows × stride` floats, and the bias of each.
    struct Weights: Sendable {
        var stride: Int
        var values: [Float]
        var bias: [Float]
    }

    func train(_ vectors: [SparseVector], labels: [Int], subset: [Int], classCount: Int, featureCount: Int) -> Weights {
        let stride = (classCount + 7) / 8 * 8
        var values = [Float](repeating: 0, count: featureCount * stride)
        var bias = [Float](repeating: 0, count: stride)
        var dual = [Float](repeating: 0, count: subset.count * stride)
        var order = Array(subset.indices)
        var random = SeededGenerator(seed: seed)
        let norms = subset.map { index in vectors[index].values.reduce(Float(1)) { $0 + $1 * $1 } }
        values.withUnsafeMutableBufferPointer { valueBuffer in
            bias.withUnsafeMutableBufferPointer { biasBuffer in
                dual.withUnsafeMutableBufferPointer { dualBuffer in
                    guard let biases = biasBuffer.baseAddress, let duals = dualBuffer.baseAddress else { return }
                    // An empty table of features has no address; no vector has a row then.
                    var step = Step(stride: stride, weights: valueBuffer.baseAddress ?? biases, biases: biases)
                    for _ in 0..<maximumRounds {
                        random.shuffle(&order)
                        var largest: Float = 0
                        for position in order {
                            let example = subset[position]
                            let moved = step.take(
                                vectors[example], label: labels[example], norm: norms[position],
                                duals: duals + position * stride, negative: 1 / (2 * penalty),
                                positive: 1 / (2 * penalty * positiveWeight))
                            largest = max(largest, moved)
                        }
                        if largest < tolerance { break }
                    }
                }
            }
        }
        return Weights(stride: stride, values: values, bias: bias)
    }

    /// One example against all classes at once. The pointers belong to the arrays of `train` and live inside it. Plain loops
    /// over pointers: the compiler makes vectors of them, and a debug build, where SIMD types are slow, stays usable.
    private struct Step {
        let stride: Int
        let weights: UnsafeMutablePointer<Float>
        let biases: UnsafeMutablePointer<Float>
        var sums: [Float]

        init(stride: Int, weights: UnsafeMutablePointer<Float>, biases: UnsafeMutablePointer<Float>) {
            self.stride = stride
            self.weights = weights
            self.biases = biases
            sums = [Float](repeating: 0, count: stride)
        }

        /// Returns by how much the coordinate that moved most did move.
        mutating func take(
            _ vector: SparseVector, label: Int, norm: Float, duals: UnsafeMutablePointer<Float>, negative: Float,
            positive: Float
        ) -> Float {
            let (stride, weights, biases) = (stride, weights, biases)
            return sums.withUnsafeMutableBufferPointer { buffer in
                guard let sums = buffer.baseAddress else { return 0 }
                return vector.rows.withUnsafeBufferPointer { rows in
                    vector.values.withUnsafeBufferPointer { values in
                        sums.update(from: biases, count: stride)
                        for index in 0..<rows.count {
                            Self.add(weights + Int(rows[index]) * stride, times: values[index], to: sums, stride)
                        }
                        var largest: Float = 0
                        for lane in 0..<stride {
                            let sign: Float = lane == label ? 1 : -1
                            let diagonal = lane == label ? positive : negative
                            let old = duals[lane]
                            let new = max(0, old - (sign * sums[lane] - 1 + diagonal * old) / (diagonal + norm))
                            duals[lane] = new
                            sums[lane] = (new - old) * sign
                            largest = max(largest, abs(new - old))
                        }
                        guard largest > 1e-6 else { return largest }
                        Self.add(sums, times: 1, to: biases, stride)
                        for block in Swift.stride(from: 0, to: stride, by: 8)
                        where (block..<(block + 8)).contains(where: { sums[$0] != 0 }) {
                            for index in 0..<rows.count {
                                Self.add(
                                    sums + block, times: values[index], to: weights + Int(rows[index]) * stride + block,
                                    8)
                            }
                        }
                        return largest
                    }
                }
            }
        }

        @inline(__always)
        private static func add(
            _ source: UnsafeMutablePointer<Float>, times factor: Float, to target: UnsafeMutablePointer<Float>,
            _ count: Int
        ) {
            var index = 0
            while index < count {
                target[index] += source[index] * factor
                index += 1
            }
        }
    }
}
