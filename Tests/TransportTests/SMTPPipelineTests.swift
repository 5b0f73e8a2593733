import Foundation
import Testing

@testable import Transport

/// Several messages at once on one connection: what one of them meets is no other's concern.
@Suite(.timeLimit(.minutes(1)))
struct SMTPPipelineTests {
    private let scripted = SMTPScriptedTests()

    private static let introduced = ["250 ok", "250 ok", "354 go"]
    private static let next = ["250 reset"] + introduced

    private enum Outcome: Equatable {
        case accepted
        case refused(Int?)
        case failed(TransportError.Code, mayHaveBeenAccepted: Bool, isRetryable: Bool)
        static let notSent = Outcome.failed(.closed, mayHaveBeenAccepted: false, isRetryable: true)
        static let uncertain = Outcome.failed(.closed, mayHaveBeenAccepted: true, isRetryable: false)
    }

    private static func outcome(_ session: SMTPSession, _ name: String, padding: Int = 0) async -> Outcome {
        let envelope = Envelope(sender: .null, recipients: ["\(name)@mail.example"])
        let text = Array("Subject: \(name)\r\n\r\nyes\r\n".utf8) + [UInt8](repeating: 0x61, count: padding)
        do {
            let submission = try await session.send(envelope, text)
            let reply = submission.final ?? submission.recipients.first?.reply
            return submission.accepted ? .accepted : .refused(reply?.code)
        } catch {
            return .failed(
                error.code, mayHaveBeenAccepted: error.mayHaveBeenAccepted, isRetryable: error.isRetryable)
        }
    }

    /// Sends messages `1`, `2`, … in this order. The server's `script` goes on behind the first `MAIL` when the others wait.
    ///
    /// - Parameter padding: bytes behind the text of the first one.
    private func outcomes(
        _ count: Int, padding: Int = 0, timeout: Duration = .seconds(5), extensions: String = "PIPELINING",
        _ script: @escaping @Sendable (Peer) -> Void
    ) async throws -> (outcomes: [Outcome], lines: [String]) {
        let mayGoOn = DispatchSemaphore(value: 0)
        let server = try SMTPScriptedTests.server(extensions) { peer in
            _ = peer.line()
            mayGoOn.wait()
            script(peer)
        }
        let session = try await scripted.open(server, timeout: timeout)
        var tasks = [Task { await Self.outcome(session, "1", padding: padding) }]
        while !server.received.contains(where: { $0.hasPrefix("MAIL") }) { try await Task.sleep(for: .milliseconds(1)) }
        for number in 2...count {
            tasks.append(Task { await Self.outcome(session, "\(number)") })
            while session.pipeline.waitingCount < number - 1 { try await Task.sleep(for: .milliseconds(1)) }
        }
        mayGoOn.signal()
        var outcomes: [Outcome] = []
        for task in tasks { outcomes.append(await task.value) }
        return (outcomes, server.received)
    }

    @Test func anEnvelopeTravelsBehindTheDotBeforeIt() async throws {
        let (outcomes, lines) = try await outcomes(3) { peer in
            SMTPScriptedTests.exchange(peer, lines: 2, Self.introduced)
            for _ in 1...2 {
                SMTPScriptedTests.readText(peer)
                // Said only when the next envelope has been read to its end: a client that waits would wait for ever.
                SMTPScriptedTests.exchange(peer, lines: 4, ["250 2.0.0 taken"] + Self.next)
            }
            SMTPScriptedTests.readText(peer)
            peer.write("250 taken\r\n")
            peer.drain()
        }
        #expect(outcomes == [.accepted, .accepted, .accepted])
        let verbs = lines.filter { $0 == "." || $0 == "RSET" || $0 == "DATA" || $0.hasPrefix("RCPT") }
        let group = { (n: Int) in ["RCPT TO:<\(n)@mail.example>", "DATA", "."] }
        #expect(verbs == group(1) + ["RSET"] + group(2) + ["RSET"] + group(3))
    }

    /// The one window that nobody can close is as wide as one message.
    @Test(arguments: ["close", "silence", "garbage", "long line", "another class"])
    func whenItBreaksAfterADotOneMessageIsUncertainAndNoOther(_ end: String) async throws {
        let (outcomes, lines) = try await outcomes(3, timeout: .seconds(3)) { peer in
            SMTPScriptedTests.exchange(peer, lines: 2, Self.introduced)
            SMTPScriptedTests.readText(peer)
            SMTPScriptedTests.exchange(peer, lines: 4, [])
            switch end {
            case "silence": peer.drain()
            case "garbage": peer.write("what?\r\n")
            case "long line": peer.write("250 " + String(repeating: "x", count: 5000) + "\r\n")
            case "another class": peer.write("354 go on\r\n")
            default: break
            }
        }
        let code: TransportError.Code =
            [
                "silence": .timeout, "garbage": .protocolViolation, "long line": .tooLarge,
                "another class": .protocolViolation,
            ][
                end] ?? .closed
        #expect(outcomes[0] == .failed(code, mayHaveBeenAccepted: true, isRetryable: false))
        for other in outcomes[1...] {
            #expect(other == .failed(code, mayHaveBeenAccepted: false, isRetryable: true))
        }
        #expect(lines.count { $0 == "yes" } == 1)
    }

    /// A server that has had enough of a text hangs up; the rest cannot be written, and what it said counts nevertheless. That
    /// a message was taken cannot be said before its dot.
    @Test(arguments: ["552 5.3.4 too large", "451 4.3.1 no room", "421 4.3.2 going", "250 taken", ""])
    func aRefusalInTheMiddleOfATextCountsThoughWritingFails(_ reply: String) async throws {
        // So large that it cannot all be on its way before the server goes.
        let (outcomes, _) = try await outcomes(3, padding: 16 << 20) { peer in
            SMTPScriptedTests.exchange(peer, lines: 2, Self.introduced)
            _ = peer.bytes(1_000)
            if !reply.isEmpty { peer.write(reply + "\r\n") }
        }
        let refusal = Int(reply.prefix(3)).flatMap { $0 < 300 ? nil : $0 }
        #expect(outcomes == [refusal.map { .refused($0) } ?? .notSent, .notSent, .notSent])
    }

    @Test func whenItBreaksAfterAVerdictTheNextWasNotAccepted() async throws {
        let (outcomes, lines) = try await outcomes(3) { peer in
            SMTPScriptedTests.exchange(peer, lines: 2, Self.introduced)
            SMTPScriptedTests.readText(peer)
            SMTPScriptedTests.exchange(peer, lines: 4, ["250 taken", "250 reset", "250 ok"])
        }
        #expect(outcomes == [.accepted, .notSent, .notSent])
        #expect(lines.count { $0 == "yes" } == 1)
    }

    @Test(arguments: [451, 554])
    func aRefusalAfterTheDotDoesNotPoisonTheNext(_ code: Int) async throws {
        let (outcomes, lines) = try await outcomes(3) { peer in
            SMTPScriptedTests.exchange(peer, lines: 2, Self.introduced)
            for verdict in ["\(code) no", "250 taken"] {
                SMTPScriptedTests.readText(peer)
                SMTPScriptedTests.exchange(peer, lines: 4, [verdict] + Self.next)
            }
            SMTPScriptedTests.readText(peer)
            peer.write("250 taken\r\n")
            peer.drain()
        }
        #expect(outcomes == [.refused(code), .accepted, .accepted])
        #expect(lines.count { $0 == "RSET" } == 2)
    }

    /// The refused one's text must not leave, and the third's must not become the second's.
    @Test(arguments: [true, false])
    func aRefusedEnvelopeInBetween(_ isDotWanted: Bool) async throws {
        let (outcomes, lines) = try await outcomes(3) { peer in
            SMTPScriptedTests.exchange(peer, lines: 2, Self.introduced)
            SMTPScriptedTests.readText(peer)
            let data = isDotWanted ? "354 go on" : "554 nobody"
            SMTPScriptedTests.exchange(peer, lines: 4, ["250 taken", "250 reset", "250 ok", "550 unknown", data])
            // Behind the lone dot the third envelope travels as behind any other.
            SMTPScriptedTests.exchange(
                peer, lines: isDotWanted ? 5 : 4, (isDotWanted ? ["554 empty"] : []) + Self.next)
            SMTPScriptedTests.readText(peer)
            peer.write("250 taken\r\n")
            peer.drain()
        }
        #expect(outcomes == [.accepted, .refused(550), .accepted])
        #expect(lines.count { $0 == "yes" } == 2 && !lines.contains("Subject: 2"))
        #expect(lines.count { $0 == "." } == (isDotWanted ? 3 : 2))
    }

    @Test(arguments: ["sender", "reset", "dot"])
    func theServersGoodbyeInBetween(_ moment: String) async throws {
        let (outcomes, lines) = try await outcomes(3) { peer in
            SMTPScriptedTests.exchange(peer, lines: 2, Self.introduced)
            SMTPScriptedTests.readText(peer)
            let replies = [
                "sender": ["250 taken", "250 reset", "421 4.3.2 going"], "reset": ["250 taken", "421 4.3.2 going"],
            ]
            SMTPScriptedTests.exchange(peer, lines: 4, replies[moment] ?? ["421 4.3.0 going"])
        }
        #expect(
            outcomes == (moment == "dot" ? [.refused(421), .notSent, .notSent] : [.accepted, .refused(421), .notSent]))
        #expect(lines.count { $0 == "yes" } == 1)
    }

    @Test(arguments: ["250-a\r\n250 ok\r\n", "250 2.1.0 ok\n", "250\r\n"])
    func repliesMayBeSplitAnywhere(_ reply: String) async throws {
        let (outcomes, _) = try await outcomes(2) { peer in
            func trickle(_ replies: [String]) {
                for byte in replies.joined().utf8 {
                    peer.write([byte])
                    peer.sleep(0.0005)
                }
            }
            SMTPScriptedTests.exchange(peer, lines: 2, [])
            trickle([reply, reply, "354-go\r\n354 on\r\n"])
            SMTPScriptedTests.readText(peer)
            SMTPScriptedTests.exchange(peer, lines: 4, [])
            trickle([reply, reply, reply, reply, "354 go\r\n"])
            SMTPScriptedTests.readText(peer)
            trickle([reply])
            peer.drain()
        }
        #expect(outcomes == [.accepted, .accepted])
    }

    @Test(arguments: [["334 what"], ["250 ok", "354 what"], ["250 ok", "250 ok", "250 taken"], ["250 ok", "199 x"]])
    func aReplyOutOfPlaceEndsTheConnectionBeforeAnyText(_ replies: [String]) async throws {
        let (outcomes, lines) = try await outcomes(2) { peer in
            SMTPScriptedTests.exchange(peer, lines: 2, replies)
            peer.drain()
        }
        let violation = Outcome.failed(.protocolViolation, mayHaveBeenAccepted: false, isRetryable: true)
        #expect(outcomes == [violation, violation])
        #expect(!lines.contains("yes"))
    }

    @Test func withoutPipeliningOneFollowsTheOther() async throws {
        let (outcomes, lines) = try await outcomes(2, extensions: "SIZE") { peer in
            func step(_ reply: String) {
                peer.sleep(0.01)
                peer.write(reply + "\r\n")
                _ = peer.line()
            }
            step("250 ok")
            step("250 ok")
            peer.write("354 go\r\n")
            SMTPScriptedTests.readText(peer)
            for reply in ["451 later", "250 reset", "250 ok", "250 ok"] { step(reply) }
            peer.write("354 go\r\n")
            SMTPScriptedTests.readText(peer)
            peer.write("250 taken\r\n")
            peer.drain()
        }
        #expect(outcomes == [.refused(451), .accepted])
        #expect(lines.contains("RSET"))
    }

    @Test func oneThatWaitsIsCancelledWithoutTheOthers() async throws {
        let mayBegin = DispatchSemaphore(value: 0)
        let server = try SMTPScriptedTests.server { peer in
            mayBegin.wait()
            SMTPScriptedTests.exchange(peer, lines: 3, Self.introduced)
            SMTPScriptedTests.readText(peer)
            peer.write("250 taken\r\n")
            peer.drain()
        }
        let session = try await scripted.open(server)
        let first = Task { await Self.outcome(session, "1") }
        try await Task.sleep(for: .milliseconds(50))
        let second = Task { await Self.outcome(session, "2") }
        while session.pipeline.waitingCount == 0 { try await Task.sleep(for: .milliseconds(1)) }
        second.cancel()
        #expect(await second.value == .failed(.cancelled, mayHaveBeenAccepted: false, isRetryable: false))
        mayBegin.signal()
        #expect(await first.value == .accepted)
        #expect(session.isUsable)
        let early = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await Self.outcome(session, "3")
        }
        #expect(await early.value == .failed(.cancelled, mayHaveBeenAccepted: false, isRetryable: false))
        #expect(session.isUsable && !server.received.contains { $0.contains("2@") || $0.contains("3@") })
    }
}
