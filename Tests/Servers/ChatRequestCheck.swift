import Foundation

/// What OpenAI's published description demands of a `CreateChatCompletionRequest`, as far as a support desk uses it:
/// https://github.com/openai/openai-openapi.
enum ChatRequestCheck {
    /// A request that the interface refuses.
    struct Fault: Error {
        var status = 400
        var type = "invalid_request_error"
        var message: String
        var parameter: String?
    }

    /// What the script needs of a good request.
    struct Accepted {
        var model: String
        var messages: [ChatModelServer.Message]
        var schemaName: String?
    }

    static func check(_ request: ReceivedRequest, apiKey: String) throws -> Accepted {
        let path = request.target.split(separator: "?", maxSplits: 1).first ?? ""
        let deployment = try azureDeployment(of: request, path)
        guard path == "/v1/chat/completions" || deployment != nil else {
            throw Fault(status: 404, message: "Invalid URL (\(request.method) \(path))")
        }
        guard request.method == "POST" else {
            throw Fault(status: 405, message: "Not allowed to \(request.method) here")
        }
        let key = deployment == nil ? request.header("authorization") : request.header("api-key").map { "Bearer \($0)" }
        guard key == "Bearer \(apiKey)" else {
            throw Fault(status: 401, message: "Incorrect API key provided")
        }
        let type = request.header("content-type")?.lowercased() ?? ""
        guard type == "application/json" || type.hasPrefix("application/json;") else {
            throw Fault(status: 415, message: "Unsupported content type \(type)")
        }
        guard let body = try? JSONDecoder().decode(JSONValue.self, from: Data(request.body)),
            let members = body.object
        else { throw Fault(message: "The body is not a JSON object") }

        for (name, value) in members {
            guard let isRight = parameters[name] else {
                throw Fault(message: "Unrecognized request argument supplied: \(name)", parameter: name)
            }
            if case .null = value, name != "model", name != "messages" { continue }
            guard isRight(value) else { throw Fault(message: "Invalid value for '\(name)'", parameter: name) }
        }
        guard let model = deployment ?? body["model"]?.string else {
            throw Fault(message: "you must provide a model parameter", parameter: "model")
        }
        guard let list = body["messages"]?.array else {
            throw Fault(message: "Missing required parameter: 'messages'", parameter: "messages")
        }
        let messages = try list.enumerated().map { try message($1, at: "messages[\($0)]") }
        return Accepted(model: model, messages: messages, schemaName: try body["response_format"].flatMap(schemaName))
    }

    /// In Azure the path names the model, and the query the interface's version.
    private static func azureDeployment(of request: ReceivedRequest, _ path: Substring) throws -> String? {
        let parts = path.split(separator: "/")
        guard parts.count == 5, parts[0] == "openai", parts[1] == "deployments", parts[3] == "chat",
            parts[4] == "completions"
        else { return nil }
        guard request.target.contains("?api-version=20") else {
            throw Fault(status: 404, type: "invalid_request_error", message: "Resource not found")
        }
        return parts[2].removingPercentEncoding
    }

    /// The parameters that a request may have, and which values each may have.
    private static let parameters: [String: @Sendable (JSONValue) -> Bool] = {
        func integer(_ range: ClosedRange<Double>) -> @Sendable (JSONValue) -> Bool {
            { $0.number.map { $0.rounded() == $0 && range.contains($0) } ?? false }
        }
        func number(_ range: ClosedRange<Double>) -> @Sendable (JSONValue) -> Bool {
            { $0.number.map(range.contains) ?? false }
        }
        let flag: @Sendable (JSONValue) -> Bool = { $0.bool != nil }
        let text: @Sendable (JSONValue) -> Bool = { $0.string != nil }
        let object: @Sendable (JSONValue) -> Bool = { $0.object != nil }
        func oneOf(_ values: String...) -> @Sendable (JSONValue) -> Bool {
            { $0.string.map(values.contains) ?? false }
        }
        return [
            "model": { $0.string?.isEmpty == false },
            "messages": { $0.array?.isEmpty == false },
            "response_format": object,
            "temperature": number(0...2), "top_p": number(0...1),
            "frequency_penalty": number(-2...2), "presence_penalty": number(-2...2),
            "max_tokens": integer(1...1e9), "max_completion_tokens": integer(1...1e9),
            "n": integer(1...128), "seed": integer(-9.3e18...9.3e18), "top_logprobs": integer(0...20),
            "logprobs": flag, "store": flag, "parallel_tool_calls": flag,
            // Answers in pieces are not in this server's script.
            "stream": { $0.bool == false },
            "stop": { $0.string != nil || ($0.array.map { (1...4).contains($0.count) } ?? false) },
            "user": text, "prompt_cache_key": text,
            "safety_identifier": { $0.string.map { $0.count <= 64 } ?? false },
            "service_tier": text, "prompt_cache_retention": oneOf("in_memory", "24h"),
            "reasoning_effort": oneOf("none", "minimal", "low", "medium", "high", "xhigh", "max"),
            "verbosity": oneOf("low", "medium", "high"),
            "logit_bias": object, "prompt_cache_options": object,
            "metadata": { ($0.object?.values.allSatisfy { $0.string.map { $0.count <= 512 } ?? false }) ?? false },
        ]
    }()

    /// The types of content parts that each role may use. Only text has a meaning for a support desk's tests.
    private static let roles: [String: Set<String>] = [
        "developer": ["text"], "system": ["text"], "assistant": ["text", "refusal"], "tool": ["text"],
        "user": ["text", "image_url", "input_audio", "file"],
    ]

    private static func message(_ value: JSONValue, at place: String) throws -> ChatModelServer.Message {
        guard let role = value["role"]?.string, let types = roles[role] else {
            throw Fault(message: "Invalid value for '\(place).role'", parameter: "\(place).role")
        }
        if role == "tool", value["tool_call_id"]?.string == nil {
            throw Fault(message: "Missing '\(place).tool_call_id'", parameter: "\(place).tool_call_id")
        }
        if let text = value["content"]?.string { return ChatModelServer.Message(role: role, content: text) }
        if role == "assistant", value["content"] == nil, value["tool_calls"]?.array?.isEmpty == false {
            return ChatModelServer.Message(role: role, content: "")
        }
        guard let parts = value["content"]?.array, !parts.isEmpty else {
            throw Fault(message: "Invalid type for '\(place).content'", parameter: "\(place).content")
        }
        let texts = try parts.map { part in
            guard let type = part["type"]?.string, types.contains(type), type != "text" || part["text"]?.string != nil
            else { throw Fault(message: "Invalid part in '\(place).content'", parameter: "\(place).content") }
            return part["text"]?.string ?? ""
        }
        return ChatModelServer.Message(role: role, content: texts.joined())
    }

    /// Checks `response_format`, and returns the name of the schema that it asks for, if any.
    private static func schemaName(_ format: JSONValue) throws -> String? {
        switch format["type"]?.string {
        case "text", "json_object":
            return nil
        case "json_schema":
            break
        default:
            throw Fault(message: "Invalid 'response_format.type'", parameter: "response_format.type")
        }
        let place = "response_format.json_schema"
        guard let description = format["json_schema"], let name = description["name"]?.string else {
            throw Fault(message: "Missing required parameter: '\(place).name'", parameter: "\(place).name")
        }
        let isWord = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }
        guard isWord, (1...64).contains(name.utf8.count) else {
            throw Fault(message: "Invalid '\(place).name'", parameter: "\(place).name")
        }
        if let strict = description["strict"], strict.bool == nil {
            throw Fault(message: "Invalid '\(place).strict'", parameter: "\(place).strict")
        }
        if let schema = description["schema"] {
            guard schema.object != nil else {
                throw Fault(message: "Invalid '\(place).schema'", parameter: "\(place).schema")
            }
            if description["strict"]?.bool == true {
                guard schema["type"]?.string == "object" else {
                    throw Fault(message: "schema must be of type 'object' at its root", parameter: "\(place).schema")
                }
                try strict(schema, at: name)
            }
        } else if description["strict"]?.bool == true {
            throw Fault(message: "Missing required parameter: '\(place).schema'", parameter: "\(place).schema")
        }
        return name
    }

    /// The rules of strict schemas (Structured Outputs guide): every object says `additionalProperties: false` and
    /// requires each of its properties.
    private static func strict(_ schema: JSONValue, at place: String) throws {
        let types = schema["type"]?.array?.compactMap(\.string) ?? [schema["type"]?.string].compactMap { $0 }
        if types.contains("object") || schema["properties"] != nil {
            guard schema["additionalProperties"]?.bool == false else {
                throw Fault(message: "'additionalProperties' is required to be false at \(place)")
            }
            let properties = schema["properties"]?.object ?? [:]
            let required = Set(schema["required"]?.array?.compactMap(\.string) ?? [])
            guard required == Set(properties.keys) else {
                throw Fault(message: "'required' must include every key in properties at \(place)")
            }
            for (name, value) in properties { try strict(value, at: "\(place).\(name)") }
        }
        if types.contains("array"), schema["items"] == nil {
            throw Fault(message: "array schema missing items at \(place)")
        }
        if let items = schema["items"] { try strict(items, at: "\(place)[]") }
        for (index, branch) in (schema["anyOf"]?.array ?? []).enumerated() {
            try strict(branch, at: "\(place).anyOf[\(index)]")
        }
        for (name, value) in schema["$defs"]?.object ?? [:] { try strict(value, at: "\(place).$defs.\(name)") }
    }
}
