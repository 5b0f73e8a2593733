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

    /// Ratings of unequal weight tell as much as so many of equal weight.
    let effective: Double

    /// - Parameters:
    ///   - ratings: whether a reply was right, and for how many replies it stands.
    /// - Returns: nil when nothing was rated.
    init?(_ ratings: [(isRight: Bool, weight: Double)]) {
        self.init(ratings.reduce(into: RatingSums()) { $0.add(isRight: $1.isRight, weight: $1.weight) })
    }

    /// - Returns: nil when nothing was rated.
    init?(_ sums: RatingSums) {
        guard sums.weight > 0 else { return nil }
        (rated, right) = (sums.rated, sums.right)
        share = sums.rightWeight / sums.weight
        // Kish 1965, Survey Sampling, §11.2.
        effective = sums.weight * sums.weight / sums.squares
        (lower, upper) = Self.interval(share: share, of: effective)
    }

    /// Wilson's score interval at 95 %: near 0 and 1, and with few ratings, as good as elsewhere.
    static func interval(share: Double, of count: Double) -> (lower: Double, upper: Double) {
        let rate = ReportArithmetic.wilson(share * count, of: count)
        return (rate?.low ?? 0, rate?.high ?? 1)
    }
}

/// What people found of replies, added up: each reply counts by the weight with which it was drawn, that is for how many it
/// stands. Sums of days can be added to each other.
struct RatingSums: Sendable, Hashable, Codable {
    /// Replies that were drawn for people, looked at or not.
    private(set) var drawn = 0
    /// Those that were looked at, and those of them that were right.
    private(set) var rated = 0
    private(set) var right = 0
    /// The weights of those that were looked at, their squares, and the weights of the right ones.
    private(set) var weight = 0.0
    private(set) var squares = 0.0
    private(set) var rightWeight = 0.0
    private var tones = 0.0
    private var toneWeight = 0.0
    private var empathies = 0.0
    private var empathyWeight = 0.0

    /// Adds replies that were all found right, or all wrong, with one weight.
    mutating func add(isRight: Bool, weight: Double, count: Int = 1) {
        rated += count
        self.weight += weight * Double(count)
        squares += weight * weight * Double(count)
        guard isRight else { return }
        right += count
        rightWeight += weight * Double(count)
    }

    /// Adds a reply that was drawn.
    /// - Parameter isRight: nil: nobody has looked yet.
    mutating func addDrawn(isRight: Bool?, weight: Double, tone: Double?, empathy: Double?) {
        drawn += 1
        if let isRight { add(isRight: isRight, weight: weight) }
        if let tone {
            tones += tone * weight
            toneWeight += weight
        }
        if let empathy {
            empathies += empathy * weight
            empathyWeight += weight
        }
    }

    /// The mean of the tone, 1 to 5; nil: nobody has said.
    var tone: Double? { toneWeight > 0 ? tones / toneWeight : nil }
    /// The same of the empathy.
    var empathy: Double? { empathyWeight > 0 ? empathies / empathyWeight : nil }

    static func += (sums: inout RatingSums, other: RatingSums) {
        sums.drawn += other.drawn
        sums.rated += other.rated
        sums.right += other.right
        sums.weight += other.weight
        sums.squares += other.squares
        sums.rightWeight += other.rightWeight
        sums.tones += other.tones
        sums.toneWeight += other.toneWeight
        sums.empathies += other.empathies
        sums.empathyWeight += other.empathyWeight
    }

    static func + (first: RatingSums, second: RatingSums) -> RatingSums {
        var sum = first
        sum += second
        return sum
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
