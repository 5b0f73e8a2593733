import Foundation

/// How many replies people found right, as an estimate for all of them.
public struct ReviewAccuracy: Sendable, Hashable, Codable {
    /// Replies that were rated.
    public let rated: Int
    /// Those of them that were right.
    public let right: Int
    /// The estimated share of right replies among all, 0…1.
    public let share: Double
    /// Between these it lies with a confidence of 95 %.
    public let lower: Double
    /// See `lower`.
    public let upper: Double

    /// - Parameters:
    ///   - ratings: whether a reply was right, and for how many replies it stands.
    /// - Returns: nil when nothing was rated.
    init?(_ ratings: [(isRight: Bool, weight: Double)]) {
        let total = ratings.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return nil }
        rated = ratings.count
        right = ratings.count { $0.isRight }
        let share = ratings.reduce(0) { $0 + ($1.isRight ? $1.weight : 0) } / total
        // Ratings of unequal weight tell as much as so many of equal weight (Kish 1965, Survey Sampling, §11.2).
        let count = total * total / ratings.reduce(0) { $0 + $1.weight * $1.weight }
        (lower, upper) = Self.interval(share: share, of: count)
        self.share = share
    }

    /// Wilson's score interval at 95 % (Wilson 1927, J. Am. Stat. Assoc. 22:209): near 0 and 1, and with few ratings, as good as
    /// elsewhere.
    static func interval(share: Double, of count: Double) -> (lower: Double, upper: Double) {
        let z = 1.959_963_984_540_054
        let square = z * z / count
        let middle = (share + square / 2) / (1 + square)
        let half = z / (1 + square) * (share * (1 - share) / count + square / (4 * count)).squareRoot()
        return (max(0, middle - half), min(1, middle + half))
    }
}

/// The figures of one kind of reply.
public struct ReviewFigures: Sendable, Codable {
    /// The kind.
    public let stratum: ReviewStratum
    /// Replies of it that were drawn for people.
    public let drawn: Int
    /// What they found; nil: nobody has looked yet.
    public let accuracy: ReviewAccuracy?
    /// The mean of the tone, 1 to 5; nil: nobody has said.
    public let tone: Double?
    /// The mean of the empathy, 1 to 5.
    public let empathy: Double?
}

/// An intent that fell back to drafts by itself.
public struct Setback: Sendable, Hashable, Codable {
    /// The intent.
    public let intent: String
    /// Since when.
    public let since: Date
    /// Why: figures, nothing of anybody.
    public let reason: String
}
