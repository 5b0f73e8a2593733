/// Why a message went the way it went: a name for the ledger and `explain`, and a sentence for people.
public struct Rule: Sendable, Hashable, CustomStringConvertible {
    /// Stable, lower case with hyphens: `asks-for-person`.
    public let name: String
    /// One sentence in plain words, without personal data.
    public let reason: String

    /// Creates a rule.
    public init(_ name: String, _ reason: String) {
        self.name = name
        self.reason = reason
    }

    /// The name.
    public var description: String { name }
}
