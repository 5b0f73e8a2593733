import Foundation
import TestServers
import Testing

@testable import SupportDesk

/// Batches that go wrong, at each call and in each line: every message is answered, and nothing is paid twice.
@Suite("Batches that fail")
struct BatchFaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let name: String
        var prepare: @Sendable (BatchStandIn) -> Void = { _ in }
        var change: @Sendable (BatchStandIn, inout [BatchStandIn.Line]) -> Void = { _, _ in }
        /// Requests that are made directly, of three messages.
        var direct = 0
        /// Batches that are made.
        var batches = 1
        var testDescription: String { name }
    }

    /// Answers that are heard once at a step, and leave nothing done or all of it.
    private static let answers: [(String, BatchStandIn.Fault)] = [
        (
            "429",
            .instead(
                .text("{\"error\":{\"type\":\"rate_limit_error\"}}", status: 429, headers: [("Retry-After", "30")]))
        ),
        ("500", .instead(.text("oops", status: 500, type: "text/html"))),
        ("503", .instead(.text("{}", status: 503))), ("no connection", .instead(.close)),
        ("done, and 500", .after(.text("{}", status: 500))), ("done, and no answer", .after(.close)),
    ]

    static let calls: [Fault] = [BatchStandIn.Step.upload, .create, .standing, .results, .discard].flatMap { step in
        answers.map { answer in
            Fault(name: "\(step.rawValue): \(answer.0)", prepare: { $0.fail(step, answer.1) })
        }
    }

    static let lines: [Fault] = [
        Fault(name: "a missing line", change: { _, lines in lines.removeLast() }, direct: 1),
        Fault(name: "no line at all", change: { _, lines in lines = [] }, direct: 3),
        Fault(name: "expired", change: { provider, lines in lines = lines.map { provider.expired($0.id) } }, direct: 3),
        Fault(name: "one expired", change: { $1[1] = $0.expired($1[1].id) }, direct: 1),
        Fault(
            name: "lines that are no JSON",
            change: { _, lines in
                lines[0].text = "{\"custom_id\":"
                lines.insert(.init(id: "", text: "<html>\u{0}"), at: 1)
            }, direct: 1),
        Fault(
            name: "names that nobody knows",
            change: { _, lines in
                lines.append(.init(id: "x", text: lines[0].text.replacingOccurrences(of: lines[0].id, with: "x")))
                lines[0].text = lines[0].text.replacingOccurrences(of: lines[0].id, with: "y")
            }, direct: 1),
        Fault(name: "a line twice", change: { _, lines in lines.append(lines[0]) }),
        Fault(
            name: "an answer that is none",
            change: { _, lines in
                lines[0].text = lines[0].text.replacingOccurrences(of: "\"choices\":", with: "\"chances\":")
                    .replacingOccurrences(of: "\"content\":[", with: "\"contents\":[")
            }, direct: 1),
    ]

    @Test("each call", arguments: calls, ChatModelServer.Dialect.allCases)
    func call(fault: Fault, dialect: ChatModelServer.Dialect) async throws {
        try await check(fault, dialect)
    }

    @Test("each line", arguments: lines, ChatModelServer.Dialect.allCases)
    func line(fault: Fault, dialect: ChatModelServer.Dialect) async throws {
        try await check(fault, dialect)
    }

    private func check(_ fault: Fault, _ dialect: ChatModelServer.Dialect) async throws {
        let scene = try await BatchScene(dialect)
        fault.prepare(scene.provider)
        try scene.receive(3)
        let runs = try await scene.finish { scene.provider.finish { fault.change(scene.provider, &$0) } }
        #expect(runs <= 5, "\(runs) runs")
        #expect(try scene.shop.replies().count == 3)
        #expect(try await scene.authors() == ["large": 3])
        #expect(scene.server.requests.count == fault.direct)
        #expect(scene.provider.batches.count == fault.batches)
        #expect(scene.server.refusals == [])
        // Every request is on record, and none waits to be settled.
        #expect(try await scene.outcomes()["asked"] == nil)
        let cost = try await scene.rows("SELECT SUM(cost) AS n FROM model_call WHERE outcome <> 'answered'")
        #expect(cost.first?.integer("n") ?? 0 == 0)
        // And nothing of it is left there.
        scene.shop.clock.advance(by: 120)
        try await scene.shop.run()
        #expect(scene.provider.files == [])
    }

    @Test("a provider that wants no batch, or has none: this mail and what comes soon is answered directly")
    func refused() async throws {
        let wants: [(String, ChatModelServer.Dialect, @Sendable (BatchStandIn) -> Void)] = [
            ("no interface", .openai, { $0.turnOff() }), ("no interface", .anthropic, { $0.turnOff() }),
            ("a wrong key", .openai, { $0.fail(.upload, .instead(.text("{}", status: 401))) }),
            ("too large", .openai, { $0.fail(.upload, .instead(.text("{}", status: 413))) }),
            ("not valid", .openai, { $0.fail(.create, .instead(.text("{}", status: 400))) }),
            ("not valid", .anthropic, { $0.fail(.create, .instead(.text("{}", status: 400))) }),
        ]
        for (name, dialect, prepare) in wants {
            let scene = try await BatchScene(dialect)
            prepare(scene.provider)
            try scene.receive(2)
            try await scene.shop.run()
            #expect(try await scene.shop.run().handled.count == 2, "\(name)")
            try scene.receive(1)
            #expect(try await scene.shop.run().handled.count == 1, "\(name)")
            #expect(scene.server.requests.count == 3 && scene.provider.batches.isEmpty, "\(name)")
            #expect(try await scene.outcomes() == ["answered": 3, "refused": 2], "\(name)")
            scene.shop.clock.advance(by: 3_700)
            try scene.receive(1)
            #expect(try await scene.shop.run().handled.isEmpty, "\(name): it is tried again")
        }
    }

    @Test("a batch that fails when it is looked at")
    func invalid() async throws {
        let scene = try await BatchScene(.openai)
        try scene.receive(3)
        let runs = try await scene.finish { scene.provider.fail(code: "token_limit_exceeded") }
        #expect(runs == 2 && scene.server.requests.count == 3)
        #expect(try await scene.outcomes() == ["answered": 3, "refused": 3])
        #expect(scene.provider.files == [])
    }

    @Test("a batch that is not there any more, and one that never ends")
    func lost() async throws {
        for dialect in ChatModelServer.Dialect.allCases {
            let scene = try await BatchScene(dialect)
            try scene.receive(2)
            try await scene.shop.run()
            scene.provider.fail(.standing, .instead(.text("{}", status: 404)))
            #expect(try await scene.shop.run().handled.count == 2)
            #expect(scene.server.requests.count == 2)
            let lost = try await scene.rows("SELECT cost FROM model_call WHERE outcome = 'lost'")
            #expect(lost.count == 2 && lost.allSatisfy { ($0.integer("cost") ?? 0) > 0 }, "it may have to be paid")

            let endless = try await BatchScene(dialect)
            try endless.receive(1)
            try await endless.shop.run()
            endless.shop.clock.advance(by: 3 * 86_400)
            #expect(try await endless.shop.run().handled.count == 1)
            let calls = endless.provider.count(.standing)
            endless.shop.clock.advance(by: 300)
            try await endless.shop.run()
            #expect(endless.provider.count(.standing) == calls)
        }
    }

    @Test("what came of a batch is fetched from the configured host only")
    func host() async throws {
        let other = try ScriptedHTTPServer { _ in .text("{}") }
        let scene = try await BatchScene(.anthropic)
        scene.provider.set(resultsHost: other.baseURL + "/v1")
        try scene.receive(2)
        _ = try await scene.finish { scene.provider.finish() }
        #expect(try await scene.authors() == ["large": 2] && scene.server.requests.isEmpty)
        #expect(other.requests.isEmpty)
    }

    @Test("a batch of somebody else's, as large as ours, is neither used nor touched")
    func stranger() async throws {
        let scene = try await BatchScene(.anthropic)
        try scene.receive(2)
        try await scene.shop.run()
        let theirs = try #require(scene.provider.batches.first)
        // Ours is not known to have been made, and theirs could be it.
        let ledger = try await scene.shop.ledger()
        try await ledger.database.write { transaction in
            try transaction.execute("UPDATE batch SET remote = NULL", [])
            try transaction.execute("UPDATE batch_request SET name = 'n' || id", [])
        }
        scene.shop.clock.advance(by: 7 * 3_600)
        try await scene.shop.run()
        scene.provider.finish()
        try await scene.shop.run()
        #expect(try scene.shop.replies().count == 2 && scene.server.requests.count == 2)
        #expect(scene.provider.count(.cancel) == 0 && scene.provider.count(.discard) == 0)
        #expect(scene.provider.batches.map(\.id) == [theirs.id])
    }
}
