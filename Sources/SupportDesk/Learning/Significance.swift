import Foundation

/// The tests by which learning tells chance from change, exactly where counts are small.
enum Significance {
    /// The probability of `successes` or more among `trials` when each succeeds with `chance`: the upper tail of the binomial
    /// distribution, summed from its terms.
    static func binomialTail(_ successes: Int, of trials: Int, chance: Double) -> Double {
        guard successes > 0 else { return 1 }
        guard successes <= trials, chance > 0 else { return 0 }
        guard chance < 1 else { return 1 }
        // Terms are summed on the side where they fall, so that no small number is the difference of two large ones.
        let mean = Double(trials) * chance
        if Double(successes) > mean { return sum(from: successes, to: trials, trials, chance) }
        return 1 - sum(from: 0, to: successes - 1, trials, chance)
    }

    /// The probability that the sum of a Poisson number of exponential amounts of mean 1 is this large or larger: a compound
    /// Poisson distribution. So many amounts stay below a sum as a Poisson process has events up to there; so it is the
    /// probability that one Poisson number, of mean `expected`, exceeds another, of mean `sum`.
    static func excessTail(_ sum: Double, expected: Double) -> Double {
        guard sum > 0 else { return 1 }
        guard expected > 0 else { return 0 }
        func term(_ k: Int, _ mean: Double) -> Double { exp(Double(k) * log(mean) - mean - lgamma(Double(k) + 1)) }
        let last = Int(expected + sum + 12 * max(expected, sum).squareRoot()) + 30
        var (total, below) = (0.0, 0.0)
        for k in 1...last {
            below += term(k - 1, sum)
            total += term(k, expected) * min(below, 1)
        }
        return min(total, 1)
    }

    private static func sum(from low: Int, to high: Int, _ trials: Int, _ chance: Double) -> Double {
        // Begun at the largest term of the range, from there each is a factor of the one before.
        let mode = min(max(Int(Double(trials + 1) * chance), low), high)
        let first = exp(logTerm(mode, trials, chance))
        let odds = chance / (1 - chance)
        var total = first
        var term = first
        for k in stride(from: mode, to: high, by: 1) {
            term *= Double(trials - k) / Double(k + 1) * odds
            total += term
            if term < total * 1e-18 { break }
        }
        term = first
        for k in stride(from: mode, to: low, by: -1) {
            term *= Double(k) / Double(trials - k + 1) / odds
            total += term
            if term < total * 1e-18 { break }
        }
        return min(total, 1)
    }

    private static func logTerm(_ k: Int, _ n: Int, _ chance: Double) -> Double {
        let (k, n) = (Double(k), Double(n))
        return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(chance) + (n - k) * log1p(-chance)
    }

    /// McNemar's exact test of paired outcomes, in one direction: how likely chance makes at least so many worse, when a pair
    /// that changed is as likely better as worse. Pairs that did not change say nothing.
    /// - Parameters:
    ///   - worse: pairs that were right and are wrong.
    ///   - better: pairs that were wrong and are right.
    static func mcNemar(worse: Int, better: Int) -> Double {
        binomialTail(worse, of: worse + better, chance: 0.5)
    }

    /// The probability that a chi-square variable of so many degrees of freedom is this large or larger.
    static func chiSquareTail(_ value: Double, degrees: Int) -> Double {
        guard degrees > 0, value > 0 else { return 1 }
        let (shape, x) = (Double(degrees) / 2, value / 2)
        let factor = exp(shape * log(x) - x - lgamma(shape))
        if x < shape + 1 {
            // The series of the lower part (DLMF 8.11.4).
            var term = 1 / shape
            var total = term
            var place = shape
            while term > total * 1e-17 {
                place += 1
                term *= x / place
                total += term
            }
            return max(0, 1 - factor * total)
        }
        // The continued fraction of the upper part (DLMF 8.9.2), by Lentz's way.
        let tiny = 1e-300
        var b = x + 1 - shape
        var c = 1 / tiny
        var d = 1 / b
        var fraction = d
        for step in 1..<10_000 {
            let a = Double(step) * (shape - Double(step))
            b += 2
            d = 1 / nonZero(a * d + b, tiny)
            c = nonZero(b + a / c, tiny)
            let change = c * d
            fraction *= change
            if abs(change - 1) < 1e-16 { break }
        }
        return factor * fraction
    }

    private static func nonZero(_ value: Double, _ tiny: Double) -> Double { abs(value) < tiny ? tiny : value }

    /// Pearson's test whether two lists of counts are of one distribution, and how many degrees of freedom it has. Categories of
    /// which fewer than `floor` are expected are counted together: for them the test says nothing.
    static func homogeneity(_ first: [Int], _ second: [Int], floor: Double = 5) -> (statistic: Double, degrees: Int) {
        let (n, m) = (Double(first.reduce(0, +)), Double(second.reduce(0, +)))
        guard n > 0, m > 0 else { return (0, 0) }
        var cells: [(Double, Double)] = []
        var rest = (0.0, 0.0)
        for (a, b) in zip(first, second) where a + b > 0 {
            let both = Double(a + b)
            if both * min(n, m) / (n + m) >= floor {
                cells.append((Double(a), Double(b)))
            } else {
                rest = (rest.0 + Double(a), rest.1 + Double(b))
            }
        }
        if rest.0 + rest.1 > 0, (rest.0 + rest.1) * min(n, m) / (n + m) >= floor { cells.append(rest) }
        var statistic = 0.0
        let all = cells.reduce((0.0, 0.0)) { ($0.0 + $1.0, $0.1 + $1.1) }
        let total = all.0 + all.1
        guard cells.count > 1, all.0 > 0, all.1 > 0 else { return (0, 0) }
        for (a, b) in cells {
            let (expected, other) = ((a + b) * all.0 / total, (a + b) * all.1 / total)
            statistic += (a - expected) * (a - expected) / expected + (b - other) * (b - other) / other
        }
        return (statistic, cells.count - 1)
    }

    /// The population stability index of two lists of counts, each with half a count more in every category: below 0.1 little has
    /// changed, above 0.25 much has.
    static func stabilityIndex(_ first: [Int], _ second: [Int]) -> Double {
        let (n, m) = (shares(first), shares(second))
        return zip(n, m).reduce(0) { $0 + ($1.1 - $1.0) * log($1.1 / $1.0) }
    }

    /// The Jensen-Shannon distance of two lists of counts in bits, from 0 for the same shares to 1 for none in common.
    static func jensenShannon(_ first: [Int], _ second: [Int]) -> Double {
        let (n, m) = (Double(first.reduce(0, +)), Double(second.reduce(0, +)))
        guard n > 0, m > 0 else { return 0 }
        var divergence = 0.0
        for (a, b) in zip(first, second) {
            let (p, q) = (Double(a) / n, Double(b) / m)
            let middle = (p + q) / 2
            if p > 0 { divergence += p * log2(p / middle) / 2 }
            if q > 0 { divergence += q * log2(q / middle) / 2 }
        }
        return max(divergence, 0).squareRoot()
    }

    private static func shares(_ counts: [Int]) -> [Double] {
        let total = Double(counts.reduce(0, +)) + 0.5 * Double(counts.count)
        return counts.map { (Double($0) + 0.5) / total }
    }
}
