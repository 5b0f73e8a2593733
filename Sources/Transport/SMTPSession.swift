import Foundation

/// A connection to an SMTP server that takes one message after another (RFC 5321). Calls from several tasks are carried out
/// in turn, and pipelined.
///
/// After an error the connection is closed and every later call throws; see ``isUsable``. Letting go of the session closes it.
public final class SMTPSession: Sendable {
    /// What the server offered after login.
    public struct Extensions: Sendable, Hashable {
        /// Commands may be sent without waiting for each reply (RFC 2920).
        public var pipelining = false
        /// The largest message in bytes (RFC 1870); `nil` if not said, 0 if there is no limit.
        public var size: Int?
        /// RFC 6152.
        public var eightBitMIME = false
        /// RFC 6531.
        public var smtpUTF8 = false
        /// Delivery status notifications (RFC 3461).
        public var dsn = false
        /// RFC 2034.
        public var enhancedStatusCodes = false

        init(lines: [String]) {
            // The first line is the server's name.
            for line in lines.dropFirst() {
                let words = line.uppercased().split(separator: " ")
                switch words.first {
                case "PIPELINING": pipelining = true
                case "SIZE": size = words.count > 1 ? Int(words[1]) ?? 0 : 0
                case "8BITMIME": eightBitMIME = true
                case "SMTPUTF8": smtpUTF8 = true
                case "DSN": dsn = true
                case "ENHANCEDSTATUSCODES": enhancedStatusCodes = true
                default: break
                }
            }
        }
    }

    /// What the server offered after login.
    public let extensions: Extensions
    let pipeline: SMTPPipeline
    var dialog: SMTPDialog { pipeline.dialog }

    init(dialog: SMTPDialog, extensions: Extensions, isLMTP: Bool) {
        self.extensions = extensions
        pipeline = SMTPPipeline(dialog: dialog, isPipelined: extensions.pipelining, isLMTP: isLMTP)
    }

    /// Whether another message can be sent on this connection.
    public var isUsable: Bool { dialog.isUsable }

    /// Says goodbye and closes the connection. A server that does not answer changes nothing.
    public func quit() async {
        _ = try? await dialog.exclusively("QUIT") { () async throws(TransportError) in
            try await dialog.ask("QUIT", "QUIT")
        }
        dialog.abandon(dialog.error(.closed, "ended", "QUIT"))
    }
}

extension TransferAgent {
    /// Connects, secures the connection, logs in, and asks what the server offers. With ``MailEndpoint/Service/lmtp`` it is LMTP that is
    /// spoken on it.
    ///
    /// Throws ``TransportError`` of code `authentication` when the credentials were not accepted or the server has no login, `tls`
    /// when the way is not secure.
    public func openSMTP(_ endpoint: MailEndpoint) async throws(TransportError) -> SMTPSession {
        guard endpoint.service != .imap else {
            throw TransportError(
                .invalidArgument, "not an SMTP endpoint", host: endpoint.label, step: "configuration")
        }
        let name = endpoint.clientName ?? Self.machineName
        guard name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"/?#@<>%".utf8.contains($0) }), !name.isEmpty else {
            throw TransportError(
                .invalidArgument, "the client's name is no domain", host: endpoint.label, step: "configuration")
        }
        var options = try endpoint.rawOptions()
        if endpoint.service == .smtp { options.url += name }  // libcurl's own EHLO takes it from there
        let connection = try await openConnection(authorizing: options)
        let dialog = SMTPDialog(connection: connection)
        if case .none = endpoint.credentials {
        } else if !connection.greeting.contains(where: { $0.hasPrefix("235") }) {
            // To a server that offers no login libcurl goes on without.
            let error = TransportError(
                .authentication, "the server offers no login", host: endpoint.label, step: "login", isRetryable: false)
            dialog.abandon(error)
            throw error
        }
        let isLMTP = endpoint.service == .lmtp
        let extensions = try await dialog.exclusively("EHLO") { () async throws(TransportError) in
            if isLMTP { try await dialog.expectGreeting() }
            return try await dialog.introduce(name, isLMTP: isLMTP)
        }
        return SMTPSession(dialog: dialog, extensions: extensions, isLMTP: isLMTP)
    }

    private static let machineName: String = {
        let name = ProcessInfo.processInfo.hostName
        let isDomain =
            !name.isEmpty && name.utf8.count <= 253
            && name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
                    || $0 == 0x2E
            }
        return isDomain ? name : "localhost"
    }()
}

extension SMTPDialog {
    fileprivate func expectGreeting() async throws(TransportError) {
        let greeting = try await reply("connect")
        guard greeting.code == 220 else { throw refused(greeting, "connect") }
    }

    /// libcurl has done this already, but what it heard before login may be less than what holds now.
    fileprivate func introduce(_ name: String, isLMTP: Bool) async throws(TransportError) -> SMTPSession.Extensions {
        let verb = isLMTP ? "LHLO" : "EHLO"
        try await send(["\(verb) \(name)"], verb)
        let (answer, lines) = try await replyWithLines(verb)
        if answer.isPositive { return SMTPSession.Extensions(lines: lines) }
        guard !isLMTP, answer.isPermanent else { throw refused(answer, verb) }
        // RFC 5321 section 3.2: a server from before 1995.
        let old = try await ask("HELO \(name)", "HELO")
        guard old.isPositive else { throw refused(old, "HELO") }
        return SMTPSession.Extensions(lines: [])
    }

    private func refused(_ reply: SMTPReply, _ step: String) -> TransportError {
        let error = TransportError(
            .refused, "the server refused (\(reply.code))", host: connection.label, step: step,
            responseCode: String(reply.code), isRetryable: reply.isTransient)
        abandon(error)
        return error
    }
}
