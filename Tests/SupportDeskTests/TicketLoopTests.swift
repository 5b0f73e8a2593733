import Foundation
import Mail
import TestServers
import Testing

@testable import SupportDesk

/// Mail, the ticket system's own mail and the desk, which reads both: nobody is answered twice, and nothing goes round.
@Suite("Loops between mail and tickets")
struct TicketLoopTests {
    typealias Scene = TicketChannelTests.Scene

    private static let policy = "Hello,\nwhat is your return policy? How many days do I have to return something?\n"

    /// How the same words come.
    enum Order: String, CaseIterable, Sendable { case mailFirst, entryFirst, atOnce }

    @Test(
        "the same words by mail and as an entry of a ticket get one answer",
        arguments: [TicketBench.Kind.requestTracker, .zendesk], Order.allCases)
    func bothWays(kind: TicketBench.Kind, order: Order) async throws {
        let scene = try await Scene(kind)
        let shop = scene.shop
        var mail = TestMail(subject: "Returns", text: Self.policy)
        mail.id = "\(UUID().uuidString)@mail.example"
        var ticket = ""
        func write() async throws {
            if let server = scene.queue.owner as? ZendeskServer {
                let (number, customer) = server.open(by: TicketQueue.customer, "Returns")
                server.comment(Self.policy, by: customer, mailID: mail.id, on: number)
                ticket = "\(number)"
            } else {
                let server = try await RTServer.shared()
                let start = try await scene.queue.system.customerEntries(after: nil).cursor
                try await server.receive(String(decoding: mail.bytes, as: UTF8.self))
                let page = try await scene.queue.system.customerEntries(
                    in: [], after: start, since: scene.start)
                ticket = try #require(page.entries.last { $0.field("Message-ID") == "<\(mail.id ?? "")>" }?.ticket)
            }
        }
        func run() async throws {
            await scene.tickets.add(ticket)
            let start = scene.start
            let desk = try await shop.desk { surroundings in
                surroundings.channels = [
                    ChannelSetting(
                        channel: MaildirChannel(name: "support", path: shop.maildir.path),
                        adoptFrom: ScratchShop.start.addingTimeInterval(-86_400)),
                    ChannelSetting(channel: scene.channel(), adoptFrom: start),
                ]
                surroundings.tickets = scene.queue.system
            }
            _ = try await desk.run()
        }
        if order != .entryFirst { try shop.receive(mail) }
        if order == .mailFirst { try await run() }
        if order != .mailFirst { try await write() }
        if order == .entryFirst {
            try await run()
            try shop.receive(mail)
        }
        if order == .mailFirst { try await write() }
        for _ in 0..<2 { try await run() }
        let answers = try await scene.queue.answers(on: ticket).count
        let mails = try shop.replies().count
        #expect(mails + answers == 1, "\(mails) by mail, \(answers) on the ticket")
        let outcomes = try await shop.ledger().database.read { [ticket] transaction in
            try transaction.rows(
                "SELECT status, rule FROM message WHERE channel = 'support' OR source LIKE $1",
                [.text("\(ticket)/%")]
            ).map { "\($0.text("status") ?? "") \($0.text("rule") ?? "")" }.sorted()
        }
        #expect(outcomes.count == 2 && outcomes.contains("ignored duplicate"), "\(outcomes)")
    }

    /// What answers each mail that the customer gets.
    enum Robot: String, CaseIterable, Sendable { case byTheBook, withoutHeader }

    @Test(
        "RT sends its own mail into the desk's inbox while the desk reads its queue: all comes to rest",
        arguments: Robot.allCases)
    func loop(robot: Robot) async throws {
        let server = try await RTServer.start()
        let queue = try await TicketQueue.make(.requestTracker, server)
        let shop = try await ScratchShop { $0.acknowledges = true }
        // Everything that RT sends, to whomever, lies in an inbox of the desk.
        let inbox = "\(shop.folder.path)/rt"
        for name in ["cur", "tmp"] { try DurableFile.makeFolder("\(inbox)/\(name)") }
        try FileManager.default.createSymbolicLink(atPath: "\(inbox)/new", withDestinationPath: server.outbox)
        let start = Date().addingTimeInterval(-600)
        func run() async throws {
            let desk = try await shop.desk { surroundings in
                surroundings.now = { Date() }
                surroundings.channels = [
                    ChannelSetting(
                        channel: MaildirChannel(name: "support", path: shop.maildir.path), adoptFrom: .distantPast),
                    ChannelSetting(
                        channel: MaildirChannel(name: "rt", path: inbox, after: .leave), adoptFrom: start),
                    ChannelSetting(
                        channel: TicketChannel(
                            name: "queue", system: queue.system, queues: ["Support"], mailbox: Shop.test.mailbox,
                            isDesks: true), adoptFrom: start),
                ]
                surroundings.tickets = queue.system
            }
            let report = try await desk.run()
            #expect(report.unavailable.isEmpty, "\(report.unavailable)")
        }
        func receive(_ mail: TestMail) throws {
            try shop.maildir.deliver(
                mail.bytes, uniqueName: "\(Int(Date().timeIntervalSince1970)).\(UUID().uuidString)", to: .new, flags: []
            )
        }
        // A question and a wish for a person, each by mail and as a ticket.
        for (subject, text) in [
            ("Returns", Self.policy), ("Help", "I want to speak to a human agent, a real person.\n"),
        ] {
            var mail = TestMail(subject: subject, text: text)
            mail.date = nil
            try receive(mail)
            try await server.receive(String(decoding: mail.bytes, as: UTF8.self))
        }
        var answered: Set<String> = []
        var counts: [[Int]] = []
        for round in 0..<6 {
            try await run()
            // The customer's robot answers whatever she got, by mail to both places.
            let sent = try server.sentMail() + shop.replyBytes()
            for bytes in sent {
                let message = try Message(parsing: bytes)
                guard message.to.contains(where: { $0.address == TicketQueue.customer }), let id = message.messageID,
                    answered.insert(id).inserted
                else { continue }
                var note = TestMail(
                    subject: robot == .byTheBook ? "Auto: \(message.subject)" : "Re: \(message.subject)",
                    text: "I am in the mountains, number \(answered.count). What is your return policy?\n")
                note.date = nil
                note.inReplyTo = id
                note.references = message.references + [id]
                if robot == .byTheBook { note.headers = ["Auto-Submitted: auto-replied"] }
                try receive(note)
                try await server.receive(String(decoding: note.bytes, as: UTF8.self))
            }
            let rows = try await shop.ledger().database.read { transaction in
                try transaction.rows(
                    "SELECT kind, COUNT(*) AS n FROM outbox WHERE state = 'sent' GROUP BY kind", []
                ).reduce(into: [String: Int]()) { $0[$1.text("kind") ?? ""] = Int($1.integer("n") ?? 0) }
            }
            counts.append([
                rows["reply"] ?? 0, rows["acknowledgement"] ?? 0, rows["ticket"] ?? 0, server.sentMail().count,
            ])
            if round > 2, counts[round] == counts[round - 1] { break }
        }
        #expect(counts.count > 1 && counts.last == counts.dropLast().last, "it does not come to rest: \(counts)")
        let last = try #require(counts.last)
        #expect(last[0] <= (robot == .byTheBook ? 1 : 4) && last[1] <= 1, "\(counts)")
        // Of RT's own mail nothing got further than the gate.
        let own = try await shop.ledger().database.read { transaction in
            try transaction.rows("SELECT DISTINCT status FROM message WHERE channel = 'rt'", []).map {
                $0.text("status")
            }
        }
        #expect(own == ["ignored"], "\(own)")
        await server.stop()
    }

    @Test("a ticket system's mail is told by its fields, and a person's answer to it is not")
    func fields() throws {
        func rule(_ fields: [String]) throws -> String? {
            var mail = TestMail.whereIsIt()
            mail.headers = fields
            return try Message(parsing: mail.bytes).automatic?.rule
        }
        for field in [
            "X-RT-Loop-Prevention: rt.test", "X-RT-Ticket: rt.test #1", "RT-Ticket: rt.test #1",
            "X-RT-Originator: a@mail.example", "RT-Originator: a@mail.example",
            "X-Managed-BY: RT 5.0.3+dfsg-3 (http://www.bestpractical.com/rt/)", "Managed-by: RT 4.4",
            "X-OTRS-Loop: yes", "X-Zendesk-From-Account-Id: 1a2b",
        ] {
            #expect(try rule([field]) == "ticket-system", "\(field)")
        }
        #expect(try rule(["Managed-By: a person", "In-Reply-To: <RT-Ticket-1@rt.test>"]) == nil)
    }
}
