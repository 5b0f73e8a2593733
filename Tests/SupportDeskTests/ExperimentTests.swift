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

    func question(_ number: Int = 0) -> TestMail {
        var mail = TestMail(subject: "Returns", text: "Hello, what is your refund policy?\n")
        mail.from = "person\(number)@mail.example"
        mail.id = "q\(number)@mail.example"
        return mail
    }

    func rows(_ sql: String, _ shop: ScratchShop) async throws -> [SQLRow] {
        try await shop.ledger().database.read { try $0.rows(sql, []) }
    }

    func arms(_ shop: ScratchShop) async throws -> [String] {
        try await rows("SELECT arm FROM trial ORDER BY conversation", shop).compactMap { $0.text("arm") }
    }

    /// What became of the messages, in the order of their numbers, each with its conversation's arm.
    func outcomes(_ shop: ScratchShop) async throws -> [(outcome: String, arm: String)] {
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

    func brief(of raw: RawMessage, _ desk: Desk) async throws -> Brief {
        Brief(try await desk.evidence(for: raw))
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
