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
    /// Ascending.
    private var labels: [Int] = []
    /// Where the texts of each class start, and the end of the last.
    private var starts: [Int] = []
    /// For each example, in the order in which they came, its place among the texts: the same for two that are equal.
    private var places: [Int] = []
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
        let keyed = examples.enumerated().map { index, example in
            (
                text: example.text, subject: example.subject ?? "", label: labelOf[example.intent] ?? classes.count,
                example: index
            )
        }.sorted { first, second in
            if first.label != second.label { return first.label < second.label }
            if first.text != second.text { return first.text.utf8.lexicographicallyPrecedes(second.text.utf8) }
            return first.subject.utf8.lexicographicallyPrecedes(second.subject.utf8)
        }
        texts.reserveCapacity(keyed.count)
        places = [Int](repeating: 0, count: examples.count)
        for (index, item) in keyed.enumerated() {
            if index > 0 {
                let before = keyed[index - 1]
                if (before.label, before.text, before.subject) == (item.label, item.text, item.subject) {
                    places[item.example] = texts.count - 1
                    continue
                }
            }
            places[item.example] = texts.count
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
        starts = [0]
        for label in 0...classes.count { starts.append(starts[label] + labels.count { $0 == label }) }
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
        model.header.knowsSubjects = subjectCounts.contains { $0 > 0 }
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

    /// What models that had not seen a text make of it, for each example.
    func crossValidate(folds: Int) throws(TriageError) -> [IntentScores] {
        let functionWeight = FeatureBag.functionWeight(texts: texts.count)
        let bags = Parallel.map(texts.indices) { index in
            FeatureBag(
                texts[index], from: 0, to: texts[index].words.count, subjectCount: subjectCounts[index],
                functionWeight: functionWeight)
        }
        let model = try ModelDraft(learning: bags, intents: classes, classCount: classCount, digest: digest)
        let vectors = Self.vectors(of: bags, model.space)
        let solver = LinearSolver(
            vectors: vectors, labels: labels, featureCount: model.layout.features, seed: seed)
        let heldOut = HeldOut(
            labels: labels, intentCount: classes.count, hasOutOfScope: hasOutOfScope, folds: folds, groups: 0,
            seed: seed)
        let blocks = Parallel.map(0..<(classCount + 15) / 16) { number in
            trainBlock(solver, heldOut, [vectors], firstClass: number * 16).margins
        }
        let stride = LinearSolver.Lanes.scalarCount
        let calibration = Calibration.fit(heldOut.outcomes(of: blocks, stride: stride), standIns: !hasOutOfScope)
        let scores = texts.indices.map { index in
            let margins = (0..<classCount).map { blocks[$0 / stride][0][index][$0 % stride] }
            let probabilities = calibration.probabilities(margins, intentCount: classes.count)
            let ranked = zip(classes, probabilities.intents).map { IntentScore(intent: $0, confidence: Double($1)) }
                .sorted { ($1.confidence, $0.intent) < ($0.confidence, $1.intent) }
            return IntentScores(ranked: ranked, outOfScope: Double(probabilities.outOfScope))
        }
        return places.map { scores[$0] }
    }

    private struct TrainedBlock: Sendable {
        /// Sixteen classes: a weight for each feature, and the biases.
        var separators: LinearSolver.Block
        /// For each view of the texts, the margins of each text from the model of the fold that had not seen it.
        var margins: [[LinearSolver.Lanes]]
    }

    private func trainBlock(
        _ solver: LinearSolver, _ heldOut: HeldOut, _ views: [SparseVectors], firstClass: Int
    ) -> TrainedBlock {
        var block = solver.train(firstClass: firstClass)
        var part = block
        var margins = views.map { _ in [LinearSolver.Lanes](repeating: .zero, count: labels.count) }
        for fold in 0..<heldOut.folds {
            let excluded = heldOut.excluded(in: fold)
            part.copy(block)
            solver.forget(excluded, in: &part)
            drawToCentres(&part, solver.vectors, excluded: excluded)
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
        drawToCentres(&block, solver.vectors, excluded: nil)
        block.duals = []
        return TrainedBlock(separators: block, margins: margins)
    }

    /// Draws the weights of a block towards the centres of its classes. The out-of-scope class has none: its texts have
    /// nothing in common.
    private func drawToCentres(_ block: inout LinearSolver.Block, _ vectors: SparseVectors, excluded: [Bool]?) {
        var centre = [Float](repeating: 0, count: block.weights.count)
        for lane in 0..<LinearSolver.Lanes.scalarCount where block.firstClass + lane < classes.count {
            let texts = texts(of: block.firstClass + lane).filter { excluded?[$0] != true }
            let places = texts.lazy.flatMap { vectors.offsets[$0]..<vectors.offsets[$0 + 1] }
            for place in places { centre[Int(vectors.rows[place])] += vectors.values[place] }
            var squares: Float = 0
            // The sum over the texts of their products with the centre is its squared length.
            for place in places { squares += centre[Int(vectors.rows[place])] * vectors.values[place] }
            guard squares > 0 else { continue }
            let factor = Self.centroidShare / squares.squareRoot()
            // A feature that stands in several texts comes again: its part is gone by then.
            for place in places {
                let row = Int(vectors.rows[place])
                block.weights[row][lane] += centre[row] * factor
                centre[row] = 0
            }
        }
    }

    /// The texts of a class: they lie side by side.
    private func texts(of label: Int) -> Range<Int> { starts[label]..<starts[label + 1] }

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
