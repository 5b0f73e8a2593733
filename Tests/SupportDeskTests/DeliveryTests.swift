import Foundation
import Mail
import Testing

@testable import SupportDesk

/// What becomes of a decided reply or ticket when the other side accepts, refuses, waits, or does not answer.
@Suite("Delivery")
struct DeliveryTests {
    private func status(_ shop: ScratchShop) async throws -> [String: Int] {
        try await shop.ledger().status().messages
    }

    private func flags(_ shop: ScratchShop) throws -> [Set<Character>] { try shop.maildir.entries().map(\.flags) }

    @Test("accepted: one mail to the author, the message is answered and marked")
    func accepted() async throws {
        let shop = try await ScratchShop()
        let carrier = ScriptedCarrier([.accepted(remote: "queued")])
        try shop.receive(.whereIsIt())
        let run = try await shop.run { $0.carrier = carrier }
        #expect(run.outcome == "answered answered")
        #expect(run.handled.first?.reply == "queued")
        #expect(!run.report.workRemains)
        let carried = await carrier.carried
        #expect(carried.map(\.recipient) == ["priya.sharma@mail.example"])
        #expect(try await shop.outbox() == ["reply sent"])
        #expect(try flags(shop) == [["S", "R"]])
        #expect(try await shop.run { $0.carrier = carrier }.handled.isEmpty)
        #expect(await carrier.carried.count == 1)
    }

    @Test("refused for good: a ticket with the message takes the reply's place")
    func refused() async throws {
        let shop = try await ScratchShop()
        let mail = TestMail.whereIsIt()
        try shop.receive(mail)
        let run = try await shop.run { $0.carrier = ScriptedCarrier([.refused(reason: "550 5.1.1")]) }
        #expect(run.outcome == "escalated delivery-refused")
        #expect(try await shop.outbox() == ["reply failed", "ticket sent"])
        #expect(try await status(shop) == ["escalated": 1])
        let ticket = try #require(shop.tickets().first)
        #expect(shop.files(of: ticket) == ["1-message.eml", "note-1.txt"])
        #expect(shop.file("1-message.eml", of: ticket) == mail.bytes)
        #expect(shop.file("note-1.txt", of: ticket)?.holds("550 5.1.1") == true)
        #expect(try flags(shop) == [["S"]])
    }

    @Test("refused for now: nothing is marked, later runs try again and then it is answered once")
    func deferred() async throws {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        let carrier = ScriptedCarrier([
            .deferred(reason: "421"), .deferred(reason: "451"), .accepted(remote: nil),
        ])
        let first = try await shop.run { $0.carrier = carrier }
        #expect(first.report.workRemains)
        #expect(try await status(shop) == ["decided": 1])
        #expect(try flags(shop) == [[]])
        // Its time has not come.
        try await shop.run { $0.carrier = carrier }
        #expect(await carrier.carried.count == 1)
        shop.clock.advance(by: 80)
        #expect(try await shop.run { $0.carrier = carrier }.report.workRemains)
        #expect(await carrier.carried.count == 2)
        // The wait has doubled.
        shop.clock.advance(by: 80)
        try await shop.run { $0.carrier = carrier }
        #expect(await carrier.carried.count == 2)
        shop.clock.advance(by: 80)
        #expect(try await shop.run { $0.carrier = carrier }.report.workRemains == false)
        let carried = await carrier.carried
        #expect(carried.count == 3)
        #expect(Set(carried.map(\.messageID)).count == 1)
        #expect(Set(carried.map(\.bytes)).count == 1)
        #expect(try await status(shop) == ["answered": 1])
        #expect(try flags(shop) == [["S", "R"]])
    }

    @Test("refused for now for ever: tried until the deadline, ever less often, then a person gets it")
    func deferredForEver() async throws {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        let carrier = ScriptedCarrier([.deferred(reason: "421")])
        // Every other minute, as cron does, until one more of the longest waits has passed behind the deadline.
        for _ in 0..<165 {
            try await shop.run { $0.carrier = carrier }
            shop.clock.advance(by: 120)
        }
        // After 0, 1, 3, 7, 15, 31, 63, 123 and 183 minutes, each give or take a fifth of the wait.
        #expect((8...10).contains(await carrier.carried.count))
        #expect(try await shop.outbox() == ["reply failed", "ticket sent"])
        #expect(try await status(shop) == ["escalated": 1])
        let ticket = try #require(shop.tickets().first)
        #expect(shop.file("note-1.txt", of: ticket)?.holds("delivery-late") == true)
    }

    @Test("nobody was there to send it in time: it is not sent late, a person gets it")
    func late() async throws {
        let shop = try await ScratchShop { $0.deadline = 3_600 }
        try shop.receive(.whereIsIt())
        try await shop.run { $0.carrier = ScriptedCarrier([.unreachable(reason: "away")]) }
        shop.clock.advance(by: 3_700)
        let carrier = ScriptedCarrier([.accepted(remote: nil)])
        try await shop.run { $0.carrier = carrier }
        #expect(await carrier.carried.isEmpty)
        #expect(try await shop.outbox() == ["reply failed", "ticket sent"])
    }

    @Test("an answer to the Message-ID that the server put in place of ours belongs to the conversation")
    func replacedMessageID() async throws {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        let theirs = "0102018f2c7e5b4a-3c1d7f42-6a0b-4d5e-9f8c-2b7a1e0d4c3f-000000@eu-west-1.amazonses.com"
        let carrier = ScriptedCarrier([.accepted(remote: "Ok", messageIDs: [theirs])])
        try await shop.run { $0.carrier = carrier }
        var answer = TestMail.whereIsIt()
        answer.inReplyTo = theirs
        try shop.receive(answer)
        try await shop.run { $0.carrier = carrier }
        let conversations = try await shop.ledger().database.read { transaction in
            try transaction.rows("SELECT DISTINCT conversation FROM message", []).count
        }
        #expect(conversations == 1)
    }

    @Test("a ticket system that is away: the message waits, unmarked; the next run files it once")
    func ticketsAway() async throws {
        let shop = try await ScratchShop()
        try shop.receive(TestMail(text: "I want to speak to a human being, please. Get me a real person.\n"))
        let tickets = ScriptedTickets(failing: [TicketError("away", isRetryable: true)])
        let first = try await shop.run { $0.tickets = tickets }
        #expect(first.handled.first?.disposition == .escalated)
        #expect(first.handled.first?.ticket == nil)
        #expect(first.report.workRemains)
        #expect(try await status(shop) == ["decided": 1])
        #expect(try flags(shop) == [[]])
        shop.clock.advance(by: 100)
        #expect(try await shop.run { $0.tickets = tickets }.report.workRemains == false)
        try await shop.run { $0.tickets = tickets }
        #expect(await tickets.calls == 2)
        let filed = await tickets.filed
        #expect(filed.map { $0.placement.fields["rule"] } == ["asks-for-person"])
        #expect(try await status(shop) == ["escalated": 1])
        #expect(try flags(shop) == [["S"]])
    }

    @Test("a ticket in sending is filed again: filing is idempotent")
    func ticketInSending() async throws {
        let shop = try await ScratchShop()
        try shop.receive(TestMail(text: "I want to speak to a human being, please. Get me a real person.\n"))
        try await shop.run { $0.tickets = ScriptedTickets(failing: [TicketError("away", isRetryable: true)]) }
        shop.clock.advance(by: 100)
        try await shop.dieSending()
        try await shop.run()
        #expect(try await shop.outbox() == ["ticket sent"])
        #expect(shop.tickets().count == 1)
    }

    @Test("a row that cannot be opened waits for somebody to mend it, and keeps no other one waiting")
    func unopenable() async throws {
        let shop = try await ScratchShop()
        for number in 0..<3 {
            try shop.receive(
                TestMail(from: "p\(number)@mail.example", text: "Which payment methods do you accept?\n"),
                name: "m\(number)")
        }
        try await shop.run { $0.carrier = ScriptedCarrier([.deferred(reason: "421")]) }
        shop.clock.advance(by: 3_600)
        let ledger = try await shop.ledger()
        try await ledger.database.write { transaction in
            let rows = try transaction.rows("SELECT sealed FROM outbox ORDER BY id", [])
            // One is another one's, of one nothing is left.
            try transaction.execute(
                "UPDATE outbox SET sealed = $1 WHERE id = 1", [.blob(rows[2].blob("sealed") ?? [])])
            try transaction.execute("UPDATE outbox SET sealed = $1 WHERE id = 2", [.blob([1, 2, 3])])
        }
        let carrier = ScriptedCarrier([.accepted(remote: nil)])
        let report = try await shop.run { $0.carrier = carrier }.report
        #expect(await carrier.carried.count == 1)
        #expect(try await shop.outbox() == ["reply queued", "reply queued", "reply sent"])
        #expect(report.workRemains && report.unavailable.count == 2)
        #expect(report.unavailable.allSatisfy { $0.contains("sealed record") && $0.contains("ledger check") })
        // Not with every run.
        #expect(try await shop.run { $0.carrier = carrier }.report.unavailable.isEmpty)
        shop.clock.advance(by: 300)
        #expect(try await shop.run { $0.carrier = carrier }.report.unavailable.count == 2)
    }

    /// Takes its time, and is not sure of a mail over which it was broken off.
    private struct SlowCarrier: MailCarrier {
        let name = "slow"
        let begins: @Sendable () -> Void

        func carry(_ envelope: SupportDesk.Envelope) async -> Carriage {
            begins()
            do { try await Task.sleep(for: .seconds(1)) } catch { return .uncertain(reason: "broken off") }
            return .accepted(remote: nil)
        }

        func presence(of messageID: String) -> Presence { .unknown }
        func close() {}
    }

    @Test("a run that is broken off while something leaves the outbox lets it leave, and begins with nothing more")
    func brokenOff() async throws {
        let shop = try await ScratchShop()
        for number in 0..<2 {
            try shop.receive(
                TestMail(from: "p\(number)@mail.example", text: "Which payment methods do you accept?\n"))
        }
        try await shop.run { $0.carrier = ScriptedCarrier([.deferred(reason: "421")]) }
        shop.clock.advance(by: 600)
        let (begun, tell) = AsyncStream.makeStream(of: Void.self)
        let desk = try await shop.desk { $0.carrier = SlowCarrier { tell.yield() } }
        let run = Task { try await desk.run() }
        for await _ in begun { break }
        run.cancel()
        _ = await run.result
        #expect(try await shop.outbox() == ["reply sent", "reply queued"])
    }

    @Test("a ticket over which a run died stays so until it is filed, also while its system is away")
    func ticketsInSendingAway() async throws {
        let shop = try await ScratchShop()
        for number in 0..<2 {
            try shop.receive(
                TestMail(
                    from: "p\(number)@mail.example",
                    text: "I want to speak to a human being, please. Get me a real person.\n"))
        }
        let away = TicketError("away", .unreachable)
        try await shop.run { $0.tickets = ScriptedTickets(failing: [away, away]) }
        try await shop.dieSending()
        let died = try await shop.outbox()
        #expect(died == ["ticket sending", "ticket sending"])
        // The first one finds out, the second one is not even tried.
        try await shop.run { $0.tickets = ScriptedTickets(failing: [away]) }
        #expect(try await shop.outbox() == ["ticket sending", "ticket sending"])
        shop.clock.advance(by: 600)
        let tickets = ScriptedTickets()
        try await shop.run { $0.tickets = tickets }
        #expect(try await shop.outbox() == ["ticket sent", "ticket sent"])
        #expect(await tickets.filed.count == 2)
    }
}
