import ArgumentParser
import Foundation
import SupportDesk
import Triage

/// What the desk did, in figures.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Show what the desk did in some days, in figures.",
        discussion: """
            How much was answered and by whom, what became of it, how fast, what customers and reviewers said, what it cost, \
            experiments and what was only watched, gaps in the articles, and your targets from "report" in desk.yaml.

            Days are the shop's own. What became of answers is known when the customer has said so, or has written nothing \
            more in any conversation for some days ("report.resolved_after"). Days that are over are kept as figures, so that \
            a report on a year takes no longer than one on a month; a word that comes later still changes them.

            Example:  auradesk report
                      auradesk report --since 90d --html report.html
                      auradesk report --since 2026-03-01 --until 2026-03-31 --json
            """)

    @OptionGroup var desk: DeskOptions

    @Option(help: ArgumentHelp("From when on: so many days up to today, or a day.", valueName: "30d|date"))
    var since = "30d"

    @Option(help: ArgumentHelp("The last day; without it today.", valueName: "date"))
    var until: String?

    @Option(
        help: ArgumentHelp(
            "Write it as a page: one HTML file that needs no other, to read, print or mail.", valueName: "file"))
    var html: String?

    @Flag(help: "One JSON object.")
    var json = false

    @Flag(help: "A line for each figure: figure,key,value.")
    var csv = false

    func validate() throws {
        if json, csv { throw ValidationError("--json and --csv are two ways to print it: choose one") }
        if Self.days(since) == nil, LocalDate(since) == nil {
            throw ValidationError("--since must be so many days, such as 30d, or a day, such as 2026-03-01")
        }
        if let until, LocalDate(until) == nil { throw ValidationError("--until must be a day, such as 2026-03-31") }
    }

    func run() async throws {
        try await reporting {
            let configuration = try await desk.configuration(.viewer)
            let now = try desk.surroundings(configuration).now()
            let today = LocalDate(now, in: configuration.shop.timeZone)
            let last = until.flatMap { LocalDate($0) } ?? today
            let first = Self.days(since).map { last.dayNumber - $0 + 1 } ?? LocalDate(since)?.dayNumber ?? 0
            guard first <= last.dayNumber else { throw ValidationError("--since is after --until") }
            let report = try await Desk.report(on: first...last.dayNumber, configuration, now: now)
            if let html {
                try ReportPage(templates: configuration.templates).write(report, to: html)
                Terminal.say("auradesk: the report is in \(html)")
            }
            if json {
                Terminal.print(try report.json())
            } else if csv {
                Terminal.write(try report.csv())
            } else if html == nil {
                ReportPrinter(report).print()
            }
        }
    }

    /// `30d`: 30.
    private static func days(_ text: String) -> Int? {
        guard text.hasSuffix("d"), let days = Int(text.dropLast()), (1...36_500).contains(days) else { return nil }
        return days
    }
}
