/// Reads the numbers, amounts and days that a text names, where nothing else of it is to be understood: an answer that
/// somebody has written, for example.
public struct ReferenceReader: Sendable {
    private let patterns: [OrderPattern]

    /// As much of a text is looked at, in bytes; triage reads no more either.
    private static let maximumBytes = 64 << 10

    /// - Parameter patterns: How the shop's order numbers look, such as `NC-\d{6}`; see `OrderPattern`.
    /// - Throws: `badTrainingData` for a pattern that is not understood.
    public init(_ patterns: [String]) throws(TriageError) {
        var read: [OrderPattern] = []
        for text in patterns { read.append(try OrderPattern(text)) }
        self.patterns = read
    }

    /// What the text names, in its order, each value once.
    /// - Parameter calendar: which day it is where the text was written, for "tomorrow" and "10 March".
    public func references(in text: String, calendar: DeskCalendar = .init()) -> [(kind: Reference.Kind, value: String)]
    {
        ReferenceFinder(patterns: patterns, calendar: calendar)
            .find(String(decoding: text.utf8.prefix(Self.maximumBytes), as: UTF8.self))
            .map { ($0.kind, $0.value) }
    }
}
