import Foundation

/// What the published descriptions demand of batches: OpenAI's `createFile` and `createBatch`, whose lines are requests of
/// their own, and Anthropic's `CreateMessageBatchParams`.
enum BatchRequestCheck {
    private typealias Fault = ChatRequestCheck.Fault
    typealias Requests = [(id: String, request: ChatModelServer.Request)]

    /// The name and the bytes of an uploaded file.
    static func file(_ http: ReceivedRequest) throws -> (name: String, bytes: [UInt8]) {
        let type = http.header("content-type") ?? ""
        guard type.hasPrefix("multipart/form-data; boundary=") else { throw Fault(status: 415, message: "no form") }
        let boundary = type.dropFirst("multipart/form-data; boundary=".count)
        let text = String(decoding: http.body, as: UTF8.self)
        guard text.hasSuffix("\r\n--\(boundary)--\r\n") else { throw Fault(message: "the form does not end") }
        let parts = text.components(separatedBy: "--\(boundary)\r\n").dropFirst()
        guard parts.count == 2, let first = parts.first, let last = parts.last,
            first == "Content-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n",
            let end = last.range(of: "\r\n\r\n"), let name = last.range(of: "filename=\""),
            last.hasPrefix("Content-Disposition: form-data; name=\"file\"; filename=\"")
        else { throw Fault(message: "the form must hold purpose and file") }
        let content = last[end.upperBound...].replacingOccurrences(of: "\r\n--\(boundary)--\r\n", with: "")
        return (String(last[name.upperBound...].prefix { $0 != "\"" }), Array(content.utf8))
    }

    /// The file, what was said of it and the requests of a new batch.
    static func batch(
        _ http: ReceivedRequest, files: [String: (name: String, bytes: [UInt8])], apiKey: String
    ) throws -> (String, [String: String], Requests) {
        let body = try object(http.body)
        guard Set(body.keys).isSubset(of: ["input_file_id", "endpoint", "completion_window", "metadata"]),
            body["endpoint"]?.string == "/v1/chat/completions", body["completion_window"]?.string == "24h",
            let file = body["input_file_id"]?.string
        else { throw Fault(message: "not a CreateBatchRequest") }
        guard let bytes = files[file]?.bytes else { throw Fault(message: "No such file") }
        let metadata = (body["metadata"]?.object ?? [:]).compactMapValues(\.string)
        guard metadata.count <= 16, metadata.values.allSatisfy({ $0.count <= 512 }) else {
            throw Fault(message: "metadata")
        }
        let requests = try bytes.split(separator: UInt8(ascii: "\n")).map { line in
            let line = try object(Array(line))
            guard Set(line.keys) == ["custom_id", "method", "url", "body"], line["method"]?.string == "POST",
                line["url"]?.string == "/v1/chat/completions", let id = line["custom_id"]?.string,
                let body = line["body"]
            else { throw Fault(message: "not a line of a batch") }
            let request = try request(
                body, "/v1/chat/completions", [("Authorization", "Bearer \(apiKey)")])
            return (id, try accepted(request, ChatRequestCheck.check(request, apiKey: apiKey)))
        }
        return (file, metadata, try unique(requests))
    }

    /// The requests of a new batch of messages.
    static func messages(_ http: ReceivedRequest, apiKey: String) throws -> (String, [String: String], Requests) {
        guard http.header("anthropic-version") == "2023-06-01", http.header("content-type") == "application/json" else {
            throw Fault(message: "headers")
        }
        let body = try object(http.body)
        guard Set(body.keys) == ["requests"], let list = body["requests"]?.array, !list.isEmpty else {
            throw Fault(message: "requests: Field required")
        }
        let requests = try list.map { entry in
            guard let members = entry.object, Set(members.keys) == ["custom_id", "params"],
                let id = entry["custom_id"]?.string, let params = entry["params"]
            else { throw Fault(message: "not a request of a batch") }
            let request = try request(
                params, "/v1/messages", [("x-api-key", apiKey), ("anthropic-version", "2023-06-01")])
            return (id, try accepted(request, MessagesRequestCheck.check(request, apiKey: apiKey)))
        }
        return ("", [:], try unique(requests))
    }

    /// Anthropic's pattern; OpenAI has none.
    private static func unique(_ requests: Requests) throws -> Requests {
        let isRight = requests.allSatisfy { request in
            (1...64).contains(request.id.utf8.count)
                && request.id.utf8.allSatisfy { $0 == 0x2D || $0 == 0x5F || isAlphanumeric($0) }
        }
        guard isRight, Set(requests.map(\.id)).count == requests.count, requests.count <= 50_000 else {
            throw Fault(message: "custom_id")
        }
        return requests
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func object(_ bytes: [UInt8]) throws -> [String: JSONValue] {
        guard let object = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)).object else {
            throw Fault(message: "no JSON object")
        }
        return object
    }

    /// A request of a batch as it would come directly.
    private static func request(
        _ body: JSONValue, _ target: String, _ headers: [(name: String, value: String)]
    ) throws -> ReceivedRequest {
        ReceivedRequest(
            number: 0, connection: 0, method: "POST", target: target,
            headers: headers + [("Content-Type", "application/json")], body: [UInt8](try JSONEncoder().encode(body)))
    }

    private static func accepted(
        _ http: ReceivedRequest, _ checked: ChatRequestCheck.Accepted
    ) throws -> ChatModelServer.Request {
        ChatModelServer.Request(
            number: 1, model: checked.model, messages: checked.messages, schemaName: checked.schemaName,
            body: http.body, target: http.target)
    }
}
