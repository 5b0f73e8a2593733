/// Where a mail server is, how the way to it is secured, and who we are there.
public struct MailEndpoint: Sendable {
    /// What is spoken there.
    public enum Service: String, Sendable {
        /// RFC 3501.
        case imap
        /// RFC 5321.
        case smtp
        /// RFC 2033: to a local delivery agent, on a loopback host, without TLS and login.
        case lmtp
    }

    /// How the connection is secured. There is no way from `startTLS` back to clear text.
    public enum Security: Sendable {
        /// TLS from the first byte (RFC 8314).
        case implicitTLS
        /// `STARTTLS`, or an error if the server does not offer it.
        case startTLS
        /// Clear text. Allowed to loopback hosts only.
        case none
    }

    /// Who logs in.
    public enum Credentials: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
        /// SASL PLAIN or LOGIN, whatever the server offers.
        case password(user: String, password: String)
        /// OAUTHBEARER (RFC 7628) or XOAUTH2 with an access token.
        case bearer(user: String, token: String)
        /// As ``bearer(user:token:)``, with access tokens that the agent fetches and renews.
        case oauth(user: String, client: OAuthClient)
        /// Nobody.
        case none

        /// The kind only: printing an endpoint must not print its secrets.
        public var description: String {
            switch self {
            case .password: "password"
            case .bearer: "bearer"
            case .oauth: "oauth"
            case .none: "none"
            }
        }

        /// As ``description``.
        public var debugDescription: String { description }
    }

    /// What is spoken there.
    public var service: Service
    /// A name, or an address without brackets.
    public var host: String
    /// The TCP port.
    public var port: Int
    /// LMTP: the path of a Unix socket, which takes the place of host and port.
    public var socketPath: String?
    /// How the connection is secured.
    public var security: Security
    /// Who logs in.
    public var credentials: Credentials
    /// A file of trusted certificates (PEM) instead of the agent's.
    public var caFile: String?
    /// What we show a server that wants to see a certificate; `nil` shows none.
    public var clientCertificate: ClientCertificate?
    /// How long resolving, connecting and the TLS handshake may take together.
    public var connectTimeout: Duration
    /// How long the server may be silent while we wait for it.
    public var responseTimeout: Duration
    /// SMTP and LMTP: the name we introduce ourselves with (RFC 5321 section 4.1.1.1); `nil` takes the machine's.
    public var clientName: String?

    /// An endpoint from its parts.
    public init(
        service: Service, host: String, port: Int, security: Security, credentials: Credentials = .none,
        caFile: String? = nil, clientCertificate: ClientCertificate? = nil, connectTimeout: Duration = .seconds(15),
        responseTimeout: Duration = .seconds(60), clientName: String? = nil
    ) {
        self.service = service
        self.host = host
        self.port = port
        self.security = security
        self.credentials = credentials
        self.caFile = caFile
        self.clientCertificate = clientCertificate
        self.connectTimeout = connectTimeout
        self.responseTimeout = responseTimeout
        self.clientName = clientName
    }

    /// An LMTP server behind a Unix socket.
    public init(lmtpSocket path: String, responseTimeout: Duration = .seconds(60), clientName: String? = nil) {
        self.init(
            service: .lmtp, host: "localhost", port: 24, security: .none, responseTimeout: responseTimeout,
            clientName: clientName)
        socketPath = path
    }

    /// An endpoint from a URL: `imaps://host`, `imap://host` (STARTTLS), `smtps://host`, `smtp://host` (STARTTLS) or
    /// `lmtp://host:port`, each with `:port` if it is not the usual one. `?tls=none` asks for clear text.
    ///
    /// Throws ``TransportError/Code/invalidArgument`` for anything else, for credentials in the URL, and for clear text to a host
    /// that is not this machine.
    public init(
        url: String, credentials: Credentials = .none, caFile: String? = nil,
        clientCertificate: ClientCertificate? = nil, connectTimeout: Duration = .seconds(15),
        responseTimeout: Duration = .seconds(60), clientName: String? = nil
    ) throws(TransportError) {
        func invalid(_ message: String, _ host: String = "mail endpoint") -> TransportError {
            TransportError(.invalidArgument, message, host: host, step: "configuration")
        }
        guard let address = WebAddress(url) else { throw invalid("the URL is malformed") }
        let (service, tls, port): (Service, Security, Int?)
        switch address.scheme {
        case "imaps": (service, tls, port) = (.imap, .implicitTLS, 993)
        case "imap": (service, tls, port) = (.imap, .startTLS, 143)
        case "smtps": (service, tls, port) = (.smtp, .implicitTLS, 465)
        case "smtp": (service, tls, port) = (.smtp, .startTLS, 587)
        case "lmtp": (service, tls, port) = (.lmtp, .none, nil)
        default: throw invalid("the scheme must be imaps, imap, smtps, smtp or lmtp", address.label)
        }
        guard !address.hasCredentials else { throw invalid("the URL holds credentials", address.label) }
        var security = tls
        switch address.query {
        case nil: break
        case "tls=none" where tls != .implicitTLS: security = .none
        default: throw invalid("the URL's only option is ?tls=none, without implicit TLS", address.label)
        }
        // libcurl's default port for smtp is 25; submission (RFC 6409) is what a client wants.
        let named = Self.namesPort(url) ? address.port : nil
        guard let port = named ?? port else { throw invalid("the URL names no port", address.label) }
        self.init(
            service: service, host: address.host, port: port, security: security, credentials: credentials,
            caFile: caFile, clientCertificate: clientCertificate, connectTimeout: connectTimeout,
            responseTimeout: responseTimeout, clientName: clientName)
        _ = try rawOptions()
    }

    /// Whether the authority of this URL ends with `:digits`.
    private static func namesPort(_ url: String) -> Bool {
        guard let scheme = url.range(of: "://") else { return false }
        let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let digits = authority.reversed().prefix { $0.isASCII && $0.isNumber }
        return !digits.isEmpty && authority.dropLast(digits.count).last == ":"
    }

    /// `mail.example:587`, or the path of a socket.
    public var label: String { socketPath ?? address }

    private var address: String { WebAddress.label(host: host, port: port) }

    /// What libcurl is asked for; throws for what must not be asked for.
    func rawOptions() throws(TransportError) -> RawOptions {
        func invalid(_ message: String) -> TransportError {
            TransportError(.invalidArgument, message, host: label, step: "configuration")
        }
        guard (1...65_535).contains(port) else { throw invalid("the port is out of range") }
        guard security != .none || WebAddress.isLoopback(host) else {
            throw invalid("clear text is allowed to loopback hosts only")
        }
        if service == .lmtp {
            guard security == .none, case .none = credentials else {
                throw invalid("LMTP is spoken to this machine, without TLS and login")
            }
        }
        let scheme =
            switch (service, security) {
            case (.imap, .implicitTLS): "imaps"
            case (.imap, _): "imap"
            case (.smtp, .implicitTLS): "smtps"
            case (.smtp, _): "smtp"
            // libcurl knows no LMTP. For CONNECT_ONLY a http URL is just a TCP connection.
            case (.lmtp, _): "http"
            }
        guard socketPath == nil || service == .lmtp else { throw invalid("only LMTP is spoken over a Unix socket") }
        let url = "\(scheme)://\(address)/"
        // Parsed as libcurl will: a host like "good/@evil" must not become another one.
        guard let parsed = WebAddress(url), parsed.host == host.lowercased(), parsed.port == port,
            !parsed.hasCredentials, parsed.query == nil
        else { throw invalid("the host's name is malformed") }
        return RawOptions(
            url: url, scheme: scheme, label: label, socketPath: socketPath, requiresStartTLS: security == .startTLS,
            credentials: credentials, caFile: caFile, clientCertificate: clientCertificate,
            connectTimeout: connectTimeout, responseTimeout: responseTimeout)
    }
}
