import Foundation
import Transport

/// Zendesk Support, API v2.
///
/// `external_id` is not unique there, its search lags behind, and an `Idempotency-Key` holds for two hours: so a ticket is looked
/// for, made and read back as everywhere, and the key covers the lag. Entries bear their key as the last line of their text.
public struct Zendesk: TicketSystem {
    /// Where and how.
    public struct Configuration: Sendable {
        /// For example `https://shop.zendesk.com`.
        public let url: String
        /// The agent whose API token it is.
        public let user: String
        /// An API token.
        public let token: String
        /// The group of new tickets by name; nil: as the account decides.
        public var group: String?
        /// Numbers of custom fields by our names: `intent`, `language`, `order`.
        public var fields: [String: Int] = [:]
        /// Bytes of one file (Zendesk takes 50 MB).
        public var fileBytes = 50_000_000

        /// Creates a configuration.
        public init(url: String, user: String, token: String) {
            self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
            self.user = user
            self.token = token
        }
    }

    let configuration: Configuration
    let client: TicketClient
    let groups: Once<[String: Int]>
    /// The number of the agent that we are.
    let own: Once<Int>

    /// Names the account; nothing is connected yet.
    public init(_ configuration: Configuration, agent: TransferAgent) {
        let login = Data("\(configuration.user)/token:\(configuration.token)".utf8).base64EncodedString()
        let client = TicketClient(
            name: "zendesk \(configuration.url)", baseURL: "\(configuration.url)/api/v2",
            headers: [("Authorization", "Basic \(login)"), ("Accept", "application/json")], agent: agent)
        self.configuration = configuration
        self.client = client
        groups = Once {
            var groups: [String: Int] = [:]
            var path: String? = "groups?page[size]=100"
            while let next = path {
                let page = try await client.get(Groups.self, next, step: "list groups")
                for group in page.groups { groups[group.name] = group.id }
                path = page.next
            }
            return groups
        }
        own = Once { try await client.get(CurrentUser.self, "users/me", step: "ask who we are").user.id }
    }

    /// The account.
    public var name: String { client.name }

    /// A comment's text holds 64 kB; each file is uploaded by itself.
    public var limits: TicketLimits {
        TicketLimits(
            fileBytes: configuration.fileBytes, requestBytes: .max, subjectCharacters: 150, textBytes: 60_000,
            settling: .seconds(3))
    }

    /// Four priorities; tags in lower case without spaces.
    public func kept(_ placement: Placement) -> Placement {
        var kept = placement
        kept.priority = placement.priority.flatMap { Self.rank(Self.priority($0)) }
        kept.tags = placement.tags.map(Self.tag)
        kept.fields = placement.fields.filter { configuration.fields[$0.key] != nil }
        return kept
    }

    /// Looks whether the account knows the token, and has the group.
    /// - Throws: `TicketError` that says what is missing.
    public func verify() async throws {
        var placement = Placement()
        placement.queue = configuration.group
        _ = try await values(placement)
    }

    // MARK: - Writing

    /// Uploads the files and creates a ticket whose first comment only agents see, so that no rule mails it out.
    public func create(_ ticket: NewTicket) async throws -> String {
        var placement = ticket.placement
        placement.queue = placement.queue ?? configuration.group
        var body = try await values(placement)
        body["subject"] = ticket.subject
        body["external_id"] = ticket.externalID
        body["comment"] = try await comment(ticket.entry)
        if let requestor = ticket.requestor { body["requester"] = ["email": requestor, "name": requestor] }
        if let follows = ticket.follows.flatMap({ Int($0) }) { body["via_followup_source_id"] = follows }
        let step = "create ticket"
        let needed: Set = ["subject", "external_id", "comment"]
        for attempt in 0..<5 {
            // Whoever makes it again within two hours, for this message or another one of the conversation, because the answer
            // was lost or the search lags behind, is told so.
            let key =
                "\(ticket.externalID)-\(ticket.generation)" + (ticket.former.map { "-after-\($0)" } ?? "")
                + (attempt > 0 ? "-\(attempt)" : "")
            let response = try await client.send(
                "POST", "tickets", body: client.json(["ticket": body]), step: step,
                headers: [("Idempotency-Key", key)], accepting: [400, 422])
            guard response.status == 400 || response.status == 422 else {
                return String(try client.decode(TicketAnswer.self, response, step: step).ticket.id)
            }
            let refusal = try client.decode(Refusal.self, response, step: step)
            if response.status == 400 {
                guard refusal.error?.lowercased().hasPrefix("idempotent") == true else { throw client.error(400, step) }
                throw TicketError("\(name): \(step): it was made before, and no search shows it yet", .conflict)
            }
            // A ticket without a value is better than none: who reads it back asks for the value again, and hears why not.
            let names = refusal.fields.filter { body[$0] != nil && !needed.contains($0) }
            guard !names.isEmpty else { throw TicketError("\(name): \(step): \(refusal.line)", .placement) }
            for name in names { body[name] = nil }
        }
        throw TicketError("\(name): \(step): HTTP 422 again and again", .placement)
    }

    /// A comment, by way of an update: there is no other.
    public func add(_ entry: NewEntry, to ticket: String) async throws {
        let step = entry.isPublic ? "answer on ticket" : "comment on ticket"
        var body: [String: Any] = ["comment": try await comment(entry)]
        // By which a repetition finds an answer: the customer does not see it.
        if entry.isPublic { body["metadata"] = ["auradesk": entry.key] }
        let response = try await client.send(
            "PUT", "tickets/\(ticket)", body: client.json(["ticket": body]), step: step, accepting: [422])
        // A closed ticket takes nothing more.
        if response.status == 422 { throw TicketError("\(name): \(step): HTTP 422: it was closed meanwhile", .gone) }
    }

    /// Changes a ticket. What Zendesk refuses by name is left out, and said.
    public func change(_ ticket: String, _ change: TicketChange, from record: TicketRecord?) async throws -> [String] {
        var body = try await values(change.placement)
        if let state = change.state { body["status"] = Self.status(state) }
        var refused: [String] = []
        if change.state == .solved, record?.owner == nil, change.placement.owner == nil {
            body["status"] = nil
            refused.append("the status solved without an agent whose ticket it is")
        }
        // A requester cannot be taken away, so there always is one; a ticket that we made has ours.
        if let requestor = change.requestor { body["requester"] = ["email": requestor, "name": requestor] }
        if let tags = body["tags"] as? [String] {
            // The list is set as a whole: what others put there stays.
            let present = record?.placement.tags ?? []
            body["tags"] = present + tags.filter { !present.contains($0) }
        }
        let step = "change ticket"
        for _ in 0..<4 where !body.isEmpty {
            var ticketBody = body
            if let version = record?.version {
                ticketBody["safe_update"] = true
                ticketBody["updated_stamp"] = version
            }
            let response = try await client.send(
                "PUT", "tickets/\(ticket)", body: client.json(["ticket": ticketBody]), step: step, accepting: [422])
            if response.status != 422 {
                refused += try verify(client.decode(TicketAnswer.self, response, step: step).ticket, body)
                break
            }
            let refusal = try client.decode(Refusal.self, response, step: step)
            let names = refusal.fields.filter { body[$0] != nil }
            guard !names.isEmpty else {
                refused.append(refusal.line)
                break
            }
            for name in names { body[name] = nil }
            refused += names.map { "the field \($0)" }
        }
        return refused.map { "\(name): ticket \(ticket) refuses \($0)" }
    }

    /// Deletes a ticket; Zendesk keeps it for thirty days.
    public func withdraw(_ ticket: String) async throws {
        _ = try await client.send("DELETE", "tickets/\(ticket)", step: "withdraw ticket", accepting: [404])
    }

    // MARK: - Bodies

    /// Uploads the files of an entry one by one and refers to them by their tokens, which hold for an hour.
    private func comment(_ entry: NewEntry) async throws -> [String: Any] {
        var tokens: [String] = []
        for file in entry.files {
            let response = try await client.send(
                "POST", "uploads?filename=\(TicketClient.percentEncoded(file.name))",
                // QUIRK: a file without a byte is refused; a line end stands for it.
                body: file.bytes.isEmpty ? [0x0A] : file.bytes, type: "application/octet-stream", step: "upload file")
            tokens.append(try client.decode(Upload.self, response, step: "upload file").upload.token)
        }
        var comment: [String: Any] = [
            "body": entry.isPublic ? entry.text : "\(entry.text)\n\n\(Self.mark(entry.key))", "public": entry.isPublic,
        ]
        if !tokens.isEmpty { comment["uploads"] = tokens }
        return comment
    }

    private func values(_ placement: Placement) async throws -> [String: Any] {
        var body: [String: Any] = [:]
        if let group = placement.queue {
            guard let id = try await groups.value()[group] else {
                let isUsual = group == configuration.group
                throw TicketError("\(name): there is no group \(group)", isUsual ? .misconfigured : .placement)
            }
            body["group_id"] = id
        }
        if let priority = placement.priority { body["priority"] = Self.priority(priority) }
        if !placement.tags.isEmpty { body["tags"] = placement.tags.map(Self.tag) }
        if let owner = placement.owner { body["assignee_email"] = owner }
        let fields = placement.fields.keys.sorted().compactMap { name in
            // The published description wants more of a field than what counts, its number and value.
            configuration.fields[name].map {
                ["id": $0, "value": placement.fields[name] ?? "", "key": name, "title": name, "type": "text"]
                    as [String: Any]
            }
        }
        if !fields.isEmpty { body["custom_fields"] = fields }
        return body
    }

    /// What was taken and is not there: a rule of the account may have changed it back.
    private func verify(_ ticket: Ticket, _ body: [String: Any]) throws -> [String] {
        var refused: [String] = []
        if let status = body["status"] as? String, status != ticket.status { refused.append("the status \(status)") }
        if let priority = body["priority"] as? String, priority != ticket.priority {
            refused.append("the priority \(priority)")
        }
        if let tags = body["tags"] as? [String], !Set(tags).isSubset(of: ticket.tags ?? []) {
            refused.append("the tags \(tags.joined(separator: ", "))")
        }
        // A field that the account does not have is no error there.
        for field in body["custom_fields"] as? [[String: Any]] ?? [] {
            guard let id = field["id"] as? Int, let value = field["value"] as? String,
                ticket.fields?.first(where: { $0.id == id })?.value != value
            else { continue }
            refused.append("the field \(field["key"] as? String ?? "\(id)")")
        }
        return refused
    }

    /// The last line of an entry that this desk wrote.
    static func mark(_ key: String) -> String { "[AuraDesk \(key)]" }

    /// From 0…100 to Zendesk's four.
    static func priority(_ number: Int) -> String {
        switch number {
        case 80...: "urgent"
        case 60..<80: "high"
        case 30..<60: "normal"
        default: "low"
        }
    }

    static func rank(_ priority: String?) -> Int? {
        switch priority {
        case "urgent": 90
        case "high": 70
        case "normal": 40
        case "low": 20
        default: nil
        }
    }

    private static func tag(_ word: String) -> String { word.lowercased().replacing(" ", with: "_") }

    private static func status(_ state: TicketState) -> String {
        switch state {
        case .new: "new"
        case .open: "open"
        case .waiting: "pending"
        case .solved: "solved"
        case .closed, .deleted: "closed"
        }
    }
}
