import Foundation

/// One connection to PostgreSQL, on a serial queue of its own: libpq blocks, the caller does not.
///
/// Any number of tasks may use it; their statements and transactions run one after the other in the order in which they
/// came. A connection that broke or timed out is closed for good: connect again.
public final class Connection: Sendable {
    /// Time and size beyond which a connection gives up.
    public struct Limits: Sendable, Hashable {
        /// For each host of the connection string; whole seconds, two at least.
        public var connectTimeout: Duration
        /// For the whole answer to one statement.
        public var responseTimeout: Duration
        /// For all rows of one statement.
        public var maximumResultBytes: Int

        /// Ten seconds to connect, a minute for an answer, 256 MiB of rows.
        public init(
            connectTimeout: Duration = .seconds(10), responseTimeout: Duration = .seconds(60),
            maximumResultBytes: Int = 256 << 20
        ) {
            self.connectTimeout = connectTimeout
            self.responseTimeout = responseTimeout
            self.maximumResultBytes = maximumResultBytes
        }
    }

    private let handle: Handle
    private let queue: DispatchQueue
    private let turn = Turn()

    private init(handle: Handle, queue: DispatchQueue) {
        self.handle = handle
        self.queue = queue
    }

    /// Connects with a libpq connection string or URI, of several hosts if need be ("host=a,b target_session_attrs=read-write").
    ///
    /// A cancelled task still waits for libpq to give up: there is no way to interrupt it.
    /// - Throws: `PostgresError` with the code `connect`, naming the host.
    public static func connect(
        _ conninfo: String, limits: Limits = Limits()
    ) async throws(PostgresError) -> Connection {
        let queue = DispatchQueue(label: "auradesk.postgres")
        let result: Result<Handle, PostgresError> = await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(returning: attempt { () throws(PostgresError) in try Handle(conninfo, limits) })
            }
        }
        return Connection(handle: try result.get(), queue: queue)
    }

    /// Runs one statement and returns its rows. `$1` … stand for `parameters`.
    /// - Throws: `PostgresError`; `cancelled` when the task is cancelled, which stops the statement at the server.
    @discardableResult
    public func query(_ sql: String, _ parameters: [Value] = []) async throws(PostgresError) -> [Row] {
        try await inTurn(sql, parameters).rows
    }

    /// Runs one statement and returns how many rows it changed.
    @discardableResult
    public func execute(_ sql: String, _ parameters: [Value] = []) async throws(PostgresError) -> Int {
        try await inTurn(sql, parameters).affected
    }

    /// Runs several statements separated by semicolons, all or none of them: a schema, for instance.
    public func script(_ sql: String) async throws(PostgresError) {
        _ = try await inTurn(sql, nil)
    }

    /// Runs `body` between BEGIN and COMMIT; ROLLBACK when it throws. Other tasks wait until it is over; within `body`
    /// only the transaction may be used, the connection itself would wait for ever.
    ///
    /// Serialization failures are thrown like any other error (`isRetryable`); the caller runs the transaction again.
    /// - Throws: what `body` throws, or `PostgresError`. With `mayHaveBeenCommitted` the answer to COMMIT was not read.
    public func transaction<Result: Sendable>(
        _ isolation: Isolation = .readCommitted, _ body: @Sendable (Transaction) async throws -> Result
    ) async throws -> Result {
        await turn.take()
        defer { turn.pass() }
        _ = try await run("BEGIN ISOLATION LEVEL \(isolation.rawValue)", nil)
        let transaction = Transaction(connection: self)
        let result: Result
        do {
            result = try await body(transaction)
        } catch {
            transaction.end()
            await rollBack()
            throw error
        }
        transaction.end()
        do {
            // COMMIT of a failed transaction succeeds, as a rollback.
            let outcome = try await run("COMMIT", nil, ignoresCancellation: true)
            guard outcome.command == "COMMIT" else {
                throw PostgresError(.server, "rolled back because of an earlier error", sqlState: "25P02")
            }
        } catch {
            await rollBack()
            throw error
        }
        return result
    }

    /// A cancelled task must still end its transaction. When even this fails, the connection is of no use.
    private func rollBack() async {
        do {
            _ = try await run("ROLLBACK", nil, ignoresCancellation: true)
        } catch {
            await shut()
        }
    }

    /// How much of other transactions a transaction sees.
    public enum Isolation: String, Sendable {
        /// PostgreSQL's default.
        case readCommitted = "READ COMMITTED"
        /// One snapshot for the whole transaction.
        case repeatableRead = "REPEATABLE READ"
        /// As if transactions ran one after the other; may fail with `serialization`.
        case serializable = "SERIALIZABLE"
    }

    /// Ends the connection after the statements that came before.
    public func close() async {
        await turn.take()
        await shut()
        turn.pass()
    }

    private func shut() async {
        await withCheckedContinuation { continuation in
            queue.async { [handle] in
                handle.close()
                continuation.resume()
            }
        }
    }

    private func inTurn(_ sql: String, _ parameters: [Value]?) async throws(PostgresError) -> Handle.Outcome {
        await turn.take()
        defer { turn.pass() }
        return try await run(sql, parameters)
    }

    /// Runs a statement on the queue; the caller has the turn.
    func run(
        _ sql: String, _ parameters: [Value]?, ignoresCancellation: Bool = false
    ) async throws(PostgresError) -> Handle.Outcome {
        let cancelled = Flag()
        if ignoresCancellation { return try await onQueue(sql, parameters, cancelled).get() }
        let result = await withTaskCancellationHandler {
            await onQueue(sql, parameters, cancelled)
        } onCancel: {
            cancelled.set()
            // The request is a connection of its own: not on our queue, which waits for the answer.
            DispatchQueue.global().async { [handle] in handle.cancel() }
        }
        return try result.get()
    }

    private func onQueue(
        _ sql: String, _ parameters: [Value]?, _ cancelled: Flag
    ) async -> Result<Handle.Outcome, PostgresError> {
        await withCheckedContinuation { continuation in
            queue.async { [handle] in
                continuation.resume(
                    returning: attempt { () throws(PostgresError) in
                        try handle.run(sql, parameters, isCancelled: { cancelled.isSet })
                    })
            }
        }
    }
}

/// The outcome of `body` as a value that crosses a continuation with its error type.
private func attempt<Success>(_ body: () throws(PostgresError) -> Success) -> Result<Success, PostgresError> {
    do throws(PostgresError) {
        return .success(try body())
    } catch {
        return .failure(error)
    }
}
