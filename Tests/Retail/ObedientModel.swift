import SupportDesk

/// A model that does what its prompt asks: it names the facts that it was given, quotes the passages that fit the question
/// word for word, and asks for a person when it has neither.
public struct ObedientModel: LanguageModel {
    /// Creates it.
    public init() {}

    /// `obedient`
    public var name: String { "obedient" }

    /// Drafts from the brief alone.
    public func draft(_ brief: Brief) async throws -> Draft {
        throw ModelError(.unreachable, "not written yet")
    }
}
