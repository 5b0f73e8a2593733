import ArgumentParser
import Foundation
import SupportDesk

/// How the desk's mail has moved.
struct LearnDrift: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift", abstract: "Show whether the mail is still what the classifier was made for.",
        discussion: """
            Each week that has ended is held against the mail of the four weeks before the classifier in use was trained; for the \
            shipped one, against the desk's first four weeks. Intents and confidence by the population stability index (above \
            0.25 much has changed) and a chi-square test, and the share that no intent covers. The desk looks by itself once a \
            week, and says so in its log, its status and its metrics.

            Example:  auradesk learn drift

            Exit codes:   0  as before, or too little mail to tell
                         65  somebody should look: the last week is different
            """)

    @OptionGroup var desk: DeskOptions

    @Flag(help: "One JSON object.")
    var json = false

    func run() async throws {
        try await reporting {
            let configuration = try await desk.configuration(.viewer)
            let report = try await Desk.drift(configuration, now: desk.surroundings(configuration).now())
            if json {
                Terminal.print(RunPrinter.line(report))
            } else if report.weeks.isEmpty {
                Terminal.print(
                    "There is nothing to hold against the first weeks yet: \(report.reference) messages so far.")
            } else {
                show(report)
            }
            if !report.alarms.isEmpty { throw ExitCode(65) }
        }
    }

    private func show(_ report: DriftReport) {
        Terminal.print(
            "\(ModelComparison.name(report.model)), held against \(report.reference) messages of the weeks it was made for"
        )
        Terminal.print(
            Terminal.dim("WEEK OF      MESSAGES  INTENTS  p        CONFIDENCE  p        UNKNOWN  BEFORE   CHANGED"))
        for week in report.weeks.suffix(26) {
            let day = week.week.formatted(.iso8601.year().month().day())
            let figures = String(
                format: "%8d  %7.3f  %-7.2g  %10.3f  %-7.2g  %6.1f%%  %6.1f%%", week.texts, week.intentIndex,
                week.intentProbability, week.confidenceIndex, week.confidenceProbability, week.unknown * 100,
                week.unknownBefore * 100)
            let changed = week.alarms.joined(separator: ", ")
            Terminal.print("\(day)   \(figures)  \(Terminal.bold(changed))")
        }
    }
}
