import Transport

extension DeskConfiguration.Outlet {
    init(_ reader: ConfigurationReader, kinds: [String]) throws {
        let named = kinds.filter(reader.has)
        guard named.count == 1, let kind = named.first else {
            let others = kinds.dropFirst().joined(separator: " or ")
            throw reader.error(kinds[0], "or \(others): exactly one of these must stand here")
        }
        switch kind {
        case "smtp":
            let endpoint = try MailEndpoint(reader, url: "smtp")
            guard endpoint.service == .smtp else { throw reader.error("smtp", "must begin with smtps:// or smtp://") }
            self = .smtp(endpoint, connections: try Self.connections(reader))
        case "lmtp": self = .smtp(try Self.localServer(reader), connections: try Self.connections(reader))
        case "sendmail":
            let command = try reader.texts("sendmail") ?? []
            guard let program = command.first, program.hasPrefix("/") else {
                throw reader.error("sendmail", "must be a list that begins with the path of a program")
            }
            let seconds = try reader.seconds("timeout") ?? 60
            self = .command(command, timeLimit: .seconds(seconds))
        case "imap": self = .imap(try MailEndpoint(reader, url: "imap"), folder: try reader.text("folder"))
        default: self = .maildir(reader.absolute(try reader.required("maildir")))
        }
        try reader.finish()
    }

    private static func connections(_ reader: ConfigurationReader) throws -> Int {
        try reader.integer("connections", in: 1...32) ?? 4
    }

    /// `lmtp: /run/dovecot/lmtp`, or `lmtp://127.0.0.1:24`.
    private static func localServer(_ reader: ConfigurationReader) throws -> MailEndpoint {
        let place = try reader.required("lmtp")
        if place.hasPrefix("/") { return MailEndpoint(lmtpSocket: place) }
        let endpoint = try MailEndpoint(reader, url: "lmtp")
        guard endpoint.service == .lmtp else {
            throw reader.error("lmtp", "must be the path of a socket or begin with lmtp://")
        }
        return endpoint
    }
}

extension DeskConfiguration.SentFolder {
    /// `{imap: …}`, or `{channel: NAME}` for the account that a channel reads.
    init(_ reader: ConfigurationReader, channels: [DeskConfiguration.ChannelEntry]) throws {
        folder = try reader.text("folder")
        if let name = try reader.text("channel") {
            guard case .imap(let endpoint, _, _)? = channels.first(where: { $0.name == name })?.source else {
                throw reader.error("channel", "must be the name of a channel that reads an IMAP account")
            }
            self.endpoint = endpoint
        } else {
            guard reader.has("imap") else { throw reader.error("imap", "or channel is missing") }
            endpoint = try MailEndpoint(reader, url: "imap")
        }
        try reader.finish()
    }
}
