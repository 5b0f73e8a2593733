import CPostgres
import Foundation

/// One session with the server, on its worker's thread and nowhere else.
final class Session {
    let configuration: PostgresConfiguration
    let bell: Bell
    /// The job that runs.
    var ticket: Worker.Ticket?
    /// Nil before the connection is made and after it is gone.
    private(set) var handle: ConnectionHandle?
    private(set) var prepared: PreparedStatements
    /// Why there is no connection any more.
    private var failure: PostgresError?
    private var isExchanging = false
    var listeners: [String: [UUID: AsyncThrowingStream<PostgresNotification, any Error>.Continuation]] = [:]

    init(_ configuration: PostgresConfiguration, _ bell: Bell) {
        self.configuration = configuration
        self.bell = bell
        prepared = PreparedStatements(limit: configuration.maximumPreparedStatements)
    }

    /// Whether the session is lost.
    var hasFailed: Bool { failure != nil }

    /// Whether a transaction is open at the server.
    var isInTransaction: Bool {
        handle.map { PQtransactionStatus($0.pointer) != PQTRANS_IDLE } ?? false
    }

    /// Takes a new connection; what an earlier host made of its own is forgotten.
    func adopt(_ handle: ConnectionHandle) {
        self.handle = handle
        failure = nil
        prepared.removeAll()
    }

    /// Ends the connection; every later statement throws `reason`, and so do the streams of notifications.
    func close(because reason: PostgresError) {
        handle = nil
        guard failure == nil else { return }
        failure = reason
        for listener in listeners.values.flatMap(\.values) { listener.finish(throwing: reason) }
        listeners = [:]
    }

    /// Waits for the bell, and meanwhile takes what the server says unasked: notifications, or the end.
    func idle() {
        guard let handle else { return _ = bell.wait(-1, 0, until: nil) }
        if bell.wait(PQsocket(handle.pointer), POLLIN, until: nil) {
            if PQconsumeInput(handle.pointer) == 0 { return close(because: .lost("idle")) }
        }
        deliverNotifications()
        if PQstatus(handle.pointer) == CONNECTION_BAD { close(because: .lost("idle")) }
    }

    // MARK: Statements

    /// Sends statements in one round trip and reads their results. Without a transaction around them they are one: all
    /// or none.
    /// - Parameter each: Takes the rows of the last statement one by one; they are then not in the result.
    func exchange(
        _ statements: [PostgresStatement], _ manner: Exchange.Manner = .autocommit, timeout: Duration? = nil,
        each: ((PostgresRow) throws(PostgresError) -> Void)? = nil
    ) throws(PostgresError) -> [PostgresResult] {
        try begin(manner)
        defer { end() }
        guard let handle else { throw failure ?? Worker.closed }
        let timeout = timeout ?? configuration.statementTimeout
        let exchange = Exchange(self, handle, manner, timeout)
        do throws(PostgresError) {
            return try exchange.run(statements, &prepared, each)
        } catch {
            // Nothing has happened yet, and prepared anew it works; in a transaction only the whole can be repeated.
            guard exchange.foundStalePlan, case .autocommit = manner else { throw error }
        }
        return try Exchange(self, handle, manner, timeout).run(statements, &prepared, each)
    }

    /// Runs one statement through `run` and gives its rows to `body`, whose own error stops it.
    func forEachRow(
        _ statement: PostgresStatement,
        _ run: (
            [PostgresStatement], @escaping (PostgresRow) throws(PostgresError) -> Void
        ) throws(PostgresError) -> Void,
        _ body: (PostgresRow) throws -> Void
    ) throws {
        var thrown: (any Error)?
        do {
            try withoutActuallyEscaping(body) { body in
                try run([statement]) { row throws(PostgresError) in
                    do {
                        try body(row)
                    } catch {
                        thrown = error
                        throw PostgresError(.cancelled, "the reader of the rows has stopped")
                    }
                }
            }
        } catch {
            throw thrown ?? error
        }
    }

    /// Runs statements separated by semicolons, without arguments.
    func script(_ sql: String, timeout: Duration?) throws(PostgresError) {
        try begin(.autocommit)
        defer { end() }
        guard let handle else { throw failure ?? Worker.closed }
        // It may hold DEALLOCATE or DISCARD; a statement that is prepared under a new name does no harm.
        prepared.removeAll()
        try Exchange(self, handle, .autocommit, timeout ?? configuration.statementTimeout).run(script: sql)
    }

    private func begin(_ manner: Exchange.Manner) throws(PostgresError) {
        guard !isExchanging else {
            throw PostgresError(.invalidArgument, "another statement of this connection still has rows to read")
        }
        if !manner.ignoresCancellation, ticket?.isCancelled == true { throw Worker.cancelled }
        isExchanging = true
    }

    private func end() {
        isExchanging = false
        deliverNotifications()
    }

    /// Sleeps on the thread, which a cancelled job ends.
    func pause(_ duration: Duration) throws(PostgresError) {
        let deadline = ContinuousClock.now + duration
        while ContinuousClock.now < deadline {
            if ticket?.isCancelled == true { throw Worker.cancelled }
            _ = bell.wait(-1, 0, until: deadline)
        }
    }
}
