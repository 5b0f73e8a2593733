/// One intent that a text may have.
public struct IntentScore: Sendable, Hashable {
    /// The intent's name.
    public let intent: String
    /// Probability from 0 to 1, calibrated on held-out training data.
    public let confidence: Double

    /// A score as given.
    public init(intent: String, confidence: Double) {
        self.intent = intent
        self.confidence = confidence
    }
}

/// How likely a text has each of the known intents, or none.
public struct IntentScores: Sendable, Hashable {
    /// All intents, most likely first; with `outOfScope` they sum to 1.
    public let ranked: [IntentScore]
    /// Probability that the text asks nothing that an intent covers.
    public let outOfScope: Double

    /// The most likely intent, or nil when being out of scope is likelier than all intents together.
    public var decided: IntentScore? { decided(threshold: 0.5) }

    /// The most likely intent, or nil when `outOfScope` is above the threshold; 1 rejects nothing.
    public func decided(threshold: Double) -> IntentScore? {
        guard let best = ranked.first, outOfScope <= threshold else { return nil }
        return best
    }
}
