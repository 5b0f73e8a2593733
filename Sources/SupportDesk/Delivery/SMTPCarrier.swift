import Transport

/// Hands mail to a submission server (RFC 6409) over one connection that is kept while it works.
public actor SMTPCarrier: MailCarrier {
    private let endpoint: MailEndpoint
    private let agent: TransferAgent
    private var session: SMTPSession?
    /// Why the server could not be reached; it is not tried again for every mail before `close`.
    private var outage: String?
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Names the server; nothing is connected yet.
    public init(endpoint: MailEndpoint, agent: TransferAgent) {
        self.endpoint = endpoint
        self.agent = agent
        name = "smtp \(endpoint.host):\(endpoint.port)"
    }

    /// Server and port.
    public nonisolated let name: String

    /// Submits over the kept connection, or a fresh one; mails go one after the other.
    public func carry(_ envelope: Envelope) async -> Carriage {
        await acquire()
        defer { release() }
        if let outage { return .unreachable(reason: outage) }
        do {
            return try await submit(envelope)
        } catch {
            session = nil
            if error.mayHaveBeenAccepted { return .uncertain(reason: "\(error)") }
            // Only what is wrong with this very mail is final.
            return error.code == .invalidArgument || error.code == .tooLarge || error.code == .unsupported
                ? .refused(reason: "\(error)") : .deferred(reason: "\(error)")
        }
    }

    private func submit(_ envelope: Envelope) async throws(TransportError) -> Carriage {
        let path = Transport.Envelope(
            sender: envelope.sender.map { .address($0) } ?? .null, recipients: [envelope.recipient])
        var reused = session != nil
        while true {
            let session: SMTPSession
            do {
                if let open = self.session { session = open } else { session = try await agent.openSMTP(endpoint) }
            } catch {
                // Also a refused login: it says nothing about this mail.
                outage = "\(error)"
                return .unreachable(reason: "\(error)")
            }
            self.session = session
            do {
                return Self.carriage(try await session.send(path, envelope.bytes))
            } catch {
                self.session = nil
                // A kept connection may have been closed while idle; before the final dot a fresh one is safe.
                guard reused, !error.mayHaveBeenAccepted else { throw error }
                reused = false
            }
        }
    }

    private static func carriage(_ submission: Submission) -> Carriage {
        let reply = submission.recipients.first.map(\.reply).flatMap { $0.isPositive ? nil : $0 } ?? submission.final
        if submission.accepted { return .accepted(remote: submission.final.map(serverName)) }
        // A server's text may quote the address; the codes say enough.
        let reason = reply.map { "\($0.code) \($0.enhancedCode ?? "")" } ?? "no reply"
        return reply?.isTransient ?? true ? .deferred(reason: reason) : .refused(reason: reason)
    }

    /// The server's own words for the mail, its queue id among them, without any address that it quotes.
    private static func serverName(_ reply: SMTPReply) -> String {
        String(reply.text.split(separator: " ").filter { !$0.contains("@") }.joined(separator: " ").prefix(120))
    }

    /// An SMTP server offers no way to look.
    public func presence(of messageID: String) async -> Presence { .unknown }

    /// Ends the session with QUIT; what was out of reach is tried again afterwards.
    public func close() async {
        await session?.quit()
        session = nil
        outage = nil
    }

    private func acquire() async {
        if !isBusy {
            isBusy = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func release() {
        if waiting.isEmpty { isBusy = false } else { waiting.removeFirst().resume() }
    }
}
