import Foundation
import Transport

/// Batches of chat completions as OpenAI has them: a file of requests, a batch over it, a file of answers and one of errors
/// (OpenAI's published description of the interface, `createBatch`).
struct ChatBatches: BatchInterface {
    let chat: ChatCompletions
    let call: BatchCall

    /// The path that each line names, whatever the server's own base is.
    private static let endpoint = "/v1/chat/completions"
    /// How many of the newest batches and files are looked through for one whose id was not heard.
    private static let newest = 100

    func upload(_ entries: [BatchEntry], as name: String) async throws -> String? {
        // Nothing in a line can hold a name that was made after it.
        let boundary = "batch-\(name)"
        var body = Array(
            """
            --\(boundary)\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n\
            --\(boundary)\r\nContent-Disposition: form-data; name="file"; filename="\(name).jsonl"\r\n\
            Content-Type: application/jsonl\r\n\r\n
            """.utf8)
        for entry in entries {
            body += Array(
                "{\"custom_id\":\"\(entry.name)\",\"method\":\"POST\",\"url\":\"\(Self.endpoint)\",\"body\":".utf8)
            body += entry.body
            body += Array("}\n".utf8)
        }
        body += Array("\r\n--\(boundary)--\r\n".utf8)
        var request = request("POST", "files")
        request.headers.append(("Content-Type", "multipart/form-data; boundary=\(boundary)"))
        request.body = body
        return try Self.identifier(try await object(request)["id"])
    }

    func create(_ entries: [BatchEntry], file: String?, as name: String) async throws -> String {
        let body: [String: Any] = [
            "input_file_id": file ?? "", "endpoint": Self.endpoint, "completion_window": "24h",
            "metadata": ["auradesk": name],
        ]
        var request = try ChatCompletions.post("\(chat.model.url)/batches", body, headers: chat.authorization)
        request.isRepeatable = false
        return try Self.identifier(try await object(request)["id"])
    }

    func trace(_ name: String, since: Date, count: Int, known: Set<String>) async throws -> BatchTrace {
        let batches = try await list("batches?limit=\(Self.newest)")
        if let batch = batches.first(where: { $0.object("metadata")?["auradesk"] as? String == name }) {
            return BatchTrace(
                file: try? Self.identifier(batch["input_file_id"]), id: try Self.identifier(batch["id"]))
        }
        let files = try await list("files?purpose=batch&limit=\(Self.newest)&order=desc")
        let file = files.first { $0["filename"] as? String == "\(name).jsonl" }
        return BatchTrace(file: try file.map { try Self.identifier($0["id"]) })
    }

    func standing(of id: String) async throws -> BatchStanding {
        let batch = try await object(request("GET", "batches/\(id)"))
        switch batch["status"] as? String {
        case "failed":
            let errors = batch.object("errors")?["data"] as? [[String: Any]] ?? []
            return .failed(errors.lazy.compactMap { ($0["code"] as? String).flatMap(Self.word) }.first ?? "failed")
        case "completed", "expired", "cancelled":
            let output = try? Self.identifier(batch["output_file_id"])
            // QUIRK: a batch may be called completed before its file is named.
            let done = batch.object("request_counts")?.count("completed") ?? 0
            if output == nil, done > 0 { return .running }
            return .ended([output, try? Self.identifier(batch["error_file_id"])].compactMap(\.self))
        default: return .running
        }
    }

    func results(at place: String) async throws -> [BatchResult] {
        var request = request("GET", "files/\(place)/content")
        request.maximumResponseBytes = Self.maximumResultBytes
        return Self.lines(try await call(request)).compactMap { line in
            guard let name = line["custom_id"] as? String else { return nil }
            let response = line.object("response")
            let isGood = response?["status_code"] as? Int == 200
            let error = response?.object("body")?.object("error") ?? line.object("error")
            return Self.result(name, isGood ? response?.object("body") : nil, error?["code"] as? String)
        }
    }

    func cancel(_ id: String) async throws {
        var request = request("POST", "batches/\(id)/cancel")
        request.body = []
        _ = try await call(request)
    }

    func discard(_ id: String, files: [String]) async throws {
        for file in files {
            do {
                _ = try await call(request("DELETE", "files/\(file)"))
            } catch let error as ModelError {
                // What is not there is forgotten.
                if error.code != .refused { throw error }
            }
        }
    }

    func trial() async throws { _ = try await list("batches?limit=1") }

    private func request(_ method: String, _ path: String) -> HTTPRequest {
        HTTPRequest(
            method: method, url: "\(chat.model.url)/\(path)",
            headers: [("Accept", "application/json")] + chat.authorization)
    }

    private func object(_ request: HTTPRequest) async throws -> [String: Any] {
        try ChatCompletions.object(try await call(request))
    }

    private func list(_ path: String) async throws -> [[String: Any]] {
        guard let list = try await object(request("GET", path))["data"] as? [[String: Any]] else {
            throw ModelError(.malformed, "an answer that is no list")
        }
        return list
    }
}
