/// What drafts an answer to a brief: a hosted model, or the embedded responder.
///
/// A model sees placeholders, passages and the names of facts; recipients, links and data access are never its to decide.
public protocol LanguageModel: Sendable {
    /// The name in the ledger.
    var name: String { get }
    /// Drafts an answer.
    /// - Throws: `ModelError` when there is none to be had now.
    func draft(_ brief: Brief) async throws -> Draft
}

/// Why a model gave no draft.
public struct ModelError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable {
        private enum Kind: Hashable { case unreachable, rateLimited, refused, malformed, noTemplate }
        private let kind: Kind
        /// No answer, or a server error.
        public static let unreachable = Code(kind: .unreachable)
        /// HTTP 429.
        public static let rateLimited = Code(kind: .rateLimited)
        /// An HTTP status that a repetition will not change.
        public static let refused = Code(kind: .refused)
        /// An answer that is not of the schema.
        public static let malformed = Code(kind: .malformed)
        /// The templates hold nothing that fits.
        public static let noTemplate = Code(kind: .noTemplate)
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
    /// Whether the same call may succeed later.
    public var isRetryable: Bool { code == .unreachable || code == .rateLimited }
}
