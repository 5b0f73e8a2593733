import Foundation
import Synchronization
import Testing
import Transport

@testable import SupportDesk

/// The way to a model, with a clock on which waiting takes no time.
@Suite("Model gate")
struct ModelGateTests {
    /// Time that passes when somebody waits.
    private final class FastTime: Sendable {
        private let state = Mutex<(now: Duration, slept: [Duration])>((.zero, []))
        var now: Duration { state.withLock { $0.now } }
        var slept: [Duration] { state.withLock { $0.slept } }
        func pass(_ duration: Duration) { state.withLock { $0.now += duration } }
        var piece: Timepiece {
            Timepiece(
                now: { self.now },
                sleep: { duration in
                    self.state.withLock {
                        $0.now += duration
                        $0.slept.append(duration)
                    }
                })
        }
    }

    private func gate(_ time: FastTime, concurrency: Int = 32, wait: Duration = .seconds(20)) -> ModelGate {
        var model = ModelConfiguration(url: "https://m.example/v1", name: "m")
        model.concurrency = concurrency
        model.maximumWait = wait
        return ModelGate(model, time: time.piece)
    }

    private let none = RateAllowance()

    @Test("after 429 nobody asks before the time that the server names, and not all at once")
    func held() async throws {
        let time = FastTime()
        let gate = gate(time)
        let pass = try await gate.enter(tokens: 10)
        _ = await gate.leave(pass, ModelError(.rateLimited, "429", retryAfter: .seconds(8)), none)
        let next = try await gate.enter(tokens: 10)
        #expect(time.now >= .seconds(8) && time.now < .seconds(9))
        _ = await gate.leave(next, nil, none)
        let far = try await gate.enter(tokens: 10)
        _ = await gate.leave(far, ModelError(.rateLimited, "429", retryAfter: .seconds(60)), none)
        await #expect(throws: ModelError.self) { _ = try await gate.enter(tokens: 10) }
    }

    @Test("it paces itself by what the provider says is left, of requests and of tokens")
    func paced() async throws {
        let time = FastTime()
        let gate = gate(time)
        let first = try await gate.enter(tokens: 10)
        let allowance = RateAllowance(
            requests: .init(remaining: 2, reset: .seconds(6)), tokens: .init(remaining: 1_000, reset: .seconds(3)))
        _ = await gate.leave(first, nil, allowance)
        let second = try await gate.enter(tokens: 600)
        #expect(time.slept.isEmpty)
        let third = try await gate.enter(tokens: 600)
        #expect(time.now >= .seconds(3) && time.now < .seconds(4), "the tokens were gone")
        let fourth = try await gate.enter(tokens: 600)
        #expect(time.now >= .seconds(6) && time.now < .seconds(7), "the requests were gone")
        for pass in [second, third, fourth] { _ = await gate.leave(pass, nil, none) }
    }

    @Test("three failures in a row and it rests; then one request tries, and each failure doubles the rest")
    func rests() async throws {
        let time = FastTime()
        let gate = gate(time)
        var passes: [ModelGate.Pass] = []
        for _ in 0..<8 { passes.append(try await gate.enter(tokens: 1)) }
        var rests: [Duration] = []
        for pass in passes {
            if let rest = await gate.leave(pass, ModelError(.timedOut, "t"), none) { rests.append(rest) }
        }
        #expect(rests == [.seconds(60)], "what was under way changes nothing more")
        await #expect(throws: ModelError.self) { _ = try await gate.enter(tokens: 1) }
        time.pass(.seconds(61))
        let probe = try await gate.enter(tokens: 1)
        await #expect(throws: ModelError.self, "one at a time") { _ = try await gate.enter(tokens: 1) }
        #expect(await gate.leave(probe, ModelError(.unreachable, "u"), none) == .seconds(120))
        time.pass(.seconds(121))
        let second = try await gate.enter(tokens: 1)
        #expect(await gate.leave(second, nil, none) == nil)
        _ = try await gate.enter(tokens: 1)
        _ = try await gate.enter(tokens: 1)
    }

    @Test("an answer that is no use says that the model is there; a wrong key rests it at once")
    func kinds() async throws {
        let gate = gate(FastTime())
        for _ in 0..<10 {
            let pass = try await gate.enter(tokens: 1)
            #expect(await gate.leave(pass, ModelError(.malformed, "m"), none) == nil)
        }
        let pass = try await gate.enter(tokens: 1)
        #expect(await gate.leave(pass, ModelError(.misconfigured, "HTTP 401"), none) != nil)
    }

    @Test("no more at once than allowed; who waits and is cancelled leaves the line", .timeLimit(.minutes(1)))
    func places() async throws {
        let gate = gate(FastTime(), concurrency: 2)
        let first = try await gate.enter(tokens: 1)
        _ = try await gate.enter(tokens: 1)
        let cancelled = Task { try await gate.enter(tokens: 1) }
        let waiting = Task { try await gate.enter(tokens: 1) }
        try await Task.sleep(for: .milliseconds(50))
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { _ = try await cancelled.value }
        await gate.abandon(first)
        _ = try await waiting.value
    }

    @Test("what providers say in their headers, and what is nonsense")
    func headers() {
        let now = Date(timeIntervalSince1970: 1_773_133_200)
        func allowance(_ headers: [(String, String)]) -> RateAllowance {
            RateAllowance(HTTPResponse(status: 200, headers: headers.map { (name: $0.0, value: $0.1) }), now: now)
        }
        let openai = allowance([
            ("x-ratelimit-remaining-requests", "59"), ("x-ratelimit-reset-requests", "1m2.5s"),
            ("x-ratelimit-remaining-tokens", "149984"), ("x-ratelimit-reset-tokens", "20ms"),
        ])
        #expect(openai.requests == .init(remaining: 59, reset: .milliseconds(62_500)))
        #expect(openai.tokens == .init(remaining: 149_984, reset: .milliseconds(20)))
        let anthropic = allowance([
            ("anthropic-ratelimit-requests-remaining", "0"),
            ("anthropic-ratelimit-requests-reset", "2026-03-10T09:00:30Z"),
            ("anthropic-ratelimit-input-tokens-remaining", "7"),
            ("anthropic-ratelimit-input-tokens-reset", "2026-03-10T08:59:00Z"),
        ])
        #expect(anthropic.requests == .init(remaining: 0, reset: .seconds(30)))
        #expect(anthropic.tokens == .init(remaining: 7, reset: .zero))
        // Azure says -1 where it does not count.
        #expect(
            allowance([("x-ratelimit-remaining-tokens", "-1"), ("x-ratelimit-reset-tokens", "0")]) == RateAllowance())
        for text in ["", "soon", "5x", "1e9s", "-3s", "NaN", "1..2s", "Tuesday"] {
            #expect(RateAllowance.span(text, now: now) == nil, "\(text)")
        }
        #expect(RateAllowance.span("7", now: now) == .seconds(7))
        #expect(RateAllowance.span("99999h", now: now) == .seconds(3_600))
    }
}
