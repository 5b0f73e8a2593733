import Foundation
import Transport

/// One page as the shop gave it.
struct ShopAnswer {
    let body: JSONNode
    /// Where the header's links lead, by their relation (RFC 8288).
    let links: [String: String]
    /// How long the shop should be left alone now; nil: it need not.
    let pause: Duration?
}

/// What an HTTP answer means for a look-up.
enum ShopOutcome {
    case answer(ShopAnswer)
    /// There is no such record.
    case nothing
    /// It may be asked again, after a time if the server named one.
    case again(after: Duration?, String)
    /// Asking again does not help.
    case failed(DeskError)

    init(_ response: HTTPResponse, _ request: ShopAPI.Request, name: String) {
        func unusable(_ reason: String) -> ShopOutcome {
            .failed(DeskError(.unavailable, "\(name): \(reason)", isRetryable: true))
        }
        func wrong(_ reason: String) -> ShopOutcome { .failed(DeskError(.configuration, "\(name): \(reason)")) }
        switch response.status {
        case 200..<300: break
        case 401, 403:
            self = wrong("it refuses the key (HTTP \(response.status)): check records.auth in desk.yaml"); return
        case 404 where request.path.isInPath: self = .nothing; return
        case 404, 405, 410: self = wrong("there is no such API (HTTP \(response.status)): check records.url"); return
        case 300..<400: self = wrong("it sends us elsewhere (HTTP \(response.status)): check records.url"); return
        case 400, 414, 422:
            // Of the value, as a rule: an address that the shop's own rules do not allow.
            self = .failed(DeskError(.data, "\(name): it does not take the question (HTTP \(response.status))"))
            return
        case 429: self = .again(after: response.retryAfter ?? .seconds(1), "too many requests (HTTP 429)"); return
        case 408, 425, 500...: self = .again(after: response.retryAfter, "HTTP \(response.status)"); return
        default: self = unusable("HTTP \(response.status)"); return
        }
        guard response.header("content-type")?.lowercased().contains("json") ?? true else {
            self = unusable("the answer is no JSON")
            return
        }
        guard let body = try? JSONNode(parsing: response.body) else {
            self = unusable("the answer is broken JSON")
            return
        }
        if request.document != nil, let refusal = Self.refusal(in: body, name) {
            self = refusal
            return
        }
        guard request.records.isAnswered(by: body) else {
            self = unusable("the answer lacks \"\(request.records)\"")
            return
        }
        self = .answer(
            ShopAnswer(
                body: body, links: Self.links(response.header("link") ?? ""),
                pause: request.document == nil ? nil : Self.pause(in: body)))
    }

    /// GraphQL tells of errors with the status 200.
    private static func refusal(in body: JSONNode, _ name: String) -> ShopOutcome? {
        guard case .array(let errors) = body["errors"], !errors.isEmpty else { return nil }
        let codes = errors.map { ($0["extensions"]?["code"]?.text ?? $0["message"]?.text ?? "").uppercased() }
        if codes.contains("THROTTLED") {
            return .again(after: pause(in: body) ?? .seconds(1), "too many requests (throttled)")
        }
        if codes.contains("ACCESS_DENIED") {
            return .failed(DeskError(.configuration, "\(name): the key may not read this: check its access scopes"))
        }
        if codes.contains(where: { $0.hasPrefix("INTERNAL") || $0 == "TIMEOUT" }) {
            return .again(after: nil, "an error of the shop's system")
        }
        return .failed(DeskError(.configuration, "\(name): the query is refused: check its version and fields"))
    }

    /// Until there are points for another query of that cost (`extensions.cost` of Shopify's answers); nil: there are.
    private static func pause(in body: JSONNode) -> Duration? {
        guard let cost = body["extensions"]?["cost"],
            let wanted = cost["requestedQueryCost"]?.text.flatMap(Double.init),
            let there = cost["throttleStatus"]?["currentlyAvailable"]?.text.flatMap(Double.init),
            let rate = cost["throttleStatus"]?["restoreRate"]?.text.flatMap(Double.init), rate > 0, there < wanted
        else { return nil }
        return .milliseconds(Int64(min(3_600_000, (wanted - there) / rate * 1_000)))
    }

    /// `<https://shop.example/orders?page=2>; rel="next", …`
    private static func links(_ field: String) -> [String: String] {
        var links: [String: String] = [:]
        var rest = Substring(field)
        while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
            let target = rest[rest.index(after: open)..<close]
            rest = rest[rest.index(after: close)...]
            let parameters = rest.prefix { $0 != "<" }
            for parameter in parameters.split(whereSeparator: { $0 == ";" || $0 == "," || $0 == " " })
            where parameter.hasPrefix("rel=") {
                let name = parameter.dropFirst(4).filter { $0 != "\"" }
                if links[name] == nil { links[name] = String(target) }
            }
        }
        return links
    }
}
