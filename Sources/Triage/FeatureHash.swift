/// The hash of words and n-grams: the same on every machine and in every process, so that models can be stored.
///
/// Not for hostile keys that could be chosen to collide on purpose: a collision costs a little accuracy, nothing else.
enum FeatureHash {
    static let start: UInt64 = 0x9E37_79B9_7F4A_7C15

    @inline(__always)
    static func step(_ hash: UInt64, _ value: UInt32) -> UInt64 {
        (hash ^ UInt64(value)) &* 0x0000_0100_0000_01B3 &+ (hash >> 29)
    }

    /// Spreads the last steps over all bits; never 0, which tables keep for "empty".
    @inline(__always)
    static func finish(_ hash: UInt64) -> UInt64 {
        var value = hash
        value = (value ^ (value >> 31)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        value ^= value >> 31
        return value == 0 ? 1 : value
    }

    /// A hash of two, in order.
    @inline(__always)
    static func combine(_ first: UInt64, _ second: UInt64) -> UInt64 {
        finish(first &* 0xD6E8_FEB8_6659_FD93 &+ second)
    }

    /// The hash that `Words` gives a single word.
    static func word(_ text: some StringProtocol) -> UInt64 {
        Words(text).words.first?.hash ?? 1
    }
}

/// SplitMix64: a small generator whose sequence is fixed by its seed (Steele, Lea, Flood 2014).
struct SeededGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// Fisher–Yates; `Array.shuffle(using:)` promises no fixed order between versions of Swift.
    mutating func shuffle(_ array: inout [Int]) {
        guard array.count > 1 else { return }
        for index in stride(from: array.count - 1, to: 0, by: -1) {
            array.swapAt(index, Int(next() % UInt64(index + 1)))
        }
    }
}
