import Foundation
import SupportDesk

/// What was tried, and what was only watched.
extension ReportPrinter {
    func printExperiments() {
        for experiment in report.experiments {
            let plan = experiment.plan
            head(
                "Experiment \(experiment.name): \(ReportWords.experiment(experiment.state, isHarm: experiment.isHarm))")
            text("What decides is \(ReportWords.metric(plan.metric)), on \(plan.sample) conversations in each arm.")
            if let reason = experiment.reason { text("Stopped: \(reason).") }
            Terminal.print(
                Terminal.dim(
                    "  \("".padded(16))\("COUNTED".leftPadded(14))\("VALUE".leftPadded(9))  "
                        + "\("INTERVAL".padded(17))VERDICT"))
            for arm in experiment.arms { row(arm, plan) }
            if experiment.state == "running" || experiment.state == "waiting" {
                text("Interim: nothing is to be decided before each arm has its sample.")
            }
            if let words = ReportWords.harmless(experiment) { text(words) }
        }
    }

    private func row(_ arm: Report.Experiment.Arm, _ plan: Report.Experiment.Plan) {
        func word(_ value: Double) -> String { ReportWords.value(value, isShare: plan.isShare) }
        func step(_ value: Double) -> String { ReportWords.difference(value, isShare: plan.isShare, isShort: true) }
        func range(_ low: Double?, _ high: Double?, _ word: (Double) -> String) -> String {
            low.flatMap { low in high.map { "\(word(low)) to \(word($0))" } } ?? "–"
        }
        Terminal.print(
            "  \(arm.name.cut(to: 16).padded(16))\("\(arm.n) of \(arm.enrolled)".leftPadded(14))"
                + "\((arm.value.map(word) ?? "–").leftPadded(9))  \(range(arm.low, arm.high, word).padded(17))"
                + ReportWords.arm(arm.state))
        guard let difference = arm.difference else { return }
        let beside = range(arm.differenceLow, arm.differenceHigh, step)
        Terminal.print(
            "  \("".padded(30))\(step(difference).leftPadded(9))  \(beside.padded(17))"
                + (plan.isShare ? "points" : "to control")
                + (arm.p.map { ", p \(ReportWords.probability($0))" } ?? ""))
    }

    func printShadows() {
        guard !report.shadows.isEmpty else { return }
        head("In the shadow: what the desk would have said, beside what a person did")
        Terminal.print(
            Terminal.dim(
                "  \("".padded(24))\("N".leftPadded(6))\("AGREED".leftPadded(8))  \("INTERVAL".padded(14))"
                    + "\("FACTS".leftPadded(7))\("OTHER".leftPadded(7))\("WAITING".leftPadded(9))"))
        for shadow in report.shadows.prefix(2 * Self.most) {
            let range = shadow.agreement.low.flatMap { low in
                shadow.agreement.high.map { "\(ReportWords.percent(low)) to \(ReportWords.percent($0))" }
            }
            let cells = [
                "\(shadow.compared)".leftPadded(6),
                (shadow.agreement.share.map(ReportWords.percent) ?? "–").leftPadded(8),
                "  " + (range ?? "–").padded(14), "\(shadow.otherFacts)".leftPadded(7),
                "\(shadow.otherAnswer)".leftPadded(7), "\(shadow.waiting)".leftPadded(9),
            ]
            Terminal.print("  " + shadow.name.cut(to: 24).padded(24) + cells.joined())
        }
        text("FACTS: the same matter with another fact. OTHER: the person did something else.")
    }
}
