import Foundation
import TestServers
import Testing
import Transport

@testable import SupportDesk

/// Access by OAuth 2: what stands in `desk.yaml`, and what the ledger keeps.
@Suite("Credentials")
struct CredentialTests {
    private func client(_ token: String = "configured", id: String = "desk") throws -> OAuthClient {
        try OAuthClient(tokenURL: "https://login.example/token", clientID: id, refreshToken: token)
    }

    @Test("oauth and a certificate of ours, for imap and smtp")
    func reading() throws {
        let folder = try ScratchFolder()
        try folder.write("refresh", "0/token\n")
        let file = try folder.write(
            "desk.yaml",
            """
            shop: {name: Neem & Clay, address: support@neemandclay.example}
            channels:
              - imap: imaps://imap.example
                user: desk
                oauth:
                  token_url: https://login.example/token
                  client_id: a
                  client_secret: {command: [printf, hush]}
                  refresh_token: {file: refresh}
                  scope: mail offline
                client_certificate: desk.pem
                client_key: desk.key
            carrier:
              smtp: smtp://smtp.example
              user: desk
              oauth: {token_url: https://login.example/token, client_id: a, refresh_token: {file: refresh}}
            tickets: {folder: tickets}
            state: state
            """)
        let configuration = try DeskConfiguration(file: file)
        guard case .imap(let imap, _, _) = configuration.channels[0].source,
            case .smtp(let smtp, _) = configuration.carrier,
            case .oauth("desk", let client) = imap.credentials, case .oauth("desk", let other) = smtp.credentials
        else {
            Issue.record("of another kind")
            return
        }
        #expect(client.tokenURL == "https://login.example/token" && client.clientID == "a")
        #expect(client.clientSecret == "hush" && client.refreshToken == "0/token" && client.scope == "mail offline")
        #expect(other.clientSecret == nil && other.scope == nil)
        let certificate = ClientCertificate(file: "\(folder.path)/desk.pem", keyFile: "\(folder.path)/desk.key")
        #expect(imap.clientCertificate == certificate && smtp.clientCertificate == nil)
    }

    @Test("the newest refresh token is kept sealed, and a newly configured one wins")
    func vault() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/ledger.sqlite"
        var ledger = try await Ledger.test(path: path)
        #expect(try await ledger.refreshTokens.load(client()) == nil)
        try await ledger.refreshTokens.save(client(), "hush-1")
        try await ledger.refreshTokens.save(client(), "hush-2")
        try await ledger.close()
        ledger = try await Ledger.test(path: path)
        #expect(try await ledger.refreshTokens.load(client()) == "hush-2")
        #expect(try await ledger.refreshTokens.load(client("newly configured")) == nil)
        #expect(try await ledger.refreshTokens.load(client(id: "other")) == nil)
        try await ledger.close()
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let bytes = try #require(FileManager.default.contents(atPath: "\(folder.path)/\(file)"))
            #expect(bytes.range(of: Data("hush".utf8)) == nil && bytes.range(of: Data("configured".utf8)) == nil)
        }
    }
}

extension EndToEnd {
    /// A provider that takes each refresh token once.
    @Suite("OAuth", .serialized)
    struct OAuth {
        /// The only refresh token that is good now is the last one it gave.
        private static func provider() throws -> ScriptedHTTPServer {
            let given = Given()
            return try ScriptedHTTPServer { request in
                if request.target.hasPrefix("/tokeninfo") {
                    return request.target.contains("access_token=access-")
                        ? .text("{\"username\": \"desk\"}") : .text("{\"error\": \"invalid_token\"}", status: 400)
                }
                guard let number = given.next(String(decoding: request.body, as: UTF8.self)) else {
                    return .text("{\"error\": \"invalid_grant\"}", status: 400)
                }
                return .text(
                    "{\"access_token\": \"access-\(number)\", \"expires_in\": 3600, \"refresh_token\": \"r-\(number)\"}"
                )
            }
        }

        private final class Given: @unchecked Sendable {  // `lock` guards it.
            private let lock = NSLock()
            private var number = 0

            func next(_ form: String) -> Int? {
                lock.withLock {
                    guard form.contains("refresh_token=r-\(number)&") else { return nil }
                    number += 1
                    return number
                }
            }
        }

        @Test("a replaced refresh token outlives the desk; a void one is said in one line, and a new one mends it")
        func restart() async throws {
            let provider = try Self.provider()
            let dovecot = try await DovecotServer.start(tokeninfoPort: provider.port)
            let mail = try #require(EndToEndDesk.mails().first)
            try dovecot.deliver(mail.bytes, to: "desk", received: EndToEndDesk.now.addingTimeInterval(-1))
            let desk = try await EndToEndDesk(
                """
                channels:
                  - imap: imaps://localhost:\(dovecot.imapsPort)
                    user: desk
                    oauth: {token_url: "\(provider.baseURL)/token", client_id: a, refresh_token: {file: refresh.secret}}
                    ca_file: \(dovecot.caFile)
                    adopt_from: 2026-03-01
                carrier: {maildir: outbox}
                tickets: {folder: tickets}
                """)
            try desk.scratch.write(Array("r-0\n".utf8), to: "refresh.secret")
            var handled = 0
            for _ in 0..<3 {
                let ending = try await desk.program()
                #expect(ending.code == 0, "\(ending.errors)")
                let ledger = try await desk.ledger()
                handled = ledger.messages.count
            }
            #expect(handled == 1)
            #expect(provider.requests.filter { $0.target == "/token" }.count == 3)
            // A token that was never good: the run says so, without it.
            try desk.scratch.write(Array("stolen-hush\n".utf8), to: "refresh.secret")
            let ending = try await desk.program()
            #expect(ending.code == 69, "\(ending.errors)")
            #expect(ending.errorLines.count == 1 && ending.errors.contains("invalid_grant"))
            #expect(!ending.errors.contains("hush") && !ending.errors.contains("r-"))
            // The last one that was given, newly configured.
            try desk.scratch.write(Array("r-3\n".utf8), to: "refresh.secret")
            let mended = try await desk.program()
            #expect(mended.code == 0, "\(mended.errors)")
            await dovecot.stop()
        }
    }
}
