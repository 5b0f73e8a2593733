/// Why a statement or a connection failed. Neither ``message`` nor ``description`` holds arguments or row data; what the
/// server said word for word, which may quote data, is only in ``debugDescription``.
public struct PostgresError: Error, Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
    /// What went wrong; open, so that a new code breaks nobody.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        enum Name: String, Sendable {
            case connect, connectionLost, timeout, cancelled, closed, server, unique, constraint, serialization,
                tooLarge
            case invalidArgument, decoding
        }
        let name: Name
        /// The name of the code.
        public var description: String { name.rawValue }
        /// No connection could be made.
        public static let connect = Code(name: .connect)
        /// The connection broke.
        public static let connectionLost = Code(name: .connectionLost)
        /// No answer in time; the connection is closed.
        public static let timeout = Code(name: .timeout)
        /// The task was cancelled, and the statement with it.
        public static let cancelled = Code(name: .cancelled)
        /// The connection was closed by us before.
        public static let closed = Code(name: .closed)
        /// Any other error that the server reports; see ``PostgresError/sqlState``.
        public static let server = Code(name: .server)
        /// A unique index already has the row (SQLSTATE 23505).
        public static let unique = Code(name: .unique)
        /// Another constraint is violated (SQLSTATE class 23).
        public static let constraint = Code(name: .constraint)
        /// The transaction must be run again (SQLSTATE 40001, 40P01).
        public static let serialization = Code(name: .serialization)
        /// The result is larger than the connection accepts.
        public static let tooLarge = Code(name: .tooLarge)
        /// A parameter that PostgreSQL cannot take.
        public static let invalidArgument = Code(name: .invalidArgument)
        /// A column that is missing or has another type.
        public static let decoding = Code(name: .decoding)
    }

    /// What went wrong.
    public let code: Code
    /// The five characters of PostgreSQL's appendix A; nil when the error is not the server's.
    public let sqlState: String?
    /// One line for the operator.
    public let message: String
    /// The violated constraint or the column, when the server named one.
    public let constraint: String?
    /// Whether the same statement, or the whole transaction, may succeed when it is tried again.
    public let isRetryable: Bool
    /// The connection broke after a statement that may have changed data was sent and before its answer was read.
    public let mayHaveBeenCommitted: Bool

    private let serverMessage: String

    init(
        _ code: Code, _ message: String, sqlState: String? = nil, constraint: String? = nil, serverMessage: String = "",
        mayHaveBeenCommitted: Bool = false
    ) {
        self.code = code
        self.message = message
        self.sqlState = sqlState
        self.constraint = constraint
        self.serverMessage = serverMessage
        self.mayHaveBeenCommitted = mayHaveBeenCommitted
        isRetryable = PostgresError.isRetryable(code, sqlState)
    }

    /// Code, state and message; no data.
    public var description: String {
        "postgres: \(message) (\(code)\(sqlState.map { ", SQLSTATE \($0)" } ?? ""))"
    }

    /// With the server's own words, which may quote arguments: not for logs.
    public var debugDescription: String {
        serverMessage.isEmpty ? description : "\(description): \(serverMessage)"
    }

    /// The same error of a statement inside a transaction: without COMMIT nothing of it stays.
    var beforeCommit: PostgresError {
        PostgresError(code, message, sqlState: sqlState, constraint: constraint, serverMessage: serverMessage)
    }

    private static func isRetryable(_ code: Code, _ sqlState: String?) -> Bool {
        if let sqlState {
            // 08 connection, 53 out of resources, 57P0x shutting down or starting, 55P03 lock not available,
            // 25006 read only: the primary is elsewhere by now.
            return sqlState.hasPrefix("08") || sqlState.hasPrefix("53") || sqlState.hasPrefix("57P0")
                || ["40001", "40P01", "55P03", "25006", "55006"].contains(sqlState)
        }
        return code == .connect || code == .connectionLost || code == .timeout
    }
}
