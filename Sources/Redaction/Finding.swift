/// One piece of personal data in a text: where it stands, what it is and why we think so. It never holds the data itself.
public struct Finding: Sendable, Hashable {
    /// What was found.
    public let type: PIIType
    /// Where, in Unicode scalars of the original text.
    public let range: Range<Int>
    /// What stands in the redacted text instead; nil when the finding stays readable.
    public let placeholder: String?
    /// How sure the detector is, above 0 up to 1.
    public let score: Double
    /// The rule that decided, in a few words, without any of the text: "Luhn, issuer range".
    public let why: String
    /// Whether a placeholder stands in its place. Dates, and whatever is on the keep list, are found but not masked.
    public var masked: Bool { placeholder != nil }
    /// The first Unicode scalar.
    public var start: Int { range.lowerBound }
    /// One past the last Unicode scalar.
    public var end: Int { range.upperBound }

    init(type: PIIType, range: Range<Int>, placeholder: String?, score: Double, why: String) {
        self.type = type
        self.range = range
        self.placeholder = placeholder
        self.score = score
        self.why = why
    }

    func shifted(by offset: Int) -> Finding {
        Finding(
            type: type, range: range.lowerBound + offset..<range.upperBound + offset, placeholder: placeholder,
            score: score, why: why)
    }
}
