/// An amount of a record: decimal digits, never a binary fraction, in the order's currency.
struct RecordAmount: Comparable {
    /// `1299.00`, with two places at most and no zeros in front.
    let text: String
    private let hundredths: Int

    /// Reads `1299`, `1299.5`, `1299.0000`; nil for a negative amount, one with more than two places that count, one that
    /// groups its digits and whatever else could be read in two ways.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), (1...13).contains(parts[0].utf8.count),
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let whole = Int(parts[0])
        else { return nil }
        let places = parts.count > 1 ? Array(parts[1].utf8) : []
        guard places.count <= 12, places.dropFirst(2).allSatisfy({ $0 == 0x30 }) else { return nil }
        func digit(_ index: Int) -> Int { index < places.count ? Int(places[index] - 0x30) : 0 }
        hundredths = whole * 100 + digit(0) * 10 + digit(1)
        self.text = "\(whole).\(digit(0))\(digit(1))"
    }

    static func < (left: RecordAmount, right: RecordAmount) -> Bool { left.hundredths < right.hundredths }
}
