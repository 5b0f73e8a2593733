import CPostgres
import Foundation

/// Asks the server, over a connection of its own, to stop the running statement.
///
/// `PQcancel` blocks, and without an end where the network is cut: it has a thread of its own for each request. libpq 15
/// sends it in clear text; it holds the session's cancel key and nothing else.
final class CancelRequest: Sendable {
    private let isUnderway = LockedBox(true)

    /// Whether the server has not been told yet. While it is, the request could hit a later statement.
    var isPending: Bool { isUnderway.withLock { $0 } }

    init?(_ connection: OpaquePointer, _ bell: Bell) {
        guard let request = PQgetCancel(connection) else { return nil }
        // Only this thread uses the copy from here on.
        nonisolated(unsafe) let owned = request
        Thread.detachNewThread { [isUnderway] in
            var reason = [CChar](repeating: 0, count: 256)
            _ = PQcancel(owned, &reason, Int32(reason.count))
            PQfreeCancel(owned)
            isUnderway.withLock { $0 = false }
            bell.ring()
        }
    }
}
