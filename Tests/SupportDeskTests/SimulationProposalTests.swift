import Foundation
import Testing

@testable import SupportDesk

/// What is proposed follows from what is known of the past, at the limits of each rule.
@Suite("Simulation's proposals") struct SimulationProposalTests {
    /// So many answers to an intent, each with its certainty, right or wrong.
    private func outcomes(
        _ count: Int, _ certainty: Double, _ likeness: Likeness, intent: String = "track_order", heldBack: Bool = false
    ) -> [PastOutcome] {
        (0..<count).map { number in
            var outcome = PastOutcome(
                arrival: 1_773_000_000_000 + Int64(number) * 1_000, disposition: .answered, rule: "answered",
                intent: intent, language: "en")
            (outcome.certainty, outcome.threshold, outcome.likeness) = (certainty, 0.55, likeness)
            outcome.isHeldBack = heldBack
            return outcome
        }
    }

    private func report(_ outcomes: [PastOutcome], maximumError: Double = 0.05) -> SimulationReport {
        var goals = SimulationGoals()
        goals.maximumError = maximumError
        let threads = outcomes.enumerated().map { ThreadOutcome(key: "\($0.offset)", outcomes: [$0.element]) }
        return SimulationTally(threads, policy: DecisionPolicy(), backstops: .wide, goals: goals)
            .report(
                SimulationReport.Basis(
                    read: outcomes.count, copies: 0, aside: 0, undated: 0, skipped: [], conversations: threads.count,
                    models: [], areModelsAsked: false), zone: .gmt)
    }

    private func proposal(_ outcomes: [PastOutcome], maximumError: Double = 0.05) throws -> SimulationReport.Proposal {
        try #require(report(outcomes, maximumError: maximumError).intents.first { $0.intent == "track_order" }).proposal
    }

    @Test("auto: only where the bound is ruled out, and from the lowest threshold at which it is") func auto() throws {
        // Wilson's upper bound of none in 73 is 4.999 %, of none in 72 is 5.065 %.
        let enough = try proposal(outcomes(73, 0.9, .same))
        #expect(enough.mode == .auto && enough.threshold == 0.3)
        #expect(enough.reason.contains("0 of 73 answers were wrong"))
        #expect(try proposal(outcomes(72, 0.9, .same)).mode == .draft)
        // Ten wrong ones of which the desk was less sure: they are left to people.
        let mixed = outcomes(73, 0.9, .same) + outcomes(10, 0.52, .contrary)
        let above = try proposal(mixed)
        #expect(above.mode == .auto && above.threshold == 0.55)
        #expect(above.reason.contains("73 of 83 messages would be answered"))
        // As sure as of the right ones, no threshold parts them.
        let sure = try proposal(outcomes(73, 0.9, .same) + outcomes(10, 0.9, .contrary))
        #expect(sure.mode == .draft)
        // Every kind of wrong answer counts, and what nobody can judge counts for nothing.
        for wrong in [Likeness.less, .contrary, .other, .acted] {
            #expect(try proposal(outcomes(73, 0.9, .same) + outcomes(1, 0.9, wrong)).mode == .draft, "\(wrong)")
        }
        #expect(try proposal(outcomes(73, 0.9, .same) + outcomes(50, 0.9, .unclear)).mode == .auto)
        #expect(try proposal(outcomes(72, 0.9, .same) + outcomes(50, 0.9, .unclear)).mode == .draft)
        // Nor does what another rule holds back.
        let held = outcomes(72, 0.9, .same) + outcomes(50, 0.9, .same, heldBack: true)
        #expect(try proposal(held).mode == .draft)
        #expect(try proposal(outcomes(20, 0.9, .same), maximumError: 0.2).mode == .auto)
    }

    @Test("draft: what may be right but is not proved, and what people correct now and then") func draft() throws {
        let few = try proposal(outcomes(10, 0.9, .same))
        #expect(few.mode == .draft && few.threshold == 0.3)
        #expect(few.reason.contains("it takes 73 without a fault"))
        // The lowest threshold at which the measured error is within bounds.
        let doubtful = try proposal(outcomes(20, 0.9, .same) + outcomes(20, 0.6, .less))
        #expect(doubtful.mode == .draft && doubtful.threshold == 0.65)
        // Three in ten wrong, whatever the threshold: drafts help; more, and they do not.
        let some = try proposal(outcomes(70, 0.9, .same) + outcomes(30, 0.9, .less))
        #expect(some.mode == .draft && some.threshold != nil)
        #expect(try proposal(outcomes(69, 0.9, .same) + outcomes(31, 0.9, .less)).mode == .shadow)
    }

    @Test("shadow and off: without a threshold, on every page") func shadow() throws {
        let wrong = outcomes(40, 0.9, .same) + outcomes(60, 0.9, .contrary)
        let proposal = try proposal(wrong)
        #expect(proposal.mode == .shadow && proposal.threshold == nil)
        #expect(proposal.reason.contains("60 of 100"))
        let unjudged = try self.proposal(outcomes(40, 0.9, .unclear))
        #expect(unjudged.mode == .shadow && unjudged.threshold == nil)
        let held = try self.proposal(outcomes(4, 0.9, .same, heldBack: true))
        #expect(held.mode == .off && held.threshold == nil)
        let report = report(wrong + outcomes(73, 0.9, .same, intent: "cancel_order"))
        let text = report.text()
        #expect(report.proposalLines.contains("  track_order: shadow"))
        #expect(report.proposalLines.contains("  cancel_order: auto"))
        #expect(report.proposalLines.contains("  cancel_order: 0.3"))
        #expect(!report.proposalLines.contains { $0.hasPrefix("  track_order: 0") })
        #expect(!text.contains("shadow ≥") && text.contains("auto ≥ 0.3"))
        let page = try report.page(templates: PackageFolder.templates)
        #expect(!page.contains("shadow from") && page.contains("auto from 0.3"))
    }

    @Test(
        "a replayed past in which people answered as the desk would: auto within a wide bound, draft within a narrow one"
    ) func replayed() async throws {
        let scene = try await PastScene()
        for (number, person) in PastScene.people.prefix(4).enumerated() {
            try scene.ask(
                number, person.who, "Hello,\nwhere is my order \(person.order)? When will it be delivered?\n", on: 9,
                answer: "Your order is on its way and arrives by \(person.day). Tracking: \(person.tracking).")
        }
        // None in four is wrong: at most 49 % of all.
        let wide = try await scene.report { $0.goals.maximumError = 0.5 }
        let intent = try #require(wide.intents.first { $0.intent == "track_order" })
        #expect(intent.judged == 4 && intent.proposal.mode == .auto)
        #expect(wide.proposalLines.contains("  track_order: auto"))
        let narrow = try await scene.report { $0.goals.maximumError = 0.48 }
        #expect(narrow.intents.first { $0.intent == "track_order" }?.proposal.mode == .draft)
    }
}
