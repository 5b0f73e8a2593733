import Foundation

/// The arithmetic of a report: rates and means with their intervals. No ledger in it; a test has every function of it worked
/// out a second time by others.
enum ReportArithmetic {
    /// The 97.5th percentile of the standard normal distribution: intervals hold 95 %.
    static let z = 1.959963984540054

    /// A part of a whole, with its interval.
    struct Rate: Sendable, Equatable {
        let value: Double
        let low: Double
        let high: Double
    }

    /// Wilson's score interval (E. B. Wilson, 1927): it holds for small numbers and at both ends. Nil of nothing.
    /// - Parameters:
    ///   - successes: need not be whole: what is weighed counts as so many.
    ///   - z: how many standard errors the interval holds to each side; 95 % where nothing is said.
    static func wilson(_ successes: Double, of trials: Double, z: Double = z) -> Rate? {
        guard trials > 0 else { return nil }
        let p = successes / trials
        let square = z * z
        let scale = 1 + square / trials
        let middle = (p + square / (2 * trials)) / scale
        let half = z / scale * (p * (1 - p) / trials + square / (4 * trials * trials)).squareRoot()
        // At the ends the interval touches them; rounding must not pass them.
        return Rate(
            value: p, low: successes <= 0 ? 0 : max(0, middle - half),
            high: successes >= trials ? 1 : min(1, middle + half))
    }

    /// The mean of numbers that are known by their count, sum and sum of squares, with Student's interval at the normal's width;
    /// nil of nothing, without an interval of one.
    static func mean(count: Int, sum: Double, squares: Double) -> (value: Double, half: Double?)? {
        guard count > 0 else { return nil }
        let n = Double(count)
        let value = sum / n
        guard count > 1 else { return (value, nil) }
        let variance = max(0, (squares - n * value * value) / (n - 1))
        return (value, z * (variance / n).squareRoot())
    }
}
