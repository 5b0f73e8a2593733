/// One HTTP request, with every limit it is subject to.
public struct HTTPRequest: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// `GET`, `POST`, …: a token of RFC 9110 section 9.1.
    public var method: String
    /// An absolute `https:` URL; `http:` see ``allowsPlainHTTP``. Without credentials: those go into a header.
    public var url: String
    /// Sent in this order. `Content-Length` and `Host` are added.
    public var headers: [(name: String, value: String)]
    /// The body; `nil` sends none.
    public var body: [UInt8]?
    /// How long resolving, connecting and the TLS handshake may take together.
    public var connectTimeout: Duration = .seconds(10)
    /// How long the connection may then be silent: no byte sent, none received. The wait for the first byte counts.
    public var idleTimeout: Duration = .seconds(60)
    /// How long everything may take together, redirects included.
    public var timeout: Duration = .seconds(120)
    /// More bytes of body than this are an error (``TransportError/Code/tooLarge``).
    public var maximumResponseBytes: Int = 16 << 20
    /// Whether `http:` is allowed to hosts other than `localhost`, 127.0.0.0/8 and `::1`.
    public var allowsPlainHTTP = false
    /// Whether up to five redirects are followed. To another origin (scheme, host or port) only `Accept` headers and a
    /// request without body go along; never from `https:` to `http:`. A redirect that is not followed is the response.
    public var followsRedirects = false
    /// Whether the server may get this request twice. When a connection kept from an earlier request turns out to be dead, libcurl
    /// sends a request again that may have been carried out; one that is not repeatable gets a fresh connection instead.
    /// `nil` goes by the method: everything but `POST` and `PATCH` is repeatable.
    public var isRepeatable: Bool?
    /// A file of trusted certificates (PEM) instead of the agent's.
    public var caFile: String?
    /// What we show a server that wants to see a certificate; `nil` shows none. Not shown after a redirect to another origin.
    public var clientCertificate: ClientCertificate?

    /// A request with the usual limits; change the properties for others.
    public init(
        method: String = "GET", url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    /// Method and host: printing a request must not print keys and other people's data.
    public var description: String { "\(method) \(WebAddress(url)?.label ?? "malformed URL")" }

    /// As ``description``.
    public var debugDescription: String { description }

    /// Checks what libcurl would send as it stands, and returns the address to connect to.
    func validated() throws(TransportError) -> WebAddress {
        func invalid(_ message: String, host: String = "http") -> TransportError {
            TransportError(.invalidArgument, message, host: host, step: "HTTP request")
        }
        guard let address = WebAddress(url) else { throw invalid("the URL is malformed") }
        let host = address.label
        guard address.scheme == "https" || address.scheme == "http" else {
            throw invalid("only https and http URLs are allowed", host: host)
        }
        guard address.scheme == "https" || allowsPlainHTTP || WebAddress.isLoopback(address.host) else {
            throw invalid("http without TLS is allowed to loopback hosts only", host: host)
        }
        guard !address.hasCredentials else {
            throw invalid("the URL holds credentials; send them in a header", host: host)
        }
        guard Self.isToken(method) else { throw invalid("the method is not a token", host: host) }
        for (name, value) in headers {
            guard Self.isToken(name) else { throw invalid("a header's name is not a token", host: host) }
            guard !value.utf8.contains(where: { $0 == 0 || $0 == 0x0A || $0 == 0x0D }) else {
                throw invalid("a header's value holds a line break", host: host)
            }
        }
        return address
    }

    /// RFC 9110 section 5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    func hasHeader(_ name: String) -> Bool { headers.contains { $0.name.lowercased() == name } }
}
