import Foundation

/// A Postfix of a test's own on free ports of the loopback interface. Needs root.
///
/// It delivers every recipient of every domain into one maildir, which `deliveries()` reads; nothing leaves the
/// machine. It refuses recipients with some local parts: `tempfail` with 450 and `permfail` with 550 at RCPT TO,
/// `late-tempfail` with 451 and `late-permfail` with 554 after the message's last dot (as a message's only recipient).
public final class PostfixServer: Sendable {
    /// One copy of a message, for one recipient.
    public struct Delivery: Sendable, Hashable {
        /// The envelope recipient.
        public let recipient: String
        /// The envelope sender; empty for the null sender.
        public let envelopeSender: String
        /// The file as delivered: Postfix's trace fields (`Return-Path`, `X-Original-To`, `Delivered-To`, `Received`)
        /// above the message, line ends LF.
        public let bytes: [UInt8]
        /// The message as the client sent it: without Postfix's trace fields, line ends CRLF.
        public let submitted: [UInt8]
    }

    /// The host that the certificate names.
    public let host = "localhost"
    /// SMTP: STARTTLS is offered, login after it; mail is taken without either.
    public let smtpPort: Int
    /// Submission: STARTTLS and login are required.
    public let submissionPort: Int
    /// Submission with TLS from the first byte: login is required.
    public let tlsPort: Int
    /// The certificate, which signed itself: the one to trust.
    public let caFile: String
    /// The user of the submission ports.
    public let user = "desk"
    /// Their password.
    public let password = "secret"

    private let process: ServerProcess

    /// One mailbox in place of all.
    public struct Mailbox: Sendable {
        let address: String
        let lmtpPort: Int
        let delimiter: String

        /// - Parameters:
        ///   - address: its address; others are refused.
        ///   - lmtpPort: where its mail is handed on to, by LMTP.
        ///   - delimiter: what stands between its local part and a detail (`recipient_delimiter`); empty: details are refused.
        public init(_ address: String, lmtpPort: Int, delimiter: String) {
            (self.address, self.lmtpPort, self.delimiter) = (address, lmtpPort, delimiter)
        }
    }

    /// Starts a server.
    ///
    /// - Parameter mailbox: the only one that there is; nil: every recipient has one.
    /// - Throws: `TestServerError` if the server does not come up, with its reason.
    public static func start(only mailbox: Mailbox? = nil) async throws -> PostfixServer {
        let more = mailbox.map { ["\($0.lmtpPort)", $0.address, $0.delimiter] } ?? []
        let (process, ports) = try await ServerProcess.start("postfix", ports: 3) { ports in
            ServerProcess.Plan(
                name: "Postfix", script: "start-postfix.sh", arguments: ports.map(String.init) + more, ports: ports)
        }
        return PostfixServer(process: process, ports: ports)
    }

    /// The server that the suites of one test process share. It runs until the process ends.
    public static func shared() async throws -> PostfixServer {
        try await sharedStart.value
    }

    private static let sharedStart = Task { try await start() }

    private init(process: ServerProcess, ports: [Int]) {
        self.process = process
        smtpPort = ports[0]
        submissionPort = ports[1]
        tlsPort = ports[2]
        caFile = process.scratch.path + "/cert.pem"
    }

    /// What the server has logged.
    public var log: String { (try? String(contentsOfFile: process.log, encoding: .utf8)) ?? "" }

    /// Ends the server and removes what it delivered.
    public func stop() async { await process.stop() }

    /// Ends the server as a crash would. Queue and deliveries stay; `restart()` brings them back.
    public func kill() async { await process.crash() }

    /// Starts the server again on the same ports, with its queue and deliveries; ends it before if it runs.
    public func restart() async throws {
        await process.end()
        try await process.launch()
    }

    /// Everything delivered so far, oldest first, after waiting until the queue is empty.
    ///
    /// - Throws: `TestServerError` if the queue is not empty after 30 seconds.
    public func deliveries() async throws -> [Delivery] {
        let queue = process.scratch.path + "/queue/"
        let deadline = ContinuousClock.now + .seconds(30)
        // In the order in which Postfix moves a message on, so that none slips by.
        while ["maildrop", "incoming", "active", "deferred"].contains(where: { Self.holdsFile(queue + $0) }) {
            guard ContinuousClock.now < deadline else {
                throw TestServerError("Postfix's queue does not empty:\n\(log)")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        let new = process.scratch.path + "/mail/all/new"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: new)) ?? []
        let ordered = files.map { (name: $0, time: Self.time($0)) }.sorted { ($0.time, $0.name) < ($1.time, $1.name) }
        return try ordered.map { file in
            guard let data = FileManager.default.contents(atPath: "\(new)/\(file.name)") else {
                throw TestServerError("cannot read \(new)/\(file.name)")
            }
            return Delivery(file: [UInt8](data))
        }
    }

    /// The messages delivered to an address, as the client sent them, oldest first, after waiting until the queue is
    /// empty.
    ///
    /// - Throws: as `deliveries()`.
    public func deliveredMessages(to recipient: String) async throws -> [[UInt8]] {
        try await deliveries().filter { $0.recipient.lowercased() == recipient.lowercased() }.map(\.submitted)
    }

    /// Forgets what was delivered so far, after waiting until the queue is empty.
    ///
    /// - Throws: as `deliveries()`.
    public func removeDeliveries() async throws {
        _ = try await deliveries()
        let new = process.scratch.path + "/mail/all/new"
        for file in (try? FileManager.default.contentsOfDirectory(atPath: new)) ?? [] { unlink("\(new)/\(file)") }
    }

    private static func holdsFile(_ path: String) -> Bool {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { return false }
        return names.contains { name in
            var status = stat()
            guard lstat("\(path)/\(name)", &status) == 0 else { return false }
            return status.st_mode & S_IFMT != S_IFDIR || holdsFile("\(path)/\(name)")
        }
    }

    /// Seconds and microseconds of a delivered file's name: `1795224954.Vfe00If7a3c6M553166.vm`.
    private static func time(_ name: String) -> Double {
        let parts = name.split(separator: ".")
        guard parts.count >= 2, let seconds = Double(parts[0]), let mark = parts[1].lastIndex(of: "M") else { return 0 }
        return seconds + (Double(parts[1][mark...].dropFirst()) ?? 0) / 1_000_000
    }
}

extension PostfixServer.Delivery {
    /// Takes a delivered file apart.
    init(file: [UInt8]) {
        var lines = file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        var recipient = ""
        var sender = ""
        func value(_ name: String) -> String? {
            guard let line = lines.first, line.starts(with: name.utf8) else { return nil }
            return String(decoding: line.dropFirst(name.utf8.count), as: UTF8.self)
        }
        if let text = value("Return-Path: ") {
            sender = text.filter { $0 != "<" && $0 != ">" }
            lines.removeFirst()
        }
        if value("X-Original-To: ") != nil { lines.removeFirst() }
        if let text = value("Delivered-To: ") {
            recipient = text
            lines.removeFirst()
        }
        if value("Received: ") != nil {
            lines.removeFirst()
            while let line = lines.first, line.first == UInt8(ascii: "\t") || line.first == UInt8(ascii: " ") {
                lines.removeFirst()
            }
        }
        self.recipient = recipient
        envelopeSender = sender
        bytes = file
        submitted = Array(lines.joined(separator: [UInt8(ascii: "\r"), UInt8(ascii: "\n")]))
    }
}
