import Glibc

/// Turns margins into probabilities: a softmax with one temperature, one shift for the out-of-scope class, and one
/// constant rival "none of these", which wins when every margin is low. Fitted on held-out folds by likelihood.
struct Calibration: Sendable, Equatable {
    /// Steepness of the softmax.
    var steepness: Float = 4
    /// Added to the margin of the out-of-scope class.
    var shift: Float = 0
    /// Margin of the constant rival.
    var rival: Float = -0.6

    struct Probabilities {
        var intents: [Float]
        var outOfScope: Float
    }

    /// - Parameter margins: One for each intent, then one for out-of-scope if the model has that class.
    func probabilities(_ margins: [Float], intentCount: Int) -> Probabilities {
        let hasOutOfScope = margins.count > intentCount
        var logits = margins.map { steepness * $0 }
        if hasOutOfScope { logits[intentCount] += steepness * shift }
        logits.append(steepness * rival)
        let largest = logits.max() ?? 0
        var total: Float = 0
        for index in logits.indices {
            logits[index] = exp(logits[index] - largest)
            total += logits[index]
        }
        let outOfScope = logits[intentCount...].reduce(0, +) / total
        return Probabilities(intents: logits[..<intentCount].map { $0 / total }, outOfScope: outOfScope)
    }

    /// Fits to margins of texts that the model of their fold had not seen. `labels` uses `intentCount` for out-of-scope.
    static func fit(_ margins: [[Float]], labels: [Int], intentCount: Int) -> Calibration {
        let hasOutOfScope = labels.contains(intentCount)
        var best = Calibration()
        guard !margins.isEmpty else { return best }
        func loss(_ candidate: Calibration) -> Double {
            var sum = 0.0
            for (row, label) in zip(margins, labels) {
                let found = candidate.probabilities(row, intentCount: intentCount)
                let probability = label < intentCount ? found.intents[label] : found.outOfScope
                sum -= Double(log(max(probability, 1e-6)))
            }
            return sum / Double(margins.count)
        }
        var bestLoss = loss(best)
        // Three numbers, a smooth valley: shrinking coordinate steps find its floor in a few dozen looks.
        var steps: [Float] = [2, 0.3, 0.2]
        for _ in 0..<6 {
            for coordinate in 0..<(hasOutOfScope ? 3 : 1) {
                for direction: Float in [1, -1] {
                    while true {
                        var next = best
                        switch coordinate {
                        case 0: next.steepness = min(max(next.steepness + direction * steps[0], 0.5), 40)
                        case 1: next.shift = min(max(next.shift + direction * steps[1], -1), 1)
                        default: next.rival = min(max(next.rival + direction * steps[2], -1.2), -0.3)
                        }
                        guard next != best else { break }
                        let nextLoss = loss(next)
                        guard nextLoss < bestLoss else { break }
                        best = next
                        bestLoss = nextLoss
                    }
                }
            }
            for index in steps.indices { steps[index] /= 2 }
        }
        return best
    }
}
