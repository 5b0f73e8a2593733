/// The way to one model: so many requests at once, as fast as the provider allows, and none for a while when it fails.
///
/// All requests to the model pass here, so that what one of them hears holds for the others.
actor ModelGate {
    /// The right to make one request; given back with `leave`.
    struct Pass: Sendable {
        fileprivate let number: Int
        fileprivate let isProbe: Bool
    }

    private let name: String
    private let concurrency: Int
    private let maximumWait: Duration
    private let time: Timepiece

    private var running = 0
    private var waiting: [(id: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    /// How many requests were begun; numbers passes and those who wait.
    private var count = 0

    /// Before this nothing is asked: the provider wants a pause.
    private var heldUntil: Duration?
    private var requests: (left: Int, until: Duration)?
    private var tokens: (left: Int, until: Duration)?

    /// Failures since the last answer; several of one pause count once.
    private var failures = 0
    private var restingUntil: Duration?
    private var isProbing = false
    private var rest: Duration

    /// So many failures in a row, and the model is left alone.
    static let maximumFailures = 3
    /// For so long at first, twice as long each time that it fails again, until it is the longest.
    static let firstRest = Duration.seconds(60)
    private static let longestRest = Duration.seconds(600)

    init(_ model: ModelConfiguration, time: Timepiece) {
        name = model.name
        concurrency = model.concurrency
        maximumWait = model.maximumWait
        rest = Self.firstRest
        self.time = time
    }

    /// Takes up what former runs, or other processes, found out: the model has failed, and rests for so much longer.
    func begin(resting left: Duration) {
        guard restingUntil == nil, failures == 0 else { return }
        failures = Self.maximumFailures
        restingUntil = time.now() + left
    }

    /// Waits for a place and for the provider's leave.
    /// - Parameter tokens: what the request will take of the provider's allowance, about.
    /// - Throws: `ModelError` when the model rests, or when the wait would be too long; `CancellationError`.
    func enter(tokens size: Int) async throws -> Pass {
        try await takePlace()
        do {
            while true {
                let isProbe = try mayAsk()
                let wait = self.wait(for: size)
                guard wait > .zero else {
                    count += 1
                    requests?.left -= 1
                    tokens?.left -= size
                    if isProbe { isProbing = true }
                    return Pass(number: count, isProbe: isProbe)
                }
                if wait > maximumWait {
                    throw ModelError(.resting, "\(name): the provider wants a pause of \(wait.inSeconds) s")
                }
                // Those who wait for the same moment do not all come at once.
                try await time.sleep(wait + min(wait / 10, .seconds(1)) * Double.random(in: 0...1))
            }
        } catch {
            leavePlace()
            throw error
        }
    }

    /// Gives a pass back with what came of it.
    /// - Returns: for how long the model is left alone now, when this was what was still missing for it.
    func leave(_ pass: Pass, _ error: ModelError?, _ allowance: RateAllowance) -> Duration? {
        leavePlace()
        if pass.isProbe { isProbing = false }
        let now = time.now()
        // What was begun after this request may not be in the provider's count yet.
        let later = count - pass.number
        if let limit = allowance.requests { requests = (limit.remaining - later, now + limit.reset) }
        if let limit = allowance.tokens { tokens = (limit.remaining, now + limit.reset) }
        guard let error, error.isOfModel else {
            failures = 0
            restingUntil = nil
            rest = Self.firstRest
            return nil
        }
        if error.code == .rateLimited || error.retryAfter != nil {
            let until = now + (error.retryAfter ?? .seconds(1))
            let isNew = heldUntil.map { $0 <= now } ?? true
            heldUntil = max(heldUntil ?? until, until)
            // All that were under way hear the same; it is one refusal.
            guard isNew else { return nil }
        }
        failures += 1
        let hasEnough = failures >= Self.maximumFailures || error.code == .misconfigured
        guard hasEnough, pass.isProbe || restingUntil == nil else { return nil }
        restingUntil = now + rest
        defer { rest = min(rest * 2, Self.longestRest) }
        return rest
    }

    /// Gives a pass back of which nothing came: its task was cancelled.
    func abandon(_ pass: Pass) {
        leavePlace()
        if pass.isProbe { isProbing = false }
    }

    /// Whether the model is left alone.
    var isResting: Bool { restingUntil.map { $0 > time.now() || isProbing } ?? false }

    /// Whether this request is the one that tries whether the model is back.
    private func mayAsk() throws -> Bool {
        guard let restingUntil else { return false }
        guard restingUntil <= time.now(), !isProbing else {
            throw ModelError(.resting, "\(name): left alone after \(failures) failures")
        }
        return true
    }

    private func wait(for size: Int) -> Duration {
        let now = time.now()
        if let requests, requests.until <= now { self.requests = nil }
        if let tokens, tokens.until <= now { self.tokens = nil }
        var until = heldUntil ?? now
        if let requests, requests.left <= 0 { until = max(until, requests.until) }
        if let tokens, tokens.left < size { until = max(until, tokens.until) }
        return until - now
    }

    // MARK: Places

    private func takePlace() async throws {
        if running < concurrency {
            running += 1
            return
        }
        count += 1
        let id = count
        let isMine = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume(returning: false)
                } else {
                    waiting.append((id, continuation))
                }
            }
        } onCancel: {
            Task { await self.giveUp(id) }
        }
        if !isMine { throw CancellationError() }
    }

    /// A place that is left goes to who waited longest.
    private func leavePlace() {
        if waiting.isEmpty { running -= 1 } else { waiting.removeFirst().continuation.resume(returning: true) }
    }

    private func giveUp(_ id: Int) {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting.remove(at: index).continuation.resume(returning: false)
    }
}

extension Duration {
    /// Whole seconds, rounded up.
    var inSeconds: Int64 { components.seconds + (components.attoseconds > 0 ? 1 : 0) }
}
