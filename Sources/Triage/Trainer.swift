import Dispatch
import Glibc

/// One training: examples in, a calibrated model in memory out.
struct Trainer {
    /// Held-out parts for the calibration.
    static let folds = 3
    /// The same where no text is said to be out of scope, and the threshold hangs on fewer texts.
    static let foldsOfStandIns = 5
    /// Where no text is said to be out of scope, every fold also keeps one in so many intents from its model: their texts
    /// stand in for questions that nobody foresaw.
    static let intentGroups = 5
    /// How far a separator is drawn towards the centre of its class: similarity to the training texts. This and
    /// the other constants of training were chosen over twelve tasks together: small and large sets, with out-of-scope
    /// texts and with intents left out.
    static let centroidShare: Float = 1.1
    /// Character n-grams of one text only are kept in sets smaller than this.
    static let smallSet = 3000

    private let classes: [String]
    private let hasOutOfScope: Bool
    private var texts: [Words] = []
    private var subjectCounts: [Int] = []
    private var labels: [Int] = []
    private let seed: UInt64
    private let digest: String

    private var classCount: Int { classes.count + (hasOutOfScope ? 1 : 0) }

    init(_ examples: [TrainingExample], seed: UInt64, digest: String?) throws(TriageError) {
        self.seed = seed
        self.digest = digest ?? TrainingSet.digest(examples, seed: seed)
        let outOfScope = IntentClassifier.outOfScopeLabels
        var names = Set<String>()
        var hasOutOfScope = false
        for example in examples {
            if outOfScope.contains(example.intent) { hasOutOfScope = true } else { names.insert(example.intent) }
        }
        self.hasOutOfScope = hasOutOfScope
        classes = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard classes.count + (hasOutOfScope ? 1 : 0) >= 2, !classes.isEmpty else {
            throw TriageError(
                .notEnoughData,
                "training needs two intents at least, and got \(classes.count)"
                    + (hasOutOfScope ? " and out_of_scope" : ""))
        }
        guard classes.count <= ModelLayout.maximumClasses else {
            throw TriageError(.badTrainingData, "there are more than \(ModelLayout.maximumClasses) intents")
        }
        let labelOf = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
        // Sorted, so that neither the order of files nor of lines changes the model.
        let keyed = examples.map { example in
            (text: example.text, subject: example.subject ?? "", label: labelOf[example.intent] ?? classes.count)
        }.sorted { first, second in
            if first.label != second.label { return first.label < second.label }
            if first.text != second.text { return first.text.utf8.lexicographicallyPrecedes(second.text.utf8) }
            return first.subject.utf8.lexicographicallyPrecedes(second.subject.utf8)
        }
        texts.reserveCapacity(keyed.count)
        for (index, item) in keyed.enumerated() {
            if index > 0, keyed[index - 1] == item { continue }
            let subject = SubjectLine.withoutPrefixes(item.subject)
            let words = Words(subject.isEmpty ? item.text : subject + "\n\n" + item.text)
            guard !words.words.isEmpty else {
                let name = item.label < classes.count ? classes[item.label] : IntentClassifier.outOfScope
                throw TriageError(.badTrainingData, "an example of \(name) has no words")
            }
            texts.append(words)
            subjectCounts.append(subject.isEmpty ? 0 : Words(subject).words.count)
            labels.append(item.label)
        }
    }

    func train() throws(TriageError) -> IntentClassifier {
        let functionWeight = FeatureBag.functionWeight(texts: texts.count)
        let bags = Parallel.map(texts.indices) { index in
            FeatureBag(
                texts[index], from: 0, to: texts[index].words.count, subjectCount: subjectCounts[index],
                functionWeight: functionWeight)
        }
        var model = try ModelDraft(learning: bags, intents: classes, classCount: classCount, digest: digest)
        model.header.functionWeight = functionWeight
        let space = model.space
        let vectors = Self.vectors(of: bags, space)
        let solver = LinearSolver(
            vectors: vectors, labels: labels, featureCount: model.layout.features, seed: seed)
        let folds = hasOutOfScope ? Self.folds : Self.foldsOfStandIns
        let heldOut = HeldOut(
            labels: labels, intentCount: classes.count, hasOutOfScope: hasOutOfScope, folds: folds,
            groups: classes.count >= Self.intentGroups ? Self.intentGroups : 0, seed: seed)
        let views = [vectors] + (hasOutOfScope ? [] : [noisyVectors(space, functionWeight)])
        let blocks = Parallel.map(0..<(classCount + 15) / 16) { number in
            trainBlock(solver, heldOut, views, firstClass: number * 16)
        }
        let calibration = Calibration.fit(
            heldOut.outcomes(of: blocks.map(\.margins), stride: LinearSolver.Lanes.scalarCount),
            standIns: !hasOutOfScope)
        model.header.calibration = calibration
        model.fill(blocks.map(\.separators))
        return try IntentClassifier(memory: model.finished())
    }

    private struct TrainedBlock: Sendable {
        /// Sixteen classes: a weight for each feature, and the biases.
        var separators: ModelDraft.Separators
        /// For each view of the texts, the margins of each text from the model of the fold that had not seen it.
        var margins: [[LinearSolver.Lanes]]
    }

    private func trainBlock(
        _ solver: LinearSolver, _ heldOut: HeldOut, _ views: [SparseVectors], firstClass: Int
    ) -> TrainedBlock {
        let block = solver.train(firstClass: firstClass)
        var margins = views.map { _ in [LinearSolver.Lanes](repeating: .zero, count: labels.count) }
        for fold in 0..<heldOut.folds {
            let excluded = heldOut.excluded(in: fold)
            let part = separators(solver.refit(block, without: excluded), solver, excluded: excluded)
            for (view, vectors) in views.enumerated() {
                for index in labels.indices where heldOut.fold[index] == fold {
                    var sums = part.bias
                    for place in vectors.offsets[index]..<vectors.offsets[index + 1] {
                        sums += part.weights[Int(vectors.rows[place])] * vectors.values[place]
                    }
                    margins[view][index] = sums
                }
            }
        }
        return TrainedBlock(separators: separators(block, solver, excluded: nil), margins: margins)
    }

    /// The weights of a block drawn towards the centres of its classes. The out-of-scope class has none: its texts have
    /// nothing in common.
    private func separators(_ block: LinearSolver.Block, _ solver: LinearSolver, excluded: [Bool]?)
        -> ModelDraft.Separators
    {
        var centres = [LinearSolver.Lanes](repeating: .zero, count: solver.featureCount)
        let vectors = solver.vectors
        for index in labels.indices where excluded?[index] != true {
            let lane = labels[index] - block.firstClass
            guard lane >= 0, lane < LinearSolver.Lanes.scalarCount, labels[index] < classes.count else { continue }
            for place in vectors.offsets[index]..<vectors.offsets[index + 1] {
                centres[Int(vectors.rows[place])][lane] += vectors.values[place]
            }
        }
        var squares = LinearSolver.Lanes.zero
        for centre in centres { squares += centre * centre }
        var factors = LinearSolver.Lanes.zero
        for lane in factors.indices where squares[lane] > 0 {
            factors[lane] = Self.centroidShare / squares[lane].squareRoot()
        }
        var weights = block.weights
        for row in weights.indices { weights[row] += centres[row] * factors }
        return ModelDraft.Separators(weights: weights, bias: block.bias)
    }

    private static func vectors(of bags: [FeatureBag], _ space: FeatureSpace) -> SparseVectors {
        let parts = Parallel.chunks(bags.count, of: 512) { range in
            var part = SparseVectors()
            for index in range { space.append(bags[index], to: &part) }
            return part
        }
        var all = SparseVectors()
        for part in parts { all.append(part) }
        return all
    }

    /// The texts with one word in ten replaced by one that nobody knows. A shop's utterances are cleaner than its mail, and
    /// where no out-of-scope text says what strange looks like, a threshold chosen on clean texts would reject most mail.
    private func noisyVectors(_ space: FeatureSpace, _ functionWeight: Float) -> SparseVectors {
        var random = SeededGenerator(seed: seed ^ 0x4E4F_4953)
        let bags = texts.indices.map { index in
            let words = texts[index]
            return FeatureBag(
                words, from: 0, to: words.words.count, subjectCount: subjectCounts[index],
                functionWeight: functionWeight,
                strangers: words.words.map { _ in random.next() % 10 == 0 ? random.next() | 1 : 0 })
        }
        return Self.vectors(of: bags, space)
    }
}

/// Work spread over the cores; results in order.
enum Parallel {
    static func map<T: Sendable>(_ range: Range<Int>, _ body: (Int) -> T) -> [T] {
        let results = Results<T>(count: range.count)
        withoutActuallyEscaping(body) { body in
            let box = Unchecked(body: body)
            DispatchQueue.concurrentPerform(iterations: range.count) { index in
                results.set(index, box.body(range.lowerBound + index))
            }
        }
        return results.all
    }

    /// One result for each chunk of so many indices.
    static func chunks<T: Sendable>(_ count: Int, of size: Int, _ body: (Range<Int>) -> T) -> [T] {
        map(0..<(count + size - 1) / size) { body($0 * size..<min(($0 + 1) * size, count)) }
    }

    /// `concurrentPerform` wants a sendable body; ours reads values only, and has returned when `map` returns.
    private struct Unchecked<T>: @unchecked Sendable { let body: (Int) -> T }

    /// Each element is written once, by one thread. The lock guards `values`.
    private final class Results<T: Sendable>: @unchecked Sendable {
        private let lock = DispatchSemaphore(value: 1)
        private var values: [T?]

        init(count: Int) { values = Array(repeating: nil, count: count) }

        func set(_ index: Int, _ value: T) {
            lock.wait()
            values[index] = value
            lock.signal()
        }

        var all: [T] { values.compactMap(\.self) }
    }
}
