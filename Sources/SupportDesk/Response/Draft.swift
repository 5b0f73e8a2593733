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
    /// The names of the facts that it says it used: the review compares them with its slots.
    public let factsUsed: [String]
    /// The prompt that it was written to, by the hash of its templates; nil without a prompt.
    public let promptVersion: String?
    /// What it cost; nil for what costs nothing.
    public let usage: ModelUsage?
    /// A second opinion was asked for and did not agree with it: a person looks at it before anybody reads it.
    public internal(set) var isDisputed = false

    /// Puts a draft together; whoever made it, it is sent only after its review.
    /// - Parameter factsUsed: nil: the slots in the body.
    public init(
        body: String, language: String, citations: [String], author: Author, asksForPerson: String?,
        factsUsed: [String]? = nil, promptVersion: String? = nil, usage: ModelUsage? = nil
    ) {
        self.body = body
        self.language = language
        self.citations = citations
        self.author = author
        self.asksForPerson = asksForPerson
        self.factsUsed = factsUsed ?? DraftText(body).slots
        self.promptVersion = promptVersion
        self.usage = usage
    }
}

/// What a model was paid for one draft, its repetitions included.
public struct ModelUsage: Sendable, Hashable, Codable {
    /// The tokens of all requests.
    public internal(set) var tokens = ModelTokens()
    /// Millionths of the currency that the configuration's prices are in.
    public internal(set) var cost: Int64 = 0
    /// From the first request to the answer.
    public internal(set) var milliseconds: Int64 = 0
    /// How many requests it took.
    public internal(set) var requests = 0
    /// Whether it came with a batch.
    public internal(set) var isBatched = false
}
