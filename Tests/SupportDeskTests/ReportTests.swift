import Foundation
import Mail
import Testing
import Triage

@testable import SupportDesk

/// The figures of `auradesk report`, from what a desk really did and from ledgers that were filled for it.
@Suite("Report", .onEachEngine)
struct ReportTests {
    private func report(_ shop: ScratchShop, days: Int = 30) async throws -> Report {
        let today = LocalDate(shop.clock.now, in: shop.configuration.shop.timeZone).dayNumber
        return try await Desk.report(on: today - days + 1...today, shop.configuration, now: shop.clock.now)
    }

    private func vote(_ word: String, on reply: Message) throws -> TestMail {
        let line = try #require(reply.text.split(separator: "\n").first { $0.contains("subject=\(word)%20") })
        let subject = try #require(line.split(separator: "=").last.flatMap { String($0).removingPercentEncoding })
        return TestMail(subject: subject, text: "\n")
    }

    @Test("what was answered, by whom, how fast, and what customers said of it")
    func whatHappened() async throws {
        let shop = try await ScratchShop { $0.report.automation = 0.65 }
        try shop.receive(.whereIsIt(), age: 90)
        try await shop.run()
        try shop.receive(try vote("Yes", on: #require(try shop.replies().first)))
        try shop.receive(
            TestMail(
                from: "asha@mail.example", subject: "Angry",
                text: "This is outrageous, the worst shop ever. I am furious and I will sue you!\n"))
        try await shop.run()
        let report = try await report(shop)
        #expect(report.handled.messages == 3)
        #expect(report.handled.questions == 2)
        #expect((report.handled.automatic, report.handled.escalated, report.handled.ignored) == (1, 1, 1))
        #expect(report.handled.customers == 2)
        #expect(report.automation.share == 0.5)
        #expect(report.resolution.confirmed == 1)
        #expect(report.resolution.rate.share == 1)
        #expect(report.firstContactResolution.count == 1)
        #expect(report.deflection.share == 0.5)
        #expect(report.satisfaction.score.mean == 5)
        #expect(report.satisfaction.stars == [0, 0, 0, 0, 1])
        let median = try #require(report.responseTimes.automatic.p50)
        #expect(abs(median - 90) < 2)
        #expect(report.escalations.map(\.count) == [1])
        #expect(report.intents.first { $0.name == "track_order" }?.automation.count == 1)
        #expect(report.languages.map(\.name) == ["en"])
        let target = try #require(report.targets.first)
        #expect((target.name, target.isMet) == ("automation", false))
        // The kept days of a desk that has none are those that it makes.
        #expect(report.days.map(\.questions).reduce(0, +) == 2)
    }

    @Test("an answer counts when nothing more comes for days, and not when she writes again, wherever")
    func honest() async throws {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        try await shop.run()
        #expect(try await report(shop).resolution.pending == 1)
        shop.clock.advance(by: 3 * 86_400 + 60)
        var report = try await report(shop)
        #expect((report.resolution.silent, report.resolution.pending) == (1, 0))
        #expect(report.recurrence.of == 0)
        // The same matter after five days: it was silent for as long as is waited, and came back within a week.
        shop.clock.advance(by: 2 * 86_400)
        try shop.receive(.whereIsIt())
        try await shop.run()
        report = try await self.report(shop)
        #expect((report.resolution.silent, report.resolution.pending) == (1, 1))
        // Its week is not over: who comes back would be counted before who does not.
        #expect(report.recurrence.of == 0)
        // Something else after a day, in a conversation of its own: the second answer did not settle it for her.
        shop.clock.advance(by: 86_400)
        try shop.receive(TestMail(subject: "Question", text: "Hello, do you deliver to Goa, and what does it cost?\n"))
        try await shop.run()
        report = try await self.report(shop)
        #expect((report.resolution.returned, report.resolution.silent) == (1, 1))
        shop.clock.advance(by: 86_400 + 3_600)
        report = try await self.report(shop)
        #expect((report.recurrence.count, report.recurrence.of) == (1, 1))
    }

    @Test("what a person sends of a draft tells how right it was, and how long she took")
    func drafts() async throws {
        let shop = try await ScratchShop { $0.policy.defaultMode = .draft }
        for number in ["NC-104233", "NC-104233"] {
            try shop.receive(.whereIsIt(number), age: 120)
            try await shop.run()
            shop.clock.advance(by: 600)
        }
        let drafts = try await Desk.drafts(shop.configuration, all: false)
        let id = try #require(drafts.last?.id)
        let desk = try await shop.desk()
        _ = try await desk.approve(id)
        try await shop.run()
        let report = try await report(shop)
        #expect(report.handled.approved == 1)
        #expect((report.accuracy.asWritten, report.accuracy.drafts.count) == (1, 1))
        #expect(report.responseTimes.people.count == 1)
        let handling = try #require(report.handling.p50)
        #expect(abs(handling - 600) < 12)
    }

    @Test("questions that no article answers come together, and show placeholders in place of people")
    func gaps() async throws {
        let shop = try await ScratchShop()
        for (index, words) in [
            "Do you give pottery classes for children on weekends? Write to meera.nair@home.example please.",
            "My name is Meera Nair. Are there pottery classes for children, perhaps on a weekend?",
            "Which wine goes with a dinner for eight people on a ship?",
        ].enumerated() {
            try shop.receive(
                TestMail(name: "Meera Nair", from: "meera.nair@home.example", subject: "Question \(index)", text: words)
            )
        }
        try await shop.run()
        let report = try await report(shop)
        #expect(report.gaps.questions.count >= 2)
        let cluster = try #require(report.gaps.clusters.first)
        #expect(cluster.count == 2)
        #expect(cluster.words.contains { $0.hasPrefix("class") || $0.hasPrefix("potter") })
        let text = try report.json()
        #expect(!text.contains("meera") && !text.contains("Meera") && !text.contains("Nair"))
        #expect(cluster.examples.count == 2)
        #expect(cluster.examples.contains { $0.contains("Write to [EMAIL_1]") })
    }

    @Test("days that are over are kept as they were, and are the same as from the messages")
    func rollUps() async throws {
        let folder = try ScratchFolder()
        let store = try await LedgerEngine.current.store(for: folder.path)
        let drill = try await ReportDrill(store, state: folder.path, days: 40)
        try await drill.fill(1_500)
        let last = LocalDate(drill.now, in: ReportDrill.zone).dayNumber
        let days = last - 45...last
        let fresh = try await drill.ledger.makeFigures(
            of: last - 40...last, drill.policy, in: ReportDrill.zone, now: drill.now)
        #expect(fresh.values.reduce(0) { $0 + $1.total[.messages] } == 1_500)
        #expect(fresh.values.contains { $0.total[.returned] > 0 } && fresh.values.contains { $0.total[.recurred] > 0 })
        func figures() async throws -> [Int: DayFigures] {
            try await drill.ledger.figures(of: days, drill.policy, in: ReportDrill.zone, now: drill.now)
        }
        #expect(try await figures() == fresh)
        let kept = try await drill.ledger.database.read { transaction in
            try transaction.rows("SELECT day FROM rollup ORDER BY day", []).compactMap { $0.integer("day") }
        }
        #expect(
            kept.count == Ledger.lastClosedDay(drill.policy, in: ReportDrill.zone, now: drill.now) - (last - 40) + 1)
        #expect(try await figures() == fresh)
        // What is gone from the messages is still in the days that were kept, and only there.
        try await drill.ledger.database.write { transaction in
            try transaction.execute("UPDATE message SET person = NULL, intent = NULL, conversation = NULL", [])
            return
        }
        let later = try await figures()
        for (day, figures) in later { #expect((figures == fresh[day]) == (day <= last - 11), "\(day - last)") }
        // Another basis makes them anew.
        var policy = drill.policy
        policy.resolvedAfter = 86_400
        let other = try await drill.ledger.figures(of: days, policy, in: ReportDrill.zone, now: drill.now)
        #expect(other[last - 30] != fresh[last - 30])
        try await drill.close()
    }

    @Test("a run keeps the days that are over, some at a time")
    func housekeeping() async throws {
        let folder = try ScratchFolder()
        let store = try await LedgerEngine.current.store(for: folder.path)
        let drill = try await ReportDrill(store, state: folder.path, days: 40)
        try await drill.fill(400)
        func keep() async throws -> Int {
            try await drill.ledger.rollUp(drill.policy, in: ReportDrill.zone, now: drill.now)
        }
        #expect(try await [keep(), keep(), keep(), keep()] == [14, 14, 2, 0])
        let last = LocalDate(drill.now, in: ReportDrill.zone).dayNumber
        let fresh = try await drill.ledger.makeFigures(
            of: last - 40...last, drill.policy, in: ReportDrill.zone, now: drill.now)
        let days = try await drill.ledger.figures(
            of: last - 40...last, drill.policy, in: ReportDrill.zone, now: drill.now)
        #expect(days == fresh)
        try await drill.close()
    }

    @Test("every figure of the JSON is a line of the CSV")
    func lines() async throws {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        try await shop.run()
        let report = try await report(shop)
        let rows = try report.rows()
        func value(_ figure: String, _ key: String = "") -> String? {
            rows.first { $0.figure == figure && $0.key == key }?.value
        }
        #expect(value("handled.automatic") == "1")
        #expect(value("automation.share") == "1")
        #expect(value("intents.questions", "track_order") == "1")
        #expect(value("responseTimes.byHour.questions", "14") != nil)
        #expect(value("promise.isLate") == "false")
        let lines = try report.csv().split(separator: "\r\n")
        #expect(lines.first == "figure,key,value")
        #expect(lines.count == rows.count + 1)
        #expect(Set(rows.map { "\($0.figure) \($0.key)" }).count == rows.count)
    }

    @Test("no text of somebody else is a formula to a spreadsheet; numbers stay numbers")
    func spreadsheet() {
        for text in ["=1+1", "+1|cmd", "-2+3+cmd", "@sum", "\tx"] { #expect(Report.field(text) == "'" + text) }
        for text in ["-2.5", "+3", "4", "track_order", ""] { #expect(Report.field(text) == text) }
        #expect(Report.field("a \"b\", c") == "\"a \"\"b\"\", c\"")
    }

    @Test("who is forgotten is in no figure of hers any more")
    func forgotten() async throws {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        try await shop.run()
        let desk = try await shop.desk()
        _ = try await desk.forget(["priya.sharma@mail.example"])
        let rows = try await shop.ledger().database.read { transaction in
            try transaction.rows("SELECT person, sentiment, fit, findings FROM message", [])
        }
        #expect(rows.count == 1)
        #expect(rows.allSatisfy { $0.blob("person") == nil && $0.real("sentiment") == nil && $0.real("fit") == nil })
    }
}
