/// What drafts an answer to a brief: a hosted model, a chain of them, or the embedded responder.
///
/// A model sees placeholders, passages and the names of facts; recipients, links and data access are never its to decide.
public protocol LanguageModel: Sendable {
    /// The name in the ledger.
    var name: String { get }
    /// Drafts an answer.
    /// - Throws: `ModelError` when there is none to be had now.
    func draft(_ brief: Brief) async throws -> Draft
    /// Says in a line what a customer wants, for the agent who answers her.
    /// - Throws: `ModelError` when there is none to be had now.
    func gist(_ brief: GistBrief) async throws -> String
}

extension LanguageModel {
    /// Who only drafts says nothing of it.
    public func gist(_ brief: GistBrief) async throws -> String {
        throw ModelError(.noTemplate, "\(name): gives no summaries")
    }
}

/// Why a model gave no draft.
public struct ModelError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable {
        enum Kind: String, Hashable, CaseIterable {
            case unreachable, timedOut, overloaded, rateLimited, refused, misconfigured, declined, truncated, malformed,
                resting, overBudget, noTemplate
        }
        let kind: Kind
        /// No connection, one that broke, or a server error.
        public static let unreachable = Code(kind: .unreachable)
        /// No whole answer in the time that there was.
        public static let timedOut = Code(kind: .timedOut)
        /// The provider has too much to do: HTTP 503, or 529 (Anthropic).
        public static let overloaded = Code(kind: .overloaded)
        /// HTTP 429.
        public static let rateLimited = Code(kind: .rateLimited)
        /// An HTTP status that a repetition of this request will not change.
        public static let refused = Code(kind: .refused)
        /// A status that no request will change: a wrong key, no such model, no credit left.
        public static let misconfigured = Code(kind: .misconfigured)
        /// The model, or a filter before it, does not want to answer this.
        public static let declined = Code(kind: .declined)
        /// The answer was longer than it may be, and was cut.
        public static let truncated = Code(kind: .truncated)
        /// An answer that is not of the schema, or contradicts itself.
        public static let malformed = Code(kind: .malformed)
        /// The model failed again and again, or its provider wants a long pause; it was not asked.
        public static let resting = Code(kind: .resting)
        /// The day's money is spent; it was not asked.
        public static let overBudget = Code(kind: .overBudget)
        /// The templates hold nothing that fits.
        public static let noTemplate = Code(kind: .noTemplate)

        /// The word for it in the ledger.
        public var name: String { kind.rawValue }
    }

    /// The kind of failure.
    public let code: Code
    /// One line without message text.
    public let message: String
    /// How long the server asks to wait.
    public let retryAfter: Duration?

    /// Creates an error.
    public init(_ code: Code, _ message: String, retryAfter: Duration? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    /// The one line.
    public var description: String { message }
    /// Whether the same request may soon succeed. One that timed out has cost its time: what comes next in the chain can
    /// answer now.
    public var isRetryable: Bool { [.unreachable, .overloaded, .rateLimited].contains(code) }
    /// Whether it says something about the model, and not about this one request.
    var isOfModel: Bool { isRetryable || code == .timedOut || code == .misconfigured }
    /// Whether it was said before, when the model began to rest or the money was spent.
    var isKnown: Bool { code == .resting || code == .overBudget }
}
