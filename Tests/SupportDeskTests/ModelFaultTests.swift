import Foundation
import TestServers
import Testing

@testable import SupportDesk

/// Many messages and a model that fails: each is answered all the same, the provider is not stormed, and the money is kept.
@Suite("Models that fail")
struct ModelFaultTests {
    private static let good = answer("Your parcel is with {{fact:order1.carrier}}.", facts: ["order1.carrier"])
    /// A sentence of the article, word for word: the review lets it pass.
    private static let general = answer(
        "You can return any unused item within 30 days of delivery and get your money back.",
        citations: ["returns-policy"])

    static func answer(
        _ text: String, facts: [String] = [], citations: [String] = [], needsHuman: Bool = false
    ) -> String {
        let object: [String: Any] = [
            "answer": text, "language": "en", "citations": citations, "facts_used": facts, "resolved": !needsHuman,
            "needs_human": needsHuman, "reason": "",
        ]
        return (try? JSONSerialization.data(withJSONObject: object)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private func model(
        _ server: ChatModelServer, _ name: String = "large", _ interface: ModelConfiguration.Interface = .openai
    ) -> ModelConfiguration {
        var model = ModelConfiguration(url: server.baseURL, name: name, key: server.apiKey)
        model.interface = interface
        model.timeout = .milliseconds(500)
        model.maximumWait = .seconds(2)
        return model
    }

    private func shop(_ models: [ModelConfiguration], _ change: (inout DeskConfiguration) -> Void = { _ in })
        async throws
        -> ScratchShop
    {
        try await ScratchShop { configuration in
            configuration.models = models
            configuration.limits.backstops = .wide
            change(&configuration)
        }
    }

    /// Who drafted, and how often.
    private func authors(_ shop: ScratchShop) async throws -> [String: Int] {
        let rows = try await shop.ledger().database.read { try $0.rows("SELECT detail FROM decision", []) }
        return rows.reduce(into: [:]) { counts, row in
            let data = Data((row.text("detail") ?? "{}").utf8)
            let author = (try? JSONSerialization.jsonObject(with: data) as? [String: Any])?["author"] as? String
            counts[author ?? "none", default: 0] += 1
        }
    }

    private func outcomes(_ shop: ScratchShop) async throws -> [String: Int] {
        let rows = try await shop.ledger().database.read {
            try $0.rows("SELECT outcome, COUNT(*) AS n FROM model_call GROUP BY outcome", [])
        }
        return rows.reduce(into: [:]) { $0[$1.text("outcome") ?? ""] = Int($1.integer("n") ?? 0) }
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        let name: String
        let behaviour: ChatModelServer.Behaviour
        /// Requests that 40 messages at concurrency 8 may cost.
        let most: Int
        var testDescription: String { name }
    }

    static let faults = [
        // Those that are under way when the third one fails, and no more.
        Fault(name: "HTTP 500", behaviour: .failure(status: 500), most: 12),
        Fault(name: "overloaded (529)", behaviour: .failure(status: 529), most: 12),
        Fault(name: "connections that are closed", behaviour: .close, most: 24),
        Fault(name: "never an answer", behaviour: .hang, most: 12),
        Fault(name: "a wrong key", behaviour: .failure(status: 401), most: 9),
        Fault(name: "no credit", behaviour: .slowDown(headers: [], type: "insufficient_quota"), most: 9),
        Fault(name: "429 for an hour", behaviour: .tooManyRequests(retryAfter: 3_600), most: 9),
        Fault(name: "429 again and again", behaviour: .slowDown(headers: [("retry-after-ms", "100")]), most: 32),
        // Each is paid for, and none twice.
        Fault(name: "garbage", behaviour: .content("lorem ipsum"), most: 40),
        Fault(name: "a refusal", behaviour: .refusal("No."), most: 40),
        Fault(name: "HTTP 400", behaviour: .failure(status: 400), most: 40),
    ]

    @Test(
        "every message is answered by the embedded responder, and the requests are bounded", arguments: faults,
        [ChatModelServer.Dialect.openai, .anthropic])
    func storm(fault: Fault, dialect: ChatModelServer.Dialect) async throws {
        let server = try ChatModelServer(dialect: dialect, behaviours: [fault.behaviour])
        let shop = try await shop([model(server, "large", dialect == .openai ? .openai : .anthropic)])
        for index in 0..<40 { try shop.receive(.question(index)) }
        let run = try await shop.run()
        #expect(run.handled.count == 40)
        #expect(run.handled.allSatisfy { $0.disposition == .answered })
        #expect(try await authors(shop) == ["embedded": 40])
        #expect((1...fault.most).contains(server.requests.count), "\(server.requests.count) requests")
        #expect(server.refusals == [])
        #expect(try await outcomes(shop).values.reduce(0, +) == server.requests.count, "every request is on record")
        await server.stop()
    }

    @Test("100 messages and nobody there: a handful of attempts, one line in the log; the next run tries once")
    func dead() async throws {
        let server = try ChatModelServer(behaviours: [.hang])
        await server.stop()
        let shop = try await shop([model(server)])
        for index in 0..<100 { try shop.receive(.question(index)) }
        let lines = LogLines()
        _ = try await shop.run { $0.logger = lines.logger }
        #expect(try await authors(shop) == ["embedded": 100])
        let first = try await outcomes(shop)
        #expect(first.keys.sorted() == ["unreachable"] && (first["unreachable"] ?? 0) <= 12, "\(first)")
        #expect(lines.all.filter { $0.contains("left alone") }.count == 1)
        #expect(lines.all.count <= 24, "\(lines.all)")
        // Soon after, it is not asked at all; later once.
        for (seconds, attempts) in [(5.0, 0), (120, 1)] {
            shop.clock.advance(by: seconds)
            let before = try await outcomes(shop)["unreachable"] ?? 0
            for index in 0..<8 { try shop.receive(.question(index)) }
            try await shop.run()
            #expect(try await outcomes(shop)["unreachable"] == before + attempts, "after \(seconds) s")
        }
    }

    @Test("the next model of the chain answers, of whatever kind; what one declines is not handed on")
    func chain() async throws {
        let large = try ChatModelServer(behaviours: [.failure(status: 500)])
        let small = try ChatModelServer(dialect: .anthropic, behaviours: [.content(Self.general)])
        let shop = try await shop([model(large), model(small, "small", .anthropic)])
        for index in 0..<10 { try shop.receive(.question(index)) }
        try await shop.run()
        #expect(try await authors(shop) == ["small": 10])
        #expect(small.requests.count == 10 && small.refusals == [])
        let shy = try ChatModelServer(behaviours: [.refusal("I would rather not.")])
        let other = try await self.shop([model(shy), model(small, "small", .anthropic)])
        try other.receive(.question(0))
        try await other.run()
        #expect(try await authors(other) == ["embedded": 1])
        #expect(small.requests.count == 10 && shy.requests.count == 1)
        for server in [large, small, shy] { await server.stop() }
    }

    @Test("the day's budget holds over runs and processes, is said once, and ends at midnight; what is free goes on")
    func budget() async throws {
        let server = try ChatModelServer(behaviours: [.content(Self.general)])
        var dear = model(server)
        dear.price = .init(input: 100, cached: 100, stored: 100, output: 100)
        dear.outputTokens = 1_000
        let shop = try await shop([dear]) {
            $0.answers.dailyBudget = 1_500_000
            $0.limits.concurrency = 8
        }
        for index in 0..<20 { try shop.receive(.question(index)) }
        let lines = LogLines()
        try await shop.run { $0.logger = lines.logger }
        let spent = try await shop.ledger().spending(since: .distantPast)
        let bought = server.requests.count
        #expect((1..<20).contains(bought))
        #expect(spent.first?.requests == bought && spent.first?.failures == 0)
        #expect((spent.first?.cost ?? 9) <= 1.5 && (spent.first?.cost ?? 0) > 0.1, "\(spent)")
        #expect(lines.all.filter { $0.contains("budget") }.count == 1, "\(lines.all)")
        // Another run of the same day has what is left, and no more.
        for index in 0..<20 { try shop.receive(.question(index)) }
        try await shop.run()
        #expect(try await shop.ledger().spending(since: .distantPast).first?.cost ?? 9 <= 1.5)
        shop.clock.advance(by: 86_400)
        let before = server.requests.count
        for index in 0..<3 { try shop.receive(.question(index)) }
        try await shop.run()
        #expect(server.requests.count > before)
        // Without a price it may be asked, whatever was spent.
        let free = try await self.shop([model(server)]) { $0.answers.dailyBudget = 0 }
        try free.receive(.question(0))
        try await free.run()
        #expect(try await authors(free) == ["large": 1])
        await server.stop()
    }

    @Test("tokens, cost, time, model and prompt of each request are on record with its message")
    func ledger() async throws {
        for dialect in ChatModelServer.Dialect.allCases {
            let server = try ChatModelServer(
                dialect: dialect, behaviours: [.failure(status: 503), .content(Self.good)])
            var priced = model(server, "large", dialect == .openai ? .openai : .anthropic)
            priced.price = .init(input: 2, cached: 0.5, stored: 2.5, output: 10)
            let shop = try await shop([priced])
            try shop.receive(.whereIsIt())
            let run = try await shop.run()
            let rows = try await shop.ledger().database.read {
                try $0.rows("SELECT * FROM model_call ORDER BY id", [])
            }
            #expect(rows.map { $0.text("outcome") } == ["overloaded", "answered"])
            let row = try #require(rows.last)
            #expect(row.integer("message") == run.handled.first?.id && row.text("model") == "large")
            #expect(row.text("prompt")?.count == 12)
            let counts = ["in", "cached", "out"].map { row.integer("tokens_\($0)") ?? -1 }
            #expect(counts[0] > 0 && counts[2] > 0 && (counts[1] > 0) == (dialect == .anthropic))
            let cost = Double(counts[0]) * 2 + Double(counts[1]) * 0.5 + Double(counts[2]) * 10
            #expect(row.integer("cost") == Int64(cost.rounded(.up)))
            #expect(rows.first?.integer("cost") == 0, "what was not answered is not paid")
            await server.stop()
        }
    }

    @Test("two runs that agree are sent; runs that do not, or a second one that cannot be had, go to a person")
    func secondOpinion() async throws {
        let other = Self.answer("It comes on {{fact:order1.expectedOn}}.", facts: ["order1.expectedOn"])
        let person = Self.answer("", needsHuman: true)
        let cases: [(ChatModelServer.Behaviour, String)] = [
            (.content(Self.good), "answered answered"), (.content(other), "escalated second-opinion"),
            (.content(person), "escalated second-opinion"), (.failure(status: 400), "escalated second-opinion"),
        ]
        for (second, outcome) in cases {
            let server = try ChatModelServer { request in
                let asks = request.messages.last?.content ?? ""
                return asks.contains("You have not seen this mail before") ? second : .content(Self.good)
            }
            let shop = try await shop([model(server)]) { $0.answers.opinions = 2 }
            try shop.receive(.whereIsIt())
            #expect(try await shop.run().outcome == outcome)
            #expect(server.requests.count == 2)
            await server.stop()
        }
    }

    @Test("a question that is nobody's own is answered again without the model; anything of a person's asks it anew")
    func reuse() async throws {
        let server = try ChatModelServer(behaviours: [.content(Self.general)])
        let shop = try await shop([model(server)]) { $0.answers.reuse = 3_600 }
        func ask(_ text: String, _ index: Int, _ verdict: TestMail.Verdict = .none) async throws -> Int {
            var mail = TestMail.question(index)
            mail.text = text
            mail.verdict = verdict
            if verdict == .pass { mail.from = "priya.sharma@mail.example" }
            try shop.receive(mail)
            let before = server.requests.count
            let outcome = try await shop.run().outcome
            #expect(outcome.hasPrefix("answered"), "\(outcome)")
            return server.requests.count - before
        }
        #expect(try await ask("Hello, what is your return policy?\n", 1) == 1)
        #expect(try await ask("hello what is your RETURN policy\n", 2) == 0)
        #expect(try await ask("Hello, what is your return policy for bowls?\n", 3) == 1)
        #expect(try await ask("Hello, what is your return policy?\n", 4, .pass) == 1, "a customer who is known")
        shop.clock.advance(by: 4_000)
        #expect(try await ask("Hello, what is your return policy?\n", 5) == 1, "too old")
        #expect(server.refusals == [])
        await server.stop()
    }
}

extension TestMail {
    /// A question that is nobody's own, each from somebody else: the mail of one sender is handled one by one.
    fileprivate static func question(_ index: Int) -> TestMail {
        var mail = TestMail(text: "Hello, what is your return policy?\n", verdict: .none)
        mail.name = nil
        mail.from = "someone\(index)@host\(index).example"
        return mail
    }
}
