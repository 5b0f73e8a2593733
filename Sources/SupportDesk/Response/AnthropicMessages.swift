import Foundation
import Transport

/// A model behind Anthropic's `messages` endpoint. Its answer is the input of a tool that it is made to use: every version
/// of the interface has that, and the schema is the tool's.
struct AnthropicMessages: ModelInterface {
    let model: ModelConfiguration

    /// The version that the requests below are written to (`anthropic-version`).
    private static let version = "2023-06-01"

    func request(_ prompt: Prompt) throws -> HTTPRequest {
        var messages: [[String: Any]] = [["role": "user", "content": prompt.user]]
        if let repair = prompt.repair {
            messages.append(["role": "assistant", "content": repair.draft])
            messages.append(["role": "user", "content": repair.findings])
        }
        // Two marks: what all mails share, and what those share that rest on the same articles.
        let system = [prompt.rules + prompt.manner, prompt.knowledge].filter { !$0.isEmpty }.map {
            text -> [String: Any] in
            ["type": "text", "text": text, "cache_control": ["type": "ephemeral"]]
        }
        return try request([
            "messages": messages, "max_tokens": model.outputTokens, "system": system,
            "tools": [
                [
                    "name": ModelAnswer.name, "description": "Gives the reply to the customer's mail.",
                    "input_schema": ModelAnswer.schema,
                ] as [String: Any]
            ],
            "tool_choice": ["type": "tool", "name": ModelAnswer.name, "disable_parallel_tool_use": true],
        ])
    }

    func trial() throws -> HTTPRequest {
        try request(["messages": [["role": "user", "content": "Say yes."]], "max_tokens": 10])
    }

    private func request(_ parts: [String: Any]) throws -> HTTPRequest {
        var body = parts
        body["model"] = model.name
        if let temperature = model.temperature { body["temperature"] = min(temperature, 1) }
        return try Self.post("\(model.url)/messages", body, headers: headers)
    }

    /// What lets us in, and what we speak.
    var headers: [(name: String, value: String)] {
        [("x-api-key", model.key ?? ""), ("anthropic-version", Self.version)]
    }

    func reply(_ body: [UInt8]) throws -> ModelReply {
        let message = try Self.object(body)
        guard let blocks = message["content"] as? [[String: Any]] else {
            throw ModelError(.malformed, "an answer without content")
        }
        let usage = message.object("usage") ?? [:]
        let tokens = ModelTokens(
            input: usage.count("input_tokens"), cached: usage.count("cache_read_input_tokens"),
            stored: usage.count("cache_creation_input_tokens"), output: usage.count("output_tokens"))
        return ModelReply(content: content(of: blocks, message["stop_reason"] as? String), tokens: tokens)
    }

    private func content(of blocks: [[String: Any]], _ stopReason: String?) -> Result<String, ModelError> {
        switch stopReason {
        case "refusal": return .failure(ModelError(.declined, "the model declines to answer"))
        case "max_tokens", "model_context_window_exceeded":
            return .failure(ModelError(.truncated, "the answer was longer than output_tokens"))
        default: break
        }
        if let input = blocks.first(where: { $0["type"] as? String == "tool_use" })?.object("input"),
            let data = try? JSONSerialization.data(withJSONObject: input)
        {
            return .success(String(decoding: data, as: UTF8.self))
        }
        // QUIRK: a model behind a gateway may write the object as text in place of using the tool.
        let text = blocks.compactMap { $0["text"] as? String }.joined()
        return text.isEmpty ? .failure(ModelError(.malformed, "an answer without content")) : .success(text)
    }
}
