import Foundation
import Transport

/// A model behind an OpenAI-compatible `chat/completions` endpoint with strict JSON-schema answers.
public struct ChatCompletions: LanguageModel {
    /// Where and how.
    public struct Configuration: Sendable {
        /// The endpoint's base, for example `https://api.openai.com/v1`.
        public let url: String
        /// The model's name there.
        public let model: String
        /// The bearer token; nil for a local server.
        public let key: String?
        /// For one request, in all.
        public let timeout: Duration
        /// How often a request is repeated that failed for a passing reason.
        public let retries: Int
        /// No wait between two tries is longer, whatever the server asks for: the embedded responder can answer now.
        public let maximumWait: Duration

        /// Creates a configuration.
        public init(
            url: String, model: String, key: String?, timeout: Duration = .seconds(30), retries: Int = 2,
            maximumWait: Duration = .seconds(20)
        ) {
            self.url = url
            self.model = model
            self.key = key
            self.timeout = timeout
            self.retries = retries
            self.maximumWait = maximumWait
        }
    }

    private let configuration: Configuration
    private let shop: Shop
    private let agent: TransferAgent
    private let templates: @Sendable () async throws -> PromptTemplates

    init(
        _ configuration: Configuration, shop: Shop, agent: TransferAgent,
        templates: @escaping @Sendable () async throws -> PromptTemplates
    ) {
        self.configuration = configuration
        self.shop = shop
        self.agent = agent
        self.templates = templates
    }

    /// The model's name.
    public var name: String { configuration.model }

    /// Asks the model, with retries for passing failures only; the prompt holds placeholders instead of people.
    public func draft(_ brief: Brief) async throws -> Draft {
        let prompt = try Prompt(brief, for: shop, templates: try await templates())
        let answer = try await answer(to: prompt)
        return Draft(
            body: answer.answer, language: answer.language, citations: answer.citations,
            author: .model(configuration.model),
            asksForPerson: answer.needsHuman || !answer.resolved ? "the model asks for a person" : nil)
    }

    /// What the schema below demands.
    private struct Answer: Decodable {
        let answer: String
        let language: String
        let citations: [String]
        let resolved: Bool
        let needsHuman: Bool

        enum CodingKeys: String, CodingKey {
            case answer, language, citations, resolved, needsHuman = "needs_human"
        }
    }

    private func answer(to prompt: Prompt) async throws -> Answer {
        var attempt = 0
        while true {
            do {
                return try await request(prompt)
            } catch let error as ModelError where error.isRetryable && attempt < configuration.retries {
                attempt += 1
                let backoff = Duration.milliseconds(250 << attempt) * Double.random(in: 0.5...1)
                let wait = error.retryAfter ?? backoff
                if wait > configuration.maximumWait { throw error }
                try await Task.sleep(for: wait)
            }
        }
    }

    private func request(_ prompt: Prompt) async throws -> Answer {
        var request = HTTPRequest(method: "POST", url: "\(configuration.url)/chat/completions")
        request.headers = [("Content-Type", "application/json"), ("Accept", "application/json")]
        if let key = configuration.key { request.headers.append(("Authorization", "Bearer \(key)")) }
        request.body = [UInt8](try JSONSerialization.data(withJSONObject: body(prompt), options: [.sortedKeys]))
        request.timeout = configuration.timeout
        request.maximumResponseBytes = 1 << 20
        let response: HTTPResponse
        do {
            response = try await agent.perform(request)
        } catch {
            if error.code == .cancelled { throw CancellationError() }
            throw ModelError(.unreachable, "\(configuration.model): \(error)")
        }
        switch response.status {
        case 200: break
        case 429: throw ModelError(.rateLimited, "\(configuration.model): HTTP 429", retryAfter: response.retryAfter)
        case 408, 409, 500...599:
            throw ModelError(
                .unreachable, "\(configuration.model): HTTP \(response.status)", retryAfter: response.retryAfter)
        default: throw ModelError(.refused, "\(configuration.model): HTTP \(response.status)")
        }
        return try decode(response.body)
    }

    private func body(_ prompt: Prompt) -> [String: Any] {
        let text: [String: Any] = ["type": "string"]
        let properties: [String: Any] = [
            "answer": text, "language": text, "citations": ["type": "array", "items": text],
            "facts_used": ["type": "array", "items": text], "resolved": ["type": "boolean"],
            "needs_human": ["type": "boolean"], "reason": text,
        ]
        return [
            "model": configuration.model, "temperature": 0,
            "messages": [
                ["role": "system", "content": prompt.system], ["role": "user", "content": prompt.user],
            ],
            "response_format": [
                "type": "json_schema",
                "json_schema": [
                    "name": "support_answer", "strict": true,
                    "schema": [
                        "type": "object", "properties": properties, "required": properties.keys.sorted(),
                        "additionalProperties": false,
                    ],
                ],
            ],
        ]
    }

    private struct Completion: Decodable {
        struct Choice: Decodable {
            struct Message: Decodable { let content: String? }
            let message: Message
        }
        let choices: [Choice]
    }

    private func decode(_ body: [UInt8]) throws -> Answer {
        do {
            let completion = try JSONDecoder().decode(Completion.self, from: Data(body))
            guard let content = completion.choices.first?.message.content else {
                throw ModelError(.malformed, "\(configuration.model): an answer without content")
            }
            return try JSONDecoder().decode(Answer.self, from: Data(content.utf8))
        } catch is DecodingError {
            throw ModelError(.malformed, "\(configuration.model): an answer that is not of the schema")
        }
    }
}
