import Foundation
import Transport

/// Keeps to what a server allows: who was told to wait waits, and those behind it wait in a row instead of all coming back at
/// once. One for all requests with one login.
actor Pace {
    private var turns: Turns

    /// - Parameter patience: how long a request may wait; a longer wait is an error that says how long.
    init(patience: Duration = .seconds(30)) { turns = Turns(patience: patience) }

    /// Waits for its turn.
    /// - Throws: `TooLong` when that is further away than the patience; `CancellationError`.
    func enter(_ kind: String) async throws {
        let wait = try turns.take(kind, at: .now)
        guard wait > .zero else { return }
        do { try await Task.sleep(for: wait) } catch {
            turns.abandon()
            throw error
        }
    }

    /// Notes that a request got no answer.
    func abandon() { turns.abandon() }

    /// Notes what an answer says about the ones to come.
    /// - Returns: whether the request was refused for now, and is to be sent again.
    func leave(_ response: HTTPResponse, _ kind: String) -> Bool { turns.end(response, kind, at: .now) }

    /// The server asks for more patience than there is.
    struct TooLong: Error {
        let wait: Duration
    }
}

/// The order in which requests may be sent, as a value without a clock: what `Pace` keeps to.
struct Turns: Sendable {
    /// Refuses to wait longer than this at a time.
    let patience: Duration
    /// For all requests (under the empty name) and for one kind of request.
    private var gates: [String: Gate] = [:]
    /// Requests that have a turn and no answer yet: each will take one of those that the server has to spare.
    private var underway = 0

    init(patience: Duration) { self.patience = patience }

    /// Takes the next turn.
    /// - Returns: how long to wait for it.
    /// - Throws: `Pace.TooLong` when that is longer than the patience.
    mutating func take(_ kind: String, at now: ContinuousClock.Instant) throws(Pace.TooLong) -> Duration {
        let opening = max(now, gates[""]?.opening ?? now, gates[kind]?.opening ?? now)
        guard opening - now <= patience else { throw Pace.TooLong(wait: opening - now) }
        for scope in ["", kind] { gates[scope]?.pass(at: opening) }
        underway += 1
        return opening - now
    }

    /// Notes that a request gets no answer.
    mutating func abandon() { underway -= 1 }

    /// Notes what an answer says about the ones to come.
    /// - Returns: whether the request was refused for now, and is to be sent again.
    mutating func end(_ response: HTTPResponse, _ kind: String, at now: ContinuousClock.Instant) -> Bool {
        underway -= 1
        let (allowance, own) = (Allowance(response), Allowance.kind(in: response))
        if response.status == 429 || (response.status == 503 && response.retryAfter != nil) {
            // RFC 6585 §4: the header may be missing; then a second is as good as any guess.
            let end = now + min(response.retryAfter ?? .seconds(1), Allowance.longest)
            gates[own == nil ? "" : kind, default: Gate(now)]
                .close(until: end, then: allowance?.interval ?? .milliseconds(100))
            return true
        }
        if let own { gates[kind, default: Gate(now)].close(until: now + (own.reset ?? .zero), then: .zero) }
        guard let allowance else { return false }
        if let interval = allowance.interval {
            let next = now + interval * (1 + underway - allowance.remaining)
            gates["", default: Gate(now)].expect(next, interval, allowance.burst)
        } else if allowance.remaining <= 0, let reset = allowance.reset {
            gates["", default: Gate(now)].close(until: now + reset, then: .zero)
        }
        return false
    }

    /// Where requests pass one after the other.
    private struct Gate {
        /// Nothing passes before it, whatever is to spare: the server said so.
        private var closedUntil: ContinuousClock.Instant
        /// When the next one is due at an even rate; as far in the past as there are some to spare.
        private var slot: ContinuousClock.Instant
        private var gap = Duration.zero
        /// How many may pass at once after a long rest.
        private var burst = 1

        init(_ now: ContinuousClock.Instant) { (closedUntil, slot) = (now, now) }

        var opening: ContinuousClock.Instant { max(closedUntil, slot) }

        mutating func pass(at instant: ContinuousClock.Instant) {
            slot = max(slot, instant - gap * (burst - 1)) + gap
        }

        mutating func close(until end: ContinuousClock.Instant, then gap: Duration) {
            closedUntil = max(closedUntil, end)
            (slot, self.gap, burst) = (max(slot, closedUntil), gap, 1)
        }

        mutating func expect(_ next: ContinuousClock.Instant, _ gap: Duration, _ burst: Int) {
            (slot, self.gap, self.burst) = (next, gap, max(1, burst))
        }
    }
}

/// What a server says about how much may still be asked.
struct Allowance: Sendable, Hashable {
    var remaining: Int
    /// Until everything may be asked again.
    var reset: Duration?
    /// After which one more may be asked, where the server counts so.
    var interval: Duration?

    /// How many may be asked at once after a long rest, where the server counts so.
    var burst = 1

    /// No window of a known server is longer; whoever asks for more has a wrong clock, and is asked again after it.
    static let longest = Duration.seconds(3_600)
    /// More requests than this nobody has to spare.
    private static let most = 1_000_000

    /// The allowance of the whole login, from the headers in use: `RateLimit-*` (draft-ietf-httpapi-ratelimit-headers), Zendesk's
    /// and Roundup's `X-…` forms of it.
    init?(_ response: HTTPResponse) {
        func number(_ names: String...) -> Int? {
            names.lazy.compactMap { response.header($0).flatMap { Int($0.trimmingCharacters(in: .whitespaces)) } }.first
        }
        func count(_ names: String...) -> Int? {
            names.lazy.compactMap { number($0) }.first.map { min(max($0, 0), Self.most) }
        }
        guard let remaining = count("ratelimit-remaining", "x-rate-limit-remaining", "x-ratelimit-remaining") else {
            return nil
        }
        self.remaining = remaining
        // QUIRK: some give the instant, not the time until then; an hour is longer than any window of theirs.
        reset = number("ratelimit-reset", "x-rate-limit-reset", "x-ratelimit-reset").flatMap {
            Duration.zero...Self.longest ~= .seconds($0) ? .seconds($0) : nil
        }
        if let limit = count("x-ratelimit-limit"), limit > 0, let period = number("x-ratelimit-limit-period"),
            (1...86_400).contains(period)
        {
            // Two in a hundred more, so that a request is not a moment too early by the server's clock.
            interval = .milliseconds(period * 1_020 / limit)
            burst = limit
        }
    }

    private init(remaining: Int, reset: Duration?) {
        self.remaining = remaining
        self.reset = reset
    }

    /// Zendesk's allowance of one kind of request: `zendesk-ratelimit-tickets-index: total=100; remaining=0; resets=41`.
    static func kind(in response: HTTPResponse) -> Allowance? {
        for (name, value) in response.headers where name.lowercased().hasPrefix("zendesk-ratelimit-") {
            var numbers: [Substring: Int] = [:]
            for part in value.split(separator: ";") {
                let pair = part.split(separator: "=", maxSplits: 1)
                guard pair.count == 2 else { continue }
                numbers[pair[0].drop { $0 == " " }] = Int(pair[1].filter(\.isNumber))
            }
            if let remaining = numbers["remaining"], remaining <= 0 {
                return Allowance(remaining: remaining, reset: numbers["resets"].map { min(.seconds($0), longest) })
            }
        }
        return nil
    }
}
