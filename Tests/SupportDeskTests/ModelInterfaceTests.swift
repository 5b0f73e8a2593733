import Foundation
import Synchronization
import TestServers
import Testing
import Transport

@testable import SupportDesk

/// What goes over the wire to each kind of provider, and what its answers and errors mean.
@Suite("Model interfaces")
struct ModelInterfaceTests {
    private static let good = ModelFaultTests.answer(
        "Your parcel is with {{fact:order1.carrier}}.", facts: ["order1.carrier"])

    private func handled(by model: ModelConfiguration) async throws -> String {
        let shop = try await ScratchShop { $0.models = [model] }
        try shop.receive(.whereIsIt())
        let outcome = try await shop.run().outcome
        let detail = try await shop.ledger().database.read {
            try $0.rows("SELECT detail FROM decision", []).first?.text("detail")
        }
        let object = try JSONSerialization.jsonObject(with: Data((detail ?? "{}").utf8)) as? [String: Any]
        return "\(outcome) by \(object?["author"] as? String ?? "nobody")"
    }

    @Test("Azure: the deployment in the path, the version in the query, the key in a header of its own")
    func azure() async throws {
        let server = try ChatModelServer(behaviours: [.content(Self.good)])
        var model = ModelConfiguration(
            url: server.baseURL.replacing("/v1", with: ""), name: "support mini", key: server.apiKey)
        model.interface = .azure
        model.apiVersion = "2024-10-21"
        #expect(try await handled(by: model) == "answered answered by support mini")
        #expect(server.refusals == [])
        #expect(
            server.requests.map(\.target) == [
                "/openai/deployments/support%20mini/chat/completions?api-version=2024-10-21"
            ])
        await server.stop()
    }

    @Test("Anthropic: the answer is a tool's input, what repeats is marked for the provider's cache")
    func anthropic() async throws {
        let server = try ChatModelServer(dialect: .anthropic, behaviours: [.content(Self.good)])
        var model = ModelConfiguration(url: server.baseURL, name: "claude", key: server.apiKey)
        model.interface = .anthropic
        #expect(try await handled(by: model) == "answered answered by claude")
        #expect(server.refusals == [])
        let request = try #require(server.requests.first)
        #expect(request.schemaName == "support_answer")
        let body = try #require(try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any])
        let system = try #require(body["system"] as? [[String: Any]])
        #expect(system.count == 2 && system.allSatisfy { $0["cache_control"] != nil })
        #expect((system[0]["text"] as? String)?.contains("SCOPE") == true)
        #expect((system[1]["text"] as? String)?.contains("PASSAGES") == true)
        #expect(body["temperature"] == nil, "some models take none")
        await server.stop()
    }

    @Test("facts_used that is not the slots of the answer goes back to the model, then the embedded responder answers")
    func factsUsed() async throws {
        let wrong = ModelFaultTests.answer(
            "Your parcel is with {{fact:order1.carrier}}.", facts: ["order1.carrier", "order1.total"])
        for (second, author) in [(Self.good, "m"), (wrong, "embedded")] {
            let server = try ChatModelServer(behaviours: [.content(wrong), .content(second)])
            let model = ModelConfiguration(url: server.baseURL, name: "m", key: server.apiKey)
            #expect(try await handled(by: model) == "answered answered by \(author)")
            #expect(server.requests.count == 2)
            #expect(server.requests.last?.messages.map(\.role) == ["system", "user", "assistant", "user"])
            #expect(server.requests.last?.messages.last?.content.contains("facts-used") == true)
            #expect(server.refusals == [])
            await server.stop()
        }
    }

    @Test("an object that a gateway's model wrote as text is read; one that was cut is none")
    func anthropicText() throws {
        let interface = AnthropicMessages(model: ModelConfiguration(url: "https://a.example/v1", name: "m"))
        func content(_ text: String, _ stop: String) throws -> Result<String, ModelError> {
            let object: [String: Any] = [
                "content": [["type": "thinking", "thinking": "…"], ["type": "text", "text": text]], "stop_reason": stop,
                "usage": ["input_tokens": 5, "output_tokens": 7, "cache_read_input_tokens": 900],
            ]
            let reply = try interface.reply([UInt8](JSONSerialization.data(withJSONObject: object)))
            #expect(reply.tokens == ModelTokens(input: 5, cached: 900, stored: 0, output: 7))
            return reply.content
        }
        #expect(try content("Here: {}", "end_turn") == .success("Here: {}"))
        for (stop, code) in [("max_tokens", ModelError.Code.truncated), ("refusal", .declined)] {
            guard case .failure(let error) = try content("{}", stop) else {
                Issue.record("\(stop) is no error")
                continue
            }
            #expect(error.code == code)
        }
        for body in ["", "[]", "{\"content\": 5}", "{}"] {
            #expect(throws: ModelError.self) { _ = try interface.reply(Array(body.utf8)) }
        }
    }

    @Test("what a status and its error object mean, and nothing of the provider's text is kept")
    func errors() {
        func read(_ status: Int, _ body: String, _ headers: [(name: String, value: String)] = []) -> ModelError {
            ModelError(HTTPResponse(status: status, headers: headers, body: Array(body.utf8)))
        }
        let secret = "You wrote: my card is 4111"
        func openai(_ code: String) -> String {
            "{\"error\": {\"message\": \"\(secret)\", \"type\": \"some_type\", \"param\": null, \"code\": \"\(code)\"}}"
        }
        let cases: [(Int, String, ModelError.Code)] = [
            (429, openai("rate_limit_exceeded"), .rateLimited), (429, openai("insufficient_quota"), .misconfigured),
            (400, openai("content_filter"), .declined), (400, openai("unsupported_value"), .refused),
            (401, openai("invalid_api_key"), .misconfigured), (404, "not JSON", .misconfigured),
            (402, "{\"type\":\"error\",\"error\":{\"type\":\"billing_error\",\"message\":\"x\"}}", .misconfigured),
            (529, "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}", .overloaded),
            (503, "", .overloaded), (500, "[]", .unreachable), (302, "", .refused), (413, "", .refused),
        ]
        for (status, body, code) in cases {
            let error = read(status, body)
            #expect(error.code == code, "\(status) \(body)")
            #expect(!error.message.contains("4111") && !error.message.contains("card"), "\(error)")
        }
        #expect(read(429, openai("my card is 4111")).message == "HTTP 429 some_type")
        #expect(read(429, "", [("retry-after-ms", "1500"), ("Retry-After", "2")]).retryAfter == .milliseconds(1_500))
        #expect(read(429, "", [("Retry-After", "7")]).retryAfter == .seconds(7))
        let date = read(503, "", [("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT")])
        #expect(date.retryAfter == .zero)
        #expect(read(429, "", [("Retry-After", "soon")]).retryAfter == nil)
    }

    @Test("doctor asks each model for a word, and says what to mend")
    func doctor() async throws {
        let well = try ChatModelServer(dialect: .anthropic, behaviours: [.content("yes")])
        let cases: [(ChatModelServer.Behaviour, String)] = [
            (.failure(status: 401), "check the key"), (.failure(status: 404), "often /v1"),
            (.slowDown(headers: [], type: "insufficient_quota"), "no credit left"),
            (.failure(status: 500), "try again later"), (.failure(status: 400), "temperature"),
            (.body("<html>", type: "text/html"), "set interface to another one"), (.hang, "timeout too short"),
        ]
        let servers = try cases.map { try ChatModelServer(behaviours: [$0.0]) }
        let shop = try await ScratchShop { configuration in
            var first = ModelConfiguration(url: well.baseURL, name: "well", key: well.apiKey)
            first.interface = .anthropic
            configuration.models =
                [first]
                + servers.enumerated().map { index, server in
                    var model = ModelConfiguration(url: server.baseURL, name: "ill\(index)", key: server.apiKey)
                    model.timeout = .milliseconds(500)
                    return model
                }
        }
        let findings = Collector<Checkup.Finding>()
        let isWell = await Checkup(shop.configuration, DeskSurroundings(logger: .init(label: "test"))) {
            await findings.add($0)
        }.run()
        #expect(!isWell)
        let all = await findings.all
        #expect(all.first { $0.name == "model well" }?.state == .fine)
        for (index, (_, words)) in cases.enumerated() {
            let finding = all.first { $0.name == "model ill\(index)" }
            #expect(finding?.state == .broken && finding?.detail.contains(words) == true, "\(finding?.detail ?? "-")")
            #expect(finding?.detail.contains("\n") == false)
            #expect(servers[index].requests.count == 1)
        }
        // Besides its word it was only asked for the time, which is no request of the interface.
        #expect(well.refusals == ["404 Not found"])
        for server in servers + [well] { await server.stop() }
    }
}
