import Foundation
import Transport

/// One request for one page of an answer.
struct ShopPage: Hashable {
    private var url: String
    private var number = 1
    private var document: String?
    private var variables: [String: String] = [:]

    /// The first page; nil when the value can stand in no URL.
    init?(_ request: ShopAPI.Request, _ value: String, _ api: ShopAPI) {
        guard let path = request.path.url(value) else { return nil }
        url = api.url + path
        document = request.document
        variables = request.variables.mapValues { $0.text(value) }
        if case .number(let parameter, _) = api.paging { url = Self.adding(parameter, "1", to: url) }
    }

    /// The page behind this one; nil when it was the last.
    /// - Throws: `DeskError` where the answer leads to another server, which would get our key.
    func next(_ api: ShopAPI, after answer: ShopAnswer, count: Int) throws -> ShopPage? {
        var page = self
        page.number += 1
        switch api.paging {
        case .none: return nil
        case .number(let parameter, let size):
            guard count >= size else { return nil }
            page.url = Self.adding(parameter, "\(page.number)", to: url)
            return page
        case .link:
            guard let link = answer.links["next"] else { return nil }
            page.url = try Self.resolved(link, api)
        case .next(let path):
            guard let link = path.text(in: answer.body) else { return nil }
            page.url = try Self.resolved(link, api)
        case .cursor(let path, let more, let variable):
            guard more.text(in: answer.body) == "true", let cursor = path.text(in: answer.body) else { return nil }
            page.variables[variable] = cursor
        }
        // Where the next page is named by the server, only that tells whether it is another one.
        page.number = number
        return page
    }

    /// The request with everything that it needs.
    func request(_ api: ShopAPI, until deadline: ContinuousClock.Instant) -> HTTPRequest {
        var target = url
        if case .query(let name, let value) = api.credentials { target = Self.adding(name, value, to: target) }
        var request = HTTPRequest(url: target, headers: [("Accept", "application/json")])
        switch api.credentials {
        case .none, .query: break
        case .bearer(let token): request.headers.append(("Authorization", "Bearer \(token)"))
        case .basic(let user, let password):
            let pair = Data("\(user):\(password)".utf8).base64EncodedString()
            request.headers.append(("Authorization", "Basic \(pair)"))
        case .header(let name, let value): request.headers.append((name, value))
        }
        if let document {
            request.method = "POST"
            request.headers.append(("Content-Type", "application/json"))
            request.body = Self.body(document, variables)
            // It only reads.
            request.isRepeatable = true
        }
        let left = max(.milliseconds(1), deadline - .now)
        request.timeout = left
        request.connectTimeout = min(request.connectTimeout, left)
        request.idleTimeout = min(request.idleTimeout, left)
        request.maximumResponseBytes = api.maximumBytes
        request.caFile = api.caFile
        return request
    }

    /// `{"query": …, "variables": {…}}`: values are data, whatever stands in them.
    private static func body(_ document: String, _ variables: [String: String]) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        struct Body: Encodable {
            let query: String
            let variables: [String: String]
        }
        // Texts always can be encoded.
        return (try? encoder.encode(Body(query: document, variables: variables))).map { [UInt8]($0) } ?? []
    }

    /// The URL with a parameter, in the place of one of that name.
    private static func adding(_ name: String, _ value: String, to url: String) -> String {
        let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let kept = (parts.count > 1 ? parts[1] : "").split(separator: "&").filter { !$0.hasPrefix("\(name)=") }
        let query = kept.map(String.init) + ["\(name)=\(URLTemplate.encoded(value))"]
        return "\(parts[0])?\(query.joined(separator: "&"))"
    }

    /// A link of an answer, on the server that gave it.
    private static func resolved(_ link: String, _ api: ShopAPI) throws -> String {
        if link.hasPrefix("/"), !link.hasPrefix("//") { return api.origin + link }
        // QUIRK: a server behind a proxy that ends TLS names itself http.
        let parts = link.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "https:" || parts[0] == "http:", parts[1].isEmpty,
            parts[2].lowercased() == api.authority
        else {
            throw DeskError(.unavailable, "\(api.authority): its next page is on another server", isRetryable: true)
        }
        return "\(api.origin)/\(parts[3])"
    }
}
