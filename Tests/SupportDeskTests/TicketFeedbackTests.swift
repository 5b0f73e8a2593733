import Foundation
import TestServers
import Testing

@testable import SupportDesk

/// What customers say of replies where their conversation lives in a ticket system.
@Suite("Feedback on tickets")
struct TicketFeedbackTests {
    private static let policy = "Hello,\nwhat is your return policy? How many days do I have to return something?\n"

    private func votes(_ shop: ScratchShop) async throws -> [String] {
        try await shop.ledger().database.read { transaction in
            try transaction.rows("SELECT vote, way FROM feedback ORDER BY at, reply", []).map {
                "\($0.text("vote") ?? "") \($0.text("way") ?? "")"
            }
        }
    }

    @Test(
        "her word on the ticket itself: a yes is counted and not answered, a no is a person's",
        arguments: TicketBench.Kind.allCases)
    func words(kind: TicketBench.Kind) async throws {
        for (text, outcome, vote) in [
            ("Yes, thank you, that solved it.", "ignored feedback-yes", "yes words"),
            ("No, that did not help.", "escalated feedback-no", "no words"),
        ] {
            let scene = try await TicketChannelTests.Scene(kind)
            let ticket = try await scene.open(Self.policy)
            #expect(try await scene.run(on: ticket) == ["answered answered"])
            #expect(try await scene.queue.answers(on: ticket).first?.contains("Just answer with yes or no.") == true)
            let entries = try await scene.queue.system.entries(of: ticket).count
            let notes = try await scene.queue.notes(on: ticket).count
            scene.shop.clock.advance(by: 60)
            try await scene.queue.write(TicketQueue.customer, text, ticket, hasFile: false)
            let found = try await scene.run(on: ticket)
            #expect(found == [outcome], "\(text): \(found)")
            #expect(try await votes(scene.shop) == [vote])
            #expect(try await scene.queue.answers(on: ticket).count == 1, "nobody answers a vote")
            let isPersons = outcome.hasPrefix("escalated")
            #expect(try await (scene.queue.notes(on: ticket).count > notes) == isPersons)
            // Her own entry, and for a person why it is hers now.
            if !isPersons { #expect(try await scene.queue.system.entries(of: ticket).count == entries + 1) }
            // Somebody else on the same ticket has no vote. (The stand-in for Zendesk knows nobody else.)
            if kind == .zendesk { continue }
            scene.shop.clock.advance(by: 60)
            try await scene.queue.write("mallory@mail.example", "No, that did not help.", ticket, hasFile: false)
            _ = try await scene.run(on: ticket)
            #expect(try await votes(scene.shop) == [vote])
        }
    }

    @Test("a no by a link, where tickets are the Request Tracker's: one ticket with the thread, and one vote")
    func link() async throws {
        let bench = try await TicketBench.make(.requestTracker)
        let scene = try await FeedbackScene()
        func outcome(of link: Int) async throws -> String {
            try scene.shop.receive(scene.mail(link))
            return try await scene.shop.run { $0.tickets = bench.system }.outcome
        }
        #expect(try await outcome(of: 1) == "escalated feedback-no")
        #expect(try await votes(scene.shop) == ["no mail"])
        let name = try await scene.shop.ledger().database.read { transaction in
            try transaction.rows("SELECT external_id FROM conversation", []).first?.text("external_id")
        }
        let tickets = try await bench.system.tickets(of: try #require(name))
        let ticket = try #require(tickets.first)
        #expect(tickets.count == 1)
        // Her question, our answer, her vote.
        let files = try await bench.files(of: ticket.id).keys.filter { $0.hasSuffix(".eml") }
        #expect(files.count == 3, "\(files)")
        // The conversation lives on the ticket now; what she presses later changes nothing there.
        let entries = try await bench.system.entries(of: ticket.id).count
        scene.shop.clock.advance(by: 60)
        for link in [1, 0] { #expect(try await outcome(of: link) == "ignored feedback-repeated") }
        #expect(try await votes(scene.shop) == ["no mail"])
        #expect(try await bench.system.entries(of: ticket.id).count == entries)
    }
}
