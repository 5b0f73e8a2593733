import Logging
import Transport

/// Hands mail to a submission server (RFC 6409), or to a local delivery agent (LMTP, RFC 2033), over several connections that
/// are kept while it works, and pipelines on each.
///
/// A row of the outbox is `sending` before `carry` is called, so before any byte of the mail, envelope included, leaves. Pipelining
/// does not widen the window in which nobody knows whether a mail was taken: the text of a mail is only written when the reply to its
/// own `DATA` was read, so of the mails on one connection at most one has its final dot on the wire without a reply. When the
/// connection breaks, the session names this one (`uncertain`), and those behind it were certainly not taken: they go on over another
/// connection. When our own process dies, all rows in `sending` are uncertain, as far as the next run knows: at most as many as are
/// carried at once.
public actor SMTPCarrier: MailCarrier {
    private let endpoint: MailEndpoint
    private let agent: TransferAgent
    private let logger: Logger
    private let connections: Int
    private var limit: Int
    private var lines: [Line] = []
    /// Why the server could not be reached, and until when it is not tried again: not for every mail that is under way.
    private var outage: (reason: String, until: ContinuousClock.Instant)?
    private static let outageTime = Duration.seconds(10)

    /// One connection, and how many mails are on it.
    private final class Line {
        let opening: Task<Result<SMTPSession, TransportError>, Never>
        var session: SMTPSession?
        var load = 0
        var wasUsed = false

        init(_ opening: Task<Result<SMTPSession, TransportError>, Never>) { self.opening = opening }
    }

    /// Names the server; nothing is connected yet.
    ///
    /// - Parameter connections: how many there may be at once. A further one is opened when each has two mails: one whose
    ///   text travels and one whose envelope travels behind it.
    public init(
        endpoint: MailEndpoint, connections: Int = 4, agent: TransferAgent,
        logger: Logger = Logger(label: "auradesk.carrier") { _ in SwiftLogNoOpLogHandler() }
    ) {
        self.endpoint = endpoint
        self.agent = agent
        self.logger = logger
        self.connections = max(1, connections)
        limit = max(1, connections)
        name = "\(endpoint.service) \(endpoint.label)"
    }

    /// Service and server.
    public nonisolated let name: String

    /// How often a mail moves to another connection because its own one broke under another mail.
    private static let maximumMoves = 3

    /// Submits the mail over the connection with the fewest mails.
    public func carry(_ envelope: Envelope) async -> Carriage {
        let notification = DeliveryNotification(events: [.failure], id: envelope.messageID)
        var path = Transport.Envelope(
            sender: envelope.sender.map { .address($0) } ?? .null, recipients: [envelope.recipient],
            // Nobody is told of a report to the null path (RFC 3461 section 4.1).
            notification: envelope.sender == nil ? nil : notification)
        var moves = 0
        while true {
            if let outage, .now < outage.until { return .unreachable(reason: outage.reason) }
            let line = choose()
            line.load += 1
            guard let session = await open(line) else { continue }
            let result = await Self.send(path, envelope.bytes, over: session)
            // On a fresh connection of its own nothing but this mail can be to blame.
            let isAlone = line.load == 1 && !line.wasUsed
            line.load -= 1
            line.wasUsed = true
            switch result {
            case .success(let submission):
                // What ended the connection was its age or another mail.
                if submission.final?.code == 421, !isAlone, moves < Self.maximumMoves {
                    moves += 1
                } else if case .address = path.sender, submission.refusesSender {
                    // A signed bounce address that the server does not let us use. Without one the reply still arrives; only a
                    // report of its failure does not.
                    logger.warning(
                        "sender refused, sent with the null sender",
                        metadata: ["carrier": "\(name)", "code": "\(submission.code)"])
                    path.sender = .null
                    path.notification = nil
                } else {
                    return carriage(submission)
                }
            case .failure(let error):
                if error.mayHaveBeenAccepted { return .uncertain(reason: "\(error)") }
                // Only what is wrong with this very mail is final.
                if error.code == .invalidArgument { return .refused(reason: "\(error)") }
                guard !isAlone, error.code != .cancelled, moves < Self.maximumMoves else {
                    return .deferred(reason: "\(error)")
                }
                moves += 1
            }
        }
    }

    private func choose() -> Line {
        lines.removeAll { $0.session?.isUsable == false }
        if let least = lines.min(by: { $0.load < $1.load }), least.load < 2 || lines.count >= limit { return least }
        let line = Line(Task { [agent, endpoint] in await Self.connect(agent, endpoint) })
        lines.append(line)
        return line
    }

    /// The session of a line; nil when there is none to be had, and the line is gone.
    private func open(_ line: Line) async -> SMTPSession? {
        switch await line.opening.value {
        case .success(let session):
            line.session = session
            return session
        case .failure(let error):
            lines.removeAll { $0 === line }
            // QUIRK: many servers allow a client only a few connections at once; then these few must do. Without any it is an
            // outage, also a refused login: it says nothing about this mail.
            if lines.isEmpty {
                outage = ("\(error)", .now + Self.outageTime)
            } else {
                limit = max(1, min(limit, lines.count))
            }
            return nil
        }
    }

    private static func connect(_ agent: TransferAgent, _ endpoint: MailEndpoint) async -> Result<
        SMTPSession, TransportError
    > {
        do { return .success(try await agent.openSMTP(endpoint)) } catch { return .failure(error) }
    }

    private static func send(
        _ envelope: Transport.Envelope, _ bytes: [UInt8], over session: SMTPSession
    ) async -> Result<Submission, TransportError> {
        do { return .success(try await session.send(envelope, bytes)) } catch { return .failure(error) }
    }

    private func carriage(_ submission: Submission) -> Carriage {
        if submission.accepted {
            guard let final = submission.final else { return .accepted(remote: nil) }
            return .accepted(
                remote: Self.serverName(final),
                messageIDs: ReplacedMessageID.all(in: final.text, from: endpoint.host))
        }
        // A server's text may quote the address; the codes say enough.
        guard let reply = submission.refusal else { return .deferred(reason: "no reply") }
        return reply.isTransient ? .deferred(reason: submission.code) : .refused(reason: submission.code)
    }

    /// The server's own words for the mail, its queue id among them, without any address that it quotes.
    private static func serverName(_ reply: SMTPReply) -> String {
        String(reply.text.split(separator: " ").filter { !$0.contains("@") }.joined(separator: " ").prefix(120))
    }

    /// An SMTP server offers no way to look.
    public func presence(of messageID: String) async -> Presence { .unknown }

    /// Ends the sessions with QUIT; what was out of reach is tried again afterwards.
    public func close() async {
        let sessions = lines.compactMap(\.session)
        lines = []
        limit = connections
        outage = nil
        await withTaskGroup(of: Void.self) { group in
            for session in sessions { group.addTask { await session.quit() } }
        }
    }
}

extension Submission {
    /// What stood in the way of the one recipient.
    fileprivate var refusal: SMTPReply? {
        recipients.first.map(\.reply).flatMap { $0.isPositive ? nil : $0 } ?? final
    }

    fileprivate var code: String {
        refusal.map { reply in reply.enhancedCode.map { "\(reply.code) \($0)" } ?? "\(reply.code)" } ?? "no reply"
    }

    /// Whether it is the sender's address that the server does not want.
    fileprivate var refusesSender: Bool {
        guard !accepted, let sender, let refusal, refusal.isPermanent else { return false }
        // 552 is about the size (RFC 1870), 530 and 538 about us (RFC 4954).
        if !sender.isPositive { return ![530, 538, 552].contains(sender.code) }
        // RFC 3463 section 3.2: the sender's mailbox or system address. QUIRK: Postfix checks the sender only at RCPT TO, and
        // refuses one that is not the login's with 5.7.1, which says no more than "policy".
        return ["5.1.7", "5.1.8"].contains(refusal.enhancedCode)
            || refusal.text.lowercased().contains("sender address rejected")
    }
}
