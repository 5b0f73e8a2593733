import Foundation
import TestServers
import Testing

@testable import SupportDesk

/// Mail that can wait is answered from a batch of a later run; each message is answered once, and paid for once.
@Suite("Batch lane")
struct BatchLaneTests {
    @Test(
        "urgent mail is answered at once, the rest from a batch in a later run, at half the price",
        arguments: ChatModelServer.Dialect.allCases)
    func twoRuns(dialect: ChatModelServer.Dialect) async throws {
        let scene = try await BatchScene(dialect)
        try scene.receive(3)
        try scene.receive(1, text: "This is urgent: what is your return policy?\n")
        let first = try await scene.shop.run()
        #expect(first.handled.map(\.disposition) == [.answered] && first.report.waiting == 3)
        #expect(first.report.workRemains)
        #expect(scene.server.requests.count == 1)
        #expect(scene.provider.batches.map(\.requests.count) == [3])
        let waiting = try await scene.rows("SELECT status, attempts, rule FROM message WHERE status = 'arrived'")
        #expect(waiting.count == 3 && waiting.allSatisfy { $0.integer("attempts") == 0 && $0.text("rule") == nil })
        let status = try #require(try await scene.shop.ledger().status(now: scene.shop.clock.now).batches)
        #expect(status.messages == 3 && status.queued == 0 && status.batches == 1)
        #expect(status.firstDue == ScratchShop.start.addingTimeInterval(6 * 3_600 - 60))

        // While it runs it is asked for once a run, and nothing is asked twice.
        scene.shop.clock.advance(by: 300)
        let second = try await scene.shop.run()
        #expect(second.handled.isEmpty && second.report.workRemains)
        #expect(scene.provider.count(.standing) == 1 && scene.provider.count(.create) == 1)

        // In another order than it was asked.
        scene.provider.finish { $0.reverse() }
        scene.shop.clock.advance(by: 300)
        let third = try await scene.shop.run()
        #expect(third.handled.map(\.disposition) == [.answered, .answered, .answered])
        #expect(!third.report.workRemains)
        #expect(try await scene.authors() == ["large": 4])
        #expect(try scene.shop.replies().count == 4)
        #expect(scene.server.requests.count == 1 && scene.provider.requested.count == 3)
        #expect(scene.server.refusals == [] && scene.provider.refusals == [])
        #expect(scene.provider.files == [] && scene.provider.count(.discard) == (dialect == .openai ? 2 : 1))

        // Tokens, cost and time of each, with its message.
        let calls = try await scene.rows("SELECT * FROM model_call ORDER BY id")
        #expect(calls.map { $0.text("outcome") } == ["answered", "answered", "answered", "answered"])
        #expect(Set(calls.compactMap { $0.integer("message") }).count == 4)
        for (index, call) in calls.enumerated() {
            let counts = ["in", "cached", "out"].map { Double(call.integer("tokens_\($0)") ?? 0) }
            let whole = (counts[0] * 2 + counts[1] * 0.5 + counts[2] * 10).rounded(.up)
            #expect(whole > 0 && call.integer("cost") == Int64((index == 0 ? whole : whole / 2).rounded(.up)))
            if index > 0 { #expect(call.integer("milliseconds") == 600_000) }
        }
    }

    @Test("what is uploaded tells nothing of anybody; its names neither", arguments: ChatModelServer.Dialect.allCases)
    func personal(dialect: ChatModelServer.Dialect) async throws {
        let good = ModelFaultTests.answer(
            "Your parcel is with {{fact:order1.carrier}}.", facts: ["order1.carrier"])
        let scene = try await BatchScene(dialect, [.content(good)])
        var mail = TestMail.whereIsIt()
        mail.text += "My number is +91 98220 14477, write to priya@elsewhere.example.\nPriya Sharma\n"
        try scene.shop.receive(mail)
        try await scene.shop.run()
        let request = try #require(scene.provider.batches.first?.requests.first)
        let text = String(decoding: request.request.body, as: UTF8.self) + request.id
        for word in ["Priya", "Sharma", "98220", "elsewhere"] { #expect(!text.contains(word), "\(word)") }
        #expect(text.contains("where is my order"))
        // Nor does the ledger, which waits.
        let scan = FileManager.default.contents(atPath: "\(scene.shop.configuration.state)/ledger.sqlite") ?? Data()
        #expect(scan.range(of: Data("where is my order".utf8)) == nil)
        scene.provider.finish()
        #expect(try await scene.shop.run().outcome == "answered answered")
        #expect(try scene.shop.replies().first?.text.contains("Priya") == true)
    }

    @Test("an answer that does not pass review is mended directly, as any other")
    func mended() async throws {
        let wrong = ModelFaultTests.answer("You get ₹ 500 back.", citations: ["returns-policy"])
        let scene = try await BatchScene(.openai) { request in
            .content(request.messages.contains { $0.role == "assistant" } ? BatchScene.good : wrong)
        }
        try scene.receive(1)
        try await scene.shop.run()
        scene.provider.finish()
        try await scene.shop.run()
        #expect(try await scene.authors() == ["large": 1])
        #expect(scene.server.requests.count == 1 && scene.provider.requested.count == 1)
    }

    @Test("runs that are to agree go into one batch")
    func opinions() async throws {
        let scene = try await BatchScene(.anthropic) { $0.answers.opinions = 2 }
        try scene.receive(2)
        try await scene.shop.run()
        #expect(scene.provider.batches.map(\.requests.count) == [4])
        scene.provider.finish()
        let run = try await scene.shop.run()
        #expect(run.handled.map(\.disposition) == [.answered, .answered] && scene.server.requests.isEmpty)
    }

    @Test("a batch that is late is left alone; what it brings later is paid for and not said twice")
    func late() async throws {
        for dialect in ChatModelServer.Dialect.allCases {
            let asking = ModelFaultTests.answer("", needsHuman: true)
            let scene = try await BatchScene(dialect) { request in
                .content(request.messages.last?.content.contains("unsubscribe") == true ? asking : BatchScene.good)
            }
            try scene.receive(2)
            try scene.receive(1, text: "Hello, please unsubscribe me from your newsletter.\n")
            try await scene.shop.run()
            let due = try await scene.rows("SELECT due_at FROM batch_request ORDER BY due_at")
                .compactMap { $0.integer("due_at") }
            #expect(due.count == 3 && due[2] - due[0] == 18 * 3_600_000, "\(due)")
            scene.shop.clock.advance(by: 6 * 3_600 - 61)
            #expect(try await scene.shop.run().handled.isEmpty)
            scene.shop.clock.advance(by: 1)
            let run = try await scene.shop.run()
            #expect(run.handled.map(\.disposition) == [.answered, .answered])
            #expect(scene.server.requests.count == 2)
            #expect(scene.provider.count(.cancel) == 0, "one of it may still wait")
            scene.shop.clock.advance(by: 18 * 3_600)
            try await scene.shop.run()
            #expect(scene.server.requests.count == 3 && scene.provider.count(.cancel) == 1)
            try await scene.shop.run()
            #expect(scene.provider.count(.cancel) == 1)
            scene.provider.finish(status: "cancelled") { $0.removeLast() }
            try await scene.shop.run()
            #expect(try await scene.outcomes() == ["answered": 5, "missing": 1])
            #expect(try scene.shop.replies().count == 3)
            let free = try await scene.rows("SELECT cost FROM model_call WHERE outcome = 'missing'")
            #expect(free.first?.integer("cost") == 0, "what is not answered is not paid")
            #expect(scene.provider.files == [])
        }
    }

    @Test("a message that was settled in another way is not asked about")
    func settled() async throws {
        let scene = try await BatchScene(.openai)
        scene.provider.fail(.upload, .instead(.text("{}", status: 429)))
        try scene.receive(2)
        try await scene.shop.run()
        #expect(scene.provider.requested.isEmpty)
        try await scene.shop.ledger().database.write { transaction in
            try transaction.execute("UPDATE message SET status = 'ignored' WHERE id = 1", [])
            return
        }
        scene.shop.clock.advance(by: 120)
        _ = try await scene.finish { scene.provider.finish() }
        #expect(scene.provider.requested.count == 1)
        #expect(try scene.shop.replies().count == 1)
        #expect(try await scene.authors() == ["large": 1])
        #expect(scene.provider.files == [])
    }

    @Test("when the question changes while it waits, it is put anew, and no more than once")
    func changed() async throws {
        let scene = try await BatchScene(.openai) { request in
            let names = ["carrier", "state"].filter { name in
                request.messages.contains { $0.content.contains("order1.\(name)") }
            }
            let name = names.first ?? "number"
            return .content(
                ModelFaultTests.answer("It is with {{fact:order1.\(name)}}.", facts: ["order1.\(name)"]))
        }
        try scene.shop.receive(.whereIsIt())
        try await scene.shop.run()
        let orders = "\(scene.shop.folder.path)/orders.json"
        let text = try #require(
            FileManager.default.contents(atPath: orders).map { String(decoding: $0, as: UTF8.self) })
        func change(_ change: (inout [String: Any]) -> Void) throws {
            var list = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
            for index in list.indices where list[index]["number"] as? String == "NC-104233" { change(&list[index]) }
            try JSONSerialization.data(withJSONObject: list).write(to: URL(fileURLWithPath: orders))
        }
        try change { order in
            order["state"] = "processing"
            order["shipment"] = nil
        }
        scene.provider.finish()
        #expect(try await scene.shop.run().handled.isEmpty, "asked anew")
        #expect(scene.provider.requested.count == 2 && Set(scene.provider.requested).count == 2)
        #expect(scene.server.requests.isEmpty)
        try change { $0["invoice"] = nil }
        scene.provider.finish()
        #expect(try await scene.shop.run().handled.count == 1, "not a third time")
        #expect(scene.provider.requested.count == 2 && !scene.server.requests.isEmpty)
    }

    @Test("what a batch may cost is kept from the day's money; what it does not reach for is answered at once")
    func budget() async throws {
        for dialect in ChatModelServer.Dialect.allCases {
            let scene = try await BatchScene(dialect) {
                // One request may cost about 0.045, a batch's half of that.
                $0.answers.dailyBudget = 60_000
            }
            try scene.receive(6)
            try await scene.shop.run()
            let reserved = try await scene.rows("SELECT cost FROM model_call").compactMap { $0.integer("cost") }
            #expect(reserved.reduce(0, +) <= 60_000 && (1...5).contains(reserved.count), "\(reserved)")
            #expect(scene.provider.requested.count == reserved.count)
            let second = try await scene.shop.run()
            #expect(second.handled.count == 6 - reserved.count, "the rest is answered by the templates")
            scene.provider.finish()
            try await scene.shop.run()
            #expect(try await scene.authors() == ["large": reserved.count, "embedded": 6 - reserved.count])
            let spent = try await scene.rows("SELECT cost FROM model_call").compactMap { $0.integer("cost") }
            #expect(spent.reduce(0, +) < reserved.reduce(0, +) && spent.allSatisfy { $0 > 0 })
            #expect(scene.server.requests.isEmpty)
        }
    }

    @Test("no batch is larger than it may be")
    func limits() async throws {
        var policy = BatchPolicy()
        policy.maximumRequests = 2
        let scene = try await BatchScene(.openai, policy: policy)
        try scene.receive(5)
        try await scene.shop.run()
        #expect(scene.provider.batches.map(\.requests.count) == [2, 2, 1])
        var small = BatchPolicy()
        small.maximumBytes = 10
        let narrow = try await BatchScene(.anthropic, policy: small)
        try narrow.receive(3)
        try await narrow.shop.run()
        #expect(narrow.provider.batches.map(\.requests.count) == [1, 1, 1])
        for scene in [scene, narrow] {
            scene.provider.finish()
            try await scene.shop.run()
            #expect(try await scene.authors() == ["large": scene.provider.requested.count])
        }
    }

    @Test("explain says that a message waits, and later that its answer came in a batch")
    func explained() async throws {
        let scene = try await BatchScene(.openai)
        var mail = TestMail(text: "Hello, what is your return policy?\n", verdict: .none)
        mail.from = "someone@host.example"
        mail.name = nil
        try scene.shop.receive(mail)
        func explain() async throws -> Explanation {
            try await scene.shop.desk().explain(
                RawMessage(
                    id: 0, channel: "explain", source: "x", arrival: scene.shop.clock.now, bytes: mail.bytes))
        }
        try await scene.shop.run()
        let before = try await explain()
        #expect(before.disposition == nil && before.rule == "batch" && before.reason.contains("2026-03-10T15:00:00Z"))
        #expect(before.stages.map(\.name).contains("ground"))
        scene.provider.finish()
        try await scene.shop.run()
        let after = try await explain()
        #expect(after.disposition == .answered)
        let lines = after.stages.flatMap(\.lines)
        #expect(lines.contains { $0.name == "requests" && $0.value == "1, in a batch" }, "\(lines)")
        #expect(scene.server.requests.isEmpty && scene.provider.requested.count == 1, "who asks why pays nothing")
    }

    @Test("a new key: what waits is asked anew, and a rotation keeps it")
    func keys() async throws {
        let scene = try await BatchScene(.openai)
        scene.provider.fail(.upload, .instead(.text("{}", status: 503)))
        try scene.receive(2)
        try await scene.shop.run()
        let ledger = try await scene.shop.ledger()
        _ = try await ledger.rotate(scene.shop.configuration.keys, now: scene.shop.clock.now)
        _ = try await scene.finish { scene.provider.finish() }
        #expect(try await scene.authors() == ["large": 2] && scene.provider.requested.count == 2)
    }
}
