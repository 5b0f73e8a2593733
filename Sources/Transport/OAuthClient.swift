/// Who asks for access tokens, and where: a registered client of an authorization server (RFC 6749).
public struct OAuthClient: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The token endpoint, an `https:` URL (section 3.2).
    public var tokenURL: String
    /// The name the client is registered under.
    public var clientID: String
    /// The client's own secret; a public client has none.
    public var clientSecret: String?
    /// The refresh token that somebody obtained by logging in. The server may replace it (section 6): see ``RefreshTokenVault``.
    public var refreshToken: String
    /// What the access token shall be good for; `nil` asks for all that was granted.
    public var scope: String?
    /// A file of trusted certificates (PEM) instead of the agent's.
    public var caFile: String?

    /// A client from its parts. Throws ``TransportError/Code/invalidArgument`` for an endpoint that is not `https:` (RFC 6749
    /// section 3.2), or `http:` on this machine.
    public init(
        tokenURL: String, clientID: String, clientSecret: String? = nil, refreshToken: String, scope: String? = nil,
        caFile: String? = nil
    ) throws(TransportError) {
        _ = try HTTPRequest(url: tokenURL).validated()
        self.tokenURL = tokenURL
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.refreshToken = refreshToken
        self.scope = scope
        self.caFile = caFile
    }

    /// The token endpoint's host: printing a client must not print its secrets.
    public var description: String { "OAuth client of \(WebAddress(tokenURL)?.label ?? "a malformed URL")" }

    /// As ``description``.
    public var debugDescription: String { description }
}

/// Where refresh tokens are kept that took the place of a configured one. Without it a replaced token is lost with the
/// process, and where the server takes each token only once, so is the access to the mailbox.
public struct RefreshTokenVault: Sendable {
    /// The token that was saved last for this client, if there is one.
    public var load: @Sendable (OAuthClient) async throws -> String?
    /// Keeps a token; it must be durable when this returns. The old one may be void already.
    public var save: @Sendable (OAuthClient, String) async throws -> Void

    /// A vault from its two functions.
    public init(
        load: @escaping @Sendable (OAuthClient) async throws -> String?,
        save: @escaping @Sendable (OAuthClient, String) async throws -> Void
    ) {
        self.load = load
        self.save = save
    }
}
