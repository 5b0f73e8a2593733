import Foundation

/// A range that holds the true value with a stated confidence.
public struct Interval: Sendable, Hashable, Codable {
    /// The lower end.
    public let low: Double
    /// The upper end.
    public let high: Double

    /// Creates one.
    public init(low: Double, high: Double) { (self.low, self.high) = (low, high) }
}

/// How many values there are, their sum and the sum of their squares: all that means and shares are compared by.
public struct Moments: Sendable, Hashable, Codable {
    /// How many.
    public internal(set) var count = 0
    /// Their sum.
    public internal(set) var sum = 0.0
    /// The sum of their squares.
    public internal(set) var squares = 0.0

    /// None.
    public init() {}

    /// Of these values.
    public init(_ values: some Sequence<Double>) { for value in values { add(value) } }

    /// Adds a value.
    public mutating func add(_ value: Double) {
        count += 1
        sum += value
        squares += value * value
    }

    /// The mean; nil of none.
    public var mean: Double? { count == 0 ? nil : sum / Double(count) }

    /// The sample variance (n − 1); nil of fewer than two.
    public var variance: Double? {
        guard count > 1 else { return nil }
        return max(0, squares - sum * sum / Double(count)) / Double(count - 1)
    }
}

/// The arithmetic of shares and means: pure, and checked against an independent implementation.
enum Statistics {
    /// What a comparison of two groups gave.
    struct Comparison: Sendable, Hashable {
        /// The second group's value less the first one's.
        let difference: Double
        let interval: Interval
        /// Two-sided.
        let p: Double
    }

    /// Wilson's score interval of a share (Wilson 1927).
    static func wilson(_ successes: Double, of count: Int, confidence: Double) -> Interval {
        let z = Normal.quantile((1 + confidence) / 2)
        guard let rate = ReportArithmetic.wilson(successes, of: Double(count), z: z) else {
            return Interval(low: 0, high: 1)
        }
        return Interval(low: rate.low, high: rate.high)
    }

    /// Two shares: Newcombe's hybrid score interval of their difference (Newcombe 1998, method 10); p by the z-test with a
    /// common variance, or by Fisher's exact test where fewer than five are to be expected in a cell.
    static func compare(
        _ first: (successes: Double, count: Int), _ second: (successes: Double, count: Int), confidence: Double
    ) -> Comparison? {
        guard first.count > 0, second.count > 0 else { return nil }
        let (n1, n2) = (Double(first.count), Double(second.count))
        let (p1, p2) = (first.successes / n1, second.successes / n2)
        let one = wilson(first.successes, of: first.count, confidence: confidence)
        let two = wilson(second.successes, of: second.count, confidence: confidence)
        let difference = p2 - p1
        let interval = Interval(
            low: difference - ((p2 - two.low) * (p2 - two.low) + (one.high - p1) * (one.high - p1)).squareRoot(),
            high: difference + ((two.high - p2) * (two.high - p2) + (p1 - one.low) * (p1 - one.low)).squareRoot())
        let common = (first.successes + second.successes) / (n1 + n2)
        let least = min(n1, n2) * min(common, 1 - common)
        let p: Double
        if least < 5 {
            p = fisher(
                Int(first.successes.rounded()), first.count, Int(second.successes.rounded()), second.count)
        } else {
            let deviation = (common * (1 - common) * (1 / n1 + 1 / n2)).squareRoot()
            p = min(1, 2 * Normal.probability(above: abs(difference) / deviation))
        }
        return Comparison(difference: difference, interval: interval, p: p)
    }

    /// Fisher's exact test, two-sided: how probable a table is that is no more probable than this one.
    static func fisher(_ a: Int, _ n1: Int, _ c: Int, _ n2: Int) -> Double {
        let successes = a + c
        func logChoose(_ n: Int, _ k: Int) -> Double {
            lgamma(Double(n) + 1) - lgamma(Double(k) + 1) - lgamma(Double(n - k) + 1)
        }
        let whole = logChoose(n1 + n2, successes)
        func probability(_ k: Int) -> Double {
            exp(logChoose(n1, k) + logChoose(n2, successes - k) - whole)
        }
        let own = probability(a)
        let range = max(0, successes - n2)...min(n1, successes)
        // Tables of the same probability differ by rounding.
        return min(1, range.map(probability).filter { $0 <= own * (1 + 1e-7) }.reduce(0, +))
    }

    /// Student's interval of a mean; nil where the spread is not known.
    static func interval(ofMean moments: Moments, confidence: Double) -> Interval? {
        guard let mean = moments.mean, let variance = moments.variance else { return nil }
        let n = Double(moments.count)
        let half = StudentT.quantile(beyond: 1 - confidence, degrees: n - 1) * (variance / n).squareRoot()
        return Interval(low: mean - half, high: mean + half)
    }

    /// Two means after Welch (1947): variances need not be equal. Nil where a spread is not known.
    static func compare(means first: Moments, _ second: Moments, confidence: Double) -> Comparison? {
        guard let m1 = first.mean, let m2 = second.mean, let v1 = first.variance, let v2 = second.variance else {
            return nil
        }
        let (n1, n2) = (Double(first.count), Double(second.count))
        let (e1, e2) = (v1 / n1, v2 / n2)
        let difference = m2 - m1
        let error = (e1 + e2).squareRoot()
        guard error > 0 else {
            // Everybody said the same: there is nothing to be in doubt of but how few they are.
            return Comparison(
                difference: difference, interval: Interval(low: difference, high: difference),
                p: difference == 0 ? 1 : 0)
        }
        let degrees = (e1 + e2) * (e1 + e2) / (e1 * e1 / (n1 - 1) + e2 * e2 / (n2 - 1))
        let half = StudentT.quantile(beyond: 1 - confidence, degrees: degrees) * error
        return Comparison(
            difference: difference, interval: Interval(low: difference - half, high: difference + half),
            p: StudentT.probability(beyond: abs(difference) / error, degrees: degrees))
    }
}
