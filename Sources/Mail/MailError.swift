/// What went wrong in this target: a message that cannot be read, a value that must not be written into a mail,
/// a file of a maildir that is not what it was.
///
/// `message` names the thing and the limit; it never holds text, addresses or file contents of a mail.
public struct MailError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure. A struct over a private enumeration, so that adding one breaks nobody.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String, Sendable, Hashable {
            case tooLarge, noHeader, malformed, vanished, unreadable, unwritable, invalidName, invalidValue
        }

        private let kind: Kind

        private init(_ kind: Kind) { self.kind = kind }

        /// Over a limit of bytes.
        public static let tooLarge = Code(.tooLarge)
        /// The bytes hold no header field at all (RFC 5322 §2.2): not a mail.
        public static let noHeader = Code(.noHeader)
        /// The parser gave up on the bytes.
        public static let malformed = Code(.malformed)
        /// The file was listed and is gone: another program moved or removed it.
        public static let vanished = Code(.vanished)
        /// The file or folder exists and cannot be read.
        public static let unreadable = Code(.unreadable)
        /// A file or folder cannot be written.
        public static let unwritable = Code(.unwritable)
        /// A file name that must not be used in a maildir.
        public static let invalidName = Code(.invalidName)
        /// A value that must not stand in a mail, such as a line break in a subject.
        public static let invalidValue = Code(.invalidValue)

        /// The name of the kind.
        public var description: String { kind.rawValue }
    }

    /// The kind of failure.
    public let code: Code
    /// One sentence for the person who runs the desk.
    public let message: String
    /// The `errno` of the system call that failed.
    public let errno: Int32?

    /// Makes an error; `message` must hold no personal data.
    public init(_ code: Code, _ message: String, errno: Int32? = nil) {
        self.code = code
        self.message = message
        self.errno = errno
    }

    /// Whether the same call may succeed later without anybody changing anything.
    public var isRetryable: Bool {
        switch code {
        case .unreadable, .unwritable: true
        default: false
        }
    }

    /// The kind, the sentence and the `errno`: nothing of a mail.
    public var description: String {
        if let errno { return "\(code): \(message) (errno \(errno))" }
        return "\(code): \(message)"
    }
}
