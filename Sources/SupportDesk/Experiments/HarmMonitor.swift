/// Watches whether an arm does harm, as often as anybody likes, and still wrongly cries harm no more often than it says.
///
/// An arm does harm when it is worse than control by more than a bound. Whoever looks again and again at an ordinary interval
/// finds such an arm sooner or later where there is none. This bound is O'Brien and Fleming's (1979), for a look at every
/// single conversation: with the share `f` of the sample in, the standardised difference must pass `c / √f`. Seen as
/// Brownian motion on [0, 1], that is a constant bound `c` for its path, which by the reflection principle it passes with the
/// probability `2(1 − Φ(c))`, exactly; fewer looks only make it less. Early on it wants overwhelming evidence, so that the
/// normal approximation is not asked for more than it can give; at the end hardly more than an ordinary test.
struct HarmMonitor: Sendable, Hashable {
    /// How often an experiment without any harm is stopped, at most; over all its arms and measures together.
    static let rate = 0.025
    /// Fewer in an arm tell nothing.
    static let least = 20

    /// Conversations in each arm when it is done.
    let sample: Int
    /// How many comparisons are watched side by side: they share the rate.
    let comparisons: Int

    /// What a look found.
    struct Look: Sendable, Hashable {
        /// The standardised difference beyond the bound.
        let z: Double
        /// What it must pass.
        let limit: Double
        var isHarm: Bool { z > limit }
    }

    /// Looks at an arm beside control.
    /// - Parameters:
    ///   - arm: values from 0 to 1, of which more is worse.
    ///   - bound: so much worse it may be.
    ///   - enrolled: the fewest conversations that an arm has whose outcome is known.
    /// - Returns: nil while there are too few.
    func look(at arm: Moments, beside control: Moments, bound: Double, enrolled: Int) -> Look? {
        guard min(arm.count, control.count) >= Self.least, enrolled > 0, sample > 0 else { return nil }
        // One 0 and one 1 more in each (Agresti and Caffo 2000): a share of none is no certainty.
        func measured(_ moments: Moments) -> (mean: Double, error: Double) {
            let n = Double(moments.count + 2)
            let mean = (moments.sum + 1) / n
            return (mean, ((moments.squares + 1) / n - mean * mean) / n)
        }
        let (one, two) = (measured(control), measured(arm))
        let z = (two.mean - one.mean - bound) / (one.error + two.error).squareRoot()
        let share = min(1, Double(enrolled) / Double(sample))
        return Look(z: z, limit: critical / share.squareRoot())
    }

    /// The bound at the end of the sample.
    var critical: Double { Normal.quantile(1 - Self.rate / Double(max(1, comparisons)) / 2) }
}
