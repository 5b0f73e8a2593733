import Foundation
import Mustache

extension SimulationReport {
    /// The report as one page of HTML that needs nothing else, by `report/simulation.mustache`.
    /// - Parameter templates: the shop's own templates; nil: those that came with the program.
    /// - Throws: `DeskError` when there is no such template.
    public func page(templates: String? = nil) throws -> String {
        let name = "report/simulation.mustache"
        var path = try templates.map { "\($0)/\(name)" } ?? "\(Layout().templates)/\(name)"
        // A copy of the templates that is older than this page.
        if !FileManager.default.fileExists(atPath: path) { path = try "\(Layout().templates)/\(name)" }
        guard let text = FileManager.default.contents(atPath: path).map({ String(decoding: $0, as: UTF8.self) }),
            let template = try? MustacheTemplate(string: text)
        else { throw DeskError(.configuration, "\(path): cannot be read, or is no mustache template") }
        return template.render(context)
    }

    private var context: [String: Any] {
        let days = [basis.firstDay, basis.lastDay].compactMap(\.self)
        var context: [String: Any] = [
            "messages": basis.messages, "conversations": basis.conversations,
            "answeredByPeople": basis.answeredByPeople,
            "who": basis.areModelsAsked ? "the language model" : "the embedded responder",
            "figures": figures, "yaml": proposalLines.joined(separator: "\n"), "estimates": estimateSentences,
            "needs": needs,
            "likenesses": Self.likenessWords.compactMap { name, words -> [String: Any]? in
                likenesses.counts[name].map { ["words": words, "count": $0] }
            },
            "intents": intents.map(Self.row),
            "curves": ([all].compactMap(\.self) + intents.filter { $0.ready > 0 }.prefix(24)).map { intent in
                ["intent": intent.intent == "all" ? "all intents" : intent.intent, "svg": svg(intent)]
            },
            "isSkipped": !basis.skipped.isEmpty, "skipped": skippedLines,
            "hasGaps": !gaps.isEmpty, "hasDifferences": !differences.isEmpty,
            "gaps": gaps.map { gap -> [String: Any] in
                ["count": gap.count, "words": gap.words.joined(separator: ", "), "examples": gap.examples]
            },
            "differences": differences.enumerated().map { place, difference in Self.card(difference, place + 1) },
        ]
        if days.count == 2 { context["span"] = "\(days[0]) to \(days[1])" }
        return context
    }

    private var figures: [[String: Any]] {
        let answered = dispositions[Disposition.Kind.answered.rawValue] ?? 0
        let right = likenesses.counts["same"] ?? 0
        let judged = right + ["less", "contrary", "other", "acted"].compactMap { likenesses.counts[$0] }.reduce(0, +)
        return [
            ["name": "would be answered", "value": Self.percent(answered, of: basis.messages)],
            ["name": "say the same as a person", "value": judged > 0 ? Self.percent(right, of: judged) : "-"],
            ["name": "a person was needed", "value": likenesses.neededPerson],
            ["name": "hours saved in thirty days", "value": Self.rounded(estimate.hoursPerMonth)],
        ]
    }

    private static func row(_ intent: Intent) -> [String: Any] {
        let point = intent.curve.first { $0.threshold == intent.configured.threshold }
        return [
            "intent": intent.intent, "messages": intent.messages,
            "coverage": point?.coverage.value.map(percent) ?? "-",
            "judged": point.map { "\($0.error.count) of \($0.error.of)" } ?? "-",
            "high": point?.error.high.map(percent) ?? "-",
            "proposal": intent.proposal.mode.rawValue + (intent.proposal.threshold.map { " from \(number($0))" } ?? ""),
            "reason": intent.proposal.reason,
        ]
    }

    private static func card(_ difference: Difference, _ place: Int) -> [String: Any] {
        let words = likenessWords.first { $0.0 == difference.likeness }?.1 ?? difference.likeness
        let kinds =
            difference.differing.isEmpty ? "" : "; they differ in \(difference.differing.joined(separator: ", "))"
        return [
            "place": place, "intent": difference.intent ?? "unknown", "words": words,
            "language": difference.language.map { $0 == "und" ? "en" : $0 } ?? "en",
            "detail":
                "\(percent(difference.certainty)) sure, \(difference.disposition.rawValue) (\(difference.rule))\(kinds)",
            "question": shown(difference.question), "desks": shown(difference.desks),
            "persons": shown(difference.persons),
        ]
    }

    /// Sixty texts of twenty differences are to fit into one file.
    private static let longestText = 2_400

    private static func shown(_ text: String) -> String {
        guard text.utf8.count > longestText else { return text }
        return text.reduce(into: (text: "", left: longestText)) { shown, character in
            shown.left -= character.utf8.count
            if shown.left >= 0 { shown.text.append(character) }
        }.text + "…"
    }

    // MARK: - The curve

    private static let (width, height, margin) = (300.0, 190.0, 34.0)

    /// Coverage to the right, error upwards.
    private func svg(_ intent: Intent) -> String {
        let points = intent.curve.filter { $0.error.of > 0 }.reversed()
        let title = "Error against coverage for \(intent.intent): \(intent.proposal.reason)"
        let top = max(points.compactMap(\.error.high).max() ?? 0.2, goals.maximumError * 1.5, 0.1)
        let (inner, tall) = (Self.width - Self.margin - 8, Self.height - Self.margin - 12)
        func x(_ share: Double?) -> String { String(format: "%.1f", Self.margin + inner * (share ?? 0)) }
        func y(_ share: Double?) -> String { String(format: "%.1f", 12 + tall * (1 - min((share ?? 0) / top, 1))) }
        func path(_ list: [(Double?, Double?)]) -> String {
            list.map { "\(x($0.0)),\(y($0.1))" }.joined(separator: " ")
        }
        let curve = points.map { ($0.coverage.value, $0.error.value) }
        let band =
            points.map { ($0.coverage.value, $0.error.high) }
            + points.reversed().map { ($0.coverage.value, $0.error.low) }
        var parts = [
            "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\" aria-label=\"\(Self.escaped(title))\">",
            "<path class=\"axis\" d=\"M\(x(0)),\(y(top)) V\(y(0)) H\(x(1))\"/>",
            "<path class=\"goal\" d=\"M\(x(0)),\(y(goals.maximumError)) H\(x(1))\"/>",
            "<text x=\"2\" y=\"16\">\(Self.percent(top))</text><text x=\"2\" y=\"\(y(0))\">0 %</text>",
            "<text x=\"\(x(0))\" y=\"\(Int(Self.height) - 16)\">0 %</text>",
            "<text x=\"\(x(1))\" y=\"\(Int(Self.height) - 16)\" text-anchor=\"end\">100 % answered</text>",
            "<text x=\"\(x(0.03))\" y=\"12\">wrong</text>",
        ]
        if curve.isEmpty {
            parts.append("<text x=\"\(x(0.2))\" y=\"90\">no answer could be judged</text>")
        } else {
            parts.append(
                "<polygon class=\"band\" points=\"\(path(band))\"/><polyline class=\"curve\" points=\"\(path(curve))\"/>"
            )
            parts += curve.map { "<circle class=\"dot\" cx=\"\(x($0.0))\" cy=\"\(y($0.1))\" r=\"2.5\"/>" }
        }
        return parts.joined(separator: "\n") + "\n</svg>"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }
}
