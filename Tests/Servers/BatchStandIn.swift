import Foundation

/// The batch endpoints of a `ChatModelServer`: OpenAI's files and batches, or Anthropic's message batches. A batch runs
/// until the test ends it; what comes of each request is the server's script's word.
public final class BatchStandIn: Sendable {
    /// The calls that there are.
    public enum Step: String, Sendable, CaseIterable {
        case upload, create, list, standing, results, cancel, discard
    }

    /// What a test wants to happen in place of a call, or after it.
    public enum Fault: Sendable {
        /// The call is not carried out; this is the answer.
        case instead(ScriptedReply)
        /// The call is carried out, and the client hears this.
        case after(ScriptedReply)
    }

    /// One line of what comes of a batch.
    public struct Line: Sendable {
        /// The client's name for the request.
        public var id: String
        /// The line.
        public var text: String
        /// Whether it stands in OpenAI's file of errors.
        public var isError: Bool

        /// A line, whatever it says.
        public init(id: String, text: String, isError: Bool = false) {
            self.id = id
            self.text = text
            self.isError = isError
        }
    }

    /// A batch as the provider has it.
    public struct Batch: Sendable {
        /// The provider's name for it.
        public let id: String
        /// When it was made.
        public let created: Date
        /// What the client said of it (OpenAI).
        public let metadata: [String: String]
        /// OpenAI's file of requests.
        public let file: String
        /// The names of its requests, and the requests, in their order.
        public let requests: [(id: String, request: ChatModelServer.Request)]
        /// OpenAI's word, or Anthropic's.
        public fileprivate(set) var status: String
        /// Whether it was asked to end.
        public fileprivate(set) var isCancelled = false
        /// OpenAI's code for why it failed.
        fileprivate var failure: String?
        fileprivate var lines: [Line] = []
    }

    struct State {
        var files: [String: (name: String, bytes: [UInt8])] = [:]
        var batches: [Batch] = []
        var calls: [Step: Int] = [:]
        var faults: [Step: [Fault]] = [:]
        var refusals: [String] = []
        var created: [[UInt8]] = []
        var isOff = false
        var resultsHost: String?
        var now = Date(timeIntervalSince1970: 1_773_133_200)
    }

    let state = Locked(State())
    let dialect: ChatModelServer.Dialect
    let apiKey: String

    init(_ dialect: ChatModelServer.Dialect, apiKey: String) {
        self.dialect = dialect
        self.apiKey = apiKey
    }

    // MARK: For tests

    /// The batches that were made, also those that were forgotten since.
    public var batches: [Batch] { state.with { $0.batches } }
    /// The names of the requests of all batches.
    public var requested: [String] { batches.flatMap { $0.requests.map(\.id) } }
    /// The bodies by which batches were made.
    public var created: [[UInt8]] { state.with { $0.created } }
    /// What lies there in files, or in ended batches.
    public var files: [String] { state.with { $0.files.keys.sorted() } }
    /// How often each call was made.
    public func count(_ step: Step) -> Int { state.with { $0.calls[step] ?? 0 } }
    /// What was wrong with calls.
    public var refusals: [String] { state.with { $0.refusals } }
    /// The clock of what is made from now on.
    public func set(now: Date) { state.with { $0.now = now } }
    /// Another host in the address of what came of a batch (Anthropic).
    public func set(resultsHost: String) { state.with { $0.resultsHost = resultsHost } }
    /// A provider without batches.
    public func turnOff() { state.with { $0.isOff = true } }
    /// The next calls of this step go wrong, one fault each.
    public func fail(_ step: Step, _ faults: Fault...) { state.with { $0.faults[step, default: []] += faults } }

    /// Ends all running batches.
    /// - Parameters:
    ///   - status: OpenAI's word for the end; Anthropic's is always the same.
    ///   - change: what the lines are to be, which are all answered.
    public func finish(status: String = "completed", _ change: (inout [Line]) -> Void = { _ in }) {
        state.with { state in
            for index in state.batches.indices where isRunning(state.batches[index]) {
                let batch = state.batches[index]
                var lines = batch.requests.map { line($0.id, answer($0.request)) }
                change(&lines)
                state.batches[index].lines = lines
                state.batches[index].status = dialect == .openai ? status : "ended"
                guard dialect == .openai else { continue }
                for (isError, name) in [(false, "out"), (true, "err")] {
                    let text = lines.filter { $0.isError == isError }.map(\.text).joined(separator: "\n")
                    if !text.isEmpty { state.files["file-\(batch.id)-\(name)"] = ("", Array(text.utf8)) }
                }
            }
        }
    }

    /// OpenAI refuses all running batches when it looks at their files.
    public func fail(code: String) {
        state.with { state in
            for index in state.batches.indices where isRunning(state.batches[index]) {
                state.batches[index].status = "failed"
                state.batches[index].failure = code
            }
        }
    }

    /// The line of a request that was not looked at in time.
    public func expired(_ id: String) -> Line {
        let text =
            dialect == .openai
            ? "{\"id\":\"r\",\"custom_id\":\"\(id)\",\"response\":null,\"error\":{\"code\":\"batch_expired\",\"message\":\"m\"}}"
            : "{\"custom_id\":\"\(id)\",\"result\":{\"type\":\"expired\"}}"
        return Line(id: id, text: text, isError: true)
    }

    // MARK: The endpoints

    /// Sets by the server: what the model answers to a request, directly.
    let script = Locked<@Sendable (ChatModelServer.Request) -> ScriptedReply>({ _ in .close })

    private func answer(_ request: ChatModelServer.Request) -> (status: Int, body: String) {
        guard case .response(let status, _, let body) = script.with({ $0 })(request) else { return (500, "{}") }
        return (status, String(decoding: body, as: UTF8.self))
    }

    private func line(_ id: String, _ answer: (status: Int, body: String)) -> Line {
        let isGood = answer.status == 200
        guard dialect == .openai else {
            let result =
                isGood
                ? "{\"type\":\"succeeded\",\"message\":\(answer.body)}"
                : "{\"type\":\"errored\",\"error\":{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"m\"}}}"
            return Line(id: id, text: "{\"custom_id\":\"\(id)\",\"result\":\(result)}")
        }
        let response = "{\"status_code\":\(answer.status),\"request_id\":\"q\",\"body\":\(answer.body)}"
        return Line(
            id: id, text: "{\"id\":\"r\",\"custom_id\":\"\(id)\",\"response\":\(response),\"error\":null}",
            isError: !isGood)
    }

    private func isRunning(_ batch: Batch) -> Bool {
        ["in_progress", "cancelling", "canceling"].contains(batch.status)
    }

    /// The answer to a call; nil: it is none of these endpoints.
    func reply(to http: ReceivedRequest, base: String) -> ScriptedReply? {
        let path = http.target.split(separator: "?").first.map(String.init) ?? ""
        let root = dialect == .openai ? ["/v1/files", "/v1/batches"] : ["/v1/messages/batches"]
        guard root.contains(where: { path == $0 || path.hasPrefix($0 + "/") }), !state.with({ $0.isOff }) else {
            return nil
        }
        let parts = path.split(separator: "/").dropFirst(dialect == .openai ? 1 : 2).map(String.init)
        guard let step = step(http.method, parts) else { return Self.error(404, "not_found_error") }
        let fault = state.with { state -> Fault? in
            state.calls[step, default: 0] += 1
            guard state.faults[step]?.isEmpty == false else { return nil }
            return state.faults[step]?.removeFirst()
        }
        if case .instead(let reply) = fault { return reply }
        var reply: ScriptedReply
        do {
            let key =
                dialect == .openai ? http.header("authorization") : http.header("x-api-key").map { "Bearer \($0)" }
            guard key == "Bearer \(apiKey)" else {
                throw ChatRequestCheck.Fault(status: 401, type: "authentication_error", message: "wrong key")
            }
            reply = try carryOut(step, http, parts, base)
        } catch let fault as ChatRequestCheck.Fault {
            state.with { $0.refusals.append("\(fault.status) \(fault.message)") }
            reply = Self.error(fault.status, fault.type)
        } catch {
            reply = .close
        }
        if case .after(let other) = fault { reply = other }
        return reply
    }

    private func step(_ method: String, _ parts: [String]) -> Step? {
        switch (method, parts.first ?? "", parts.count) {
        case ("POST", "files", 1): .upload
        case ("GET", "files", 1), ("GET", "batches", 1): .list
        case ("POST", "batches", 1): .create
        case ("GET", "batches", 2): .standing
        case ("GET", "files", 3), ("GET", "batches", 3): .results
        case ("POST", "batches", 3): .cancel
        case ("DELETE", _, 2): .discard
        default: nil
        }
    }

    private func carryOut(
        _ step: Step, _ http: ReceivedRequest, _ parts: [String], _ base: String
    ) throws -> ScriptedReply {
        let missing = ChatRequestCheck.Fault(status: 404, type: "not_found_error", message: "No such object \(parts)")
        switch step {
        case .upload:
            let (name, bytes) = try BatchRequestCheck.file(http)
            return state.with { state in
                let id = "file-\(state.files.count + state.batches.count + 1)"
                state.files[id] = (name, bytes)
                return .text("{\"id\":\"\(id)\",\"object\":\"file\",\"purpose\":\"batch\"}")
            }
        case .create:
            let made = try state.with { state in
                let (file, metadata, requests) =
                    try dialect == .openai
                    ? BatchRequestCheck.batch(http, files: state.files, apiKey: apiKey)
                    : BatchRequestCheck.messages(http, apiKey: apiKey)
                let batch = Batch(
                    id: "batch_\(state.batches.count + 1)", created: state.now, metadata: metadata, file: file,
                    requests: requests, status: "in_progress")
                state.batches.append(batch)
                state.created.append(http.body)
                return batch
            }
            return .text(object(made, base, state.with { $0.resultsHost }))
        case .list:
            return state.with { state in
                let list =
                    parts.first == "files"
                    ? state.files.map { "{\"id\":\"\($0.key)\",\"filename\":\"\($0.value.name)\"}" }
                    : state.batches.reversed().map { object($0, base, state.resultsHost) }
                return .text("{\"object\":\"list\",\"data\":[\(list.joined(separator: ","))],\"has_more\":false}")
            }
        case .standing, .cancel:
            return try state.with { state in
                guard let index = state.batches.firstIndex(where: { $0.id == parts[1] }) else { throw missing }
                if step == .cancel {
                    state.batches[index].isCancelled = true
                    state.batches[index].status = dialect == .openai ? "cancelling" : "canceling"
                }
                return .text(object(state.batches[index], base, state.resultsHost))
            }
        case .results:
            return try state.with { state in
                if dialect == .openai {
                    guard let file = state.files[parts[1]] else { throw missing }
                    return .response(
                        status: 200, headers: [("Content-Type", "application/octet-stream")], body: file.bytes)
                }
                guard let batch = state.batches.first(where: { $0.id == parts[1] && $0.status == "ended" }) else {
                    throw missing
                }
                return .text(batch.lines.map(\.text).joined(separator: "\n"), type: "application/x-jsonl")
            }
        case .discard:
            return try state.with { state in
                if dialect == .openai {
                    guard state.files.removeValue(forKey: parts[1]) != nil else { throw missing }
                } else {
                    guard let index = state.batches.firstIndex(where: { $0.id == parts[1] && $0.status == "ended" })
                    else { throw missing }
                    state.batches[index].status = "deleted"
                }
                return .text("{\"id\":\"\(parts[1])\",\"deleted\":true}")
            }
        }
    }

    private func object(_ batch: Batch, _ base: String, _ resultsHost: String?) -> String {
        let count = batch.requests.count
        guard dialect == .openai else {
            let created = batch.created.formatted(.iso8601)
            let isEnded = batch.status == "ended"
            let host = resultsHost ?? base
            let results = isEnded ? "\"\(host)/messages/batches/\(batch.id)/results\"" : "null"
            let counts = isEnded ? "\"processing\":0,\"succeeded\":\(count)" : "\"processing\":\(count),\"succeeded\":0"
            return """
                {"id":"\(batch.id)","type":"message_batch","processing_status":"\(batch.status)",\
                "request_counts":{\(counts),"errored":0,"canceled":0,"expired":0},"created_at":"\(created)",\
                "results_url":\(results)}
                """
        }
        let metadata = batch.metadata.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",")
        func file(_ isError: Bool, _ name: String) -> String {
            batch.lines.contains { $0.isError == isError } ? "\"file-\(batch.id)-\(name)\"" : "null"
        }
        let errors =
            batch.failure.map { "{\"object\":\"list\",\"data\":[{\"code\":\"\($0)\",\"message\":\"m\"}]}" } ?? "null"
        return """
            {"id":"\(batch.id)","object":"batch","endpoint":"/v1/chat/completions","errors":\(errors),\
            "input_file_id":"\(batch.file)","status":"\(batch.status)","output_file_id":\(file(false, "out")),\
            "error_file_id":\(file(true, "err")),"request_counts":{"total":\(count),"completed":0,"failed":0},\
            "metadata":{\(metadata)}}
            """
    }

    private static func error(_ status: Int, _ type: String) -> ScriptedReply {
        .text("{\"error\":{\"type\":\"\(type)\",\"message\":\"m\"}}", status: status)
    }
}
