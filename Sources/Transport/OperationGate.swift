/// Lets one task at a time hold a dialog, in the order in which they came.
final class OperationGate: Sendable {
    private struct State {
        var isHeld = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = LockedBox(State())

    /// The gates that the current task already holds: waiting for one of them would be waiting for oneself.
    @TaskLocal static var held: [ObjectIdentifier] = []

    var isHeldByThisTask: Bool { Self.held.contains(ObjectIdentifier(self)) }

    func enter() async {
        await withCheckedContinuation { continuation in
            let isMine = state.withLock { state in
                guard state.isHeld else {
                    state.isHeld = true
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isMine { continuation.resume() }
        }
    }

    func leave() {
        let next = state.withLock { state in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() as CheckedContinuation? }
            state.isHeld = false
            return nil
        }
        next?.resume()
    }
}
