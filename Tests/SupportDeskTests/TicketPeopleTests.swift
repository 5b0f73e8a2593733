import Foundation
import TestServers
import Testing
import Transport

@testable import SupportDesk

/// On a ticket the desk never talks over an agent: whoever is quicker, and whatever becomes of the ticket meanwhile.
@Suite("People on tickets")
struct TicketPeopleTests {
    typealias Kind = TicketBench.Kind
    typealias Scene = TicketChannelTests.Scene

    private static let policy = "Hello,\nwhat is your return policy? How many days do I have to return something?\n"

    @Test(
        "who answered, took or closed the ticket since the entry is seen; rules and this desk are nobody",
        arguments: Kind.allCases)
    func seen(kind: Kind) async throws {
        let scene = try await Scene(kind)
        let queue = scene.queue
        func person(on ticket: String, _ deed: () async throws -> Void) async throws -> PersonSeen? {
            let entry = try #require(try await queue.system.entries(of: ticket).last { $0.isCustomers })
            try await deed()
            return try await scene.channel().person(
                in: Inquiry(source: "\(ticket)/\(entry.id)", arrival: Date(), messageIDs: [], own: []))
        }
        let ticket = try await scene.open(Self.policy)
        #expect(try await person(on: ticket) {} == nil)
        let own = try await person(on: ticket) {
            try await queue.system.add(
                NewEntry(key: "reply-1.txt", subject: "Re", text: "Ours", isPublic: true), to: ticket)
            try await queue.system.add(NewEntry(key: "note-1.txt", subject: "Re", text: "A note"), to: ticket)
        }
        #expect(own == nil)
        let answered = try await person(on: ticket) { try await queue.answer("From an agent", ticket) }
        #expect(
            answered?.isAnswer == true
                && answered?.answer.map { String(decoding: $0, as: UTF8.self) }?.contains("From an agent") == true)
        // Her answer is older than what the customer writes now.
        try await queue.write(TicketQueue.customer, "And now?", ticket)
        #expect(try await person(on: ticket) {} == nil)

        let taken = try await scene.open(Self.policy)
        let took = try await person(on: taken) { try await queue.take(taken) }
        #expect(took?.isAnswer == false)
        // Whose it was before has not taken it.
        try await queue.write(TicketQueue.customer, "And now?", taken)
        #expect(try await person(on: taken) {} == nil)

        for state in [TicketState.solved, .deleted] {
            let gone = try await scene.open(Self.policy)
            #expect(try await person(on: gone) { try await queue.set(state, gone) }?.isAnswer == true, "\(state)")
        }
    }

    /// What happens between the decision and the answer, and what becomes of the message.
    private static let deeds: [(name: String, standing: String)] = [
        ("answer", "ignored person-answered"), ("take", "escalated with-a-person"),
        ("close", "ignored person-answered"),
        ("delete", "ignored person-answered"),
    ]

    @Test(
        "a person between the decision and the answer: it stays unsent, and why is on record", arguments: Kind.allCases)
    func between(kind: Kind) async throws {
        for deed in Self.deeds {
            let scene = try await Scene(kind)
            let ticket = try await scene.open(Self.policy)
            // The ticket system asks for time when the answer comes.
            try await scene.run(on: ticket, AlteredTickets(scene.queue.system, isBusy: true))
            #expect(try await scene.standing(of: ticket) == ["decided answered"], "\(deed.name)")
            switch deed.name {
            case "answer": try await scene.queue.answer("From an agent", ticket)
            case "take": try await scene.queue.take(ticket)
            case "close": try await scene.queue.set(.solved, ticket)
            default: try await scene.queue.set(.deleted, ticket)
            }
            let entries = deed.name == "delete" ? 0 : try await scene.queue.system.entries(of: ticket).count
            scene.shop.clock.advance(by: 60)
            try await scene.run(on: ticket)
            #expect(try await scene.standing(of: ticket) == [deed.standing], "\(deed.name)")
            if deed.name == "delete" { continue }
            #expect(try await scene.queue.answers(on: ticket).isEmpty, "\(deed.name)")
            #expect(try await scene.queue.system.entries(of: ticket).count == entries, "\(deed.name): not a word")
        }
    }

    @Test(
        "a ticket that is gone when its entry is read, or when a person is to have it, is no other ticket",
        arguments: Kind.allCases)
    func gone(kind: Kind) async throws {
        let scene = try await Scene(kind)
        let ticket = try await scene.open("Please let me speak to a human agent. I want to talk to a real person.")
        // Decided, and the note has to wait.
        try await scene.run(on: ticket, AlteredTickets(scene.queue.system, isBusy: true))
        #expect(try await scene.standing(of: ticket) == ["decided asks-for-person"])
        try await scene.queue.set(.deleted, ticket)
        scene.shop.clock.advance(by: 120)
        try await scene.run(on: ticket)
        #expect(try await scene.standing(of: ticket) == ["escalated asks-for-person"])
        let name = try await scene.shop.ledger().database.read { transaction in
            try transaction.rows("SELECT external_id FROM conversation WHERE ticket = $1", [.text(ticket)]).first?
                .text("external_id")
        }
        #expect(try await scene.queue.system.tickets(of: try #require(name)).isEmpty)
    }

    @Test(
        "who took the ticket before the customer wrote again has her: the desk stays silent", arguments: Kind.allCases)
    func tookBefore(kind: Kind) async throws {
        let scene = try await Scene(kind)
        let ticket = try await scene.open(Self.policy)
        #expect(try await scene.run(on: ticket).map { $0.prefix(8) } == ["answered"])
        try await scene.queue.take(ticket)
        try await scene.queue.write(TicketQueue.customer, "Which ways of payment do you take? Cards?", ticket)
        #expect(try await scene.run(on: ticket) == ["escalated with-a-person"])
        #expect(try await scene.queue.answers(on: ticket).count == 1)
    }

    @Test(
        "who writes on a finished ticket opens it again, and is answered or comes to a person", arguments: Kind.allCases
    )
    func finishedBefore(kind: Kind) async throws {
        for (words, outcome) in [
            ("Which ways of payment do you take? Cards?", "answered"),
            ("I want to talk to a real person.", "escalated"),
        ] {
            let scene = try await Scene(kind)
            let ticket = try await scene.open(Self.policy)
            try await scene.run(on: ticket)
            try await scene.queue.set(.solved, ticket)
            try await scene.queue.write(TicketQueue.customer, words, ticket)
            #expect(try await scene.run(on: ticket).map { $0.split(separator: " ")[0] } == [Substring(outcome)])
            #expect(try await scene.standing(of: ticket).last?.hasPrefix(outcome) == true, "\(words)")
            #expect(try await scene.queue.system.ticket(ticket)?.state.isDone == false, "\(words)")
        }
    }

    @Test("a ticket that an agent merged meanwhile is answered, and handed over, where it went")
    func merged() async throws {
        for (words, standing) in [
            (Self.policy, "answered answered"), ("I want to talk to a real person.", "escalated asks-for-person"),
        ] {
            let scene = try await Scene(.zendesk)
            let server = try #require(scene.queue.owner as? ZendeskServer)
            let ticket = try await scene.open(words)
            try await scene.run(on: ticket, AlteredTickets(scene.queue.system, isBusy: true))
            let target = server.open(by: TicketQueue.customer, "The same matter").ticket
            server.merge(try #require(Int(ticket)), into: target)
            scene.shop.clock.advance(by: 120)
            try await scene.run(on: ticket)
            #expect(try await scene.standing(of: ticket) == [standing])
            let entries = try await scene.queue.system.entries(of: "\(target)")
            #expect(entries.count == 1 && entries.first?.author == .machine, "\(entries.count)")
        }
    }

    @Test("others who read a ticket count as several recipients of a mail do")
    func others() async throws {
        let scene = try await Scene(.requestTracker) { $0.people.severalRecipients = .escalate }
        let server = try await RTServer.shared()
        let ticket = try await scene.open(Self.policy)
        let client = RequestTracker(
            RequestTracker.Configuration(url: server.baseURL, queue: "Support", token: server.adminToken),
            agent: TransferAgent()
        ).client
        _ = try await client.send(
            "PUT", "ticket/\(ticket)", body: client.json(["Cc": ["friend@mail.example"]]), step: "add a reader")
        #expect(try await scene.run(on: ticket) == ["escalated several-people"])
        #expect(try await scene.queue.answers(on: ticket).isEmpty)
    }
}
