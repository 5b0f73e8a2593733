import Foundation
import Mail
import Testing

@testable import SupportDesk

/// Experiments through the whole desk: arms take effect, assignments hold, harm ends them.
@Suite("Experiments")
struct ExperimentTests {
    static func experiment(
        _ change: (inout Experiment.Arm) -> Void = { _ in }, share: Double = 1, sample: Int = 100,
        intents: Set<String>? = nil
    ) -> Experiment {
        var arm = Experiment.Arm(name: "other", share: share)
        change(&arm)
        return Experiment(
            name: "trial", intents: intents,
            arms: [Experiment.Arm(name: Experiment.control, share: 1 - share), arm],
            plan: Experiment.Plan(
                metric: .satisfaction, sample: sample, harm: ["satisfaction": 0.25, "recurrence": 0.05],
                arms: [Experiment.control, "other"]))
    }

    private func question(_ number: Int = 0) -> TestMail {
        var mail = TestMail(subject: "Returns", text: "Hello, what is your refund policy?\n")
        mail.from = "person\(number)@mail.example"
        mail.id = "q\(number)@mail.example"
        return mail
    }

    private func rows(_ sql: String, _ shop: ScratchShop) async throws -> [SQLRow] {
        try await shop.ledger().database.read { try $0.rows(sql, []) }
    }

    private func arms(_ shop: ScratchShop) async throws -> [String] {
        try await rows("SELECT arm FROM trial ORDER BY conversation", shop).compactMap { $0.text("arm") }
    }

    /// What became of the messages, in the order of their numbers, each with its conversation's arm.
    private func outcomes(_ shop: ScratchShop) async throws -> [(outcome: String, arm: String)] {
        try await rows(
            """
            SELECT m.disposition, m.rule, t.arm FROM message m JOIN trial t ON t.conversation = m.conversation
            ORDER BY m.id
            """, shop
        ).map { ("\($0.text("disposition") ?? "") \($0.text("rule") ?? "")", $0.text("arm") ?? "") }
    }

    // MARK: - Arms

    @Test("the human arm: a person answers, and no model or template was asked; in control the desk does")
    func human() async throws {
        for (share, expected) in [(1.0, "escalated trial-human"), (0, "answered answered")] {
            let shop = try await ScratchShop { $0.experiments = [Self.experiment({ $0.isHuman = true }, share: share)] }
            try shop.receive(question())
            #expect(try await shop.run().outcome == expected)
            #expect(try shop.replies().count == (share == 1 ? 0 : 1))
            #expect(try await arms(shop) == [share == 1 ? "other" : "control"])
            let detail = try await rows("SELECT detail FROM decision", shop).first?.text("detail") ?? ""
            #expect(detail.contains(share == 1 ? #"trial\/other"# : #"trial\/control"#))
        }
    }

    @Test("the arm's threshold decides, for its intents and no other")
    func threshold() async throws {
        for (intents, expected) in [
            (Set(["check_refund_policy"]), "escalated low-confidence"),
            (["newsletter_subscription"], "answered answered"),
            (nil, "escalated low-confidence"),
        ] {
            let shop = try await ScratchShop {
                $0.experiments = [Self.experiment({ $0.threshold = 1 }, intents: intents)]
            }
            try shop.receive(question())
            #expect(try await shop.run().outcome == expected, "\(String(describing: intents))")
        }
    }

    @Test("a reply is made of the arm's own templates, and of the usual ones where it has none")
    func replies() async throws {
        let folder = try ScratchFolder()
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/en", withIntermediateDirectories: true)
        let usual = try String(contentsOfFile: "\(PackageFolder.templates)/replies/en/_frame.mustache", encoding: .utf8)
        try folder.write(
            "en/_frame.mustache", usual.replacing("Thank you for your message.", with: "How good that you ask."))
        for share in [1.0, 0] {
            let shop = try await ScratchShop {
                $0.experiments = [Self.experiment({ $0.replies = folder.path }, share: share)]
            }
            try shop.receive(question())
            #expect(try await shop.run().outcome == "answered answered")
            let text = try #require(try shop.replies().first).text
            #expect(text.contains("How good that you ask.") == (share == 1))
            #expect(text.contains("Our return and refund policy in short"), "the rest is as usual")
        }
    }

    @Test("the arm's models are asked, in its order; embedded is none of them; answers kept in one arm stay there")
    func models() async throws {
        for (names, expected) in [(["small"], ["small"]), (["small", "big"], ["small"]), ([], []), (nil, ["big"])] {
            let asked = Collector<String>()
            let shop = try await ScratchShop { $0.experiments = [Self.experiment({ $0.models = names })] }
            let chain = ModelChain(
                models: [NamedModel(name: "big", asked: asked), NamedModel(name: "small", asked: asked)], batch: nil,
                opinions: 1, kept: nil, logger: shop.surroundings().logger)
            try shop.receive(question())
            try await shop.run { $0.model = chain }
            // A draft that does not pass goes back to its author once.
            #expect(Set(await asked.all) == Set(expected), "\(String(describing: names))")
        }
    }

    @Test("tone, prompts and what is kept of answers are the arm's own; connections and budgets are shared")
    func tone() async throws {
        let folder = try ScratchFolder()
        let usual = "\(PackageFolder.templates)/prompts/manner.mustache"
        try folder.write(
            "manner.mustache", String(contentsOfFile: usual, encoding: .utf8) + "\nWrite short sentences.\n")
        let shop = try await ScratchShop {
            $0.models = [ModelConfiguration(url: "http://127.0.0.1:1/v1", name: "m", key: nil)]
            $0.answers.reuse = 3_600
            $0.experiments = [
                Self.experiment {
                    $0.tone = .warm
                    $0.prompts = folder.path
                }
            ]
        }
        let desk = try await shop.desk()
        func chain(_ way: Way?) throws -> ModelChain { try #require(way?.responding.model as? ModelChain) }
        let (own, control) = (try chain(desk.ways["trial/other"]), try chain(desk.ways["trial/control"]))
        let (one, other) = (
            try #require(own.models.first as? HostedModel), try #require(control.models.first as? HostedModel)
        )
        #expect(one.setting.tone == .warm && other.setting.tone == .friendly)
        let (mine, theirs) = (try await one.setting.templates(), try await other.setting.templates())
        #expect(mine.version != theirs.version)
        #expect(mine.canary == theirs.canary)
        #expect(own.kept?.arm == "trial/other" && control.kept?.arm == "trial/control")
        #expect(own.kept?.tone == .warm)
        #expect(try chain(desk.usualWay).kept?.arm == nil)
        // An answer of one arm is found in none of the others.
        let raw = RawMessage(id: 0, channel: "c", source: "x", arrival: shop.clock.now, bytes: question().bytes)
        var keys: Set<[UInt8]> = []
        for chain in [own, control, try chain(desk.usualWay)] {
            let brief = try await self.brief(of: raw, desk)
            keys.insert(try #require(try await chain.kept?.key(for: brief)))
        }
        #expect(keys.count == 3)
    }

    private func brief(of raw: RawMessage, _ desk: Desk) async throws -> Brief {
        var dossier = Dossier(raw)
        let message = try desk.parsing.parse(raw).next(noting: &dossier)
        let associated = try await desk.conversations.associate(message).next(noting: &dossier)
        let screened = try desk.screening.screen(associated).next(noting: &dossier)
        let heard = try await desk.listening.listen(screened).next(noting: &dossier)
        let identified = try await desk.identification.identify(heard).next(noting: &dossier)
        let redacted = try await desk.redacting.redact(identified).next(noting: &dossier)
        let triaged = try await desk.understanding.triage(redacted).next(noting: &dossier)
        return Brief(try await desk.grounding.ground(triaged).next(noting: &dossier))
    }

    // MARK: - Assignment

    @Test("a conversation stays in its arm: over its messages, restarts and a changed file", .onEachEngine)
    func stable() async throws {
        let shop = try await ScratchShop {
            $0.experiments = [Self.experiment({ $0.isHuman = true }, share: 0.5)]
            $0.limits.backstops.perSender = 20
        }
        for number in 0..<14 { try shop.receive(question(number), name: "a\(number)") }
        try await shop.run()
        let first = try await outcomes(shop)
        let assigned = try await arms(shop)
        #expect(first.count == 14 && Set(assigned) == ["control", "other"])
        for (outcome, arm) in first {
            #expect(outcome == (arm == "control" ? "answered answered" : "escalated trial-human"))
        }
        // Everybody would be in the other arm by now; those of control are answered all the same.
        var configuration = shop.configuration
        configuration.experiments = [Self.experiment({ $0.isHuman = true }, share: 1)]
        shop.clock.advance(by: 3_600)
        for number in 0..<14 {
            var mail = TestMail(subject: "Re: Returns", text: "And which payment methods do you accept?\n")
            mail.from = "person\(number)@mail.example"
            mail.inReplyTo = "q\(number)@mail.example"
            try shop.receive(mail, name: "b\(number)")
        }
        try await shop.run(Desk.build(configuration, shop.surroundings()))
        let second = try await outcomes(shop).dropFirst(14)
        #expect(second.count == 14)
        for (outcome, arm) in second {
            #expect(outcome == (arm == "control" ? "answered answered" : "escalated with-a-person"))
        }
        #expect(try await arms(shop) == assigned)
        // The plan is the one that it began with.
        configuration.experiments[0].plan.sample = 20
        #expect(try await Desk.experiments(configuration, now: shop.clock.now).first?.sample == 100)
    }

    @Test("a conversation that began before is in no experiment; nor is whom the desk does not answer")
    func outside() async throws {
        let shop = try await ScratchShop()
        try shop.receive(question())
        try await shop.run()
        var configuration = shop.configuration
        configuration.experiments = [Self.experiment({ $0.isHuman = true })]
        var next = TestMail(subject: "Re: Returns", text: "And which payment methods do you accept?\n")
        (next.from, next.inReplyTo) = ("person0@mail.example", "q0@mail.example")
        try shop.receive(next)
        #expect(
            try await shop.run(Desk.build(configuration, shop.surroundings())).outcome.hasPrefix("answered "))
        #expect(try await arms(shop).isEmpty)
        for change: @Sendable (inout DeskConfiguration) -> Void in [
            { $0.policy.defaultMode = .shadow }, { $0.policy.rollout = 0 },
        ] {
            let shop = try await ScratchShop {
                $0.experiments = [Self.experiment({ $0.isHuman = true })]
                change(&$0)
            }
            try shop.receive(question())
            #expect(try await shop.run().handled.first?.rule != "trial-human")
            #expect(try await arms(shop).isEmpty)
        }
    }

    // MARK: - Their end

    /// Conversations whose customers have said what they think of the answers.
    func fill(_ shop: ScratchShop, _ scores: [(arm: String, score: Int64)], age: TimeInterval) async throws {
        let ledger = try await shop.ledger()
        try await ledger.begin(Self.experiment(sample: 60), now: shop.clock.now.addingTimeInterval(-age))
        let at = SQLValue.integer(shop.clock.now.addingTimeInterval(-age).milliseconds)
        try await ledger.database.write { transaction in
            for (number, entry) in scores.enumerated() {
                let conversation = try Ledger.openConversation(
                    "AD-TEST\(number)", now: shop.clock.now.addingTimeInterval(-age), in: transaction)
                try transaction.execute(
                    "INSERT INTO trial (conversation, experiment, arm, at) VALUES ($1, 'trial', $2, $3)",
                    [.integer(conversation), .text(entry.arm), at])
                try transaction.execute(
                    """
                    INSERT INTO feedback (reply, conversation, message, vote, at, score)
                    VALUES ($1, $2, $3, 'no', $4, $5)
                    """,
                    [
                        .text("r\(number)"), .integer(conversation), .integer(Int64(100_000 + number)), at,
                        .integer(entry.score),
                    ])
            }
        }
    }

    @Test(
        "an arm that does harm: everybody is in control from then on, with an alarm wherever one looks", .onEachEngine)
    func harm() async throws {
        let folder = try ScratchFolder()
        let shop = try await ScratchShop {
            $0.experiments = [Self.experiment({ $0.isHuman = true }, sample: 60)]
            $0.metrics.file = "\(folder.path)/auradesk.prom"
        }
        try shop.receive(question())
        #expect(try await shop.run().outcome == "escalated trial-human")
        try await fill(
            shop, (0..<50).map { ($0 % 2 == 0 ? "control" : "other", $0 % 2 == 0 ? 5 : 1) }, age: 4 * 86_400)
        shop.clock.advance(by: 3_600)
        try await shop.run()
        let result = try #require(try await Desk.experiments(shop.configuration, now: shop.clock.now).first)
        #expect(result.state == .stopped && result.isHarm)
        #expect(result.comparisons.map(\.state) == [.control, .harmful])
        #expect(result.reason?.contains("satisfaction is worse than in control by more than 0.25 of 5") == true)
        #expect(result.comparisons.allSatisfy { $0.p == nil }, "nothing is decided before its end")
        try shop.receive(question(1))
        #expect(try await shop.run().outcome == "answered answered")
        let status = try await Desk.status(shop.configuration)
        #expect(status.experiments.first?.state == "stopped" && status.experiments.first?.isHarm == true)
        let entries = try await shop.ledger().newestAuditEntries(20)
        #expect(entries.contains { $0.kind == "experiment" && $0.detail.contains("stopped trial: the arm other") })
        let page = try String(contentsOfFile: "\(folder.path)/auradesk.prom", encoding: .utf8)
        #expect(page.contains(#"auradesk_experiment_harm{experiment="trial"} 1"#))
    }

    @Test("no harm: it goes on; with its sample it takes nobody in any more, and its figures stand", .onEachEngine)
    func finished() async throws {
        let shop = try await ScratchShop {
            $0.experiments = [Self.experiment({ $0.isHuman = true }, sample: 60)]
        }
        let scores: [(arm: String, score: Int64)] = (0..<100).map {
            ($0 % 2 == 0 ? "control" : "other", 3 + Int64($0 % 3))
        }
        try await fill(shop, scores, age: 4 * 86_400)
        try shop.receive(question())
        #expect(try await shop.run().outcome == "escalated trial-human")
        var result = try #require(try await Desk.experiments(shop.configuration, now: shop.clock.now).first)
        #expect(result.state == .running && result.comparisons.last?.state == .interim)
        #expect(result.comparisons.map(\.enrolled) == [50, 51])
        try await shop.ledger().database.write { transaction in
            for number in 0..<20 {
                try transaction.execute(
                    "INSERT INTO trial (conversation, experiment, arm, at) VALUES ($1, 'trial', $2, $3)",
                    [
                        .integer(Int64(50_000 + number)), .text(number % 2 == 0 ? "control" : "other"),
                        .integer(shop.clock.now.milliseconds),
                    ])
            }
        }
        shop.clock.advance(by: 3_600)
        try await shop.run()
        result = try #require(try await Desk.experiments(shop.configuration, now: shop.clock.now).first)
        #expect(result.state == .waiting)
        try shop.receive(question(1))
        #expect(try await shop.run().outcome == "answered answered")
        shop.clock.advance(by: 4 * 86_400)
        try await shop.run()
        result = try #require(try await Desk.experiments(shop.configuration, now: shop.clock.now).first)
        #expect(result.state == .finished && result.comparisons.last?.state == .noDifference)
        #expect(result.comparisons.last?.p != nil)
        // Whoever is forgotten later changes nothing of it.
        _ = try await shop.ledger().database.write { try $0.execute("DELETE FROM feedback", []) }
        let later = try #require(try await Desk.experiments(shop.configuration, now: shop.clock.now).first)
        #expect(later.comparisons == result.comparisons)
    }

    @Test("a person stops one, once, also before it begins; an unknown one is no experiment")
    func stopped() async throws {
        let shop = try await ScratchShop { $0.experiments = [Self.experiment({ $0.isHuman = true })] }
        _ = try await shop.ledger()
        let logger = shop.surroundings().logger
        for expected in [true, false] {
            let was = try await Desk.stopExperiment("trial", shop.configuration, logger, now: shop.clock.now)
            #expect(was == expected)
        }
        try shop.receive(question())
        #expect(try await shop.run().outcome == "answered answered")
        await #expect(throws: DeskError.self) {
            _ = try await Desk.stopExperiment("other", shop.configuration, logger, now: shop.clock.now)
        }
        let result = try #require(try await Desk.experiments(shop.configuration, now: shop.clock.now).first)
        #expect(result.state == .stopped && !result.isHarm && result.reason?.hasPrefix("stopped by ") == true)
    }

    @Test("who is forgotten is in no experiment any more; what is handed out to her names it")
    func forgotten() async throws {
        let shop = try await ScratchShop { $0.experiments = [Self.experiment({ $0.isHuman = true })] }
        try shop.receive(question())
        try await shop.run()
        let desk = try await shop.desk()
        let record = try await desk.export(["person0@mail.example"], into: "\(shop.folder.path)/export")
        let trial = try #require(record.conversations.first?.trials.first)
        #expect(trial.experiment == "trial" && trial.arm == "other")
        _ = try await desk.forget(["person0@mail.example"])
        #expect(try await arms(shop).isEmpty)
    }

    @Test("who comes again on the same matter, and whose matter is done, by the ledger's own rows", .onEachEngine)
    func histories() async throws {
        let shop = try await ScratchShop {
            $0.experiments = [Self.experiment()]
            $0.limits.backstops.perSender = 20
        }
        for number in 0..<3 { try shop.receive(question(number), name: "a\(number)") }
        try await shop.run()
        shop.clock.advance(by: 2 * 86_400)
        // The first asks the same in a new mail, the second something else, the third is silent.
        var again = question(0)
        again.id = "again@mail.example"
        again.text = "Hello, please tell me, what is your refund policy?\n"
        try shop.receive(again)
        var other = question(1)
        other.id = "else@mail.example"
        other.text = "Which payment methods do you accept?\n"
        try shop.receive(other)
        try await shop.run()
        shop.clock.advance(by: 20 * 86_400)
        let ledger = try await shop.ledger()
        let row = try #require(try await ledger.experiments().first)
        let histories = try await ledger.histories(of: row)
        let now = shop.clock.now
        #expect(histories.count == 5)
        // Those of one instant are in no order.
        let ends = histories.prefix(3).map { [$0.recurrence(now: now), $0.resolution(now: now)] }
        #expect(Set(ends) == [[true, false], [false, false], [false, true]])
    }

    // MARK: - desk.yaml

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

/// A model that is remembered to have been asked.
private struct NamedModel: LanguageModel {
    let name: String
    let asked: Collector<String>

    func draft(_ brief: Brief) async throws -> Draft {
        await asked.add(name)
        return Draft(
            body: "We answer soon.", language: brief.language, citations: [], author: .model(name), asksForPerson: nil)
    }
}
