import Foundation
import TestServers
import Testing

@testable import SupportDesk

/// What must hold of every ticket system: the same body against folders, the real Request Tracker and Zendesk's stand-in.
@Suite("Ticket systems")
struct TicketSystemTests {
    typealias Kind = TicketBench.Kind
    private static func entry(_ message: Int64) -> ThreadEntry { TicketBench.entry(message) }

    @Test(
        "a packet becomes one ticket with its note and the thread byte for byte; again adds nothing",
        arguments: Kind.allCases)
    func fileOnce(kind: Kind) async throws {
        let bench = try await TicketBench.make(kind)
        let id = TicketBench.newID()
        let subject = "\"Quoted\" <b onload=x>bold</b> & 'single' \\ back {{x}} ₹ नमस्ते"
        let packet = TicketBench.packet(7, of: id, note: "Grund: verärgert – „sofort“ ₹1,299 😀", subject: subject)
        let thread = [Self.entry(3), TicketBench.entry(3, isOurs: true), Self.entry(7)]
        let ticket = try await bench.system.file(packet, thread: thread)
        for known in [nil, ticket] {
            #expect(try await Filing(system: bench.system).file(packet, thread: thread, known: known).number == ticket)
        }
        let records = try await bench.system.tickets(of: id)
        #expect(records.map(\.id) == [ticket] && records.first?.state == .new)
        #expect(records.first?.externalID == id && records.first?.requestors.count == 1)
        #expect(try await bench.count("Grund: verärgert – „sofort“ ₹1,299 😀", on: ticket) == 1)
        let files = try await bench.files(of: ticket)
        for entry in thread { #expect(files[entry.fileName] == [entry.bytes], "\(entry.fileName)") }
    }

    @Test("where mails stay in the mailbox none goes with a packet that was made elsewhere", arguments: Kind.allCases)
    func leavesMails(kind: Kind) async throws {
        let bench = try await TicketBench.make(kind)
        let packet = TicketBench.packet(1, of: TicketBench.newID(), note: "undelivered")
        let filing = Filing(system: bench.system, leavesMails: true)
        let ticket = try await filing.file(packet, thread: [Self.entry(1)]).number
        #expect(try await bench.files(of: ticket)["1-message.eml"] == nil)
        #expect(try await bench.count("undelivered", on: ticket) == 1)
    }

    @Test("a later message comes onto the same ticket with what is new of the thread", arguments: Kind.allCases)
    func append(kind: Kind) async throws {
        let bench = try await TicketBench.make(kind)
        let id = TicketBench.newID()
        let ticket = try await bench.system.file(TicketBench.packet(1, of: id, note: "first"), thread: [Self.entry(1)])
        for _ in 0..<2 {
            let later = TicketBench.packet(2, of: id, note: "second")
            #expect(try await bench.system.file(later, thread: [Self.entry(1), Self.entry(2)]) == ticket)
        }
        let files = try await bench.files(of: ticket)
        #expect(files["1-message.eml"] == [Self.entry(1).bytes] && files["2-message.eml"] == [Self.entry(2).bytes])
        #expect(try await bench.count("first", on: ticket) == 1)
        #expect(try await bench.count("second", on: ticket) == 1)
    }

    @Test("eight desks at once leave one live ticket with one entry", arguments: Kind.allCases)
    func race(kind: Kind) async throws {
        let bench = try await TicketBench.make(kind)
        let id = TicketBench.newID()
        let system = bench.system
        let numbers = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 {
                group.addTask { try await system.file(TicketBench.packet(1, of: id), thread: [TicketBench.entry(1)]) }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        let live = try await system.tickets(of: id).filter { !$0.state.isDone }
        #expect(Set(live.map(\.id)) == numbers && live.count == 1, "\(numbers) \(live.map(\.id))")
        let files = try await bench.files(of: try #require(live.first).id)
        #expect(files["1-message.eml"]?.first == Self.entry(1).bytes)
    }

    @Test("a desk that dies before or behind any step leaves what the next one completes", arguments: Kind.allCases)
    func interrupted(kind: Kind) async throws {
        let bench = try await TicketBench.make(kind)
        var reached = 0
        for point in 1...14 {
            for isBehind in [false, true] {
                let id = TicketBench.newID()
                let broken = InterruptedTickets(bench.system, at: point, isBehind: isBehind)
                do {
                    _ = try await broken.file(TicketBench.packet(1, of: id), thread: [Self.entry(1)])
                    _ = try await broken.file(
                        TicketBench.packet(2, of: id, note: "second"), thread: [Self.entry(1), Self.entry(2)])
                } catch is InterruptedTickets.Interruption {
                    reached += 1
                }
                let first = try await bench.system.file(TicketBench.packet(1, of: id), thread: [Self.entry(1)])
                let ticket = try await bench.system.file(
                    TicketBench.packet(2, of: id, note: "second"), thread: [Self.entry(1), Self.entry(2)])
                #expect(first == ticket)
                let live = try await bench.system.tickets(of: id).filter { !$0.state.isDone }
                #expect(live.map(\.id) == [ticket], "\(point) \(isBehind)")
                #expect(try await bench.count("A note", on: ticket) == 1, "\(point) \(isBehind)")
                #expect(try await bench.count("second", on: ticket) == 1, "\(point) \(isBehind)")
                let files = try await bench.files(of: ticket)
                for number in [Int64(1), 2] {
                    #expect(files["\(number)-message.eml"] == [Self.entry(number).bytes], "\(point) \(isBehind)")
                }
            }
            if reached == 0 { break }
        }
        #expect(reached >= 10)
    }

    @Test("a solved ticket is opened again, or followed by another, as the shop wants it", arguments: Kind.allCases)
    func reopening(kind: Kind) async throws {
        let bench = try await TicketBench.make(kind)
        for reopening in Filing.Reopening.allCases {
            let id = TicketBench.newID()
            let filing = Filing(system: bench.system, reopening: reopening)
            let first = try await filing.file(TicketBench.packet(1, of: id), thread: [Self.entry(1)]).number
            try await bench.meddle(first, .solved)
            // The same entry again is no new matter: the desk died before it put the ticket on record.
            #expect(try await filing.file(TicketBench.packet(1, of: id), thread: [Self.entry(1)]).number == first)
            #expect(try await bench.system.ticket(first)?.state == .solved)
            var numbers: Set<String> = []
            for _ in 0..<2 {
                let later = TicketBench.packet(2, of: id, note: "second")
                let filed = try await filing.file(later, thread: [Self.entry(1), Self.entry(2)], known: first)
                #expect(filed.problems.isEmpty, "\(filed.problems)")
                numbers.insert(filed.number)
            }
            let number = try #require(numbers.first)
            #expect(numbers.count == 1 && (number == first) == (reopening == .reopen))
            let state = try #require(try await bench.system.ticket(number)?.state)
            #expect(state == .open || (state == .new && reopening == .followUp))
            #expect(try await bench.files(of: number)["2-message.eml"] == [Self.entry(2).bytes])
        }
    }

    @Test("a ticket that somebody deleted is replaced, with the whole thread", arguments: Kind.allCases)
    func deleted(kind: Kind) async throws {
        let bench = try await TicketBench.make(kind)
        let id = TicketBench.newID()
        let filing = Filing(system: bench.system)
        let first = try await filing.file(TicketBench.packet(1, of: id), thread: [Self.entry(1)]).number
        try await bench.meddle(first, .deleted)
        var numbers: Set<String> = []
        for _ in 0..<2 {
            let later = TicketBench.packet(2, of: id, note: "second")
            numbers.insert(try await filing.file(later, thread: [Self.entry(1), Self.entry(2)], known: first).number)
        }
        #expect(numbers.count == 1 && !numbers.contains(first))
        let files = try await bench.files(of: try #require(numbers.first))
        #expect(files["1-message.eml"] == [Self.entry(1).bytes] && files["2-message.eml"] == [Self.entry(2).bytes])
    }

    @Test(
        "a mail over the limit comes in parts that make it up again, and the note says so",
        arguments: [Kind.requestTracker, .zendesk])
    func parts(kind: Kind) async throws {
        let bench = try await TicketBench.make(kind, fileBytes: 40_000)
        let large = TicketBench.entry(1, size: 100_000)
        let id = TicketBench.newID()
        let ticket = try await bench.system.file(TicketBench.packet(1, of: id), thread: [large])
        #expect(try await bench.system.file(TicketBench.packet(1, of: id), thread: [large]) == ticket)
        let files = try await bench.files(of: ticket)
        let names = (1...3).map { "1-message.eml.part\($0)of3" }
        #expect(files.keys.filter { $0.contains("eml") }.sorted() == names)
        #expect(names.flatMap { files[$0]?.first ?? [] } == large.bytes)
        #expect(try await bench.count("cat 1-message.eml.part*of3 > 1-message.eml", on: ticket) == 1)
    }

    @Test("queue, priority, tags, owner and fields are set; what is refused is said", arguments: Kind.allCases)
    func placement(kind: Kind) async throws {
        let bench = try await TicketBench.make(kind)
        var placement = Placement()
        (placement.queue, placement.priority, placement.tags) = (bench.queue, 85, ["refund", "vip"])
        placement.owner = bench.agents[1]
        placement.fields = ["intent": "get_refund"]
        func packet(_ placement: Placement) -> Packet {
            Packet(
                externalID: TicketBench.newID(), message: 1, subject: "s", requestor: nil, note: "n", rule: "r",
                placement: placement)
        }
        let filed = try await Filing(system: bench.system).file(packet(placement), thread: [])
        #expect(filed.problems.isEmpty, "\(filed.problems)")
        let record = try #require(try await bench.system.ticket(filed.number))
        #expect(bench.system.kept(placement).missing(in: record.placement).tags.isEmpty)
        #expect(bench.system.kept(placement).priority == record.placement.priority && record.owner != nil)
        #expect(record.placement.fields.values.contains("get_refund"))

        guard kind != .files else { return }
        placement.queue = "No such queue"
        let elsewhere = try await Filing(system: bench.system).file(packet(placement), thread: [Self.entry(1)])
        #expect(elsewhere.problems.count == 1 && elsewhere.problems[0].hasSuffix("it lies in the usual queue"))
        #expect(try await bench.files(of: elsewhere.number)["1-message.eml"] == [Self.entry(1).bytes])
    }

    @Test("a change is not made on top of somebody else's", arguments: Kind.allCases)
    func conflict(kind: Kind) async throws {
        let bench = try await TicketBench.make(kind)
        let ticket = try await bench.system.file(TicketBench.packet(1, of: TicketBench.newID()), thread: [])
        let seen = try #require(try await bench.system.ticket(ticket))
        try await bench.meddle(ticket, .waiting)
        var change = TicketChange()
        change.placement.priority = 20
        let error = await #expect(throws: TicketError.self) {
            _ = try await bench.system.change(ticket, change, from: seen)
        }
        #expect(error?.reason == .conflict)
    }

    @Test("a team shares its tickets in turn, or by load", arguments: Kind.allCases)
    func teams(kind: Kind) async throws {
        let bench = try await TicketBench.make(kind)
        for sharing in Team.Sharing.allCases {
            let team = Team(name: UUID().uuidString, members: bench.agents, sharing: sharing)
            let ledger = try await Ledger.test()
            let filing = Filing(system: bench.system, turn: { try await ledger.turn(of: $0, $1) })
            // Other tests give the same agents tickets meanwhile: only these count.
            var owners: [String: Int] = [:]
            for number in 1...4 {
                let packet = Packet(
                    externalID: TicketBench.newID(), message: Int64(number), subject: "s", requestor: nil, note: "n",
                    rule: "r", placement: Placement(), team: team)
                var filed = try await filing.file(packet, thread: [])
                filed = try await filing.file(packet, thread: [], known: filed.number)
                #expect(filed.problems.isEmpty, "\(filed.problems)")
                let owner = try #require(try await bench.system.ticket(filed.number)?.owner)
                owners[owner, default: 0] += 1
            }
            #expect(owners.values.reduce(0, +) == 4)
            if sharing == .roundRobin { #expect(Array(owners.values) == [2, 2]) }
        }
    }
}
