import Foundation

@testable import Transport

/// An authorization server on a loopback port: gives access tokens for refresh tokens, and tells Dovecot which are good.
final class TokenEndpoint: Sendable {
    struct State {
        /// The refresh token that is good now.
        var refreshToken = "refresh-secret-0"
        /// Whether each use makes the next one.
        var rotates = false
        /// Answers the next requests for a token in place of the real ones.
        var answers: [(status: String, body: String)] = []
        /// Access tokens that are refused although they were given.
        var withdrawn: Set<String> = []
        var lifetime = "3600"
        var delay = 0.0
        fileprivate(set) var given = 0
        /// The bodies of the requests for a token.
        fileprivate(set) var requests: [String] = []
    }

    let state = LockedBox(State())
    private let server: ScriptedServer

    init() throws {
        server = try ScriptedServer { [state] peer, _ in
            while let request = peer.request() {
                guard request.line.hasPrefix("POST /token ") else {
                    let token = request.line.split { "=& ".contains($0) }.dropFirst(2).first.map(String.init) ?? ""
                    let isGood = state.withLock { Self.isGood(token, $0) }
                    peer.respond(
                        isGood ? "200 OK" : "400 Bad Request", ["Content-Type: application/json"],
                        body: isGood ? "{\"username\": \"desk\"}" : "{\"error\": \"invalid_token\"}")
                    continue
                }
                peer.sleep(state.withLock { $0.delay })
                let (status, body) = state.withLock { Self.answer(String(decoding: request.body, as: UTF8.self), &$0) }
                peer.respond(status, ["Content-Type: application/json"], body: body)
            }
        }
    }

    var port: Int { server.port }
    var requests: [String] { state.withLock { $0.requests } }

    func client(refreshToken: String = "refresh-secret-0") throws -> OAuthClient {
        try OAuthClient(
            tokenURL: "http://127.0.0.1:\(port)/token", clientID: "desk+1", clientSecret: "client secret",
            refreshToken: refreshToken, scope: "https://mail.example/ offline")
    }

    private static func isGood(_ token: String, _ state: State) -> Bool {
        token.hasPrefix("access-secret-") && !state.withdrawn.contains(token)
    }

    private static func answer(_ form: String, _ state: inout State) -> (String, String) {
        state.requests.append(form)
        if !state.answers.isEmpty {
            let next = state.answers.removeFirst()
            return (next.status, next.body)
        }
        guard form.contains("refresh_token=\(state.refreshToken)&") else {
            return ("400 Bad Request", "{\"error\": \"invalid_grant\", \"error_description\": \"secret\"}")
        }
        state.given += 1
        var rotated = ""
        if state.rotates {
            state.refreshToken = "refresh-secret-\(state.given)"
            rotated = ", \"refresh_token\": \"\(state.refreshToken)\""
        }
        let token = "access-secret-\(state.given)"
        let body =
            "{\"access_token\": \"\(token)\", \"token_type\": \"Bearer\", \"expires_in\": \(state.lifetime)\(rotated)}"
        return ("200 OK", body)
    }
}

/// A vault in memory that can refuse to save, and remembers in which order things were saved.
final class MemoryVault: Sendable {
    private let box = LockedBox((saved: [String](), fails: false))

    var saved: [String] { box.withLock { $0.saved } }

    func fails(_ fails: Bool) { box.withLock { $0.fails = fails } }

    func put(_ token: String) { box.withLock { $0.saved.append(token) } }

    var vault: RefreshTokenVault {
        RefreshTokenVault(
            load: { [box] _ in box.withLock { $0.saved.last } },
            save: { [box] _, token in
                try box.withLock { state in
                    if state.fails { throw POSIXError(.ENOSPC) }
                    state.saved.append(token)
                }
            })
    }
}
