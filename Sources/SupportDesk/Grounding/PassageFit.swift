import Foundation

/// What tells whether an article answers a question, and the probability that it does.
public struct PassageFit: Sendable, Hashable, Codable {
    /// BM25 of the article's best row.
    public let score: Double
    /// The share of the question's keys that the row has, by weight.
    public let covered: Double
    /// The article's share of the best articles' scores together.
    public let share: Double
    /// How far it is before the next article, or behind the first, as a part of the larger.
    public let lead: Double
    /// The confidence of the intent that the article is about; 0 without one.
    public let intent: Double

    /// The probability.
    var value: Double {
        let sum = -3.0 + 0.1 * score + 2.0 * covered + 1.0 * share + 2.0 * lead + 1.0 * intent
        return 1 / (1 + exp(-sum))
    }
}
