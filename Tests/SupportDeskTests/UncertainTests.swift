import Foundation
import Mail
import Testing

@testable import SupportDesk

extension ScratchShop {
    /// The state of all outbox rows, in order, as `kind state`.
    func outbox() async throws -> [String] {
        try await ledger().database.read { transaction in
            try transaction.rows("SELECT kind, state FROM outbox ORDER BY id", []).map {
                "\($0.text("kind") ?? "") \($0.text("state") ?? "")"
            }
        }
    }
}

/// Mail of which nobody knows whether it was taken: the connection broke before the answer, or the run died while it sent.
@Suite("Uncertain mail")
struct UncertainTests {
    private func status(_ shop: ScratchShop) async throws -> [String: Int] {
        try await shop.ledger().status().messages
    }

    private func flags(_ shop: ScratchShop) throws -> [Set<Character>] { try shop.maildir.entries().map(\.flags) }

    @Test("uncertain: a person gets it with the reply that may have left, and it is never sent again")
    func uncertain() async throws {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        let carrier = ScriptedCarrier([.uncertain(reason: "closed after DATA")])
        let run = try await shop.run { $0.carrier = carrier }
        #expect(run.outcome == "escalated delivery-uncertain")
        #expect(try await shop.outbox() == ["reply uncertain", "ticket sent"])
        let ticket = try #require(shop.tickets().first)
        #expect(shop.files(of: ticket) == ["1-message.eml", "1-reply.eml", "note-1.txt"])
        let carried = await carrier.carried
        #expect(shop.file("1-reply.eml", of: ticket) == carried.first?.bytes)
        shop.clock.advance(by: 86_400)
        try await shop.run { $0.carrier = carrier }
        #expect(await carrier.carried.count == 1)
    }

    @Test("uncertain, and found at the other side: it was sent")
    func uncertainButPresent() async throws {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        let carrier = ScriptedCarrier([.uncertain(reason: "closed")], presence: .present)
        #expect(try await shop.run { $0.carrier = carrier }.outcome == "answered answered")
        #expect(try await shop.outbox() == ["reply sent"])
        #expect(shop.tickets().isEmpty)
        #expect(await carrier.asked == carrier.carried.map(\.messageID))
    }

    /// Leaves a reply in `sending`, as a run that died there does.
    private func interrupted() async throws -> ScratchShop {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        try await shop.run { $0.carrier = ScriptedCarrier([.deferred(reason: "421")]) }
        shop.clock.advance(by: 3_600)
        try await shop.dieSending()
        #expect(try await shop.outbox() == ["reply sending"])
        return shop
    }

    @Test("found in sending and at the other side: sent, and not sent again")
    func sendingPresent() async throws {
        let shop = try await interrupted()
        let carrier = ScriptedCarrier([], presence: .present)
        try await shop.run { $0.carrier = carrier }
        #expect(await carrier.carried.isEmpty)
        #expect(try await status(shop) == ["answered": 1])
        #expect(try flags(shop) == [["S", "R"]])
    }

    @Test("found in sending and not at the other side: sent now, once")
    func sendingAbsent() async throws {
        let shop = try await interrupted()
        let carrier = ScriptedCarrier([], presence: .absent)
        try await shop.run { $0.carrier = carrier }
        try await shop.run { $0.carrier = carrier }
        #expect(await carrier.carried.count == 1)
        #expect(try await status(shop) == ["answered": 1])
    }

    @Test("found in sending where nobody can look: a person gets it, it is not sent again")
    func sendingUnknown() async throws {
        let shop = try await interrupted()
        let carrier = ScriptedCarrier([], presence: .unknown)
        try await shop.run { $0.carrier = carrier }
        try await shop.run { $0.carrier = carrier }
        #expect(await carrier.carried.isEmpty)
        #expect(try await shop.outbox() == ["reply uncertain", "ticket sent"])
        #expect(try await status(shop) == ["escalated": 1])
    }

    @Test("found in sending, and the other side cannot be asked: it waits for the next look, then it is as it is")
    func sendingUnreachable() async throws {
        let shop = try await interrupted()
        let away = ScriptedCarrier([], presence: .unreachable(reason: "imap mail.example:993: connect"))
        let report = try await shop.run { $0.carrier = away }.report
        #expect(report.unavailable == ["carrier: imap mail.example:993: connect"] && report.workRemains)
        #expect(try await shop.outbox() == ["reply sending"])
        #expect(shop.tickets().isEmpty)
        shop.clock.advance(by: 600)
        let back = ScriptedCarrier([], presence: .present)
        try await shop.run { $0.carrier = back }
        #expect(await back.carried.isEmpty)
        #expect(await away.carried.isEmpty)
        #expect(try await status(shop) == ["answered": 1])
    }

    @Test("found in sending, and the other side cannot be asked until the deadline: a person gets it as uncertain")
    func sendingUnreachableForLong() async throws {
        let shop = try await interrupted()
        let away = ScriptedCarrier([], presence: .unreachable(reason: "connect"))
        for _ in 0..<5 {
            try await shop.run { $0.carrier = away }
            shop.clock.advance(by: 3_700)
        }
        #expect(await away.carried.isEmpty)
        #expect(try await shop.outbox() == ["reply uncertain", "ticket sent"])
    }

    @Test("the connection broke and the mail is not there: it is looked for again later, and only then sent again")
    func uncertainAndAbsent() async throws {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        let carrier = ScriptedCarrier([.uncertain(reason: "closed"), .accepted(remote: nil)], presence: .absent)
        #expect(try await shop.run { $0.carrier = carrier }.report.workRemains)
        try await shop.run { $0.carrier = carrier }
        #expect(await carrier.carried.count == 1)
        #expect(try await shop.outbox() == ["reply sending"])
        shop.clock.advance(by: 600)
        try await shop.run { $0.carrier = carrier }
        #expect(await carrier.carried.count == 2)
        #expect(await carrier.asked.count == 2)
        #expect(try await shop.outbox() == ["reply sent"])
    }

    @Test("uncertain, and the policy is to repeat: sent again under the same name, once; too late a person gets it")
    func repeats() async throws {
        let shop = try await ScratchShop { $0.uncertain = .repeats }
        try shop.receive(.whereIsIt())
        let carrier = ScriptedCarrier([.uncertain(reason: "closed after DATA"), .accepted(remote: nil)])
        #expect(try await shop.run { $0.carrier = carrier }.report.workRemains)
        #expect(try await shop.outbox() == ["reply sending"])
        try await shop.run { $0.carrier = carrier }
        #expect(await carrier.carried.count == 1, "not at once: the other side may still be at it")
        shop.clock.advance(by: 600)
        try await shop.run { $0.carrier = carrier }
        try await shop.run { $0.carrier = carrier }
        let carried = await carrier.carried
        #expect(carried.count == 2 && carried[0].messageID == carried[1].messageID)
        #expect(carried[0].bytes == carried[1].bytes)
        #expect(try await shop.outbox() == ["reply sent"])

        // And where the run died.
        try shop.receive(TestMail(from: "q@mail.example", text: "Which payment methods do you accept?\n"))
        let dead = ScriptedCarrier([.deferred(reason: "421")])
        try await shop.run { $0.carrier = dead }
        shop.clock.advance(by: 600)
        try await shop.dieSending()
        let next = ScriptedCarrier([.accepted(remote: nil)])
        try await shop.run { $0.carrier = next }
        #expect(await next.carried.map(\.messageID) == dead.carried.map(\.messageID))
        #expect(try await shop.outbox() == ["reply sent", "reply sent"])

        try shop.receive(TestMail(from: "r@mail.example", text: "Which payment methods do you accept?\n"))
        let late = ScriptedCarrier([.uncertain(reason: "closed after DATA")])
        try await shop.run { $0.carrier = late }
        shop.clock.advance(by: 30 * 86_400)
        try await shop.run { $0.carrier = late }
        #expect(await late.carried.count == 1)
        #expect(
            try await shop.outbox() == ["reply sent", "reply sent", "reply uncertain", "ticket sent"])
    }

    @Test(
        "found in sending, sent again, and the connection broke again: it waits like any other",
        arguments: [Presence.absent, .unknown])
    func uncertainAgain(presence: Presence) async throws {
        let shop = try await ScratchShop { $0.uncertain = .repeats }
        try shop.receive(.whereIsIt())
        try await shop.run { $0.carrier = ScriptedCarrier([.deferred(reason: "421")]) }
        shop.clock.advance(by: 600)
        try await shop.dieSending()
        let carrier = ScriptedCarrier([.uncertain(reason: "closed"), .accepted(remote: nil)], presence: presence)
        // What nobody can see is repeated in the next pass at the earliest.
        for _ in 0..<4 { try await shop.run { $0.carrier = carrier } }
        #expect(await carrier.carried.count == 1, "the other side may still be at it")
        #expect(try await shop.outbox() == ["reply sending"])
        shop.clock.advance(by: 1_200)
        for _ in 0..<2 { try await shop.run { $0.carrier = carrier } }
        #expect(await carrier.carried.count == 2)
        #expect(try await shop.outbox() == ["reply sent"])
    }

    @Test("uncertain: a copy in the Sent folder proves that it was sent; that there is none proves nothing")
    func sentFolder() async throws {
        let imap = try ScriptedIMAP([])
        guard case .imap(let endpoint, _, _) = try imap.channel().source else { return #expect(Bool(false)) }
        let shop = try await ScratchShop {
            $0.sent = DeskConfiguration.SentFolder(endpoint: endpoint, folder: "Sent")
        }
        func asked(_ messageID: String?) -> Bool {
            imap.takeCommands().contains { $0.contains("SEARCH") && $0.contains(messageID ?? "") }
        }
        try shop.receive(.whereIsIt())
        let carrier = ScriptedCarrier([.uncertain(reason: "closed after DATA")])
        try await shop.run { $0.carrier = carrier }
        #expect(try await shop.outbox() == ["reply uncertain", "ticket sent"])
        #expect(asked(await carrier.carried.first?.messageID))

        imap.change { $0.sent = [.init(uid: 1, bytes: Array("Subject: copy\r\n\r\n".utf8))] }
        try shop.receive(TestMail(from: "q@mail.example", text: "Which payment methods do you accept?\n"))
        #expect(try await shop.run { $0.carrier = carrier }.outcome == "answered answered")
        #expect(asked(await carrier.carried.last?.messageID))
        // The same of one whose run died.
        try shop.receive(TestMail(from: "r@mail.example", text: "Which payment methods do you accept?\n"))
        try await shop.run { $0.carrier = ScriptedCarrier([.deferred(reason: "421")]) }
        shop.clock.advance(by: 600)
        try await shop.dieSending()
        try await shop.run { $0.carrier = carrier }
        #expect(await carrier.carried.count == 2)
        #expect(
            try await shop.outbox() == ["reply uncertain", "ticket sent", "reply sent", "reply sent"])
        await imap.stop()
    }
}
