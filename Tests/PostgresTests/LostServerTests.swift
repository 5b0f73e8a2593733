import Postgres
import TestServers
import Testing

/// A server of its own that is killed and comes back.
@Suite struct LostServerTests {
    @Test func aLostServerIsARetryableError() async throws {
        let server = try await PostgreSQLServer.start()
        let connection = try await Connection.connect(server.conninfo)
        try await connection.script("CREATE TABLE t (n int); INSERT INTO t VALUES (1)")
        let running = Task { try await connection.query("SELECT pg_sleep(30)") }
        try await Task.sleep(for: .milliseconds(300))
        await server.kill()
        await #expect {
            try await running.value
        } throws: { error in
            (error as? PostgresError).map {
                $0.isRetryable && ($0.code == .connectionLost || $0.sqlState?.hasPrefix("57P0") == true)
            }
                ?? false
        }
        await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
        try await server.restart()
        // While it recovers it refuses, and says that trying again helps.
        var again: Connection?
        for _ in 0..<100 where again == nil {
            do throws(PostgresError) {
                again = try await Connection.connect(server.conninfo)
            } catch {
                try #require(error.isRetryable, "\(error)")
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        let recovered = try #require(again)
        #expect(try await recovered.query("SELECT n FROM t").first?.int("n") == 1)
        await server.stop()
    }
}
