extension SMTPSession {
    /// Sends one message. Line ends become CRLF and dots are doubled on the way; nothing else is changed.
    ///
    /// Calls from several tasks are carried out in turn. Where the server offers PIPELINING, the envelope of the next one travels
    /// behind the text of this one, which makes one round trip a message.
    ///
    /// What the server says, good or bad, is in the result; the connection then stands ready for the next message, unless the
    /// server closed it (``isUsable``). A message that needs what the server does not offer (8BITMIME, SMTPUTF8) is refused in the
    /// same way, with the code that a server has for that; nothing was sent then.
    ///
    /// - Throws: ``TransportError``: the connection broke. If ``TransportError/mayHaveBeenAccepted``, the server may have the
    ///   message nevertheless; if not, it has not. `invalidArgument` for addresses that cannot be sent: nothing was sent then, and the
    ///   connection stands. `cancelled` closes the connection, unless the message was still waiting for its turn.
    public func send(_ envelope: Envelope, _ bytes: [UInt8]) async throws(TransportError) -> Submission {
        if let problem = envelope.problem { throw dialog.error(.invalidArgument, problem, "envelope") }
        var text = SMTPMessage.wire(bytes)
        let isEightBit = SMTPMessage.isEightBit(text)
        let needsUTF8 = envelope.needsUTF8 || isEightBit && SMTPMessage.hasEightBitHeader(text)
        if let refusal = refusal(isEightBit: isEightBit, needsUTF8: needsUTF8) {
            return Submission(
                sender: nil, recipients: envelope.recipients.map { ($0, refusal) }, final: refusal, accepted: false)
        }
        var mail = "MAIL FROM:<>"
        if case .address(let address) = envelope.sender { mail = "MAIL FROM:<\(address)>" }
        // RFC 1870 section 5 counts before dots are doubled; an estimate is allowed. Too large is the server's 552 to say.
        if extensions.size != nil { mail += " SIZE=\(text.count)" }
        if isEightBit { mail += " BODY=8BITMIME" }
        if needsUTF8 { mail += " SMTPUTF8" }
        let notification = extensions.dsn ? envelope.notification : nil
        mail += notification?.mailParameters ?? ""
        let commands = envelope.recipients.map { "RCPT TO:<\($0)>\(notification?.recipientParameters($0) ?? "")" }
        text += Self.finalDot
        return try await pipeline.send(
            SMTPTransaction(mail: mail, recipients: envelope.recipients, commands: commands, text: text))
    }

    private static let finalDot = Array(".\r\n".utf8)

    private func refusal(isEightBit: Bool, needsUTF8: Bool) -> SMTPReply? {
        if needsUTF8, !extensions.smtpUTF8 {
            // RFC 6531 section 3.5.
            return SMTPReply(
                code: 553, enhancedCode: "5.6.7",
                text: "an address or the header is not ASCII, and there is no SMTPUTF8")
        }
        if isEightBit, !extensions.eightBitMIME {
            // RFC 6152 section 3.
            return SMTPReply(code: 554, enhancedCode: "5.6.3", text: "the text is 8-bit, and there is no 8BITMIME")
        }
        return nil
    }
}
