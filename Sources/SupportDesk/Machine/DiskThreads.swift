import Dispatch
import Synchronization

/// Threads for calls that wait for a disk: the few that everything else computes on must not stand still meanwhile. Several,
/// because a disk brings home much at once what it is asked for at once.
enum DiskThreads {
    private static let queues = (0..<16).map { DispatchQueue(label: "auradesk disk \($0)") }
    private static let turn = Atomic(0)

    /// Runs a body that may block.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        let queue = queues[turn.wrappingAdd(1, ordering: .relaxed).newValue & 15]
        return await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body()) }
        }
    }
}
