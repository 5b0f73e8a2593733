import Foundation
import TestServers
import Testing
import Transport

@testable import SupportDesk

/// Keeping to what a server allows, against servers that count as the known ones do.
@Suite("Pace")
struct PaceTests {
    /// One more request after each interval, a few in a row (the generic cell rate algorithm, as Roundup has it).
    private struct Cell {
        /// When the next one would be due at an even rate, in seconds.
        private var arrival = 0.0
        private(set) var requests = 0
        let calls: Int
        let period: Double

        init(calls: Int, period: Double) { (self.calls, self.period) = (calls, period) }

        mutating func answer(at now: Double) -> HTTPResponse {
            let step = period / Double(calls)
            let next = max(arrival, now)
            let isRefused = next - now > period - step
            requests += 1
            if !isRefused { arrival = next + step }
            let spare = Int((period - (arrival - now)) / step)
            var headers = [
                (name: "X-RateLimit-Limit", value: "\(calls)"),
                (name: "X-RateLimit-Limit-Period", value: "\(Int(period))"),
                (name: "X-RateLimit-Remaining", value: "\(max(0, spare))"),
                (name: "X-RateLimit-Reset", value: "\(Int((arrival - now).rounded(.up)))"),
            ]
            if isRefused {
                headers.append((name: "Retry-After", value: "\(Int((next - now - (period - step)).rounded(.up)))"))
            }
            return HTTPResponse(status: isRefused ? 429 : 200, headers: headers)
        }
    }

    /// What happens next, in a time that is only counted: what the machine does besides changes nothing.
    private enum Event { case turn, send, arrive, answer(HTTPResponse) }

    @Test(
        "under a rate of cells no request is refused, and little of its time is lost",
        arguments: [0.001, 0.02, 0.15, 0.6])
    func cells(travel: Double) throws {
        var cell = Cell(calls: 10, period: 2)
        var turns = Turns(patience: .seconds(30))
        let start = ContinuousClock.now
        var (left, time, number) = (40, 0.0, 0)
        var events: [(at: Double, number: Int, event: Event)] = []
        func plan(_ event: Event, after delay: Double) {
            number += 1
            events.append((time + delay, number, event))
        }
        for _ in 0..<8 { plan(.turn, after: 0) }
        left -= 8
        func isSooner(_ one: Int, _ other: Int) -> Bool {
            (events[one].at, events[one].number) < (events[other].at, events[other].number)
        }
        while let index = events.indices.min(by: isSooner) {
            let (at, _, event) = events.remove(at: index)
            time = at
            let now = start + .seconds(time)
            switch event {
            case .turn: plan(.send, after: try turns.take("ask", at: now) / .seconds(1))
            case .send:
                plan(.arrive, after: travel / 2)
            case .arrive: plan(.answer(cell.answer(at: time)), after: travel / 2)
            case .answer(let response):
                if !turns.end(response, "ask", at: now) {
                    guard left > 0 else { continue }
                    left -= 1
                }
                plan(.turn, after: 0)
            }
        }
        // Ten at once, then one after each fifth of a second.
        let least = 30 * 0.2 + travel
        #expect(cell.requests == 40, "\(cell.requests) requests for 40 answers")
        #expect(time < least * 1.15, "\(time) of \(least)")
    }

    @Test("numbers that no server means end nothing, and hold nobody up for more than an hour")
    func absurd() throws {
        let now = ContinuousClock.now
        for (limit, period, remaining) in [
            ("\(Int.max)", "\(Int.max)", "\(Int.min)"), ("1", "\(Int.max)", "0"), ("1", "60", "\(Int.min)"),
            ("10", "-60", "5"), ("\(Int.min)", "60", "\(Int.max)"),
        ] {
            var turns = Turns(patience: .seconds(30))
            _ = try turns.take("ask", at: now)
            let headers = [
                (name: "X-RateLimit-Limit", value: limit), (name: "X-RateLimit-Limit-Period", value: period),
                (name: "X-RateLimit-Remaining", value: remaining),
            ]
            let isRefused = turns.end(HTTPResponse(status: 200, headers: headers), "ask", at: now)
            #expect(!isRefused)
            _ = try? turns.take("ask", at: now)
        }
        for headers in [
            [(name: "Retry-After", value: "31536000")],
            [(name: "zendesk-ratelimit-search-index", value: "total=10; remaining=0; resets=99999999")],
        ] {
            var turns = Turns(patience: .seconds(30))
            _ = try turns.take("ask", at: now)
            _ = turns.end(
                HTTPResponse(status: headers[0].name == "Retry-After" ? 429 : 200, headers: headers), "ask", at: now)
            let error = #expect(throws: Pace.TooLong.self) { try turns.take("ask", at: now) }
            #expect(error?.wait == .seconds(3_600), "\(headers)")
            #expect(throws: Never.self) { _ = try turns.take("ask", at: now + .seconds(3_600)) }
        }
    }

    private func run(_ count: Int, _ client: TicketClient) async throws -> Double {
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                if number >= 8 { try await group.next() }
                group.addTask { _ = try await client.send("GET", "thing", step: "ask") }
            }
            try await group.waitForAll()
        }
        return start.duration(to: .now) / .seconds(1)
    }

    /// The best of six: on a machine with other work requests come too close together, and come again; that may last a while.
    private func best(below most: Double, _ body: () async throws -> Double) async throws -> Double {
        var best = Double.infinity
        for _ in 0..<6 where best >= most { best = min(best, try await body()) }
        return best
    }

    @Test("a window that is used up is waited for without a refusal")
    func window() async throws {
        let best = try await best(below: 4.5) {
            let window = Window(calls: 10, seconds: 1)
            let server = try ScriptedHTTPServer { _ in window.answer() }
            let client = TicketClient(name: "window", baseURL: server.baseURL, headers: [], agent: TransferAgent())
            return try await run(25, client)
        }
        #expect(best < 4.5)
    }

    private final class Window: @unchecked Sendable {  // `lock` guards the rest.
        private let lock = NSLock()
        private var used = 0
        private var start = Date.distantPast
        let calls: Int
        let seconds: Double

        init(calls: Int, seconds: Double) { (self.calls, self.seconds) = (calls, seconds) }

        func answer() -> ScriptedReply {
            lock.withLock {
                if Date().timeIntervalSince(start) >= seconds { (start, used) = (Date(), 0) }
                used += 1
                let reset = "\(Int((seconds - Date().timeIntervalSince(start)).rounded(.up)))"
                if used > calls { return .text("{}", status: 429, headers: [("Retry-After", reset)]) }
                return .text(
                    "{}", headers: [("ratelimit-remaining", "\(calls - used)"), ("ratelimit-reset", reset)])
            }
        }
    }

    @Test("Zendesk's limit of one kind of request holds up that kind only")
    func kinds() async throws {
        let server = try ScriptedHTTPServer { request in
            request.target.hasSuffix("export")
                ? .text("{}", headers: [("zendesk-ratelimit-incremental-exports", "total=10; remaining=0; resets=2")])
                : .text("{}")
        }
        let client = TicketClient(name: "kinds", baseURL: server.baseURL, headers: [], agent: TransferAgent())
        let start = ContinuousClock.now
        _ = try await client.send("GET", "export", step: "export")
        _ = try await client.send("GET", "other", step: "other")
        #expect(start.duration(to: .now) < .seconds(1))
        _ = try await client.send("GET", "export", step: "export")
        #expect(start.duration(to: .now) >= .seconds(2))
    }

    @Test("our login goes to no other server than the configured one")
    func otherServer() async throws {
        let other = try ScriptedHTTPServer { _ in .text("secret") }
        let server = try ScriptedHTTPServer { _ in .text("{}") }
        let client = TicketClient(
            name: "own", baseURL: server.baseURL, headers: [("Authorization", "Basic abc")], agent: TransferAgent())
        await #expect(throws: TicketError.self) {
            _ = try await client.send("GET", "\(other.baseURL)/next", step: "next page")
        }
        #expect(try await client.fetch("\(other.baseURL)/file", step: "file") == Array("secret".utf8))
        #expect(other.requests.map { $0.header("authorization") } == [nil])
    }

    /// `Tests/Benchmarks/roundup` starts one and says where it is: `http://127.0.0.1:PORT CALLS SECONDS`.
    static let place = ProcessInfo.processInfo.environment["AURADESK_ROUNDUP"]

    @Test("a real Roundup with its limit on", .enabled(if: PaceTests.place != nil, "AURADESK_ROUNDUP names none"))
    func roundup() async throws {
        let words = try #require(Self.place).split(separator: " ").map(String.init)
        try #require(words.count == 3)
        let (calls, period) = (try #require(Int(words[1])), try #require(Double(words[2])))
        let login = Data("admin:adminpw".utf8).base64EncodedString()
        let client = TicketClient(
            name: "roundup", baseURL: "\(words[0])/rest",
            headers: [
                ("Authorization", "Basic \(login)"), ("X-Requested-With", "rest"), ("Origin", words[0]),
                ("Referer", "\(words[0])/"), ("Accept", "application/json"),
            ], agent: TransferAgent())
        let count = 40
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                if number >= 8 { try await group.next() }
                group.addTask {
                    let body = try client.json(["title": "Issue \(number)"])
                    let response = try await client.send("POST", "data/issue", body: body, step: "create issue")
                    #expect(response.status == 201)
                }
            }
            try await group.waitForAll()
        }
        let time = start.duration(to: .now) / .seconds(1)
        let least = Double(count - calls) * period / Double(calls)
        print("Roundup: \(count) issues in \(time) s; its limit allows no less than \(least) s")
        #expect(time < least * 1.1)
    }
}
