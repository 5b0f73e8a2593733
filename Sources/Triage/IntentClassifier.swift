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
    public var digest: String { header.digest }

    let header: ModelHeader
    let space: FeatureSpace

    private var layout: ModelLayout { space.layout }

    /// Trains on examples in any order; their order does not matter.
    ///
    /// An utterance that is given twice with the same intent counts once; one that is given with two intents counts for
    /// both, which halves the confidence in either.
    /// - Parameters:
    ///   - seed: Fixes the walk of the solver and the folds of the calibration.
    ///   - digest: What the model is to be known by later, 32 hexadecimal digits; a hash of the examples if not said.
    /// - Throws: `notEnoughData` for fewer than two classes, `badTrainingData` for an example without words.
    public static func train(
        _ examples: [TrainingExample], seed: UInt64 = defaultSeed, digest: String? = nil
    ) throws(TriageError) -> IntentClassifier {
        try Trainer(examples, seed: seed, digest: digest).train()
    }

    init(memory: ModelMemory) throws(TriageError) {
        let (header, layout) = try ModelHeader.read(memory)
        let names = UnsafeRawBufferPointer(start: memory.base + layout.names, count: layout.namesBytes)
            .split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
        guard names.count == layout.intents else {
            throw TriageError(.badModel, "the intents in the model are not as many as it says")
        }
        intents = names
        self.header = header
        space = FeatureSpace(memory: memory, layout: layout, unknownFrequency: header.unknownFrequency)
    }

    /// The scores of a text. Looks at the first 64 KiB only.
    /// - Parameter subject: The subject above it, if it has one.
    public func classify(_ text: String, subject: String = "") -> IntentScores {
        let title = SubjectLine.withoutPrefixes(subject)
        guard !title.isEmpty else {
            let words = Words(text)
            return scores(words, from: 0, to: words.words.count)
        }
        let words = Words(title + "\n\n" + text)
        return scores(words, from: 0, to: words.words.count, subjectCount: Words(title).words.count)
    }

    func scores(_ words: Words, from: Int, to: Int, subjectCount: Int = 0) -> IntentScores {
        guard to > from else { return IntentScores(ranked: [], outOfScope: 1) }
        let bag = FeatureBag(
            words, from: from, to: to, subjectCount: subjectCount, functionWeight: header.functionWeight)
        var vector = SparseVectors()
        space.append(bag, to: &vector)
        let probabilities = header.calibration.probabilities(margins(vector), intentCount: intents.count)
        var ranked: [IntentScore] = []
        ranked.reserveCapacity(intents.count)
        for (index, intent) in intents.enumerated() {
            ranked.append(IntentScore(intent: intent, confidence: Double(probabilities.intents[index])))
        }
        ranked.sort { $0.confidence != $1.confidence ? $0.confidence > $1.confidence : $0.intent < $1.intent }
        return IntentScores(ranked: ranked, outOfScope: Double(probabilities.outOfScope))
    }

    /// Distance of the text from the border of each class; positive inside.
    func margins(_ vector: SparseVectors) -> [Float] {
        let stride = layout.stride
        var sums = [SIMD8<Float>](repeating: .zero, count: stride / 8)
        let weights = UnsafeRawPointer(space.memory.base + layout.weights)
        sums.withUnsafeMutableBufferPointer { sums in
            vector.rows.withUnsafeBufferPointer { rows in
                vector.values.withUnsafeBufferPointer { values in
                    for index in rows.indices {
                        let base = weights + Int(rows[index]) &* stride &* 2
                        for block in sums.indices {
                            let packed = base.load(fromByteOffset: block &* 16, as: SIMD8<Int16>.self)
                            sums[block] += SIMD8<Float>(packed) * values[index]
                        }
                    }
                }
            }
        }
        let biases = (space.memory.base + layout.biases).assumingMemoryBound(to: Float.self)
        return (0..<layout.classes).map { sums[$0 / 8][$0 % 8] * header.scale + biases[$0] }
    }
}
