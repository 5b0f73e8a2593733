/// What went wrong on a connection: it could not be made, it broke, or the other side did not keep to the protocol.
///
/// An answer that the other side gave in good order is a value, not an error: an HTTP 500 is an ``HTTPResponse``, a
/// rejected recipient an ``SMTPReply``. The only refusals that are errors are those that leave nothing to return: a
/// failed login, or an IMAP command answered with `NO`.
public struct TransportError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure. New kinds may be added: compare, do not enumerate.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case resolve, connect, tls, authentication, timeout, closed, protocolViolation, tooLarge, refused
            case cancelled, unsupported, invalidArgument, other
        }

        private let kind: Kind

        /// The name of the kind, as it is written in this type.
        public var description: String { kind.rawValue }

        /// The host's name has no address.
        public static let resolve = Code(kind: .resolve)
        /// No connection to the host's address, or to the proxy.
        public static let connect = Code(kind: .connect)
        /// No secure connection: the certificate is not trusted, names another host, or TLS is not offered.
        public static let tls = Code(kind: .tls)
        /// The server did not accept the credentials.
        public static let authentication = Code(kind: .authentication)
        /// Nothing happened for as long as was allowed.
        public static let timeout = Code(kind: .timeout)
        /// The connection ended too early, or was ended before this call.
        public static let closed = Code(kind: .closed)
        /// The other side said something that its protocol does not allow.
        public static let protocolViolation = Code(kind: .protocolViolation)
        /// The other side announced or sent more than the limit.
        public static let tooLarge = Code(kind: .tooLarge)
        /// The server understood and said no.
        public static let refused = Code(kind: .refused)
        /// The task was cancelled.
        public static let cancelled = Code(kind: .cancelled)
        /// The server lacks an extension that this call cannot do without.
        public static let unsupported = Code(kind: .unsupported)
        /// The caller's value can not be sent: a wrong URL, a line break in a name.
        public static let invalidArgument = Code(kind: .invalidArgument)
        /// Anything else.
        public static let other = Code(kind: .other)
    }

    /// The kind of failure.
    public let code: Code
    /// One clause for people. It never holds mail text, addresses or secrets, and no text of the server.
    public let message: String
    /// Whom we talked to: `mail.example:993`.
    public let host: String
    /// What we were doing: `connect`, `UID FETCH`, `DATA`.
    public let step: String
    /// libcurl's result where there was one (`CURLcode`).
    public let curlCode: Int32?
    /// The response code of an IMAP refusal (RFC 5530, `TRYCREATE` of RFC 3501 section 7.1), an SMTP reply code of a failed
    /// login, or `nil`.
    public let responseCode: String?
    /// Whether the same call may succeed later without anybody changing anything.
    public let isRetryable: Bool
    /// SMTP only: the final dot was written and its answer was not read, so the server may have taken the message
    /// (RFC 1047). Sending it again may make a second copy.
    public let mayHaveBeenAccepted: Bool

    /// One line that names host and step; safe to log.
    public var description: String { "\(host): \(step): \(message)" }

    init(
        _ code: Code, _ message: String, host: String, step: String, curlCode: Int32? = nil,
        responseCode: String? = nil, isRetryable: Bool? = nil, mayHaveBeenAccepted: Bool = false
    ) {
        self.code = code
        self.message = message
        self.host = host
        self.step = step
        self.curlCode = curlCode
        self.responseCode = responseCode
        self.isRetryable = isRetryable ?? Self.retryable.contains(code)
        self.mayHaveBeenAccepted = mayHaveBeenAccepted
    }

    /// A name that does not resolve is retryable: on a small machine it mostly means that the network is down.
    private static let retryable: Set<Code> = [.resolve, .connect, .timeout, .closed]

    /// Whether a session is still in step with its server after this error.
    var leavesConnectionUsable: Bool {
        code == .refused || code == .unsupported || code == .invalidArgument
    }

    /// What the error of one message means for its neighbours, no byte of whose text has left: they can be sent again.
    func beforeText() -> TransportError {
        TransportError(
            code, message, host: host, step: step, curlCode: curlCode, responseCode: responseCode, isRetryable: true)
    }

    /// The same error, after the final dot was written.
    func afterFinalDot() -> TransportError {
        TransportError(
            code, message, host: host, step: step, curlCode: curlCode, responseCode: responseCode,
            isRetryable: false, mayHaveBeenAccepted: true)
    }
}
