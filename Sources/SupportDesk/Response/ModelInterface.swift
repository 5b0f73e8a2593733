import Foundation
import Transport

/// How a provider is spoken to: a prompt becomes a request, and its answer text and tokens.
protocol ModelInterface: Sendable {
    /// The request for a prompt.
    func request(_ prompt: Prompt) throws -> HTTPRequest
    /// The least request that a model answers, to see whether it can be asked at all.
    func trial() throws -> HTTPRequest
    /// Reads an answer of status 200.
    /// - Throws: `ModelError`, when it is none of this interface.
    func reply(_ body: [UInt8]) throws -> ModelReply
}

/// What a model answered.
struct ModelReply {
    /// The JSON of the answer; or why there is none, though it was paid for.
    let content: Result<String, ModelError>
    let tokens: ModelTokens
}

extension ModelInterface {
    static func post(_ url: String, _ body: [String: Any], headers: [(name: String, value: String)]) throws
        -> HTTPRequest
    {
        var request = HTTPRequest(method: "POST", url: url)
        request.headers = [("Content-Type", "application/json"), ("Accept", "application/json")] + headers
        request.body = [UInt8](
            try JSONSerialization.data(withJSONObject: body, options: [.sortedKeys, .withoutEscapingSlashes]))
        // What is asked twice by a broken connection costs a little money, and a new TLS connection each time more.
        request.isRepeatable = true
        request.maximumResponseBytes = 1 << 20
        return request
    }

    /// The members of an answer.
    static func object(_ body: [UInt8]) throws -> [String: Any] {
        guard let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
            throw ModelError(.malformed, "an answer that is no JSON object")
        }
        return object
    }
}

extension [String: Any] {
    func object(_ key: String) -> [String: Any]? { self[key] as? [String: Any] }

    /// A count; anything else is none.
    func count(_ key: String) -> Int { Swift.max(0, Swift.min((self[key] as? Int) ?? 0, 1 << 40)) }
}

extension ModelError {
    /// Why a request was answered with another status than 200.
    init(_ response: HTTPResponse) {
        let body = (try? JSONSerialization.jsonObject(with: Data(response.body.prefix(64 << 10)))) as? [String: Any]
        // Anthropic and OpenAI name the kind in `error.type`, OpenAI and Azure the reason in `error.code`.
        let error = body?.object("error")
        let words = [error?["type"], error?["code"]].compactMap { $0 as? String }.filter(Self.isWord)
        let code: Code =
            switch response.status {
            case _ where !Self.noCredit.isDisjoint(with: words): .misconfigured
            case _ where words.contains("content_filter"): .declined
            case 429: .rateLimited
            case 401, 402, 403, 404: .misconfigured
            case 503, 529: .overloaded
            case 408, 409, 500...599: .unreachable
            default: .refused
            }
        self.init(
            code, (["HTTP \(response.status)"] + words).joined(separator: " "), retryAfter: response.modelRetryAfter)
    }

    /// 429s that no waiting ends (OpenAI's error codes, Anthropic's error types).
    private static let noCredit: Set<String> = [
        "insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "credit_balance_exhausted",
        "billing_error", "enforced_spend_limit_reached",
    ]

    /// A name of an error, and no text that may quote the request.
    static func isWord(_ text: String) -> Bool {
        text.utf8.count <= 60
            && text.utf8.allSatisfy { $0 == 0x5F || (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) }
    }
}

extension HTTPResponse {
    /// `retry-after-ms`, which OpenAI and Azure send too, is finer than `Retry-After`.
    fileprivate var modelRetryAfter: Duration? {
        header("retry-after-ms").flatMap { Double($0) }.flatMap { milliseconds in
            (0...31_536_000_000).contains(milliseconds) ? .milliseconds(Int64(milliseconds.rounded(.up))) : nil
        } ?? retryAfter
    }
}
