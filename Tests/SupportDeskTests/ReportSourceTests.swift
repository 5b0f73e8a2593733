import Foundation
import Mail
import Testing
import Triage

@testable import SupportDesk

/// What a report learns late or elsewhere: words that come when a day was long kept, answers on tickets, people's ratings, trials.
@Suite("Report's sources", .onEachEngine)
struct ReportSourceTests {
    private func report(_ shop: ScratchShop, days: Int = 30) async throws -> Report {
        let today = LocalDate(shop.clock.now, in: shop.configuration.shop.timeZone).dayNumber
        return try await Desk.report(on: today - days + 1...today, shop.configuration, now: shop.clock.now)
    }

    private func vote(_ word: String, on reply: Message) throws -> TestMail {
        let line = try #require(reply.text.split(separator: "\n").first { $0.contains("subject=\(word)%20") })
        let subject = try #require(line.split(separator: "=").last.flatMap { String($0).removingPercentEncoding })
        return TestMail(subject: subject, text: "\n")
    }

    @Test("a word that comes when its day was long kept changes what became of that day's answer")
    func lateWord() async throws {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        try await shop.run()
        let reply = try #require(try shop.replies().first)
        shop.clock.advance(by: 20 * 86_400)
        var report = try await report(shop)
        #expect((report.resolution.silent, report.resolution.denied) == (1, 0))
        let ledger = try await shop.ledger()
        func days() async throws -> [SQLRow] {
            try await ledger.database.read { try $0.rows("SELECT day, made_at FROM rollup ORDER BY day", []) }
        }
        let kept = try await days()
        #expect(kept.count == 10)
        // That a day is made anew is told by the time at which it was kept.
        shop.clock.advance(by: 3_600)
        try shop.receive(try vote("No", on: reply))
        try await shop.run()
        report = try await self.report(shop)
        #expect((report.resolution.silent, report.resolution.denied) == (0, 1))
        #expect(report.satisfaction.stars == [1, 0, 0, 0, 0])
        // Only that day was made anew, and is kept again.
        shop.clock.advance(by: 60)
        report = try await self.report(shop)
        #expect(report.resolution.denied == 1)
        let now = try await days()
        #expect(zip(kept, now).filter { $0.integer("made_at") != $1.integer("made_at") }.count == 1)
        let news = try await ledger.database.read { try $0.rows("SELECT id FROM rollup_news", []) }
        #expect(news.isEmpty)
    }

    @Test("a draft that is sent when its day was long kept is no longer one that waits")
    func lateDraft() async throws {
        let shop = try await ScratchShop {
            $0.policy.defaultMode = .draft
            $0.draftPolicy.expiry = 60 * 86_400
        }
        try shop.receive(.whereIsIt())
        try await shop.run()
        shop.clock.advance(by: 20 * 86_400)
        #expect(try await report(shop).handled.waiting == 1)
        let id = try #require(try await Desk.drafts(shop.configuration, all: false).last?.id)
        _ = try await shop.desk().approve(id)
        try await shop.run()
        let report = try await report(shop)
        #expect((report.handled.waiting, report.handled.approved) == (0, 1))
        #expect(report.responseTimes.people.count == 1)
    }

    @Test("what an agent wrote to the customer on the ticket alone counts as an answer of people's, with its own time")
    func onTheTicket() async throws {
        let shop = try await ScratchShop()
        try shop.receive(
            TestMail(
                from: "asha@mail.example", subject: "Angry",
                text: "This is outrageous, the worst shop ever. I am furious and I will sue you!\n"))
        try await shop.run()
        let ticket = try #require(shop.tickets().first)
        shop.clock.advance(by: 1_800)
        try await shop.run()
        #expect(try await report(shop).responseTimes.people.count == 0)
        let file = "\(shop.folder.path)/tickets/\(ticket)/agent-9.txt"
        try DurableFile.write(Array("From: asha\n\nWe are sorry, and send you a new one.".utf8), to: file)
        try FileManager.default.setAttributes(
            [.modificationDate: shop.clock.now.addingTimeInterval(3_600)], ofItemAtPath: file)
        shop.clock.advance(by: 86_400)
        try await shop.run()
        var report = try await report(shop)
        let time = try #require(report.responseTimes.people.p50)
        #expect(abs(time - (60 + 1_800 + 3_600)) < 60)
        #expect(report.promise.people.count == 1)
        #expect(report.handover.count == 0)
        // Nothing more is asked of that ticket.
        let waiting = try await shop.ledger().database.read { try $0.rows("SELECT message FROM answer_wait", []) }
        #expect(waiting.isEmpty)
        shop.clock.advance(by: 4 * 86_400)
        report = try await self.report(shop)
        #expect(report.firstContactResolution.share == 1)
    }

    @Test("ratings count by the weight with which their answers were drawn, as on the desk's own list of them")
    func weights() async throws {
        let shop = try await ScratchShop { $0.limits.backstops.perSender = 20 }
        for number in 0..<4 {
            var mail = TestMail.whereIsIt()
            mail.id = "m\(number)@mail.example"
            try shop.receive(mail, name: "a\(number)")
            try await shop.run()
            shop.clock.advance(by: 86_400)
        }
        let ledger = try await shop.ledger()
        let items = try await shop.desk().reviewQueue().map(\.id)
        try #require(items.count >= 3)
        for (id, weight) in zip(items, [1.0, 20, 40]) {
            _ = try await ledger.database.write {
                try $0.execute("UPDATE sample SET weight = $1 WHERE message = $2", [.real(weight), .integer(id)])
            }
        }
        let desk = try await shop.desk()
        for (id, verdict) in zip(items, [ReplyRating.Verdict.wrong, .right, .wrong]) {
            _ = try await desk.rate(id, ReplyRating(verdict, tone: verdict == .right ? 5 : 1))
        }
        let sample = try await report(shop).accuracy.sample
        let share = try #require(sample.share)
        #expect(abs(share - 20.0 / 61) < 1e-12)
        #expect((sample.right, sample.wrong, sample.drawn) == (1, 2, items.count))
        let tone = try #require(sample.tone)
        #expect(abs(tone - (41.0 + 100) / 61) < 1e-12)
        let figures = try await desk.reviewFigures().compactMap(\.accuracy)
        #expect(figures.count == 1 && abs((figures.first?.share ?? 0) - share) < 1e-12)
        #expect(figures.first?.lower == sample.low && figures.first?.upper == sample.high)
        let group = try await report(shop).intents.first { $0.name == "track_order" }?.accuracy
        #expect(group?.share == share && group?.of == 3)
    }

    @Test("experiments and what was only watched are in it, in every form")
    func trials() async throws {
        var arm = Experiment.Arm(name: "other", share: 1)
        arm.isHuman = true
        let experiment = Experiment(
            name: "trial", intents: ["get_refund", "check_refund_policy"],
            arms: [Experiment.Arm(name: Experiment.control, share: 0), arm],
            plan: Experiment.Plan(
                metric: .recurrence, sample: 100, harm: ["recurrence": 0.05], arms: [Experiment.control, "other"]))
        let shop = try await ScratchShop {
            $0.experiments = [experiment]
            $0.policy.modes["track_order"] = .shadow
        }
        try shop.receive(TestMail(subject: "Returns", text: "Hello, what is your refund policy?\n"))
        #expect(try await shop.run().outcome == "escalated trial-human")
        try shop.receive(TestMail.whereIsIt())
        #expect(try await shop.run().outcome == "escalated mode-shadow")
        var report = try await report(shop)
        #expect(report.shadows.map(\.waiting) == [1])
        _ = try await shop.ledger().database.write { try $0.execute("UPDATE shadow SET verdict = 'same'", []) }
        report = try await self.report(shop)
        let trial = try #require(report.experiments.first)
        #expect(
            (trial.name, trial.state, trial.plan.metric, trial.plan.sample) == ("trial", "running", "recurrence", 100))
        #expect(trial.arms.map(\.name) == ["control", "other"] && trial.arms.map(\.enrolled) == [0, 1])
        #expect(trial.arms.map(\.state) == ["control", "interim"])
        let shadow = try #require(report.shadows.first)
        #expect((shadow.name, shadow.compared, shadow.agreement.share) == ("track_order", 1, 1))
        let rows = try report.rows()
        #expect(rows.contains(Report.Row(figure: "experiments.arms.enrolled", key: "trial other", value: "1")))
        #expect(rows.contains(Report.Row(figure: "experiments.plan.metric", key: "trial", value: "recurrence")))
        #expect(rows.contains(Report.Row(figure: "shadows.agreement.count", key: "track_order", value: "1")))
        let html = try ReportPage(templates: PackageFolder.templates).text(report)
        #expect(html.contains(#"<section id="experiments""#) && html.contains(#"<section id="shadow""#))
        // One that was over before these days is none of them; who stopped it is nobody's business.
        shop.clock.advance(by: 3_600)
        _ = try await shop.ledger().stop("trial", isHarm: false, reason: "stopped by asha", now: shop.clock.now)
        #expect(!(try await self.report(shop).json().contains("asha")))
        shop.clock.advance(by: 40 * 86_400)
        report = try await self.report(shop)
        #expect(report.experiments.isEmpty && report.shadows.isEmpty)
    }

    @Test("of questions without a good passage so many are drawn of a day, by chance, in whatever order they come")
    func draw() {
        func drawn(_ messages: some Sequence<Int64>) -> [Int64] {
            var figures = DayFigures()
            for message in messages { figures.drawGap(message) }
            figures.finishDrawing()
            return figures.gapSample
        }
        let all = drawn(1...10_000)
        #expect(all.count == DayReader.mostGaps)
        #expect(all == drawn((1...10_000).reversed()))
        // From one end to the other.
        #expect(all.contains { $0 < 2_000 } && all.contains { $0 > 8_000 })
        #expect(drawn([7, 3]).sorted() == [3, 7])
    }

    @Test("days that are missing are made together where they are near each other, and no others with them")
    func runs() {
        #expect(Ledger.runs([], apart: 11).isEmpty)
        #expect(Ledger.runs([1, 2, 9, 40, 41, 300], apart: 11) == [1...9, 40...41, 300...300])
    }
}
