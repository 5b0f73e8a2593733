extension IntentClassifier {
    /// What is made of each example by models that were trained on the others: what a look at a label is worth that rests on
    /// everything but that label.
    ///
    /// It costs little more than one training; the same examples and seed give the same scores.
    /// - Parameter folds: into how many parts the examples are dealt, each of which is kept from one model.
    /// - Returns: scores in the order of the examples; two that are equal have the same.
    /// - Throws: as `train`.
    public static func crossValidate(
        _ examples: [TrainingExample], folds: Int = 5, seed: UInt64 = defaultSeed
    ) throws(TriageError) -> [IntentScores] {
        try Trainer(examples, seed: seed, digest: nil).crossValidate(folds: folds)
    }
}

extension IntentScores {
    /// The decision as a label: an intent, or `IntentClassifier.outOfScope`.
    public var label: String { decided?.intent ?? IntentClassifier.outOfScope }

    /// How likely a label is.
    public func confidence(of label: String) -> Double {
        if IntentClassifier.outOfScopeLabels.contains(label) { return outOfScope }
        return ranked.first { $0.intent == label }?.confidence ?? 0
    }
}

extension TrainingSet {
    /// A number that a text always has, on every machine and in every release: of its words, whatever their case, their
    /// order numbers and the placeholders between them. Nil for a text without words.
    ///
    /// By it texts are kept from training once and for all: another spelling of a kept text is kept as well.
    public static func key(of text: String) -> UInt64? {
        let words = Words(text).words
        if words.isEmpty { return nil }
        return words.reduce(FeatureHash.start) { FeatureHash.combine($0, $1.hash) }
    }

    /// Whether a text is for measuring only, never for training: one in so many, by its key.
    public static func isHeldOut(_ text: String, oneIn share: UInt64 = holdOutShare) -> Bool {
        key(of: text).map { $0 % share == 0 } ?? false
    }

    /// One text in so many is kept from training, to measure on.
    public static let holdOutShare: UInt64 = 10
}
