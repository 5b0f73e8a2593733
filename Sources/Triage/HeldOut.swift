/// Which training texts are kept from which model, and what the models made of them.
struct HeldOut: Sendable {
    let labels: [Int]
    let intentCount: Int
    let hasOutOfScope: Bool
    let folds: Int
    /// The fold of each text.
    private(set) var fold: [Int]
    /// Number of the fold that has no text of an intent at all, or -1.
    private var foldWithout: [Int]

    /// What a model made of a text that it had not seen.
    struct Outcome: Sendable {
        /// How much the text is like something known; see `Calibration.score`.
        var score: Float
        /// Margin of the best intent.
        var best: Float
        /// The best intent is the right one.
        var isRight: Bool
        /// No intent of the model covers the text.
        var isOutOfScope: Bool
        /// Margins of the intents, of the right one first.
        var margins: [Float]
    }

    /// Each class is dealt to the folds in a seeded order, so that every fold has its share of every class; the intents are
    /// dealt to groups, of which each fold does without one.
    init(labels: [Int], intentCount: Int, hasOutOfScope: Bool, folds: Int, groups: Int, seed: UInt64) {
        self.labels = labels
        self.intentCount = intentCount
        self.hasOutOfScope = hasOutOfScope
        self.folds = folds
        var byClass = [[Int]](repeating: [], count: intentCount + (hasOutOfScope ? 1 : 0))
        for (index, label) in labels.enumerated() { byClass[label].append(index) }
        fold = [Int](repeating: 0, count: labels.count)
        var random = SeededGenerator(seed: seed ^ 0xF01D)
        for var members in byClass {
            random.shuffle(&members)
            for (position, index) in members.enumerated() { fold[index] = position % folds }
        }
        foldWithout = [Int](repeating: -1, count: byClass.count)
        guard !hasOutOfScope, groups > 0 else { return }
        var order = Array(0..<intentCount)
        random.shuffle(&order)
        for (position, intent) in order.enumerated() where position % groups < folds {
            foldWithout[intent] = position % groups
        }
    }

    /// For each text whether the model of a fold must not see it.
    func excluded(in fold: Int) -> [Bool] {
        labels.indices.map { self.fold[$0] == fold || foldWithout[labels[$0]] == fold }
    }

    /// - Parameter blocks: For each block of classes, for each view of the texts, the margins of each text.
    func outcomes(of blocks: [[[LinearSolver.Lanes]]], stride: Int) -> [Outcome] {
        guard let views = blocks.first?.count else { return [] }
        var texts = [Int](repeating: 0, count: foldWithout.count)
        for label in labels { texts[label] += 1 }
        var outcomes: [Outcome] = []
        outcomes.reserveCapacity(labels.count * views)
        for view in 0..<views {
            for (index, label) in labels.enumerated() {
                func margin(_ label: Int) -> Float { blocks[label / stride][view][index][label % stride] }
                let isOutOfScope = label == intentCount || foldWithout[label] == fold[index]
                // The only text of its intent is unknown to the model that has not seen it: it tells nothing.
                guard isOutOfScope || texts[label] > 1 else { continue }
                // The right intent comes first, so that a tie counts as right.
                var margins: [Float] = isOutOfScope ? [] : [margin(label)]
                margins.reserveCapacity(intentCount)
                for intent in 0..<intentCount where intent != label && foldWithout[intent] != fold[index] {
                    margins.append(margin(intent))
                }
                guard let best = margins.max() else { continue }
                outcomes.append(
                    Outcome(
                        score: Calibration.score(best: best, outOfScope: hasOutOfScope ? margin(intentCount) : nil),
                        best: best,
                        isRight: !isOutOfScope && margins[0] >= best, isOutOfScope: isOutOfScope, margins: margins))
            }
        }
        return outcomes
    }
}
