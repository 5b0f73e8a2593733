/// What libcurl needs to open a connection and to log in on it.
struct RawOptions: Sendable {
    /// `imaps://host:993/`
    var url: String
    /// The one scheme that is allowed.
    var scheme: String
    var label: String
    /// A Unix socket that is connected to in place of the URL's host.
    var socketPath: String?
    var requiresStartTLS = false
    var credentials: MailEndpoint.Credentials = .none
    var caFile: String?
    var clientCertificate: ClientCertificate?
    var connectTimeout: Duration
    var responseTimeout: Duration
}

/// What the agent's thread needs to open a connection.
struct RawStart: Sendable {
    let ticket: TransferTicket
    let options: RawOptions
    let continuation: CheckedContinuation<Result<RawOpened, TransportError>, Never>
}

/// An open connection, and the lines the server said before it was ours.
struct RawOpened: Sendable {
    let stream: RawStream
    let greeting: [String]
}

/// A connection that libcurl has opened, secured and logged in on, and on which we hold our own dialog.
///
/// Letting go of it closes it, without a word to the server. It keeps its agent alive.
final class RawConnection: Sendable {
    private let agent: TransferAgent
    private var inbox: AgentInbox { agent.inbox }
    private let stream: RawStream
    private let responseTimeout: Duration
    let greeting: [String]

    init(agent: TransferAgent, stream: RawStream, responseTimeout: Duration, greeting: [String]) {
        self.agent = agent
        self.stream = stream
        self.responseTimeout = responseTimeout
        self.greeting = greeting
    }

    deinit { inbox.post(.close(stream)) }

    var label: String { stream.label }

    /// Waits for bytes, and returns all that have arrived; an empty array is the end of the connection. When the server is
    /// silent for longer than the response time-out, or the task is cancelled, the connection is closed and this throws.
    func receive(step: String) async throws(TransportError) -> [UInt8] {
        while true {
            if let bytes = try await receive(step: step, until: nil) { return bytes }
        }
    }

    /// As ``receive(step:)``, but silence until `patience` is no fault: then nothing is returned.
    func receive(
        step: String, until patience: ContinuousClock.Instant?
    ) async throws(TransportError) -> [UInt8]? {
        let result: Result<[UInt8]?, TransportError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                switch stream.take(continuation, patience: patience) {
                case .bytes(let bytes, let wasFull):
                    if wasFull { inbox.post(.attend(stream)) }
                    continuation.resume(returning: .success(bytes))
                case .failure(let error): continuation.resume(returning: .failure(error))
                case .waiting: inbox.expect(before: patience ?? .now + responseTimeout)
                }
            }
        } onCancel: {
            close(cancelled(step))
        }
        return try result.mapError { $0.during(step) }.get()
    }

    /// Returns when the system has accepted all bytes. They may not have reached the server.
    ///
    /// - Parameter decision: how many of them carry a message with its final dot. If the system had accepted those before it failed,
    ///   the error says ``TransportError/mayHaveBeenAccepted``.
    func send(_ bytes: [UInt8], decision: Int? = nil, step: String) async throws(TransportError) {
        if Task.isCancelled { throw cancelled(step) }
        let result: Result<Void, TransportError> = await withTaskCancellationHandler {
            await withCheckedContinuation { inbox.post(.send(stream, OutgoingBytes(bytes, decision: decision, $0))) }
        } onCancel: {
            close(cancelled(step))
        }
        try result.mapError { $0.during(step) }.get()
    }

    /// Everything that waits on this connection fails with this error, and so does every later call.
    func close(_ reason: TransportError) {
        stream.abandon(reason)
        inbox.post(.close(stream))
    }

    private func cancelled(_ step: String) -> TransportError {
        TransportError(.cancelled, "cancelled", host: label, step: step)
    }
}

extension TransportError {
    /// The same error, as it happened in this step of the dialog.
    func during(_ step: String) -> TransportError {
        TransportError(
            code, message, host: host, step: step, curlCode: curlCode, responseCode: responseCode,
            isRetryable: isRetryable, mayHaveBeenAccepted: mayHaveBeenAccepted)
    }
}
