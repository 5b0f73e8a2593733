import Foundation
import Transport

/// Keeps to what a server allows: who was told to wait waits, and those behind it wait in a row instead of all coming back at
/// once. One for all requests with one login.
actor Pace {
    /// Refuses to wait longer than this at a time.
    private let patience: Duration
    /// The first instant at which something may be sent, for all and for one kind of request.
    private var openings: [String: ContinuousClock.Instant] = [:]
    /// Between two requests, while the server has none to spare.
    private var spacing: [String: Duration] = [:]
    /// Requests whose answers have not come: each may take one of those that the server has to spare.
    private var inFlight = 0

    /// - Parameter patience: how long a request may wait; a longer wait is an error that says how long.
    init(patience: Duration = .seconds(30)) { self.patience = patience }

    /// Waits for its turn.
    /// - Throws: `TooLong` when that is further away than the patience; `CancellationError`.
    func enter(_ kind: String) async throws {
        let now = ContinuousClock.now
        let opening = max(openings[""] ?? now, openings[kind] ?? now)
        guard opening > now else {
            inFlight += 1
            return
        }
        let wait = opening - now
        guard wait <= patience else { throw TooLong(wait: wait) }
        for scope in ["", kind] {
            if let gap = spacing[scope], let own = openings[scope] { openings[scope] = max(own, opening) + gap }
        }
        try await Task.sleep(for: wait)
        inFlight += 1
    }

    /// Notes that a request got no answer.
    func abandon() { inFlight -= 1 }

    /// Notes what an answer says about the ones to come.
    /// - Returns: whether the request was refused for now, and is to be sent again.
    func leave(_ response: HTTPResponse, _ kind: String) -> Bool {
        inFlight -= 1
        let allowance = Allowance(response)
        let isRefused = response.status == 429 || (response.status == 503 && response.retryAfter != nil)
        if isRefused {
            // RFC 6585 §4: the header may be missing; then a second is as good as any guess.
            let wait = response.retryAfter ?? .seconds(1)
            let scope = Allowance.kind(in: response) == nil ? "" : kind
            close(scope, for: wait, spacing: allowance?.interval ?? .milliseconds(100))
            return true
        }
        if let own = Allowance.kind(in: response), own.remaining <= 0 {
            close(kind, for: own.reset ?? .zero, spacing: nil)
        }
        guard let allowance else { return false }
        if allowance.remaining > max(allowance.enough, inFlight) {
            spacing[""] = nil
        } else if allowance.remaining > 0 {
            // A few to spare are no reason to hurry: whoever does is refused, and waits for whole seconds.
        } else if let interval = allowance.interval {
            // One comes back after each interval, not all at the end.
            close("", for: interval, spacing: interval)
        } else if let reset = allowance.reset {
            close("", for: reset, spacing: nil)
        }
        return false
    }

    private func close(_ scope: String, for wait: Duration, spacing gap: Duration?) {
        openings[scope] = max(openings[scope] ?? .now, .now + wait)
        spacing[scope] = gap
    }

    /// The server asks for more patience than there is.
    struct TooLong: Error {
        let wait: Duration
    }
}

/// What a server says about how much may still be asked.
struct Allowance: Sendable, Hashable {
    var remaining: Int
    /// Until everything may be asked again.
    var reset: Duration?
    /// After which one more may be asked, where the server counts so.
    var interval: Duration?

    /// More than this to spare, and nobody need wait.
    var enough = 0

    /// The allowance of the whole login, from the headers in use: `RateLimit-*` (draft-ietf-httpapi-ratelimit-headers), Zendesk's
    /// and Roundup's `X-…` forms of it.
    init?(_ response: HTTPResponse) {
        func number(_ names: String...) -> Int? {
            names.lazy.compactMap { response.header($0).flatMap { Int($0.trimmingCharacters(in: .whitespaces)) } }.first
        }
        guard let remaining = number("ratelimit-remaining", "x-rate-limit-remaining", "x-ratelimit-remaining") else {
            return nil
        }
        self.remaining = remaining
        // QUIRK: some give the instant, not the time until then; an hour is longer than any window of theirs.
        reset = number("ratelimit-reset", "x-rate-limit-reset", "x-ratelimit-reset").flatMap {
            (0...3_600).contains($0) ? .seconds($0) : nil
        }
        if let limit = number("x-ratelimit-limit"), limit > 0, let period = number("x-ratelimit-limit-period") {
            // Two in a hundred more, so that a request is not a moment too early by the server's clock.
            interval = .milliseconds(period * 1_020 / limit)
            enough = limit / 4
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
                return Allowance(remaining: remaining, reset: numbers["resets"].map { .seconds($0) })
            }
        }
        return nil
    }
}
