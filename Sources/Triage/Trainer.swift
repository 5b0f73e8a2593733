import Dispatch

/// One training: examples in, a calibrated `IntentClassifier` out.
struct Trainer {
    /// Held-out parts for the calibration.
    static let folds = 3

    private let classes: [String]
    private let hasOutOfScope: Bool
    private var bags: [FeatureBag] = []
    private var labels: [Int] = []
    private let seed: UInt64
    private let digest: String

    init(_ examples: [TrainingExample], seed: UInt64) throws(TriageError) {
        self.seed = seed
        digest = TrainingSet.digest(examples, seed: seed)
        let outOfScope = IntentClassifier.outOfScopeLabels
        var names = Set<String>()
        var hasOutOfScope = false
        for example in examples {
            if outOfScope.contains(example.intent) { hasOutOfScope = true } else { names.insert(example.intent) }
        }
        self.hasOutOfScope = hasOutOfScope
        classes = names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        guard classes.count + (hasOutOfScope ? 1 : 0) >= 2, !classes.isEmpty else {
            throw TriageError(
                .notEnoughData,
                "training needs two intents at least, and got \(classes.count)"
                    + (hasOutOfScope ? " and out_of_scope" : ""))
        }
        let labelOf = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
        // Sorted, so that neither the order of files nor of lines changes the model.
        let keyed = examples.map { example in
            (text: example.text, label: labelOf[example.intent] ?? classes.count)
        }.sorted { first, second in
            first.label != second.label
                ? first.label < second.label
                : first.text.utf8.lexicographicallyPrecedes(second.text.utf8)
        }
        bags.reserveCapacity(keyed.count)
        for (index, item) in keyed.enumerated() {
            if index > 0, keyed[index - 1].label == item.label, keyed[index - 1].text == item.text { continue }
            let words = Words(item.text)
            guard !words.words.isEmpty else {
                let name = item.label < classes.count ? classes[item.label] : IntentClassifier.outOfScope
                throw TriageError(.badTrainingData, "an example of \(name) has no words")
            }
            bags.append(FeatureBag(words))
            labels.append(item.label)
        }
    }

    func train() -> IntentClassifier {
        let space = FeatureSpace(learning: bags)
        let vectors = bags.map { space.vector($0) }
        let classCount = classes.count + (hasOutOfScope ? 1 : 0)
        var solver = LinearSolver()
        solver.seed = seed
        let fold = assignFolds(classCount)
        let everything = Array(labels.indices)
        let runs = Runs(count: Self.folds + 1)
        DispatchQueue.concurrentPerform(iterations: Self.folds + 1) { [labels, solver] run in
            // The whole set comes first: it is the longest run.
            let subset = run == 0 ? everything : everything.filter { fold[$0] != run - 1 }
            runs.set(
                run,
                solver.train(
                    vectors, labels: labels, subset: subset, classCount: classCount, featureCount: space.count))
        }
        var margins: [[Float]] = []
        var heldOut: [Int] = []
        for index in everything {
            let weights = runs.get(fold[index] + 1)
            margins.append(Self.margins(vectors[index], weights, classCount))
            heldOut.append(labels[index])
        }
        let calibration = Calibration.fit(margins, labels: heldOut, intentCount: classes.count)
        let weights = runs.get(0)
        let largest = weights.values.reduce(Float(0)) { max($0, abs($1)) }
        let scale = largest > 0 ? largest / 32_000 : 1
        return IntentClassifier(
            intents: classes, digest: digest, space: space, stride: weights.stride,
            weights: weights.values.map { Int16(($0 / scale).rounded()) }, scale: scale,
            bias: Array(weights.bias[..<classCount]), calibration: calibration)
    }

    /// Each class is dealt to the folds in a seeded order, so that every fold has its share of every class.
    private func assignFolds(_ classCount: Int) -> [Int] {
        var byClass = [[Int]](repeating: [], count: classCount)
        for (index, label) in labels.enumerated() { byClass[label].append(index) }
        var fold = [Int](repeating: 0, count: labels.count)
        var random = SeededGenerator(seed: seed ^ 0xF01D)
        for var members in byClass {
            random.shuffle(&members)
            for (position, index) in members.enumerated() { fold[index] = position % Self.folds }
        }
        return fold
    }

    private static func margins(_ vector: SparseVector, _ weights: LinearSolver.Weights, _ classCount: Int) -> [Float] {
        var sums = Array(weights.bias[..<classCount])
        for (row, value) in zip(vector.rows, vector.values) {
            let base = Int(row) * weights.stride
            for index in 0..<classCount { sums[index] += weights.values[base + index] * value }
        }
        return sums
    }
}

/// Results of runs on several threads, each written once. The lock guards `results`.
private final class Runs: @unchecked Sendable {
    private let lock = DispatchSemaphore(value: 1)
    private var results: [LinearSolver.Weights?]

    init(count: Int) { results = Array(repeating: nil, count: count) }

    func set(_ index: Int, _ weights: LinearSolver.Weights) {
        lock.wait()
        defer { lock.signal() }
        results[index] = weights
    }

    func get(_ index: Int) -> LinearSolver.Weights {
        lock.wait()
        defer { lock.signal() }
        return results[index] ?? LinearSolver.Weights(stride: 8, values: [], bias: [])
    }
}
