import Foundation
import TestServers

@testable import SupportDesk

/// A shop whose model takes batches, and its provider.
struct BatchScene {
    /// A sentence of the article, word for word: the review lets it pass.
    static let good = ModelFaultTests.answer(
        "You can return any unused item within 30 days of delivery and get your money back.",
        citations: ["returns-policy"])

    let server: ChatModelServer
    let shop: ScratchShop
    var provider: BatchStandIn { server.batches }

    init(
        _ dialect: ChatModelServer.Dialect, _ script: [ChatModelServer.Behaviour] = [.content(good)],
        policy: BatchPolicy = BatchPolicy(), _ change: @escaping (inout DeskConfiguration) -> Void = { _ in }
    ) async throws {
        try await self.init(dialect, policy: policy, change) { script[min($0.number, script.count) - 1] }
    }

    init(
        _ dialect: ChatModelServer.Dialect, policy: BatchPolicy = BatchPolicy(),
        _ change: @escaping (inout DeskConfiguration) -> Void = { _ in },
        script: @escaping @Sendable (ChatModelServer.Request) -> ChatModelServer.Behaviour
    ) async throws {
        let server = try ChatModelServer(dialect: dialect, script)
        self.server = server
        shop = try await ScratchShop { configuration in
            var model = ModelConfiguration(url: server.baseURL, name: "large", key: server.apiKey)
            model.interface = dialect == .openai ? .openai : .anthropic
            model.price = .init(input: 2, cached: 0.5, stored: 2.5, output: 10)
            model.batch = policy
            configuration.models = [model]
            change(&configuration)
        }
    }

    /// Mails that ask what the shop's articles answer, each from somebody else.
    func receive(_ count: Int, text: String = "Hello, what is your return policy?\n") throws {
        for index in 0..<count {
            var mail = TestMail(text: text, verdict: .none)
            mail.name = nil
            mail.from = "someone\(UUID().uuidString.prefix(8))@host\(index).example"
            try shop.receive(mail)
        }
    }

    /// Runs the desk every two minutes until nothing is left to do.
    /// - Parameter between: what happens at the provider before each further run.
    /// - Returns: how many runs it took.
    func finish(runs: Int = 8, _ between: () -> Void) async throws -> Int {
        for run in 1...runs {
            if !(try await shop.run().report.workRemains) { return run }
            between()
            shop.clock.advance(by: 120)
        }
        return runs + 1
    }

    /// Who drafted, and how often.
    func authors() async throws -> [String: Int] {
        let rows = try await shop.ledger().database.read { try $0.rows("SELECT detail FROM decision", []) }
        return rows.reduce(into: [:]) { counts, row in
            let data = Data((row.text("detail") ?? "{}").utf8)
            let author = (try? JSONSerialization.jsonObject(with: data) as? [String: Any])?["author"] as? String
            counts[author ?? "none", default: 0] += 1
        }
    }

    func rows(_ sql: String) async throws -> [SQLRow] {
        try await shop.ledger().database.read { try $0.rows(sql, []) }
    }

    /// Words on record for what came of requests.
    func outcomes() async throws -> [String: Int] {
        try await rows("SELECT outcome, COUNT(*) AS n FROM model_call GROUP BY outcome").reduce(into: [:]) {
            $0[$1.text("outcome") ?? ""] = Int($1.integer("n") ?? 0)
        }
    }
}
