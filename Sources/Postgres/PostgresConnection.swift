import Foundation

/// One connection to PostgreSQL, on a thread of its own.
///
/// Any number of tasks may use it; their statements and transactions run one after the other in the order in which they
/// came. A cancelled task, and one whose time is over, stop their statement at the server; the connection goes on. One
/// that has broken stays broken: connect again, or use a ``PostgresPool``.
public final class PostgresConnection: Sendable {
    private let worker: Worker

    private init(_ worker: Worker) { self.worker = worker }

    deinit { worker.end() }

    /// Connects to the first host of the configuration that is wanted and answers.
    /// - Throws: `PostgresError` with `connect`, `refused`, `untrusted` or `invalidArgument`, naming the host.
    public static func connect(_ configuration: PostgresConfiguration) async throws(PostgresError) -> PostgresConnection
    {
        let connection = PostgresConnection(try Worker(configuration))
        try await connection.worker.perform { session throws(PostgresError) in try session.connect() }
        return connection
    }

    /// Whether the connection is lost, as far as is known: a server that dies is noticed also in between statements.
    public var isBroken: Bool { worker.isBroken }

    /// Runs one statement and returns its rows.
    /// - Parameter timeout: For the whole answer; nil takes the configuration's.
    /// - Throws: `PostgresError`.
    @discardableResult
    public func query(
        _ sql: String, _ arguments: [PostgresValue] = [], timeout: Duration? = nil
    ) async throws(PostgresError) -> [PostgresRow] {
        try await pipeline([PostgresStatement(sql, arguments)], timeout: timeout).first?.rows ?? []
    }

    /// Runs one statement and returns how many rows it changed.
    /// - Throws: `PostgresError`.
    @discardableResult
    public func execute(
        _ sql: String, _ arguments: [PostgresValue] = [], timeout: Duration? = nil
    ) async throws(PostgresError) -> Int {
        try await pipeline([PostgresStatement(sql, arguments)], timeout: timeout).first?.changes ?? 0
    }

    /// Runs several statements in one round trip, as one transaction: all or none of them.
    /// - Throws: The first error among them.
    @discardableResult
    public func pipeline(
        _ statements: [PostgresStatement], timeout: Duration? = nil
    ) async throws(PostgresError) -> [PostgresResult] {
        guard !statements.isEmpty else { return [] }
        return try await worker.perform { session throws(PostgresError) in
            try session.exchange(statements, timeout: timeout)
        }
    }

    /// Runs several statements separated by semicolons, all or none of them: a schema, for instance.
    /// - Parameter timeout: For the whole answer; nil takes the configuration's.
    public func script(_ sql: String, timeout: Duration? = nil) async throws(PostgresError) {
        try await worker.perform { session throws(PostgresError) in try session.script(sql, timeout: timeout) }
    }

    /// Runs one statement and gives its rows to `body` as they come, however many there are. While `body` works, on the
    /// connection's thread, the server waits.
    /// - Throws: What `body` throws, after the statement is stopped, or `PostgresError`.
    public func forEachRow(
        _ sql: String, _ arguments: [PostgresValue] = [], timeout: Duration? = nil,
        _ body: @escaping @Sendable (PostgresRow) throws -> Void
    ) async throws {
        let outcome = try await worker.perform { session throws(PostgresError) in
            Result {
                try session.forEachRow(
                    PostgresStatement(sql, arguments),
                    { statements, each throws(PostgresError) in
                        _ = try session.exchange(statements, timeout: timeout, each: each)
                    }, body)
            }
        }
        try outcome.get()
    }

    /// Runs `body` between BEGIN and COMMIT, on the connection's thread; ROLLBACK when it throws.
    ///
    /// - Parameters:
    ///   - isReadOnly: Whether statements that write are refused.
    ///   - attempts: How often `body` is run when it fails with an error that `isRetryable`: a serialization failure or
    ///     a deadlock. It must then do nothing beside its statements. Who reads an error that was retried in vain sees
    ///     the last one.
    /// - Throws: What `body` throws, or `PostgresError`. With `mayHaveBeenCommitted` the answer to COMMIT was not read.
    @discardableResult
    public func transaction<Value: Sendable>(
        _ isolation: PostgresIsolation = .readCommitted, isReadOnly: Bool = false, attempts: Int = 1,
        _ body: @escaping @Sendable (PostgresTransaction) throws -> Value
    ) async throws -> Value {
        let begin = "BEGIN ISOLATION LEVEL \(isolation.rawValue)\(isReadOnly ? " READ ONLY" : "")"
        let outcome = try await worker.perform { session throws(PostgresError) in
            Result { try session.transaction(begin, attempts: attempts, body) }
        }
        return try outcome.get()
    }

    /// Listens on a channel. The stream ends with a `PostgresError` when the connection does; a reader that is slow
    /// loses the oldest of 1,000 waiting notifications.
    public func notifications(
        on channel: String
    ) async throws(PostgresError) -> AsyncThrowingStream<PostgresNotification, any Error> {
        let id = UUID()
        let (stream, listener) = AsyncThrowingStream.makeStream(
            of: PostgresNotification.self, throwing: (any Error).self, bufferingPolicy: .bufferingNewest(1000))
        // The stream keeps the connection, until it is over.
        listener.onTermination = { [self] _ in
            worker.later { $0.unlisten(channel, id) }
        }
        try await worker.perform { session throws(PostgresError) in try session.listen(channel, id, listener) }
        return stream
    }

    /// Ends the connection after the statements that came before.
    public func close() async {
        // Closing fails only where there is nothing to close.
        _ = try? await worker.perform { session throws(PostgresError) in session.close(because: Worker.closed) }
        worker.end()
    }

    /// Whether a statement has left a transaction open.
    var isInTransaction: Bool { worker.isInTransaction }
}
