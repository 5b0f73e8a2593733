import ArgumentParser
import Foundation
import SupportDesk
import Triage

/// The demo shop.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer the mail of a demo shop; needs no network, no key, no configuration.",
        discussion: """
            Copies a sample mailbox to a scratch folder and runs the real desk on it: embedded responder, tickets as \
            folders, replies into a maildir. Then compares every outcome with what was expected, and writes the day's \
            report as a page.

            Example:  auradesk demo
            """)

    @Option(help: ArgumentHelp("Where to put the copy; a new folder under /tmp by default.", valueName: "folder"))
    var folder: String?

    @Flag(help: "One JSON object per message, and a last one with the summary.")
    var json = false

    @Flag(help: "Say what differs from what was expected.")
    var differences = false

    func run() async throws {
        try await reporting {
            let layout = try Layout()
            let scratch = folder ?? "\(NSTemporaryDirectory())/auradesk-demo-\(getpid())".replacing("//", with: "/")
            guard !FileManager.default.fileExists(atPath: "\(scratch)/state") else {
                throw DeskError(.data, "\(scratch) holds an earlier demo; name another folder")
            }
            let demonstration = try Demonstration(into: scratch, layout: layout)
            let configuration = try DeskConfiguration(file: demonstration.configurationFile)
            var surroundings = DeskSurroundings(logger: DeskOptions.logger(verbose: false))
            surroundings.now = { demonstration.now }
            // Nobody keeps what a demo is proved by.
            surroundings.logger.logLevel = .warning
            let lock = try RunLock(state: configuration.state)
            let desk = try await Desk.build(configuration, surroundings)
            let collected = Collected(total: demonstration.count, json: json)
            let started = ContinuousClock.now
            let report = try await desk.run { await collected.add($0) }
            let took = ContinuousClock.now - started
            let today = LocalDate(demonstration.now, in: configuration.shop.timeZone).dayNumber
            try ReportPage(templates: configuration.templates).write(
                await Desk.report(on: today...today, configuration, now: demonstration.now), to: demonstration.report)
            withExtendedLifetime(lock) {}
            Terminal.endProgress()
            let rows = try demonstration.rows(of: await collected.all)
            let right = rows.count { $0.problems.isEmpty }
            if json {
                Terminal.print(
                    RunPrinter.line(
                        Summary(
                            handled: rows.count, right: right, leaks: demonstration.leaks(in: rows).count,
                            counts: Dictionary(uniqueKeysWithValues: report.counts.map { ($0.key.rawValue, $0.value) }))
                    ))
            } else {
                DemoTable(rows: rows, report: report, demonstration: demonstration, differences: differences).print(
                    took: took)
            }
            if !demonstration.leaks(in: rows).isEmpty { throw ExitCode(70) }
        }
    }

    private struct Summary: Encodable {
        let handled: Int
        let right: Int
        let leaks: Int
        let counts: [String: Int]
    }

    private actor Collected {
        private(set) var all: [HandledMessage] = []
        private let total: Int
        private let json: Bool

        init(total: Int, json: Bool) {
            self.total = total
            self.json = json
        }

        func add(_ message: HandledMessage) {
            all.append(message)
            if json {
                Terminal.print(RunPrinter.line(message))
            } else {
                Terminal.progress("\(all.count) of \(total) messages")
            }
        }
    }
}
