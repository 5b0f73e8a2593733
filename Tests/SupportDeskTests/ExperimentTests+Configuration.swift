import Foundation
import Mail
import Testing

@testable import SupportDesk

/// What `desk.yaml` may say of experiments.
extension ExperimentTests {

    private func read(_ section: String) throws -> [Experiment] {
        let folder = try ScratchFolder()
        let least = """
            shop: {name: S, address: s@s.example}
            channels: [{maildir: m}]
            carrier: {maildir: o}
            tickets: {folder: t}
            state: st
            model: [{url: "http://127.0.0.1:1/v1", name: one}, {url: "http://127.0.0.1:2/v1", name: two}]
            experiments:

            """
        return try DeskConfiguration(file: folder.write("desk.yaml", least + section + "\n")).experiments
    }

    @Test("desk.yaml says it all")
    func configured() throws {
        let experiments = try read(
            """
              a:
                intents: [track_order, get_refund]
                metric: satisfaction
                sample: 400
                harm: {satisfaction: 0.5, recurrence: 2%}
                arms:
                  control: 50%
                  warm: {share: 30%, tone: warm, models: [two, one], threshold: 0.7}
                  none: {share: 10%, models: embedded}
                  people: {share: 10%, human: true}
              b: {intents: newsletter_subscription, metric: recurrence, sample: 20, arms: {control: 1%, x: 1%}}
            """)
        let first = try #require(experiments.first)
        #expect(first.name == "a" && first.intents == ["track_order", "get_refund"])
        #expect(first.plan.metric == .satisfaction && first.plan.sample == 400)
        #expect(first.plan.harm == ["satisfaction": 0.5, "recurrence": 0.02])
        #expect(first.arms.map(\.name) == ["control", "none", "people", "warm"])
        #expect(first.arms[1].models == [] && first.arms[2].isHuman && first.arms[3].models == ["two", "one"])
        #expect(first.arms[3].tone == .warm && first.arms[3].threshold == 0.7)
        #expect(experiments.last?.plan.harm == ["satisfaction": 0.25, "recurrence": 0.05])
        #expect(experiments.last?.arm(at: 99)?.name == "control" && experiments.last?.arm(at: 100)?.name == "x")
        #expect(experiments.last?.arm(at: 200) == nil, "the rest is not in it")
    }

    @Test(
        "what it says wrong is named",
        arguments: [
            ("  a: {sample: 40, arms: {control: 50%, x: 50%}}", "experiments.a.metric is missing"),
            ("  a: {metric: recurrence, arms: {control: 50%, x: 50%}}", "experiments.a.sample is missing"),
            ("  a: {metric: recurrence, sample: 40, arms: {x: 50%}}", "must be control"),
            ("  a: {metric: recurrence, sample: 40, arms: {control: 60%, x: 50%}}", "more than 100%"),
            (
                "  a: {metric: recurrence, sample: 40, arms: {control: {share: 50%, tone: warm}, x: 50%}}",
                "changes nothing"
            ),
            (
                "  a: {metric: recurrence, sample: 40, arms: {control: 50%, x: {share: 50%, human: true, tone: warm}}}",
                "human"
            ),
            (
                "  a: {metric: recurrence, sample: 40, arms: {control: 50%, x: {share: 50%, models: three}}}",
                "names three"
            ),
            (
                "  a: {metric: recurrence, sample: 40, arms: {control: 50%, x: {share: 50%, prompts: no}}}",
                "must be a folder"
            ),
            (
                "  a: {metric: recurrence, sample: 40, arms: {control: 50%, x: {share: 50%, colour: red}}}",
                "unknown key"
            ),
            ("  a b: {metric: recurrence, sample: 40, arms: {control: 50%, x: 50%}}", "must be called by letters"),
            (
                """
                  a: {metric: recurrence, sample: 40, arms: {control: 50%, x: 50%}}
                  b: {intents: track_order, metric: recurrence, sample: 40, arms: {control: 50%, x: 50%}}
                """, "is about track_order, and so is a"
            ),
        ])
    func strict(section: String, problem: String) {
        do {
            _ = try read(section)
            Issue.record("\(section) was read")
        } catch {
            #expect("\(error)".contains(problem), "\(error)")
        }
    }
}
