import Foundation

/// Access tokens of one client, fetched with its refresh token (RFC 6749 section 6) and kept until shortly before they expire.
/// Whoever asks while a request is under way shares its answer.
actor OAuthTokenSource {
    /// An access token is not used any more when it will expire within this time.
    static let margin = Duration.seconds(60)
    /// For how long a token is used whose server does not say how long it is good for.
    static let unknownLifetime = 300

    typealias Outcome = Result<String, TransportError>

    private let client: OAuthClient
    private let vault: RefreshTokenVault?
    private var access: (token: String, end: ContinuousClock.Instant)?
    private var request: Task<Outcome, Never>?
    /// The refresh token in use; `nil` until the vault was asked.
    private var refreshToken: String?
    /// Whether the vault has not yet taken it. It may not be used before.
    private var isUnsaved = false

    init(_ client: OAuthClient, vault: RefreshTokenVault?) {
        self.client = client
        self.vault = vault
    }

    /// An access token that has not expired and is not `refused`.
    func token(from agent: TransferAgent, insteadOf refused: String? = nil) async throws(TransportError) -> String {
        if let access, access.token != refused, access.end > .now { return access.token }
        let task = request ?? Task { await self.fetch(agent) }
        request = task
        return try await task.value.get()
    }

    private func fetch(_ agent: TransferAgent) async -> Outcome {
        defer { request = nil }
        access = nil
        do throws(TransportError) {
            let token = try await current()
            let answer = try await exchange(token, agent)
            return .success(try await accept(answer))
        } catch {
            return .failure(error)
        }
    }

    /// Sends the refresh token. When it is void, perhaps another process of this desk has a newer one: that is tried once.
    private func exchange(_ token: String, _ agent: TransferAgent) async throws(TransportError) -> HTTPResponse {
        let answer = try await agent.perform(form(token))
        guard answer.status != 200, Self.errorCode(answer) == "invalid_grant" else { return answer }
        refreshToken = nil
        let other = try await current()
        return other == token ? answer : try await agent.perform(form(other))
    }

    private func current() async throws(TransportError) -> String {
        if let refreshToken {
            if isUnsaved { try await save(refreshToken) }
            return refreshToken
        }
        var saved: String?
        do { saved = try await vault?.load(client) } catch {
            throw self.error(.other, "the stored refresh token could not be read", isRetryable: true)
        }
        let token = saved ?? client.refreshToken
        refreshToken = token
        return token
    }

    private func save(_ token: String) async throws(TransportError) {
        do { try await vault?.save(client, token) } catch {
            throw self.error(.other, "the new refresh token could not be stored", isRetryable: true)
        }
        isUnsaved = false
    }

    /// The new access token; before it is used, a new refresh token is saved.
    private func accept(_ answer: HTTPResponse) async throws(TransportError) -> String {
        guard answer.status == 200 else { throw refusal(answer) }
        guard let tokens = try? JSONDecoder().decode(Tokens.self, from: Data(answer.body)),
            Self.isToken(tokens.access_token), tokens.refresh_token.map(Self.isToken) ?? true
        else { throw error(.protocolViolation, "the token endpoint's answer holds no usable token") }
        if let next = tokens.refresh_token, next != refreshToken {
            // Kept here also when the vault does not take it: the old one may be void already.
            refreshToken = next
            isUnsaved = true
            try await save(next)
        }
        let lifetime = Duration.seconds(max(0, min(tokens.expires_in?.seconds ?? Self.unknownLifetime, 86_400)))
        // A token that lives shorter than the margin is used for half its life.
        access = (tokens.access_token, .now + max(lifetime - Self.margin, lifetime / 2))
        return tokens.access_token
    }

    private func form(_ token: String) -> HTTPRequest {
        var fields = [("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", client.clientID)]
        // QUIRK: RFC 6749 section 2.3.1 prefers HTTP Basic; Google and Microsoft document the body, and all take it.
        if let secret = client.clientSecret { fields.append(("client_secret", secret)) }
        if let scope = client.scope { fields.append(("scope", scope)) }
        let body = fields.map { "\($0.0)=\(Self.encoded($0.1))" }.joined(separator: "&")
        var request = HTTPRequest(
            method: "POST", url: client.tokenURL,
            headers: [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")],
            body: Array(body.utf8))
        request.timeout = .seconds(30)
        request.maximumResponseBytes = 256 << 10
        request.caFile = client.caFile
        return request
    }

    /// What went wrong, by the codes of RFC 6749 section 5.2. Nothing else of the answer is shown: it may hold a token.
    private func refusal(_ answer: HTTPResponse) -> TransportError {
        let code = Self.errorCode(answer)
        let reason = code ?? "HTTP \(answer.status)"
        let isTemporary = answer.status >= 500 || answer.status == 429 || code == "temporarily_unavailable"
        return error(
            isTemporary ? .refused : .authentication, "the token endpoint gives no access token (\(reason))",
            isRetryable: isTemporary)
    }

    private static func errorCode(_ answer: HTTPResponse) -> String? {
        struct Problem: Decodable { var error: String }
        let known: Set = [
            "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
            "invalid_scope", "temporarily_unavailable",
        ]
        let code = try? JSONDecoder().decode(Problem.self, from: Data(answer.body)).error
        return code.flatMap { known.contains($0) ? $0 : nil }
    }

    private func error(_ code: TransportError.Code, _ message: String, isRetryable: Bool = false) -> TransportError {
        TransportError(
            code, message, host: WebAddress(client.tokenURL)?.label ?? "token endpoint", step: "OAuth",
            isRetryable: isRetryable)
    }

    /// Printable ASCII without spaces, RFC 6749 appendix A.12 and A.17; what libcurl puts into a login must be no more.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 16 << 10 && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// `application/x-www-form-urlencoded`, RFC 6749 appendix B.
    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                String(UnicodeScalar(byte))
            default: "%" + String(byte >> 4, radix: 16, uppercase: true) + String(byte & 15, radix: 16, uppercase: true)
            }
        }.joined()
    }

    private struct Tokens: Decodable {
        var access_token: String
        var refresh_token: String?
        var expires_in: Lifetime?
    }

    /// QUIRK: RFC 6749 section 5.1 wants a number; some servers of Microsoft send it as a string.
    private struct Lifetime: Decodable {
        var seconds: Int

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            let number = try (try? container.decode(Double.self)) ?? Double(container.decode(String.self)) ?? 0
            seconds = Int(max(0, min(number, 1e9)))
        }
    }
}

extension TransferAgent {
    /// Opens a connection as ``openConnection(_:)``, with an access token where the credentials say how to get one. A token that the
    /// server refuses is replaced once: it may have been withdrawn before its time.
    func openConnection(authorizing options: RawOptions) async throws(TransportError) -> RawConnection {
        guard case .oauth(let user, let client) = options.credentials else { return try await openConnection(options) }
        let source = tokenSource(of: client)
        var options = options
        let token = try await source.token(from: self)
        options.credentials = .bearer(user: user, token: token)
        let refusal: TransportError
        do { return try await openConnection(options) } catch { refusal = error }
        guard refusal.code == .authentication, !refusal.isRetryable else { throw refusal }
        options.credentials = .bearer(user: user, token: try await source.token(from: self, insteadOf: token))
        return try await openConnection(options)
    }
}
