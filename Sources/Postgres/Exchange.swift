import CPostgres
import Foundation

/// One round trip: statements out, results in, everything read to the last byte, or the connection closed.
///
/// The session is always in libpq's pipeline mode and non-blocking, so that one statement and a thousand go the same way.
final class Exchange {
    /// What the statements are to a transaction.
    enum Manner {
        /// No transaction is around them.
        case autocommit
        /// They belong to one; `begin` opens it in the same round trip.
        case within(begin: String?)
        /// The end of one, which a cancelled task reaches like any other.
        case commit, rollback

        var ignoresCancellation: Bool {
            switch self {
            case .autocommit, .within: false
            case .commit, .rollback: true
            }
        }

        /// Whether the changes may be permanent when the answer is lost.
        var commits: Bool {
            switch self {
            case .autocommit, .commit: true
            case .within, .rollback: false
            }
        }
    }

    /// An answer that is to come.
    private enum Step {
        case command
        /// Fails where the server has forgotten it already.
        case deallocate
        case prepare(PreparedStatements.Key, name: String)
        case execute(Int, PreparedStatements.Key)
        case sync
    }

    /// We want no more of it, and have asked the server to stop.
    private struct Stop {
        let error: PostgresError
        let end: ContinuousClock.Instant
        var nextRequest: ContinuousClock.Instant
    }

    private let session: Session
    private let handle: ConnectionHandle
    private let manner: Manner
    private let deadline: ContinuousClock.Instant
    private var stop: Stop?
    private var request: CancelRequest?
    private var failure: PostgresError?
    private var columns: PostgresRow.Columns?
    private var size = 0
    /// A prepared statement is not valid any more, because the schema has changed below it.
    private(set) var foundStalePlan = false

    private var connection: OpaquePointer { handle.pointer }

    init(_ session: Session, _ handle: ConnectionHandle, _ manner: Manner, _ timeout: Duration) {
        self.session = session
        self.handle = handle
        self.manner = manner
        deadline = .now + timeout
    }

    /// Sends the statements and reads their results; the rows of the last go to `each`, if there is one.
    func run(
        _ statements: [PostgresStatement], _ prepared: inout PreparedStatements,
        _ each: ((PostgresRow) throws(PostgresError) -> Void)?
    ) throws(PostgresError) -> [PostgresResult] {
        if case .commit = manner, isOver {
            let error = PostgresError.lost("it waited")
            session.close(because: error)
            throw error
        }
        var wires: [StatementWire] = []
        for statement in statements { wires.append(try StatementWire(statement)) }
        let steps = send(wires, &prepared)
        guard let steps else { throw lose("sending") }
        var results = Array(repeating: PostgresResult(), count: statements.count)
        for step in steps {
            columns = nil
            size = 0
            if case .execute = step { _ = PQsetSingleRowMode(connection) }
            while true {
                try awaitResult()
                guard let pointer = PQgetResult(connection) else { break }
                let result = ResultHandle(owning: pointer)
                if result.status == PGRES_PIPELINE_SYNC { break }
                try take(result, step, &prepared, &results, statements.count, each)
            }
            if PQstatus(connection) == CONNECTION_BAD { throw lose("reading the answer") }
        }
        try finish()
        return results
    }

    /// Runs statements separated by semicolons over the simple protocol, which pipeline mode does not have.
    func run(script: String) throws(PostgresError) {
        guard !script.utf8.contains(0) else { throw PostgresError(.invalidArgument, "the statement has a NUL") }
        guard PQexitPipelineMode(connection) == 1, PQsendQuery(connection, script) == 1 else { throw lose("sending") }
        while true {
            try awaitResult()
            guard let pointer = PQgetResult(connection) else { break }
            let result = ResultHandle(owning: pointer)
            if let error = try note(result) { failure = failure ?? error }
        }
        guard PQstatus(connection) == CONNECTION_OK, PQenterPipelineMode(connection) == 1 else {
            throw lose("reading the answer")
        }
        try finish()
    }

    // MARK: Sending

    /// Whether the server has ended the connection: then a COMMIT that was not sent yet never happens.
    private var isOver: Bool {
        // The first look brings its last words, the second one the end.
        for _ in 0..<2 where session.bell.wait(PQsocket(connection), POLLIN, until: .now) {
            if PQconsumeInput(connection) == 0 { return true }
        }
        return PQstatus(connection) == CONNECTION_BAD
    }

    /// Queues everything; what does not fit into the socket is sent while we wait. Nil when the connection is broken.
    private func send(_ wires: [StatementWire], _ prepared: inout PreparedStatements) -> [Step]? {
        var steps: [Step] = []
        var isSent = true
        // Each with a Sync of its own: a failure must not spread, and some statements must be alone before theirs.
        if PQtransactionStatus(connection) == PQTRANS_IDLE {
            for name in prepared.takeSurplus() {
                isSent = isSent && command("DEALLOCATE \(name)") && PQpipelineSync(connection) == 1
                steps += [.deallocate, .sync]
            }
        }
        if case .within(let begin?) = manner {
            isSent = isSent && command(begin)
            steps.append(.command)
        }
        var underway: [PreparedStatements.Key: String] = [:]
        for (index, wire) in wires.enumerated() {
            let key = wire.key
            var name = prepared.name(of: key) ?? underway[key]
            if name == nil {
                let new = prepared.newName()
                isSent = isSent && wire.prepare(new, connection)
                steps.append(.prepare(key, name: new))
                underway[key] = new
                name = new
            }
            isSent = isSent && wire.execute(name ?? "", connection)
            steps.append(.execute(index, key))
        }
        isSent = isSent && PQpipelineSync(connection) == 1
        steps.append(.sync)
        return isSent ? steps : nil
    }

    private func command(_ sql: String) -> Bool {
        PQsendQueryParams(connection, sql, 0, nil, nil, nil, nil, 0) == 1
    }

    // MARK: Reading

    private func take(
        _ result: borrowing ResultHandle, _ step: Step, _ prepared: inout PreparedStatements,
        _ results: inout [PostgresResult], _ count: Int, _ each: ((PostgresRow) throws(PostgresError) -> Void)?
    ) throws(PostgresError) {
        if let error = try note(result) {
            // What was cut off by an error of ours has errors of its own.
            guard failure == nil else { return }
            if case .deallocate = step, PQstatus(connection) == CONNECTION_OK { return }
            failure = error
            guard case .execute(_, let key) = step else { return }
            if PostgresError.isStalePlan(result.pointer) {
                prepared.remove(key)
                foundStalePlan = true
            }
            return
        }
        switch (step, result.status) {
        case (_, PGRES_PIPELINE_ABORTED): break
        case (.prepare(let key, let name), _): prepared.insert(key, name: name)
        case (.execute(let index, _), _):
            if failure == nil, stop == nil {
                let shared = columns ?? result.columns
                columns = shared
                for row in 0..<PQntuples(result.pointer) {
                    read(result.row(row, shared), &results[index], index == count - 1 ? each : nil)
                    if stop != nil { break }
                }
            }
            (results[index].changes, results[index].command) = result.command
        case (.command, _), (.deallocate, _), (.sync, _): break
        }
    }

    private func read(
        _ read: (row: PostgresRow, size: Int), _ result: inout PostgresResult,
        _ each: ((PostgresRow) throws(PostgresError) -> Void)?
    ) {
        if let each {
            do throws(PostgresError) { try each(read.row) } catch { interrupt(error) }
            return
        }
        result.rows.append(read.row)
        size += read.size
        let limits = session.configuration
        if result.rows.count > limits.maximumRows || size > limits.maximumBytes {
            result.rows = []
            interrupt(
                PostgresError(
                    .tooLarge,
                    "the result is larger than \(limits.maximumRows) rows or \(limits.maximumBytes) bytes"))
        }
    }

    /// The error in a result, if it is one. COPY has no end that we could read to.
    private func note(_ result: borrowing ResultHandle) throws(PostgresError) -> PostgresError? {
        switch result.status {
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            let error = PostgresError(.invalidArgument, "COPY is not supported")
            session.close(because: error)
            throw error
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE:
            // libpq's own words for a connection that broke come as a result, too, without a SQLSTATE.
            guard aura_pq_sqlstate(result.pointer) != nil else {
                return PQstatus(connection) == CONNECTION_BAD ? nil : .lost("reading")
            }
            var error = PostgresError.of(result.pointer)
            // Whoever was ended for standing still (25P03) or for lasting too long (25P04) was so before COMMIT came.
            error.mayHaveBeenCommitted =
                PostgresError.isFatal(result.pointer) && manner.commits && error.sqlState?.hasPrefix("25P0") != true
            return error
        default: return nil
        }
    }

    /// Waits until a result can be taken without blocking, and sends meanwhile.
    private func awaitResult() throws(PostgresError) {
        while true {
            let unsent = PQflush(connection)
            if unsent < 0 { throw lose("sending") }
            if PQisBusy(connection) == 0 { return }
            let wake = try lookAtTheTime()
            let events = POLLIN | (unsent > 0 ? POLLOUT : 0)
            guard session.bell.wait(PQsocket(connection), events, until: wake) else { continue }
            // The server's last words may have come with the end.
            if PQconsumeInput(connection) == 0, PQisBusy(connection) == 1 { throw lose("reading the answer") }
        }
    }

    /// Stops at the deadline and when the task is cancelled; answers when to look again.
    private func lookAtTheTime() throws(PostgresError) -> ContinuousClock.Instant {
        let now = ContinuousClock.now
        if let stop {
            if now >= stop.end { throw giveUp(stop.error) }
            if now >= stop.nextRequest { requestStop() }
        } else if !manner.ignoresCancellation, session.ticket?.isCancelled == true {
            interrupt(Worker.cancelled)
        } else if now >= deadline {
            let error = PostgresError(.timeout, "no answer in time")
            // A COMMIT that is stopped while it waits for a standby is reported as done.
            if manner.ignoresCancellation { throw giveUp(error) }
            interrupt(error)
        }
        return stop.map { min($0.end, $0.nextRequest) } ?? deadline
    }

    // MARK: The end

    /// Asks the server to stop; what comes until it does is read and dropped.
    private func interrupt(_ error: PostgresError) {
        guard stop == nil else { return }
        stop = Stop(error: error, end: .now + session.configuration.cancelGrace, nextRequest: .now)
        requestStop()
    }

    /// A request that overtakes its statement finds the server idle and is lost: it is repeated.
    private func requestStop() {
        stop?.nextRequest = .now + .milliseconds(250)
        if request?.isPending != true { request = CancelRequest(connection, session.bell) }
    }

    private func finish() throws(PostgresError) {
        while let request, request.isPending, let stop {
            if ContinuousClock.now >= stop.end { throw giveUp(stop.error) }
            _ = session.bell.wait(-1, 0, until: stop.end)
        }
        if var error = stop?.error {
            // Also when it came too late to stop anything.
            error.mayHaveBeenCommitted = failure == nil && manner.commits
            throw error
        }
        if let failure { throw failure }
    }

    private func giveUp(_ error: PostgresError) -> PostgresError {
        session.close(because: .lost("waiting for the server to stop"))
        var error = error
        error.mayHaveBeenCommitted = manner.commits
        return error
    }

    /// The server's own last words, if there are any, or that the connection broke.
    private func lose(_ step: String) -> PostgresError {
        session.close(because: .lost(step))
        if let failure { return failure }
        if let stop { return stop.error }
        return .lost(step, mayHaveBeenCommitted: manner.commits)
    }
}
