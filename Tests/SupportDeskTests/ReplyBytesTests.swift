import Foundation
import Mail
import Testing

@testable import SupportDesk

/// What RFC 3834 §3 asks of an automatic reply, on the bytes that leave.
@Suite("Replies")
struct ReplyBytesTests {
    private func sent(_ mail: TestMail, model: (any LanguageModel)? = nil) async throws -> (TestRun, [[UInt8]]) {
        let shop = try await ScratchShop()
        try shop.receive(mail)
        let run = try await shop.run { $0.model = model }
        return (run, try shop.replyBytes())
    }

    @Test(
        "it says that it is automatic, goes to one person, and asks for no answer elsewhere", arguments: [true, false])
    func header(isAuthenticated: Bool) async throws {
        var mail = TestMail.whereIsIt()
        mail.headers = ["Cc: husband@mail.example, support@neemandclay.example"]
        mail.verdict = isAuthenticated ? .pass : .none
        let bytes = try #require(try await sent(mail).1.first)
        let reply = try Message(parsing: bytes)
        #expect(reply.headers(named: "Auto-Submitted") == ["auto-replied"])
        #expect(reply.headers(named: "X-Auto-Response-Suppress") == ["All"])
        #expect(reply.headers(named: "X-AuraDesk-Stamp").count == 1)
        #expect(reply.to.map(\.address) == ["priya.sharma@mail.example"] && reply.cc.isEmpty)
        for name in ["Reply-To", "Bcc", "Precedence", "Disposition-Notification-To", "Return-Receipt-To"] {
            #expect(reply.header(name) == nil, "\(name)")
        }
        #expect(reply.from.map(\.address) == ["support@neemandclay.example"])
        #expect(reply.inReplyTo == [mail.id])
    }

    @Test("to somebody who proved nothing it is a short plain text without a word of hers, in header or body")
    func unauthenticated() async throws {
        var mail = TestMail.whereIsIt()
        mail.verdict = .none
        mail.name = "Xylophone Zeppelin"
        mail.subject = "Quixotic casino bonus: where is my order NC-104233?"
        mail.text = "Hello,\nwhere is my order NC-104233? Visit http://evil.example/Wombat now.\n"
        mail.references = (0..<50).map { "platypus\($0)@evil.example" }
        let bytes = try #require(try await sent(mail).1.first)
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        for word in ["xylophone", "zeppelin", "quixotic", "casino", "wombat", "platypus", "evil.example", "nc-104233"] {
            #expect(!text.contains(word), "\(word)")
        }
        #expect(bytes.count < 8 << 10, "\(bytes.count) bytes")
        #expect(!text.contains("text/html"))
    }

    @Test("a model that repeats an unauthenticated sender's words is not heard; the proved sender's it may repeat")
    func echo() async throws {
        var mail = TestMail(
            subject: "Refunds",
            text: "How long does a refund take? I hope you have a nice day and a lovely week.\n")
        mail.verdict = .none
        // The review lets a courtesy pass; whose words it is in does not matter there.
        let parrot = ScriptedModel { brief in
            let passage = brief.passages.first { $0.article == "refund-times" }
            return Draft(
                body: "\(passage?.text ?? "") I hope you have a nice day and a lovely week.", language: "en",
                citations: ["refund-times"], author: .model("parrot"), asksForPerson: nil)
        }
        let (run, replies) = try await sent(mail, model: parrot)
        #expect(replies.allSatisfy { !String(decoding: $0, as: UTF8.self).contains("lovely week") })
        #expect(run.outcome == "escalated echo")
    }

    @Test("a repetition after a crash has the same Message-ID, stamp and sender")
    func deterministic() async throws {
        let shop = try await ScratchShop()
        let raw = RawMessage(
            id: 0, channel: "support", source: "x", arrival: shop.clock.now, bytes: TestMail.whereIsIt().bytes)
        var seen: Set<String> = []
        for _ in 0..<3 {
            let (disposition, _) = try await shop.desk().dispose(of: raw)
            let reply = try #require(disposition.reply)
            seen.insert("\(reply.messageID) \(reply.token.text)")
        }
        #expect(seen.count == 1)
    }
}
