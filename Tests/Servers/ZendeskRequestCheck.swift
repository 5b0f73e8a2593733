import Foundation

/// What Zendesk's published description demands of the requests that a support desk sends
/// (https://developer.zendesk.com/api-reference/ticketing/introduction/), written for these tests.
enum ZendeskRequestCheck {
    /// What is wrong with a request; nil when nothing is.
    static func violation(of request: ReceivedRequest) -> String? {
        let parts = request.target.split(separator: "?", maxSplits: 1).map(String.init)
        let words = (parts.first ?? "").split(separator: "/").map(String.init)
        guard words.prefix(2) == ["api", "v2"] else { return "not below /api/v2" }
        let shape = words.dropFirst(2).map { Int($0) == nil ? $0 : "#" }.joined(separator: "/")
        guard let allowed = parameters["\(request.method) \(shape)"] else { return "no such operation (\(shape))" }
        let query = (parts.count > 1 ? parts[1] : "").split(separator: "&").map {
            String($0.prefix { $0 != "=" }).removingPercentEncoding ?? ""
        }
        if let unknown = query.first(where: { !allowed.contains($0) }) { return "unknown parameter \(unknown)" }
        if shape.hasPrefix("incremental"), !query.contains("start_time") { return "start_time is missing" }
        let type = request.header("content-type") ?? ""
        switch request.method {
        case "GET", "DELETE": return request.body.isEmpty ? nil : "a body"
        default: break
        }
        if shape == "uploads" {
            if !query.contains("filename") { return "filename is missing" }
            return type.isEmpty || type.hasPrefix("application/json") ? "the type \(type)" : nil
        }
        guard type.hasPrefix("application/json") else { return "the type \(type)" }
        guard let body = try? JSONDecoder().decode(JSONValue.self, from: Data(request.body)),
            let ticket = body["ticket"]?.object, body.object?.count == 1
        else { return "not one ticket" }
        return violation(of: ticket, isNew: request.method == "POST")
    }

    /// The operations, with the parameters that each takes.
    private static let parameters: [String: Set<String>] = [
        "GET users/me": [], "GET groups": ["page[size]", "page[after]", "exclude_deleted"],
        "GET tickets": ["external_id", "page[size]", "page[after]"], "POST tickets": [],
        "GET tickets/#": ["include"], "PUT tickets/#": [], "DELETE tickets/#": [],
        "GET tickets/#/comments": ["include", "include_inline_images", "page[size]", "page[after]"],
        "GET tickets/#/audits": ["page[size]", "page[after]"],
        "POST uploads": ["filename", "token"],
        "GET incremental/tickets/cursor": ["start_time", "cursor", "per_page", "exclude_deleted", "include"],
        "GET suspended_tickets": ["page[size]", "page[after]", "sort_by", "sort_order"],
        "GET search/count": ["query"],
    ]

    private static func violation(of ticket: [String: JSONValue], isNew: Bool) -> String? {
        for (name, value) in ticket {
            guard let isRight = values[name] else { return "unknown value \(name)" }
            if !isRight(value) { return "a wrong value of \(name)" }
        }
        if isNew, ticket["comment"] == nil { return "a ticket without a comment" }
        if !isNew, ticket["via_followup_source_id"] != nil { return "only a new ticket follows one" }
        if ticket["safe_update"] != nil, ticket["updated_stamp"] == nil { return "safe_update without updated_stamp" }
        return nil
    }

    private static let values: [String: @Sendable (JSONValue) -> Bool] = {
        let text: @Sendable (JSONValue) -> Bool = { $0.string?.isEmpty == false }
        let whole: @Sendable (JSONValue) -> Bool = { $0.number.map { $0 > 0 && $0.rounded() == $0 } ?? false }
        let texts: @Sendable (JSONValue) -> Bool = { $0.array?.allSatisfy { $0.string != nil } ?? false }
        return [
            "subject": { $0.string != nil }, "external_id": text, "group_id": whole, "via_followup_source_id": whole,
            "assignee_email": { $0.string?.contains("@") ?? false }, "safe_update": { $0.bool != nil },
            "updated_stamp": { $0.string?.hasSuffix("Z") ?? false },
            "priority": { ["urgent", "high", "normal", "low"].contains($0.string) },
            "status": { ["new", "open", "pending", "hold", "solved", "closed"].contains($0.string) },
            "tags": { texts($0) && $0.array?.allSatisfy { $0.string?.contains(" ") == false } == true },
            "requester": { $0["email"]?.string?.contains("@") == true && $0["name"]?.string != nil },
            "metadata": { $0.object?.values.allSatisfy { $0.string != nil } ?? false },
            "custom_fields": { $0.array?.allSatisfy { $0["id"]?.number != nil && $0["value"] != nil } ?? false },
            "comment": { comment in
                guard let members = comment.object, members["body"]?.string?.isEmpty == false else { return false }
                return Set(members.keys).isSubset(of: ["body", "public", "uploads", "author_id"])
                    && (members["public"].map { $0.bool != nil } ?? true) && (members["uploads"].map(texts) ?? true)
            },
        ]
    }()
}
