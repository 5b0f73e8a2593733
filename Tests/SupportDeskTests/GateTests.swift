import Foundation
import Mail
import Testing

@testable import SupportDesk

/// The rules of the gate that look at who is addressed, who passes a mail on, and what the receiving server says.
@Suite("Screening: the gate")
struct GateTests {
    private func outcome(
        _ configure: (inout DeskConfiguration) -> Void = { _ in }, _ change: (inout TestMail) -> Void
    ) async throws -> String {
        let shop = try await ScratchShop(configure)
        var mail = TestMail.whereIsIt()
        change(&mail)
        try shop.receive(mail)
        let run = try await shop.run()
        if run.handled.first?.disposition != .answered { #expect(try shop.replies().isEmpty) }
        return run.outcome
    }

    @Test("every rule has a name of its own, and no message leaves the gate without one")
    func names() {
        #expect(Set(Screening.ruleNames).count == Screening.ruleNames.count - 2, "spam and empty")
        #expect(Screening.ruleNames.allSatisfy { $0.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" } })
    }

    @Test(
        "mail in which no address of the shop stands goes to a person",
        arguments: [
            ("support@neemandclay.example", "answered answered"), ("SUPPORT@NeemAndClay.example", "answered answered"),
            ("Priya <priya.sharma@mail.example>, support+shop@neemandclay.example", "answered answered"),
            ("undisclosed-recipients:;", "escalated not-addressed"), ("other@shop.example", "escalated not-addressed"),
            (nil, "escalated not-addressed"),
        ] as [(String?, String)])
    func addressed(to: String?, expected: String) async throws {
        #expect(try await outcome { $0.to = to } == expected)
    }

    @Test("mail that was sent on to the shop counts as addressed to it (RFC 5322 §3.6.6)")
    func resent() async throws {
        let outcome = try await outcome {
            $0.to = "someone@mail.example"
            $0.headers = ["Resent-To: support@neemandclay.example"]
        }
        #expect(outcome == "answered answered")
    }

    @Test(
        "what the receiving server marked as spam is never answered",
        arguments: [
            "X-Spam-Flag: YES", "X-Spam-Status: Yes, score=9.1 required=5.0", "X-MS-Exchange-Organization-SCL: 6",
            "X-Spam: Yes", "X-Rspamd-Action: add header",
        ])
    func spam(header: String) async throws {
        #expect(try await outcome { $0.headers = [header] } == "escalated spam")
        #expect(try await outcome({ $0.spam = .ignore }, { $0.headers = [header] }) == "ignored spam")
    }

    @Test(
        "what it passed is not spam",
        arguments: [
            "X-Spam-Flag: NO", "X-Spam-Status: No, score=-1", "X-MS-Exchange-Organization-SCL: 1", "X-Spam: no",
        ])
    func ham(header: String) async throws {
        #expect(try await outcome { $0.headers = [header] } == "answered answered")
    }

    @Test("an office is answered by a person", arguments: ["abuse", "Webmaster", "hostmaster"])
    func offices(name: String) async throws {
        #expect(try await outcome { $0.from = "\(name)@mail.example" } == "escalated office-sender")
    }

    @Test("what only reads like a robot's goes to a person, not into silence")
    func words() async throws {
        let acknowledgement = try await outcome {
            $0.text = """
                Thank you for writing to us. Your request has been received and is being looked at.
                This is an automated message, please do not reply to this mail.
                """
        }
        #expect(acknowledgement == "escalated acknowledgement")
        let challenge = try await outcome {
            $0.text = """
                Your message to me is being held. My mailbox uses spam protection: please confirm your message once by
                answering this note, and you will be on my approved senders list.
                """
        }
        #expect(challenge == "escalated challenge-response")
    }

    @Test("our own stamp is known wherever the mail went; a forged one is noted and counts for nothing")
    func stamps() async throws {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        try await shop.run()
        let stamp = try #require(shop.replies().first?.header("X-AuraDesk-Stamp"))
        // Come back by a relay that gave it another Message-ID, another sender and lost what marks it as automatic.
        var returned = TestMail.whereIsIt("NC-104240")
        returned.headers = ["X-AuraDesk-Stamp: \(stamp)"]
        try shop.receive(returned)
        #expect(try await shop.run().outcome == "ignored own-stamp")
        var forged = TestMail.whereIsIt("NC-104240")
        forged.headers = ["X-AuraDesk-Stamp: \(stamp.replacing(stamp.prefix(1), with: stamp.first == "a" ? "b" : "a"))"]
        try shop.receive(forged)
        let run = try await shop.run()
        #expect(run.handled.map(\.disposition) == [.answered])
        let detail = try await shop.ledger().database.read { transaction in
            try transaction.rows("SELECT detail FROM decision ORDER BY message DESC", []).first?.text("detail")
        }
        #expect(detail?.contains("a stamp that is not this desk's") == true)
    }

    // MARK: forms and groups

    private func form(_ configuration: inout DeskConfiguration) {
        configuration.shop.contactForms = [
            ContactForm(from: "Support@neemandclay.example", subjectPrefix: "[Contact]")
        ]
    }

    @Test("a contact form's customer is answered at her one address, as somebody who proved nothing")
    func contactForm() async throws {
        let shop = try await ScratchShop(form)
        var mail = TestMail.whereIsIt()
        mail.name = "Neem & Clay"
        mail.from = "support@neemandclay.example"
        mail.replyTo = "Priya Sharma <priya.sharma@mail.example>"
        mail.subject = "[Contact] Where is my order?"
        mail.headers = ["Auto-Submitted: auto-generated", "Precedence: bulk"]
        try shop.receive(mail)
        #expect(try await shop.run().outcome == "answered unverified")
        let reply = try #require(shop.replies().first)
        #expect(reply.to.map(\.address) == ["priya.sharma@mail.example"])
        #expect(!reply.text.contains("NC-104233") && !reply.text.contains("Delhivery"))
    }

    @Test("a form is known by its address and its subject, and only with one customer in it")
    func notTheForm() async throws {
        func outcome(_ replyTo: String?, subject: String = "[Contact] x", from: String = "support@neemandclay.example")
            async throws -> String
        {
            try await self.outcome(form) {
                $0.name = nil
                ($0.from, $0.subject, $0.replyTo) = (from, subject, replyTo)
            }
        }
        #expect(try await outcome("priya@mail.example") == "answered unverified")
        #expect(try await outcome("priya@mail.example", subject: "Contact") == "ignored own-mail")
        #expect(try await outcome("a@mail.example, b@mail.example") == "escalated no-single-author")
        #expect(try await outcome("support@neemandclay.example") == "escalated no-single-author")
        #expect(try await outcome(nil) == "escalated no-single-author")
        // Reply-To of anybody else moves no answer.
        #expect(try await outcome("x@mail.example", from: "priya.sharma@mail.example").hasPrefix("answered"))
    }

    @Test("Reply-To of a mail that is no form's does not say where the answer goes")
    func replyTo() async throws {
        let shop = try await ScratchShop()
        var mail = TestMail.whereIsIt()
        mail.replyTo = "victim@mail.example"
        try shop.receive(mail)
        #expect(try await shop.run().outcome == "answered answered")
        #expect(try shop.replies().map { $0.to.map(\.address) } == [["priya.sharma@mail.example"]])
    }

    private static let group = [
        "Precedence: list", "List-Post: <mailto:support@neemandclay.example>", "List-Help: <https://groups.example>",
        "List-Unsubscribe: <mailto:googlegroups-manage+1+unsubscribe@groups.example>",
    ]

    @Test(
        "a group that is the shop's inbox passes people's mail on; any other list is a list",
        arguments: [
            ("support.neemandclay.example", nil, "answered answered"),
            ("<team.corp.example>", nil, "ignored list-post"),
            ("Our team <team.corp.example>", "team.corp.example", "answered answered"),
            ("<team.corp.example.evil.example>", "team.corp.example", "ignored list-post"),
        ] as [(String, String?, String)])
    func groups(identifier: String, accepted: String?, expected: String) async throws {
        let outcome = try await outcome({ $0.shop.lists = accepted.map { [$0] } ?? [] }) {
            $0.to = "team@corp.example"
            $0.headers = ["List-ID: \(identifier)"] + Self.group
        }
        #expect(outcome == expected)
    }

    @Test("what else is wrong with mail of the shop's group still counts")
    func groupsAreNoLoophole() async throws {
        func outcome(_ change: (inout TestMail) -> Void) async throws -> String {
            try await self.outcome {
                $0.headers = ["List-ID: <support.neemandclay.example>"] + Self.group
                change(&$0)
            }
        }
        #expect(try await outcome { $0.headers.append("Auto-Submitted: auto-replied") } == "ignored auto-submitted")
        #expect(try await outcome { $0.headers.append("Return-Path: <>") } == "ignored null-path")
        #expect(try await outcome { $0.from = "no-reply@mail.example" } == "ignored no-reply-sender")
        #expect(
            try await outcome { $0.headers.append("List-Unsubscribe: <https://news.example/u>") }
                == "ignored list-unsubscribe")
        // The group wrote its own address into From: the author stands in Reply-To and proved nothing.
        #expect(
            try await outcome {
                $0.name = "'Priya' via Support"
                $0.from = "support@neemandclay.example"
                $0.replyTo = "priya.sharma@mail.example"
            } == "answered unverified")
    }
}
