/// Where a PostgreSQL is, who we are there, and when we give up.
public struct PostgresConfiguration: Sendable {
    /// How the way to the server is secured.
    public enum TLS: Sendable, Hashable {
        /// Clear text.
        case off
        /// Encrypted, to whoever answers: no protection against somebody in between.
        case unverified
        /// Encrypted, and the certificate must be for the host, from an authority in this PEM file (nil: the system's).
        case verified(authorities: String? = nil)
    }

    /// Which of several hosts is wanted (libpq's `target_session_attrs`).
    public enum Target: String, Sendable, Hashable {
        /// The first that answers.
        case any
        /// The first that takes writes: the primary, wherever it is by now.
        case readWrite = "read-write"
        /// The first that refuses writes.
        case readOnly = "read-only"
        /// The first that is no standby.
        case primary
        /// The first that is a standby.
        case standby
        /// A standby if there is one, else any.
        case preferStandby = "prefer-standby"
    }

    /// A libpq connection string or a `postgresql://` URI, of several hosts if need be.
    let conninfo: String
    let password: String?

    /// How the way is secured. `nil` leaves it to the connection string; where that says nothing, a server on another
    /// machine is ``TLS/verified(authorities:)``.
    public var tls: TLS?
    /// Which of several hosts is wanted; `nil` leaves it to the connection string.
    public var target: Target?
    /// What the server shows of us in `pg_stat_activity`.
    public var applicationName = "auradesk"
    /// Settings of the server that each session begins with, by name: `search_path`, for instance.
    public var settings: [String: String] = [:]
    /// A commit is on disk when it returns, also at the synchronous standbys, whatever the server's own setting is.
    public var isDurable = false
    /// The session refuses every statement that writes.
    public var isReadOnly = false
    /// For each host of the connection string.
    public var connectTimeout: Duration = .seconds(10)
    /// For the whole answer to one statement or pipeline.
    public var statementTimeout: Duration = .seconds(60)
    /// For a server that shall stop a statement; after that the connection is closed.
    public var cancelGrace: Duration = .seconds(5)
    /// How long a transaction may stand still before the *server* ends the session: a worker that hangs must not hold
    /// its locks for ever.
    public var idleTransactionTimeout: Duration = .seconds(60)
    /// The rows of one statement, when they are not read one by one.
    public var maximumRows = 1_000_000
    /// The bytes of all rows of one statement, when they are not read one by one.
    public var maximumBytes = 256 << 20
    /// How many prepared statements a connection keeps.
    public var maximumPreparedStatements = 256

    /// A configuration with the limits above.
    /// - Parameters:
    ///   - conninfo: A libpq connection string or URI.
    ///   - password: Takes the place of one in `conninfo`.
    public init(_ conninfo: String, password: String? = nil) {
        self.conninfo = conninfo
        self.password = password
    }
}

/// Printing a configuration must not print its secrets.
extension PostgresConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The hosts.
    public var description: String {
        guard let places = try? places() else { return "postgres" }
        return "postgres " + places.map { $0.host ?? $0.address ?? "local" }.joined(separator: ",")
    }

    /// As ``description``.
    public var debugDescription: String { description }

    /// As ``description``.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
