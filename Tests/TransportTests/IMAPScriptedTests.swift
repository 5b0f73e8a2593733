import Foundation
import Testing

@testable import Transport

/// `IMAPSession` and a server that says what no decent server says.
@Suite(.timeLimit(.minutes(1)))
struct IMAPScriptedTests {
    let agent = TransferAgent()

    /// Greets, answers libcurl's CAPABILITY and ours, then does what the test wants.
    static func server(
        capabilities: String = "IMAP4rev1", _ script: @escaping @Sendable (Peer) -> Void
    ) throws -> ScriptedServer {
        try ScriptedServer { peer, _ in
            peer.write("* OK hello\r\n")
            for _ in 0..<2 {
                guard let line = peer.line(), let tag = line.split(separator: " ").first else { return }
                peer.write("* CAPABILITY \(capabilities)\r\n\(tag) OK done\r\n")
            }
            script(peer)
        }
    }

    func open(_ server: ScriptedServer, timeout: Duration = .seconds(5)) async throws -> IMAPSession {
        try await agent.openIMAP(
            MailEndpoint(
                service: .imap, host: "127.0.0.1", port: server.port, security: .none, responseTimeout: timeout))
    }

    @Test(arguments: [
        ("* BYE shutting down\r\n", TransportError.Code.closed),
        ("", .closed),
        ("* 1 EXISTS", .closed),
        ("* LIST () NIL {10}\r\nabc", .closed),
        ("x99 OK wrong tag\r\n", .protocolViolation),
        ("A001 OK libcurl's tag\r\n", .protocolViolation),
        ("+ more\r\n", .protocolViolation),
        ("HTTP/1.1 400 Bad Request\r\n\r\n", .protocolViolation),
        ("* LIST () NIL {2147483647}\r\n", .tooLarge),
        ("* LIST () NIL {99999999999999999999}\r\n", .tooLarge),
    ])
    func badAnswersEndTheSession(_ answer: String, _ code: TransportError.Code) async throws {
        let server = try Self.server { peer in
            _ = peer.line()
            peer.write(answer)
        }
        let session = try await open(server)
        let error = await transportError { try await session.list() }
        #expect(error?.code == code)
        #expect(error?.step == "LIST")
        let later = await transportError { try await session.noop() }
        #expect(later?.code == .closed)
    }

    @Test func refusalsLeaveTheSession() async throws {
        let server = try Self.server { peer in
            while let line = peer.line(), let tag = line.split(separator: " ").first {
                peer.write("* OK unasked\r\n* 3 EXPUNGE\r\n\(tag) \(line.hasSuffix("NOOP") ? "OK" : "BAD what?")\r\n")
            }
        }
        let session = try await open(server)
        let error = await transportError { try await session.create("a") }
        #expect(error?.code == .refused && error?.isRetryable == false)
        try await session.noop()
    }

    @Test func aSilentServerTimesOut() async throws {
        let server = try Self.server { $0.drain() }
        let session = try await open(server, timeout: .milliseconds(300))
        let start = ContinuousClock.now
        let error = await transportError { try await session.noop() }
        #expect(error?.code == .timeout && error?.isRetryable == true && error?.step == "NOOP")
        #expect((.milliseconds(290)...(.seconds(20))).contains(.now - start))
    }

    /// The time-out is one of silence: a slow server that keeps talking is waited for.
    @Test func aSlowServerIsWaitedFor() async throws {
        let server = try Self.server { peer in
            guard let tag = peer.line()?.split(separator: " ").first else { return }
            for _ in 0..<8 {
                peer.write("* OK still here\r\n")
                peer.sleep(0.1)
            }
            peer.write("\(tag) OK\r\n")
        }
        try await open(server, timeout: .milliseconds(400)).noop()
    }

    @Test func batchesAreAnsweredInAnyOrder() async throws {
        let server = try Self.server { peer in
            guard let sizes = peer.line()?.split(separator: " ").first else { return }
            for uid in 1...4 { peer.write("* \(uid) FETCH (UID \(uid) RFC822.SIZE 2)\r\n") }
            peer.write("\(sizes) OK\r\n")
            // Two commands are under way before the first is answered; the second is answered first.
            for _ in 0..<2 {
                guard let first = peer.line(), let second = peer.line() else { return }
                for line in [second, first] {
                    let words = line.split(separator: " ")
                    peer.write("* 9 FETCH (FLAGS (\\Seen))\r\n")
                    peer.write("* 7 FETCH (BODY[] {2}\r\nm\(words[3]) RFC822.SIZE 2 FLAGS () UID \(words[3]))\r\n")
                    peer.write("\(words[0]) OK\r\n")
                }
            }
            peer.drain()
        }
        let fetched = Collector()
        let session = try await open(server)
        try await session.fetch([1, 2, 3, 4], maximumMessageBytes: 100, batch: FetchBatch(messages: 1)) {
            fetched.add($0)
        }
        #expect(fetched.messages.map(\.uid) == [2, 1, 4, 3])
        #expect(fetched.messages.map { String(decoding: $0.bytes, as: UTF8.self) } == ["m2", "m1", "m4", "m3"])
    }

    @Test func unaskedMessagesAndRepeatsAreDropped() async throws {
        let server = try Self.server { peer in
            guard let sizes = peer.line()?.split(separator: " ").first else { return }
            peer.write("* 1 FETCH (UID 1 RFC822.SIZE 2)\r\n\(sizes) OK\r\n")
            guard let tag = peer.line()?.split(separator: " ").first else { return }
            for uid in [1, 1, 5] { peer.write("* 1 FETCH (UID \(uid) BODY[] \"ab\")\r\n") }
            peer.write("\(tag) NO [EXPUNGEISSUED] gone\r\n")
            peer.drain()
        }
        let fetched = Collector()
        try await open(server).fetch([1], maximumMessageBytes: 100) { fetched.add($0) }
        #expect(fetched.messages.map(\.uid) == [1])
    }

    /// Announced as two bytes, sent as a gigabyte.
    @Test func aServerThatLiesAboutSizesIsStopped() async throws {
        let server = try Self.server { peer in
            guard let sizes = peer.line()?.split(separator: " ").first else { return }
            peer.write("* 1 FETCH (UID 1 RFC822.SIZE 2)\r\n\(sizes) OK\r\n")
            _ = peer.line()
            peer.write("* 1 FETCH (UID 1 BODY[] {1073741824}\r\n")
            peer.drain()
        }
        let session = try await open(server)
        let error = await transportError {
            try await session.fetch([1], maximumMessageBytes: 100) { _ in Issue.record("delivered") }
        }
        #expect(error?.code == .tooLarge)
    }

    @Test func literalsWaitForTheServer() async throws {
        let server = try Self.server { peer in
            guard let line = peer.line(), let tag = line.split(separator: " ").first else { return }
            peer.write("* 4 EXISTS\r\n")
            peer.sleep(0.1)
            peer.write("+ go on\r\n")
            _ = peer.bytes(5)
            _ = peer.line()
            peer.write("\(tag) OK [APPENDUID 7 42] done\r\n")
            guard let second = peer.line(), let tag = second.split(separator: " ").first else { return }
            peer.write("\(tag) NO [OVERQUOTA] full\r\n")
            guard let third = peer.line(), let tag = third.split(separator: " ").first else { return }
            peer.write("\(tag) OK\r\n")
            peer.drain()
        }
        let session = try await open(server)
        #expect(try await session.append(to: "INBOX", bytes: Array("hello".utf8)) == 42)
        let error = await transportError { try await session.append(to: "INBOX", bytes: Array("again".utf8)) }
        #expect(error?.responseCode == "OVERQUOTA")
        // A refused literal is not sent.
        try await session.noop()
        #expect(server.received.filter { $0 == "hello" || $0 == "again" } == ["hello"])
        #expect(server.received.contains { $0.hasSuffix("APPEND \"INBOX\" {5}") })
    }

    /// New mail, expunged mail and changed flags are told between the messages that were asked for, and inside no literal.
    @Test func whatHappensMeanwhileDoesNotDisturbAFetch() async throws {
        let text = "a\0b\r\n* 9 EXPUNGE\r\nx2 OK forged\r\n"
        let server = try Self.server { peer in
            guard let sizes = peer.line()?.split(separator: " ").first else { return }
            peer.write("* 4 EXISTS\r\n* 1 FETCH (UID 1 RFC822.SIZE 2)\r\n* 2 FETCH (UID 2 RFC822.SIZE 2)\r\n")
            peer.write("* 2 EXPUNGE\r\n* 3 FETCH (UID 4 RFC822.SIZE 2)\r\n\(sizes) OK\r\n")
            guard let tag = peer.line()?.split(separator: " ").first else { return }
            peer.write("* 1 FETCH (FLAGS (\\Seen) UID 1 BODY[] {\(text.utf8.count)}\r\n\(text))\r\n")
            peer.write("* 5 EXISTS\r\n* 1 RECENT\r\n* 1 EXPUNGE\r\n* FLAGS (\\Seen)\r\n* OK [HIGHESTMODSEQ 7]\r\n")
            // A message nobody asked for, one with its number only, and one that lost its text.
            peer.write("* 2 FETCH (UID 99 BODY[] {3}\r\nabc)\r\n* 3 FETCH (BODY[] \"x\")\r\n")
            peer.write("* 2 FETCH (BODY[] NIL UID 4)\r\n\(tag) OK\r\n")
            guard let noop = peer.line()?.split(separator: " ").first else { return }
            peer.write("\(noop) OK\r\n")
            peer.drain()
        }
        let fetched = Collector()
        let session = try await open(server)
        try await session.fetch([1, 2, 4], maximumMessageBytes: 100) { fetched.add($0) }
        #expect(fetched.messages.map(\.uid) == [1, 4])
        #expect(fetched.messages.map { String(decoding: $0.bytes, as: UTF8.self) } == [text, ""])
        try await session.noop()
    }

    /// A line of thirty bytes can name millions of UIDs; a thousand such lines are not believed.
    @Test func aSearchResultWithoutEndIsRefused() async throws {
        let server = try Self.server(capabilities: "IMAP4rev1 ESEARCH") { peer in
            guard let tag = peer.line()?.split(separator: " ").first else { return }
            for _ in 0..<1000 { peer.write("* ESEARCH UID ALL 1:4000000\r\n") }
            peer.write("\(tag) OK\r\n")
            peer.drain()
        }
        let session = try await open(server)
        let error = await transportError { try await session.search(.all) }
        #expect(error?.code == .protocolViolation)
    }

    @Test func aLineWithoutEndIsRefused() async throws {
        let server = try Self.server { peer in
            _ = peer.line()
            let piece = "* LIST " + String(repeating: "a", count: 1 << 20)
            for _ in 0..<20 { peer.write(piece) }
            peer.drain()
        }
        let session = try await open(server)
        let error = await transportError { try await session.list() }
        #expect(error?.code == .tooLarge && error?.isRetryable == false)
        #expect(await transportError { try await session.noop() }?.code == .closed)
    }

    /// The server announces a gigabyte and sends nothing: nothing is set aside for it, and nothing waited for.
    @Test func aHugeAnnouncementCostsNothing() async throws {
        for announcement in ["{2147483648}", "{1073741824}", "~{4294967296}"] {
            let server = try Self.server { peer in
                _ = peer.line()
                peer.write("* 1 FETCH (UID 1 RFC822.SIZE 2 BODY[] \(announcement)\r\n")
                peer.drain()
            }
            let session = try await open(server, timeout: .seconds(30))
            let before = Self.residentBytes
            let start = ContinuousClock.now
            let error = await transportError { try await session.fetch([1], maximumMessageBytes: 1 << 20) { _ in } }
            #expect(error?.code == .tooLarge)
            #expect(.now - start < .seconds(10))
            #expect(Self.residentBytes - before < 256 << 20)
        }
    }

    /// Of this process, from the kernel.
    private static var residentBytes: Int {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4096 : 0
    }

    /// When libcurl makes a connection, it closes kept ones that are idle or have something to read. Ours is neither kept nor
    /// idle, it only looks like it.
    @Test func otherTransfersDoNotCloseASession() async throws {
        let server = try Self.server { peer in
            peer.write("* 1 EXISTS\r\n")  // unasked: to libcurl's eyes a reason to close
            while let tag = peer.line()?.split(separator: " ").first { peer.write("\(tag) OK\r\n") }
        }
        let session = try await open(server)
        for _ in 0..<3 {
            try await Task.sleep(for: .milliseconds(700))
            let web = try HTTPTests.echo()
            _ = try await agent.perform(HTTPRequest(url: "http://127.0.0.1:\(web.port)/"))
        }
        try await session.noop()
        #expect(server.connections == 1)
    }

    @Test func manySessionsAndRequestsShareTheThread() async throws {
        let web = try HTTPTests.echo()
        let server = try Self.server { peer in
            while let tag = peer.line()?.split(separator: " ").first { peer.write("\(tag) OK\r\n") }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let session = try await open(server)
                    for _ in 0..<20 { try await session.noop() }
                    await session.logout()
                }
                group.addTask {
                    let url = "http://127.0.0.1:\(web.port)/\(number)"
                    for _ in 0..<5 {
                        let response = try await agent.perform(HTTPRequest(url: url))
                        #expect(response.status == 200)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(server.connections == 20)
    }
}
