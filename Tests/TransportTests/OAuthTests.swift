import Foundation
import TestServers
import Testing

@testable import Transport

/// Access tokens from refresh tokens, and logging in with them.
@Suite(.timeLimit(.minutes(1)))
struct OAuthTests {
    let tokens: TokenEndpoint
    let kept = MemoryVault()
    let agent: TransferAgent

    init() throws {
        tokens = try TokenEndpoint()
        agent = TransferAgent(configuration: .init(refreshTokens: kept.vault))
    }

    private func token(_ client: OAuthClient? = nil, insteadOf refused: String? = nil) async throws -> String {
        try await agent.tokenSource(of: client ?? tokens.client()).token(from: agent, insteadOf: refused)
    }

    @Test func oneTokenIsSharedAndKept() async throws {
        tokens.state.withLock { $0.delay = 0.2 }
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 { group.addTask { try await token() } }
            for try await token in group { #expect(token == "access-secret-1") }
        }
        #expect(try await token() == "access-secret-1")
        #expect(
            tokens.requests == [
                "grant_type=refresh_token&refresh_token=refresh-secret-0&client_id=desk%2B1"
                    + "&client_secret=client%20secret&scope=https%3A%2F%2Fmail.example%2F%20offline"
            ])
    }

    @Test(arguments: ["0", "1", "\"1\""])
    func anExpiredTokenIsRenewed(_ lifetime: String) async throws {
        tokens.state.withLock { $0.lifetime = lifetime }
        #expect(try await token() == "access-secret-1")
        try await Task.sleep(for: .milliseconds(600))
        #expect(try await token() == "access-secret-2")
    }

    @Test(arguments: ["\"3599\"", "3599.5", "1e30", "null"])
    func lifetimesOfAllKindsAreUnderstood(_ lifetime: String) async throws {
        tokens.state.withLock { $0.lifetime = lifetime }
        for _ in 0..<2 { #expect(try await token() == "access-secret-1") }
    }

    @Test func aRefusedTokenIsReplacedOnceForAll() async throws {
        #expect(try await token() == "access-secret-1")
        #expect(try await token(insteadOf: "access-secret-1") == "access-secret-2")
        // Somebody who comes late with the same refusal gets the new one.
        #expect(try await token(insteadOf: "access-secret-1") == "access-secret-2")
        #expect(tokens.requests.count == 2)
    }

    @Test func aReplacedRefreshTokenIsSavedBeforeItIsUsed() async throws {
        tokens.state.withLock { $0.rotates = true }
        kept.fails(true)
        for _ in 0..<2 {
            let error = await transportError { try await token() }
            #expect(error?.message == "the new refresh token could not be stored" && error?.isRetryable == true)
        }
        // The first is void at the server, the second not safe yet: it was not used.
        #expect(tokens.requests.count == 1)
        kept.fails(false)
        #expect(try await token() == "access-secret-2")
        #expect(kept.saved == ["refresh-secret-1", "refresh-secret-2"])
        // Another process, which knows the configured token and the vault only.
        let other = TransferAgent(configuration: .init(refreshTokens: kept.vault))
        #expect(try await other.tokenSource(of: tokens.client()).token(from: other) == "access-secret-3")
        // And then the first one again, whose own token has been used up by the other.
        #expect(try await token(insteadOf: "access-secret-2") == "access-secret-4")
        #expect(kept.saved.last == "refresh-secret-4")
    }

    @Test(arguments: [
        (
            "400 Bad Request", "{\"error\": \"invalid_grant\", \"error_description\": \"secret\"}", "(invalid_grant)",
            false
        ),
        ("401 Unauthorized", "{\"error\": \"invalid_client\"}", "(invalid_client)", false),
        ("400 Bad Request", "{\"error\": \"secret\"}", "(HTTP 400)", false),
        ("403 Forbidden", "secret", "(HTTP 403)", false),
        ("503 Unavailable", "<html>secret", "(HTTP 503)", true), ("429 Slow down", "", "(HTTP 429)", true),
        ("200 OK", "secret", "no usable token", false), ("200 OK", "{}", "no usable token", false),
        ("200 OK", "{\"access_token\": \"\"}", "no usable token", false),
        ("200 OK", "{\"access_token\": \"secret\\r\\nX: y\"}", "no usable token", false),
        ("200 OK", "{\"access_token\": \"secret\\u0001auth\"}", "no usable token", false),
        ("200 OK", "{\"access_token\": \"a\", \"refresh_token\": \"b c\"}", "no usable token", false),
    ])
    func refusalsAreNamedWithoutSecrets(
        _ status: String, _ body: String, _ message: String, _ isRetryable: Bool
    ) async throws {
        tokens.state.withLock { $0.answers = [(status, body)] }
        let error = await transportError { try await token() }
        #expect(error?.message.hasSuffix(message) == true && error?.isRetryable == isRetryable)
        #expect(error?.step == "OAuth" && error.map { "\($0)".contains("secret") } == false)
        #expect(kept.saved.isEmpty)
        // The next attempt is a new one.
        #expect(try await token() == "access-secret-1")
    }

    @Test(arguments: [
        "http://login.example/token", "imaps://login.example", "https://u:secret@login.example", "", "token",
    ])
    func otherEndpointsAreRefused(_ url: String) throws {
        let error = #expect(throws: TransportError.self) {
            try OAuthClient(tokenURL: url, clientID: "a", refreshToken: "secret")
        }
        #expect(error?.code == .invalidArgument && error?.description.contains("secret") == false)
        let client = try tokens.client()
        for text in ["\(client)", "\(MailEndpoint.Credentials.oauth(user: "u", client: client))"] {
            #expect(!text.contains("secret"))
        }
    }

    @Test(arguments: [MailEndpoint.Security.implicitTLS, .startTLS])
    func dovecotTakesTheTokens(_ security: MailEndpoint.Security) async throws {
        let dovecot = try await DovecotServer.start(tokeninfoPort: tokens.port)
        var endpoint = IMAPSessionTests().endpoint(dovecot, "desk", security)
        endpoint.credentials = .oauth(user: "desk", client: try tokens.client())
        for _ in 0..<2 {
            let session = try await agent.openIMAP(endpoint)
            #expect(try await session.select("INBOX").exists == 0)
        }
        #expect(tokens.requests.count == 1)
        // Withdrawn before its time: one refresh, one more try.
        tokens.state.withLock { $0.withdrawn = ["access-secret-1"] }
        _ = try await agent.openIMAP(endpoint)
        #expect(tokens.requests.count == 2)
        // A login that is refused whatever the token: again one refresh and one try, and no more.
        tokens.state.withLock { $0.withdrawn = ["access-secret-2", "access-secret-3", "access-secret-4"] }
        let error = await transportError { [endpoint] in try await agent.openIMAP(endpoint) }
        #expect(error?.code == .authentication && error?.step == "login" && error?.isRetryable == false)
        #expect(tokens.requests.count == 3)
        #expect(error.map { "\($0)".contains("secret") } == false)
        await dovecot.stop()
    }

    /// The same at a submission server.
    @Test func anSMTPServerTakesTheTokens() async throws {
        let server = try ScriptedServer { peer, _ in
            peer.write("220 scripted\r\n")
            while let line = peer.line() {
                switch line.prefix(4).uppercased() {
                case "EHLO": peer.write("250-scripted\r\n250 AUTH XOAUTH2\r\n")
                case "AUTH":
                    let sent = line.split(separator: " ").last.flatMap { Data(base64Encoded: String($0)) } ?? Data()
                    let isGood = String(decoding: sent, as: UTF8.self).contains("Bearer access-secret-2\u{1}")
                    peer.write(isGood ? "235 ok\r\n" : "535 5.7.8 no\r\n")
                default: peer.write("250 ok\r\n")
                }
            }
        }
        let endpoint = MailEndpoint(
            service: .smtp, host: "127.0.0.1", port: server.port, security: .none,
            credentials: .oauth(user: "desk", client: try tokens.client()))
        let session = try await agent.openSMTP(endpoint)
        await session.quit()
        #expect(tokens.requests.count == 2)
        #expect(server.connections == 2)
    }
}
