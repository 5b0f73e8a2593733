import Foundation
import Transport

/// A model behind an OpenAI-compatible `chat/completions` endpoint, Azure's included, with strict JSON-schema answers
/// (OpenAI's published description of the interface, `CreateChatCompletionRequest`).
struct ChatCompletions: ModelInterface {
    let model: ModelConfiguration

    func request(_ prompt: Prompt) throws -> HTTPRequest {
        var messages: [[String: Any]] = [
            ["role": "system", "content": prompt.system], ["role": "user", "content": prompt.user],
        ]
        if let repair = prompt.repair {
            messages.append(["role": "assistant", "content": repair.draft])
            messages.append(["role": "user", "content": repair.findings])
        }
        return try request(messages, tokens: model.outputTokens, schema: ModelAnswer.schema)
    }

    func trial() throws -> HTTPRequest {
        try request([["role": "user", "content": "Say yes."]], tokens: 100, schema: nil)
    }

    private func request(_ messages: [[String: Any]], tokens: Int, schema: [String: Any]?) throws -> HTTPRequest {
        var body: [String: Any] = ["messages": messages, "max_completion_tokens": tokens]
        if let schema {
            body["response_format"] = [
                "type": "json_schema", "json_schema": ["name": ModelAnswer.name, "strict": true, "schema": schema],
            ]
        }
        if let temperature = model.temperature { body["temperature"] = temperature }
        if model.interface == .azure {
            let version = model.apiVersion ?? ""
            return try Self.post(
                "\(model.url)/openai/deployments/\(model.name.pathComponent)/chat/completions"
                    + "?api-version=\(version.pathComponent)",
                body, headers: [("api-key", model.key ?? "")])
        }
        body["model"] = model.name
        return try Self.post("\(model.url)/chat/completions", body, headers: authorization)
    }

    /// What lets us in, except in Azure.
    var authorization: [(name: String, value: String)] {
        model.key.map { [("Authorization", "Bearer \($0)")] } ?? []
    }

    func reply(_ body: [UInt8]) throws -> ModelReply {
        let completion = try Self.object(body)
        guard let choice = (completion["choices"] as? [[String: Any]])?.first else {
            throw ModelError(.malformed, "an answer without a choice")
        }
        let usage = completion.object("usage") ?? [:]
        let details = usage.object("prompt_tokens_details") ?? [:]
        let cached = min(details.count("cached_tokens"), usage.count("prompt_tokens"))
        let tokens = ModelTokens(
            input: usage.count("prompt_tokens") - cached, cached: cached, output: usage.count("completion_tokens"))
        return ModelReply(content: content(of: choice), tokens: tokens)
    }

    private func content(of choice: [String: Any]) -> Result<String, ModelError> {
        let message = choice.object("message") ?? [:]
        if let refusal = message["refusal"] as? String, !refusal.isEmpty {
            return .failure(ModelError(.declined, "the model declines to answer"))
        }
        switch choice["finish_reason"] as? String {
        case "content_filter": return .failure(ModelError(.declined, "a content filter stopped the answer"))
        case "length": return .failure(ModelError(.truncated, "the answer was longer than output_tokens"))
        default: break
        }
        if let content = message["content"] as? String { return .success(content) }
        // QUIRK: some servers answer in parts, as requests may be written.
        let parts = (message["content"] as? [[String: Any]])?.compactMap { $0["text"] as? String } ?? []
        return parts.isEmpty
            ? .failure(ModelError(.malformed, "an answer without content")) : .success(parts.joined())
    }
}

extension String {
    /// As one part of a URL's path or query.
    fileprivate var pathComponent: String {
        addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-._~"))) ?? ""
    }
}
