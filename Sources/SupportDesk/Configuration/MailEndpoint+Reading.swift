import Transport

extension MailEndpoint {
    /// `KEY: imaps://host`, with `user`, `password` or `oauth`, `ca_file` and `client_certificate` beside it.
    init(_ reader: ConfigurationReader, url key: String) throws {
        let url = try reader.required(key)
        let user = try reader.text("user")
        let password = try reader.secret("password")
        let client = try reader.reader("oauth").map(OAuthClient.init)
        let credentials: Credentials
        switch (user, password, client) {
        case (let user?, let password?, nil): credentials = .password(user: user, password: password)
        case (let user?, nil, let client?): credentials = .oauth(user: user, client: client)
        case (nil, nil, nil): credentials = .none
        default: throw reader.error("user", "and one of password and oauth belong together")
        }
        do {
            try self.init(
                url: url, credentials: credentials, caFile: reader.file("ca_file"),
                clientCertificate: ClientCertificate(reader))
        } catch let error as TransportError {
            throw reader.error(key, error.message)
        }
    }
}

extension OAuthClient {
    /// The mapping `oauth`.
    fileprivate init(_ reader: ConfigurationReader) throws {
        guard let token = try reader.secret("refresh_token") else { throw reader.error("refresh_token", "is missing") }
        do {
            try self.init(
                tokenURL: reader.required("token_url"), clientID: reader.required("client_id"),
                clientSecret: reader.secret("client_secret"), refreshToken: token, scope: reader.text("scope"),
                caFile: reader.file("ca_file"))
        } catch let error as TransportError {
            throw reader.error("token_url", error.message)
        }
        try reader.finish()
    }
}

extension ClientCertificate {
    /// `client_certificate` and, if it is in a file of its own, `client_key`.
    fileprivate init?(_ reader: ConfigurationReader) throws {
        let key = try reader.file("client_key")
        guard let file = try reader.file("client_certificate") else {
            guard key == nil else { throw reader.error("client_key", "needs a client_certificate") }
            return nil
        }
        self.init(file: file, keyFile: key)
    }
}
