import ArgumentParser
import Foundation
import Postgres
import SupportDesk

/// The ledger's state changes alone: claimed, begun, settled and marked, without a mail being read.
struct LedgerBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Messages a second through the states, and what a claim costs in a large ledger.")

    @Option(help: "A libpq connection string; the schema aura_drill is made there. Without it: an SQLite file.")
    var postgres: String?
    @Option(help: "Workers; in PostgreSQL each has connections of its own.")
    var workers = 8
    @Option(help: "Messages to carry.")
    var messages = 40_000
    @Option(help: "Messages in one claim.")
    var batch = 200
    @Option(help: "Settled messages that are put there first (PostgreSQL).")
    var old = 0
    @Option(help: "Single claims to time, in place of carrying messages (PostgreSQL).")
    var claims = 0

    func run() async throws {
        let state = FileManager.default.temporaryDirectory.path + "/auradesk-drill-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: state) }
        let store =
            postgres.map {
                LedgerStore.postgres(PostgresConfiguration($0), schema: "aura_drill", connections: 2)
            } ?? .file
        let drill = try await LedgerDrill(store, workers: workers, state: state)
        let clock = ContinuousClock()
        if old > 0 {
            let time = try await clock.measure {
                try await drill.fill(old) { if $0 % 1_000_000 == 0 { print("\($0) …") } }
            }
            print("\(old) settled messages put there in \(Int(time / .seconds(1))) s")
        }
        if messages > 0 {
            let time = try await clock.measure { try await drill.record(messages) }
            print("recorded: \(Int(Double(messages) / (time / .seconds(1)))) a second")
        }
        if claims > 0 {
            // The first ones bring pages into memory.
            _ = try await drill.claims(20, batch: batch)
            let before = try await drill.scans()
            let times = try await drill.claims(claims, batch: batch).sorted()
            let median = Int(times[times.count / 2] / .microseconds(1))
            let scans = try await drill.scans() - before
            print(
                "a claim of \(batch): median \(median) µs, \(scans) scans of the whole table\n\(try await drill.plan())"
            )
        } else {
            var finished = 0
            let time = try await clock.measure { finished = try await drill.work(batch: batch) }
            print(
                "claimed and finished: \(Int(Double(finished) / (time / .seconds(1)))) a second",
                "(\(finished) messages, \(workers) workers, batches of \(batch))")
        }
        try await drill.close()
    }
}
