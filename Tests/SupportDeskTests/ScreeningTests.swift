import Foundation
import Mail
import Testing

@testable import SupportDesk

/// Each rule by which a mail leaves the way before anything is answered.
@Suite("Screening")
struct ScreeningTests {
    /// What becomes of one mail, as `disposition rule`.
    private func outcome(_ mail: TestMail, age: TimeInterval = 60) async throws -> String {
        let shop = try await ScratchShop()
        try shop.receive(mail, age: age)
        let run = try await shop.run()
        if run.handled.first?.disposition != .answered { #expect(try shop.replies().isEmpty) }
        return run.outcome
    }

    private func outcome(_ change: (inout TestMail) -> Void) async throws -> String {
        var mail = TestMail.whereIsIt()
        change(&mail)
        return try await outcome(mail)
    }

    @Test("without any of the reasons below it is answered")
    func plain() async throws {
        #expect(try await outcome { _ in } == "answered answered")
    }

    @Test("the shop's own mail is ignored, from any of its addresses, in any case")
    func ownMail() async throws {
        #expect(try await outcome { $0.from = "Support@NeemAndClay.example" } == "ignored own-mail")
        let shop = try await ScratchShop {
            $0.shop = Shop(
                name: $0.shop.name, address: $0.shop.address, aliases: ["help@neemandclay.example"],
                links: $0.shop.links, orderPatterns: $0.shop.orderPatterns,
                region: $0.shop.region, timeZone: $0.shop.timeZone, languages: $0.shop.languages,
                authservID: $0.shop.authservID)
        }
        var mail = TestMail.whereIsIt()
        mail.from = "help@neemandclay.example"
        try shop.receive(mail)
        #expect(try await shop.run().outcome == "ignored own-mail")
    }

    @Test(
        "mail that says it is automatic is ignored with the rule that found it",
        arguments: [
            "Auto-Submitted: auto-replied", "Precedence: bulk", "List-Id: <news.mail.example>",
            "Return-Path: <>", "X-Autoreply: yes", "List-Unsubscribe: <https://x.example/u>",
        ])
    func automatic(header: String) async throws {
        let outcome = try await outcome { $0.headers = [header] }
        #expect(outcome.hasPrefix("ignored "), "\(outcome)")
        #expect(outcome != "ignored empty" && outcome != "ignored own-mail")
    }

    @Test("an empty mail is ignored")
    func empty() async throws {
        #expect(try await outcome { $0.text = " \r\n\u{00A0}\r\n" }.hasPrefix("ignored "))
    }

    @Test("a mail of attachments alone goes to a person")
    func attachmentOnly() async throws {
        #expect(
            try await outcome {
                $0.contentType = "multipart/mixed; boundary=b"
                $0.text = [
                    "--b", "Content-Type: text/plain", "", "", "--b", "Content-Type: image/png; name=photo.png",
                    "Content-Disposition: attachment; filename=photo.png", "Content-Transfer-Encoding: base64", "",
                    "iVBORw0KGgo=", "--b--", "",
                ].joined(separator: "\r\n")
            } == "escalated attachment-only")
    }

    @Test("forwarded mail goes to a person")
    func forwarded() async throws {
        #expect(
            try await outcome {
                $0.subject = "Fwd: Your parcel"
                $0.text = """
                    Please see below.

                    ---------- Forwarded message ---------
                    From: Courier <courier@post.example>
                    Date: Mon, 9 Mar 2026 at 10:00
                    Subject: Your parcel
                    To: <priya.sharma@mail.example>

                    Where is my order NC-104233?
                    """
            } == "escalated forwarded")
    }

    @Test("late mail goes to a person, mail from before the adoption point is not even looked at")
    func late() async throws {
        #expect(try await outcome(.whereIsIt(), age: 3 * 86_400 - 60) == "answered answered")
        #expect(try await outcome(.whereIsIt(), age: 3 * 86_400 + 60) == "escalated late")
        #expect(try await outcome(.whereIsIt(), age: 30 * 86_400) == "0")
    }

    @Test("a sender without a proof goes on, one whose domain disowns the mail goes to a person")
    func spoofed() async throws {
        #expect(try await outcome { $0.verdict = .fail } == "escalated authentication-failed")
        #expect(try await outcome { $0.verdict = .none } == "answered unverified")
    }

    @Test("two authors, or none, go to a person")
    func authors() async throws {
        let two = try await outcome {
            $0.name = nil
            $0.from = "priya.sharma@mail.example, other@mail.example"
        }
        #expect(two == "escalated no-single-author")
        let none = try await outcome {
            $0.name = nil
            $0.from = ""
        }
        #expect(none.hasPrefix("escalated ") || none.hasPrefix("ignored "), "\(none)")
    }

    @Test("a header that asks for silence is obeyed, by a person")
    func silence() async throws {
        #expect(
            try await outcome { $0.headers = ["X-Auto-Response-Suppress: All"] } == "escalated silence-asked")
    }

    @Test(
        "a second copy is ignored, in the same run and in a later one, with or without a Message-ID",
        arguments: [true, false], [true, false])
    func duplicate(hasID: Bool, sameRun: Bool) async throws {
        let shop = try await ScratchShop()
        var mail = TestMail.whereIsIt()
        if !hasID { mail.id = nil }
        for copy in 0..<3 {
            mail.headers = ["Received: from relay\(copy).mail.example by mx.neemandclay.example"]
            try shop.receive(mail)
            if !sameRun { try await shop.run() }
        }
        if sameRun {
            let run = try await shop.run()
            #expect(
                run.handled.map { "\($0.disposition) \($0.rule)" }.sorted() == [
                    "answered answered", "ignored duplicate", "ignored duplicate",
                ])
        }
        #expect(try shop.replies().count == 1)
    }

    @Test("one sender gets so many answers a day and no more, also when all the mail comes at once", arguments: [1, 8])
    func senderCap(concurrency: Int) async throws {
        let shop = try await ScratchShop {
            $0.limits.concurrency = concurrency
            $0.limits.backstops.perSender = 3
            $0.limits.backstops.perText = 10
        }
        for _ in 0..<7 { try shop.receive(.whereIsIt()) }
        let run = try await shop.run()
        #expect(run.handled.count { $0.disposition == .answered } == 3)
        #expect(run.handled.count { $0.rule == "sender-cap" } == 4)
        #expect(try shop.replies().count == 3)
        shop.clock.advance(by: 86_400 + 1)
        try shop.receive(.whereIsIt())
        #expect(try await shop.run().outcome == "answered answered")
    }

    @Test("one conversation gets at most four answers, however slowly it goes on")
    func conversationCap() async throws {
        let shop = try await ScratchShop { $0.limits.backstops.perText = 10 }
        var outcomes: [String] = []
        for turn in 0..<6 {
            var mail = TestMail.whereIsIt()
            mail.id = "turn\(turn)@mail.example"
            if turn > 0 { mail.references = ["turn0@mail.example"] }
            try shop.receive(mail)
            outcomes.append(try await shop.run().outcome)
            shop.clock.advance(by: 2 * 86_400)
        }
        #expect(
            outcomes == Array(repeating: "answered answered", count: 4) + [
                "escalated conversation-cap", "escalated with-a-person",
            ])
    }

    @Test("once a person has the conversation the desk is silent, and her ticket gets the rest of it")
    func withAPerson() async throws {
        let shop = try await ScratchShop()
        var first = TestMail(text: "I want to speak to a human being, please. Get me a real person.\n")
        first.id = "first@mail.example"
        try shop.receive(first)
        #expect(try await shop.run().outcome == "escalated asks-for-person")
        var second = TestMail.whereIsIt()
        second.inReplyTo = "first@mail.example"
        try shop.receive(second)
        #expect(try await shop.run().outcome == "escalated with-a-person")
        let ticket = try #require(shop.tickets().first)
        #expect(shop.tickets().count == 1)
        #expect(shop.files(of: ticket) == ["1-message.eml", "2-message.eml", "note-1.txt", "note-2.txt"])
        #expect(shop.file("1-message.eml", of: ticket) == first.bytes)
        #expect(shop.file("2-message.eml", of: ticket) == second.bytes)
    }

    @Test("a ticket that follows answers holds the whole thread, our replies included, in the order of the numbers")
    func threadWithReplies() async throws {
        let shop = try await ScratchShop()
        var mails = [
            TestMail.whereIsIt(), TestMail(text: "Which payment methods do you accept?\n"),
            TestMail(text: "I want to speak to a human being, please.\n"),
        ]
        var last: String?
        for index in mails.indices {
            mails[index].id = "mail\(index)@mail.example"
            // She answers our reply, as mail programs do: only our own Message-ID ties the two together.
            mails[index].inReplyTo = last
            try shop.receive(mails[index])
            let before = Set(try shop.replies().compactMap(\.messageID))
            try await shop.run()
            last = try shop.replies().compactMap(\.messageID).first { !before.contains($0) }
        }
        #expect(shop.tickets().count == 1)
        let ticket = try #require(shop.tickets().first)
        #expect(
            shop.files(of: ticket) == [
                "1-message.eml", "1-reply.eml", "2-message.eml", "2-reply.eml", "3-message.eml", "note-3.txt",
            ])
        for (index, mail) in mails.enumerated() {
            #expect(shop.file("\(index + 1)-message.eml", of: ticket) == mail.bytes)
        }
        let replies = try shop.replyBytes()
        for number in 1...2 {
            let filed = try #require(shop.file("\(number)-reply.eml", of: ticket))
            #expect(replies.contains(filed))
            #expect(try Message(parsing: filed).inReplyTo == ["mail\(number - 1)@mail.example"])
        }
    }
}
