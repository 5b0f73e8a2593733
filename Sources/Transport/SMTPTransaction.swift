/// One message in the hands of a session, from the call of `send` to its result.
final class SMTPTransaction: Sendable {
    typealias Outcome = Result<Submission, TransportError>

    let mail: String
    let recipients: [String]
    /// One for each recipient.
    let commands: [String]
    /// The text as it travels, with the final dot.
    let text: [UInt8]

    enum Stage { case new, waiting, withdrawn, begun }

    /// How far it is in the queue.
    nonisolated(unsafe) var stage = Stage.new  // under the lock of the pipeline's queue

    private enum State {
        case new
        case waiting(CheckedContinuation<Outcome, Never>)
        case finished(Outcome)
        case over
    }

    private let state = LockedBox(State.new)

    init(mail: String, recipients: [String], commands: [String], text: [UInt8]) {
        self.mail = mail
        self.recipients = recipients
        self.commands = commands
        self.text = text
    }

    var isFinished: Bool {
        state.withLock { state in
            switch state {
            case .new, .waiting: false
            case .finished, .over: true
            }
        }
    }

    /// Gives the outcome to whoever waits for it. The first one counts.
    func finish(_ outcome: Outcome) {
        let waiter: CheckedContinuation<Outcome, Never>? = state.withLock { state in
            switch state {
            case .new:
                state = .finished(outcome)
                return nil
            case .waiting(let continuation):
                state = .over
                return continuation
            case .finished, .over: return nil
            }
        }
        waiter?.resume(returning: outcome)
    }

    /// The outcome; called once.
    func outcome() async -> Outcome {
        await withCheckedContinuation { continuation in
            let early: Outcome? = state.withLock { state in
                if case .finished(let outcome) = state {
                    state = .over
                    return outcome
                }
                state = .waiting(continuation)
                return nil
            }
            if let early { continuation.resume(returning: early) }
        }
    }
}
