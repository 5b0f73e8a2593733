/// A sequence of numbers that depends on its seed alone (SplitMix64), so that a set can be made again to the letter.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts a sequence.
    public init(seed: UInt64) { state = seed }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// One of some values, each as likely as its weight says.
    mutating func pick<Value>(_ choices: [(Value, Int)]) -> Value? {
        var place = Int.random(in: 0..<max(choices.reduce(0) { $0 + $1.1 }, 1), using: &self)
        for (value, weight) in choices {
            place -= weight
            if place < 0 { return value }
        }
        return choices.last?.0
    }

    /// True as often as `percent` says.
    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}
