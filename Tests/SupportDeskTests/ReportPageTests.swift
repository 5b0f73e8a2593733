import Foundation
import Testing
import Triage

@testable import SupportDesk

/// The report's page in headless Chromium: on a phone and a desktop, light, dark and printed, by keyboard and by ear.
@Suite("Report's page")
struct ReportPageTests {
    private static var policy: ReportPolicy {
        var policy = ReportPolicy()
        (policy.automation, policy.satisfaction, policy.firstContactResolution) = (0.65, 4.2, 0.85)
        (policy.recurrence, policy.replyTime, policy.baseline, policy.hourlyCost) = (0.05, 0.7, 18_000, 12)
        return policy
    }

    /// An experiment of which everything is known, or one that was stopped.
    private static func experiment(_ name: String, harm isHarm: Bool) -> ExperimentResult {
        let plan = Experiment.Plan(
            metric: isHarm ? .recurrence : .satisfaction, sample: 120,
            harm: ["satisfaction": 0.25, "recurrence": 0.05],
            arms: [Experiment.control, "warm", "human"])
        let entered = ScratchShop.start.addingTimeInterval(-40 * 86_400)
        let samples = plan.arms.enumerated().map { place, arm in
            let histories = (0..<120).map { number in
                var history = ConversationHistory(arm: arm, entered: entered)
                let comesBack = number % (9 - 2 * place) == 0
                history.contacts = [.init(message: 1, at: entered, answered: entered, matter: "m", isHere: true)]
                if comesBack {
                    history.contacts.append(
                        .init(message: 2, at: entered.addingTimeInterval(9_000), matter: "m", isHere: true))
                }
                history.score = Double([5, 4, 3, 5, 2][(number + place) % 5] - (number % 4 == 0 ? place / 2 : 0))
                return history
            }
            return ArmSample(name: arm, of: histories, now: ScratchShop.start)
        }
        var result = ExperimentResult(name, plan, samples)
        result.started = entered
        guard isHarm else { return result }
        (result.state, result.isHarm, result.ended) = (.stopped, true, entered.addingTimeInterval(20 * 86_400))
        result.reason =
            "the arm human does harm: recurrence is worse than in control by more than 5 points of a hundred"
        result.comparisons[2].state = .harmful
        return result
    }

    /// A report on months of mail that nobody wrote.
    private func report(days: Int, messages: Int) async throws -> Report {
        let folder = try ScratchFolder()
        let drill = try await ReportDrill(.file, state: folder.path, days: days)
        try await drill.fill(messages)
        let last = LocalDate(drill.now, in: ReportDrill.zone).dayNumber
        let wanted = last - days + 1...last
        let figures = try await drill.ledger.makeFigures(
            of: wanted, Self.policy, in: ReportDrill.zone, now: drill.now)
        let questions = (1...40).map { number in
            GapQuestion(
                text: [
                    "Do you repair pottery <that> broke & \"cracked\" in the oven?", "क्या आप उपहार लपेटते हैं?",
                    "Can [PERSON_1] pick a parcel up at [ADDRESS_1] herself?",
                ][number % 3], language: number % 3 == 1 ? "hi" : "en",
                intent: "out_of_scope")
        }
        let report = Report(
            figures,
            ReportBasis(
                shop: "Neem & Clay <Jaipur>", zone: ReportDrill.zone, policy: Self.policy, now: drill.now, days: wanted,
                queues: try await drill.ledger.queues(), gaps: questions,
                experiments: [
                    Self.experiment("warmer-words", harm: false), Self.experiment("no-templates", harm: true),
                ]))
        try await drill.close()
        return report
    }

    @Test("nothing is wrong with it on a phone and a desktop, light and dark, by keyboard and by ear, and printed")
    func inChromium() async throws {
        let report = try await report(days: 30, messages: 3_000)
        let html = try ReportPage(templates: PackageFolder.templates).text(report)
        #expect(html.utf8.count <= BrowsedPage.limit)
        let look = try BrowsedPage(html, named: "report.html")
        look.expectGood()
        look.expectUsable()
        #expect(look.tab.contains { $0.tag == "SUMMARY" } && look.tab.contains { $0.tag == "DIV" })
        let spoken = look.words
        #expect(spoken.contains("heading What was handled"))
        #expect(spoken.contains { $0.hasPrefix("image Questions by day") })
        #expect(spoken.contains { $0.hasPrefix("region") && $0.contains("Languages") })
        #expect(spoken.contains("heading Experiments") && spoken.contains("heading In the shadow"))
        #expect(html.contains("stopped because of harm") && html.contains("harmful"))
        #expect(look.print.nav == "none")
    }

    @Test("years fit into one file, and so does nothing at all")
    func extremes() async throws {
        let page = try ReportPage(templates: PackageFolder.templates)
        let long = try await report(days: 730, messages: 6_000)
        let years = try page.text(long)
        #expect(years.utf8.count <= BrowsedPage.limit)
        let empty = Report(
            [:],
            ReportBasis(
                shop: "New", zone: ReportDrill.zone, policy: ReportPolicy(), now: ScratchShop.start,
                days: 20_500...20_500,
                queues: QueueFigures(
                    intake: .init(count: 0, oldest: nil), outbox: .init(count: 0, oldest: nil),
                    drafts: .init(count: 0, oldest: nil), unanswered: nil)))
        let html = try page.text(empty)
        try BrowsedPage(html, named: "report.html").expectGood()
        #expect(html.contains("No question was without a good passage"))
    }

    @Test("what others wrote is text in it, and never a tag")
    func escaping() async throws {
        let report = try await report(days: 7, messages: 200)
        let html = try ReportPage(templates: PackageFolder.templates).text(report)
        #expect(!html.contains("<that>") && html.contains("&lt;that&gt;"))
        #expect(html.contains("Neem &amp; Clay &lt;Jaipur&gt;"))
        #expect(!html.contains("<script"))
    }
}
