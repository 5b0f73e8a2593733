import Foundation

/// An OpenAPI 3.0 description, and whether exchanges keep to it: path, method, parameters, bodies.
///
/// Of JSON Schema it knows what such descriptions of JSON interfaces use: types, `required`, `enum`, `nullable`, `items`, `allOf`,
/// `anyOf`, `oneOf`, references, dates.
public struct OpenAPIContract: Sendable {
    private let root: JSONValue
    private let paths: [(words: [String], item: JSONValue)]

    /// Reads a description.
    public init(file: String) throws {
        root = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
        paths = (root["paths"]?.object ?? [:]).map { ($0.key.split(separator: "/").map(String.init), $0.value) }
    }

    /// What of an exchange the description does not allow; empty when nothing.
    public func faults(in exchange: ZendeskServer.Exchange) -> [String] {
        let request = exchange.request
        let parts = request.target.split(separator: "?", maxSplits: 1).map(String.init)
        let words = (parts.first ?? "").split(separator: "/").map(String.init)
        // A literal word goes before a parameter.
        let candidates = paths.filter { path in
            path.words.count == words.count && zip(path.words, words).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        guard
            let path = candidates.min(by: {
                $0.words.count { $0.hasPrefix("{") } < $1.words.count { $0.hasPrefix("{") }
            }),
            let operation = path.item[request.method.lowercased()]
        else { return ["\(request.method) \(parts.first ?? ""): no such operation"] }
        var faults = parameterFaults(path.item, operation, query: parts.count > 1 ? parts[1] : "")
        if let schema = operation["requestBody"]?["content"]?["application/json"]?["schema"] {
            guard let body = try? JSONDecoder().decode(JSONValue.self, from: Data(request.body)) else {
                return faults + ["the body is not JSON"]
            }
            faults += self.faults(in: body, schema, at: "request")
        }
        let responses = operation["responses"]
        if let answer = responses?["\(exchange.status)"] ?? responses?["default"] {
            if let schema = resolved(answer)["content"]?["application/json"]?["schema"] {
                let body = (try? JSONDecoder().decode(JSONValue.self, from: Data(exchange.answer))) ?? .null
                faults += self.faults(in: body, schema, at: "response")
            }
        } else if exchange.status < 400 {
            faults.append("the status \(exchange.status) is not described")
        }
        return faults.map { "\(request.method) \(path.words.joined(separator: "/")): \($0)" }
    }

    private func parameterFaults(_ item: JSONValue, _ operation: JSONValue, query: String) -> [String] {
        let described = ((item["parameters"]?.array ?? []) + (operation["parameters"]?.array ?? [])).map(resolved)
            .filter { $0["in"]?.string == "query" }
        var given: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let words = pair.split(separator: "=", maxSplits: 1).map { String($0).removingPercentEncoding ?? "" }
            given[words.first ?? ""] = words.count > 1 ? words[1] : ""
        }
        var faults: [String] = []
        for parameter in described {
            let name = parameter["name"]?.string ?? ""
            guard let value = given[name] else {
                if parameter["required"]?.bool == true { faults.append("the parameter \(name) is missing") }
                continue
            }
            switch parameter["schema"]?["type"]?.string {
            case "integer": if Int(value) == nil { faults.append("\(name) is no number") }
            case "boolean": if Bool(value) == nil { faults.append("\(name) is neither true nor false") }
            default: break
            }
        }
        return faults
    }

    private func resolved(_ value: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.string else { return value }
        return reference.split(separator: "/").dropFirst().reduce(root) { $0[String($1)] ?? .null }
    }

    private func faults(in value: JSONValue, _ described: JSONValue, at place: String) -> [String] {
        let schema = resolved(described)
        if case .null = value { return schema["nullable"]?.bool == true ? [] : ["\(place) is null"] }
        for part in schema["allOf"]?.array ?? [] {
            let faults = self.faults(in: value, part, at: place)
            if !faults.isEmpty { return faults }
        }
        for key in ["anyOf", "oneOf"] {
            if let parts = schema[key]?.array, !parts.contains(where: { faults(in: value, $0, at: place).isEmpty }) {
                return ["\(place) is none of the allowed forms"]
            }
        }
        if let allowed = schema["enum"]?.array, !allowed.contains(value) { return ["\(place) is none of the words"] }
        switch schema["type"]?.string {
        case "string":
            guard let text = value.string else { return ["\(place) is no text"] }
            if schema["format"]?.string == "date-time", (try? Date(text, strategy: .iso8601)) == nil {
                return ["\(place) is no date"]
            }
        case "integer":
            guard let number = value.number, number == number.rounded() else { return ["\(place) is no whole number"] }
        case "number": if value.number == nil { return ["\(place) is no number"] }
        case "boolean": if value.bool == nil { return ["\(place) is neither true nor false"] }
        case "array":
            guard let elements = value.array else { return ["\(place) is no list"] }
            guard let items = schema["items"] else { return [] }
            return elements.enumerated().flatMap { faults(in: $1, items, at: "\(place)[\($0)]") }
        case "object":
            guard let members = value.object else { return ["\(place) is no object"] }
            let missing = (schema["required"]?.array ?? []).compactMap(\.string).filter { members[$0] == nil }
            let properties = schema["properties"]?.object ?? [:]
            return missing.map { "\(place).\($0) is missing" }
                + members.keys.sorted().flatMap { name in
                    properties[name].map { faults(in: members[name] ?? .null, $0, at: "\(place).\(name)") } ?? []
                }
        default: break
        }
        return []
    }
}
