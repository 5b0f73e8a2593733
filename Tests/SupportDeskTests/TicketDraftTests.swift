import Foundation
import Mail
import Testing

@testable import SupportDesk

/// Drafts of answers that go onto tickets: notes for the agents there, until one of them decides.
@Suite("Drafts on tickets")
struct TicketDraftTests {
    typealias Kind = TicketBench.Kind
    typealias Scene = TicketChannelTests.Scene

    private static let policy = "Hello,\nwhat is your return policy? How many days do I have to return something?\n"

    @Test("in draft mode the answer is a note for the agents", arguments: Kind.allCases)
    func draft(kind: Kind) async throws {
        let scene = try await Scene(kind) { $0.policy.defaultMode = .draft }
        let ticket = try await scene.open(Self.policy)
        #expect(try await scene.run(on: ticket) == ["drafted mode-draft"])
        #expect(try await scene.run(on: ticket).isEmpty)
        let notes = try await scene.queue.notes(on: ticket)
        #expect(notes.count == 1 && notes[0].contains("30 days"))
        #expect(try await scene.queue.answers(on: ticket).isEmpty)
    }

    /// The desk of a scene, and its one open draft.
    private func approver(_ scene: Scene, on ticket: String) async throws -> (Desk, Int64) {
        let start = scene.start
        let desk = try await scene.shop.desk { surroundings in
            surroundings.channels = [ChannelSetting(channel: scene.channel(), adoptFrom: start)]
            surroundings.tickets = scene.queue.system
        }
        let sources = try await scene.sources()
        let id = try #require(sources.first { $0.value.hasPrefix("\(ticket)/") }?.key)
        return (desk, id)
    }

    @Test("a draft on a ticket that a person approves is her public answer there, once", arguments: Kind.allCases)
    func approved(kind: Kind) async throws {
        let scene = try await Scene(kind) { $0.policy.defaultMode = .draft }
        let ticket = try await scene.open(Self.policy)
        #expect(try await scene.run(on: ticket) == ["drafted mode-draft"])
        // Whoever takes the ticket to answer it may do so by the draft.
        try await scene.queue.take(ticket)
        let (desk, id) = try await approver(scene, on: ticket)
        #expect(try await Desk.draft(id, scene.shop.configuration).ticket == ticket)
        let row = try await desk.approve(id, edited: try await desk.draftText(id) + "\nSee you!\n")
        guard case .sent = try await desk.send(row, of: id) else {
            Issue.record("not sent")
            return
        }
        await #expect(throws: DeskError.self) { try await desk.approve(id) }
        try await scene.run(on: ticket)
        let answers = try await scene.queue.answers(on: ticket)
        #expect(answers.count == 1 && answers[0].contains("30 days") && answers[0].contains("See you!"), "\(answers)")
        #expect(try await scene.standing(of: ticket) == ["answered approved"])
    }

    @Test(
        "a draft that no longer holds says so on its ticket, once, and nothing of it says that a machine wrote it",
        arguments: Kind.allCases)
    func withdrawn(kind: Kind) async throws {
        let scene = try await Scene(kind) {
            $0.policy.defaultMode = .draft
            $0.draftPolicy.unsent = .leave
        }
        let ticket = try await scene.open(Self.policy)
        try await scene.run(on: ticket)
        let first = try #require(try await scene.sources().keys.max())
        try await scene.queue.write(TicketQueue.customer, "Which ways of payment do you take? Cards?", ticket)
        #expect(try await scene.run(on: ticket) == ["drafted mode-draft"])
        #expect(try await scene.run(on: ticket).isEmpty)
        var notes = try await scene.queue.notes(on: ticket)
        #expect(notes.count == 3 && !notes.contains { $0.contains("automatic message") }, "\(notes)")
        #expect(notes.filter { $0.hasPrefix("Draft \(first) is withdrawn") && $0.contains("wrote again") }.count == 1)
        // Nobody sends the other one either.
        let second = try #require(try await scene.sources().keys.max())
        scene.shop.clock.advance(by: 8 * 86_400)
        for _ in 0..<2 { #expect(try await scene.run(on: ticket).isEmpty) }
        notes = try await scene.queue.notes(on: ticket)
        #expect(notes.count == 4, "\(notes)")
        #expect(notes.filter { $0.hasPrefix("Draft \(second) is withdrawn") && $0.contains("in time") }.count == 1)
    }

    @Test("a draft in whose place the matter comes onto the ticket is named there, in the agents' language")
    func handedOver() async throws {
        let scene = try await Scene(.files) {
            $0.policy.defaultMode = .draft
            $0.ticketLanguage = "hi"
        }
        let ticket = try await scene.open(Self.policy)
        try await scene.run(on: ticket)
        let (desk, id) = try await approver(scene, on: ticket)
        _ = try await desk.reject(id, reason: "not so")
        try await scene.run(on: ticket)
        let notes = try await scene.queue.notes(on: ticket)
        #expect(notes.count == 2 && notes.last?.hasPrefix("किसी व्यक्ति ने मसौदा अस्वीकार किया।") == true, "\(notes)")
        #expect(notes.first?.hasPrefix("A draft") == false)
    }

    @Test("an agent answers in place of the draft: it is withdrawn, and her words are kept", arguments: Kind.allCases)
    func overtaken(kind: Kind) async throws {
        let scene = try await Scene(kind) { $0.policy.defaultMode = .draft }
        let ticket = try await scene.open(Self.policy)
        try await scene.run(on: ticket)
        try await scene.queue.answer("Thirty days, dear customer.", ticket)
        let (desk, id) = try await approver(scene, on: ticket)
        try await scene.run(on: ticket)
        #expect(try await scene.standing(of: ticket) == ["ignored person-answered"])
        #expect(try await scene.shop.ledger().end(ofDraft: id)?.text?.contains("Thirty days") == true)
        await #expect(throws: DeskError.self) { try await desk.approve(id) }
        #expect(try await scene.queue.answers(on: ticket).isEmpty)
    }
}
