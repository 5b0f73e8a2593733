extension SMTPSession {
    /// Sends one message. Line ends become CRLF and dots are doubled on the way; nothing else is changed.
    ///
    /// What the server says, good or bad, is in the result; the connection then stands ready for the next message (a rejected
    /// one is taken back with `RSET`), unless the server closed it (``isUsable``).
    ///
    /// - Throws: ``TransportError``: the connection broke. If ``TransportError/mayHaveBeenAccepted``, the server may have the
    ///   message nevertheless; if not, it has not. `invalidArgument` for addresses that cannot be sent and `unsupported` for a message that
    ///   needs what the server does not offer: nothing was sent then, and the connection stands.
    public func send(_ envelope: Envelope, _ bytes: [UInt8]) async throws(TransportError) -> Submission {
        if let problem = envelope.problem { throw dialog.error(.invalidArgument, problem, "envelope") }
        let wire = SMTPMessage.wire(bytes)
        let mail = try mailCommand(envelope, wire)
        return try await dialog.exclusively("MAIL") { () async throws(TransportError) in
            try await transact(mail, envelope.recipients, wire)
        }
    }

    /// `MAIL FROM` with the parameters that this message needs.
    private func mailCommand(_ envelope: Envelope, _ wire: [UInt8]) throws(TransportError) -> String {
        var command = "MAIL FROM:<>"
        if case .address(let address) = envelope.sender { command = "MAIL FROM:<\(address)>" }
        // RFC 1870 section 5 counts before dots are doubled; an estimate is allowed. Too large is the server's 552 to say.
        if extensions.size != nil { command += " SIZE=\(wire.count)" }
        if SMTPMessage.isEightBit(wire) {
            guard extensions.eightBitMIME else {
                throw dialog.error(.unsupported, "the message has 8-bit text, the server takes 7-bit only", "MAIL")
            }
            command += " BODY=8BITMIME"
        }
        if envelope.needsUTF8 || SMTPMessage.hasEightBitHeader(wire) {
            guard extensions.smtpUTF8 else {
                throw dialog.error(
                    .unsupported, "an address or the header is not ASCII, the server offers no SMTPUTF8", "MAIL")
            }
            command += " SMTPUTF8"
        }
        return command
    }

    private static let finalDot = Array(".\r\n".utf8)

    private func transact(
        _ mail: String, _ recipients: [String], _ wire: [UInt8]
    ) async throws(TransportError) -> Submission {
        let (sender, replies, data) = try await introduce(mail, recipients)
        var submission = Submission(
            recipients: zip(recipients, replies).map { ($0, $1) }, final: nil, accepted: false)
        guard dialog.isUsable else {  // 421 came in between
            submission.final = data ?? sender
            return submission
        }
        let takers = sender.isPositive ? replies.count { $0.isPositive } : 0
        guard let data, data.code == 354 else {
            submission.final = sender.isPositive ? (takers > 0 ? data : nil) : sender
            try await reset()
            return submission
        }
        guard takers > 0 else {
            // RFC 2920 section 3.1: DATA was pipelined and the server waits for a text that nobody is to have.
            try await dialog.connection.send(Self.finalDot, step: "DATA")
            _ = try await dialog.reply("DATA")
            submission.final = sender.isPositive ? nil : sender
            try await reset()
            return submission
        }
        // Text and final dot in one piece. Should this fail, the system did not accept the dot, so the server cannot have taken
        // the message (RFC 5321 section 4.1.1.4); from here on it can.
        try await dialog.connection.send(wire + Self.finalDot, step: "DATA")
        do {
            try await readVerdicts(&submission)
        } catch {
            throw error.afterFinalDot()
        }
        if !submission.accepted, dialog.isUsable { try await reset() }
        return submission
    }

    /// `MAIL`, `RCPT` … and `DATA`, in one piece where the server allows it. Without pipelining `DATA` is only given when a
    /// recipient was taken.
    private func introduce(
        _ mail: String, _ recipients: [String]
    ) async throws(TransportError) -> (sender: SMTPReply, recipients: [SMTPReply], data: SMTPReply?) {
        let commands = recipients.map { "RCPT TO:<\($0)>" }
        var replies: [SMTPReply] = []
        if extensions.pipelining {
            try await dialog.send([mail] + commands + ["DATA"], "MAIL")
            let sender = try await dialog.reply("MAIL")
            for _ in recipients {
                replies.append(dialog.isUsable ? try await dialog.reply("RCPT") : replies.last ?? sender)
            }
            let last = replies.last ?? sender
            let data = dialog.isUsable ? try await dialog.reply("DATA") : last
            // Refused, the recipients' replies are only "no sender" and say less.
            return (sender, sender.isPositive ? replies : replies.map { _ in sender }, data)
        }
        let sender = try await dialog.ask(mail, "MAIL")
        guard sender.isPositive else { return (sender, recipients.map { _ in sender }, nil) }
        for command in commands {
            replies.append(dialog.isUsable ? try await dialog.ask(command, "RCPT") : replies.last ?? sender)
        }
        guard dialog.isUsable, replies.contains(where: \.isPositive) else {
            return (sender, replies, dialog.isUsable ? nil : replies.last)
        }
        return (sender, replies, try await dialog.ask("DATA", "DATA"))
    }

    /// What the server says after the final dot: once, or with LMTP for each recipient it took.
    private func readVerdicts(_ submission: inout Submission) async throws(TransportError) {
        guard isLMTP else {
            let final = try await dialog.reply("final dot")
            submission.final = final
            submission.accepted = final.isPositive
            return
        }
        for index in submission.recipients.indices where submission.recipients[index].reply.isPositive {
            // After 421 nothing more comes: it is the verdict for the rest.
            let verdict: SMTPReply
            if let last = submission.final, !dialog.isUsable {
                verdict = last
            } else {
                verdict = try await dialog.reply("final dot")
            }
            submission.recipients[index].reply = verdict
            submission.final = verdict
            submission.accepted = submission.accepted || verdict.isPositive
        }
    }

    /// Else a server may take the next message for a part of this one ("nested MAIL").
    private func reset() async throws(TransportError) {
        guard dialog.isUsable else { return }
        let reply = try await dialog.ask("RSET", "RSET")
        if !reply.isPositive {
            dialog.abandon(dialog.error(.protocolViolation, "the server refused RSET", "RSET"))
        }
    }
}
