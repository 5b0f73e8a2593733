import Foundation
import TestServers
import Testing

@testable import Transport

/// What is asked for when a server offers it, and how one logs in.
@Suite(.timeLimit(.minutes(1)))
struct SMTPExtensionTests {
    private let scripted = SMTPScriptedTests()
    private let agent = TransferAgent()

    @Test func textsOfAnyKindAreWrittenAsXtext() {
        #expect(DeliveryNotification.xtext("a+b=c@d e\r\n") == "a+2Bb+3Dc@d+20e+0D+0A")
        #expect(DeliveryNotification.xtext("é") == nil)
    }

    @Test(arguments: [true, false])
    func reportsAreAskedForWhereTheyAreOffered(_ isOffered: Bool) async throws {
        let server = try SMTPScriptedTests.server(isOffered ? "DSN" : "SIZE") { peer in
            for reply in ["250 ok", "250 ok", "250 ok", "354 go"] {
                SMTPScriptedTests.exchange(peer, lines: 1, [reply])
            }
            SMTPScriptedTests.readText(peer)
            peer.write("250 ok\r\n")
            peer.drain()
        }
        let envelope = Envelope(
            sender: .null, recipients: ["a+b@mail.example", "c@mail.example"],
            notification: DeliveryNotification(events: [.delay, .failure], id: "x=1@shop.example"))
        #expect(try await scripted.open(server).send(envelope, Array("\r\n".utf8)).accepted)
        let lines = server.received.filter { $0.hasPrefix("MAIL") || $0.hasPrefix("RCPT") }
        #expect(
            lines
                == (isOffered
                    ? [
                        "MAIL FROM:<> RET=HDRS ENVID=x+3D1@shop.example",
                        "RCPT TO:<a+b@mail.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Bb@mail.example",
                        "RCPT TO:<c@mail.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;c@mail.example",
                    ]
                    : [
                        "MAIL FROM:<> SIZE=2", "RCPT TO:<a+b@mail.example>", "RCPT TO:<c@mail.example>",
                    ]))
    }

    @Test func nobodyIsToldWhereNothingIsToBeReported() {
        let never = DeliveryNotification(events: [], content: .full, id: String(repeating: "x", count: 101))
        #expect(never.mailParameters == " RET=FULL")
        #expect(never.recipientParameters("jürgen@mail.example") == " NOTIFY=NEVER")
    }

    @Test func postfixTakesTheWishForReports() async throws {
        let postfix = try await PostfixServer.shared()
        let session = try await agent.openSMTP(
            MailEndpoint(service: .smtp, host: postfix.host, port: postfix.smtpPort, security: .none))
        let envelope = Envelope(
            sender: .address("bounce+a=b@shop.example"),
            recipients: ["dsn+\(UInt32.random(in: 0...(.max)))@mail.example"],
            notification: DeliveryNotification(events: [.failure], id: "1+2=3@shop.example"))
        let submission = try await session.send(envelope, Array("Subject: x\r\n\r\ny\r\n".utf8))
        #expect(submission.accepted && submission.sender?.code == 250)
    }

    /// Refused, accepted and nearly accepted, all at once on one connection: each hears its own.
    @Test(arguments: MailTaker.allCases)
    func manyAtOnceHearTheirOwnAndArriveWhole(_ taker: MailTaker) async throws {
        let (session, deliveries) = try await SMTPSessionTests().open(taker)
        let name = UUID().uuidString
        let kinds = ["good", "permfail", "good", "late-permfail", "good", "tempfail", "late-tempfail", "good"]
        let codes = ["good": 250, "permfail": 550, "late-permfail": 554, "tempfail": 450, "late-tempfail": 451]
        func text(_ number: Int) -> [UInt8] {
            SMTPSessionTests.message(
                "\(name) \(number)", String(repeating: ".line \(number)\r\n", count: number % 7 * 300))
        }
        try await withThrowingTaskGroup(of: (Int, Submission).self) { group in
            for number in 0..<48 {
                let recipient = kinds[number % kinds.count]
                let envelope = Envelope(sender: .address("a@shop.example"), recipients: ["\(recipient)@mail.example"])
                group.addTask { (number, try await session.send(envelope, text(number))) }
            }
            for try await (number, submission) in group {
                let kind = kinds[number % kinds.count]
                #expect(submission.accepted == (kind == "good"))
                let reply = submission.final ?? submission.recipients[0].reply
                #expect(reply.code == codes[kind], "\(kind)")
            }
        }
        #expect(session.isUsable)
        await session.quit()
        let arrived = try await deliveries().filter { String(decoding: $0, as: UTF8.self).contains(name) }
        let sent = (0..<48).filter { kinds[$0 % kinds.count] == "good" }.map(text)
        #expect(Set(arrived) == Set(sent) && arrived.count == sent.count)
    }

    @Test func aLocalServerIsReachedThroughItsSocket() async throws {
        let dovecot = try await DovecotServer.shared()
        let user = dovecot.newUser()
        let path = dovecot.directory + "/run/lmtp"
        let session = try await agent.openSMTP(MailEndpoint(lmtpSocket: path))
        let text = SMTPSessionTests.message(UUID().uuidString, ".dot\r\n")
        try await withThrowingTaskGroup(of: Submission.self) { group in
            for _ in 1...5 {
                group.addTask {
                    try await session.send(Envelope(sender: .null, recipients: ["\(user)@x.example"]), text)
                }
            }
            for try await submission in group { #expect(submission.accepted) }
        }
        await session.quit()
        let missing = await transportError {
            try await agent.openSMTP(MailEndpoint(lmtpSocket: dovecot.directory + "/run/none"))
        }
        #expect(missing?.code == .connect && missing?.isRetryable == true)
        #expect(missing?.host == dovecot.directory + "/run/none")
        let reader = try await agent.openIMAP(
            MailEndpoint(
                service: .imap, host: dovecot.host, port: dovecot.imapsPort, security: .implicitTLS,
                credentials: .password(user: "\(user)@x.example", password: dovecot.password), caFile: dovecot.caFile))
        #expect(try await reader.select("INBOX").exists == 5)
    }

    /// RFC 2033 section 4.2: a reply for each recipient that was taken, and none for the others.
    @Test func eachLocalRecipientHasAVerdictOfItsOwn() async throws {
        let server = try ScriptedServer { peer, _ in
            peer.write("220 lmtp\r\n")
            SMTPScriptedTests.exchange(peer, lines: 1, ["250-lmtp\r\n250 PIPELINING"])
            SMTPScriptedTests.exchange(peer, lines: 5, ["250 ok", "250 ok", "550 who", "250 ok", "354 go"])
            SMTPScriptedTests.readText(peer)
            peer.write("250 taken\r\n452 4.2.2 full\r\n")
            // 354 for nobody: no verdict would follow a dot, so nothing is said any more.
            SMTPScriptedTests.exchange(peer, lines: 4, ["250 ok", "550 who", "550 who", "354 go"])
            peer.drain()
        }
        let session = try await agent.openSMTP(
            MailEndpoint(service: .lmtp, host: "127.0.0.1", port: server.port, security: .none))
        let recipients = ["a@x.example", "b@x.example", "c@x.example"]
        let text = Array("\r\ny\r\n".utf8)
        let first = try await session.send(Envelope(sender: .null, recipients: recipients), text)
        #expect(first.accepted && first.recipients.map(\.reply.code) == [250, 550, 452])
        #expect(first.acceptedRecipients == ["a@x.example"])
        let second = try await session.send(Envelope(sender: .null, recipients: ["a@x.example", "b@x.example"]), text)
        #expect(!second.accepted && second.recipients.map(\.reply.code) == [550, 550])
        #expect(!session.isUsable && server.received.count { $0 == "." } == 1)
    }

    @Test(arguments: ["PLAIN", "LOGIN", "XOAUTH2"])
    func oneLogsInTheWayTheServerOffers(_ mechanism: String) async throws {
        func encoded(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
        let server = try ScriptedServer { peer, _ in
            peer.write("220 hello\r\n")
            SMTPScriptedTests.exchange(peer, lines: 1, ["250-hello\r\n250 AUTH \(mechanism)"])
            _ = peer.line()
            if mechanism == "LOGIN" { SMTPScriptedTests.exchange(peer, lines: 0, ["334 UGFzc3dvcmQ6"]) }
            if mechanism == "LOGIN" { _ = peer.line() }
            peer.write("235 2.7.0 welcome\r\n")
            SMTPScriptedTests.exchange(peer, lines: 1, ["250 hello"])
            peer.drain()
        }
        let credentials: MailEndpoint.Credentials =
            mechanism == "XOAUTH2" ? .bearer(user: "desk", token: "t0ken") : .password(user: "desk", password: "pass")
        let session = try await agent.openSMTP(
            MailEndpoint(
                service: .smtp, host: "127.0.0.1", port: server.port, security: .none, credentials: credentials))
        #expect(session.isUsable)
        let said = server.received.joined(separator: " ")
        let expected = [
            "PLAIN": ["AUTH PLAIN " + encoded("\0desk\0pass")],
            "LOGIN": ["AUTH LOGIN", encoded("desk"), encoded("pass")],
            "XOAUTH2": ["AUTH XOAUTH2 " + encoded("user=desk\u{1}auth=Bearer t0ken\u{1}\u{1}")],
        ]
        for words in expected[mechanism] ?? [] { #expect(said.contains(words), "\(said)") }
    }
}
