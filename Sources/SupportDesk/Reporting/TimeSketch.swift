import Foundation

/// Times of which percentiles are wanted, in little room, and to be added up over days: counts by buckets that each are 2 % wider
/// than the one before, so that a percentile is right to 1 % (C. Masson et al., DDSketch, VLDB 2019).
struct TimeSketch: Sendable, Equatable, Codable {
    /// The ratio of a bucket's ends.
    static let ratio = 1.02
    private static let scale = 1 / log(ratio)

    /// Counts by bucket: `i` holds what is above `ratio^(i−1)` and not above `ratio^i` seconds.
    private(set) var buckets: [Int: Int] = [:]
    private(set) var count = 0
    /// Of all times, seconds.
    private(set) var sum = 0.0

    /// Adds a time in seconds; what took no time at all counts as a millisecond.
    mutating func add(_ seconds: Double) {
        let seconds = max(seconds, 0.001)
        buckets[Int((log(seconds) * Self.scale).rounded(.up)), default: 0] += 1
        count += 1
        sum += seconds
    }

    static func += (sketch: inout TimeSketch, other: TimeSketch) {
        sketch.buckets.merge(other.buckets, uniquingKeysWith: +)
        sketch.count += other.count
        sketch.sum += other.sum
    }

    /// The time that a part of all times do not exceed, to 1 %; nil of nothing.
    func percentile(_ part: Double) -> Double? {
        guard count > 0 else { return nil }
        let rank = max(1, Int((part * Double(count)).rounded(.up)))
        var seen = 0
        for bucket in buckets.keys.sorted() {
            seen += buckets[bucket] ?? 0
            // The middle of the bucket by ratio: nothing in it is further away than 1 %.
            if seen >= rank { return pow(Self.ratio, Double(bucket)) * 2 / (1 + Self.ratio) }
        }
        return nil
    }

    /// How many took no longer, to a bucket.
    func share(upTo seconds: Double) -> Double? {
        guard count > 0 else { return nil }
        let last = Int((log(max(seconds, 0.001)) * Self.scale).rounded(.up))
        return Double(buckets.filter { $0.key <= last }.values.reduce(0, +)) / Double(count)
    }

    init() {}

    private enum CodingKeys: String, CodingKey {
        case buckets = "b"
        case sum = "s"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        // Pairs in a row take less room than an object.
        let pairs = try container.decode([Int].self, forKey: .buckets)
        for index in stride(from: 0, to: pairs.count - 1, by: 2) { buckets[pairs[index]] = pairs[index + 1] }
        count = buckets.values.reduce(0, +)
        sum = try container.decode(Double.self, forKey: .sum)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(buckets.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }, forKey: .buckets)
        try container.encode(sum, forKey: .sum)
    }
}
