/// What we show a server that asks who we are during the TLS handshake (RFC 8446 section 4.4.2).
public struct ClientCertificate: Sendable, Hashable {
    /// The certificate, and those between it and the server's authority (PEM).
    public var file: String
    /// Its key (PEM, without a pass phrase); `nil` if it is in the same file.
    public var keyFile: String?

    /// Names the files; they are read when a connection is made.
    public init(file: String, keyFile: String? = nil) {
        self.file = file
        self.keyFile = keyFile
    }
}
