import Foundation
import TestServers
import Testing

@testable import Postgres

@Suite struct ConnectionTests {
    private func connect(_ limits: Connection.Limits = .init()) async throws -> Connection {
        try await Connection.connect(try await PostgreSQLServer.shared().conninfo, limits: limits)
    }

    /// A table of a test's own.
    private func table(_ connection: Connection, _ columns: String) async throws -> String {
        let name = "t\(UInt64.random(in: .min ... .max))"
        try await connection.script("CREATE TABLE \(name) (\(columns))")
        return name
    }

    @Test func valuesComeBackAsTheyWent() async throws {
        let connection = try await connect()
        let table = try await table(
            connection,
            "n int, i bigint, d double precision, t text, b bytea, f boolean, m numeric(10,2), j jsonb, e text")
        let bytes = [UInt8](0...255)
        let changed = try await connection.execute(
            "INSERT INTO \(table) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)",
            [
                nil, .int(.max), .double(-1.5e-300), .text("नमस्ते 'x' \\ \u{1F600}"), .bytes(bytes), true, "12.50",
                #"{"a":1}"#, "",
            ])
        #expect(changed == 1)
        let rows = try await connection.query("SELECT * FROM \(table)")
        let row = try #require(rows.first)
        #expect(row.names == ["n", "i", "d", "t", "b", "f", "m", "j", "e"])
        #expect(try row.intOrNil("n") == nil && row["n"] == .null)
        #expect(try row.int("i") == .max && row["i"] == .int(.max))
        #expect(try row.double("d") == -1.5e-300)
        #expect(try row.text("t") == "नमस्ते 'x' \\ \u{1F600}")
        #expect(try row.bytes("b") == bytes && row["b"] == .bytes(bytes))
        #expect(try row.bool("f") && row["f"] == .bool(true))
        #expect(try row.text("m") == "12.50" && row.double("m") == 12.5)
        #expect(try row.text("j") == #"{"a": 1}"#)
        #expect(try row.text("e") == "" && row.bytesOrNil("n") == nil)
        #expect(row["missing"] == nil)
    }

    @Test func emptyBytesAndSpecialNumbers() async throws {
        let connection = try await connect()
        let rows = try await connection.query(
            "SELECT $1::bytea AS b, $2::float8 AS n, $3::float8 AS i, $4::int = ANY($5::int[]) AS f",
            [.bytes([]), .double(.nan), .double(-.infinity), 2, "{1,2}"])
        let row = try #require(rows.first)
        #expect(try row.bytes("b") == [] && row.double("n").isNaN && row.double("i") == -.infinity && row.bool("f"))
    }

    @Test func aWrongColumnIsAnErrorWithoutData() async throws {
        let connection = try await connect()
        let row = try #require(try await connection.query("SELECT 'geheim' AS t, NULL AS n").first)
        for read in [
            { _ = try row.int("t") }, { _ = try row.bool("t") }, { _ = try row.bytes("t") }, { _ = try row.text("n") },
            { _ = try row.text("x") },
        ] {
            #expect {
                try read()
            } throws: { error in
                (error as? PostgresError)?.code == .decoding && !"\(error)".contains("geheim")
            }
        }
    }

    @Test func errorsSayWhatWithoutTheData() async throws {
        let connection = try await connect()
        let table = try await table(connection, "a text CONSTRAINT only_one UNIQUE, n int CHECK (n > 0)")
        try await connection.execute("INSERT INTO \(table) VALUES ($1, 1)", ["priya@mail.example"])
        func failure(_ sql: String, _ parameters: [Value] = []) async -> PostgresError? {
            do throws(PostgresError) {
                try await connection.query(sql, parameters)
                return nil
            } catch {
                return error
            }
        }
        let unique = await failure("INSERT INTO \(table) VALUES ($1, 1)", ["priya@mail.example"])
        #expect(unique?.code == .unique && unique?.sqlState == "23505" && unique?.constraint == "only_one")
        #expect(unique?.isRetryable == false && "\(unique as Any)".contains("only_one"))
        let check = await failure("INSERT INTO \(table) VALUES ('x', -77123)")
        #expect(check?.code == .constraint && check?.sqlState == "23514")
        let syntax = await failure("SELEKT 1")
        #expect(syntax?.sqlState == "42601" && syntax?.message.contains("syntax error") == true)
        let value = await failure("SELECT $1::int", ["priya@mail.example"])
        #expect(value?.sqlState == "22P02" && value?.code == .server)
        #expect(value?.debugDescription.contains("priya@mail.example") == true)
        let raised = await failure("DO $$ BEGIN RAISE EXCEPTION 'priya@mail.example'; END $$")
        #expect(raised?.sqlState == "P0001")
        for error in [unique, check, value, raised] {
            #expect(error.map { "\($0)".contains("priya") || "\($0)".contains("77123") } == false)
        }
        let nul = await failure("SELECT $1::text", ["a\0b"])
        #expect(nul?.code == .invalidArgument)
        let copy = await failure("COPY (SELECT 1) TO STDOUT")
        #expect(copy?.code == .invalidArgument)
    }

    @Test func aTransactionIsAllOrNothing() async throws {
        struct Stop: Error {}
        let connection = try await connect()
        let table = try await table(connection, "n int UNIQUE")
        let kept = try await connection.transaction { transaction in
            try await transaction.execute("INSERT INTO \(table) VALUES (1)")
            return try await transaction.execute("INSERT INTO \(table) SELECT generate_series(2, 4)")
        }
        #expect(kept == 3)
        await #expect(throws: Stop.self) {
            try await connection.transaction { transaction in
                try await transaction.execute("INSERT INTO \(table) VALUES (5)")
                throw Stop()
            }
        }
        // An error that the body swallows must not look like success.
        await #expect {
            try await connection.transaction { transaction in
                try await transaction.execute("INSERT INTO \(table) VALUES (6)")
                _ = try? await transaction.execute("INSERT INTO \(table) VALUES (1)")
            }
        } throws: {
            ($0 as? PostgresError)?.sqlState == "25P02"
        }
        #expect(try await connection.query("SELECT count(*) AS c FROM \(table)").first?.int("c") == 4)
    }

    @Test func aTransactionOutlivesItsScopeInVain() async throws {
        let connection = try await connect()
        let escaped = try await connection.transaction { $0 }
        await #expect {
            try await escaped.query("SELECT 1")
        } throws: {
            ($0 as? PostgresError)?.code == .invalidArgument
        }
    }

    @Test func otherTasksWaitForATransaction() async throws {
        let connection = try await connect()
        let table = try await table(connection, "n int")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    try await connection.transaction { transaction in
                        try await transaction.execute("INSERT INTO \(table) VALUES (\(number))")
                        await Task.yield()
                        // The rows of the others are gone again, or not there yet.
                        let row = try await transaction.query("SELECT count(*) AS c FROM \(table)").first
                        let count = try row?.int("c")
                        #expect(count == 1)
                        try await transaction.execute("DELETE FROM \(table) WHERE n = \(number)")
                    }
                }
                group.addTask {
                    // Between transactions, never inside of one.
                    let row = try await connection.query("SELECT count(*) AS c FROM \(table)").first
                    let count = try row?.int("c")
                    #expect(count == 0)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func serializationFailuresAreRetryable() async throws {
        let first = try await connect()
        let second = try await connect()
        let table = try await table(first, "n int")
        try await first.execute("INSERT INTO \(table) VALUES (1)")
        await #expect {
            try await first.transaction(.repeatableRead) { transaction in
                try await transaction.query("SELECT * FROM \(table)")
                try await second.execute("UPDATE \(table) SET n = n + 1")
                try await transaction.execute("UPDATE \(table) SET n = n + 1")
            }
        } throws: { error in
            (error as? PostgresError).map { $0.code == .serialization && $0.isRetryable && $0.sqlState == "40001" }
                ?? false
        }
        #expect(try await first.query("SELECT n FROM \(table)").first?.int("n") == 2)
    }

    @Test func cancellingATaskStopsItsStatementOnly() async throws {
        let connection = try await connect()
        for delay in [0, 1, 50, 300] {
            let task = Task { try await connection.query("SELECT pg_sleep(30)") }
            try await Task.sleep(for: .milliseconds(delay))
            let start = ContinuousClock.now
            task.cancel()
            await #expect {
                try await task.value
            } throws: {
                ($0 as? PostgresError)?.code == .cancelled
            }
            #expect(ContinuousClock.now - start < .seconds(10))
            #expect(try await connection.query("SELECT 1 AS one").first?.int("one") == 1)
        }
    }

    @Test func aCancelledTransactionIsRolledBack() async throws {
        let connection = try await connect()
        let table = try await table(connection, "n int")
        let task = Task {
            try await connection.transaction { transaction in
                try await transaction.execute("INSERT INTO \(table) VALUES (1)")
                try await transaction.query("SELECT pg_sleep(30)")
            }
        }
        try await Task.sleep(for: .milliseconds(200))
        task.cancel()
        await #expect(throws: PostgresError.self) { try await task.value }
        #expect(try await connection.query("SELECT count(*) AS c FROM \(table)").first?.int("c") == 0)
    }

    @Test func limitsHold() async throws {
        let connection = try await connect(.init(responseTimeout: .seconds(20), maximumResultBytes: 1 << 20))
        await #expect {
            try await connection.query("SELECT repeat('x', 1000) FROM generate_series(1, 10000000)")
        } throws: {
            ($0 as? PostgresError)?.code == .tooLarge
        }
        #expect(try await connection.query("SELECT 1 AS one").count == 1)
        let hasty = try await connect(.init(responseTimeout: .milliseconds(200)))
        await #expect {
            try await hasty.query("SELECT pg_sleep(30)")
        } throws: {
            ($0 as? PostgresError).map { $0.code == .timeout && $0.isRetryable } ?? false
        }
        await #expect {
            try await hasty.query("SELECT 1")
        } throws: {
            ($0 as? PostgresError)?.code == .closed
        }
    }

    @Test func oneConnectionServesManyTasks() async throws {
        let connection = try await connect()
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...100 {
                group.addTask { try await connection.query("SELECT $1::int AS n", [.int(number)]).first?.int("n") ?? 0 }
            }
            return try await group.reduce(0, +)
        }
        #expect(sum == 5050)
    }

    @Test func noServerIsAClearError() async throws {
        await #expect {
            _ = try await Connection.connect("host=127.0.0.1 port=1 user=desk password=geheim dbname=desk")
        } throws: { error in
            guard let error = error as? PostgresError else { return false }
            return error.code == .connect && error.isRetryable && error.message.contains("127.0.0.1")
                && !error.debugDescription.contains("geheim")
        }
        await #expect(throws: PostgresError.self) { _ = try await Connection.connect("nonsense") }
        // The first host is down, the second answers.
        let port = try await PostgreSQLServer.shared().port
        let connection = try await Connection.connect(
            "host=127.0.0.1,127.0.0.1 port=1,\(port) user=desk dbname=desk sslmode=disable target_session_attrs=read-write"
        )
        #expect(try await connection.query("SELECT 1").count == 1)
        await connection.close()
        await connection.close()
        await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
    }
}
