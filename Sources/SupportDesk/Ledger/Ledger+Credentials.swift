import Transport

extension Ledger {
    /// Keeps refresh tokens that a server gave in place of the configured one, sealed. They are found by a digest of what is
    /// configured: a token that is newly configured has none, and so takes effect.
    public var refreshTokens: RefreshTokenVault {
        RefreshTokenVault(
            load: { client in
                let digest = digest(of: client)
                let sealed = try await database.read { transaction in
                    try transaction.rows("SELECT sealed FROM credential WHERE digest = $1", [.blob(digest)])
                        .first?.blob("sealed")
                }
                guard let sealed else { return nil }
                return String(decoding: try await open(sealed, as: Place.credential(digest)), as: UTF8.self)
            },
            save: { client, token in
                let digest = digest(of: client)
                try await writeSealed { seal, transaction in
                    let sealed = try seal.seal(Array(token.utf8), as: Place.credential(digest))
                    try transaction.execute(
                        """
                        INSERT INTO credential (digest, sealed) VALUES ($1, $2)
                        ON CONFLICT (digest) DO UPDATE SET sealed = excluded.sealed
                        """, [.blob(digest), .blob(sealed)])
                    return
                }
            })
    }

    private func digest(of client: OAuthClient) -> [UInt8] {
        seal.digest("\(client.tokenURL)\n\(client.clientID)\n\(client.refreshToken)", for: "refresh token")
    }
}
