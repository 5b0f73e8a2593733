/// Which intent a text has: linear separators over hashed words and character n-grams, calibrated to probabilities.
///
/// The same examples and seed give the same model, byte for byte. A model is a value; classifying is safe on any thread.
public struct IntentClassifier: Sendable {
    /// The name under which out-of-scope examples stand in `Templates/intents`.
    public static let outOfScope = "out_of_scope"
    /// Labels of training and test data that mean "no intent of ours".
    public static let outOfScopeLabels: Set<String> = [outOfScope, "oos", "NO_NODES_DETECTED"]

    /// The seed of every training that names none.
    public static let defaultSeed: UInt64 = 20_260_310

    /// Intents in the order of the model, without out-of-scope, ascending.
    public let intents: [String]
    /// Hash of the training data and the seed; see `TrainingSet.digest`.
    public let digest: String

    let space: FeatureSpace
    /// Lanes for each row: classes rounded up to eight. The class after the intents is out-of-scope.
    let stride: Int
    let weights: [Int16]
    let scale: Float
    let bias: [Float]
    let calibration: Calibration

    /// Trains on examples in any order; their order does not matter.
    ///
    /// An utterance that is given twice with the same intent counts once; one that is given with two intents counts for
    /// both, which halves the confidence in either.
    /// - Parameter seed: Fixes the walk of the solver and the folds of the calibration.
    /// - Throws: `notEnoughData` for fewer than two classes, `badTrainingData` for an example without words.
    public static func train(_ examples: [TrainingExample], seed: UInt64 = defaultSeed) throws(TriageError)
        -> IntentClassifier
    {
        try Trainer(examples, seed: seed).train()
    }

    /// The scores of a text. Looks at the first 64 KiB only.
    public func classify(_ text: String) -> IntentScores {
        let words = Words(text)
        return scores(words, from: 0, to: words.words.count)
    }

    func scores(_ words: Words, from: Int, to: Int) -> IntentScores {
        guard to > from else { return IntentScores(ranked: [], outOfScope: 1) }
        let margins = self.margins(space.vector(FeatureBag(words, from: from, to: to)))
        let probabilities = calibration.probabilities(margins, intentCount: intents.count)
        var ranked: [IntentScore] = []
        ranked.reserveCapacity(intents.count)
        for (index, intent) in intents.enumerated() {
            ranked.append(IntentScore(intent: intent, confidence: Double(probabilities.intents[index])))
        }
        ranked.sort { ($1.confidence, $0.intent) < ($0.confidence, $1.intent) }
        return IntentScores(ranked: ranked, outOfScope: Double(probabilities.outOfScope))
    }

    /// Distance of the text from the border of each class; positive inside.
    func margins(_ vector: SparseVector) -> [Float] {
        var sums = [SIMD8<Float>](repeating: .zero, count: stride / 8)
        weights.withUnsafeBytes { raw in
            for (row, value) in zip(vector.rows, vector.values) {
                let base = Int(row) * stride * 2
                for lane in 0..<sums.count {
                    let packed = raw.loadUnaligned(fromByteOffset: base + lane * 16, as: SIMD8<Int16>.self)
                    sums[lane] += SIMD8<Float>(packed) * value
                }
            }
        }
        return (0..<bias.count).map { sums[$0 / 8][$0 % 8] * scale + bias[$0] }
    }
}
