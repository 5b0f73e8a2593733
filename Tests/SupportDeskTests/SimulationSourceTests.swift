import Foundation
import Mail
import TestServers
import Testing
import Transport

@testable import SupportDesk

/// Servers that a replay reads, or asks: nothing is written there, and no more is asked than the messages need.
@Suite("Simulation's servers", .timeLimit(.minutes(5))) struct SimulationSourceTests {
    @Test("a queue of Request Tracker is read, and nothing is written on it") func requestTracker() async throws {
        let scene = try await PastScene()
        let server = try await RTServer.start()
        let queue = try await TicketQueue.make(.requestTracker, server)
        for (subject, text, answer) in [
            ("Order", "Where is my order NC-104233?", "It is on its way."),
            ("Payment", "Which payment methods do you accept?", "UPI, cards and cash up to ₹10,000."),
        ] {
            let ticket = try await queue.open(TicketQueue.customer, subject, text, "Support")
            try await queue.system.add(
                NewEntry(key: "note-1.txt", subject: "Re", text: "She is a regular."), to: ticket)
            try await queue.answer(answer, ticket)
        }
        var configuration = RequestTracker.Configuration(url: server.baseURL, queue: "Support", token: server.token)
        configuration.pageSize = 3
        let agent = TransferAgent()
        /// With its keys in order: the server's own order is chance.
        func get(_ path: String) async throws -> String {
            let request = HTTPRequest(
                url: "\(server.baseURL)/REST/2.0/\(path)",
                headers: [("Authorization", "token \(server.adminToken)"), ("Accept", "application/json")])
            let response = try await agent.perform(request)
            try #require(response.status == 200, "\(path): \(response.status)")
            let answer = try JSONSerialization.jsonObject(with: Data(response.body))
            return String(
                decoding: try JSONSerialization.data(withJSONObject: answer, options: .sortedKeys), as: UTF8.self)
        }
        /// The last of everything that anybody ever did, the last change of each ticket, and how many mails went out.
        func standing() async throws -> [String] {
            let all = TicketClient.percentEncoded("id > 0")
            return [
                try await get("transactions?query=\(all)&per_page=100&fields=Type,Created"),
                try await get("tickets?query=\(all)&per_page=100&fields=LastUpdated,Status,Owner,Subject"),
                "\(server.sentMail().count)",
            ]
        }
        let before = try await standing()
        #expect(before[0].contains("Correspond") && before[0].contains("Comment"))
        let entry = DeskConfiguration.ChannelEntry.tickets("queue", .requestTracker(configuration), queues: ["Support"])
        let report = try await scene.report(.channel(entry))
        #expect(report.basis.messages == 2 && report.basis.answeredByPeople == 2)
        #expect(report.basis.conversations == 2)
        #expect(try await standing() == before)
        // What was read is not read again, also when the server has gone.
        await server.stop()
        await agent.shutdown()
    }

    /// Four questions that a model may answer, of two days.
    private func questions(_ scene: PastScene) throws {
        for number in 0..<4 {
            try scene.ask(
                number, ("someone\(number)@host\(number).example", "Some One"), "Hello, what is your return policy?\n",
                on: 8 + number % 2, answer: "You can return any unused item within 30 days of delivery.",
                subject: "Returns")
        }
    }

    private func model(_ server: ChatModelServer) -> ModelConfiguration {
        var model = ModelConfiguration(url: server.baseURL, name: "large", key: server.apiKey)
        model.timeout = .seconds(5)
        model.concurrency = 2
        model.price = .init(input: 2, cached: 1, stored: 2, output: 10)
        return model
    }

    private static let answer =
        "{\"answer\":\"You can return any unused item within 30 days of delivery and get your money back.\",\"language\":\"en\","
        + "\"citations\":[\"returns-policy\"],\"facts_used\":[],\"resolved\":true,\"needs_human\":false,\"reason\":\"\"}"

    @Test("models are asked once a message, side by side as configured, and what they would cost is known before")
    func models() async throws {
        let server = try ChatModelServer { _ in .delayed(.milliseconds(30), .content(Self.answer)) }
        let model = model(server)
        let scene = try await PastScene { $0.models = [model] }
        try questions(scene)
        let estimate = try await scene.report()
        #expect(server.requests.isEmpty && server.connectionCount == 0)
        #expect(!estimate.basis.areModelsAsked && estimate.basis.models == ["large"])
        #expect(estimate.estimate.modelCostPerMonth > 0 && estimate.estimate.tokensIn > 1_000)
        let paid = try await scene.report { $0.asksModels = true }
        #expect(paid.basis.areModelsAsked && paid.basis.messages == 4)
        #expect((1...4).contains(server.requests.count), "\(server.requests.count)")
        #expect(server.refusals.isEmpty && server.connectionCount <= 2)
        #expect(paid.estimate.modelCostPerMonth > 0)
        #expect(paid.text().contains("(as paid)") && estimate.text().contains("(estimated)"))
        // Once more costs nothing.
        let before = server.requests.count
        #expect(try await scene.report { $0.asksModels = true }.json() == paid.json())
        #expect(server.requests.count == before)
        #expect(try scene.shop.replyBytes().isEmpty && scene.shop.tickets().isEmpty)
        await server.stop()
    }

    @Test("the budget is one of today, however many days are replayed") func budget() async throws {
        let server = try ChatModelServer(behaviours: [.content(Self.answer)])
        var dear = model(server)
        dear.price = .init(input: 100, cached: 100, stored: 100, output: 100)
        dear.outputTokens = 1_000
        let scene = try await PastScene { [dear] in
            $0.models = [dear]
            $0.answers.dailyBudget = 10
        }
        try questions(scene)
        let report = try await scene.report { $0.asksModels = true }
        #expect(report.basis.messages == 4)
        #expect(server.requests.isEmpty, "one request costs more than a day's budget")
        await server.stop()
    }
}
