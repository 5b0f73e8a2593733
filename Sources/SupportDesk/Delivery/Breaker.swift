import Foundation

/// Remembers for a while that a server is down, so that what follows does not wait for the same time-out again.
actor Breaker {
    private static let memory: TimeInterval = 30
    private var outage: (since: Date, reason: String)?

    func trip(_ reason: String, at instant: Date) { outage = (instant, reason) }

    /// Why nothing should be tried now; nil when it may.
    func reason(at instant: Date) -> String? {
        guard let outage, instant.timeIntervalSince(outage.since) < Self.memory else { return nil }
        return outage.reason
    }
}
