import Triage

extension TriageResult {
    /// Below this sentiment (−1 to 1) a customer is unhappy.
    private static let unhappy = -0.3
    /// Above this (0 to 1) she is angry.
    private static let angry = 0.3

    /// Whether what she writes sounds unhappy.
    var isUnhappy: Bool { sentiment < Self.unhappy }
    /// Whether an apology is due before the answer.
    var isUpset: Bool { isUnhappy || anger > Self.angry }
}
