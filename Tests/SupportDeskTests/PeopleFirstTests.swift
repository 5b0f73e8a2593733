import Foundation
import Mail
import Testing

@testable import SupportDesk

/// A person was quicker: the desk stays silent, says why, and loses nothing.
@Suite("People first")
struct PeopleFirstTests {
    /// What one of the shop's people writes to the customer.
    private func answer(to id: String, from: String = "support@neemandclay.example") -> TestMail {
        var mail = TestMail(
            name: "Ana", from: from, to: "priya.sharma@mail.example", subject: "Re: Where is my order NC-104233?",
            text: "Dear Priya, our van has a flat tyre. Kind regards, Ana\n")
        mail.inReplyTo = id
        return mail
    }

    private func question(_ id: String = "m1@mail.example") -> TestMail {
        var mail = TestMail.whereIsIt()
        mail.id = id
        return mail
    }

    private func shop(_ change: (inout DeskConfiguration) -> Void = { _ in }) async throws -> ScratchShop {
        try await ScratchShop { configuration in
            configuration.channels[0].people.sent = "\(configuration.state)/../sent"
            configuration.shop.colleagues = ["@neemandclay.example"]
            change(&configuration)
        }
    }

    /// Lays a mail where the shop's people find what they have sent.
    private func send(_ bytes: [UInt8], in shop: ScratchShop, age: TimeInterval = 30) throws {
        let sent = Maildir(path: "\(shop.folder.path)/sent")
        try sent.create()
        let arrival = Int(shop.clock.now.timeIntervalSince1970 - age)
        try sent.deliver(bytes, uniqueName: "\(arrival).\(UUID().uuidString)", to: .cur, flags: ["S"])
    }

    private func rows(_ sql: String, _ shop: ScratchShop) async throws -> [[String: SQLValue]] {
        try await shop.ledger().database.read { transaction in
            try transaction.rows(sql, []).map { row in
                Dictionary(uniqueKeysWithValues: row.names.compactMap { name in row[name].map { (name, $0) } })
            }
        }
    }

    @Test("an answer in the Sent folder: silence, on record with its reason, and the next mail goes to a person")
    func sentFolder() async throws {
        let shop = try await shop()
        try shop.receive(question())
        try send(answer(to: "m1@mail.example").bytes, in: shop)
        let run = try await shop.run()
        #expect(run.outcome == "ignored person-answered")
        #expect(try shop.replies().isEmpty && shop.tickets().isEmpty)
        let row = try #require(try await rows("SELECT state, problem FROM outbox", shop).first)
        #expect(row["state"] == .text("withdrawn"))
        #expect(row["problem"] == .text("a person's answer lies in the Sent folder"))
        #expect(try shop.maildir.entries().map(\.flags) == [["S"]])
        // Not even when the person's copy is gone.
        try FileManager.default.removeItem(atPath: "\(shop.folder.path)/sent")
        var next = TestMail(subject: "Re: Where is my order", text: "Thank you. Which payment methods do you accept?\n")
        next.inReplyTo = "m1@mail.example"
        try shop.receive(next)
        #expect(try await shop.run().outcome == "escalated with-a-person")
        #expect(shop.files(of: shop.tickets()[0]).contains("1-message.eml"), "the whole thread is on the ticket")
    }

    @Test("the marks of a mail program", arguments: [("R", "answered"), ("P", "forwarded"), ("S", nil), ("F", nil)])
    func flags(_ flag: Character, _ mark: String?) async throws {
        let shop = try await shop()
        let name = try shop.receive(question())
        try shop.maildir.mark(name, adding: [flag])
        #expect(try await shop.run().outcome == (mark == nil ? "answered answered" : "ignored person-answered"))
        let reason = try await rows("SELECT problem FROM outbox", shop).first?["problem"]
        #expect(reason == (mark.map { .text("a mail program has marked it as \($0)") } ?? .null))
    }

    @Test("copies of the desk's own replies, robots' mail and answers to others are nobody's answers")
    func ownCopies() async throws {
        let shop = try await shop()
        try shop.receive(question())
        #expect(try await shop.run().outcome == "answered answered")
        // Also where the server gave it another name.
        let reply = try #require(try shop.replyBytes().first)
        try send(reply, in: shop)
        let id = try #require(try Message(parsing: reply).messageID)
        let text = String(decoding: reply, as: UTF8.self)
        try send(Array(text.replacing("Message-ID: <\(id)>", with: "Message-ID: <x@relay.example>").utf8), in: shop)
        var robot = answer(to: "m1@mail.example")
        robot.headers = ["Auto-Submitted: auto-generated"]
        try send(robot.bytes, in: shop)
        try send(answer(to: "other@mail.example").bytes, in: shop)
        var next = TestMail(subject: "Payment", text: "Which payment methods do you accept?\n")
        next.references = ["m1@mail.example", id]
        try shop.receive(next)
        #expect(try await shop.run().outcome.hasPrefix("answered "))
        #expect(try await shop.conversations() == [1, 1])
    }

    @Test("a draft of the desk that a person has sent is her answer, whatever marks it still bears")
    func sentDraft() async throws {
        let shop = try await shop {
            $0.policy.modes["track_order"] = .draft
            $0.drafts = .maildir("\($0.state)/../drafts")
        }
        try shop.receive(question())
        #expect(try await shop.run().outcome == "drafted mode-draft")
        let drafts = Maildir(path: "\(shop.folder.path)/drafts")
        let draft = try drafts.read(#require(try drafts.entries().first))
        try send(draft, in: shop)
        var next = TestMail(subject: "Payment", text: "Which payment methods do you accept?\n")
        next.references = ["m1@mail.example"]
        try shop.receive(next)
        #expect(try await shop.run().outcome == "escalated with-a-person")
    }

    @Test(
        "who answers a person's mail goes to a person, with a ticket; her answer to an earlier mail answers no later one"
    )
    func earlierAnswer() async throws {
        let shop = try await shop()
        var person = answer(to: "before@mail.example")
        person.id = "ana-1@neemandclay.example"
        try send(person.bytes, in: shop, age: 5 * 86_400)
        var mail = question("m2@mail.example")
        mail.inReplyTo = "ana-1@neemandclay.example"
        try shop.receive(mail)
        #expect(try await shop.run().outcome == "escalated with-a-person")
        let ticket = try #require(shop.tickets().first)
        #expect(shop.file("1-message.eml", of: ticket) == mail.bytes)
        #expect(try shop.replies().isEmpty)
        let note = String(decoding: shop.file("note-1.txt", of: ticket) ?? [], as: UTF8.self)
        #expect(note.contains("a person has written in this conversation, says the Sent folder"))
        #expect(!note.contains("flat tyre"))
    }

    @Test("a mail that lay on its way for days: the answer to its other copy is older than its arrival, and seen")
    func lateCopy() async throws {
        let shop = try await shop()
        var mail = question()
        mail.date = "Wed, 04 Mar 2026 14:00:00 +0530"
        try shop.receive(mail)
        try send(answer(to: "m1@mail.example").bytes, in: shop, age: 5 * 86_400)
        #expect(try await shop.run().outcome == "ignored person-answered")
    }

    @Test("for who writes for the first time, nothing older than her mail is looked at; in a conversation, a month is")
    func reach() {
        let arrival = Date(timeIntervalSince1970: 1_773_000_000)
        func days(_ ids: [String], own id: String? = "m1@mail.example", written: Double?) -> Double {
            var inquiry = Inquiry(source: "1", arrival: arrival, messageIDs: ids, own: [])
            inquiry.messageID = id
            inquiry.written = written.map { arrival.addingTimeInterval($0 * 86_400) }
            return arrival.timeIntervalSince(inquiry.earliest) / 86_400
        }
        #expect(days(["m1@mail.example"], written: 0) == 1)
        #expect(days(["m1@mail.example"], written: -6) == 7, "it was on its way")
        #expect(days(["m1@mail.example"], written: 400) == 1, "a clock that is ahead hides nothing")
        #expect(days(["m1@mail.example"], written: -20_000) == 30, "and one that says 1970 has not all read")
        #expect(days(["m1@mail.example"], written: nil) == 30)
        #expect(days(["m0@mail.example", "m1@mail.example"], written: 0) == 30)
        #expect(days([], own: nil, written: 0) == 30)
    }

    @Test(
        "a colleague's answer that came in: proved, it is an answer; not proved, a person looks; forged, it is nothing",
        arguments: [TestMail.Verdict.pass, .none, .fail])
    func colleague(_ verdict: TestMail.Verdict) async throws {
        let shop = try await shop()
        try shop.receive(question())
        var reply = answer(to: "m1@mail.example", from: "ana@neemandclay.example")
        reply.headers = ["Cc: support@neemandclay.example"]
        reply.verdict = verdict
        try shop.receive(reply, age: 20)
        let run = try await shop.run()
        let rules = run.handled.map { "\($0.disposition) \($0.rule)" }
        switch verdict {
        case .pass: #expect(rules == ["ignored person-answered", "ignored colleague-answered"])
        case .none: #expect(rules == ["escalated with-a-person", "ignored colleague-answered"])
        case .fail: #expect(rules.first == "answered answered" && rules.last?.hasPrefix("escalated ") == true)
        }
        #expect(try shop.replies().count == (verdict == .fail ? 1 : 0))
    }

    @Test("a colleague's answer takes the conversation from then on; her note goes to the ticket")
    func fromThenOn() async throws {
        let shop = try await shop()
        try shop.receive(question())
        #expect(try await shop.run().outcome == "answered answered")
        var reply = answer(to: "m1@mail.example", from: "ana@neemandclay.example")
        reply.headers = ["Cc: support@neemandclay.example"]
        try shop.receive(reply)
        #expect(try await shop.run().outcome == "ignored colleague-answered")
        var next = question("m2@mail.example")
        next.inReplyTo = "m1@mail.example"
        next.text += "And which payment methods do you accept?\n"
        try shop.receive(next)
        #expect(try await shop.run().outcome == "escalated with-a-person")
        #expect(try shop.replies().count == 1)
        var note = answer(to: "m2@mail.example", from: "ana@neemandclay.example")
        note.to = "support@neemandclay.example"
        try shop.receive(note)
        #expect(try await shop.run().outcome == "escalated colleague-note")
        #expect(shop.tickets().count == 1)
        // One of the shop's own people who tries the desk is a customer like any other.
        var trial = question("trial@neemandclay.example")
        (trial.from, trial.text) = ("ben@neemandclay.example", "Which payment methods do you accept?\n")
        try shop.receive(trial)
        #expect(try await shop.run().outcome.hasPrefix("answered "))
    }

    @Test("a source that cannot be asked: nothing is sent, nothing counts as an attempt; in the end a person gets it")
    func unreachable() async throws {
        let shop = try await shop()
        try shop.receive(question())
        func pass() async throws -> TestRun {
            let desk = try await shop.desk()
            let blind = BlindChannel(desk.channels[0].channel)
            return try await shop.run {
                $0.channels = [ChannelSetting(channel: blind, adoptFrom: desk.channels[0].adoptFrom)]
            }
        }
        for _ in 0..<3 {
            let run = try await pass()
            #expect(run.report.unavailable == ["channel support: nobody can look"])
            #expect(try shop.replies().isEmpty && shop.tickets().isEmpty)
            shop.clock.advance(by: 1_100)
        }
        let row = try #require(try await rows("SELECT state, attempts FROM outbox", shop).first)
        #expect(row["state"] == .text("queued") && row["attempts"] == .integer(0))
        shop.clock.advance(by: 1_100)
        _ = try await pass()
        #expect(try await rows("SELECT rule FROM message", shop).first?["rule"] == .text("source-unreachable"))
        #expect(try shop.replies().isEmpty && shop.tickets().count == 1)
    }

    @Test("a source that can be asked again: the reply leaves once")
    func reachableAgain() async throws {
        let shop = try await shop()
        try shop.receive(question())
        let desk = try await shop.desk()
        let blind = BlindChannel(desk.channels[0].channel)
        try await shop.run { $0.channels = [ChannelSetting(channel: blind, adoptFrom: desk.channels[0].adoptFrom)] }
        #expect(try shop.replies().isEmpty)
        for _ in 0..<2 { #expect(try await shop.run().report.unavailable.isEmpty) }
        #expect(try shop.replies().count == 1 && shop.tickets().isEmpty)
    }

    @Test(
        "no word of an acknowledgement behind an agent who has taken or answered the ticket", arguments: [true, false])
    func takenTicket(_ isTaken: Bool) async throws {
        let shop = try await shop { $0.acknowledges = true }
        try shop.receive(TestMail(text: "I want to speak to a human being, please. Get me a real person.\n"))
        let tickets = ScriptedTickets()
        await tickets.take(by: isTaken ? "asha" : nil)
        let run = try await shop.run { $0.tickets = tickets }
        #expect(run.outcome == "escalated asks-for-person")
        #expect(try shop.replies().count == (isTaken ? 0 : 1))
        let states = try await rows("SELECT state FROM outbox WHERE kind = 'acknowledgement'", shop)
        #expect(states.first?["state"] == .text(isTaken ? "withdrawn" : "sent"))
    }

    @Test("look: off sends without asking; a Sent maildir that is not there yet is no obstacle")
    func off() async throws {
        let shop = try await shop { $0.people.looks = false }
        try shop.receive(question())
        try send(answer(to: "m1@mail.example").bytes, in: shop)
        #expect(try await shop.run().outcome == "answered answered")
        let other = try await self.shop()
        try other.receive(question())
        #expect(try await other.run().outcome == "answered answered")
    }
}

/// A channel of which nobody can tell whether a person was quicker.
private struct BlindChannel: Channel {
    let inner: any Channel
    init(_ inner: any Channel) { self.inner = inner }

    var name: String { inner.name }
    func discover(after cursor: String?, adoptedAt: Date, ledger: Ledger) async throws -> Discovery {
        try await inner.discover(after: cursor, adoptedAt: adoptedAt, ledger: ledger)
    }
    func fetch(
        _ sources: [String], maximumBytes: Int, _ each: @escaping @Sendable (Fetched) async throws -> Void
    ) async throws { try await inner.fetch(sources, maximumBytes: maximumBytes, each) }
    func mark(_ items: [MarkItem]) async throws { try await inner.mark(items) }
    func waitForNews(upTo limit: Duration) async throws { try await inner.waitForNews(upTo: limit) }
    func person(in inquiry: Inquiry) async throws -> PersonSeen? {
        throw DeskError(.unavailable, "channel support: nobody can look", isRetryable: true)
    }
    func close() async { await inner.close() }
}
