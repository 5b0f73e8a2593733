import CCurl

/// The only way to the agent's thread: a queue of commands, and the means to wake it.
final class AgentInbox: Sendable {
    enum Command: Sendable {
        case http(HTTPStart)
        case open(RawStart)
        case cancel(TransferTicket)
        case send(RawStream, OutgoingBytes)
        /// The stream's reader took what had filled it: there is room again.
        case attend(RawStream)
        case close(RawStream)
    }

    private struct State {
        var commands: [Command] = []
        /// Present while the thread polls it. `curl_multi_wakeup` is the one call allowed from other threads.
        nonisolated(unsafe) var multi: UnsafeMutableRawPointer?  // under the box's lock
        /// When the thread will wake by itself; `nil` while it is awake.
        var wakesAt: ContinuousClock.Instant?
        var isStopping = false
        var hasEnded = false
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
    }

    private let state = LockedBox(State())

    /// Queues a command. After the end it fails at once what waits for it.
    func post(_ command: Command) {
        let isLate = state.withLock { state in
            if state.isStopping { return true }
            state.commands.append(command)
            if let multi = state.multi { _ = curl_multi_wakeup(multi) }
            return false
        }
        if isLate { Self.fail(command) }
    }

    /// Somebody waits since now, and the thread must look at that before this time. Mostly it will anyway.
    func expect(before deadline: ContinuousClock.Instant) {
        state.withLock { state in
            if let wakesAt = state.wakesAt, wakesAt <= deadline { return }
            if let multi = state.multi { _ = curl_multi_wakeup(multi) }
        }
    }

    /// Asks the thread to end; the continuation is resumed when it has.
    func stop(_ continuation: CheckedContinuation<Void, Never>?) {
        let hasEnded = state.withLock { state in
            state.isStopping = true
            if let multi = state.multi { _ = curl_multi_wakeup(multi) }
            if !state.hasEnded, let continuation { state.waitingForEnd.append(continuation) }
            return state.hasEnded
        }
        if hasEnded { continuation?.resume() }
    }

    // What follows is for the agent's thread.

    func attach(_ multi: UnsafeMutableRawPointer) { state.withLock { $0.multi = multi } }

    func take() -> (commands: [Command], isStopping: Bool) {
        state.withLock { state in
            // Whoever begins to wait from here on is perhaps not seen before the next sleep, and so must wake us from it.
            state.wakesAt = nil
            defer { state.commands.removeAll(keepingCapacity: true) }
            return (state.commands, state.isStopping)
        }
    }

    /// The thread has looked at everything and goes to sleep.
    func sleeps(until time: ContinuousClock.Instant) { state.withLock { $0.wakesAt = time } }

    /// From here on nobody wakes the handle any more. The thread may destroy it.
    func detach() { state.withLock { $0.multi = nil } }

    func end() {
        let waiting = state.withLock { state in
            state.hasEnded = true
            state.isStopping = true
            defer { state.waitingForEnd = [] }
            return state.waitingForEnd
        }
        for continuation in waiting { continuation.resume() }
    }

    static func fail(_ command: Command) {
        func ended(_ host: String, _ step: String) -> TransportError {
            TransportError(.closed, "the transfer agent was shut down", host: host, step: step, isRetryable: false)
        }
        switch command {
        case .http(let start): start.continuation.resume(returning: .failure(ended(start.address.label, "connect")))
        case .open(let start): start.continuation.resume(returning: .failure(ended(start.options.label, "connect")))
        case .send(let stream, let bytes):
            bytes.finish(.failure(ended(stream.label, "send")))
        case .attend(let stream): stream.fail(ended(stream.label, "receive"))
        case .cancel, .close: break
        }
    }
}
