import Foundation
import Mail
import Testing

@testable import SupportDesk

/// What customers say of replies by the two links at their end.
@Suite("Feedback")
struct FeedbackTests {
    /// A shop that answered, and what the customer got.
    private func answered() async throws -> (shop: ScratchShop, envelope: SupportDesk.Envelope, reply: Message) {
        let shop = try await ScratchShop()
        let carrier = ScriptedCarrier([.accepted(remote: nil)])
        try shop.receive(.whereIsIt())
        #expect(try await shop.run { $0.carrier = carrier }.outcome == "answered answered")
        let envelope = try #require(await carrier.carried.first)
        return (shop, envelope, try Message(parsing: envelope.bytes))
    }

    /// The subject that a link fills in.
    private func subject(_ vote: String, in reply: Message) throws -> String {
        let line = try #require(reply.text.split(separator: "\n").first { $0.contains("subject=\(vote)%20") })
        let query = try #require(line.split(separator: "=").last)
        return try #require(String(query).removingPercentEncoding)
    }

    private func votes(_ shop: ScratchShop) async throws -> [String] {
        try await shop.ledger().database.read { transaction in
            try transaction.rows("SELECT vote FROM feedback ORDER BY at", []).compactMap { $0.text("vote") }
        }
    }

    @Test("the two links are addresses of the shop, within reason, and read as words in HTML")
    func links() async throws {
        let (_, envelope, reply) = try await answered()
        #expect(reply.text.contains("Did this answer your question?"))
        #expect(
            reply.text.split(separator: "\n").filter { $0.contains("mailto:support@neemandclay.example") }.count == 2)
        let source = String(decoding: envelope.bytes, as: UTF8.self).replacing("=\r\n", with: "")
        #expect(source.contains(">Yes</a>"))
        #expect(source.contains(">No, I would like a person</a>"))
    }

    @Test("a yes is recorded once and never answered")
    func yes() async throws {
        let (shop, _, reply) = try await answered()
        let subject = try subject("Yes", in: reply)
        for _ in 0..<2 {
            try shop.receive(TestMail(subject: subject, text: "\n"))
            #expect(try await shop.run().outcome == "ignored feedback-yes")
        }
        #expect(try await votes(shop) == ["yes"])
    }

    @Test("a no goes to a person, with the conversation")
    func no() async throws {
        let (shop, _, reply) = try await answered()
        try shop.receive(TestMail(subject: try subject("No", in: reply), text: ""))
        #expect(try await shop.run().outcome == "escalated feedback-no")
        #expect(try await votes(shop) == ["no"])
        let ledger = try await shop.ledger()
        let conversations = try await ledger.database.read { transaction in
            try transaction.rows("SELECT id FROM conversation", []).count
        }
        #expect(conversations == 1)
    }

    @Test("what she adds is a message like any other, and the vote counts all the same")
    func added() async throws {
        let (shop, _, reply) = try await answered()
        try shop.receive(
            TestMail(subject: try subject("Yes", in: reply), text: "Thanks! And which payment methods do you accept?\n")
        )
        #expect(try await shop.run().outcome == "answered answered")
        #expect(try await votes(shop) == ["yes"])
    }

    @Test(
        "nobody else votes: another sender, another code, a robot that quotes the links, an answer to the link",
        arguments: ["sender", "code", "vacation", "re"])
    func refused(kind: String) async throws {
        let (shop, _, reply) = try await answered()
        var mail = TestMail(subject: try subject("Yes", in: reply), text: "")
        switch kind {
        case "sender": mail.from = "arjun.mehta@inbox.example"
        case "code": mail.subject = String(mail.subject.dropLast()) + (mail.subject.hasSuffix("A") ? "B" : "A")
        case "vacation":
            mail.headers = ["Auto-Submitted: auto-replied"]
            mail.text = reply.text
        default: mail.subject = "Re: " + mail.subject
        }
        try shop.receive(mail)
        let outcome = try await shop.run().outcome
        #expect(!outcome.contains("feedback"))
        #expect(outcome.hasPrefix("ignored"))
        #expect(try await votes(shop).isEmpty)
    }

    @Test("a sender who is not proved gets no links")
    func stranger() async throws {
        let shop = try await ScratchShop()
        let carrier = ScriptedCarrier([.accepted(remote: nil)])
        try shop.receive(TestMail(text: "Hello,\nwhich payment methods do you accept?\n", verdict: .none))
        #expect(try await shop.run { $0.carrier = carrier }.outcome == "answered answered")
        let reply = try Message(parsing: try #require(await carrier.carried.first).bytes)
        #expect(!reply.text.contains("mailto:"))
    }
}
