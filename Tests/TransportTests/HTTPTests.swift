import Foundation
import TestServers
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(1)))
struct HTTPTests {
    let agent = TransferAgent()

    func url(_ server: ScriptedServer, _ path: String = "/") -> String { "http://127.0.0.1:\(server.port)\(path)" }

    /// Answers every request with its method, path and body.
    static func echo() throws -> ScriptedServer {
        try ScriptedServer { peer, _ in
            while let request = peer.request() {
                let body = String(decoding: request.body, as: UTF8.self)
                peer.respond(
                    "200 OK", ["X-Type: \(request.headers["content-type"] ?? "-")"], body: request.line + "|" + body)
            }
        }
    }

    @Test func oneConnectionCarriesManyRequests() async throws {
        let server = try Self.echo()
        for number in 1...5 {
            let response = try await agent.perform(HTTPRequest(url: url(server, "/\(number)")))
            #expect(response.status == 200)
            #expect(String(decoding: response.body, as: UTF8.self) == "GET /\(number) HTTP/1.1|")
        }
        #expect(server.connections == 1)
    }

    @Test func methodHeadersAndBodyGoOutAsGiven() async throws {
        let server = try Self.echo()
        let body = Array("naïve\0body".utf8)
        let request = HTTPRequest(
            method: "POST", url: url(server), headers: [("Content-Type", "text/plain"), ("X-Empty", "")], body: body)
        let response = try await agent.perform(request)
        #expect(response.body == Array("POST / HTTP/1.1|".utf8) + body)
        #expect(response.header("x-type") == "text/plain")
        #expect(server.received.contains("X-Empty:"))
        #expect(server.received.contains("User-Agent: AuraDesk"))
        #expect(!server.received.contains { $0.hasPrefix("Expect") })
    }

    @Test func bodyWithoutTypeIsNotCalledAForm() async throws {
        let server = try Self.echo()
        let response = try await agent.perform(HTTPRequest(method: "PUT", url: url(server), body: []))
        #expect(response.header("X-Type") == "-")
        #expect(response.body == Array("PUT / HTTP/1.1|".utf8))
    }

    @Test func everyStatusIsAValue() async throws {
        let server = try ScriptedServer { peer, _ in
            while let request = peer.request() { peer.respond(request.line.contains("500") ? "500 Oops" : "404 No") }
        }
        #expect(try await agent.perform(HTTPRequest(url: url(server, "/500"))).status == 500)
        #expect(try await agent.perform(HTTPRequest(method: "DELETE", url: url(server))).status == 404)
        #expect(server.received.contains("DELETE / HTTP/1.1"))
    }

    @Test func responseOverTheLimitIsRefused() async throws {
        let server = try ScriptedServer { peer, number in
            guard peer.request() != nil else { return }
            if number == 1 {
                peer.respond("200 OK", body: String(repeating: "x", count: 2000))
            } else {  // no length: only counting helps
                peer.write("HTTP/1.1 200 OK\r\n\r\n")
                for _ in 0..<1000 { peer.write(String(repeating: "x", count: 1000)) }
            }
        }
        for _ in 1...2 {
            var request = HTTPRequest(url: url(server))
            request.maximumResponseBytes = 1999
            let error = await transportError { try await agent.perform(request) }
            #expect(error?.code == .tooLarge)
        }
        #expect(server.connections == 2)
    }

    @Test func timeoutsEndATransfer() async throws {
        let server = try ScriptedServer { peer, number in
            guard peer.request() != nil else { return }
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            // The first stalls after some bytes, the second never stops trickling.
            for _ in 0..<(number == 1 ? 3 : 400) {
                peer.write("x")
                peer.sleep(0.02)
            }
            peer.drain()
        }
        var idle = HTTPRequest(url: url(server))
        idle.idleTimeout = .milliseconds(300)
        let start = ContinuousClock.now
        var error = await transportError { try await agent.perform(idle) }
        #expect(error?.code == .timeout)
        #expect(error?.isRetryable == true)
        #expect((.milliseconds(290)...(.seconds(20))).contains(.now - start))

        var total = HTTPRequest(url: url(server))
        total.idleTimeout = .milliseconds(300)
        total.timeout = .milliseconds(700)
        let second = ContinuousClock.now
        error = await transportError { try await agent.perform(total) }
        #expect(error?.code == .timeout)
        #expect((.milliseconds(650)...(.seconds(20))).contains(.now - second))
    }

    @Test func nobodyListeningIsAConnectError() async throws {
        let server = try Self.echo()
        let port = server.port
        _ = consume server
        let error = await transportError {
            try await agent.perform(HTTPRequest(url: "http://localhost:\(port)/secret-path"))
        }
        #expect(error?.code == .connect)
        #expect(error?.host == "localhost:\(port)")
        #expect(error?.description.contains("secret-path") == false)
    }

    @Test func cancellingEndsATransfer() async throws {
        let server = try ScriptedServer { peer, _ in
            _ = peer.request()
            peer.drain()
        }
        let task = Task { [agent, url = url(server)] in try await agent.perform(HTTPRequest(url: url)) }
        while server.received.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        let start = ContinuousClock.now
        let error = await transportError { try await task.value }
        #expect(error?.code == .cancelled)
        #expect(.now - start < .seconds(20))
    }

    /// The cancellation is posted before the start.
    @Test func cancellingBeforeTheStartWins() async throws {
        let server = try ScriptedServer { peer, _ in peer.drain() }
        for _ in 0..<50 {
            let task = Task { [agent, url = url(server)] in
                withUnsafeCurrentTask { $0?.cancel() }
                return try await agent.perform(HTTPRequest(url: url))
            }
            let error = await transportError { try await task.value }
            #expect(error?.code == .cancelled)
        }
        #expect(server.connections == 0)
    }

    @Test func cancellingAtAnyMomentNeverHangs() async throws {
        let server = try Self.echo()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask { [agent, url = url(server)] in
                    let task = Task { try? await agent.perform(HTTPRequest(url: url)).status }
                    if number % 3 > 0 {
                        try? await Task.sleep(for: .microseconds(number * 7 % 900))
                        task.cancel()
                    }
                    let status = await task.value
                    if number % 3 == 0 { #expect(status == 200) }
                }
            }
        }
    }

    /// A kept connection that the server closes just when the next request comes: libcurl repeats that request.
    @Test(arguments: [("GET", nil), ("POST", nil), ("POST", true), ("PUT", false)] as [(String, Bool?)])
    func onlyRepeatableRequestsAreRepeated(_ method: String, _ isRepeatable: Bool?) async throws {
        let server = try ScriptedServer { peer, number in
            guard let first = peer.request() else { return }
            if first.line.hasPrefix("GET") { peer.respond("200 OK") }
            // The first connection reads a second request and closes; the others close after theirs.
            if number == 1 { _ = peer.request() }
        }
        #expect(try await agent.perform(HTTPRequest(url: url(server, "/first"))).status == 200)
        var request = HTTPRequest(method: method, url: url(server, "/second"), body: method == "GET" ? nil : [1])
        request.isRepeatable = isRepeatable
        let result = try? await agent.perform(request)
        let repeats = server.received.filter { $0.hasSuffix("/second HTTP/1.1") }.count
        let isAllowed = isRepeatable ?? (method == "GET")
        #expect(repeats == (isAllowed ? 2 : 1))
        #expect((result != nil) == (method == "GET"))
    }

    @Test func aSilentTLSPeerIsTimedOut() async throws {
        let server = try ScriptedServer { peer, _ in peer.drain() }
        var request = HTTPRequest(url: "https://127.0.0.1:\(server.port)/")
        request.connectTimeout = .milliseconds(300)
        let start = ContinuousClock.now
        let error = await transportError { try await agent.perform(request) }
        #expect(error?.code == .timeout)
        #expect((.milliseconds(250)...(.seconds(8))).contains(.now - start))
    }

    @Test func certificatesAreChecked() async throws {
        // An IMAP server, but its certificate is as good as any.
        let dovecot = try await DovecotServer.shared()
        var request = HTTPRequest(url: "https://localhost:\(dovecot.imapsPort)/")
        var error = await transportError { try await agent.perform(request) }
        #expect(error?.code == .tls)
        request.caFile = dovecot.caFile
        error = await transportError { try await agent.perform(request) }
        #expect(error?.code == .protocolViolation)
        request.caFile = "/nowhere"
        error = await transportError { try await agent.perform(request) }
        #expect(error?.code == .tls)
    }

    @Test func printingShowsNoSecrets() {
        let request = HTTPRequest(
            url: "https://a.example/path-secret", headers: [("X", "secret")], body: Array("secret".utf8))
        let credentials = MailEndpoint.Credentials.password(user: "secret", password: "secret")
        let endpoint = MailEndpoint(
            service: .imap, host: "a.example", port: 993, security: .implicitTLS, credentials: credentials)
        for text in ["\(request)", String(reflecting: request), "\(endpoint)", String(reflecting: endpoint)] {
            #expect(!text.contains("secret") && text.contains("a.example"))
        }
    }

    @Test func shutdownFailsWhatIsUnderWayAndWhatComesLater() async throws {
        let server = try ScriptedServer { peer, _ in
            _ = peer.request()
            peer.drain()
        }
        let agent = TransferAgent()
        let task = Task { [url = url(server)] in try await agent.perform(HTTPRequest(url: url)) }
        while server.received.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        await agent.shutdown()
        var error = await transportError { try await task.value }
        #expect(error?.code == .closed)
        error = await transportError { try await agent.perform(HTTPRequest(url: url(server))) }
        #expect(error?.code == .closed)
        await agent.shutdown()
    }

    @Test(arguments: [
        "ftp://127.0.0.1/", "file:///etc/passwd", "http://example.com/", "http://127.0.0.1.example.com/",
        "https://user:secret@localhost/", "localhost", "http://", "https://exa mple/", "http://128.0.0.1/", "",
    ])
    func urlsThatAreNotAskedFor(_ url: String) async {
        let error = await transportError { try await agent.perform(HTTPRequest(url: url)) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.description.contains("secret") == false)
    }

    @Test func headersCannotInjectLines() async throws {
        let server = try Self.echo()
        let wrong: [(name: String, value: String)] = [
            ("X", "a\r\nY: b"), ("X", "a\nb"), ("X\r\nY", "a"), ("X Y", "a"), ("", "a"), ("X:", "a"), ("X", "a\0b"),
        ]
        for header in wrong {
            let error = await transportError {
                try await agent.perform(HTTPRequest(url: url(server), headers: [header]))
            }
            #expect(error?.code == .invalidArgument)
        }
        let error = await transportError {
            try await agent.perform(HTTPRequest(method: "GET / HTTP/1.1\r\nX:", url: url(server)))
        }
        #expect(error?.code == .invalidArgument)
        #expect(server.connections == 0)
    }
}
