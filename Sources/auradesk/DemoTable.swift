import Foundation
import SupportDesk

/// What a person sees at the end of `auradesk demo`.
struct DemoTable {
    let rows: [Demonstration.Row]
    let report: RunReport
    let demonstration: Demonstration
    let differences: Bool

    private static let head = ["MESSAGE", "LANG", "INTENT", "SURE", "OUTCOME", "REASON"]
    /// As wide as it is where nobody watches.
    private static let usualColumns = 80
    /// The columns that give way on a narrow terminal, and what they keep.
    private static let least = [(column: 0, width: 14), (column: 2, width: 12), (column: 5, width: 12)]

    func print(took: Duration) {
        printTable()
        printCases()
        printSummary(took: took)
        let sample = rows.first { $0.outcome.rule == "answered" && $0.outcome.language == "en" }
        if let sample, let reply = sample.reply {
            Terminal.print("\nOne reply in full (\(sample.file)):\n")
            Terminal.quote("Subject: \(reply)")
        }
        printPlaces(sample: sample?.file ?? "")
    }

    private func printTable() {
        let lines = rows.map(cells)
        var widths = Self.head.indices.map { column in ([Self.head] + lines).map { $0[column].count }.max() ?? 0 }
        var gap = 2
        func room() -> Int { (Terminal.columns ?? Self.usualColumns) - 2 - gap * (widths.count - 1) }
        if widths.reduce(0, +) > room() { gap = 1 }
        // The widest gives way first.
        while widths.reduce(0, +) > room(),
            let widest = Self.least.filter({ widths[$0.column] > $0.width }).max(by: {
                widths[$0.column] < widths[$1.column]
            })
        {
            widths[widest.column] -= 1
        }
        print(Self.head, widths, gap, mark: " ", Terminal.bold)
        for (row, cells) in zip(rows, lines) {
            print(cells, widths, gap, mark: row.problems.isEmpty ? " " : Terminal.red("≠"), Self.style(row.outcome))
            if differences { for problem in row.problems { Terminal.print("      \(problem)") } }
        }
    }

    private func cells(_ row: Demonstration.Row) -> [String] {
        let outcome = row.outcome
        return [
            row.file.replacing(".eml", with: ""), outcome.language ?? "", outcome.intent ?? "",
            outcome.confidence.map { share($0) } ?? "", outcome.disposition.rawValue,
            // That an answer was answered needs no second word.
            outcome.rule == outcome.disposition.rawValue ? "" : outcome.rule,
        ]
    }

    /// Answered, somebody's, nobody's.
    private static func style(_ outcome: HandledMessage) -> (String) -> String {
        switch outcome.disposition {
        case .answered: Terminal.green
        case .drafted, .escalated: Terminal.yellow
        case .ignored: Terminal.dim
        case .quarantined: Terminal.red
        }
    }

    private func print(
        _ cells: [String], _ widths: [Int], _ gap: Int, mark: String, _ style: (String) -> String
    ) {
        let padded = zip(cells, widths).map { cell, width in
            let shown = cell.count > width ? cell.prefix(width - 1) + "…" : cell
            return shown.padding(toLength: width, withPad: " ", startingAt: 0)
        }
        let between = String(repeating: " ", count: gap)
        var line = padded.joined(separator: between)
        while line.last == " " { line.removeLast() }
        // What becomes of it stands out, with the reason.
        let place = padded.prefix(4).joined(separator: between).count
        Terminal.print("\(mark) \(line.prefix(place))\(style(String(line.dropFirst(place))))")
    }

    /// The few that say most about the desk: what came, and what became of it.
    private func printCases() {
        let cases = rows.filter { !$0.told.isEmpty }
        guard !cases.isEmpty else { return }
        Terminal.print("\n\(Terminal.bold("Some of them, told:"))")
        for row in cases {
            let number = row.file.prefix { $0.isNumber }
            for (index, line) in row.told.enumerated() {
                let head = index == 0 ? "  \(number)  " : "       "
                Terminal.print(head + (index == 0 ? line : Self.style(row.outcome)(line)))
            }
            // What was told is what should have been.
            for problem in row.problems { Terminal.print("       \(Terminal.red("but: \(problem)"))") }
        }
    }

    private func printSummary(took: Duration) {
        let right = rows.count { $0.problems.isEmpty }
        let persons = rows.count { $0.outcome.disposition != .ignored }
        let answered = rows.count { $0.outcome.disposition == .answered }
        let leaks = demonstration.leaks(in: rows)
        let seconds = String(format: "%.1f", took / .seconds(1))
        Terminal.print("\n\(RunPrinter.summary(report)) It took \(seconds) s.")
        Terminal.print(
            "Answered by itself: \(answered) of \(persons) mails that people wrote (\(share(answered, persons))).")
        Terminal.print("As expected: \(right) of \(rows.count) (\(share(right, rows.count))).")
        if right < rows.count, !differences {
            Terminal.print("The others are marked ≠; --differences says what is different.")
        }
        Terminal.print("Forbidden facts in replies: \(leaks.count).")
        for leak in leaks { Terminal.print("  \(leak)") }
    }

    private func printPlaces(sample: String) {
        let now = demonstration.now.formatted(.iso8601)
        let program = CommandLine.arguments.first ?? "auradesk"
        Terminal.print("\nThe demo's clock stands at \(now).")
        Terminal.print("Replies:  \(demonstration.outbox)/new")
        Terminal.print("Tickets:  \(demonstration.tickets)")
        Terminal.print("Report:   \(demonstration.report)")
        Terminal.print("Look at one message, stage by stage:")
        Terminal.print("  \(program) explain --now \(now) \\")
        Terminal.print("    --config \(demonstration.configurationFile) \\")
        Terminal.print("    \(demonstration.folder)/mail/cur/*\(sample)*")
    }

    private func share(_ part: Int, _ whole: Int) -> String { whole == 0 ? "–" : share(Double(part) / Double(whole)) }

    private func share(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
