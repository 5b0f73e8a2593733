import Foundation
import Testing

@testable import SupportDesk

/// Nobody there is no answer: nothing is lost, nothing counts as an attempt, and the run says who is missing.
@Suite("Outages")
struct OutageTests {
    @Test(
        "a carrier that cannot be reached is asked once a run and named once; the replies wait while an answer is of use"
    )
    func carrier() async throws {
        let shop = try await ScratchShop {
            $0.limits.backstops.perSender = 10
            $0.limits.backstops.perText = 10
        }
        for _ in 0..<3 { try shop.receive(.whereIsIt()) }
        let away = ScriptedCarrier([.unreachable(reason: "smtp mail.example:587: connect")])
        for run in 0..<8 {
            let report = try await shop.run { $0.carrier = away }.report
            #expect(report.unavailable == ["carrier: smtp mail.example:587: connect"])
            #expect(await away.carried.count <= (run + 1) * 2, "one look tells enough")
            shop.clock.advance(by: 1_500)
        }
        #expect(try shop.maildir.entries().allSatisfy { $0.flags.isEmpty })
        let back = ScriptedCarrier([.accepted(remote: nil)])
        let report = try await shop.run { $0.carrier = back }.report
        #expect(report.unavailable.isEmpty && !report.workRemains)
        #expect(Set(await back.carried.map(\.messageID)).count == 3)
        #expect(await back.carried.count == 3)
        #expect(try await shop.ledger().status().messages == ["answered": 3])
        #expect(try shop.maildir.entries().allSatisfy { $0.flags == ["S", "R"] })
        #expect(shop.tickets().isEmpty)
    }

    @Test("a ticket system that cannot be reached: the same")
    func tickets() async throws {
        let shop = try await ScratchShop()
        try shop.receive(TestMail(text: "I want to speak to a human being, please. Get me a real person.\n"))
        let failure = TicketError("rt.example: connect", isRetryable: true, isUnreachable: true)
        let tickets = ScriptedTickets(failing: Array(repeating: failure, count: 20))
        for _ in 0..<20 {
            #expect(try await shop.run { $0.tickets = tickets }.report.unavailable == ["rt.example: connect"])
            shop.clock.advance(by: 60)
        }
        #expect(try await shop.ledger().status().messages == ["decided": 1])
        #expect(try await shop.run { $0.tickets = tickets }.report.unavailable.isEmpty)
        #expect(await tickets.filed.count == 1)
        #expect(try await shop.ledger().status().messages == ["escalated": 1])
    }

    @Test("a maildir that is gone: one line that names it, exit is the caller's; back again, it goes on")
    func channel() async throws {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        let path = shop.maildir.path
        try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
        let report = try await shop.run().report
        #expect(report.handled == 0)
        #expect(report.unavailable.count == 1)
        #expect(report.unavailable.first?.contains(path) == true)
        try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
        #expect(try await shop.run().outcome == "answered answered")
    }
}
