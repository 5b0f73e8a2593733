import Foundation
import Mail
import Testing

@testable import SupportDesk

/// How an experiment ends, for all and for one customer.
extension ExperimentTests {

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

}
