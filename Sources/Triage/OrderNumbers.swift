/// Finds a shop's order numbers in a text, for whoever must look orders up before the text is understood.
public struct OrderNumbers: Sendable {
    private let finder: ReferenceFinder

    /// As much of a text is looked at, in bytes; triage reads no more either.
    private static let maximumBytes = 64 << 10

    /// - Parameter patterns: How the shop's order numbers look, such as `NC-\d{6}`; see `OrderPattern`.
    /// - Throws: `badTrainingData` for a pattern that is not understood.
    public init(_ patterns: [String]) throws(TriageError) {
        var read: [OrderPattern] = []
        for text in patterns { read.append(try OrderPattern(text)) }
        finder = ReferenceFinder(patterns: read)
    }

    /// The numbers in their canonical form and the order of the text, each once, also those of which the text has the digits
    /// only.
    public func find(in text: String) -> [String] {
        guard !finder.patterns.isEmpty else { return [] }
        return finder.find(String(decoding: text.utf8.prefix(Self.maximumBytes), as: UTF8.self))
            .filter { $0.kind == .order }.map(\.value)
    }
}
