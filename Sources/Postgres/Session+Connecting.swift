import CPostgres
import Foundation

extension Session {
    /// Connects to the first host that is wanted and answers.
    func connect() throws(PostgresError) {
        var failures: [PostgresError] = []
        for place in try configuration.places() {
            do throws(PostgresError) {
                let deadline = ContinuousClock.now + configuration.connectTimeout
                let handle = try connect(place, until: deadline)
                guard PQsetnonblocking(handle.pointer, 1) == 0, PQenterPipelineMode(handle.pointer) == 1 else {
                    throw PostgresError(.connect, "out of memory")
                }
                adopt(handle)
                return try setUp()
            } catch {
                if error.code == .cancelled { throw error }
                failures.append(error)
            }
        }
        // One that may be better later outweighs the others: a pair of servers is in the middle of a change.
        let message = failures.map(\.message).joined(separator: "; ")
        let telling = failures.first(where: \.isRetryable) ?? failures.first
        throw PostgresError(telling?.code ?? .connect, message, sqlState: telling?.sqlState)
    }

    private func connect(
        _ place: PostgresConfiguration.Place, until deadline: ContinuousClock.Instant
    ) throws(PostgresError) -> ConnectionHandle {
        // A host's name is looked up in here, and nothing can interrupt that.
        let handle = try ConnectionHandle.start(place.parameters)
        aura_pq_silence_notices(handle.pointer)
        PQsetErrorVerbosity(handle.pointer, PQERRORS_VERBOSE)
        guard PQstatus(handle.pointer) != CONNECTION_BAD else { throw .connecting(handle.pointer) }
        var wanted = PGRES_POLLING_WRITING
        while true {
            if ticket?.isCancelled == true { throw Worker.cancelled }
            guard ContinuousClock.now < deadline else {
                let name = place.host ?? place.address ?? "the server"
                throw PostgresError(
                    .connect, "connection to \(name) failed: no answer in \(configuration.connectTimeout)")
            }
            let events = wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT
            guard bell.wait(PQsocket(handle.pointer), events, until: deadline) else { continue }
            wanted = PQconnectPoll(handle.pointer)
            switch wanted {
            case PGRES_POLLING_OK: return handle
            case PGRES_POLLING_FAILED: throw .connecting(handle.pointer)
            default: break
            }
        }
    }

    /// The settings that reading and writing values depends on, whatever the server's own are.
    private func setUp() throws(PostgresError) {
        let milliseconds = max(1, Int64(configuration.idleTransactionTimeout / .milliseconds(1)))
        let settings: [(String, PostgresValue)] =
            [
                ("DateStyle", "ISO"), ("IntervalStyle", "postgres"), ("bytea_output", "hex"),
                ("extra_float_digits", "1"),
                ("standard_conforming_strings", "on"), ("client_min_messages", "error"),
                ("idle_in_transaction_session_timeout", .text(String(milliseconds))),
                ("default_transaction_read_only", configuration.isReadOnly ? "on" : "off"),
            ] + configuration.settings.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) }
        var calls = settings.indices.map { "set_config($\(2 * $0 + 1), $\(2 * $0 + 2), false)" }
        if configuration.isDurable {
            // "remote_apply" and "remote_write" wait for a standby as well: those are for the server's owner to choose.
            let current = "current_setting('synchronous_commit')"
            calls.append(
                """
                set_config('synchronous_commit', CASE WHEN \(current) IN ('off', 'local') THEN 'on' ELSE \(current) END, false)
                """)
        }
        let statement = PostgresStatement(
            "SELECT " + calls.joined(separator: ", "), settings.flatMap { [.text($0.0), $0.1] })
        _ = try exchange([statement], timeout: configuration.connectTimeout)
    }
}
