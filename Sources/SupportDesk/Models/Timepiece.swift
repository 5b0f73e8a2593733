/// The passing of time, as what waits needs it: a test may let it pass at once.
struct Timepiece: Sendable {
    /// Since some moment in the past.
    let now: @Sendable () -> Duration
    /// Waits; ends with an error when the task is cancelled.
    let sleep: @Sendable (Duration) async throws -> Void

    /// The machine's.
    static let real: Timepiece = {
        let start = ContinuousClock.now
        return Timepiece(now: { ContinuousClock.now - start }, sleep: { try await Task.sleep(for: $0) })
    }()
}
