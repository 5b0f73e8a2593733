import Foundation
import TestServers
import Testing

@testable import Transport

/// A server that takes mail: the same tests are run against each.
enum MailTaker: String, CaseIterable, Sendable {
    case postfix, postfixSubmission, postfixTLS, scripted, scriptedWithoutExtensions
}

@Suite(.timeLimit(.minutes(2)))
struct SMTPSessionTests {
    let agent = TransferAgent()

    func open(_ taker: MailTaker) async throws -> (session: SMTPSession, deliveries: () async throws -> [[UInt8]]) {
        if taker == .scripted || taker == .scriptedWithoutExtensions {
            let box = ScriptedMailbox()
            let server = try box.server(hasExtensions: taker == .scripted)
            let endpoint = MailEndpoint(service: .smtp, host: "127.0.0.1", port: server.port, security: .none)
            let session = try await agent.openSMTP(endpoint)
            return (session, { withExtendedLifetime(server) { box.messages } })
        }
        let postfix = try await PostfixServer.shared()
        let (port, security): (Int, MailEndpoint.Security) =
            switch taker {
            case .postfixSubmission: (postfix.submissionPort, .startTLS)
            case .postfixTLS: (postfix.tlsPort, .implicitTLS)
            default: (postfix.smtpPort, .none)
            }
        let endpoint = MailEndpoint(
            service: .smtp, host: postfix.host, port: port, security: security,
            credentials: security == .none ? .none : .password(user: postfix.user, password: postfix.password),
            caFile: postfix.caFile)
        return (try await agent.openSMTP(endpoint), { try await postfix.deliveries().map(\.submitted) })
    }

    static func message(_ name: String, _ body: String) -> [UInt8] {
        Array("From: a@shop.example\r\nSubject: \(name)\r\n\r\n\(body)".utf8)
    }

    @Test(arguments: MailTaker.allCases)
    func messagesArriveByteForByte(_ taker: MailTaker) async throws {
        let (session, deliveries) = try await open(taker)
        let name = UUID().uuidString
        let bodies = [
            ".\r\n..\r\n.a\r\n", "no end", "", "\r\n\r\n.\r\nQUIT\r\n",
            String(repeating: "a line of text\r\n.dot\r\n", count: 20_000),
        ]
        for (index, body) in bodies.enumerated() {
            let submission = try await session.send(
                Envelope(sender: .address("a@shop.example"), recipients: ["b\(index)@mail.example"]),
                Self.message("\(name) \(index)", body))
            #expect(submission.accepted)
            #expect(submission.final?.code == 250)
            #expect(submission.acceptedRecipients == ["b\(index)@mail.example"])
        }
        let arrived = try await deliveries().filter { String(decoding: $0, as: UTF8.self).contains(name) }
        for (index, body) in bodies.enumerated() {
            let sent = Self.message("\(name) \(index)", body + (body.isEmpty || body.hasSuffix("\r\n") ? "" : "\r\n"))
            #expect(arrived.contains(sent), "message \(index)")
        }
        #expect(arrived.count == bodies.count)
        await session.quit()
        #expect(!session.isUsable)
    }

    @Test(arguments: MailTaker.allCases)
    func refusalsAreValuesAndTheNextMessageGoesThrough(_ taker: MailTaker) async throws {
        let (session, _) = try await open(taker)
        func send(_ recipients: [String]) async throws -> Submission {
            let envelope = Envelope(sender: .null, recipients: recipients.map { "\($0)@mail.example" })
            return try await session.send(envelope, Self.message("x", "y\r\n"))
        }
        let mixed = try await send(["permfail", "good", "tempfail"])
        #expect(mixed.accepted)
        #expect(mixed.recipients.map(\.reply.code) == [550, 250, 450])
        #expect(mixed.recipients[0].reply.isPermanent && mixed.recipients[2].reply.isTransient)
        #expect(mixed.acceptedRecipients == ["good@mail.example"])

        for _ in 1...2 {
            let none = try await send(["permfail", "tempfail"])
            #expect(!none.accepted && none.final == nil)
            #expect(none.recipients.map(\.reply.code) == [550, 450])
            #expect(none.acceptedRecipients.isEmpty)
            let late = try await send(["late-permfail"])
            #expect(!late.accepted && late.final?.code == 554)
            #expect(late.acceptedRecipients.isEmpty)
            let later = try await send(["late-tempfail"])
            #expect(later.final?.code == 451 && later.final?.isTransient == true)
            #expect(try await send(["good"]).accepted)
        }
    }

    @Test(arguments: MailTaker.allCases)
    func whatCannotBeSentIsRefusedBeforeItBegins(_ taker: MailTaker) async throws {
        let (session, _) = try await open(taker)
        for recipient in ["a b@c", "a@b>\r\nRCPT TO:<x@y", "", "a"] {
            let error = await transportError {
                try await session.send(Envelope(sender: .null, recipients: [recipient]), Self.message("x", "y"))
            }
            #expect(error?.code == .invalidArgument && error?.mayHaveBeenAccepted == false)
        }
        #expect(session.isUsable)
        let good = Envelope(sender: .null, recipients: ["a@b.example"])
        #expect(try await session.send(good, Self.message("x", "y")).accepted)
    }

    @Test func postfixOffersWhatWeUse() async throws {
        let (session, deliveries) = try await open(.postfix)
        #expect(session.extensions.pipelining && session.extensions.eightBitMIME && session.extensions.smtpUTF8)
        #expect(session.extensions.dsn && (session.extensions.size ?? 0) > 1_000_000)
        let name = UUID().uuidString
        let message = Self.message(name, "größer\r\n")
        let submission = try await session.send(Envelope(sender: .null, recipients: ["a@b.example"]), message)
        #expect(submission.accepted && submission.recipients[0].reply.enhancedCode == "2.1.5")
        let utf8 = Self.message("\(name) größer", "größer\r\n")
        let second = try await session.send(
            Envelope(sender: .address("jürgen@shop.example"), recipients: ["a@b.example"]), utf8)
        #expect(second.accepted)
        let arrived = try await deliveries()
        #expect(arrived.contains(message) && arrived.contains(utf8))
    }

    @Test func aMessageOverTheServersLimitIsAValue() async throws {
        let (session, _) = try await open(.postfix)
        let limit = try #require(session.extensions.size)
        guard limit > 0, limit <= 64 << 20 else { return #expect(limit == 0, "Postfix in the tests has a limit") }
        let large = [UInt8](repeating: 0x61, count: limit + 1000)
        let submission = try await session.send(Envelope(sender: .null, recipients: ["a@b.example"]), large)
        #expect(!submission.accepted && submission.final?.code == 552)
        #expect(session.isUsable)
    }

    @Test func anUnsetSenderIsNotTheNullSender() async throws {
        let postfix = try await PostfixServer.shared()
        let (session, _) = try await open(.postfix)
        let name = "sender-\(UInt32.random(in: 0...(.max)))@mail.example"
        _ = try await session.send(Envelope(sender: .null, recipients: [name]), Self.message("x", "y"))
        _ = try await session.send(
            Envelope(sender: .address("bounce+1@shop.example"), recipients: [name]), Self.message("x", "y"))
        let senders = try await postfix.deliveries().filter { $0.recipient == name }.map(\.envelopeSender)
        #expect(senders.sorted() == ["", "bounce+1@shop.example"])
    }

    @Test func wrongPasswordIsAnAuthenticationError() async throws {
        let postfix = try await PostfixServer.shared()
        let endpoint = MailEndpoint(
            service: .smtp, host: postfix.host, port: postfix.submissionPort, security: .startTLS,
            credentials: .password(user: "private-name", password: "private-word"), caFile: postfix.caFile)
        let error = await transportError { try await agent.openSMTP(endpoint) }
        #expect(error?.code == .authentication && error?.responseCode == "535" && error?.isRetryable == false)
        #expect(error?.description.contains("private") == false)
    }

    @Test func localDeliveryHasAVerdictForEachRecipient() async throws {
        let dovecot = try await DovecotServer.shared()
        let users = [dovecot.newUser(), dovecot.newUser()]
        let endpoint = MailEndpoint(service: .lmtp, host: dovecot.host, port: dovecot.lmtpPort, security: .none)
        let session = try await agent.openSMTP(endpoint)
        let message = Self.message(UUID().uuidString, ".dot\r\nend\r\n")
        for _ in 1...2 {
            let submission = try await session.send(
                Envelope(sender: .null, recipients: users.map { "\($0)@mail.example" }), message)
            #expect(submission.accepted && submission.acceptedRecipients.count == 2)
            #expect(submission.recipients.allSatisfy { $0.reply.code == 250 })
        }
        await session.quit()
        let reader = try await agent.openIMAP(
            MailEndpoint(
                service: .imap, host: dovecot.host, port: dovecot.imapsPort, security: .implicitTLS,
                credentials: .password(user: "\(users[0])@mail.example", password: dovecot.password),
                caFile: dovecot.caFile))
        #expect(try await reader.select("INBOX").exists == 2)
        let fetched = Collector()
        try await reader.fetch([1, 2], maximumMessageBytes: 100_000) { fetched.add($0) }
        #expect(fetched.messages.count == 2)
        for stored in fetched.messages { #expect(stored.bytes.suffix(message.count) == message[...]) }
    }
}
