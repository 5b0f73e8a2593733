import CPostgres
import Foundation

/// Wakes a thread that polls: a descriptor that is readable after `ring()` until `hush()`.
final class Bell: Sendable {
    let descriptor: Int32

    init() throws(PostgresError) {
        descriptor = aura_pq_eventfd()
        guard descriptor >= 0 else {
            throw PostgresError(.connect, "no descriptor is left (errno \(errno))", isRetryable: true)
        }
    }

    deinit { close(descriptor) }

    func ring() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    func hush() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
    }

    /// Waits for the bell, for `socket` (negative: none), or for `deadline` (nil: none). Answers whether the socket is
    /// ready; an interrupted wait answers no.
    func wait(_ socket: Int32, _ events: Int32, until deadline: ContinuousClock.Instant?) -> Bool {
        var milliseconds: Int32 = -1
        if let deadline {
            let left = deadline - ContinuousClock.now
            milliseconds = left <= .zero ? 0 : left > .seconds(3600) ? 3_600_000 : Int32(left / .milliseconds(1)) + 1
        }
        var descriptors = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: socket, events: Int16(events), revents: 0),
        ]
        guard poll(&descriptors, 2, milliseconds) > 0 else { return false }
        if descriptors[0].revents != 0 { hush() }
        return descriptors[1].revents != 0
    }
}
