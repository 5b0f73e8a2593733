import Foundation

extension Evaluation {
    /// The most lines of a table for people.
    private static let tableRows = 20

    /// The figures for people: the whole, the weakest intents, what is taken for what, and the curve.
    public var report: String {
        func percent(_ value: Double) -> String { String(format: "%5.1f %%", value * 100) }
        var lines = [
            "texts                     \(n)",
            "accuracy                  \(percent(accuracy))",
            "in scope                  \(percent(inScopeAccuracy))",
            "  if none were rejected   \(percent(inScopeAccuracyWithoutRejection))",
            "out of scope, recall      " + (outOfScopeRecall.map(percent) ?? "  no such text"),
            "macro F1                  \(percent(macroF1))",
            String(format: "correlation (MCC)          %5.3f", mcc),
            String(format: "calibration error (ECE)    %5.3f", ece),
            String(format: "time                       %5.1f µs a text", microsecondsPerText),
        ]
        let weakest = perIntent.filter { $0.count > 0 }.sorted { ($0.f1, $0.intent) < ($1.f1, $1.intent) }
        lines += ["", "precision  recall  texts  intent, weakest first"]
        for figures in weakest.prefix(Self.tableRows) {
            lines.append(
                String(format: "    %.3f   %.3f  %5d  ", figures.precision, figures.recall, figures.count)
                    + figures.intent)
        }
        if weakest.count > Self.tableRows { lines.append("… and \(weakest.count - Self.tableRows) more; see --json") }
        if !confusions.isEmpty {
            lines += ["", "times  taken for"]
            for pair in confusions.prefix(Self.tableRows) {
                lines.append(String(format: "%5d  ", pair.count) + "\(pair.actual) → \(pair.predicted)")
            }
        }
        lines += ["", "coverage   error  answered from this confidence on"]
        for share in stride(from: 1.0, to: 0.05, by: -0.1) {
            guard let point = curve.last(where: { $0.coverage >= share - 1e-9 }) else { continue }
            let bar = String(repeating: "█", count: Int((point.error * 100).rounded()))
            lines.append(
                "\(percent(point.coverage))  \(percent(point.error))"
                    + String(format: "  %.3f  ", point.confidence) + bar)
        }
        return lines.joined(separator: "\n")
    }

    /// The coverage-versus-error curve as a picture of 640 × 400.
    public var svg: String {
        let (left, top, width, height) = (60.0, 20.0, 560.0, 320.0)
        // The axis ends at a round number above the highest error.
        let highest = max((((curve.map(\.error).max() ?? 0) * 20).rounded(.up)) / 20, 0.05)
        func x(_ coverage: Double) -> String { String(format: "%.1f", left + coverage * width) }
        func y(_ error: Double) -> String { String(format: "%.1f", top + height - error / highest * height) }
        var parts = [
            #"<svg xmlns="http://www.w3.org/2000/svg" width="640" height="400" viewBox="0 0 640 400" "#
                + #"font-family="sans-serif" font-size="12">"#,
            #"<rect width="640" height="400" fill="white"/>"#,
        ]
        for step in 0...5 {
            let share = Double(step) / 5
            let (across, down) = (x(share), y(share * highest))
            parts.append(
                #"<path d="M\#(x(0)) \#(down)H\#(x(1))M\#(across) \#(y(0))V\#(y(highest))" stroke="gainsboro"/>"#)
            parts.append(
                #"<text x="\#(across)" y="358" text-anchor="middle">\#(Int(share * 100)) %</text>"#)
            parts.append(
                #"<text x="54" y="\#(down)" text-anchor="end">\#(String(format: "%.1f", share * highest * 100)) %</text>"#
            )
        }
        let points = curve.map { "\(x($0.coverage)),\(y($0.error))" }.joined(separator: " ")
        parts += [
            #"<polyline points="\#(points)" fill="none" stroke="seagreen" stroke-width="2"/>"#,
            #"<text x="340" y="385" text-anchor="middle">coverage: share of \#(n) texts answered</text>"#,
            #"<text x="14" y="180" text-anchor="middle" transform="rotate(-90 14 180)">error among the answered</text>"#,
            "</svg>",
        ]
        return parts.joined(separator: "\n") + "\n"
    }
}
