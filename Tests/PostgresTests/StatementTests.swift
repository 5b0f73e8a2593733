import Foundation
import Testing

@testable import Postgres

@Suite struct StatementTests {
    @Test func errorsSayWhatWithoutTheData() async throws {
        let connection = try await connect()
        let table = try await makeTable(connection, "a text CONSTRAINT only_one UNIQUE, n int CHECK (n > 0)")
        try await connection.execute("INSERT INTO \(table) VALUES ($1, 1)", ["priya@mail.example"])
        let unique = await failure {
            try await connection.execute("INSERT INTO \(table) VALUES ($1, 1)", ["priya@mail.example"])
        }
        #expect(
            unique?.code == .unique && unique?.sqlState == "23505" && unique?.constraint?.hasPrefix("only_one") == true)
        #expect(unique?.table == table && unique?.isRetryable == false)
        let check = await failure { try await connection.execute("INSERT INTO \(table) VALUES ('x', -77123)") }
        #expect(check?.code == .constraint && check?.sqlState == "23514")
        let syntax = await failure { try await connection.query("SELEKT 1") }
        #expect(syntax?.sqlState == "42601" && syntax?.message.contains("syntax error") == true)
        let value = await failure { try await connection.query("SELECT $1::int", ["priya@mail.example"]) }
        #expect(value?.sqlState == "22P02" && value?.code == .server)
        let raised = await failure {
            try await connection.query("DO $$ BEGIN RAISE EXCEPTION 'priya@mail.example'; END $$")
        }
        #expect(raised?.sqlState == "P0001")
        for error in [unique, check, value, raised].compactMap(\.self) {
            var dumped = ""
            dump(error, to: &dumped)
            let said = "\(error) \(String(reflecting: error)) \(dumped)"
            #expect(!said.contains("priya") && !said.contains("77123"))
        }
        #expect(try await connection.query("SELECT 1 AS one").first?.integer("one") == 1)
        #expect(await failure { try await connection.query("COPY (SELECT 1) TO STDOUT") }?.code == .invalidArgument)
        #expect(connection.isBroken)
    }

    @Test func aPipelineIsAllOrNothing() async throws {
        let connection = try await connect()
        let table = try await makeTable(connection, "n int PRIMARY KEY, t text")
        let inserts = (0..<1000).map { number in
            PostgresStatement(
                "INSERT INTO \(table) VALUES ($1, $2) RETURNING n * 2 AS twice",
                [.integer(Int64(number)), .text(String(repeating: "x", count: 1000))])
        }
        let results = try await connection.pipeline(inserts + [PostgresStatement("SELECT count(*) AS c FROM \(table)")])
        #expect(results.count == 1001 && results.prefix(1000).allSatisfy { $0.changes == 1 })
        #expect(try results[999].rows.first?.integer("twice") == 1998 && results[1000].rows.first?.integer("c") == 1000)
        // The second fails, the third is skipped, the first is undone, and the connection goes on.
        let error = await failure {
            try await connection.pipeline([
                PostgresStatement("DELETE FROM \(table)"), PostgresStatement("INSERT INTO \(table) VALUES (1), (1)"),
                PostgresStatement("SELECT 1 AS never_prepared"),
            ])
        }
        #expect(error?.code == .unique && error?.mayHaveBeenCommitted == false)
        #expect(try await connection.query("SELECT count(*) AS c FROM \(table)").first?.integer("c") == 1000)
        #expect(try await connection.query("SELECT 1 AS never_prepared").count == 1)
        #expect(try await connection.pipeline([]).isEmpty)
    }

    @Test func preparedStatementsAreKeptAndLimited() async throws {
        let connection = try await connect { $0.maximumPreparedStatements = 3 }
        func prepared() async throws -> [String] {
            try await connection.query("SELECT statement AS s FROM pg_prepared_statements ORDER BY prepare_time").map {
                try $0.text("s")
            }
        }
        for _ in 0..<3 { try await connection.query("SELECT 1 AS a") }
        #expect(try await prepared().filter { $0 == "SELECT 1 AS a" }.count == 1)
        for number in 0..<10 { try await connection.query("SELECT \(number) AS many") }
        try await connection.query("SELECT 1 AS a")
        #expect(try await prepared().count <= 4)
        // The same text with a blob is another statement.
        for argument in [PostgresValue.blob([1]), nil, .blob([2]), nil] {
            #expect(try await connection.query("SELECT $1::bytea AS b", [argument]).first?["b"] == argument)
        }
        // What the server has forgotten is prepared again.
        try await connection.script("DEALLOCATE ALL; SELECT 1")
        #expect(try await connection.query("SELECT 1 AS a").count == 1)
        try await connection.query("DEALLOCATE ALL")
        #expect(try await connection.query("SELECT 1 AS a").count == 1)
    }

    @Test func aChangedSchemaPreparesAnew() async throws {
        let connection = try await connect()
        let table = try await makeTable(connection, "n int")
        try await connection.execute("INSERT INTO \(table) VALUES (1)")
        #expect(try await connection.query("SELECT * FROM \(table)").first?.names == ["n"])
        try await connect().script("ALTER TABLE \(table) ADD COLUMN m text")
        #expect(try await connection.query("SELECT * FROM \(table)").first?.names == ["n", "m"])
        try await connect().script("ALTER TABLE \(table) ADD COLUMN o text")
        let names = try await connection.transaction(attempts: 2) {
            try $0.query("SELECT * FROM \(table)").first?.names
        }
        #expect(names == ["n", "m", "o"])
    }

    @Test func cancellingATaskStopsItsStatementOnly() async throws {
        let connection = try await connect { $0.applicationName = "cancelled" }
        for delay in [0, 1, 5, 50, 300] {
            let task = Task { try await connection.query("SELECT pg_sleep(30)") }
            try await Task.sleep(for: .milliseconds(delay))
            let start = ContinuousClock.now
            task.cancel()
            #expect(await failure { _ = try await task.value }?.code == .cancelled)
            #expect(ContinuousClock.now - start < .seconds(10))
            #expect(try await connection.query("SELECT 1 AS one").first?.integer("one") == 1)
        }
        let server = try await connect()
        let sleeping = try await server.query(
            "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND application_name = 'cancelled'")
        #expect(sleeping.isEmpty)
    }

    @Test func whoWaitsInLineLeavesItWhenCancelled() async throws {
        let connection = try await connect()
        let first = Task { try await connection.query("SELECT pg_sleep(2)") }
        try await Task.sleep(for: .milliseconds(100))
        let second = Task { try await connection.query("SELECT 2") }
        try await Task.sleep(for: .milliseconds(100))
        let start = ContinuousClock.now
        second.cancel()
        #expect(await failure { _ = try await second.value }?.code == .cancelled)
        #expect(ContinuousClock.now - start < .seconds(1))
        _ = try await first.value
    }

    @Test func aStatementHasATimeLimit() async throws {
        let connection = try await connect { $0.statementTimeout = .milliseconds(300) }
        let late = await failure { try await connection.query("SELECT pg_sleep(30)") }
        #expect(late?.code == .timeout && late?.isRetryable == true && late?.mayHaveBeenCommitted == false)
        #expect(try await connection.query("SELECT pg_sleep(0.5)", timeout: .seconds(20)).count == 1)
        // The server's own limit.
        try await connection.query("SET statement_timeout = 50")
        #expect(
            await failure { try await connection.query("SELECT pg_sleep(30)", timeout: .seconds(20)) }?.sqlState
                == "57014")
        #expect(!connection.isBroken)
    }

    @Test func aServerThatDoesNotStopIsLeft() async throws {
        let connection = try await connect {
            $0.statementTimeout = .milliseconds(300)
            $0.cancelGrace = .milliseconds(500)
        }
        let pid = try #require(try await connection.query("SELECT pg_backend_pid() AS pid").first?.integer("pid"))
        kill(pid_t(pid), SIGSTOP)
        defer { kill(pid_t(pid), SIGCONT) }
        let start = ContinuousClock.now
        let error = await failure { try await connection.query("SELECT 1") }
        #expect(error?.code == .timeout && error?.mayHaveBeenCommitted == true)
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(connection.isBroken)
        #expect(await failure { try await connection.query("SELECT 1") }?.code == .connectionLost)
    }

    @Test func resultsHaveALimit() async throws {
        let bytes = try await connect { $0.maximumBytes = 1 << 20 }
        #expect(
            await failure { try await bytes.query("SELECT repeat('x', 1000) FROM generate_series(1, 10000000)") }?.code
                == .tooLarge)
        #expect(try await bytes.query("SELECT 1 AS one").count == 1)
        let rows = try await connect { $0.maximumRows = 10 }
        #expect(try await rows.query("SELECT generate_series(1, 10)").count == 10)
        #expect(await failure { try await rows.query("SELECT generate_series(1, 11)") }?.code == .tooLarge)
        #expect(try await rows.query("SELECT 1 AS one").count == 1)
    }

    /// While the reader has its first row, the server waits with the others: nobody gathers them. And nobody keeps those that
    /// were read, as far as memory tells: a sanitizer keeps what was given back, and has this said by the other builds.
    @Test(.timeLimit(.minutes(2))) func aStreamTakesNoMemory() async throws {
        let connection = try await connect { $0.maximumBytes = 1 << 20 }
        let pid = try #require(try await connection.query("SELECT pg_backend_pid() AS pid").first?.integer("pid"))
        let witness = try await connect()
        let (hasFirst, isWaiting) = (Counter(), Counter())
        let watch = Task {
            while hasFirst.value == 0 { try await Task.sleep(for: .milliseconds(5)) }
            for _ in 0..<1_000 {
                let row = try await witness.query(
                    "SELECT coalesce(wait_event, '') AS event FROM pg_stat_activity WHERE pid = $1::int",
                    [.integer(pid)])
                if try row.first?.text("event") == "ClientWrite" {
                    isWaiting.add()
                    return
                }
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        defer { watch.cancel() }
        let count = Counter()
        let sizes = Counter()
        let isSanitized = ProcessInfo.processInfo.environment.keys.contains { $0.hasSuffix("SAN_OPTIONS") }
        let before = residentBytes()
        // 200 MB in all.
        try await connection.forEachRow(
            "SELECT n, repeat('x', 20000) AS t FROM generate_series(1, $1::int) AS n", [10_000]
        ) { row in
            hasFirst.add()
            if count.value == 0 {
                let end = ContinuousClock.now + .seconds(20)
                while isWaiting.value == 0, .now < end { Thread.sleep(forTimeInterval: 0.005) }
            }
            #expect(try row.integer("n") == Int64(count.add()))
            sizes.add(try row.text("t").utf8.count)
        }
        #expect(isWaiting.value == 1)
        #expect(count.value == 10_000 && sizes.value == 200_000_000)
        #expect(isSanitized || residentBytes() - before < 60 << 20)
        // A reader that stops ends the statement, with its own error.
        struct Enough: Error {}
        await #expect(throws: Enough.self) {
            try await connection.forEachRow("SELECT generate_series(1, 100000000)") { _ in
                if count.add() > 10_010 { throw Enough() }
            }
        }
        #expect(count.value == 10_011)
        #expect(try await connection.query("SELECT 1 AS one").count == 1)
    }

    private func residentBytes() -> Int {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        return (pages.flatMap { Int($0[1]) } ?? 0) * 4096
    }

    @Test func oneConnectionServesManyTasks() async throws {
        let connection = try await connect()
        let sum = try await withThrowingTaskGroup(of: Int64.self) { group in
            for number in 1...100 {
                group.addTask {
                    try await connection.query("SELECT $1::int AS n", [.integer(Int64(number))]).first?.integer("n")
                        ?? 0
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(sum == 5050)
        await connection.close()
        await connection.close()
        #expect(await failure { try await connection.query("SELECT 1") }?.code == .closed)
    }
}
