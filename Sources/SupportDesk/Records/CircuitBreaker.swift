/// Keeps a service that fails from being asked again and again: after some failures in a window nobody asks for a while,
/// then one question is tried, and its outcome decides for all.
struct CircuitBreaker: Sendable {
    private enum State {
        case closed
        case open(until: ContinuousClock.Instant)
        /// One question is under way.
        case trying
    }

    /// Failures within the window that open it.
    let failures: Int
    /// Older failures do not count.
    let window: Duration
    /// How long it stays open.
    let pause: Duration

    private var state = State.closed
    private var recent: [ContinuousClock.Instant] = []

    init(failures: Int, window: Duration, pause: Duration) {
        self.failures = failures
        self.window = window
        self.pause = pause
    }

    /// Whether a question may be asked now; the first one after the pause is the trial.
    mutating func admits(_ now: ContinuousClock.Instant) -> Bool {
        switch state {
        case .closed: return true
        case .trying: return false
        case .open(let end):
            guard now >= end else { return false }
            state = .trying
            return true
        }
    }

    /// Notes an answer; that of a trial closes it.
    mutating func succeed() {
        if case .trying = state { state = .closed }
    }

    /// A trial that ended without telling anything: the next question is the trial.
    mutating func abandon(_ now: ContinuousClock.Instant) {
        if case .trying = state { state = .open(until: now) }
    }

    /// Notes a failure; true when it opened the breaker.
    /// - Parameter isLasting: somebody must mend something first: one failure is enough.
    mutating func fail(_ now: ContinuousClock.Instant, isLasting: Bool) -> Bool {
        if case .open = state { return false }
        recent = recent.filter { now - $0 <= window }
        recent.append(now)
        var isTrial = false
        if case .trying = state { isTrial = true }
        guard isTrial || isLasting || recent.count >= failures else { return false }
        state = .open(until: now + pause)
        recent = []
        return true
    }
}
