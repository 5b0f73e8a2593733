/// What a check found wrong with a draft.
public struct ReviewFinding: Sendable, Hashable, CustomStringConvertible {
    /// The check: `typed-fact`, `unknown-slot`, …
    public let check: String
    /// What it found, without personal data.
    public let detail: String

    /// `check: detail`
    public var description: String { "\(check): \(detail)" }
}
