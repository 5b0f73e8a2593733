import Foundation

/// A Dovecot of a test's own: IMAP with STARTTLS, IMAP with TLS, and LMTP, on free ports of the loopback interface.
///
/// It takes any user name with the password `secret`; each user has a mailbox of their own from the first login on.
/// Tests that share a server take a `newUser()` each. It ends with `stop()`, with its last reference, and with the
/// test process, however that ends.
public final class DovecotServer: Sendable {
    /// The host that the certificate names.
    public let host = "localhost"
    /// IMAP; logging in needs no STARTTLS, but it is offered.
    public let imapPort: Int
    /// IMAP with TLS from the first byte.
    public let imapsPort: Int
    /// LMTP without TLS and without login.
    public let lmtpPort: Int
    /// The certificate, which signed itself: the one to trust.
    public let caFile: String
    /// Its key.
    public var keyFile: String { directory + "/key.pem" }
    /// A user.
    public let user = "desk"
    /// The password of every user.
    public let password = "secret"

    private let process: ServerProcess
    private let users = Locked(0)
    let deliveries = Locked(0)

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - mailboxes: The messages that lie in users' INBOX folders from the start, by user name.
    ///   - tokeninfoPort: Where `GET /tokeninfo?access_token=…` answers `{"username": …}` for good OAuth 2 tokens;
    ///     XOAUTH2 and OAUTHBEARER are offered then.
    ///   - wantsClientCertificate: Whether only clients with a certificate log in; `caFile` is a good one, with `keyFile`.
    /// - Throws: `TestServerError` if the server does not come up, with its reason.
    public static func start(
        mailboxes: [String: [[UInt8]]] = [:], tokeninfoPort: Int? = nil, wantsClientCertificate: Bool = false
    ) async throws -> DovecotServer {
        let (process, ports) = try await ServerProcess.start("dovecot", ports: 3) { ports in
            let optional = [tokeninfoPort.map { String($0) } ?? "-"] + (wantsClientCertificate ? ["yes"] : [])
            // It takes a second or more over its end. A maildir is whole without that.
            return ServerProcess.Plan(
                name: "Dovecot", script: "start-dovecot.sh", grace: 200, arguments: ports.map(String.init) + optional,
                ports: ports)
        }
        let server = DovecotServer(process: process, ports: ports)
        for (user, messages) in mailboxes {
            for message in messages { try server.deliver(message, to: user) }
        }
        return server
    }

    /// The server that the suites of one test process share. It runs until the process ends.
    public static func shared() async throws -> DovecotServer {
        try await sharedStart.value
    }

    private static let sharedStart = Task { try await start() }

    private init(process: ServerProcess, ports: [Int]) {
        self.process = process
        imapPort = ports[0]
        imapsPort = ports[1]
        lmtpPort = ports[2]
        caFile = process.scratch.path + "/cert.pem"
    }

    /// The name of a user that nobody has used yet.
    public func newUser() -> String {
        users.with { count in
            count += 1
            return "user\(count)"
        }
    }

    /// The scratch directory.
    public var directory: String { process.scratch.path }

    /// What the server has logged.
    public var log: String { (try? String(contentsOfFile: process.log, encoding: .utf8)) ?? "" }

    /// Ends the server and removes its mailboxes.
    public func stop() async { await process.stop() }

    /// Ends the server as a crash would. The mailboxes stay; `restart()` brings them back.
    public func kill() async { await process.crash() }

    /// Starts the server again on the same ports, with the same mailboxes; ends it before if it runs.
    public func restart() async throws {
        await process.end()
        try await process.launch()
    }
}
