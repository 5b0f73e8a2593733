import ArgumentParser
import Foundation
import SupportDesk

/// A report on a ledger of months, from its messages and from the days that were kept.
struct ReportBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "How long a report takes on a large ledger: all from messages, then with days that were kept.")

    @Option(help: "Messages that are put there first, by SQL, with what belongs to them.")
    var messages = 377_000
    @Option(help: "Over how many days they are spread.")
    var days = 365
    @Option(help: "Reports of each kind.")
    var runs = 5

    func run() async throws {
        let state = FileManager.default.temporaryDirectory.path + "/auradesk-report-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: state) }
        let clock = ContinuousClock()
        let drill = try await ReportDrill(.file, state: state, days: days)
        let filling = try await clock.measure { try await drill.fill(messages) }
        print("\(messages) messages, \(try await drill.rows()) rows, put there in \(Int(filling / .seconds(1))) s")
        func report(_ name: String, _ days: Int, anew: Bool) async throws {
            var times: [Duration] = []
            var questions = 0
            for _ in 0..<runs {
                let made = try await drill.report(days, anew: anew)
                times.append(made.time)
                questions = made.questions
            }
            times.sort()
            func word(_ time: Duration) -> String { String(format: "%.0f ms", time / .milliseconds(1)) }
            print(
                "\(name): median \(word(times[times.count / 2])), \(word(times[0])) to \(word(times[times.count - 1]))",
                "(\(questions) questions)")
        }
        try await report("all \(days) days from messages", days, anew: true)
        try await report("30 days from messages", 30, anew: true)
        // What the reports above have kept is there from here on.
        try await report("all \(days) days, kept", days, anew: false)
        try await report("30 days, kept", 30, anew: false)
        try await drill.close()
    }
}
