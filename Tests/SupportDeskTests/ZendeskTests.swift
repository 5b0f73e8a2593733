import Foundation
import TestServers
import Testing
import Transport

@testable import SupportDesk

/// Zendesk's own traps, against the stand-in.
@Suite("Zendesk")
struct ZendeskTests {
    private let server: ZendeskServer
    private let zendesk: Zendesk

    init() throws {
        server = try ZendeskServer()
        zendesk = TicketBench.zendesk(server)
    }

    private func file(_ message: Int64 = 1, of id: String = TicketBench.newID()) async throws -> String {
        try await zendesk.file(TicketBench.packet(message, of: id), thread: [TicketBench.entry(message)])
    }

    @Test("agents' notes are private from the first comment on; a reply is public")
    func privacy() async throws {
        let ticket = try await file()
        try await zendesk.add(NewEntry(key: "reply-2.txt", subject: "", text: "Hello", isPublic: true), to: ticket)
        #expect(server.tickets.first?.comments.map(\.isPublic) == [false, true])
        #expect(server.tickets.first?.comments.last?.body == "Hello", "without a mark of ours")
        #expect(server.violations.isEmpty)
    }

    @Test("an answer that is lost on its way makes no second ticket")
    func lostAnswer() async throws {
        let id = TicketBench.newID()
        server.script { $0.losesCreation = true }
        let error = await #expect(throws: TicketError.self) { _ = try await file(of: id) }
        #expect(error?.reason == .unreachable)
        let ticket = try await file(of: id)
        #expect(server.tickets.map { "\($0.id)" } == [ticket])
        #expect(server.tickets.first?.files["1-message.eml"] == [TicketBench.entry(1).bytes])
    }

    @Test("solved needs an agent: it is not asked for without one, and what is asked for is said")
    func solved() async throws {
        let ticket = try await file()
        var change = TicketChange()
        change.state = .solved
        change.placement.tags = ["done"]
        let problems = try await zendesk.change(ticket, change, from: zendesk.ticket(ticket))
        #expect(problems.count == 1 && problems[0].contains("solved without an agent"))
        #expect(server.tickets.first?.values["tags"]?.array?.compactMap(\.string) == ["done"])
        change.placement.owner = "asha@neemandclay.example"
        #expect(try await zendesk.change(ticket, change, from: zendesk.ticket(ticket)).isEmpty)
        #expect(try await zendesk.ticket(ticket)?.state == .solved)
    }

    @Test("values that are refused by name are left out and said; the others are set")
    func refused() async throws {
        server.script { $0.refused = ["priority"] }
        let ticket = try await file(of: TicketBench.newID(), placing: ["tags"])
        var change = TicketChange()
        change.placement.priority = 90
        change.placement.tags = ["vip"]
        change.placement.owner = "nobody@neemandclay.example"
        let problems = try await zendesk.change(ticket, change, from: zendesk.ticket(ticket))
        #expect(problems.count == 2, "\(problems)")
        #expect(problems.allSatisfy { $0.hasPrefix("zendesk http://127.0.0.1:") })
        #expect(server.tickets.first?.values["tags"]?.array?.count == 1)
    }

    private func file(of id: String, placing: [String]) async throws -> String {
        var placement = Placement()
        placement.fields = ["intent": "track_order"]
        return try await zendesk.file(
            Packet(
                externalID: id, message: 1, subject: "s", requestor: nil, note: "n", rule: "r", placement: placement),
            thread: [])
    }

    @Test("a rule of the account that changes a value back is noticed, whatever the status says")
    func rules() async throws {
        let ticket = try await file()
        var change = TicketChange()
        change.placement.priority = 20
        #expect(try await zendesk.change(ticket, change, from: nil).isEmpty)
        server.script { $0.rulePriority = "low" }
        let id = TicketBench.newID()
        let filed = try await Filing(system: zendesk).file(TicketBench.packet(1, of: id), thread: [])
        // Set anew after the rule, and read in the answer.
        #expect(filed.problems.isEmpty)
        #expect(try await zendesk.ticket(filed.number)?.placement.priority == 90)
    }

    @Test("a search that lags behind a creation takes no ticket away")
    func lag() async throws {
        server.script { $0.searchLag = 3 }
        let id = TicketBench.newID()
        let ticket = try await file(of: id)
        #expect(server.tickets.map { "\($0.id)" } == [ticket])
    }

    @Test("a closed ticket is followed by one that names it")
    func followUp() async throws {
        let id = TicketBench.newID()
        let first = try await file(of: id)
        server.set(["status": .string("closed")], on: Int(first) ?? 0)
        let second = try await file(2, of: id)
        #expect(server.tickets.count == 2)
        #expect(server.tickets.last?.values["via_followup_source_id"]?.number == Double(first))
        #expect(try await file(3, of: id) == second, "the open one of the two")
    }

    @Test("a ticket that is closed between the look and the entry waits for the next attempt")
    func closedMeanwhile() async throws {
        let ticket = try await file()
        server.set(["status": .string("closed")], on: Int(ticket) ?? 0)
        let error = await #expect(throws: TicketError.self) {
            try await zendesk.add(NewEntry(key: "note-2.txt", subject: "", text: "x"), to: ticket)
        }
        #expect(error?.reason == .gone)
    }

    @Test("the export shows a ticket again and again: its requester's comments are hers, all others not")
    func entries() async throws {
        let ticket = Int(try await file()) ?? 0
        let customer = Int(server.tickets.first?.values["requester_id"]?.number ?? 0)
        let start = try await zendesk.customerEntries(after: nil)
        server.comment("My question", by: customer, on: ticket)
        server.comment("Our supplier says", by: 900, channel: "side_conversation", on: ticket)
        server.comment("On Cc", by: 901, on: ticket)
        server.comment("A person's note", by: 11, role: "agent", isPublic: false, on: ticket)
        server.comment("A rule's word", by: -1, channel: "rule", on: ticket)
        let page = try await zendesk.customerEntries(after: start.cursor)
        #expect(page.entries.map(\.text) == ["My question"])
        #expect(page.entries.map(\.author) == [.customer(address: "priya.sharma@mail.example")])
        let thread = try await zendesk.entries(of: "\(ticket)")
        #expect(thread.map(\.author).dropFirst(2) == [.other, .other, .agent("u11@mail.example"), .machine])
        let again = try await zendesk.customerEntries(after: page.cursor)
        #expect(Set(again.entries.map(\.id)).isSubset(of: page.entries.map(\.id)), "told apart by number")
        #expect(server.violations.isEmpty, "\(server.violations)")
    }

    @Test("what the account holds back is counted")
    func suspended() async throws {
        server.suspend(3)
        #expect(try await zendesk.suspendedTickets() == 3)
    }

    @Test("who is told to wait waits, and nobody hears of it")
    func rateLimit() async throws {
        server.script { ($0.burst, $0.retryAfter) = (10, 1) }
        let start = ContinuousClock.now
        let zendesk = zendesk
        let tickets = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    try await zendesk.file(
                        TicketBench.packet(1, of: TicketBench.newID()), thread: [TicketBench.entry(1)])
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(tickets.count == 6 && server.tickets.count == 6)
        let answered = server.exchanges.count { $0.status != 429 }
        #expect(start.duration(to: .now) < .seconds(Double(answered) / 10 * 1.4 + 1.5))
        #expect(server.exchanges.count { $0.status == 429 } <= answered / 2)
    }

    @Test("a longer wait than one has is an error that says how long; a revoked token one that says so")
    func patience() async throws {
        server.script { ($0.burst, $0.retryAfter) = (0, 120) }
        let error = await #expect(throws: TicketError.self) { _ = try await file() }
        guard case .later(let wait)? = error?.reason else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(wait > .seconds(110) && wait <= .seconds(120))
        server.script { ($0.burst, $0.isRevoked) = (nil, true) }
        let other = TicketBench.zendesk(server)
        let revoked = await #expect(throws: TicketError.self) { _ = try await other.ticket("1") }
        #expect(revoked?.reason == .access && revoked?.message.contains("zd-token") == false)
    }

    @Test("an account that takes less than it says gets smaller parts; what it never takes is named with its place")
    func tooLarge() async throws {
        let id = TicketBench.newID()
        let large = TicketBench.entry(1, size: 200_000)
        server.script { $0.uploadLimit = 60_000 }
        let number = try await zendesk.file(TicketBench.packet(1, of: id), thread: [large])
        #expect(try await zendesk.file(TicketBench.packet(1, of: id), thread: [large]) == number)
        let ticket = try #require(server.tickets.first)
        #expect(server.tickets.count == 1 && ticket.comments.count == 1)
        let isWhole = (1...4).flatMap { ticket.files["1-message.eml.part\($0)of4"]?.first ?? [] } == large.bytes
        #expect(isWhole)
        #expect(ticket.comments[0].body.contains("cat 1-message.eml.part*of4 > 1-message.eml"))

        // Later nothing of it is sent again, whatever is taken now.
        server.script { $0.uploadLimit = 50_000_000 }
        _ = try await zendesk.file(TicketBench.packet(2, of: id), thread: [large, TicketBench.entry(2)])
        #expect(server.tickets.first?.files.count == 5 && server.tickets.first?.files["2-message.eml"] != nil)

        server.script { $0.uploadLimit = 10 }
        var packet = TicketBench.packet(3, of: TicketBench.newID())
        packet.mailbox = "support"
        let mail = ThreadEntry(
            message: 3, isOurs: false, bytes: Array("Message-ID: <big.3@mail.example>\r\n\r\n".utf8) + large.bytes)
        _ = try await zendesk.file(packet, thread: [mail])
        let last = try #require(server.tickets.last)
        #expect(last.files.isEmpty)
        #expect(last.comments[0].body.contains("The original: mailbox support, Message-ID <big.3@mail.example>"))
    }

    @Test(
        "a packet for the ticket that its message came by is cut as any other, and leaves mails where they are to stay")
    func homeTooLarge() async throws {
        let home = TicketHome(
            channel: "queue", ticket: "\(server.open(by: "priya.sharma@mail.example", "A question").ticket)")
        let large = TicketBench.entry(1, size: 200_000)
        let packet = TicketBench.packet(2, of: TicketBench.newID())
        server.script { $0.uploadLimit = 60_000 }
        for _ in 0..<2 { _ = try await Filing(system: zendesk).file(packet, onto: home, thread: [large]) }
        let ticket = try #require(server.tickets.first)
        #expect(ticket.comments.count == 1)
        let isWhole = (1...4).flatMap { ticket.files["1-message.eml.part\($0)of4"]?.first ?? [] } == large.bytes
        #expect(isWhole)

        let other = TicketHome(channel: "queue", ticket: "\(server.open(by: "a@mail.example", "Another").ticket)")
        _ = try await Filing(system: zendesk, leavesMails: true).file(packet, onto: other, thread: [large])
        #expect(server.tickets.last?.files.isEmpty == true && server.tickets.last?.comments.count == 1)
    }

    @Test("a ticket that an agent merged is continued where it went, by its number and by the conversation's name")
    func merged() async throws {
        let (one, other) = (TicketBench.newID(), TicketBench.newID())
        let target = try await file(1, of: one)
        let source = try await file(2, of: other)
        server.merge(Int(source) ?? 0, into: Int(target) ?? 0)
        let filing = Filing(system: zendesk)
        for (message, known) in [(Int64(3), source), (4, nil)] {
            let filed = try await filing.file(
                TicketBench.packet(message, of: other), thread: [TicketBench.entry(message)], known: known)
            #expect(filed.number == target)
        }
        let ticket = try #require(server.tickets.first { "\($0.id)" == target })
        #expect(ticket.files["3-message.eml"] == [TicketBench.entry(3).bytes])
        #expect(ticket.files["4-message.eml"] == [TicketBench.entry(4).bytes])
        #expect(server.tickets.count == 2)
        // Where nobody can say where it went, a new one follows.
        server.set(["tags": .array([.string("closed_by_merge")]), "status": .string("closed")], on: Int(target) ?? 0)
        #expect(try await file(5, of: one) != target)
        #expect(server.tickets.count == 3)
    }

    @Test("a desk that died behind a creation that no search shows yet makes no second one")
    func diedBeforeSearch() async throws {
        let id = TicketBench.newID()
        server.script { $0.searchLag = 4 }
        let broken = InterruptedTickets(zendesk, at: 2, isBehind: true)
        await #expect(throws: InterruptedTickets.Interruption.self) {
            _ = try await broken.file(TicketBench.packet(1, of: id), thread: [TicketBench.entry(1)])
        }
        let ticket = try await file(1, of: id)
        #expect(server.tickets.map { "\($0.id)" } == [ticket])
        #expect(server.tickets.first?.files["1-message.eml"] == [TicketBench.entry(1).bytes])
    }

    @Test(
        "a creation whose answer was lost and that no search shows yet: another message of the conversation makes none")
    func otherMessage() async throws {
        let id = TicketBench.newID()
        server.script { ($0.searchLag, $0.losesCreation) = (4, true) }
        await #expect(throws: TicketError.self) { _ = try await file(1, of: id) }
        let ticket = try await file(2, of: id)
        #expect(server.tickets.map { "\($0.id)" } == [ticket])
        #expect(try await file(1, of: id) == ticket)
        let names = try await zendesk.names(on: ticket)
        #expect(names.isSuperset(of: ["1-message.eml", "2-message.eml", "note-1.txt", "note-2.txt"]))
    }

    @Test("a ticket that an agent deletes is followed by a new one at once")
    func deleted() async throws {
        let id = TicketBench.newID()
        let first = try await file(1, of: id)
        try await zendesk.withdraw(first)
        let filed = try await Filing(system: zendesk).file(
            TicketBench.packet(2, of: id), thread: [TicketBench.entry(2)], known: first)
        #expect(filed.number != first)
        #expect(try await zendesk.names(on: filed.number).contains("2-message.eml"))
    }

    @Test("an owner who is no agent, and a priority that is refused, keep no ticket from being made")
    func refusedAtCreation() async throws {
        server.script { $0.refused = ["priority"] }
        var placement = Placement()
        (placement.owner, placement.priority, placement.tags) = ("nobody@neemandclay.example", 90, ["vip"])
        let packet = Packet(
            externalID: TicketBench.newID(), message: 1, subject: "s", requestor: nil, note: "n", rule: "r",
            placement: placement)
        let filed = try await Filing(system: zendesk).file(packet, thread: [TicketBench.entry(1)])
        #expect(filed.problems.count == 2, "\(filed.problems)")
        #expect(filed.problems.contains { $0.hasSuffix("refuses the field assignee_email") })
        #expect(filed.problems.contains { $0.hasSuffix("refuses the field priority") })
        let ticket = try #require(server.tickets.first)
        #expect(server.tickets.count == 1 && ticket.files["1-message.eml"] == [TicketBench.entry(1).bytes])
        #expect(ticket.values["tags"]?.array?.compactMap(\.string) == ["vip"])
    }

    @Test("a field that the account does not have, and a rule that stands, are said though the answer is 200")
    func silentRefusals() async throws {
        var configuration = zendesk.configuration
        configuration.fields["intent"] = 999
        let other = Zendesk(configuration, agent: TransferAgent())
        var placement = Placement()
        placement.fields = ["intent": "get_refund", "language": "en"]
        let packet = Packet(
            externalID: TicketBench.newID(), message: 1, subject: "s", requestor: nil, note: "n", rule: "r",
            placement: placement)
        let filed = try await Filing(system: other).file(packet, thread: [TicketBench.entry(1)])
        #expect(filed.problems.map { $0.hasSuffix("refuses the field intent") } == [true], "\(filed.problems)")
        #expect(server.tickets.first?.files["1-message.eml"] == [TicketBench.entry(1).bytes])

        server.script { ($0.rulePriority, $0.ruleStands) = ("low", true) }
        let ruled = try await Filing(system: zendesk).file(
            TicketBench.packet(1, of: TicketBench.newID()), thread: [TicketBench.entry(1)])
        #expect(ruled.problems.map { $0.hasSuffix("refuses the priority urgent") } == [true], "\(ruled.problems)")
    }
}
