import Foundation

/// The standard normal distribution.
enum Normal {
    /// The probability of a smaller value.
    static func probability(below x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

    /// The probability of a larger value, exact also far out.
    static func probability(above x: Double) -> Double { 0.5 * erfc(x / 2.0.squareRoot()) }

    /// The value below which this probability lies, 0 < p < 1.
    static func quantile(_ p: Double) -> Double {
        // By halves from the smaller side, where nothing is lost to rounding; then Newton's steps.
        if p > 0.5 { return -quantile(1 - p) }
        var (low, high) = (-40.0, 0.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if probability(below: middle) < p { low = middle } else { high = middle }
        }
        var x = (low + high) / 2
        for _ in 0..<3 {
            let density = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
            if density > 0 { x -= (probability(below: x) - p) / density }
        }
        return x
    }
}

/// Student's t distribution.
enum StudentT {
    /// The probability of a value farther from 0 on either side.
    static func probability(beyond t: Double, degrees: Double) -> Double {
        incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
    }

    /// The value that is exceeded on either side with this probability, 0 < p < 1.
    static func quantile(beyond p: Double, degrees: Double) -> Double {
        var high = 1.0
        while probability(beyond: high, degrees: degrees) > p, high < 1e300 { high *= 2 }
        var low = 0.0
        for _ in 0..<200 where high - low > 1e-15 * high {
            let middle = (low + high) / 2
            if probability(beyond: middle, degrees: degrees) > p { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The regularised incomplete beta function, by its continued fraction (DLMF 8.17.22) after Lentz.
    static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        // It converges quickly on this side; the other follows from the symmetry.
        if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
        let front = exp(a * log(x) + b * log1p(-x) + lgamma(a + b) - lgamma(a) - lgamma(b)) / a
        let least = 1e-300
        func floored(_ value: Double) -> Double { abs(value) < least ? least : value }
        var c = 1.0
        var d = 1 / floored(1 - (a + b) * x / (a + 1))
        var fraction = d
        for step in 1...10_000 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / floored(1 + even * d)
            c = floored(1 + even / c)
            fraction *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / floored(1 + odd * d)
            c = floored(1 + odd / c)
            fraction *= d * c
            if abs(d * c - 1) < 1e-16 { break }
        }
        return front * fraction
    }
}
