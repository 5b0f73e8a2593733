import Foundation
import Transport

/// Request Tracker 5 over REST2.
///
/// The queues have a custom field `External ID`. RT has no idempotency key, and a unique custom field does not stop a second
/// ticket: it answers 201 and drops the value.
public struct RequestTracker: TicketSystem {
    /// Where and how.
    public struct Configuration: Sendable {
        /// RT's base, for example `https://rt.shop.example`.
        public let url: String
        /// The queue for new tickets.
        public let queue: String
        /// An authentication token of a privileged user.
        public let token: String
        /// RT's custom fields, by our names: `intent`, `language`, `order`, `tags`.
        public var fields: [String: String] = [:]
        /// Bytes of one file. RT's own `MaxAttachmentSize` is 10 MiB unless it was changed; longer files may be cut there.
        public var fileBytes = 10 << 20
        /// Rows of one page of a list; RT gives a hundred at most.
        var pageSize = 100

        /// Creates a configuration.
        public init(url: String, queue: String, token: String) {
            self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
            self.queue = queue
            self.token = token
        }
    }

    let configuration: Configuration
    let client: TicketClient
    private let queues: Once<Set<String>>
    /// The name of the user that we are; nil when RT does not tell.
    let own: Once<String?>

    /// Names the server; nothing is connected yet.
    public init(_ configuration: Configuration, agent: TransferAgent) {
        self.configuration = configuration
        let client = TicketClient(
            name: "request tracker \(configuration.url)", baseURL: "\(configuration.url)/REST/2.0",
            headers: [("Authorization", "token \(configuration.token)"), ("Accept", "application/json")], agent: agent)
        self.client = client
        queues = Once { try await Self.fields(of: configuration.queue, client) }
        own = Once { try await Self.owner(of: configuration.token, client) }
    }

    static let externalID = "External ID"

    /// The server.
    public var name: String { client.name }

    /// Files travel in base64 within one JSON text.
    public var limits: TicketLimits {
        TicketLimits(
            fileBytes: configuration.fileBytes, requestBytes: max(configuration.fileBytes, 20 << 20),
            settling: .seconds(3))
    }

    /// RT takes any number for a priority, and words as they are.
    public func kept(_ placement: Placement) -> Placement {
        var kept = placement
        kept.fields = [:]
        for (name, value) in placement.fields {
            if let field = configuration.fields[name] { kept.fields[field] = value }
        }
        if configuration.fields["tags"] == nil { kept.tags = [] }
        return kept
    }

    /// Looks whether the queue is there and has the field by which tickets are found again, and those that are configured.
    /// - Throws: `TicketError` that says what is missing.
    public func verify() async throws {
        let missing = Set(configuration.fields.values).subtracting(try await queues.value()).sorted()
        guard missing.isEmpty else {
            throw TicketError(
                "\(name): the queue \(configuration.queue) has no custom field \"\(missing.joined(separator: "\", \""))\"",
                .misconfigured)
        }
    }

    // MARK: - Writing

    /// Creates a ticket; one whose name an invisible, deleted ticket still holds gets the next name of the conversation.
    public func create(_ ticket: NewTicket) async throws -> String {
        // Before anything is made: without the field nothing would find the ticket again, and each attempt would make one more.
        _ = try await queues.value()
        // Without the requestor: RT answers a requestor at once with the ticket's text, and this text is for agents.
        var body: [String: Any] = [
            "Queue": ticket.placement.queue ?? configuration.queue, "Subject": Self.line(ticket.subject),
            "Content": ticket.entry.text, "ContentType": "text/plain",
            "Attachments": ticket.entry.files.map(attachment) + [mark(of: ticket.entry)],
        ]
        if let priority = ticket.placement.priority { body["Priority"] = priority }
        if let owner = ticket.placement.owner { body["Owner"] = owner }
        var fields = customFields(ticket.placement)
        fields[Self.externalID] = Self.name(ticket.externalID, ticket.generation)
        body["CustomFields"] = fields
        if let follows = ticket.follows { body["RefersTo"] = follows }
        let response = try await client.send(
            "POST", "ticket", body: client.json(body), step: "create ticket", accepting: [400, 403])
        guard response.status != 403, response.status != 400 else {
            // RT answers 403 for a queue that it does not have.
            throw TicketError(
                "\(name): create ticket: HTTP \(response.status): the queue \(ticket.placement.queue ?? configuration.queue), or a value for it, is refused",
                .placement)
        }
        let number = try client.decode(Number.self, response, step: "create ticket").id
        if try await self.ticket(number)?.externalID == nil {
            guard try await tickets(of: ticket.externalID).isEmpty else { return number }
            for generation in (ticket.generation + 1)...(ticket.generation + 5) {
                try await set(["CustomFields": [Self.externalID: Self.name(ticket.externalID, generation)]], on: number)
                if try await self.ticket(number)?.externalID != nil { break }
            }
        }
        return number
    }

    /// Comments, or corresponds.
    public func add(_ entry: NewEntry, to ticket: String) async throws {
        // RT takes a comment on a deleted ticket as well: nobody would ever see it.
        guard let record = try await self.ticket(ticket), record.state != .deleted else {
            throw TicketError("\(name): the ticket \(ticket) was deleted", .gone)
        }
        _ = try await client.send(
            "POST", "ticket/\(record.id)/\(entry.isPublic ? "correspond" : "comment")",
            body: client.json([
                "Content": entry.text, "ContentType": "text/plain", "Subject": Self.line(entry.subject),
                // What an answer has attached goes to the customer.
                "Attachments": entry.files.map(attachment) + (entry.isPublic ? [] : [mark(of: entry)]),
            ]), step: entry.isPublic ? "answer on ticket" : "comment on ticket")
    }

    /// Changes a ticket; RT answers 200 whatever it refuses, so it is read back.
    public func change(_ ticket: String, _ change: TicketChange, from record: TicketRecord?) async throws -> [String] {
        var body: [String: Any] = [:]
        let wanted = change.placement
        if let state = change.state { body["Status"] = Self.status(state) }
        if let queue = wanted.queue { body["Queue"] = queue }
        if let priority = wanted.priority { body["Priority"] = priority }
        if let owner = wanted.owner { body["Owner"] = owner }
        if let requestor = change.requestor { body["Requestor"] = requestor }
        let present = record?.placement.tags ?? []
        var fields = customFields(wanted)
        if let name = configuration.fields["tags"], !wanted.tags.isEmpty {
            // The whole list is set: what agents put there stays.
            fields[name] = present + wanted.tags.filter { !present.contains($0) }
        }
        // Fields in RT's own names, as they were read.
        for (name, value) in wanted.fields where configuration.fields[name] == nil { fields[name] = value }
        if !fields.isEmpty { body["CustomFields"] = fields }
        guard !body.isEmpty else { return [] }
        try await set(body, on: ticket, version: record?.version)
        guard let now = try await self.ticket(ticket) else { throw client.error(404, "read ticket back") }
        var refused: [String] = []
        if let state = change.state, now.state != state { refused.append("the status \(Self.status(state))") }
        let missing = wanted.missing(in: now.placement)
        if let priority = missing.priority { refused.append("the priority \(priority)") }
        if let owner = missing.owner { refused.append("the owner \(owner)") }
        if !missing.tags.isEmpty { refused.append("the tags \(missing.tags.joined(separator: ", "))") }
        for name in missing.fields.keys.sorted() { refused.append("the field \(configuration.fields[name] ?? name)") }
        if change.requestor != nil, now.requestors.isEmpty { refused.append("the customer as requestor") }
        return refused.map { "\(name): ticket \(ticket) refuses \($0)" }
    }

    /// Deletes a ticket, or rejects it where that is not allowed.
    public func withdraw(_ ticket: String) async throws {
        for status in ["deleted", "rejected"] {
            try await set(["Status": status], on: ticket)
            guard let record = try await self.ticket(ticket), record.state != .deleted, record.state != .solved else {
                return
            }
        }
        throw TicketError("\(name): the surplus ticket \(ticket) can be neither deleted nor rejected", .refused)
    }

    private func set(_ body: [String: Any], on ticket: String, version: String? = nil) async throws {
        _ = try await client.send(
            "PUT", "ticket/\(ticket)", body: client.json(body), step: "change ticket",
            headers: version.map { [("If-Match", $0)] } ?? [])
    }

    private func customFields(_ placement: Placement) -> [String: Any] {
        var fields: [String: Any] = [:]
        for (name, value) in placement.fields {
            if let field = configuration.fields[name] { fields[field] = value }
        }
        if let tags = configuration.fields["tags"], !placement.tags.isEmpty { fields[tags] = placement.tags }
        return fields
    }

    /// The custom fields of a queue.
    private static func fields(of queue: String, _ client: TicketClient) async throws -> Set<String> {
        let fields = Set(try await Self.queue(queue, client).fields.map(\.name))
        guard fields.contains(externalID) else {
            throw TicketError(
                "\(client.name): the queue \(queue) has no custom field \"\(externalID)\"", .misconfigured)
        }
        return fields
    }

    static func queue(_ queue: String, _ client: TicketClient) async throws -> Queue {
        let response = try await client.send(
            "GET", "queue/\(TicketClient.percentEncoded(queue))", step: "look at queue", accepting: [403, 404])
        guard response.status == 200 else {
            throw TicketError(
                "\(client.name): look at queue: HTTP \(response.status): there is no queue \(queue), or the token's user does not see it",
                .misconfigured)
        }
        return try client.decode(Queue.self, response, step: "look at queue")
    }

    /// The note as a file: by its name a repetition finds that the entry is there.
    private func mark(of entry: NewEntry) -> [String: Any] {
        attachment(TicketFile(name: entry.key, bytes: Array(entry.text.utf8)))
    }

    private func attachment(_ file: TicketFile) -> [String: Any] {
        // A type that RT does not take apart: message/rfc822 would be parsed and written anew.
        // QUIRK: RT refuses an attachment without content (HTTP 400); a line end stands for a message that has no byte.
        [
            "FileName": file.name, "FileType": "application/octet-stream",
            "FileContent": Data(file.bytes.isEmpty ? [0x0A] : file.bytes).base64EncodedString(),
        ]
    }

    /// The name of a conversation's ticket: RT drops one that any other ticket has, deleted ones too.
    static func name(_ externalID: String, _ generation: Int) -> String {
        generation > 1 ? "\(externalID).\(generation)" : externalID
    }

    /// A subject is one line.
    private static func line(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }

    private static func status(_ state: TicketState) -> String {
        switch state {
        case .new: "new"
        case .open: "open"
        case .waiting: "stalled"
        case .solved, .closed: "resolved"
        case .deleted: "deleted"
        }
    }
}
