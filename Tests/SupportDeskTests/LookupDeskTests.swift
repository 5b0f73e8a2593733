import Foundation
import Logging
import Synchronization
import TestServers
import Testing

@testable import SupportDesk

/// The records' outages and storms: the shop is spared, and nobody is told that an order does not exist.
@Suite("Look-ups under fault")
struct LookupDeskTests {
    /// A store that does as a closure says.
    private final class Store: RecordStore {
        let name = "scripted"
        private let asked = Mutex<[RecordLookup]>([])
        private let answer: @Sendable (Int) async throws -> RecordAnswer

        init(_ answer: @escaping @Sendable (Int) async throws -> RecordAnswer) { self.answer = answer }

        var count: Int { asked.withLock { $0.count } }

        func find(_ lookup: RecordLookup, until deadline: ContinuousClock.Instant) async throws -> RecordAnswer {
            let number = asked.withLock { all in
                all.append(lookup)
                return all.count
            }
            return try await answer(number)
        }
    }

    private func desk(_ store: any RecordStore, _ change: (inout LookupDesk.Limits) -> Void = { _ in }) -> LookupDesk {
        var limits = LookupDesk.Limits()
        change(&limits)
        return LookupDesk(store, limits: limits, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private static let found = RecordAnswer(orders: [Order(number: "1")])
    private static let down = DeskError(.unavailable, "scripted: down", isRetryable: true)

    @Test("the same question is asked once at a time, and kept for a while; nothing is kept for less long")
    func once() async throws {
        let store = Store { _ in
            try await Task.sleep(for: .milliseconds(50))
            return Self.found
        }
        let desk = desk(store) { $0.cacheTime = .milliseconds(400) }
        let answers = try await withThrowingTaskGroup(of: RecordAnswer.self) { group in
            for _ in 0..<50 { group.addTask { try await desk.find(.orderByNumber("1")) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 50 && answers.allSatisfy { $0 == Self.found } && store.count == 1)
        _ = try await desk.find(.orderByNumber("1"))
        #expect(store.count == 1)
        try await Task.sleep(for: .milliseconds(450))
        _ = try await desk.find(.orderByNumber("1"))
        #expect(store.count == 2)

        let empty = Store { _ in RecordAnswer() }
        let misses = self.desk(empty) { $0.missTime = .milliseconds(100) }
        for _ in 0..<3 { _ = try await misses.find(.orderByNumber("1")) }
        #expect(empty.count == 1)
        try await Task.sleep(for: .milliseconds(150))
        _ = try await misses.find(.orderByNumber("1"))
        #expect(empty.count == 2)
    }

    @Test("what is kept is bounded")
    func bounded() async throws {
        let store = Store { _ in Self.found }
        let desk = desk(store) { $0.cacheEntries = 10 }
        for number in 0..<30 { _ = try await desk.find(.orderByNumber("\(number)")) }
        for number in 0..<30 { _ = try await desk.find(.orderByNumber("\(number)")) }
        #expect(store.count > 50)
    }

    @Test("after some failures nothing is asked for a while, then one question, whose outcome counts")
    func breaker() async throws {
        let isUp = Mutex(false)
        let store = Store { _ in
            if isUp.withLock({ $0 }) { return Self.found }
            throw Self.down
        }
        let desk = desk(store) {
            $0.failures = 3
            $0.pause = .milliseconds(200)
        }
        for number in 0..<20 {
            let error = await #expect(throws: DeskError.self) { _ = try await desk.find(.orderByNumber("\(number)")) }
            #expect(error?.isRetryable == true && error?.code == .unavailable)
        }
        #expect(store.count == 3)
        try await Task.sleep(for: .milliseconds(250))
        for number in 0..<5 { _ = try? await desk.find(.orderByNumber("\(number)")) }
        #expect(store.count == 4, "one trial, which failed")
        try await Task.sleep(for: .milliseconds(250))
        isUp.withLock { $0 = true }
        for number in 0..<5 { #expect(try await desk.find(.orderByNumber("\(number)")) == Self.found) }
        #expect(store.count == 9)
    }

    @Test("what the store cannot take, and what was given up, says nothing about the store")
    func notTheStore() async throws {
        let store = Store { _ in throw DeskError(.data, "scripted: no such value") }
        let desk = desk(store) { $0.failures = 2 }
        for number in 0..<10 { _ = try? await desk.find(.orderByNumber("\(number)")) }
        #expect(store.count == 10)
    }

    @Test("a store that does not answer is not waited for longer than the deadline, however many wait")
    func deadline() async throws {
        let store = Store { _ in
            try await Task.sleep(for: .seconds(30))
            return Self.found
        }
        let desk = desk(store) {
            $0.deadline = .milliseconds(300)
            $0.concurrency = 2
        }
        let start = ContinuousClock.now
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let error = await #expect(throws: DeskError.self) {
                        _ = try await desk.find(.orderByNumber("\(number)"))
                    }
                    #expect(error?.isRetryable == true)
                }
            }
        }
        #expect(ContinuousClock.now - start < .milliseconds(1_500))
        #expect(store.count <= 4, "who has waited as long as the deadline asks no more: \(store.count)")
    }

    // MARK: HTTP

    private func shop(_ server: ScriptedHTTPServer, deadline: Duration = .seconds(5)) throws -> RecordsAtWork {
        try RecordsAtWork(
            """
            kind: http
            url: \(server.baseURL)
            pages: 5
            answer_size: 64kB
            paging: {next: next}
            look_ups:
              order: {path: '/orders?number={number}', records: 'orders[*]'}
              orders_by_address: {path: '/orders?email={address}', records: 'orders[*]'}
            order: {number: number, email: email, state: state}
            """
        ) { $0.deadline = deadline }
    }

    private static let body = #"{"orders":[{"number":"7","email":"a@mail.example","state":"shipped"}],"next":null}"#

    @Test(
        "a broken answer is an outage, not an empty one",
        arguments: [
            ScriptedReply.text("{\"orders\":[{\"number\":"), .text("<html>busy</html>", type: "text/html"),
            .text(LookupDeskTests.body, type: "text/html"), .text("[]"), .text("{}"), .text("{\"orders\":{}}"),
            .cutOff(
                status: 200, headers: [("Content-Type", "application/json")], body: Array(LookupDeskTests.body.utf8),
                after: 20),
            .text(#"{"orders":["# + String(repeating: "0,", count: 64 << 10) + "0]}"), .raw(Array("nonsense".utf8)),
            .text("", status: 302, headers: [("Location", "https://elsewhere.example/")]), .text("{}", status: 418),
            .text(String(repeating: "[", count: 5_000)),
        ])
    func broken(_ reply: ScriptedReply) async throws {
        let server = try ScriptedHTTPServer { _ in reply }
        let shop = try shop(server, deadline: .seconds(2))
        let error = await #expect(throws: DeskError.self) { _ = try await shop.records.order(number: "7") }
        #expect(error?.code == .unavailable && error?.isRetryable == true)
        #expect(server.requests.count <= 3)
    }

    @Test("too many requests: the shop is left alone as long as it asks, and asked again only within the deadline")
    func tooMany() async throws {
        let storm = try ScriptedHTTPServer { _ in .text("{}", status: 429, headers: [("Retry-After", "60")]) }
        let stormed = try shop(storm, deadline: .seconds(2))
        let start = ContinuousClock.now
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask { _ = try? await stormed.records.order(number: "\(number)") }
            }
        }
        #expect(storm.requests.count <= 8, "no more than were under way at first: \(storm.requests.count)")
        #expect(ContinuousClock.now - start < .seconds(2))

        let once = try ScriptedHTTPServer { request in
            request.number == 1 ? .text("{}", status: 429, headers: [("Retry-After", "1")]) : .text(Self.body)
        }
        #expect(try await shop(once).records.order(number: "7")?.state == .shipped)
        #expect(once.requests.count == 2)
    }

    @Test("an error of the server is tried again, at most twice")
    func serverErrors() async throws {
        let server = try ScriptedHTTPServer { $0.number < 3 ? .text("{}", status: 503) : .text(Self.body) }
        #expect(try await shop(server).records.order(number: "7")?.number == "7")
        let down = try ScriptedHTTPServer { _ in .text("{}", status: 500) }
        _ = try? await shop(down).records.order(number: "7")
        #expect(down.requests.count == 3)
    }

    @Test("a slow server ends by the deadline")
    func slow() async throws {
        let server = try ScriptedHTTPServer { _ in .hang }
        let shop = try shop(server, deadline: .milliseconds(400))
        let start = ContinuousClock.now
        let error = await #expect(throws: DeskError.self) { _ = try await shop.records.order(number: "7") }
        #expect(error?.isRetryable == true && ContinuousClock.now - start < .seconds(2))
    }

    @Test(
        "pages that go round, never end or lead to another server are no answer",
        arguments: ["/orders?email=a", "{n}", "https://elsewhere.example/orders", "//elsewhere.example/orders"])
    func pages(_ next: String) async throws {
        let server = try ScriptedHTTPServer { request in
            let link = next == "{n}" ? "/orders?page=\(request.number)" : next
            return .text(#"{"orders":[{"number":"7","email":"a@mail.example"}],"next":"\#(link)"}"#)
        }
        let shop = try shop(server)
        guard case .failure(let error) = await shop.ask(.ordersByAddress("a@mail.example")) else {
            Issue.record("an endless list was taken for an answer")
            return
        }
        #expect(error.isRetryable && server.requests.count <= 5, "\(error)")
    }

    @Test("pages by the Link header, by number and by the address of the next one")
    func allPages() async throws {
        let numbers = (1...7).map(String.init)
        let server = try ScriptedHTTPServer { request in
            let (path, query) = ShopStandIn.parts(request.target)
            let page = Int(query["page"] ?? "") ?? 1
            let here = numbers.dropFirst((page - 1) * 3).prefix(3)
            let isLast = page * 3 >= numbers.count
            let base = "http://\(request.header("host") ?? "")"
            let link = "<\(base)\(path)?page=\(page + 1)>; rel=\"next\", <\(base)\(path)?page=1>; rel=\"first\""
            let body: [String: Any] = [
                "orders": here.map { ["number": $0] },
                "next": isLast ? NSNull() : "\(base)\(path)?page=\(page + 1)" as Any,
            ]
            return ShopStandIn.json(body, headers: isLast ? [] : [("Link", link)])
        }
        for paging in ["{next: next}", "{header: link}", "{number: page, size: 3}"] {
            let shop = try RecordsAtWork(
                """
                kind: http
                url: \(server.baseURL)
                paging: \(paging)
                look_ups: {orders_by_address: {path: '/orders?email={address}', records: 'orders[*]'}}
                order: {number: number}
                """)
            let orders = try await shop.ask(.ordersByAddress("a@mail.example")).get().orders
            #expect(orders.map(\.number) == numbers, "\(paging)")
        }
    }
}
