import Foundation
import TestServers
import Testing

@testable import Transport

/// Waiting for new mail: `IDLE`, and `NOOP` where the server has no `IDLE`.
@Suite(.timeLimit(.minutes(2)))
struct IMAPWaitingTests {
    let agent = TransferAgent()
    private let scripted = IMAPScriptedTests()

    /// A Dovecot mailbox that is open, with or without `IDLE`.
    private func open(idle: Bool) async throws -> (DovecotServer, String, IMAPSession) {
        let dovecot = try await DovecotServer.shared()
        let user = dovecot.newUser()
        let rich = try await agent.openIMAP(IMAPSessionTests().endpoint(dovecot, user))
        let capabilities = rich.capabilities.subtracting(idle ? [] : ["IDLE"])
        let session = IMAPSession(dialog: rich.dialog, capabilities: capabilities)
        _ = try await session.select("INBOX")
        return (dovecot, user, session)
    }

    @Test(arguments: [true, false])
    func aNewMessageEndsTheWait(_ idle: Bool) async throws {
        let (dovecot, user, session) = try await open(idle: idle)
        let waiting = Task { try await session.waitForChange(upTo: .seconds(60), pollingEvery: .milliseconds(300)) }
        try await Task.sleep(for: .milliseconds(500))
        let start = ContinuousClock.now
        try dovecot.deliver(IMAPSessionTests.message(1), to: user)
        #expect(try await waiting.value)
        #expect(.now - start < .seconds(20))
        #expect(try await session.search(.all) == [1])
        // What was found is no news any more.
        #expect(try await !session.waitForChange(upTo: .milliseconds(600), pollingEvery: .milliseconds(200)))
        // What came before the wait is.
        try dovecot.deliver(IMAPSessionTests.message(2), to: user)
        try await session.noop()
        #expect(try await session.waitForChange(upTo: .seconds(60), pollingEvery: .seconds(60)))
        #expect(try await session.search(.uids(from: 2)) == [2])
    }

    @Test(arguments: [true, false])
    func nothingNewIsNoChange(_ idle: Bool) async throws {
        let (_, _, session) = try await open(idle: idle)
        let start = ContinuousClock.now
        let end = start + .milliseconds(900)
        // Several rounds of IDLE, or of NOOP.
        let hasNews = try await session.waitForChange(
            until: end, pollingEvery: .milliseconds(250), idling: .milliseconds(250))
        #expect(!hasNews)
        #expect((.milliseconds(890)...(.seconds(20))).contains(.now - start))
        try await session.noop()
    }

    @Test(arguments: [true, false])
    func cancellingEndsTheWaitAtOnce(_ idle: Bool) async throws {
        let (_, _, session) = try await open(idle: idle)
        let waiting = Task { try await session.waitForChange(upTo: .seconds(3600), pollingEvery: .seconds(3600)) }
        try await Task.sleep(for: .milliseconds(300))
        let start = ContinuousClock.now
        waiting.cancel()
        let error = await transportError { try await waiting.value }
        #expect(error?.code == .cancelled)
        #expect(.now - start < .seconds(5))
    }

    /// A mailbox that somebody takes away while it is watched: an error that another connection may get over, or a wait that
    /// ends; never an endless one.
    @Test(arguments: [true, false])
    func aMailboxThatGoesAwayEndsTheWait(_ isRenamed: Bool) async throws {
        let (dovecot, user, session) = try await open(idle: true)
        try await session.create("Orders")
        _ = try await session.append(to: "Orders", bytes: IMAPSessionTests.message(1))
        _ = try await session.select("Orders")
        let other = try await agent.openIMAP(IMAPSessionTests().endpoint(dovecot, user))
        try await other.dialog.run(
            other.command(isRenamed ? "RENAME Orders Elsewhere" : "DELETE Orders"), "test")
        var seen: [TransportError.Code] = []
        for _ in 0..<3 {
            do {
                _ = try await session.waitForChange(upTo: .milliseconds(500), pollingEvery: .milliseconds(200))
                _ = try await session.search(.all)
            } catch {
                seen.append(error.code)
                #expect(error.isRetryable || error.code == .refused)
                break
            }
        }
        // Dovecot goes on with a renamed maildir under its old name, or ends; a new look tells.
        let again = try await agent.openIMAP(IMAPSessionTests().endpoint(dovecot, user))
        let error = await transportError { try await again.select("Orders") }
        #expect(error?.code == .refused && error?.isRetryable == false)
        #expect(isRenamed || seen == [.closed])
    }

    @Test func idleIsRepeatedAndEnded() async throws {
        let server = try IMAPScriptedTests.server(capabilities: "IMAP4rev1 IDLE") { peer in
            while let line = peer.line() {
                let words = line.split(separator: " ")
                if words.last == "IDLE" {
                    peer.write("+ idling\r\n* OK still here\r\n")
                    guard peer.line() == "DONE" else { return }
                }
                peer.write("\(words[0]) OK done\r\n")
            }
        }
        let session = try await scripted.open(server, timeout: .seconds(1))
        // Longer than the response time-out: a server that idles may be silent.
        let hasNews = try await session.waitForChange(
            until: .now + .milliseconds(2600), pollingEvery: .seconds(60), idling: .milliseconds(1200))
        #expect(!hasNews)
        #expect((2...3).contains(server.received.filter { $0 == "DONE" }.count))
        try await session.noop()
    }

    @Test func aServerThatDoesNotEndItsIdleTimesOut() async throws {
        let server = try IMAPScriptedTests.server(capabilities: "IMAP4rev1 IDLE") { peer in
            _ = peer.line()
            peer.write("+ idling\r\n")
            peer.drain()
        }
        let session = try await scripted.open(server, timeout: .milliseconds(300))
        let error = await transportError {
            try await session.waitForChange(upTo: .milliseconds(100), pollingEvery: .seconds(1))
        }
        #expect(error?.code == .timeout && error?.isRetryable == true)
    }

    /// IDLE refused, or ended by the server: NOOP takes its place, and not a loop of refusals.
    @Test(arguments: ["NO not here", "BAD what?", "OK enough"])
    func aServerThatDoesNotIdleIsAsked(_ answer: String) async throws {
        let server = try IMAPScriptedTests.server(capabilities: "IMAP4rev1 IDLE") { peer in
            while let line = peer.line() {
                let words = line.split(separator: " ")
                if words.last == "IDLE" {
                    if answer.hasPrefix("OK") { peer.write("+ idling\r\n") }
                    peer.write("\(words[0]) \(answer)\r\n")
                } else {
                    peer.write("* 1 EXISTS\r\n\(words[0]) OK\r\n")
                }
            }
        }
        let session = try await scripted.open(server)
        #expect(try await session.waitForChange(upTo: .seconds(30), pollingEvery: .milliseconds(100)))
        #expect(server.received.filter { $0.hasSuffix("IDLE") }.count == 1)
        #expect(server.received.filter { $0.hasSuffix("NOOP") }.count == 1)
    }

    /// The same number again is a sign of life; an expunged message and a new one in its place is not.
    @Test func onlyMoreMessagesAreNews() async throws {
        let server = try IMAPScriptedTests.server { peer in
            let answers = [
                "* 5 EXISTS\r\n", "* 5 EXISTS\r\n", "* 2 EXPUNGE\r\n", "* 5 EXISTS\r\n", "* 1 FETCH (FLAGS ())\r\n",
            ]
            for answer in answers {
                guard let tag = peer.line()?.split(separator: " ").first else { return }
                peer.write("\(answer)\(tag) OK\r\n")
            }
        }
        let session = try await scripted.open(server)
        var news: [Bool] = []
        for _ in 0..<5 {
            news.append(try await session.waitForChange(upTo: .milliseconds(1), pollingEvery: .seconds(60)))
        }
        #expect(news == [true, false, false, true, false])
    }

    @Test func aGoodbyeWhileIdlingEndsTheSession() async throws {
        let server = try IMAPScriptedTests.server(capabilities: "IMAP4rev1 IDLE") { peer in
            _ = peer.line()
            peer.write("+ idling\r\n* BYE maintenance\r\n")
        }
        let session = try await scripted.open(server)
        let error = await transportError {
            try await session.waitForChange(upTo: .seconds(30), pollingEvery: .seconds(1))
        }
        #expect(error?.code == .closed && error?.isRetryable == true && error?.step == "IDLE")
    }
}
