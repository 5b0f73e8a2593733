import Foundation
import SupportDesk

/// What a person sees at the end of `auradesk demo`.
struct DemoTable {
    let rows: [Demonstration.Row]
    let report: RunReport
    let demonstration: Demonstration
    let differences: Bool

    func print(took: Duration) {
        let fileWidth = min(max(rows.map(\.file.count).max() ?? 10, 10) - 4, 34)
        let intentWidth = max(rows.compactMap(\.outcome.intent?.count).max() ?? 6, 6)
        line(fileWidth, intentWidth, ["MESSAGE", "LANG", "INTENT", "SURE", "OUTCOME", "REASON"], isRight: nil)
        for row in rows {
            let outcome = row.outcome
            line(
                fileWidth, intentWidth,
                [
                    row.file.replacing(".eml", with: ""), outcome.language ?? "", outcome.intent ?? "",
                    outcome.confidence.map { "\(Int(($0 * 100).rounded())) %" } ?? "", outcome.disposition.rawValue,
                    outcome.rule,
                ], isRight: row.problems.isEmpty)
            if differences { for problem in row.problems { Terminal.print("      \(problem)") } }
        }
        let right = rows.count { $0.problems.isEmpty }
        let persons = rows.count { $0.outcome.disposition != .ignored }
        let answered = rows.count { $0.outcome.disposition == .answered }
        let leaks = demonstration.leaks(in: rows)
        Terminal.print("")
        Terminal.print(
            RunPrinter.summary(report) + " "
                + took.formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 1))))
        Terminal.print(
            "Answered by itself: \(answered) of \(persons) mails that people wrote (\(share(answered, persons))).")
        Terminal.print(
            "As expected: \(right) of \(rows.count) (\(share(right, rows.count))). Forbidden facts in replies: \(leaks.count)."
        )
        for leak in leaks { Terminal.print("  \(leak)") }
        if let sample = rows.first(where: { $0.outcome.rule == "answered" && $0.outcome.language == "en" }),
            let reply = sample.reply
        {
            Terminal.print("\nOne reply in full (\(sample.file)):\n")
            for text in reply.split(separator: "\n", omittingEmptySubsequences: false) { Terminal.print("  | \(text)") }
        }
        Terminal.print("\nThe demo's clock stands at \(demonstration.now.formatted(.iso8601)).")
        Terminal.print("Replies:  \(demonstration.outbox)/new")
        Terminal.print("Tickets:  \(demonstration.tickets)")
        Terminal.print("Look at one message:  auradesk explain --config \(demonstration.configurationFile) \\")
        Terminal.print("                        --now \(demonstration.now.formatted(.iso8601)) FILE")
    }

    private func line(_ file: Int, _ intent: Int, _ cells: [String], isRight: Bool?) {
        let widths = [file, 7, intent, 5, 11]
        let padded = zip(cells, widths).map { cell, width in
            String(cell.prefix(width)).padding(toLength: width, withPad: " ", startingAt: 0)
        }
        let mark = isRight.map { $0 ? " " : "≠" } ?? " "
        Terminal.print("\(mark) \(padded.joined(separator: "  "))  \(cells.last ?? "")")
    }

    private func share(_ part: Int, _ whole: Int) -> String {
        whole == 0 ? "–" : "\(Int((Double(part) / Double(whole) * 100).rounded())) %"
    }
}
