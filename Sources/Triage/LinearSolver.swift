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
        let lanes = stride / 8
        values.withUnsafeMutableBytes { rawValues in
            bias.withUnsafeMutableBytes { rawBias in
                dual.withUnsafeMutableBytes { rawDual in
                    guard let weights = rawValues.baseAddress, let biases = rawBias.baseAddress,
                        let duals = rawDual.baseAddress
                    else { return }
                    var step = Step(lanes: lanes, weights: weights, biases: biases)
                    for _ in 0..<maximumRounds {
                        random.shuffle(&order)
                        var largest: Float = 0
                        for position in order {
                            let example = subset[position]
                            let moved = step.take(
                                vectors[example], label: labels[example], norm: norms[position],
                                duals: duals + position * stride * 4, negative: 1 / (2 * penalty),
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

    /// One example against all classes at once. The pointers belong to the arrays of `train` and live inside it.
    private struct Step {
        let lanes: Int
        let weights: UnsafeMutableRawPointer
        let biases: UnsafeMutableRawPointer
        var delta: [SIMD8<Float>]

        init(lanes: Int, weights: UnsafeMutableRawPointer, biases: UnsafeMutableRawPointer) {
            self.lanes = lanes
            self.weights = weights
            self.biases = biases
            delta = Array(repeating: .zero, count: lanes)
        }

        /// Returns by how much the coordinate that moved most did move.
        mutating func take(
            _ vector: SparseVector, label: Int, norm: Float, duals: UnsafeMutableRawPointer, negative: Float,
            positive: Float
        ) -> Float {
            var largest: Float = 0
            let rowBytes = lanes * 32
            vector.rows.withUnsafeBufferPointer { rows in
                vector.values.withUnsafeBufferPointer { values in
                    for lane in 0..<lanes {
                        var sum = biases.loadUnaligned(fromByteOffset: lane * 32, as: SIMD8<Float>.self)
                        for index in 0..<rows.count {
                            let offset = Int(rows[index]) * rowBytes + lane * 32
                            sum += weights.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self) * values[index]
                        }
                        var sign = SIMD8<Float>(repeating: -1)
                        var diagonal = SIMD8<Float>(repeating: negative)
                        if label / 8 == lane {
                            sign[label % 8] = 1
                            diagonal[label % 8] = positive
                        }
                        let old = duals.loadUnaligned(fromByteOffset: lane * 32, as: SIMD8<Float>.self)
                        let gradient = sign * sum - 1 + diagonal * old
                        let new = pointwiseMax(old - gradient / (diagonal + norm), .zero)
                        duals.storeBytes(of: new, toByteOffset: lane * 32, as: SIMD8<Float>.self)
                        let change = new - old
                        delta[lane] = change * sign
                        largest = max(largest, change.max(), -change.min())
                    }
                    guard largest > 1e-6 else { return }
                    for lane in 0..<lanes {
                        let change = delta[lane]
                        guard change != .zero else { continue }
                        let bias = biases.loadUnaligned(fromByteOffset: lane * 32, as: SIMD8<Float>.self)
                        biases.storeBytes(of: bias + change, toByteOffset: lane * 32, as: SIMD8<Float>.self)
                        for index in 0..<rows.count {
                            let offset = Int(rows[index]) * rowBytes + lane * 32
                            let weight = weights.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
                            weights.storeBytes(
                                of: weight + change * values[index], toByteOffset: offset, as: SIMD8<Float>.self)
                        }
                    }
                }
            }
            return largest
        }
    }
}
