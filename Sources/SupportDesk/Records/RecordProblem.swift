/// What a record does not say, or says in a way that nobody can rely on. Names a field, never its value.
public struct RecordProblem: Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: String, Sendable {
        /// The record has no such value.
        case missing
        /// The value is none that the desk knows: another word for a state, no amount, no day.
        case unreadable
        /// Two values cannot both be true; neither is used.
        case contradictory
    }

    /// The field by its name in the records' documentation: `state`, `delivered_on`.
    public let field: String
    /// What is wrong.
    public let reason: Reason

    /// Creates a problem.
    public init(_ field: String, _ reason: Reason) {
        self.field = field
        self.reason = reason
    }

    /// `delivered_on contradictory`
    public var description: String { "\(field) \(reason.rawValue)" }
}
