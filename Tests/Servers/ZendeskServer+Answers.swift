import Foundation

extension ZendeskServer.State {
    mutating func answer(_ request: ReceivedRequest, _ path: String) -> ScriptedReply {
        let words = path.split(separator: "/").dropFirst(2).map(String.init)
        let query = Self.query(of: request.target)
        let body = (try? JSONDecoder().decode(JSONValue.self, from: Data(request.body)))?["ticket"]?.object ?? [:]
        switch (request.method, words.first ?? "", words.count) {
        case ("GET", "users", 2): return ok(["user": .object(user(7))])
        case ("GET", "groups", 1):
            return ok([
                "groups": .array(
                    ZendeskServer.groups.sorted { $0.value < $1.value }.map {
                        .object(["id": .number(Double($0.value)), "name": .string($0.key)])
                    })
            ])
        case ("GET", "tickets", 1): return search(query["external_id"] ?? "")
        case ("POST", "tickets", 1): return create(request, body)
        case ("POST", "uploads", 1): return upload(query["filename"] ?? "", request.body)
        case ("GET", "incremental", 3): return export(query)
        case ("GET", "suspended_tickets", 1):
            return ok([
                "suspended_tickets": .array((0..<suspended).map { .object(["id": .number(Double($0 + 1))]) })
            ])
        case ("GET", "search", 2):
            let owner = (query["query"] ?? "").split(separator: "\"").dropFirst().first.map(String.init) ?? ""
            let number = ZendeskServer.agents[owner].map(Double.init)
            let count = tickets.values.count {
                $0.values["assignee_id"]?.number == number && number != nil
                    && !["solved", "closed"].contains($0.values["status"]?.string ?? "")
            }
            return ok(["count": .number(Double(count))])
        case (_, "tickets", 2), ("GET", "tickets", 3):
            guard let id = words.dropFirst().first.flatMap({ Int($0) }), let ticket = tickets[id], !ticket.isGone
            else { return ZendeskServer.json(404, .object(["error": .string("RecordNotFound")])) }
            if words.count == 3 {
                return words.last == "audits" ? audits(of: ticket) : comments(of: ticket, query, request)
            }
            switch request.method {
            case "GET": return ok(["ticket": .object(ticket.values)])
            case "DELETE":
                tickets[id]?.isGone = true
                return .response(status: 204)
            default: return update(ticket, body)
            }
        default: return ZendeskServer.json(404, .object(["error": .string("InvalidEndpoint")]))
        }
    }

    private func ok(_ members: [String: JSONValue], _ status: Int = 200) -> ScriptedReply {
        ZendeskServer.json(status, .object(members))
    }

    private func user(_ id: Int) -> [String: JSONValue] {
        let known = users[id] ?? ("", "end-user")
        return [
            "id": .number(Double(id)), "name": .string(known.email), "email": .string(known.email),
            "role": .string(known.role),
        ]
    }

    private mutating func search(_ externalID: String) -> ScriptedReply {
        searches += 1
        let found = tickets.values.filter {
            !$0.isGone && $0.values["external_id"]?.string == externalID && searches > $0.hiddenUntil
        }
        return ok(["tickets": .array(found.sorted { $0.id < $1.id }.map { .object($0.values) })])
    }

    private mutating func create(_ request: ReceivedRequest, _ body: [String: JSONValue]) -> ScriptedReply {
        if let key = request.header("idempotency-key"), let former = keys[key] {
            guard former.body == request.body else {
                return ZendeskServer.json(400, .object(["error": .string("IdempotentRequestError")]))
            }
            return ok(["ticket": .object(tickets[former.ticket]?.values ?? [:])], 201)
        }
        if let refusal = refusal(body, to: nil) { return refusal }
        let id = self.number()
        let stamp = self.stamp()
        var values: [String: JSONValue] = [
            "id": .number(Double(id)), "status": .string("new"), "created_at": .string(stamp),
            "updated_at": .string(stamp), "tags": .array([]), "custom_fields": .array([]),
        ]
        let email = body["requester"]?["email"]?.string
        var requester = 7
        if let email { requester = self.requester(email) }
        values["requester_id"] = .number(Double(requester))
        if let source = body["via_followup_source_id"] { values["via_followup_source_id"] = source }
        tickets[id] = ZendeskServer.Ticket(id: id, values: values, comments: [])
        apply(body, to: id)
        if let priority = script.rulePriority { tickets[id]?.values["priority"] = .string(priority) }
        tickets[id]?.hiddenUntil = script.searchLag == 0 ? 0 : searches + script.searchLag
        if let key = request.header("idempotency-key") { keys[key] = (request.body, id) }
        if script.losesCreation {
            script.losesCreation = false
            return .close
        }
        return ok(["ticket": .object(tickets[id]?.values ?? [:])], 201)
    }

    mutating func requester(_ email: String) -> Int {
        if let known = users.first(where: { $0.value.email == email }) { return known.key }
        let id = self.number()
        users[id] = (email, "end-user")
        return id
    }

    private mutating func update(_ ticket: ZendeskServer.Ticket, _ body: [String: JSONValue]) -> ScriptedReply {
        if body["safe_update"]?.bool == true, body["updated_stamp"]?.string != ticket.values["updated_at"]?.string {
            return ZendeskServer.json(
                409, .object(["error": .string("UpdateConflict"), "description": .string("Safe Update prevented")]))
        }
        if let refusal = refusal(body, to: ticket) { return refusal }
        apply(body, to: ticket.id)
        if script.ruleStands, let priority = script.rulePriority {
            tickets[ticket.id]?.values["priority"] = .string(priority)
        }
        let stamp = self.stamp()
        tickets[ticket.id]?.values["updated_at"] = .string(stamp)
        return ok(["ticket": .object(tickets[ticket.id]?.values ?? [:])])
    }

    /// What Zendesk refuses with 422, by field.
    private func refusal(_ body: [String: JSONValue], to ticket: ZendeskServer.Ticket?) -> ScriptedReply? {
        var details: [String: String] = [:]
        if ticket?.values["status"]?.string == "closed" { details["status"] = "closed prevents ticket update" }
        if body["status"]?.string == "solved", body["assignee_email"] == nil, ticket?.values["assignee_id"] == nil {
            details["base"] = "Assignee: is required when solving a ticket"
        }
        if let owner = body["assignee_email"]?.string, ZendeskServer.agents[owner] == nil {
            details["assignee"] = "Assignee is not an agent"
        }
        for name in script.refused where body[name] != nil { details[name] = "is not allowed" }
        for token in body["comment"]?["uploads"]?.array ?? [] where uploads[token.string ?? ""] == nil {
            details["uploads"] = "invalid token"
        }
        guard !details.isEmpty else { return nil }
        return ZendeskServer.json(
            422,
            .object([
                "error": .string("RecordInvalid"), "description": .string("Record validation errors"),
                "details": .object(details.mapValues { .array([.object(["description": .string($0)])]) }),
            ]))
    }

    private mutating func apply(_ body: [String: JSONValue], to id: Int) {
        for name in ["subject", "external_id", "priority", "status", "tags", "group_id", "custom_fields"] {
            if let value = body[name] { tickets[id]?.values[name] = value }
            if name == "custom_fields", let fields = body[name]?.array {
                let known = fields.filter { $0["id"]?.number.map(ZendeskServer.fields.contains) ?? false }
                tickets[id]?.values[name] = .array(known)
            }
        }
        if let owner = body["assignee_email"]?.string, let number = ZendeskServer.agents[owner] {
            tickets[id]?.values["assignee_id"] = .number(Double(number))
        }
        if let email = body["requester"]?["email"]?.string {
            let requester = self.requester(email)
            tickets[id]?.values["requester_id"] = .number(Double(requester))
        }
        guard let comment = body["comment"] else { return }
        var files: [String: [UInt8]] = [:]
        for token in comment["uploads"]?.array ?? [] {
            // A token is good for one comment.
            if let file = uploads.removeValue(forKey: token.string ?? "") { files[file.name] = file.bytes }
        }
        let isPublic = comment["public"]?.bool ?? true
        let number = self.number()
        let stamp = self.stamp()
        tickets[id]?.comments.append(
            ZendeskServer.Comment(
                id: number, author: 7, body: comment["body"]?.string ?? "", isPublic: isPublic, files: files,
                channel: "api", created: stamp, metadata: body["metadata"]))
        if isPublic, tickets[id]?.values["status"]?.string == "new" {
            tickets[id]?.values["status"] = .string("open")
        }
    }

    private mutating func upload(_ name: String, _ bytes: [UInt8]) -> ScriptedReply {
        if bytes.isEmpty { return ZendeskServer.json(422, .object(["error": .string("AttachmentUnprocessable")])) }
        if bytes.count > script.uploadLimit { return ZendeskServer.json(413, .object(["error": .string("TooLarge")])) }
        let token = "token\(number())"
        uploads[token] = (name, bytes)
        return ok(
            [
                "upload": .object([
                    "token": .string(token),
                    "attachment": .object(["id": .number(Double(number())), "file_name": .string(name)]),
                ])
            ], 201)
    }

    /// Two comments a page, so that whoever does not turn pages misses some.
    private mutating func comments(
        of ticket: ZendeskServer.Ticket, _ query: [String: String], _ request: ReceivedRequest
    )
        -> ScriptedReply
    {
        let base = "http://\(request.header("host") ?? "")"
        let start = Int(query["page[after]"] ?? "0") ?? 0
        let page = ticket.comments.dropFirst(start).prefix(2)
        let items: [JSONValue] = page.map { comment in
            .object([
                "id": .number(Double(comment.id)), "author_id": .number(Double(comment.author)),
                "body": .string(comment.body), "plain_body": .string(comment.body), "public": .bool(comment.isPublic),
                "created_at": .string(comment.created), "via": .object(["channel": .string(comment.channel)]),
                "metadata": .object([
                    "system": .object(comment.mailID.map { ["message_id": .string("<\($0)>")] } ?? [:]),
                    "custom": comment.metadata ?? .object([:]),
                ]),
                "attachments": .array(
                    comment.files.keys.sorted().map { name in
                        let number = self.number()
                        files[number] = comment.files[name]
                        return .object([
                            "id": .number(Double(number)), "file_name": .string(name),
                            "content_url": .string("\(base)/attachments/\(number)"),
                        ])
                    }),
            ])
        }
        let hasMore = start + 2 < ticket.comments.count
        return ok([
            "comments": .array(items), "users": .array(users.keys.sorted().map { .object(user($0)) }),
            "meta": .object(["has_more": .bool(hasMore)]),
            "links": .object([
                "next": hasMore
                    ? .string(
                        "\(base)/api/v2/tickets/\(ticket.id)/comments?include=users&page%5Bsize%5D=100&page%5Bafter%5D=\(start + 2)"
                    )
                    : .null
            ]),
        ])
    }

    /// A comment is an audit of its own, and so is a hand-over.
    private func audits(of ticket: ZendeskServer.Ticket) -> ScriptedReply {
        func audit(_ id: Int, _ author: Int, _ event: [String: JSONValue]) -> JSONValue {
            .object([
                "id": .number(Double(id)), "author_id": .number(Double(author)), "events": .array([.object(event)]),
                "ticket_id": .number(Double(ticket.id)),
            ])
        }
        func handovers(after id: Int) -> [JSONValue] {
            ticket.handovers.filter { $0.after == id }.enumerated().map { place, handover in
                audit(
                    900_000 + place, handover.by,
                    [
                        "id": .number(Double(900_000 + place)), "type": .string("Change"),
                        "field_name": .string("assignee_id"), "value": .string("\(handover.to)"),
                    ])
            }
        }
        let comments = ticket.comments.flatMap { comment in
            [
                audit(
                    comment.id + 500_000, comment.author,
                    ["id": .number(Double(comment.id)), "type": .string("Comment")])
            ] + handovers(after: comment.id)
        }
        return ok(["audits": .array(handovers(after: 0) + comments), "meta": .object(["has_more": .bool(false)])])
    }

    /// The cursor is the time of the last change that was shown; what changed at that very time comes again.
    private func export(_ query: [String: String]) -> ScriptedReply {
        let since = query["cursor"] ?? ""
        let changed = tickets.values.filter {
            !$0.isGone && ($0.values["updated_at"]?.string ?? "") >= since
        }.sorted { ($0.values["updated_at"]?.string ?? "") < ($1.values["updated_at"]?.string ?? "") }
        return ok([
            "tickets": .array(changed.map { .object($0.values) }),
            "after_cursor": .string(changed.last?.values["updated_at"]?.string ?? since),
            "end_of_stream": .bool(true),
        ])
    }

    private static func query(of target: String) -> [String: String] {
        guard
            let items = URLComponents(string: target.replacing("[", with: "%5B").replacing("]", with: "%5D"))?
                .queryItems
        else { return [:] }
        return Dictionary(items.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { first, _ in first })
    }
}
