import Seeded

extension SeededRandom {
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
