/// What went wrong in the desk itself, in words for the person who runs it.
///
/// Never holds message text, addresses or secrets; names file, line, host or step instead.
public struct DeskError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure; decides the exit code of a command.
    public struct Code: Sendable, Hashable {
        private enum Kind: Hashable { case configuration, data, unavailable, ledger, locked, permission }
        private let kind: Kind
        /// `desk.yaml`, a template or a secret is wrong: exit 78.
        public static let configuration = Code(kind: .configuration)
        /// A file given as input is wrong: exit 65.
        public static let data = Code(kind: .data)
        /// A channel or service could not be reached: exit 69.
        public static let unavailable = Code(kind: .unavailable)
        /// The ledger could not be read or written: exit 69.
        public static let ledger = Code(kind: .ledger)
        /// Another run holds the lock: exit 75.
        public static let locked = Code(kind: .locked)
        /// Who called has not the role for it: exit 77.
        public static let permission = Code(kind: .permission)
    }

    /// The kind of failure.
    public let code: Code
    /// One line that says what failed and where.
    public let message: String
    /// Whether the same call may succeed later without anyone mending anything.
    public let isRetryable: Bool

    /// Creates an error.
    public init(_ code: Code, _ message: String, isRetryable: Bool = false) {
        self.code = code
        // Names of keys and files stand in it: whoever chose them does not write lines of the log.
        self.message = message.onOneLine
        self.isRetryable = isRetryable
    }

    /// The one line.
    public var description: String { message }
}
