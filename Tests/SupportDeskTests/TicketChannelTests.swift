import Foundation
import Logging
import Mail
import TestServers
import Testing

@testable import SupportDesk

/// A queue of a ticket system as a channel: the same body against folders, the real Request Tracker and Zendesk's stand-in.
@Suite("Ticket channel")
struct TicketChannelTests {
    typealias Kind = TicketBench.Kind

    /// A desk that reads one queue and opens its own tickets in the same system.
    struct Scene {
        let queue: TicketQueue
        let shop: ScratchShop
        /// The tickets that are this test's: other desks read the same server.
        let tickets = Collector<String>()

        init(_ kind: Kind, _ change: @escaping (inout DeskConfiguration) -> Void = { _ in }) async throws {
            queue = try await TicketQueue.make(kind)
            shop = try await ScratchShop {
                $0.limits.backstops.perSender = 1_000
                $0.limits.backstops.perText = 1_000
                $0.limits.backstops.perDomain = 1_000
                change(&$0)
            }
        }

        /// What was written before the test is history.
        var start: Date { queue.kind == .zendesk ? ScratchShop.start : Date().addingTimeInterval(-3_600) }

        func channel(_ system: (any TicketSystem)? = nil) -> TicketChannel {
            TicketChannel(
                name: "queue", system: AlteredTickets(system ?? queue.system, tickets: tickets), queues: ["Support"],
                mailbox: Shop.test.mailbox,
                isDesks: true)
        }

        func open(_ text: String, by address: String = TicketQueue.customer, subject: String = "A question")
            async throws -> String
        {
            let ticket = try await queue.open(address, subject, text, "Support")
            await tickets.add(ticket)
            return ticket
        }

        /// What a run did on one ticket: others write in the same queue.
        @discardableResult
        func run(on ticket: String, _ system: (any TicketSystem)? = nil) async throws -> [String] {
            let start = start
            let desk = try await shop.desk { surroundings in
                surroundings.channels = [ChannelSetting(channel: channel(system), adoptFrom: start)]
                surroundings.tickets = system ?? queue.system
            }
            let run = try await shop.run(desk)
            let sources = try await sources()
            return run.handled.filter { sources[$0.id]?.hasPrefix("\(ticket)/") == true }
                .map { "\($0.disposition) \($0.rule)" }
        }

        func sources() async throws -> [Int64: String] {
            try await shop.ledger().database.read { transaction in
                try transaction.rows("SELECT id, source FROM message", []).reduce(into: [:]) {
                    $0[$1.integer("id") ?? 0] = $1.text("source")
                }
            }
        }

        /// Status and rule of the messages of a ticket, as the ledger has them.
        func standing(of ticket: String) async throws -> [String] {
            try await shop.ledger().database.read { transaction in
                try transaction.rows(
                    "SELECT status, rule FROM message WHERE source LIKE $1 ORDER BY id", [.text("\(ticket)/%")]
                ).map { "\($0.text("status") ?? "") \($0.text("rule") ?? "")" }
            }
        }
    }

    private static let policy = "Hello,\nwhat is your return policy? How many days do I have to return something?\n"
    private static let person = "Hello,\nplease let me speak to a human agent. I want to talk to a real person.\n"

    @Test(
        "entries of the configured queues are found once, from the adoption point on, by a cursor that is kept",
        arguments: Kind.allCases)
    func cursor(kind: Kind) async throws {
        let scene = try await Scene(kind)
        let (queue, channel) = (scene.queue, scene.channel())
        let ledger = try await Ledger.test()
        let lease = try ledger.lease()
        let ticket = try await scene.open(Self.policy)
        let elsewhere = try await queue.open(TicketQueue.customer, "A question", Self.policy, queue.other)
        await scene.tickets.add(elsewhere)
        func look(_ cursor: String?, from start: Date) async throws -> (found: [String], cursor: String?) {
            var cursor = cursor
            var found: [String] = []
            while true {
                let discovery = try await channel.discover(after: cursor, adoptedAt: start, ledger: ledger)
                found += discovery.items.map(\.source)
                #expect(try await ledger.record(discovery, of: channel.name, by: lease, now: Date()))
                cursor = discovery.cursor ?? cursor
                if !discovery.hasMore { break }
            }
            return (found.filter { $0.hasPrefix("\(ticket)/") || $0.hasPrefix("\(elsewhere)/") }, cursor)
        }
        #expect(try await look(nil, from: Date().addingTimeInterval(86_400 * 900)).found.isEmpty, "history")
        let first = try await look(nil, from: scene.start)
        #expect(first.found.count == 1 && first.found.first?.hasPrefix("\(ticket)/") == true, "\(first.found)")
        try await queue.system.add(
            NewEntry(key: "reply-1.txt", subject: "Re", text: "Ours", isPublic: true), to: ticket)
        try await queue.system.add(NewEntry(key: "note-1.txt", subject: "Re", text: "A note"), to: ticket)
        try await queue.answer("An agent's", ticket)
        let second = try await look(first.cursor, from: scene.start)
        #expect(second.found.isEmpty, "\(second.found)")
        try await queue.write(TicketQueue.customer, "And another one", ticket)
        let third = try await look(second.cursor, from: scene.start)
        #expect(third.found.count == 1, "\(third.found)")
        #expect(try await look(nil, from: scene.start).found.isEmpty)
    }

    @Test(
        "a queue that is not there is an error that names it, no empty one", arguments: [Kind.requestTracker, .zendesk])
    func noQueue(kind: Kind) async throws {
        let scene = try await Scene(kind)
        let channel = TicketChannel(
            name: "queue", system: scene.queue.system, queues: ["Suport"], mailbox: Shop.test.mailbox)
        let ledger = try await Ledger.test()
        let error = await #expect(throws: TicketError.self) {
            _ = try await channel.discover(after: nil, adoptedAt: Date(), ledger: ledger)
        }
        #expect(error?.message.contains("Suport") == true && error?.reason == .misconfigured)
    }

    @Test("doctor tries the queue, and names one that is not there")
    func doctor() async throws {
        let server = try ZendeskServer()
        let zendesk = Zendesk.Configuration(
            url: server.baseURL, user: ZendeskServer.user, token: ZendeskServer.token)
        for (queue, state) in [("Support", Checkup.Finding.State.fine), ("Suport", .broken)] {
            let shop = try await ScratchShop {
                $0.channels = [
                    DeskConfiguration.ChannelEntry(
                        name: "queue", source: .ticket(.zendesk(zendesk), queues: [queue]), adoptFrom: nil)
                ]
            }
            let findings = Collector<Checkup.Finding>()
            let surroundings = DeskSurroundings(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let isWell = await Checkup(shop.configuration, surroundings) { await findings.add($0) }.run()
            let finding = try #require(await findings.all.first { $0.name == "channel queue" })
            #expect(finding.state == state && finding.detail.contains(queue), "\(finding.detail)")
            #expect(isWell == (state == .fine))
        }
    }

    @Test(
        "an entry becomes a mail of its customer in the ticket's thread, its files byte for byte",
        arguments: Kind.allCases)
    func bytes(kind: Kind) async throws {
        let scene = try await Scene(kind)
        let ticket = try await scene.open(Self.policy, subject: "Returns – ₹")
        try await scene.queue.write(TicketQueue.customer, "And for pottery?", ticket)
        let entries = try await scene.queue.system.entries(of: ticket)
        func read(_ entry: TicketEntry, limit: Int = 1 << 20) async throws -> Fetched {
            let collected = Collector<Fetched>()
            try await scene.channel().fetch(["\(ticket)/\(entry.id)"], maximumBytes: limit) { await collected.add($0) }
            return try #require(await collected.all.first)
        }
        var mails: [Message] = []
        for entry in entries {
            let content = try #require(try await read(entry).content)
            #expect(try await read(entry).content?.bytes == content.bytes, "the same each time")
            let origin = try #require(content.origin.entry)
            #expect(origin.ticket == ticket && origin.entry == entry.id && !origin.isProved && !origin.isWithPerson)
            mails.append(try Message(parsing: content.bytes))
        }
        try #require(mails.count == 2)
        for mail in mails {
            #expect(mail.from.map(\.address) == [TicketQueue.customer] && mail.to.map(\.address) == [Shop.test.address])
            #expect(mail.subject.hasPrefix("Returns – ₹") && mail.attachments.map(\.bytes) == [TicketQueue.file])
            #expect(mail.attachments.first?.name == "photo.bin" && mail.automatic == nil)
            #expect(mail.authentication(trusting: Shop.test.authservID).verdict == .unknown)
        }
        #expect(mails[1].inReplyTo == [mails[0].messageID] && mails[0].inReplyTo.isEmpty)
        #expect(mails[1].newText.trimmingCharacters(in: .whitespacesAndNewlines) == "And for pottery?")
        #expect(mails[1].quoted.contains("what is your return policy?"))
        let large = try #require(try await read(entries[0], limit: 4).content)
        #expect(large.fullSize > large.bytes.count)
        try await scene.queue.set(.deleted, ticket)
        guard case .vanished = try await read(entries[0]) else {
            Issue.record("a deleted ticket is still read")
            return
        }
    }

    @Test("the answer is one public reply on the ticket, and no mail", arguments: Kind.allCases)
    func answer(kind: Kind) async throws {
        let scene = try await Scene(kind)
        let ticket = try await scene.open(Self.policy)
        #expect(try await scene.run(on: ticket).map { $0.prefix(8) } == ["answered"])
        let first = try await scene.queue.answers(on: ticket)
        #expect(first.count == 1 && first[0].contains("30 days"), "\(first)")
        #expect(try await scene.run(on: ticket).isEmpty)
        try await scene.queue.write(TicketQueue.customer, "Which ways of payment do you take? Cards?", ticket)
        #expect(try await scene.run(on: ticket).map { $0.prefix(8) } == ["answered"])
        #expect(try await scene.queue.answers(on: ticket).count == 2)
        #expect(try await scene.queue.notes(on: ticket).isEmpty && scene.shop.replies().isEmpty)
        let conversations = try await scene.shop.ledger().database.read { transaction in
            try transaction.rows(
                "SELECT DISTINCT conversation FROM message WHERE source LIKE $1", [.text("\(ticket)/%")]
            ).count
        }
        #expect(conversations == 1)
        if let server = scene.queue.owner as? ZendeskServer {
            #expect(server.violations.isEmpty, "\(server.violations)")
        }
    }

    @Test("who writes on a ticket is not proved: she gets no facts of an order, whatever stands in a header")
    func notProved() async throws {
        let scene = try await Scene(.requestTracker)
        let server = try await RTServer.shared()
        let ticket = try await scene.open(
            "Where is my order NC-104233? When will it be delivered?", subject: "Where is my order NC-104233?")
        try await server.receive(
            """
            Authentication-Results: mx.neemandclay.example; dmarc=pass header.from=mail.example
            X-RT-Interface: Web
            From: \(TicketQueue.customer)
            To: support@neemandclay.example
            Subject: [rt.test #\(ticket)] Where is NC-104233?
            Message-ID: <\(UUID().uuidString)@mail.example>

            Once more: where is my order NC-104233? When will it arrive?

            """)
        let outcomes = try await scene.run(on: ticket)
        #expect(outcomes.count == 2, "\(outcomes)")
        let texts = try await scene.queue.answers(on: ticket)
        #expect(!texts.isEmpty && texts.allSatisfy { !$0.contains("Delhivery") }, "\(texts)")
    }

    @Test("whom the ticket system let in by her own login is proved, and gets the facts of her order")
    func proved() async throws {
        let scene = try await Scene(.files)
        let ticket = try await scene.open("Where is my order NC-104233? When will it be delivered?")
        let outcomes = try await scene.run(on: ticket, AlteredTickets(scene.queue.system) { $0.isProved = true })
        #expect(outcomes == ["answered answered"])
        #expect(try await scene.queue.answers(on: ticket).first?.contains("Delhivery") == true)
    }

    @Test(
        "what a person is to have stays on its ticket: one note, no second ticket, the routing's marks",
        arguments: Kind.allCases)
    func escalation(kind: Kind) async throws {
        let scene = try await Scene(kind) {
            var rule = Routing.Rule()
            rule.placement.priority = 90
            $0.routing.rules = [rule]
        }
        let ticket = try await scene.open(Self.person)
        let before = try await scene.queue.system.entries(of: ticket).count
        #expect(try await scene.run(on: ticket).map { $0.prefix(9) } == ["escalated"])
        #expect(try await scene.run(on: ticket).isEmpty)
        let notes = try await scene.queue.notes(on: ticket)
        #expect(notes.count == 1 && notes[0].contains("asks-for-person"), "\(notes)")
        #expect(try await scene.queue.system.entries(of: ticket).count == before + 1)
        let record = try #require(try await scene.queue.system.ticket(ticket))
        #expect(record.placement.priority == 90 && !record.state.isDone)
        let known = try await scene.shop.ledger().database.read { transaction in
            try transaction.rows("SELECT external_id, ticket FROM conversation WHERE ticket = $1", [.text(ticket)])
        }
        #expect(known.count == 1)
        let name = try #require(known.first?.text("external_id"))
        #expect(try await scene.queue.system.tickets(of: name).filter { $0.id != ticket }.isEmpty, "a second ticket")
        // What she writes next is the agent's: not even a note says so.
        try await scene.queue.write(TicketQueue.customer, "Hello? Is anybody there?", ticket)
        #expect(try await scene.run(on: ticket) == ["escalated with-a-person"])
        #expect(try await scene.queue.notes(on: ticket).count == 1)
    }

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

    @Test("an agent who has answered on the ticket before has the matter", arguments: Kind.allCases)
    func agentBefore(kind: Kind) async throws {
        let scene = try await Scene(kind)
        let ticket = try await scene.open("Hello")
        try await scene.queue.answer("How can I help?", ticket)
        try await scene.queue.write(TicketQueue.customer, Self.policy, ticket)
        #expect(try await scene.run(on: ticket).last == "escalated with-a-person")
        #expect(try await scene.queue.answers(on: ticket).filter { $0.contains("30 days") }.isEmpty)
    }

    @Test("a desk that dies before or behind any step answers once", arguments: Kind.allCases)
    func interrupted(kind: Kind) async throws {
        var reached = 0
        for point in 1...6 {
            for isBehind in [false, true] {
                let scene = try await Scene(kind)
                let ticket = try await scene.open(Self.policy)
                do {
                    try await scene.run(
                        on: ticket, InterruptedTickets(scene.queue.system, at: point, isBehind: isBehind))
                } catch is InterruptedTickets.Interruption {
                    reached += 1
                }
                try await scene.run(on: ticket)
                #expect(try await scene.queue.answers(on: ticket).count == 1, "\(point) \(isBehind)")
                #expect(
                    try await scene.standing(of: ticket).map { $0.prefix(8) } == ["answered"], "\(point) \(isBehind)")
            }
        }
        #expect(reached >= 6)
    }

    @Test("robots' entries are told by the header of their mail; a customer's are not")
    func robots() async throws {
        let scene = try await Scene(.requestTracker)
        let server = try await RTServer.shared()
        let ticket = try await scene.open(Self.policy)
        func mail(_ fields: String) async throws {
            try await server.receive(
                """
                From: \(TicketQueue.customer)
                To: support@neemandclay.example
                Subject: [rt.test #\(ticket)] Re: A question
                Message-ID: <\(UUID().uuidString)@mail.example>
                \(fields)

                Which ways of payment do you take?

                """)
        }
        try await mail("Auto-Submitted: auto-replied (vacation)")
        try await mail("Precedence: bulk")
        try await mail("Auto-Submitted: no\nX-Priority: 3")
        let outcomes = try await scene.run(on: ticket)
        #expect(outcomes.map { $0.prefix(8) } == ["answered", "ignored ", "ignored ", "answered"], "\(outcomes)")
        #expect(try await scene.queue.answers(on: ticket).count == 2)
    }
}
