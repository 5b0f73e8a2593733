import Foundation
import Mail
import TestServers
import Testing

@testable import SupportDesk

/// Experiments through the whole desk, with a model behind HTTP: what it was asked, and what the customer read.
@Suite("Experiments on a desk at work")
struct ExperimentDeskTests {
    /// What is different in the other arm.
    enum Change: CaseIterable, Sendable {
        case tone, prompts, models

        func make(_ arm: inout Experiment.Arm, _ prompts: String) {
            switch self {
            case .tone: arm.tone = .warm
            case .prompts: arm.prompts = prompts
            case .models: arm.models = ["small"]
            }
        }

        /// Whether a model was asked in the other arm's way.
        func isMade(in request: ChatModelServer.Request) -> Bool {
            let text = request.messages.map(\.content).joined(separator: "\n")
            return switch self {
            case .tone: text.contains("Tone: warm and personal")
            case .prompts: text.contains("Write short sentences.")
            case .models: request.model == "small"
            }
        }
    }

    private static let usual = "You can return any unused item within 30 days of delivery and get your money back."
    private static let other =
        usual
        + " The refund is paid to your original payment method 5–7 business days after the return arrives with us."

    /// A desk at work, with a model that answers each arm otherwise.
    private struct Scene {
        let server: ChatModelServer
        let shop: ScratchShop
        let desk: Desk
        let change: Change
        let prompts: ScratchFolder
        let log: LogLines

        init(
            _ change: Change, share: Double, _ configure: (inout DeskConfiguration) -> Void = { _ in }
        ) async throws {
            self.change = change
            server = try ChatModelServer { request in
                .content(
                    ModelFaultTests.answer(
                        change.isMade(in: request) ? ExperimentDeskTests.other : ExperimentDeskTests.usual,
                        citations: ["returns-policy"]))
            }
            prompts = try ScratchFolder()
            let manner = try String(
                contentsOfFile: "\(PackageFolder.templates)/prompts/manner.mustache", encoding: .utf8)
            try prompts.write("manner.mustache", manner + "\n- Write short sentences.\n")
            let (server, prompts) = (server, prompts)
            shop = try await ScratchShop {
                $0.models = ["big", "small"].map {
                    ModelConfiguration(url: server.baseURL, name: $0, key: server.apiKey)
                }
                $0.experiments = [
                    ExperimentTests.experiment({ change.make(&$0, prompts.path) }, share: share, sample: 60)
                ]
                configure(&$0)
            }
            let log = LogLines(from: .error)
            self.log = log
            desk = try await shop.desk { $0.logger = log.logger }
        }

        /// One mail through the desk: what became of it, and in which way models were asked for it.
        func ask(_ number: Int, _ text: String, inReplyTo former: String? = nil) async throws -> (
            outcome: String, ways: Set<Bool>
        ) {
            let before = server.requests.count
            var mail = TestMail(subject: "Returns \(number)", text: text + "\n")
            mail.from = "person\(number)@mail.example"
            mail.id = former == nil ? "q\(number)@mail.example" : "again\(number)@mail.example"
            mail.inReplyTo = former
            try shop.receive(mail)
            let outcome = try await shop.run(desk).outcome
            return (outcome, Set(server.requests.dropFirst(before).map(change.isMade)))
        }

        func question(_ number: Int) async throws -> (outcome: String, ways: Set<Bool>) {
            try await ask(number, "Hello, what is your refund policy?")
        }

        func arms() async throws -> [String] {
            let ledger = try await shop.ledger()
            let rows = try await ledger.database.read {
                try $0.rows("SELECT arm FROM trial ORDER BY conversation", [])
            }
            try await ledger.close()
            return rows.compactMap { $0.text("arm") }
        }
    }

    @Test(
        "each conversation is answered in its arm's way, from its first message to its last", arguments: Change.allCases
    )
    func answered(change: Change) async throws {
        let scene = try await Scene(change, share: 0.5)
        var first: [Bool: Int] = [:]
        for number in 0..<40 where first.count < 2 {
            let (outcome, ways) = try await scene.question(number)
            #expect(outcome == "answered answered")
            let arms = try await scene.arms()
            #expect(arms.count == number + 1)
            let isOther = arms.last == "other"
            #expect(ways == [isOther])
            let reply = try #require(
                try scene.shop.replies().first { $0.to.first?.address == "person\(number)@mail.example" })
            #expect(reply.text.contains(Self.usual))
            #expect(reply.text.contains("original payment method") == isOther)
            if first[isOther] == nil { first[isOther] = number }
        }
        #expect(first.count == 2, "both arms were drawn")
        let assigned = try await scene.arms()
        for (isOther, number) in first {
            let again = try await scene.ask(
                number, "And how are the 30 days counted, please?", inReplyTo: "q\(number)@mail.example")
            #expect(again.ways == [isOther], "\(again.outcome)")
        }
        #expect(try await scene.arms() == assigned, "nobody was assigned twice")
        #expect(scene.server.refusals.isEmpty)
        await scene.server.stop()
    }

    @Test("where people approve answers they get the arm's; what they make of it tells of the arm's accuracy")
    func drafted() async throws {
        for share in [1.0, 0] {
            let scene = try await Scene(.prompts, share: share) { $0.policy.defaultMode = .draft }
            #expect(try await scene.question(0).outcome == "drafted mode-draft")
            let ledger = try await scene.shop.ledger()
            let draft = try #require(try await ledger.drafts(all: false, limit: 1).first)
            #expect(try await ledger.record(of: draft).text.contains("original payment method") == (share == 1))
            // An approval of a draft that was changed says that it was not right, also when its text has gone.
            for (likeness, isRight) in [(SQLValue.real(0.5), false), (.real(1), true), (.null, true)] {
                try await ledger.database.write { transaction in
                    try transaction.execute(
                        "UPDATE draft SET state = 'approved', likeness = $1, sealed = $2", [likeness, .blob([])])
                    return
                }
                let row = try #require(try await ledger.experiments().first)
                #expect(try await ledger.histories(of: row).map(\.isRight) == [isRight])
            }
            try await ledger.close()
            await scene.server.stop()
        }
    }

    @Test("once it is stopped everybody goes the usual way: newcomers, and who was in the other arm")
    func stopped() async throws {
        let scene = try await Scene(.tone, share: 1)
        #expect(try await scene.question(0).ways == [true])
        #expect(
            try await Desk.stopExperiment(
                "trial", scene.shop.configuration, scene.shop.surroundings().logger, now: scene.shop.clock.now))
        #expect(try await scene.question(1).ways == [false])
        let again = try await scene.ask(0, "And how are the 30 days counted, please?", inReplyTo: "q0@mail.example")
        #expect(again.ways == [false])
        #expect(try await scene.arms() == ["other"])
        await scene.server.stop()
    }

    @Test("a desk at work stops an arm that does harm by itself, and raises an alarm")
    func harm() async throws {
        let scene = try await Scene(.tone, share: 1)
        #expect(try await scene.question(0).ways == [true])
        try await ExperimentTests().fill(
            scene.shop, (0..<50).map { ($0 % 2 == 0 ? "control" : "other", $0 % 2 == 0 ? 5 : 1) }, age: 4 * 86_400)
        #expect(!scene.log.messages.contains("an experiment was stopped"))
        scene.shop.clock.advance(by: 3_600)
        // The look comes with the run, whatever came in.
        try await scene.shop.run(scene.desk)
        #expect(scene.log.messages.contains("an experiment was stopped"))
        #expect(try await scene.question(1).ways == [false])
        #expect(try await scene.arms().count == 51)
        let result = try #require(
            try await Desk.experiments(scene.shop.configuration, now: scene.shop.clock.now).first)
        #expect(result.state == .stopped && result.isHarm)
        await scene.server.stop()
    }
}
