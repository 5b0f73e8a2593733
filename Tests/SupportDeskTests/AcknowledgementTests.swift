import Foundation
import Mail
import Testing

@testable import SupportDesk

/// One honest word to the customer that a person has her matter: once, and to nobody who did not write.
@Suite("Acknowledgements")
struct AcknowledgementTests {
    private static let wish = "I want to speak to a human being, please. Get me a real person.\n"

    private func shop(_ change: (inout DeskConfiguration) -> Void = { _ in }) async throws -> ScratchShop {
        try await ScratchShop {
            $0.acknowledges = true
            change(&$0)
        }
    }

    @Test("it goes out behind the ticket, with its reference, marked as automatic; again nothing")
    func once() async throws {
        let shop = try await shop()
        try shop.receive(TestMail(text: Self.wish))
        let run = try await shop.run()
        #expect(run.outcome == "escalated asks-for-person" && !run.report.workRemains)
        try await shop.run()
        let replies = try shop.replies()
        #expect(replies.count == 1)
        let reply = try #require(replies.first)
        let ticket = try #require(shop.tickets().first)
        #expect(reply.newText.contains(ticket) && reply.newText.contains("colleague"))
        #expect(reply.to.map(\.address) == ["priya.sharma@mail.example"])
        #expect(reply.header("Auto-Submitted") == "auto-replied")
        #expect(run.handled.first?.reply == nil && run.handled.first?.ticket == ticket)
    }

    @Test(
        "a second message of the conversation, and an answer to the acknowledgement, go to the ticket without another")
    func conversation() async throws {
        let shop = try await shop()
        try shop.receive(TestMail(text: Self.wish))
        try await shop.run()
        let reply = try #require(try shop.replies().first)
        var answer = TestMail(text: "When will that be?\n")
        answer.inReplyTo = reply.messageID
        try shop.receive(answer)
        #expect(try await shop.run().outcome == "escalated with-a-person")
        #expect(try shop.replies().count == 1 && shop.tickets().count == 1)
    }

    @Test("not while the ticket system is away; once when it is back")
    func waits() async throws {
        let shop = try await shop()
        try shop.receive(TestMail(text: Self.wish))
        let tickets = ScriptedTickets(failing: [TicketError("away", isRetryable: true)])
        try await shop.run { $0.tickets = tickets }
        #expect(try shop.replies().isEmpty)
        shop.clock.advance(by: 100)
        try await shop.run { $0.tickets = tickets }
        try await shop.run { $0.tickets = tickets }
        #expect(try shop.replies().count == 1)
    }

    @Test("nothing to whom nobody vouches, to robots, and where the shop only watches or does not want it")
    func never() async throws {
        func replies(
            _ configure: (inout DeskConfiguration) -> Void = { _ in }, _ change: (inout TestMail) -> Void = { _ in }
        ) async throws -> Int {
            let shop = try await shop(configure)
            var mail = TestMail(text: Self.wish)
            change(&mail)
            try shop.receive(mail)
            try await shop.run()
            return try shop.replies().count
        }
        #expect(try await replies() == 1)
        #expect(try await replies { $0.acknowledges = false } == 0)
        #expect(try await replies { $0.policy.defaultMode = .shadow } == 0)
        #expect(try await replies { $0.policy.defaultMode = .draft } == 0)
        #expect(try await replies({ _ in }, { $0.verdict = .fail }) == 0)
        #expect(try await replies({ _ in }, { $0.verdict = .none }) == 0)
        #expect(try await replies({ _ in }, { $0.headers = ["Precedence: bulk"] }) == 0)
        #expect(try await replies({ _ in }, { $0.headers = ["X-Spam-Flag: YES"] }) == 0)
        #expect(try await replies { $0.limits.backstops.perSender = 0 } == 0)
    }

    @Test("whoever opens matter after matter is not told more often than anybody is answered in a day")
    func flood() async throws {
        let shop = try await shop { $0.limits.backstops.perSender = 2 }
        for index in 0..<5 {
            var mail = TestMail(text: "\(index). \(Self.wish)")
            mail.subject = "Matter \(index)"
            try shop.receive(mail)
        }
        try await shop.run()
        #expect(shop.tickets().count == 5)
        #expect(try shop.replies().count == 2)
    }

    @Test("one that is refused is not tried again and makes no second ticket")
    func refused() async throws {
        let shop = try await shop()
        try shop.receive(TestMail(text: Self.wish))
        let carrier = ScriptedCarrier([.refused(reason: "550 no")])
        for _ in 0..<2 { try await shop.run { $0.carrier = carrier } }
        #expect(await carrier.carried.count == 1)
        #expect(shop.tickets().count == 1)
        #expect(shop.files(of: shop.tickets()[0]) == ["1-message.eml", "note-1.txt"])
    }
}
