import Foundation
import Testing

@testable import Transport

/// `SMTPSession` and servers that fail at a chosen moment.
@Suite(.timeLimit(.minutes(1)))
struct SMTPScriptedTests {
    let agent = TransferAgent()
    let envelope = Envelope(sender: .address("a@shop.example"), recipients: ["b@mail.example", "c@mail.example"])
    let message = Array("Subject: x\r\n\r\ny\r\n".utf8)

    static func server(
        _ extensions: String = "PIPELINING", _ script: @escaping @Sendable (Peer) -> Void
    ) throws -> ScriptedServer {
        try ScriptedServer { peer, _ in
            peer.write("220 hello\r\n")
            for _ in 0..<2 {
                guard peer.line() != nil else { return }
                peer.write("250-hello\r\n250 \(extensions)\r\n")
            }
            script(peer)
        }
    }

    /// Reads the given number of lines, then says these replies.
    static func exchange(_ peer: Peer, lines: Int, _ replies: [String]) {
        for _ in 0..<lines { _ = peer.line() }
        for reply in replies { peer.write(reply + "\r\n") }
    }

    static func readText(_ peer: Peer) { while let line = peer.line(), line != "." {} }

    func open(_ server: ScriptedServer, timeout: Duration = .seconds(5)) async throws -> SMTPSession {
        try await agent.openSMTP(
            MailEndpoint(
                service: .smtp, host: "127.0.0.1", port: server.port, security: .none, responseTimeout: timeout))
    }

    /// What may be known when the connection breaks: the final dot makes the difference.
    @Test(arguments: ["MAIL", "RCPT", "354", "text", "dot", "silence", "nonsense"])
    func brokenConnectionsSayWhetherTheMessageMayBeThere(_ moment: String) async throws {
        let server = try Self.server { peer in
            switch moment {
            case "MAIL": Self.exchange(peer, lines: 4, [])
            case "RCPT": Self.exchange(peer, lines: 4, ["250 ok", "250 ok"])
            case "354": Self.exchange(peer, lines: 4, ["250 ok", "250 ok", "250 ok"])
            case "text": Self.exchange(peer, lines: 4, ["250 ok", "250 ok", "250 ok", "354 go"])
            default:
                Self.exchange(peer, lines: 4, ["250 ok", "250 ok", "250 ok", "354 go"])
                Self.readText(peer)
                if moment == "silence" { peer.drain() }
                if moment == "nonsense" { peer.write("garbage\r\n") }
            }
        }
        let session = try await open(server, timeout: .milliseconds(400))
        // So large that it cannot all be on its way before the server goes.
        let large = message + [UInt8](repeating: 0x61, count: moment == "text" ? 16 << 20 : 100)
        let error = await transportError { try await session.send(envelope, large) }
        let isAfterDot = ["dot", "silence", "nonsense"].contains(moment)
        #expect(error?.mayHaveBeenAccepted == isAfterDot)
        let code: TransportError.Code = ["silence": .timeout, "nonsense": .protocolViolation][moment] ?? .closed
        #expect(error?.code == code)
        // What may be there must not be sent again blindly.
        #expect(error?.isRetryable == !isAfterDot)
        #expect(!session.isUsable)
        let later = await transportError { try await session.send(envelope, message) }
        #expect(later?.code == .closed && later?.mayHaveBeenAccepted == false)
    }

    @Test func cancellingAfterTheDotLeavesTheQuestionOpen() async throws {
        let server = try Self.server { peer in
            Self.exchange(peer, lines: 4, ["250 ok", "250 ok", "250 ok", "354 go"])
            Self.readText(peer)
            peer.drain()
        }
        let session = try await open(server)
        let task = Task { try await session.send(envelope, message) }
        while !server.received.contains(".") { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        let error = await transportError { try await task.value }
        #expect(error?.code == .cancelled && error?.mayHaveBeenAccepted == true)
    }

    /// RFC 2920 section 3.1.
    @Test func aServerThatWaitsForATextForNobodyGetsALoneDot() async throws {
        let server = try Self.server { peer in
            Self.exchange(peer, lines: 4, ["250 ok", "550 no", "551 no", "354 go on"])
            Self.exchange(peer, lines: 1, ["554 no valid recipients"])
            Self.exchange(peer, lines: 5, ["250 reset", "250 ok", "250 ok", "250 ok", "354 go"])
            Self.readText(peer)
            peer.write("250 2.0.0 queued as 1\r\n")
            peer.drain()
        }
        let session = try await open(server)
        let refused = try await session.send(envelope, message)
        #expect(!refused.accepted && refused.recipients.map(\.reply.code) == [550, 551])
        let taken = try await session.send(envelope, message)
        #expect(taken.accepted && taken.final == SMTPReply(code: 250, enhancedCode: "2.0.0", text: "queued as 1"))
        let lines = server.received
        let dot = try #require(lines.firstIndex(of: "."))
        #expect(lines[dot - 1] == "DATA" && lines[dot + 1] == "RSET")
        #expect(lines.filter { $0 == "y" }.count == 1)
    }

    @Test func aRefusedSenderIsAValue() async throws {
        let server = try Self.server { peer in
            Self.exchange(peer, lines: 4, ["553 5.1.8 no", "503 first MAIL", "503 first MAIL", "503 no"])
            peer.drain()
        }
        let session = try await open(server)
        let submission = try await session.send(envelope, message)
        #expect(submission.final?.enhancedCode == "5.1.8" && !submission.accepted)
        #expect(submission.recipients.map(\.reply.code) == [553, 553])
        #expect(session.isUsable)
    }

    @Test func afterTheServersGoodbyeNothingMoreIsSaid() async throws {
        let server = try Self.server { peer in
            Self.exchange(peer, lines: 4, ["250 ok", "421 4.3.2 going down"])
        }
        let session = try await open(server)
        let submission = try await session.send(envelope, message)
        #expect(!submission.accepted && submission.final?.code == 421)
        #expect(submission.recipients.map(\.reply.code) == [421, 421])
        #expect(!session.isUsable)
    }

    @Test func aRefusedResetEndsTheSession() async throws {
        let server = try Self.server { peer in
            Self.exchange(peer, lines: 4, ["250 ok", "250 ok", "250 ok", "451 no"])
            Self.exchange(peer, lines: 5, ["500 what?", "250 ok", "250 ok", "250 ok", "354 go"])
        }
        let session = try await open(server)
        let submission = try await session.send(envelope, message)
        #expect(submission.final?.code == 451 && !submission.accepted)
        let later = await transportError { try await session.send(envelope, message) }
        #expect(later?.code == .protocolViolation && later?.mayHaveBeenAccepted == false && later?.isRetryable == true)
        #expect(!session.isUsable)
    }

    @Test func whatTheServerDoesNotOfferIsNotUsed() async throws {
        let server = try Self.server("SIZE 1000") { $0.drain() }
        let session = try await open(server)
        let eightBit = try await session.send(envelope, Array("\r\né".utf8))
        #expect(!eightBit.accepted && eightBit.final?.code == 554 && eightBit.final?.enhancedCode == "5.6.3")
        let address = try await session.send(Envelope(sender: .null, recipients: ["jürgen@mail.example"]), message)
        #expect(!address.accepted && address.recipients.map(\.reply.enhancedCode) == ["5.6.7"])
        let header = try await session.send(envelope, Array("Subject: é\r\n\r\n".utf8))
        #expect(header.final?.isPermanent == true && header.sender == nil)
        #expect(session.isUsable)
        #expect(!server.received.contains { $0.hasPrefix("MAIL") })
    }

    @Test func withoutPipeliningEachReplyIsAwaited() async throws {
        let server = try Self.server("SIZE") { peer in
            for reply in ["250 ok", "250 ok", "550 no", "354 go"] {
                _ = peer.line()
                peer.sleep(0.05)
                peer.write(reply + "\r\n")
            }
            Self.readText(peer)
            peer.write("250 ok\r\n")
            peer.drain()
        }
        let submission = try await open(server).send(envelope, message)
        #expect(submission.accepted && submission.recipients.map(\.reply.code) == [250, 550])
        #expect(server.received.contains("MAIL FROM:<a@shop.example> SIZE=\(message.count)"))
    }

    @Test func aServerWithoutLoginIsNotUsedUnnamed() async throws {
        let server = try Self.server { $0.drain() }
        let endpoint = MailEndpoint(
            service: .smtp, host: "127.0.0.1", port: server.port, security: .none,
            credentials: .password(user: "u", password: "p"))
        let error = await transportError { try await agent.openSMTP(endpoint) }
        #expect(error?.code == .authentication && error?.isRetryable == false)
    }

    @Test(arguments: [("421 4.7.0 too many\r\n", true), ("554 go away\r\n", false)])
    func aServerThatWantsNobodyIsARefusal(_ greeting: String, _ isRetryable: Bool) async throws {
        let server = try ScriptedServer { peer, _ in
            peer.write(greeting)
            peer.drain()
        }
        let error = await transportError { try await open(server) }
        #expect(error?.code == .refused && error?.isRetryable == isRetryable)
        #expect(error?.responseCode == String(greeting.prefix(3)))
    }

    @Test func withoutSTARTTLSNothingIsSaidInClear() async throws {
        let server = try Self.server("AUTH PLAIN") { $0.drain() }
        let endpoint = MailEndpoint(
            service: .smtp, host: "127.0.0.1", port: server.port, security: .startTLS,
            credentials: .password(user: "u", password: "p"))
        let error = await transportError { try await agent.openSMTP(endpoint) }
        #expect(error?.code == .tls)
        #expect(!server.received.contains { $0.contains("AUTH") })
    }
}
