import Foundation
import Transport

/// Batches of messages as Anthropic has them: the requests in one body, the answers as JSON lines
/// (Anthropic's published description of the interface, `message_batches_post`).
struct MessageBatches: BatchInterface {
    let messages: AnthropicMessages
    let call: BatchCall

    /// How far the provider's clock may be before ours.
    private static let clockSkew: TimeInterval = 300

    func upload(_ entries: [BatchEntry], as name: String) async throws -> String? { nil }

    func create(_ entries: [BatchEntry], file: String?, as name: String) async throws -> String {
        var body = Array("{\"requests\":[".utf8)
        for (index, entry) in entries.enumerated() {
            body += Array("\(index > 0 ? "," : ""){\"custom_id\":\"\(entry.name)\",\"params\":".utf8)
            body += entry.body
            body.append(UInt8(ascii: "}"))
        }
        body += Array("]}".utf8)
        var request = request("POST", "")
        request.headers.append(("Content-Type", "application/json"))
        request.body = body
        return try Self.identifier(try await object(request)["id"])
    }

    /// A batch has no name here: one that was begun since, is as large, and is not known is taken for ours. If it is not,
    /// none of its answers has one of our names, and it is left alone.
    func trace(_ name: String, since: Date, count: Int, known: Set<String>) async throws -> BatchTrace {
        guard let list = try await object(request("GET", "?limit=100"))["data"] as? [[String: Any]] else {
            throw ModelError(.malformed, "an answer that is no list")
        }
        let batch = list.last { batch in
            guard let id = batch["id"] as? String, !known.contains(id),
                let created = (batch["created_at"] as? String).flatMap(Self.date),
                created >= since.addingTimeInterval(-Self.clockSkew)
            else { return false }
            let counts = batch.object("request_counts") ?? [:]
            return counts.keys.reduce(0) { $0 + counts.count($1) } == count
        }
        return BatchTrace(id: try batch.map { try Self.identifier($0["id"]) }, isCertain: false)
    }

    func standing(of id: String) async throws -> BatchStanding {
        let batch = try await object(request("GET", "/\(id)"))
        guard batch["processing_status"] as? String == "ended" else { return .running }
        // The address is the provider's to choose, the host is not: the key goes nowhere else.
        let own = "\(url)/\(id)/results"
        let given = batch["results_url"] as? String
        return .ended([given.flatMap { Self.origin($0) == Self.origin(own) ? $0 : nil } ?? own])
    }

    func results(at place: String) async throws -> [BatchResult] {
        var request = HTTPRequest(url: place, headers: messages.headers)
        request.maximumResponseBytes = Self.maximumResultBytes
        return Self.lines(try await call(request)).compactMap { line in
            guard let name = line["custom_id"] as? String, let result = line.object("result") else { return nil }
            let type = result["type"] as? String
            let error = result.object("error")?.object("error")?["type"] as? String
            return Self.result(name, type == "succeeded" ? result.object("message") : nil, error ?? type)
        }
    }

    func cancel(_ id: String) async throws {
        var request = request("POST", "/\(id)/cancel")
        request.body = []
        _ = try await call(request)
    }

    func discard(_ id: String, files: [String]) async throws { _ = try await call(request("DELETE", "/\(id)")) }

    func trial() async throws { _ = try await object(request("GET", "?limit=1")) }

    private var url: String { "\(messages.model.url)/messages/batches" }

    private func request(_ method: String, _ path: String) -> HTTPRequest {
        HTTPRequest(method: method, url: url + path, headers: [("Accept", "application/json")] + messages.headers)
    }

    private func object(_ request: HTTPRequest) async throws -> [String: Any] {
        try AnthropicMessages.object(try await call(request))
    }

    private static func origin(_ url: String) -> [String]? {
        guard let parts = URLComponents(string: url), parts.user == nil, let host = parts.host else { return nil }
        return [parts.scheme ?? "", host.lowercased(), parts.port.map(String.init) ?? ""]
    }

    private static func date(_ text: String) -> Date? {
        try? Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains(".")).parse(text)
    }
}
