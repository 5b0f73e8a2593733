import ArgumentParser
import Foundation
import SupportDesk

/// How the desk's mail has moved.
struct LearnDrift: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift", abstract: "Show whether the mail is still what the classifier was made for.",
        discussion: """
            Each week that has ended is held against the texts that the classifier in use was trained on, utterances and lessons: \
            how often each intent is asked, how sure the desk is (of the training, how sure models are that have not seen the \
            text), and the share that no intent covers. In a second line it is held against the mail of the four weeks before the \
            classifier was trained; for the shipped one, of the desk's first four weeks.

            Intents and confidence are compared by the population stability index, shares of what no intent covers by their \
            difference. An alarm is an index above 0.25, or a share that has moved by more than 5 in 100, which chance makes in less \
            than one week of 1,000. The desk looks by itself once a week, and says so in its log, its status and its metrics. A mix \
            of questions that stays unlike the training is best mended by learning from the shop's own mail.

            Example:  auradesk learn drift

            Exit codes:   0  as before, or too little mail to tell
                         65  somebody should look: the last week is different
            """)

    @OptionGroup var shown: ShownOptions

    func run() async throws {
        try await reporting {
            let configuration = try await shown.desk.configuration(.viewer)
            let report = try await Desk.drift(configuration, now: shown.desk.surroundings(configuration).now())
            if shown.json {
                Terminal.print(RunPrinter.line(report))
            } else if report.weeks.isEmpty {
                Terminal.print("No week has ended since the desk read its first mail.")
            } else {
                show(report)
            }
            if !report.alarms.isEmpty { throw ExitCode(65) }
        }
    }

    private func show(_ report: DriftReport) {
        let training = report.training == 0 ? "too little mail yet" : "\(report.training) texts of its training"
        Terminal.print(
            "\(ModelComparison.name(report.model)), held against \(training), and \(report.reference) messages before")
        let header = [
            "WEEK OF".padded(10), "MESSAGES", "BESIDE".padded(8), "INTENTS", "P".padded(7), "CONFIDENCE", "P".padded(7),
            "UNKNOWN", "THERE".padded(6), "CHANGED",
        ]
        Terminal.print(Terminal.dim(header.joined(separator: "  ")))
        for week in report.weeks.suffix(26) {
            let day = week.week.formatted(.iso8601.year().month().day())
            let lines = [("training", week.training), ("before", week.before)].compactMap { name, shift in
                shift.map { (name, $0) }
            }
            for (place, (name, shift)) in lines.enumerated() {
                let beginning = place == 0 ? "\(day.padded(10))  \("\(week.texts)".leftPadded(8))" : "".padded(20)
                let figures = String(
                    format: "%7.3f  %-7.2g  %10.3f  %-7.2g  %6.1f%%  %5.1f%%", shift.intentIndex,
                    shift.intentProbability, shift.confidenceIndex, shift.confidenceProbability, week.unknown * 100,
                    shift.unknown * 100)
                let changed = shift.alarms.joined(separator: ", ")
                Terminal.print("\(beginning)  \(name.padded(8))  \(figures)  \(Terminal.bold(changed))")
            }
        }
    }
}
