/// A proposed answer, whoever wrote it: text with slots for facts, and what it rests on.
public struct Draft: Sendable {
    /// Who wrote it.
    public enum Author: Sendable, Hashable {
        /// The embedded responder, from templates.
        case embedded
        /// A model, by the name in the configuration.
        case model(String)

        /// `embedded` or the model's name.
        public var name: String {
            switch self {
            case .embedded: "embedded"
            case .model(let name): name
            }
        }
    }

    /// The body: no greeting, no signature; facts as `{{fact:ID.field}}`.
    public let body: String
    /// BCP 47.
    public let language: String
    /// Ids of the articles that it rests on.
    public let citations: [String]
    /// Who wrote it.
    public let author: Author
    /// The author itself asks for a person, with the reason in its words.
    public let asksForPerson: String?
}
