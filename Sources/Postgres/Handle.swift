import CPostgres
import Foundation

/// The `PGconn` of one connection and the blocking calls on it.
///
/// `@unchecked Sendable`: `pointer` is only used on the serial queue of its `Connection`, except for `PQgetCancel`'s copy,
/// which libpq makes for use from other threads and `cancelLock` guards.
final class Handle: @unchecked Sendable {
    private var pointer: OpaquePointer?
    private let limits: Connection.Limits
    private let cancelLock = NSLock()
    /// libpq's cancel token while a statement runs; nil between statements.
    private var running: OpaquePointer?

    /// Connects. libpq tries the hosts of `conninfo` in turn, each for at most `connectTimeout` seconds.
    init(_ conninfo: String, _ limits: Connection.Limits) throws(PostgresError) {
        guard !conninfo.utf8.contains(0) else {
            throw PostgresError(.invalidArgument, "the connection string has a NUL")
        }
        self.limits = limits
        // Later keywords overrule those inside `dbname`; libpq takes one second for two.
        let seconds = max(2, Int(limits.connectTimeout.components.seconds))
        let made = Handle.withCStrings(["dbname", "connect_timeout", "client_encoding"]) { keys in
            Handle.withCStrings([conninfo, String(seconds), "UTF8"]) { values in
                PQconnectdbParams(keys, values, 1)
            }
        }
        guard let made, PQstatus(made) == CONNECTION_OK else {
            let error = PostgresError.connecting(made)
            PQfinish(made)
            throw error
        }
        aura_pq_silence_notices(made)
        pointer = made
    }

    deinit {
        PQfinish(pointer)
    }

    /// Ends the connection; every later call throws `closed`.
    func close() {
        PQfinish(pointer)
        pointer = nil
    }

    var isOpen: Bool { pointer != nil }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies.map { UnsafePointer($0) } + [nil])
    }

    /// Asks the server to stop the running statement; does nothing between statements.
    ///
    /// The lock is held while the request travels, and the next statement waits for it, so it cannot hit a later one.
    func cancel() {
        cancelLock.lock()
        defer { cancelLock.unlock() }
        guard let running else { return }
        var reason = [CChar](repeating: 0, count: 256)
        _ = PQcancel(running, &reason, Int32(reason.count))
    }

    private func begin(_ connection: OpaquePointer) {
        cancelLock.lock()
        running = PQgetCancel(connection)
        cancelLock.unlock()
    }

    private func end() {
        cancelLock.lock()
        PQfreeCancel(running)
        running = nil
        cancelLock.unlock()
    }

    /// Sends one statement with parameters, or several without, and reads everything that comes back.
    func run(_ sql: String, _ parameters: [Value]?, isCancelled: () -> Bool) throws(PostgresError) -> Outcome {
        guard let connection = pointer else { throw PostgresError(.closed, "the connection is closed") }
        guard !sql.utf8.contains(0) else { throw PostgresError(.invalidArgument, "the statement has a NUL") }
        begin(connection)
        defer { end() }
        // A cancellation that came before `begin` found nothing to cancel.
        guard !isCancelled() else { throw PostgresError(.cancelled, "the task was cancelled") }
        let sent =
            if let parameters { try send(sql, parameters, connection) } else { PQsendQuery(connection, sql) == 1 }
        guard sent else {
            throw broken(connection, "sending", mayHaveBeenCommitted: false)
        }
        _ = PQsetSingleRowMode(connection)
        return try collect(connection, isCancelled)
    }

    private func send(_ sql: String, _ parameters: [Value], _ connection: OpaquePointer) throws(PostgresError) -> Bool {
        guard parameters.count <= 65535 else { throw PostgresError(.invalidArgument, "more than 65535 parameters") }
        var types: [Oid] = []
        var formats: [Int32] = []
        var lengths: [Int32] = []
        var offsets: [Int?] = []
        var storage: [CChar] = []
        for (index, parameter) in parameters.enumerated() {
            var isBytes = false
            if case .bytes = parameter { isBytes = true }
            let wire = parameter.wire
            if let wire, !isBytes, wire.contains(0) {
                throw PostgresError(
                    .invalidArgument, "text parameter \(index + 1) has a NUL, which PostgreSQL cannot store")
            }
            guard wire?.count ?? 0 < 1 << 30 else {
                throw PostgresError(.invalidArgument, "parameter \(index + 1) is larger than 1 GiB")
            }
            // Zero lets the server infer the type as for a literal; only bytes need to say what they are.
            types.append(isBytes ? 17 : 0)
            formats.append(isBytes ? 1 : 0)
            lengths.append(Int32(wire?.count ?? 0))
            offsets.append(wire == nil ? nil : storage.count)
            if let wire { storage += wire.map { CChar(bitPattern: $0) } + [0] }
        }
        return storage.withUnsafeBufferPointer { buffer in
            let values = offsets.map { offset in offset.flatMap { buffer.baseAddress?.advanced(by: $0) } }
            return PQsendQueryParams(connection, sql, Int32(parameters.count), types, values, lengths, formats, 0) == 1
        }
    }

    /// What a statement left.
    struct Outcome {
        var rows: [Row] = []
        /// Rows that were inserted, updated, deleted or selected.
        var affected = 0
        /// The command tag of the last statement: "COMMIT", "UPDATE 3".
        var command = ""

        mutating func finish(_ result: OpaquePointer) {
            affected = PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
            command = PQcmdStatus(result).map { String(cString: $0) } ?? ""
        }
    }

    private func collect(_ connection: OpaquePointer, _ isCancelled: () -> Bool) throws(PostgresError) -> Outcome {
        var outcome = Outcome()
        var failure: PostgresError?
        var columns: Row.Columns?
        var size = 0
        let deadline = ContinuousClock.now + limits.responseTimeout
        while true {
            try wait(connection, until: deadline, isCancelled)
            guard let result = PQgetResult(connection) else { break }
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_SINGLE_TUPLE, PGRES_TUPLES_OK:
                if failure == nil {
                    let shared = columns ?? Handle.columns(result)
                    columns = shared
                    for row in 0..<PQntuples(result) { outcome.rows.append(Handle.row(row, of: result, shared, &size)) }
                    if size > limits.maximumResultBytes {
                        failure = PostgresError(
                            .tooLarge, "the result is larger than \(limits.maximumResultBytes) bytes")
                        outcome.rows = []
                        cancel()
                    }
                }
                if PQresultStatus(result) == PGRES_TUPLES_OK {
                    outcome.finish(result)
                    columns = nil
                }
            case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
                outcome.finish(result)
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                close()
                throw PostgresError(.invalidArgument, "COPY is not supported")
            default:
                if PQstatus(connection) == CONNECTION_BAD {
                    throw broken(connection, "reading the answer", mayHaveBeenCommitted: true)
                }
                failure = failure ?? PostgresError.of(result)
            }
        }
        if PQstatus(connection) == CONNECTION_BAD {
            throw broken(connection, "reading the answer", mayHaveBeenCommitted: true)
        }
        if let failure { throw failure }
        return outcome
    }

    private func broken(_ connection: OpaquePointer, _ step: String, mayHaveBeenCommitted: Bool) -> PostgresError {
        close()
        return .lost(step, mayHaveBeenCommitted: mayHaveBeenCommitted)
    }

    /// Waits until a result can be read without blocking.
    private func wait(
        _ connection: OpaquePointer, until deadline: ContinuousClock.Instant, _ isCancelled: () -> Bool
    ) throws(PostgresError) {
        while PQisBusy(connection) == 1 {
            let left = deadline - ContinuousClock.now
            guard left > .zero else {
                close()
                throw PostgresError(
                    .timeout, "no answer within \(limits.responseTimeout); the connection is closed",
                    mayHaveBeenCommitted: true)
            }
            var descriptor = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
            let milliseconds = left > .seconds(1) ? 1000 : Int32(left / .milliseconds(1)) + 1
            let ready = poll(&descriptor, 1, milliseconds)
            // A request that overtook the statement found the server idle and was lost: once more.
            if ready == 0, isCancelled() { cancel() }
            if ready < 0, errno != EINTR { throw broken(connection, "waiting", mayHaveBeenCommitted: true) }
            if ready > 0, PQconsumeInput(connection) == 0 {
                throw broken(connection, "reading the answer", mayHaveBeenCommitted: true)
            }
        }
    }

    private static func columns(_ result: OpaquePointer) -> Row.Columns {
        let count = PQnfields(result)
        return Row.Columns(
            names: (0..<count).map { index in PQfname(result, index).map { String(cString: $0) } ?? "" },
            types: (0..<count).map { PQftype(result, $0) })
    }

    private static func row(_ row: Int32, of result: OpaquePointer, _ columns: Row.Columns, _ size: inout Int) -> Row {
        var cells: [[UInt8]?] = []
        cells.reserveCapacity(columns.names.count)
        for column in 0..<Int32(columns.names.count) {
            if PQgetisnull(result, row, column) == 1 {
                cells.append(nil)
                continue
            }
            let length = Int(PQgetlength(result, row, column))
            let bytes = UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: length)
            cells.append(Array(bytes))
            size += length
        }
        // What a row takes beside its text, so that a million empty rows count, too.
        size += 64
        return Row(columns: columns, cells: cells)
    }
}
