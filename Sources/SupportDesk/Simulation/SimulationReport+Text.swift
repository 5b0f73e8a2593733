import Foundation
import Triage

extension SimulationReport {
    /// The report for a terminal or a file: without colours, `columns` wide at most where a table allows it.
    public func text(columns: Int = 100) -> String {
        var lines = ["What the desk would have done", ""]
        lines += basisLines
        lines += ["", "What would have become of it"]
        for kind in Disposition.Kind.allCases {
            guard let count = dispositions[kind.rawValue] else { continue }
            lines.append(
                "  \(Self.left(kind.rawValue, 12)) \(Self.right(count, 7))  \(Self.percent(count, of: basis.messages))")
        }
        lines += ["", "Beside what people answered"]
        for (name, words) in Self.likenessWords {
            guard let count = likenesses.counts[name] else { continue }
            lines.append("  \(Self.right(count, 7))  \(words)")
        }
        lines += Self.wrapped(needs, indent: 2, columns)
        lines += ["", "By intent: coverage and error at the configured threshold, and what is proposed"]
        lines += intentLines
        if let all { lines += ["", "Coverage and error over all intents"] + Self.curveLines(all) }
        lines += ["", "For desk.yaml"] + proposalLines.map { "  \($0)" }
        lines += ["", "Time and money, in thirty days"] + estimateSentences.map { "  \($0)" }
        if !gaps.isEmpty {
            lines += ["", "Questions without a good article"]
            for gap in gaps {
                lines.append("  \(gap.count) times: \(gap.words.joined(separator: ", "))")
                for example in gap.examples { lines += Self.wrapped("“\(example)”", indent: 6, columns) }
            }
        }
        if !differences.isEmpty {
            lines += ["", "The most instructive differences"]
            for (place, difference) in differences.enumerated() {
                lines += [""] + Self.lines(of: difference, place + 1, columns)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static let likenessWords = [
        ("same", "say the same"), ("less", "a person told a fact that the desk would not have told"),
        ("contrary", "they contradict each other"), ("other", "they are about different matters"),
        ("acted", "a person did something that only a person can do"),
        ("unclear", "nothing in them can be compared"), ("none", "no answer of the desk's, or none of a person's"),
    ]

    /// Whether it took a person, and whether the matter was the same.
    var needs: String {
        "A person was needed for \(likenesses.neededPerson), and for \(likenesses.neededNobody) she was not;"
            + " \(likenesses.needlessEscalations) of these the desk would have left to her."
            + " \(likenesses.sameMatter) answers are about what the desk took to be asked,"
            + " \(likenesses.otherMatter) about something else."
    }

    private var basisLines: [String] {
        var lines: [String] = []
        let days = [basis.firstDay, basis.lastDay].compactMap(\.self)
        let span = days.count == 2 ? " from \(days[0]) to \(days[1])" : ""
        lines.append("  \(basis.messages) messages of \(basis.conversations) conversations\(span)")
        lines.append("  \(basis.answeredByPeople) of them were answered by a person")
        let besides = [
            (basis.copies, "second copies"), (basis.aside, "mails of the shop that answer nobody"),
            (basis.undated, "without a date"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        if !besides.isEmpty { lines.append("  not counted: \(besides.joined(separator: ", "))") }
        lines += skippedLines.map { "  \($0)" }
        let who =
            basis.areModelsAsked
            ? "the model (\(basis.models.joined(separator: ", ")))" : "the embedded responder, from the templates"
        lines.append("  answered by \(who); everything switched on, at the configured thresholds")
        return lines
    }

    /// What was left out, by name.
    var skippedLines: [String] { basis.skipped.map { "left out, as the program dies of it: \($0)" } }

    private var intentLines: [String] {
        let width = min(max(intents.map(\.intent.count).max() ?? 6, 6), 28)
        var lines = [
            "  \(Self.left("intent", width))  mails  ready  coverage   wrong/judged    error at most  proposal"
        ]
        for intent in intents {
            let point = intent.curve.first { $0.threshold == intent.configured.threshold }
            let judged = point.map { "\($0.error.count)/\($0.error.of)" } ?? ""
            let high = point?.error.high.map(Self.percent) ?? "-"
            let proposal =
                "\(intent.proposal.mode.rawValue)" + (intent.proposal.threshold.map { " ≥ \(Self.number($0))" } ?? "")
            lines.append(
                "  \(Self.left(intent.intent, width))  \(Self.right(intent.messages, 5))  \(Self.right(intent.ready, 5))"
                    + "  \(Self.left(point?.coverage.value.map(Self.percent) ?? "-", 8))   \(Self.left(judged, 13))"
                    + "   \(Self.left(high, 13))  \(proposal)")
            lines.append("  \(Self.left("", width))    \(intent.proposal.reason)")
        }
        return lines
    }

    private static func curveLines(_ intent: Intent) -> [String] {
        ["  threshold   answered   coverage   wrong/judged   error   at most"]
            + intent.curve.enumerated().filter { place, point in
                // Where nothing changes from one threshold to the next, the last one says it all.
                let next = intent.curve.indices.contains(place + 1) ? intent.curve[place + 1] : nil
                return next.map { ($0.coverage.count, $0.error.of) != (point.coverage.count, point.error.of) } ?? true
            }.map { _, point in
                "  \(left(number(point.threshold), 9))   \(left("\(point.coverage.count)", 8))   "
                    + "\(left(point.coverage.value.map(percent) ?? "-", 8))   "
                    + "\(left("\(point.error.count)/\(point.error.of)", 12))   "
                    + "\(left(point.error.value.map(percent) ?? "-", 5))   \(point.error.high.map(percent) ?? "-")"
            }
    }

    var proposalLines: [String] {
        // What no intent covers has no mode of its own.
        let intents = intents.filter { $0.intent != IntentClassifier.outOfScope }
        return ["intents:", "  default: shadow"]
            + intents.map { "  \($0.intent): \($0.proposal.mode.rawValue)" }
            + ["thresholds:"]
            + intents.filter { [.auto, .draft].contains($0.proposal.mode) }.compactMap { intent in
                intent.proposal.threshold.map { "  \(intent.intent): \(Self.number($0))" }
            }
    }

    var estimateSentences: [String] {
        var lines = [
            "\(Self.rounded(estimate.messagesPerMonth)) messages; the desk would answer \(Self.rounded(estimate.answeredPerMonth)) of them",
            "\(Self.rounded(estimate.hoursPerMonth)) hours of agents saved, at \(Self.number(goals.minutesPerAnswer)) minutes an answer"
                + (estimate.hoursCostPerMonth.map { " (\(Self.rounded($0)) in money)" } ?? ""),
        ]
        if let median = estimate.medianWait, let long = estimate.longWait {
            lines.append(
                "people answered within \(Self.span(median)) (half of all) and \(Self.span(long)) (nine of ten);"
                    + " the desk answers at its next look")
        }
        if basis.models.isEmpty {
            lines.append("no language model is configured: the answers cost nothing")
        } else {
            let how = basis.areModelsAsked ? "as paid" : "estimated"
            lines.append(
                "models: \(Self.money(estimate.modelCostPerMonth)) (\(how)), \(Self.rounded(estimate.tokensIn)) tokens read and"
                    + " \(Self.rounded(estimate.tokensOut)) written for a message")
        }
        return lines
    }

    private static func lines(of difference: Difference, _ number: Int, _ columns: Int) -> [String] {
        let sure = percent(difference.certainty)
        let kinds = difference.differing.isEmpty ? "" : ": \(difference.differing.joined(separator: ", "))"
        let words = likenessWords.first { $0.0 == difference.likeness }?.1 ?? difference.likeness
        var lines = [
            "  \(number). \(difference.intent ?? "unknown"), \(difference.language ?? "und"), \(sure) sure,"
                + " \(difference.disposition.rawValue) (\(difference.rule)): \(words)\(kinds)"
        ]
        lines += wrapped("asked:  \(difference.question)", indent: 5, columns)
        let room = max((columns - 9) / 2, 24)
        let left = ["the desk"] + fitted(difference.desks, room)
        let right = ["a person"] + fitted(difference.persons, room)
        for index in 0..<max(left.count, right.count) {
            let own = left.indices.contains(index) ? left[index] : ""
            let other = right.indices.contains(index) ? right[index] : ""
            lines.append("     \(Self.left(own, room)) | \(other)")
        }
        return lines
    }
}
