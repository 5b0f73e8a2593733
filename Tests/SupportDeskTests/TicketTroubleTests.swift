import Foundation
import Logging
import TestServers
import Testing
import Transport

@testable import SupportDesk

/// A ticket system that does not take what it is given: one clear line for the operator, nothing lost, and one ticket as soon as
/// somebody has mended it.
@Suite("Trouble with ticket systems")
struct TicketTroubleTests {
    enum Trouble: String, CaseIterable, Sendable {
        case queue = "there is no"
        case field = "has no custom field \"External ID\""
        case token = "the token is not accepted; was it revoked?"
    }

    /// The system as it is set wrongly, and as it is right.
    private struct Pair {
        let wrong: any TicketSystem
        let right: any TicketSystem
        let bench: TicketBench
    }

    private func pair(_ kind: TicketBench.Kind, _ trouble: Trouble) async throws -> Pair? {
        let bench = try await TicketBench.make(kind)
        switch bench.system {
        case let right as RequestTracker:
            let server = try await RTServer.shared()
            let agent = TransferAgent()
            let own = right.configuration
            let wrong =
                switch trouble {
                case .queue: RequestTracker.Configuration(url: own.url, queue: "Suport", token: own.token)
                case .field: RequestTracker.Configuration(url: own.url, queue: "General", token: server.adminToken)
                case .token:
                    RequestTracker.Configuration(url: own.url, queue: own.queue, token: "1-99-0123456789abcdef")
                }
            return Pair(wrong: RequestTracker(wrong, agent: agent), right: right, bench: bench)
        case let right as Zendesk:
            let own = right.configuration
            var wrong = own
            switch trouble {
            case .queue: wrong.group = "Suport"
            // It finds tickets by a value that every account has.
            case .field: return nil
            case .token:
                wrong = Zendesk.Configuration(url: own.url, user: own.user, token: "revoked")
                wrong.group = own.group
            }
            return Pair(wrong: Zendesk(wrong, agent: TransferAgent()), right: right, bench: bench)
        default: return nil
        }
    }

    @Test(
        "a wrong queue, a missing field, a revoked token", arguments: [TicketBench.Kind.requestTracker, .zendesk],
        Trouble.allCases)
    func mended(kind: TicketBench.Kind, trouble: Trouble) async throws {
        guard let pair = try await pair(kind, trouble) else {
            #expect(kind == .zendesk && trouble == .field)
            return
        }
        let shop = try await ScratchShop { $0.acknowledges = true }
        let sources = try (0..<3).map { number in
            var mail = TestMail(text: "\(number): I want to speak to a human being, please. Get me a real person.\n")
            mail.from = "customer\(number)@mail.example"
            mail.subject = "Matter \(number)"
            try shop.receive(mail)
            return mail.bytes
        }
        for _ in 0..<2 {
            let report = try await shop.run { $0.tickets = pair.wrong }.report
            #expect(report.unavailable.count == 1, "\(report.unavailable)")
            #expect(report.unavailable.first?.contains(trouble.rawValue) == true, "\(report.unavailable)")
            #expect(report.unavailable.first?.contains("0123456789abcdef") == false)
        }
        #expect(try await shop.ledger().status().messages == ["decided": 3])
        #expect(try shop.replies().isEmpty, "nobody is told of a ticket that is not there")

        #expect(try await shop.run { $0.tickets = pair.right }.report.unavailable.isEmpty)
        #expect(try await shop.ledger().status().messages == ["escalated": 3])
        var found: Set<[UInt8]> = []
        for message in try await EndToEndLedger(shop.configuration.keys.store, state: shop.configuration.state).messages
        {
            let tickets = try await pair.right.tickets(of: message.conversation ?? "")
            #expect(tickets.count == 1)
            let files = try await pair.bench.files(of: tickets.first?.id ?? "")
            found.formUnion(files["\(message.id)-message.eml"] ?? [])
        }
        #expect(found == Set(sources))
        #expect(try shop.replies().count == 3)
    }

    @Test("where mail is to stay in the mailbox, none goes to a ticket, also when a reply did not arrive")
    func minimal() async throws {
        let shop = try await ScratchShop {
            $0.ticketData = .minimal
            $0.ticketLanguage = "hi"
        }
        try shop.receive(.whereIsIt())
        try await shop.run { $0.carrier = ScriptedCarrier([.refused(reason: "550 no")]) }
        var wish = TestMail(text: "I want to speak to a human being, please. Get me a real person.\n")
        (wish.from, wish.subject) = ("other@mail.example", "Another matter")
        try shop.receive(wish)
        try await shop.run()
        let tickets = shop.tickets()
        #expect(tickets.count == 2)
        for ticket in tickets {
            let names = shop.files(of: ticket)
            #expect(names.allSatisfy { $0.hasPrefix("note-") } && names.count == 1, "\(names)")
            let note = String(decoding: shop.file(names.first ?? "", of: ticket) ?? [], as: UTF8.self)
            for words in ["Priya", "NC-104233", "human being", "other@mail.example"] { #expect(!note.contains(words)) }
            #expect(note.contains("मेलबॉक्स"), "\(note)")
        }
    }

    @Test("a system that asks for weeks of patience is asked again within the hour")
    func wrongClock() async throws {
        let server = try ZendeskServer()
        let zendesk = Zendesk.Configuration(
            url: server.baseURL, user: ZendeskServer.user, token: ZendeskServer.token)
        let shop = try await ScratchShop { $0.tickets = .zendesk(zendesk) }
        server.script { ($0.burst, $0.retryAfter) = (0, 1_000_000) }
        try shop.receive(TestMail(text: "I want to speak to a human being, please.\n"))
        try await shop.run()
        #expect(server.tickets.isEmpty)
        server.script { $0.burst = nil }
        shop.clock.advance(by: 3_700)
        try await shop.run()
        #expect(server.tickets.count == 1)
    }

    @Test("a message waits while the ticket that its conversation should have by then is not filed, but not for ever")
    func inOrder() async throws {
        let shop = try await ScratchShop()
        let system = FileTickets(folder: "\(shop.folder.path)/tickets")
        func mail(_ text: String, on former: TestMail? = nil) -> TestMail {
            var mail = TestMail(text: text)
            mail.inReplyTo = former?.id
            return mail
        }
        let first = mail("I want to speak to a human being, please.\n")
        try shop.receive(first)
        try await shop.run { $0.tickets = AlteredTickets(system, isBusy: true) }
        try shop.receive(mail("Is there a real person? I want to speak to a human being.\n", on: first))
        try await shop.run()
        #expect(shop.tickets().isEmpty, "the first one's request may be at work")
        #expect(try await shop.ledger().status().messages == ["decided": 2])
        shop.clock.advance(by: 100)
        try await shop.run()
        #expect(shop.tickets().count == 1)
        #expect(
            try await system.names(on: shop.tickets().first ?? "").isSuperset(of: ["note-1.txt", "note-2.txt"]))
    }

    @Test("a folder of tickets that somebody removed or broke is made again, with the whole thread")
    func folders() async throws {
        let folder = try ScratchFolder()
        let filing = Filing(system: FileTickets(folder: folder.path))
        let id = TicketBench.newID()
        let first = try await filing.file(TicketBench.packet(1, of: id), thread: [TicketBench.entry(1)]).number
        try folder.write("\(first)/ticket.json", "{ this is no card")
        let thread = [TicketBench.entry(1), TicketBench.entry(2)]
        #expect(try await filing.file(TicketBench.packet(2, of: id), thread: thread, known: first).number == first)
        try FileManager.default.removeItem(atPath: "\(folder.path)/\(first)")
        let again = try await filing.file(TicketBench.packet(3, of: id), thread: thread, known: first).number
        let names = try await filing.system.names(on: again)
        #expect(names.isSuperset(of: ["1-message.eml", "2-message.eml", "note-3.txt"]))
    }

    private static let question = "Hello,\nwhat is your return policy? How many days do I have to return something?\n"

    @Test("an entry with more or larger files than are read is quarantined, and keeps nobody waiting")
    func tooMuch() async throws {
        let many = try await TicketChannelTests.Scene(.zendesk)
        let reads = Collector<String>()
        let ticket = try await many.open(Self.question)
        let flood = AlteredTickets(many.queue.system) { entry in
            let file = entry.attachments.first ?? TicketAttachment(locator: "", name: "")
            entry = TicketEntry(
                id: entry.id, ticket: entry.ticket, author: entry.author, isPublic: entry.isPublic, text: entry.text,
                created: entry.created, attachments: Array(repeating: file, count: 5_000))
        } onRead: {
            await reads.add($0)
        }
        #expect(try await many.run(on: ticket, flood) == ["quarantined too-large"])
        #expect(await reads.all.isEmpty)
        #expect(try await many.queue.notes(on: ticket).count == 1)

        let large = try await TicketChannelTests.Scene(.zendesk)
        let server = try #require(large.queue.owner as? ZendeskServer)
        let (poison, customer) = server.open(by: "other@mail.example", "Pictures")
        await large.tickets.add("\(poison)")
        server.comment(
            "Look", by: customer, files: ["film": [UInt8](repeating: 7, count: 65 << 20)], on: poison)
        let sound = try await large.open(Self.question)
        #expect(try await large.run(on: sound).map { $0.prefix(8) } == ["answered"])
        for _ in 0..<4 {
            large.shop.clock.advance(by: 4_000)
            try await large.run(on: "\(poison)")
        }
        #expect(try await large.standing(of: "\(poison)") == ["quarantined unreadable"])
        #expect(try await large.queue.notes(on: "\(poison)").count == 1)
    }

    @Test("files of any size in a ticket's folder are read up to a limit")
    func largeFiles() async throws {
        let scene = try await TicketChannelTests.Scene(.files)
        let ticket = try await scene.open(Self.question)
        let folder = try #require(scene.queue.owner as? ScratchFolder).path
        let path = "\(folder)/\(ticket)/customer-2.film.bin"
        try #require(FileManager.default.createFile(atPath: path, contents: nil))
        try #require(truncate(path, 1 << 40) == 0)
        let files = try #require(try await scene.queue.system.entries(of: ticket).first).attachments
        let film = try #require(files.first { $0.name == "film.bin" })
        let error = await #expect(throws: TicketError.self) { try await scene.queue.system.content(of: film) }
        #expect(error?.reason == .tooLarge)
        try #require(truncate("\(folder)/\(ticket)/customer-2.txt", 1 << 40) == 0)
        let text = try await scene.queue.system.entries(of: ticket).first?.text
        #expect(text?.contains("return policy") == true)
    }

    @Test(
        "an entry is handed on before the files of the next one are read")
    func oneByOne() async throws {
        let scene = try await TicketChannelTests.Scene(.files)
        let ticket = try await scene.open(Self.question)
        for number in 1...3 { try await scene.queue.write(TicketQueue.customer, "Once more, \(number)", ticket) }
        let steps = Collector<String>()
        let system = AlteredTickets(scene.queue.system, onRead: { _ in await steps.add("read") })
        let channel = scene.channel(system)
        let ledger = try await Ledger.test()
        let items = try await channel.discover(after: nil, adoptedAt: scene.start, ledger: ledger).items
        #expect(items.count == 4)
        try await channel.fetch(items.map(\.source), maximumBytes: 1 << 20) { _ in await steps.add("handed on") }
        #expect(await steps.all == Array(repeating: ["read", "handed on"], count: 4).flatMap(\.self))
    }
}
