import Foundation
import Mail
import Testing

@testable import SupportDesk

/// The limits that hold when nothing gives a robot away; they count over runs, in the ledger.
@Suite("Screening: backstops")
struct BackstopTests {
    /// A question in words of its own.
    private func mail(_ number: Int, from: String = "priya.sharma@mail.example") -> TestMail {
        var mail = TestMail.whereIsIt()
        mail.text = "Hello,\nwhere is my order NC-104233? I ask for the \(number). time.\n"
        mail.from = from
        return mail
    }

    private func outcomes(_ mails: [TestMail], in shop: ScratchShop, each minutes: Double = 0) async throws -> [String]
    {
        var outcomes: [String] = []
        for mail in mails {
            try shop.receive(mail)
            outcomes.append(try await shop.run().outcome)
            shop.clock.advance(by: minutes * 60)
        }
        return outcomes
    }

    @Test("the defaults are those that the documentation names")
    func defaults() {
        let limits = DeskLimits().backstops
        let numbers: [Int] = [
            limits.perSender, limits.perDomain, limits.perConversation, limits.overall, limits.perText,
            limits.perMatter,
        ]
        #expect(numbers == [3, 50, 4, 500, 1, 2] as [Int])
    }

    @Test("one sender: three a day")
    func sender() async throws {
        let shop = try await ScratchShop { $0.limits.backstops.perSender = 3 }
        let outcomes = try await outcomes((0..<5).map { mail($0) }, in: shop, each: 60)
        #expect(
            outcomes == Array(repeating: "answered answered", count: 3)
                + Array(repeating: "escalated sender-cap", count: 2))
        shop.clock.advance(by: 22 * 3_600)
        try shop.receive(mail(9))
        #expect(try await shop.run().outcome == "answered answered")
    }

    @Test("one domain: so many an hour, whatever the names in front of it")
    func domain() async throws {
        let shop = try await ScratchShop { $0.limits.backstops.perDomain = 2 }
        let outcomes = try await outcomes((0..<3).map { mail($0, from: "robot\($0)@mail.example") }, in: shop)
        #expect(outcomes.map { $0.hasPrefix("answered ") } == [true, true, false])
        #expect(outcomes.last == "escalated domain-cap")
        #expect(try shop.replies().count == 2)
        try shop.receive(mail(4, from: "somebody@post.example"))
        #expect(try await shop.run().handled.map(\.disposition) == [.answered])
        shop.clock.advance(by: 3_601)
        try shop.receive(mail(5, from: "robot5@mail.example"))
        #expect(try await shop.run().handled.map(\.disposition) == [.answered])
    }

    @Test("over all: so many an hour, exactly, also when everything comes at once and runs side by side")
    func overall() async throws {
        let shop = try await ScratchShop {
            $0.limits.backstops.overall = 5
            $0.limits.concurrency = 8
        }
        for number in 0..<12 { try shop.receive(mail(number, from: "x\(number)@d\(number).example")) }
        let run = try await shop.run()
        #expect(run.handled.count { $0.disposition == .answered } == 5)
        #expect(run.handled.count { $0.rule == "overall-cap" } == 7)
        #expect(try shop.replies().count == 5)
        shop.clock.advance(by: 3_601)
        try shop.receive(mail(20, from: "later@mail.example"))
        #expect(try await shop.run().handled.map(\.disposition) == [.answered])
    }

    @Test("the same words twice: a person; in an answer, numbers make no other words")
    func text() async throws {
        let shop = try await ScratchShop()
        let again = try await outcomes([mail(1), mail(1), mail(1, from: "arjun.mehta@inbox.example")], in: shop)
        #expect(Array(again.prefix(2)) == ["answered answered", "escalated same-text"])
        #expect(again[2].hasPrefix("answered"), "another sender")
        // Two orders are two questions, two numbered notes of a robot are one.
        let other = try await ScratchShop()
        var notes = [1, 2].map { number in
            var note = mail(number)
            note.subject = "Re: Ticket \(number)"
            return note
        }
        #expect(try await outcomes(notes, in: other) == ["answered answered", "escalated same-text"])
        notes[0].text += "But this is new.\n"
        #expect(try await outcomes([notes[0]], in: other) == ["answered answered"])
    }

    @Test("a reply that failed, and a draft, count for nothing")
    func failedReplies() async throws {
        let shop = try await ScratchShop {
            $0.limits.backstops.perSender = 1
            $0.policy.modes["track_order"] = .draft
            $0.drafts = .maildir($0.state + "/../drafts")
        }
        #expect(try await outcomes([mail(1), mail(2)], in: shop) == ["drafted mode-draft", "drafted mode-draft"])
    }
}
