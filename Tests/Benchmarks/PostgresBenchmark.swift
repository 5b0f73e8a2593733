import ArgumentParser
import Foundation
import Postgres

/// The PostgreSQL boundary alone: round trips, pipelined inserts, transactions, and rows read one by one.
struct PostgresBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "postgres", abstract: "Statements and rows a second, on a scratch database.")

    @Argument(help: "A libpq connection string. The table aura_benchmark is made and dropped there.")
    var conninfo: String
    @Option(help: "Round trips of each kind.")
    var count = 20_000

    func run() async throws {
        let configuration = PostgresConfiguration(conninfo)
        let pool = PostgresPool(configuration, size: 4)
        let rounds = count
        try await pool.withConnection { connection in
            try await connection.script(
                """
                DROP TABLE IF EXISTS aura_benchmark;
                CREATE TABLE aura_benchmark (id bigint PRIMARY KEY, state text NOT NULL, body bytea NOT NULL)
                """)
            try await measure("selects, 1 connection", rounds) {
                for number in 0..<rounds {
                    _ = try await connection.query("SELECT $1::bigint AS n", [.integer(Int64(number))])
                }
            }
            try await measure("selects in one transaction", rounds) {
                _ = try await connection.transaction { transaction in
                    for number in 0..<rounds {
                        try transaction.query("SELECT $1::bigint AS n", [.integer(Int64(number))])
                    }
                }
            }
        }
        try await measure("selects, 4 connections", rounds) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for number in 0..<rounds / 8 {
                            _ = try await pool.query("SELECT $1::bigint AS n", [.integer(Int64(number))])
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        let body = PostgresValue.blob((0..<1000).map { UInt8(truncatingIfNeeded: $0) })
        try await measure("inserts of 1 KB, pipelines of 100", rounds) {
            for start in stride(from: 0, to: rounds, by: 100) {
                try await pool.pipeline(
                    (start..<min(start + 100, rounds)).map { number in
                        PostgresStatement(
                            "INSERT INTO aura_benchmark VALUES ($1, $2, $3)",
                            [.integer(Int64(number)), "received", body])
                    })
            }
        }
        try await measure("transactions of two statements", rounds / 10) {
            for number in 0..<rounds / 10 {
                try await pool.transaction { transaction in
                    try transaction.query(
                        "SELECT state FROM aura_benchmark WHERE id = $1 FOR UPDATE", [.integer(Int64(number))])
                    try transaction.execute(
                        "UPDATE aura_benchmark SET state = 'done' WHERE id = $1", [.integer(Int64(number))])
                }
            }
        }
        try await measure("rows of 1 KB, one by one", rounds) {
            try await pool.withConnection { connection in
                try await connection.forEachRow("SELECT * FROM aura_benchmark") { _ = try $0.blob("body") }
            }
        }
        try await pool.execute("DROP TABLE aura_benchmark")
        await pool.shutdown()
    }

    private func measure(_ name: String, _ count: Int, _ body: () async throws -> Void) async throws {
        let time = try await ContinuousClock().measure(body)
        Figure(what: name, unit: "/s", value: Double(count) / (time / .seconds(1))).print()
    }
}
