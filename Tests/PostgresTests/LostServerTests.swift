import TestServers
import Testing

@testable import Postgres

/// A server of its own that is killed and comes back.
@Suite struct LostServerTests {
    @Test func aLostServerIsARetryableError() async throws {
        let server = try await PostgreSQLServer.start()
        let pool = PostgresPool(PostgresConfiguration(server.conninfo), size: 2)
        try await pool.withConnection { try await $0.script("CREATE TABLE t (n int); INSERT INTO t VALUES (1)") }
        let running = Task { try await pool.query("SELECT pg_sleep(30)") }
        try await Task.sleep(for: .milliseconds(300))
        await server.kill()
        let error = await failure { _ = try await running.value }
        #expect(error?.isRetryable == true && error?.code == .connectionLost && error?.mayHaveBeenCommitted == true)
        let hasty = PostgresPool(PostgresConfiguration(server.conninfo), patience: .milliseconds(300))
        #expect(await failure { try await hasty.query("SELECT 1") }?.code == .connect)
        // Who asks while it is down waits for it.
        let waiting = Task { try await pool.query("SELECT n FROM t").first?.integer("n") }
        try await Task.sleep(for: .milliseconds(300))
        try await server.restart()
        #expect(try await waiting.value == 1)
        await pool.shutdown()
        await server.stop()
    }

    @Test func everyCommitIsKnownOrSaidToBeUnknown() async throws {
        let server = try await PostgreSQLServer.start()
        let pool = PostgresPool(PostgresConfiguration(server.conninfo), size: 4)
        try await pool.withConnection { try await $0.script("CREATE TABLE t (n bigint PRIMARY KEY)") }
        let tried = Counter()
        // Done, not done, not known: by number.
        let outcomes = Task {
            try await withThrowingTaskGroup(of: (Int64, Bool?).self) { group in
                for number in 0..<Int64(3000) {
                    group.addTask {
                        defer { tried.add() }
                        do {
                            try await pool.transaction {
                                try $0.execute("INSERT INTO t VALUES ($1)", [.integer(number)])
                            }
                            return (number, true)
                        } catch {
                            let error = try #require(error as? PostgresError)
                            return (number, error.mayHaveBeenCommitted ? nil : false)
                        }
                    }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = .some($1.1) }
            }
        }
        #expect(try await eventually { tried.value >= 300 })
        await server.kill()
        try await server.restart()
        let told = try await outcomes.value
        let kept = Set(try await pool.query("SELECT n FROM t").map { try $0.integer("n") })
        #expect(told.count == 3000)
        #expect(told.values.contains { $0 != true }, "nothing was underway")
        for (number, isDone) in told {
            if let isDone { #expect(kept.contains(number) == isDone, "\(number)") }
        }
        await pool.shutdown()
        await server.stop()
    }
}
