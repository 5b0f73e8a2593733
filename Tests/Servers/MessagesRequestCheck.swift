import Foundation

/// What Anthropic's published description demands of a `CreateMessageParams`, with the prompt cache's marks, as far as a
/// support desk uses it: https://docs.anthropic.com/en/api/messages.
enum MessagesRequestCheck {
    static func check(_ request: ReceivedRequest, apiKey: String) throws -> ChatRequestCheck.Accepted {
        typealias Fault = ChatRequestCheck.Fault
        guard request.method == "POST", request.target == "/v1/messages" else {
            throw Fault(status: 404, type: "not_found_error", message: "Not found")
        }
        guard request.header("x-api-key") == apiKey else {
            throw Fault(status: 401, type: "authentication_error", message: "invalid x-api-key")
        }
        guard request.header("anthropic-version") == "2023-06-01" else {
            throw Fault(message: "anthropic-version: header is required")
        }
        guard request.header("content-type") == "application/json" else {
            throw Fault(status: 415, message: "Unsupported content type")
        }
        guard let body = try? JSONDecoder().decode(JSONValue.self, from: Data(request.body)),
            let members = body.object
        else { throw Fault(message: "The request body is not valid JSON") }
        for name in members.keys where !parameters.contains(name) {
            throw Fault(message: "\(name): Extra inputs are not permitted", parameter: name)
        }
        guard let model = body["model"]?.string, !model.isEmpty else { throw Fault(message: "model: Field required") }
        guard let limit = body["max_tokens"]?.number, limit >= 1, limit.rounded() == limit else {
            throw Fault(message: "max_tokens: Input should be a positive integer")
        }
        if let temperature = body["temperature"]?.number, !(0...1).contains(temperature) {
            throw Fault(message: "temperature: range: 0..1")
        }
        var messages: [ChatModelServer.Message] = []
        var marks = 0
        if let system = body["system"] {
            messages.append(.init(role: "system", content: try text(of: system, at: "system", &marks)))
        }
        guard let turns = body["messages"]?.array, !turns.isEmpty else {
            throw Fault(message: "messages: Field required")
        }
        for (index, turn) in turns.enumerated() {
            guard let role = turn["role"]?.string, ["user", "assistant"].contains(role), let content = turn["content"],
                Set(turn.object?.keys.map(\.self) ?? []) == ["role", "content"]
            else { throw Fault(message: "messages.\(index): Input should be a valid message") }
            guard index > 0 || role == "user" else {
                throw Fault(message: "messages: first message must use the user role")
            }
            messages.append(.init(role: role, content: try text(of: content, at: "messages.\(index)", &marks)))
        }
        // The interface takes four cache marks at most.
        guard marks <= 4 else { throw Fault(message: "A maximum of 4 blocks with cache_control may be provided") }
        return ChatRequestCheck.Accepted(model: model, messages: messages, schemaName: try tool(body))
    }

    private static let parameters: Set<String> = [
        "model", "messages", "max_tokens", "metadata", "stop_sequences", "stream", "system", "temperature",
        "tool_choice", "tools", "top_k", "top_p",
    ]

    private static func text(of content: JSONValue, at place: String, _ marks: inout Int) throws -> String {
        if let text = content.string {
            guard !text.isEmpty else { throw ChatRequestCheck.Fault(message: "\(place): text must not be empty") }
            return text
        }
        return try (content.array ?? []).map { block in
            guard block["type"]?.string == "text", let text = block["text"]?.string, !text.isEmpty,
                Set(block.object?.keys.map(\.self) ?? []).isSubset(of: ["type", "text", "cache_control"])
            else { throw ChatRequestCheck.Fault(message: "\(place): Input should be a valid block with text") }
            if let mark = block["cache_control"] {
                guard mark["type"]?.string == "ephemeral" else {
                    throw ChatRequestCheck.Fault(message: "\(place): cache_control.type: Input should be 'ephemeral'")
                }
                marks += 1
            }
            return text
        }.joined()
    }

    /// The tool that the model is made to use.
    private static func tool(_ body: JSONValue) throws -> String? {
        for tool in body["tools"]?.array ?? [] {
            guard tool["name"]?.string != nil, tool["input_schema"]?["type"]?.string == "object",
                Set(tool.object?.keys.map(\.self) ?? []).isSubset(of: ["name", "description", "input_schema"])
            else { throw ChatRequestCheck.Fault(message: "tools: Input should be a valid tool") }
        }
        guard let choice = body["tool_choice"] else { return nil }
        let names = (body["tools"]?.array ?? []).compactMap { $0["name"]?.string }
        guard choice["type"]?.string == "tool", let name = choice["name"]?.string, names.contains(name) else {
            throw ChatRequestCheck.Fault(message: "tool_choice: Tool not found in provided tools")
        }
        return name
    }
}
