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
            words, from: from, to: to, subjectCount: header.knowsSubjects ? subjectCount : 0,
            functionWeight: header.functionWeight)
        var vector = SparseVectors()
        space.append(bag, to: &vector)
        let probabilities = header.calibration.probabilities(margins(vector), intentCount: intents.count)
        // Intents ascend, so that the place settles a tie. Positive numbers sort as their bits do.
        let order = probabilities.intents.enumerated().map { UInt64(~$1.bitPattern) << 32 | UInt64($0) }.sorted()
        let ranked = order.map { key in
            let index = Int(truncatingIfNeeded: key & 0xFFFF_FFFF)
            return IntentScore(intent: intents[index], confidence: Double(probabilities.intents[index]))
        }
        return IntentScores(ranked: ranked, outOfScope: Double(probabilities.outOfScope))
    }

    /// Distance of the text from the border of each class; positive inside.
    func margins(_ vector: SparseVectors) -> [Float] {
        // Sixteen classes at a time, so that their sums stay in registers over all the rows.
        typealias Lanes = LinearSolver.Lanes
        let step = layout.stride &* 2
        let weights = UnsafeRawPointer(space.memory.base + layout.weights)
        var sums: [Lanes] = []
        sums.reserveCapacity(layout.stride / Lanes.scalarCount)
        vector.rows.withUnsafeBufferPointer { rows in
            vector.values.withUnsafeBufferPointer { values in
                for offset in stride(from: 0, to: step, by: MemoryLayout<SIMD16<Int16>>.size) {
                    var sum = Lanes.zero
                    for index in rows.indices {
                        let packed = weights.load(
                            fromByteOffset: Int(rows[index]) &* step &+ offset, as: SIMD16<Int16>.self)
                        sum += Lanes(packed) * values[index]
                    }
                    sums.append(sum)
                }
            }
        }
        let biases = (space.memory.base + layout.biases).assumingMemoryBound(to: Float.self)
        return sums.withUnsafeBytes { raw in
            let sums = raw.assumingMemoryBound(to: Float.self)
            return (0..<layout.classes).map { sums[$0] * header.scale + biases[$0] }
        }
    }
}
