import Foundation

/// Whose turn it is on a connection: statements and transactions of several tasks, one after the other, first come
/// first served.
///
/// `@unchecked Sendable`: everything is guarded by `lock`.
final class Turn: @unchecked Sendable {
    private let lock = NSLock()
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Waits for the turn. Every `take` is followed by one `pass`.
    func take() async {
        await withCheckedContinuation { continuation in
            lock.lock()
            if isTaken {
                waiting.append(continuation)
                lock.unlock()
            } else {
                isTaken = true
                lock.unlock()
                continuation.resume()
            }
        }
    }

    /// Lets the next one go on.
    func pass() {
        lock.lock()
        let next = waiting.isEmpty ? nil : waiting.removeFirst()
        if next == nil { isTaken = false }
        lock.unlock()
        next?.resume()
    }
}
