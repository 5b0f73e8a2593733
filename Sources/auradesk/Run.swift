import ArgumentParser
import Foundation
import SupportDesk

/// One pass over all channels.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Handle all new mail once; made for cron.",
        discussion: """
            Takes up what an interrupted run left, then fetches, decides, commits and delivers. Each message ends answered, drafted, \
            escalated, ignored or quarantined, and is marked at its source only when that is on record.

            Example:  */5 * * * *  auradesk run --config /etc/auradesk/desk.yaml
            """)

    @OptionGroup var desk: DeskOptions

    @Flag(help: "One JSON object per message, and a last one with the summary.")
    var json = false

    @Option(help: "poller: look for new mail and mark what is done; worker: handle it; all: both.")
    var role = Role.all

    func run() async throws {
        try await reporting {
            let configuration = try desk.configuration()
            // Others may be at work beside it; only that cron starts a second one over the first is of no use.
            let lock = role == .all ? try RunLock(state: configuration.state) : nil
            var surroundings = try desk.surroundings(configuration)
            surroundings.role = role
            let built = try await Desk.build(configuration, surroundings)
            let printer = RunPrinter(json: json)
            let report: RunReport
            do {
                report = try await built.run { await printer.handled($0) }
            } catch {
                await built.close()
                throw error
            }
            await built.close()
            await printer.finished(report)
            withExtendedLifetime(lock) {}
            for line in report.unavailable { Terminal.say("auradesk: \(line)") }
            if !report.unavailable.isEmpty { throw ExitCode(69) }
            if report.workRemains { throw ExitCode(75) }
        }
    }
}

/// Prints a run: lines of JSON, or a progress line and a summary.
actor RunPrinter {
    private let json: Bool
    private var count = 0

    init(json: Bool) { self.json = json }

    func handled(_ message: HandledMessage) {
        count += 1
        if message.disposition == .quarantined {
            Terminal.endProgress()
            Terminal.say("auradesk: message \(message.id) was quarantined (\(message.rule)); a ticket says so")
        }
        if json { Terminal.print(Self.line(message)) } else { Terminal.progress("\(count) messages handled") }
    }

    func finished(_ report: RunReport) {
        Terminal.endProgress()
        let counts = Dictionary(
            uniqueKeysWithValues: Disposition.Kind.allCases.map { ($0.rawValue, report.counts[$0] ?? 0) })
        if json {
            Terminal.print(Self.line(counts.merging(["handled": report.handled]) { first, _ in first }))
        } else if report.handled + report.waiting > 0 || Terminal.isInteractive {
            Terminal.print(Self.summary(report))
        }
    }

    static func summary(_ report: RunReport) -> String {
        let parts = Disposition.Kind.allCases.compactMap { kind in
            report.counts[kind].map { "\($0) \(kind.rawValue)" }
        }
        let handled = "\(report.handled) handled: \(parts.joined(separator: ", "))."
        if report.waiting > 0 {
            return "\(parts.isEmpty ? "" : handled + " ")\(report.waiting) wait for a batch of a model's answers."
        }
        return parts.isEmpty ? "Nothing new." : handled
    }

    static func line(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
