import Foundation
import Mail
import Testing

@testable import SupportDesk

/// Delivery reports about our own answers.
@Suite("Returned replies")
struct ReturnedReplyTests {
    /// A shop whose answer left, the carrier that has it, and the mail that was answered.
    private func answered() async throws -> (ScratchShop, SupportDesk.Envelope) {
        let shop = try await ScratchShop()
        let carrier = ScriptedCarrier([.accepted(remote: nil)])
        try shop.receive(.whereIsIt())
        #expect(try await shop.run { $0.carrier = carrier }.outcome == "answered answered")
        return (shop, try #require(await carrier.carried.first))
    }

    private enum Form: CaseIterable { case report, plainText }

    /// A report as a server of the customer's side writes it.
    private func report(
        to recipient: String, action: String = "failed", status: String = "5.1.1", returning: String = "x@y.example",
        _ form: Form = .report
    ) -> [UInt8] {
        let head = """
            Return-Path: <>
            Delivered-To: \(recipient)
            From: Mail Delivery System <MAILER-DAEMON@mx.mail.example>
            To: \(recipient)
            Subject: Undelivered Mail Returned to Sender
            Message-ID: <\(UUID().uuidString)@mx.mail.example>
            Date: Tue, 10 Mar 2026 14:30:00 +0530

            """
        let text = "This is the mail system at host mx.mail.example. Your message could not be delivered.\n"
        let fields = """
            Reporting-MTA: dns; mx.mail.example

            Final-Recipient: rfc822; priya.sharma@mail.example
            Action: \(action)
            Status: \(status)

            """
        let returned = "Message-ID: <\(returning)>\nSubject: Re: Where is my order?\n"
        switch form {
        case .plainText: return Array((head + "\n" + text + "\n" + fields + "\n" + returned).utf8)
        case .report:
            let body = """
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=delivery-status; boundary=b

                --b
                Content-Type: text/plain

                \(text)
                --b
                Content-Type: message/delivery-status

                \(fields)
                --b
                Content-Type: text/rfc822-headers

                \(returned)
                --b--

                """
            return Array((head + body).utf8)
        }
    }

    @Test("an answer leaves with a signed sender of at most 64 octets, a ticket and a draft need none")
    func sender() async throws {
        let (shop, envelope) = try await answered()
        let sender = try #require(envelope.sender)
        #expect(sender.hasPrefix("support+b") && sender.hasSuffix("@neemandclay.example"))
        #expect(sender.split(separator: "@")[0].utf8.count <= 64)
        let token = try #require(shop.configuration.shop.bounces?.candidate(in: sender))
        #expect(envelope.messageID == "ad-\(token)@neemandclay.example")
        let off = try await ScratchShop { $0.shop.bounces = nil }
        let carrier = ScriptedCarrier([.accepted(remote: nil)])
        try off.receive(.whereIsIt())
        try await off.run { $0.carrier = carrier }
        #expect(await carrier.carried.map(\.sender) == [nil])
    }

    @Test(
        "a failure opens a ticket and silences the address, known by the address it came to or by what it returns",
        arguments: [true, false], [true, false])
    func failure(byAddress: Bool, asReport: Bool) async throws {
        let (shop, envelope) = try await answered()
        let recipient = byAddress ? try #require(envelope.sender).uppercased() : "support@neemandclay.example"
        try shop.receive(
            report(
                to: recipient, returning: byAddress ? "x@y.example" : envelope.messageID,
                asReport ? .report : .plainText))
        #expect(try await shop.run().outcome == "escalated reply-bounced")
        #expect(shop.tickets().count == 1)
        let ticket = try #require(shop.tickets().first)
        // The ticket has the question, our answer and the report.
        #expect(shop.files(of: ticket) == ["1-message.eml", "1-reply.eml", "2-message.eml", "note-2.txt"])
        var next = TestMail.whereIsIt()
        next.text = "Hello, what does express delivery cost?\n"
        next.subject = "Delivery"
        try shop.receive(next)
        #expect(try await shop.run().outcome == "escalated suppressed")
        var other = TestMail.whereIsIt()
        other.from = "somebody@mail.example"
        try shop.receive(other)
        #expect(try await shop.run().handled.map(\.disposition) == [.answered])
    }

    @Test(
        "a delay and a success are no failure",
        arguments: [
            ("delayed", "4.4.7", "ignored reply-delayed"), ("delivered", "2.0.0", "ignored reply-delivered"),
            ("relayed", "2.0.0", "ignored reply-delivered"),
        ])
    func noFailure(action: String, status: String, expected: String) async throws {
        let (shop, envelope) = try await answered()
        try shop.receive(report(to: try #require(envelope.sender), action: action, status: status))
        #expect(try await shop.run().outcome == expected)
        var next = TestMail.whereIsIt()
        next.text += "Thanks for the help so far.\n"
        try shop.receive(next)
        #expect(try await shop.run().outcome == "answered answered")
    }

    @Test("a forged report silences nobody, nor does the robot of an absent customer")
    func forged() async throws {
        let (shop, envelope) = try await answered()
        let sender = try #require(envelope.sender)
        let wrong = sender.replacing("+b", with: "+b7").replacing("@", with: "@", maxReplacements: 1)
        let forgeries = [
            report(to: "support@neemandclay.example"), report(to: wrong),
            report(to: "support+b" + String(repeating: "a", count: 48) + "@neemandclay.example"),
            report(
                to: "support@neemandclay.example",
                returning: "ad-\(String(repeating: "b", count: 48))@neemandclay.example"),
        ]
        for bytes in forgeries {
            try shop.receive(bytes)
            #expect(try await shop.run().outcome.hasPrefix("ignored "))
        }
        // The address robot answers to the envelope sender, as it should (RFC 3834 §4).
        var absence = TestMail(text: "I am out of the office until Monday and will reply when I return.\n")
        absence.subject = "Automatic reply: your order"
        absence.to = sender
        absence.headers = ["Auto-Submitted: auto-replied", "Return-Path: <>"]
        try shop.receive(absence)
        #expect(try await shop.run().outcome == "ignored vacation-subject")
        #expect(shop.tickets().isEmpty)
        var next = TestMail.whereIsIt()
        next.text += "Thanks for the help so far.\n"
        try shop.receive(next)
        #expect(try await shop.run().outcome == "answered answered")
    }

    @Test("a customer who writes to the bounce address is answered in her conversation")
    func person() async throws {
        let (shop, envelope) = try await answered()
        var mail = TestMail(text: "Thank you. How long does express delivery take?\n")
        mail.to = try #require(envelope.sender).uppercased()
        mail.subject = "A question"
        try shop.receive(mail)
        let run = try await shop.run()
        #expect(run.handled.first?.disposition == .answered)
        #expect(try await shop.conversations() == [1, 1])
    }
}

extension ScratchShop {
    /// The conversation of each message, in the order of their numbers; 0 for none.
    func conversations() async throws -> [Int64] {
        try await ledger().database.read { transaction in
            try transaction.rows("SELECT conversation FROM message ORDER BY id", []).map {
                $0.integer("conversation") ?? 0
            }
        }
    }
}
