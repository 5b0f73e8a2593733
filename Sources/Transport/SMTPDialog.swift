/// Lines out, replies in, on one SMTP connection.
///
/// `@unchecked`: its state is touched only by the task that holds `gate`.
final class SMTPDialog: @unchecked Sendable {
    let connection: RawConnection
    private let gate = OperationGate()
    private var parser = SMTPReplyParser()
    private let usable = LockedBox(true)

    init(connection: RawConnection) { self.connection = connection }

    var isUsable: Bool { usable.withLock { $0 } }

    /// Runs one operation of the session while no other is under way. Any error closes the connection: nobody knows what the
    /// server will say next.
    func exclusively<Value: Sendable>(
        _ step: String, _ body: () async throws(TransportError) -> Value
    ) async throws(TransportError) -> Value {
        await gate.enter()
        defer { gate.leave() }
        guard isUsable else { throw error(.closed, "the connection was closed after an earlier error", step) }
        if Task.isCancelled { throw error(.cancelled, "cancelled before it began", step) }
        do {
            return try await body()
        } catch {
            if !error.leavesConnectionUsable { abandon(error) }
            throw error
        }
    }

    /// Closes the connection for good.
    func abandon(_ reason: TransportError) {
        usable.withLock { $0 = false }
        connection.close(reason)
    }

    func error(_ code: TransportError.Code, _ message: String, _ step: String) -> TransportError {
        TransportError(code, message, host: connection.label, step: step)
    }

    // Everything below is for the holder of the gate.

    func send(_ lines: [String], _ step: String) async throws(TransportError) {
        try await connection.send(Array((lines.joined(separator: "\r\n") + "\r\n").utf8), step: step)
    }

    /// The next reply. After 421 the server closes the connection (RFC 5321 section 3.8): no further command may be given.
    func reply(_ step: String) async throws(TransportError) -> SMTPReply { try await replyWithLines(step).reply }

    func replyWithLines(_ step: String) async throws(TransportError) -> (reply: SMTPReply, lines: [String]) {
        while true {
            if let complete = try parsed(step) {
                if complete.reply.code == 421 { usable.withLock { $0 = false } }
                return complete
            }
            let bytes = try await connection.receive(step: step)
            guard !bytes.isEmpty else { throw error(.closed, "the server closed the connection", step) }
            parser.feed(bytes)
        }
    }

    private func parsed(_ step: String) throws(TransportError) -> (reply: SMTPReply, lines: [String])? {
        do {
            return try parser.next()
        } catch {
            let isTooLarge = error == .tooLarge
            throw self.error(
                isTooLarge ? .tooLarge : .protocolViolation,
                isTooLarge ? "the server's reply is longer than the limit" : "the server's reply is not SMTP", step)
        }
    }

    /// One command and its reply.
    func ask(_ line: String, _ step: String) async throws(TransportError) -> SMTPReply {
        try await send([line], step)
        return try await reply(step)
    }
}
