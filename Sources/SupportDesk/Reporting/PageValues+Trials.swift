import Foundation

extension PageValues {
    /// The experiments; nil where there were none.
    var trials: TemplateContext? {
        guard !report.experiments.isEmpty else { return nil }
        return TemplateContext(["list": report.experiments.map(trial)])
    }

    private func trial(_ experiment: Report.Experiment) -> TemplateContext {
        let plan = experiment.plan
        func word(_ value: Double) -> String { ReportWords.value(value, isShare: plan.isShare) }
        func range(_ low: Double?, _ high: Double?) -> String? {
            low.flatMap { low in high.map { "\(word(low)) to \(word($0))" } }
        }
        let ends = experiment.arms.flatMap { [$0.low, $0.high, $0.value].compactMap(\.self) }
        let (least, most) = (ends.min() ?? 0, ends.max() ?? 1)
        let arms = experiment.arms.map { arm in
            var context = TemplateContext([
                "name": arm.name, "count": "\(ReportWords.grouped(arm.n)) of \(ReportWords.grouped(arm.enrolled))",
                "value": arm.value.map(word) ?? "–",
                "whisker": ReportChart.whisker(
                    arm.low, arm.value, arm.high, from: least, to: most, style: Self.style(arm.state)),
                "difference": arm.difference.map { ReportWords.difference($0, isShare: plan.isShare) } ?? "–",
                "p": arm.p.map(ReportWords.probability) ?? "–",
                "class": Self.style(arm.state) == "bad" ? "missed" : Self.style(arm.state) == "good" ? "met" : "soft",
                "verdict": ReportWords.arm(arm.state),
            ])
            context["range"] = range(arm.low, arm.high)
            context["differenceRange"] = arm.differenceLow.flatMap { low in
                arm.differenceHigh.map {
                    "\(ReportWords.difference(low, isShare: plan.isShare, isShort: true)) to "
                        + ReportWords.difference($0, isShare: plan.isShare)
                }
            }
            return context
        }
        var context = TemplateContext([
            "name": experiment.name, "state": ReportWords.experiment(experiment.state, isHarm: experiment.isHarm),
            "plan":
                "What decides is \(ReportWords.metric(plan.metric)), on \(ReportWords.grouped(plan.sample)) conversations in "
                + "each arm. Intervals hold \(ReportWords.number((plan.confidence * 1_000).rounded() / 10))%.",
            "metric": Self.title(plan.metric), "arms": arms,
        ])
        context["harm"] = experiment.reason.map { "Stopped: \($0)." }
        if experiment.state == "running" || experiment.state == "waiting" {
            context["interim"] =
                "These figures are interim: nothing is to be decided by them before each arm has its sample."
        }
        context["watch"] = ReportWords.harmless(experiment)
        return context
    }

    private static func style(_ state: String) -> String {
        switch state {
        case "worse", "harmful": "bad"
        case "better": "good"
        case "control": "people"
        default: "desk"
        }
    }

    /// What was only watched; nil where nothing was.
    var shadows: TemplateContext? {
        guard !report.shadows.isEmpty else { return nil }
        return TemplateContext([
            "rows": report.shadows.map { shadow in
                TemplateContext([
                    "name": Self.title(shadow.name), "compared": ReportWords.grouped(shadow.compared),
                    "share": shadow.agreement.share.map(ReportWords.percent) ?? "–",
                    "range": shadow.agreement.low.flatMap { low in
                        shadow.agreement.high.map { "\(ReportWords.percent(low)) to \(ReportWords.percent($0))" }
                    } ?? "–",
                    "whisker": ReportChart.whisker(
                        shadow.agreement.low, shadow.agreement.share, shadow.agreement.high, from: 0, to: 1,
                        style: "desk"),
                    "facts": ReportWords.grouped(shadow.otherFacts), "other": ReportWords.grouped(shadow.otherAnswer),
                    "unseen": ReportWords.grouped(shadow.unread + shadow.unanswered),
                    "waiting": ReportWords.grouped(shadow.waiting),
                ])
            }
        ])
    }
}
