/// Why a statement or a connection failed. Holds names of the schema, never arguments, rows, or texts of the server that
/// may quote them.
public struct PostgresError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong; open, so that a new code breaks nobody.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        enum Name: String, Sendable {
            case connect, refused, untrusted, connectionLost, timeout, cancelled, closed
            case server, unique, constraint, serialization, tooLarge, invalidArgument, decoding
        }
        let name: Name
        /// The name of the code.
        public var description: String { name.rawValue }
        /// No connection could be made.
        public static let connect = Code(name: .connect)
        /// The server does not let us in: password, role, database (SQLSTATE classes 28 and 3D).
        public static let refused = Code(name: .refused)
        /// The server's certificate does not prove who it is, or it speaks no TLS.
        public static let untrusted = Code(name: .untrusted)
        /// The connection broke (or SQLSTATE classes 08 and 57P).
        public static let connectionLost = Code(name: .connectionLost)
        /// No answer in time.
        public static let timeout = Code(name: .timeout)
        /// The task was cancelled, and the statement with it.
        public static let cancelled = Code(name: .cancelled)
        /// The connection or the pool was closed before.
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
        /// What PostgreSQL cannot take, or a use that is not allowed.
        public static let invalidArgument = Code(name: .invalidArgument)
        /// A column that is missing or of another kind.
        public static let decoding = Code(name: .decoding)
    }

    /// What went wrong.
    public let code: Code
    /// The five characters of PostgreSQL's appendix A; nil when the error is not the server's.
    public let sqlState: String?
    /// One line for the operator.
    public let message: String
    /// The violated constraint, when the server named one.
    public let constraint: String?
    /// The table, when the server named one.
    public let table: String?
    /// Whether the same statement, or the whole transaction, may succeed when it is tried again.
    public let isRetryable: Bool
    /// What was sent may have been committed: its answer was not read.
    public internal(set) var mayHaveBeenCommitted: Bool

    init(
        _ code: Code, _ message: String, sqlState: String? = nil, constraint: String? = nil, table: String? = nil,
        isRetryable: Bool? = nil, mayHaveBeenCommitted: Bool = false
    ) {
        self.code = code
        self.message = message
        self.sqlState = sqlState
        self.constraint = constraint
        self.table = table
        self.mayHaveBeenCommitted = mayHaveBeenCommitted
        self.isRetryable = isRetryable ?? PostgresError.isRetryable(code, sqlState)
    }

    /// Code, state and message; no data.
    public var description: String {
        "postgres: \(message) (\(code)\(sqlState.map { ", SQLSTATE \($0)" } ?? ""))"
    }

    private static func isRetryable(_ code: Code, _ sqlState: String?) -> Bool {
        if code == .refused || code == .untrusted { return false }
        if let sqlState {
            // 08 connection, 53 out of resources, 57P shutting down or starting, 40001 and 40P01 serialization and
            // deadlock, 55P03 lock not available, 57014 the server's own time limit, 25006 read only: the primary is elsewhere by now, 25P03 and 25P04 the
            // server ended a transaction that stood still.
            return sqlState.hasPrefix("08") || sqlState.hasPrefix("53") || sqlState.hasPrefix("57P")
                || ["40001", "40P01", "55P03", "57014", "25006", "25P03", "25P04"].contains(sqlState)
        }
        return code == .connect || code == .connectionLost || code == .timeout
    }
}
