import Foundation

/// A chat model of a test's own: the OpenAI chat-completions protocol (`POST /v1/chat/completions`, also as Azure has it) or
/// Anthropic's messages (`POST /v1/messages`) over HTTP on a free port of 127.0.0.1, with every answer and every fault from
/// the test's script.
///
/// It checks requests as the published description of the interface demands, and answers 400 (401 without the right
/// key, 404 elsewhere) to those that fail; these never reach the script.
public final class ChatModelServer: Sendable {
    /// Which protocol it speaks.
    public enum Dialect: Sendable, CaseIterable { case openai, anthropic }

    /// What the model does with a request.
    public enum Behaviour: Sendable {
        /// Answers with this content.
        case content(String)
        /// Declines to answer, in these words.
        case refusal(String)
        /// Answers with this content, cut short because the answer was too long (`finish_reason` is `length`).
        case tooLong(String)
        /// 429 with `Retry-After`, in seconds, and OpenAI's error object.
        case tooManyRequests(retryAfter: Int)
        /// Answers with this content, and these header fields.
        case limited(String, headers: [(String, String)])
        /// 429 with these header fields, and an error of this type.
        case slowDown(headers: [(String, String)], type: String = "requests")
        /// Any status with OpenAI's error object: 500, 503, 401 …
        case failure(status: Int)
        /// 200 with half of a good answer, of which the header announced the whole.
        case cutOffBody(String)
        /// 200 with the first half of a good answer's JSON, as if it were all.
        case cutOffJSON(String)
        /// 200 with this body, whatever it is: a wrong schema, HTML from a proxy, nothing.
        case body(String, type: String = "application/json")
        /// Never answers.
        case hang
        /// Closes the connection without an answer.
        case close
        /// Does something else, after a while.
        indirect case delayed(Duration, Behaviour)
    }

    /// A message of a request.
    public struct Message: Sendable, Hashable {
        /// `system`, `developer`, `user`, `assistant` or `tool`.
        public let role: String
        /// The text, its parts joined.
        public let content: String
    }

    /// A request that passed the checks.
    public struct Request: Sendable {
        /// Which request of the script this is, counted from 1.
        public let number: Int
        /// The model asked for.
        public let model: String
        /// The conversation.
        public let messages: [Message]
        /// The name of the JSON schema that the answer must have, if any.
        public let schemaName: String?
        /// The body, as sent.
        public let body: [UInt8]
        /// The path and query.
        public let target: String
    }

    /// What the client calls the base URL of the interface: `http://127.0.0.1:PORT/v1`.
    public let baseURL: String
    /// The port.
    public let port: Int
    /// The key that the client must send as `Authorization: Bearer …`.
    public let apiKey: String

    /// Its batches.
    public let batches: BatchStandIn

    private let server: ScriptedHTTPServer
    private let accepted: Locked<[Request]>
    private let refused: Locked<[String]>

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - apiKey: The key that the client must send.
    ///   - script: What the model does with a request. It is called on a thread of the connection's own.
    /// - Throws: `TestServerError` if there is no socket to be had.
    public init(
        apiKey: String = "test-key", dialect: Dialect = .openai, _ script: @escaping @Sendable (Request) -> Behaviour
    ) throws {
        self.apiKey = apiKey
        let accepted = Locked<[Request]>([])
        let refused = Locked<[String]>([])
        self.accepted = accepted
        self.refused = refused
        let batches = BatchStandIn(dialect, apiKey: apiKey)
        self.batches = batches
        batches.script.with { $0 = { Self.reply(script($0), to: $0, dialect) } }
        server = try ScriptedHTTPServer { http in
            if let reply = batches.reply(to: http, base: "http://\(http.header("host") ?? "")/v1") { return reply }
            let decoded: ChatRequestCheck.Accepted
            do {
                decoded =
                    dialect == .openai
                    ? try ChatRequestCheck.check(http, apiKey: apiKey)
                    : try MessagesRequestCheck.check(http, apiKey: apiKey)
            } catch let fault as ChatRequestCheck.Fault {
                refused.with { $0.append("\(fault.status) \(fault.message)") }
                return Self.error(fault.status, fault.type, fault.message, parameter: fault.parameter)
            } catch {
                return .close
            }
            let request = accepted.with { all in
                let request = Request(
                    number: all.count + 1, model: decoded.model, messages: decoded.messages,
                    schemaName: decoded.schemaName, body: http.body, target: http.target)
                all.append(request)
                return request
            }
            return Self.reply(script(request), to: request, dialect)
        }
        port = server.port
        baseURL = server.baseURL + "/v1"
    }

    /// Starts a server that goes through a list of behaviours, one a request, and repeats the last one.
    ///
    /// - Throws: as the other initialiser.
    public convenience init(
        apiKey: String = "test-key", dialect: Dialect = .openai, behaviours: [Behaviour]
    ) throws {
        try self.init(apiKey: apiKey, dialect: dialect) { request in
            behaviours.isEmpty ? .failure(status: 500) : behaviours[min(request.number, behaviours.count) - 1]
        }
    }

    /// The requests that passed the checks so far.
    public var requests: [Request] { accepted.with { $0 } }

    /// What was wrong with requests that did not, as `400 …`. Empty at the end of a good test.
    public var refusals: [String] { refused.with { $0 } }

    /// How many connections there have been.
    public var connectionCount: Int { server.connectionCount }

    /// Ends the server.
    public func stop() async { await server.stop() }

    private static func reply(_ behaviour: Behaviour, to request: Request, _ dialect: Dialect) -> ScriptedReply {
        func answer(_ content: String?, refusal: String? = nil, isCut: Bool = false) -> String {
            dialect == .openai
                ? completion(
                    request, content: content, refusal: refusal,
                    finish: isCut ? "length" : "stop")
                : message(
                    request, content: content, stop: isCut ? "max_tokens" : content == nil ? "refusal" : "tool_use")
        }
        switch behaviour {
        case .content(let text):
            return .text(answer(text))
        case .refusal(let text):
            return .text(answer(nil, refusal: text))
        case .tooLong(let text):
            return .text(answer(text, isCut: true))
        case .limited(let text, let headers):
            return .text(answer(text), headers: headers)
        case .slowDown(let headers, let type):
            return error(429, type, "Slow down", headers: headers)
        case .tooManyRequests(let seconds):
            let header = [("Retry-After", String(seconds))]
            return error(429, "requests", "Rate limit reached", code: "rate_limit_exceeded", headers: header)
        case .failure(let status):
            return error(status, "server_error", "The server had an error while processing your request")
        case .cutOffBody(let text):
            let body = Array(answer(text).utf8)
            let header = [("Content-Type", "application/json")]
            return .cutOff(status: 200, headers: header, body: body, after: body.count / 2)
        case .cutOffJSON(let text):
            let body = answer(text).utf8
            return .text(String(decoding: body.prefix(body.count / 2), as: UTF8.self))
        case .body(let text, let type):
            return .text(text, type: type)
        case .hang:
            return .hang
        case .close:
            return .close
        case .delayed(let duration, let later):
            return .delayed(duration, reply(later, to: request, dialect))
        }
    }

    /// Anthropic's `Message`: what is JSON is the input of the tool, anything else is text.
    private static func message(_ request: Request, content: String?, stop: String) -> String {
        let prompt = request.messages.reduce(0) { $0 + $1.content.utf8.count / 4 + 4 }
        let isObject = content.flatMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) } is [String: Any]
        let block =
            isObject
            ? "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\(quoted(request.schemaName)),\"input\":\(content ?? "{}")}"
            : "{\"type\":\"text\",\"text\":\(quoted(content ?? ""))}"
        return """
            {"id":"msg_\(request.number)","type":"message","role":"assistant","model":\(quoted(request.model)),\
            "content":[\(content == nil ? "" : block)],"stop_reason":"\(stop)","stop_sequence":null,\
            "usage":{"input_tokens":\(prompt / 4),"cache_creation_input_tokens":0,\
            "cache_read_input_tokens":\(prompt - prompt / 4),"output_tokens":\((content ?? "").utf8.count / 4 + 1)}}
            """
    }

    /// A `CreateChatCompletionResponse`. The count of tokens is that of the bytes' quarters.
    private static func completion(
        _ request: Request, content: String?, refusal: String? = nil, finish: String = "stop"
    ) -> String {
        let prompt = request.messages.reduce(0) { $0 + $1.content.utf8.count / 4 + 4 }
        let answer = (content ?? refusal ?? "").utf8.count / 4 + 1
        return """
            {"id":"chatcmpl-\(request.number)","object":"chat.completion","created":1773133200,\
            "model":\(quoted(request.model)),"choices":[{"index":0,"message":{"role":"assistant",\
            "content":\(quoted(content)),"refusal":\(quoted(refusal)),"annotations":[]},"logprobs":null,\
            "finish_reason":"\(finish)"}],"usage":{"prompt_tokens":\(prompt),"completion_tokens":\(answer),\
            "total_tokens":\(prompt + answer)},"system_fingerprint":null}
            """
    }

    /// An `ErrorResponse`.
    private static func error(
        _ status: Int, _ type: String, _ message: String, parameter: String? = nil, code: String? = nil,
        headers: [(String, String)] = []
    ) -> ScriptedReply {
        let fields = "\"message\":\(quoted(message)),\"type\":\(quoted(type)),\"param\":\(quoted(parameter))"
        return .text("{\"error\":{\(fields),\"code\":\(quoted(code))}}", status: status, headers: headers)
    }

    private static func quoted(_ text: String?) -> String {
        guard let text, let data = try? JSONEncoder().encode(text) else { return "null" }
        return String(decoding: data, as: UTF8.self)
    }
}
