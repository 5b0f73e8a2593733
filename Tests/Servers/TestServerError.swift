import Glibc

/// Why a server for tests is not there: what was tried, and the last lines of the server's own log.
public struct TestServerError: Error, Sendable, CustomStringConvertible {
    /// What went wrong, in one or more lines.
    public let message: String

    /// An error that says `message`.
    public init(_ message: String) {
        self.message = message
    }

    /// The message.
    public var description: String { message }

    /// The error of the C call that has just failed.
    static func errno(_ what: String) -> TestServerError {
        let code = Glibc.errno
        return TestServerError("\(what): \(String(cString: strerror(code)))")
    }
}
