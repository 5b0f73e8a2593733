/// Commands out, responses in, on one IMAP connection. Answers are matched by tag: servers answer out of order.
///
/// `@unchecked`: its state is touched only by the task that holds `gate`.
final class IMAPDialog: @unchecked Sendable {
    let connection: RawConnection
    private let gate = OperationGate()
    var parser = IMAPResponseParser()
    private var lastTag = 0
    /// How many messages the selected mailbox has, as far as the server has told.
    private var exists: UInt64 = 0
    /// Whether messages came that no search has seen: the server tells with the answer to any command.
    var hasNews = false
    /// Set when client and server may no longer agree on what was said.
    private var failure: TransportError?

    /// Answers to ordinary commands hold names and numbers; only FETCH raises these for its duration.
    static let ordinaryLiteralLimit = 1 << 20

    init(connection: RawConnection) { self.connection = connection }

    /// Runs one operation of the session while no other is under way. An error that leaves the two sides out of step closes
    /// the connection.
    func exclusively<Value: Sendable>(
        _ step: String, _ body: () async throws(TransportError) -> Value
    ) async throws(TransportError) -> Value {
        guard !gate.isHeldByThisTask else {
            throw error(.invalidArgument, "called from inside another call on this session", step)
        }
        await gate.enter()
        defer { gate.leave() }
        if let failure { throw failure.during(step) }
        if Task.isCancelled { throw error(.cancelled, "cancelled before it began", step) }
        parser.framer.literalLimit = Self.ordinaryLiteralLimit
        let held = OperationGate.held + [ObjectIdentifier(gate)]
        let result: Result<Value, TransportError> = await OperationGate.$held.withValue(held) {
            do throws(TransportError) { return .success(try await body()) } catch { return .failure(error) }
        }
        if case .failure(let error) = result, !error.leavesConnectionUsable { abandon(error) }
        return try result.get()
    }

    /// Closes the connection for good.
    func abandon(_ reason: TransportError) {
        guard failure == nil else { return }
        failure = error(.closed, "the connection was closed after an earlier error", reason.step)
        connection.close(reason)
    }

    func error(_ code: TransportError.Code, _ message: String, _ step: String) -> TransportError {
        TransportError(code, message, host: connection.label, step: step)
    }

    // Everything below is for the holder of the gate.

    /// libcurl's own tags are `A001`…; ours come from another alphabet.
    func nextTag() -> String {
        lastTag += 1
        return "x\(lastTag)"
    }

    /// The next response. Throws for `BYE`, the end of the connection, and what is not IMAP.
    func next(_ step: String) async throws(TransportError) -> IMAPResponse {
        while true {
            if let response = try await next(step, until: nil) { return response }
        }
    }

    /// As ``next(_:)``; `nil` when the server said nothing until `patience`, which is no fault.
    func next(
        _ step: String, until patience: ContinuousClock.Instant?
    ) async throws(TransportError) -> IMAPResponse? {
        while true {
            if let response = try parsed(step) {
                if case .condition(let condition) = response, condition.status == .bye {
                    throw error(.closed, "the server said goodbye", step)
                }
                note(response)
                return response
            }
            guard let bytes = try await connection.receive(step: step, until: patience) else { return nil }
            guard !bytes.isEmpty else {
                let isInside = !parser.framer.isAtBoundary
                throw error(
                    .closed, isInside ? "the connection ended inside a response" : "the server closed the connection",
                    step)
            }
            parser.feed(bytes)
        }
    }

    /// Whether there are news. From here on they are none.
    func takeNews() -> Bool {
        defer { hasNews = false }
        return hasNews
    }

    /// QUIRK: RFC 3501 section 7.3.1: some servers repeat EXISTS with the same number, as a sign of life. Only more
    /// messages than before are news.
    private func note(_ response: IMAPResponse) {
        guard case .data(let number?, let name, _) = response else { return }
        if name == "EXISTS" {
            if number > exists { hasNews = true }
            exists = number
        } else if name == "EXPUNGE", exists > 0 {
            exists -= 1
        }
    }

    private func parsed(_ step: String) throws(TransportError) -> IMAPResponse? {
        do { return try parser.next() } catch { throw self.error(for: error, step) }
    }

    private func error(for failure: IMAPParseError, _ step: String) -> TransportError {
        switch failure {
        case .tooLarge: error(.tooLarge, "the server announced more than the limit", step)
        case .malformed: error(.protocolViolation, "the server's response is not IMAP", step)
        }
    }

    /// Sends a command and gives every response before its end to `collect`. Throws unless it ends with `OK`.
    @discardableResult
    func run(
        _ command: IMAPCommand, _ step: String,
        _ collect: (IMAPResponse) throws(TransportError) -> Void = { _ throws(TransportError) in }
    ) async throws(TransportError) -> IMAPCondition {
        let tag = nextTag()
        let parts = command.tagged(tag)
        for (index, part) in parts.enumerated() {
            try await connection.send(part, step: step)
            guard index < parts.count - 1 else { break }
            waiting: while true {
                let response = try await next(step)
                switch response {
                case .continuation: break waiting
                // Refused before the literal: it must not be sent.
                case .tagged(tag, let condition):
                    try require(condition, step)
                    throw error(.protocolViolation, "the server ended a command that was not complete", step)
                default: try collect(response)
                }
            }
        }
        while true {
            let response = try await next(step)
            switch response {
            case .tagged(tag, let condition):
                try require(condition, step)
                return condition
            case .tagged: throw error(.protocolViolation, "the server answered a command that was not given", step)
            case .continuation: throw error(.protocolViolation, "the server asks for more than was announced", step)
            default: try collect(response)
            }
        }
    }

    /// Sends commands one behind the other, and gives every response before the end of the last to `collect`: one round trip
    /// (RFC 3501 section 5.5; none of them may change what another means). Throws unless all end with `OK`.
    func run(
        _ commands: [IMAPCommand], _ step: String, _ collect: (IMAPResponse) throws(TransportError) -> Void
    ) async throws(TransportError) {
        var bytes: [UInt8] = []
        var tags: Set<String> = []
        for command in commands {
            let tag = nextTag()
            let parts = command.tagged(tag)
            guard parts.count == 1 else {
                throw error(.invalidArgument, "a literal that the server must ask for does not go with others", step)
            }
            bytes += parts[0]
            tags.insert(tag)
        }
        if tags.isEmpty { return }
        try await connection.send(bytes, step: step)
        var refusal: TransportError?
        while !tags.isEmpty {
            let response = try await next(step)
            switch response {
            case .tagged(let tag, let condition):
                guard tags.remove(tag) != nil else {
                    throw error(.protocolViolation, "the server answered a command that was not given", step)
                }
                // RFC 5530: a message was expunged meanwhile. The others have come.
                if condition.code == "EXPUNGEISSUED" { continue }
                do { try require(condition, step) } catch { refusal = refusal ?? error }
            case .continuation:
                throw error(.protocolViolation, "the server asks for more than was announced", step)
            default: try collect(response)
            }
        }
        if let refusal { throw refusal }
    }

    func require(_ condition: IMAPCondition, _ step: String) throws(TransportError) {
        guard condition.status != .ok else { return }
        // Codes are short words of RFC 5530; anything longer is text that somebody may have put there.
        let code = condition.code.flatMap { $0.utf8.count <= 30 ? $0 : nil }
        let message =
            condition.status == .bad ? "the server did not understand the command" : "the server refused"
        throw TransportError(
            .refused, code.map { "\(message) (\($0))" } ?? message, host: connection.label, step: step,
            responseCode: code,
            isRetryable: ["UNAVAILABLE", "INUSE", "SERVERBUG", "EXPUNGEISSUED"].contains(code ?? ""))
    }
}
