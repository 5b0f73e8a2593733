import Foundation
import Testing

@testable import SupportDesk

/// The page of a replay in headless Chromium, as the report's page is looked at.
@Suite("Simulation's page") struct SimulationPageTests {
    /// As much as a page can hold: many intents, long texts without a space, in two scripts, with tags in them.
    private func report(_ intents: Int, texts: String) -> SimulationReport {
        var outcomes: [PastOutcome] = []
        for intent in 0..<intents {
            for number in 0..<30 {
                var outcome = PastOutcome(
                    arrival: 1_773_000_000_000 + Int64(outcomes.count) * 60_000, disposition: .answered,
                    rule: "answered", intent: "an_intent_with_a_long_name_\(intent)",
                    language: number % 2 == 0 ? "hi" : "en")
                outcome.certainty = 0.5 + Double(number % 10) * 0.05
                outcome.likeness = number % (3 + intent) == 0 ? .contrary : .same
                outcome.differing = ["date"]
                outcome.neededPerson = number % 2 == 0
                outcome.wait = Int64(number) * 60_000
                (outcome.question, outcome.desks, outcome.persons) = (texts, texts, texts)
                if number % 7 == 0 { outcome.gap = "\(texts.prefix(200)) \(intent) kiln glaze wheel" }
                outcomes.append(outcome)
            }
        }
        let threads = outcomes.enumerated().map { ThreadOutcome(key: "\($0.offset)", outcomes: [$0.element]) }
        return SimulationTally(threads, policy: DecisionPolicy(), backstops: Backstops(), goals: SimulationGoals())
            .report(
                SimulationReport.Basis(
                    read: outcomes.count, copies: 2, aside: 1, undated: 1, skipped: ["cur/1773.poison"],
                    conversations: threads.count, models: ["large"], areModelsAsked: false), zone: .gmt)
    }

    @Test("nothing is wrong with it on a phone and a desktop, light and dark, by keyboard and by ear, and printed")
    func inChromium() throws {
        let text = "My order <b>never</b> came & I wait since [DATE_1]: " + String(repeating: "नमस्ते दुनिया ", count: 110)
        let report = report(30, texts: text)
        let html = try report.page(templates: PackageFolder.templates)
        #expect(html.utf8.count <= BrowsedPage.limit, "\(html.utf8.count)")
        #expect(!html.contains("<b>never") && html.contains("&lt;b&gt;never"))
        #expect(report.differences.count == 20 && html.contains("cur/1773.poison"))
        let look = try BrowsedPage(html, named: "simulation.html")
        look.expectGood()
        look.expectUsable()
        let spoken = look.words
        #expect(spoken.contains("heading What the desk would have done"))
        #expect(spoken.contains { $0.hasPrefix("image Error against coverage for all") })
        #expect(spoken.contains("region Intents"))
    }

    @Test("a word without an end, and nothing at all") func extremes() throws {
        let endless = try report(2, texts: String(repeating: "x", count: 1_500)).page(
            templates: PackageFolder.templates)
        try BrowsedPage(endless, named: "simulation.html").expectGood()
        let empty = try report(0, texts: "").page(templates: PackageFolder.templates)
        try BrowsedPage(empty, named: "simulation.html").expectGood()
    }
}
