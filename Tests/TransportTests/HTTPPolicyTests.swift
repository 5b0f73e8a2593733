import Foundation
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(1)))
struct HTTPPolicyTests {
    let agent = TransferAgent()

    static func redirecting(to location: @escaping @Sendable () -> String, _ status: String) throws -> ScriptedServer {
        try ScriptedServer { peer, _ in
            while let request = peer.request() {
                if request.line.contains("/start") {
                    peer.respond(status, ["Location: \(location())"])
                } else {
                    peer.respond("200 OK", body: request.line)
                }
            }
        }
    }

    func request(_ port: Int, method: String = "GET", body: [UInt8]? = nil) -> HTTPRequest {
        var request = HTTPRequest(
            method: method, url: "http://127.0.0.1:\(port)/start",
            headers: [("Authorization", "Bearer key"), ("X-Api-Key", "key"), ("Accept", "text/plain")], body: body)
        request.followsRedirects = true
        return request
    }

    @Test func redirectsAreValuesUnlessAskedFor() async throws {
        let server = try Self.redirecting(to: { "/end" }, "302 Found")
        var request = request(server.port)
        request.followsRedirects = false
        let response = try await agent.perform(request)
        #expect(response.status == 302)
        #expect(response.header("location") == "/end")
    }

    @Test func sameOriginKeepsCredentials() async throws {
        let server = try Self.redirecting(to: { "/end" }, "302 Found")
        let response = try await agent.perform(request(server.port, method: "POST", body: [1, 2]))
        #expect(String(decoding: response.body, as: UTF8.self) == "GET /end HTTP/1.1")
        #expect(server.received.filter { $0 == "Authorization: Bearer key" }.count == 2)
    }

    @Test func anotherHostGetsNoCredentials() async throws {
        let other = try HTTPTests.echo()
        let port = other.port
        let server = try Self.redirecting(to: { "http://localhost:\(port)/end" }, "307 Temporary Redirect")
        let response = try await agent.perform(request(server.port))
        #expect(response.status == 200)
        #expect(other.received.contains("Accept: text/plain"))
        #expect(!other.received.contains { $0.contains("key") })
        // Nor does it get a body.
        let posted = try await agent.perform(request(server.port, method: "POST", body: [1]))
        #expect(posted.status == 307)
        #expect(!other.received.contains { $0.hasPrefix("POST") })
    }

    @Test(arguments: ["ftp://127.0.0.1/x", "file:///etc/passwd", "http://example.com/", "gopher://localhost/"])
    func redirectsElsewhereAreNotFollowed(_ location: String) async throws {
        let server = try Self.redirecting(to: { location }, "302 Found")
        #expect(try await agent.perform(request(server.port)).status == 302)
    }

    @Test func aLoopOfRedirectsEnds() async throws {
        let server = try Self.redirecting(to: { "/start" }, "302 Found")
        #expect(try await agent.perform(request(server.port)).status == 302)
        #expect(server.received.filter { $0.hasPrefix("GET") }.count == 6)
    }

    @Test func proxyInTheEnvironmentIsIgnored() async throws {
        let proxy = try HTTPTests.echo()
        for name in ["http_proxy", "all_proxy", "HTTPS_PROXY"] { setenv(name, "http://127.0.0.1:\(proxy.port)", 1) }
        defer { for name in ["http_proxy", "all_proxy", "HTTPS_PROXY"] { unsetenv(name) } }
        let server = try HTTPTests.echo()
        let response = try await agent.perform(HTTPRequest(url: "http://127.0.0.1:\(server.port)/direct"))
        #expect(String(decoding: response.body, as: UTF8.self) == "GET /direct HTTP/1.1|")
        #expect(proxy.connections == 0)
    }

    @Test func configuredProxyIsUsedExceptForItsExceptions() async throws {
        let proxy = try HTTPTests.echo()
        let server = try HTTPTests.echo()
        let configuration = TransferAgent.Configuration(
            proxy: "http://127.0.0.1:\(proxy.port)", noProxy: ["localhost"])
        let agent = TransferAgent(configuration: configuration)
        let url = "http://127.0.0.1:\(server.port)/x"
        let response = try await agent.perform(HTTPRequest(url: url))
        #expect(String(decoding: response.body, as: UTF8.self) == "GET \(url) HTTP/1.1|")
        #expect(server.connections == 0)
        _ = try await agent.perform(HTTPRequest(url: "http://localhost:\(server.port)/x"))
        #expect(server.connections == 1)
    }

    @Test(arguments: [
        ("7", Duration.seconds(7)), ("0", .zero), (" 12 ", .seconds(12)),
        ("99999999999999999999", .seconds(31_536_000)),
        ("Sun, 06 Nov 1994 08:50:37 GMT", .seconds(60)), ("Sunday, 06-Nov-94 08:50:37 GMT", .seconds(60)),
        ("Sun Nov  6 08:50:37 1994", .seconds(60)), ("Sat, 05 Nov 1994 08:49:37 GMT", .zero),
    ])
    func retryAfterIsReadInAllItsForms(_ value: String, _ expected: Duration) {
        let response = HTTPResponse(status: 429, headers: [("Retry-After", value)])
        #expect(response.retryAfter(now: Date(timeIntervalSince1970: 784_111_777)) == expected)
    }

    @Test(arguments: ["", "soon", "-5", "1.5", "Sun, 06 Nov 1994 25:50:37 GMT", "Sun, 99 Nov 1994 08:50:37 GMT"])
    func retryAfterThatCannotBeReadIsNone(_ value: String) {
        #expect(HTTPResponse(status: 503, headers: [("Retry-After", value)]).retryAfter == nil)
    }

    @Test func retryAfterOfARealAnswer() async throws {
        let server = try ScriptedServer { peer, _ in
            guard peer.request() != nil else { return }
            peer.respond("429 Too Many Requests", ["Retry-After: 3"], body: "{}")
        }
        let response = try await agent.perform(HTTPRequest(url: "http://127.0.0.1:\(server.port)/"))
        #expect(response.status == 429)
        #expect(response.retryAfter == .seconds(3))
    }
}
