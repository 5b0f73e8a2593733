import Foundation
import Transport

/// Request Tracker 5 over REST2.
///
/// The queue has a custom field `External ID`. RT has no idempotency key, and a unique custom field does not stop a second
/// ticket: so a ticket is searched first, created, and read back; the loser of a race withdraws its own.
public struct RequestTracker: TicketSystem {
    /// Where and how.
    public struct Configuration: Sendable {
        /// RT's base, for example `https://rt.shop.example`.
        public let url: String
        /// The queue for new tickets.
        public let queue: String
        /// An authentication token of a privileged user.
        public let token: String

        /// Creates a configuration.
        public init(url: String, queue: String, token: String) {
            self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
            self.queue = queue
            self.token = token
        }
    }

    private let configuration: Configuration
    private let agent: TransferAgent

    /// Names the server; nothing is connected yet.
    public init(_ configuration: Configuration, agent: TransferAgent) {
        self.configuration = configuration
        self.agent = agent
    }

    /// The server.
    public var name: String { "request tracker \(configuration.url)" }

    /// Searches the conversation's ticket, creates it and reads it back, or comments on it.
    public func file(_ packet: Packet, thread: [ThreadEntry]) async throws -> String {
        if let ticket = try await tickets(of: packet.externalID).first {
            try await append(packet, thread: thread, to: ticket)
            try await addRequestor(packet.requestor, to: ticket, read(ticket))
            return ticket
        }
        let created = try await create(packet, thread: thread)
        // Read back: RT answers 201 and drops the field when another ticket has the value, and it ignores unknown fields.
        let record = try await read(created)
        guard record.externalID != packet.externalID else {
            try await addRequestor(packet.requestor, to: created, record)
            return created
        }
        guard let first = try await tickets(of: packet.externalID).first(where: { $0 != created }) else {
            throw TicketError(
                "\(name): the queue \(configuration.queue) has no custom field \"External ID\"", isRetryable: false)
        }
        try await withdraw(created)
        try await append(packet, thread: thread, to: first)
        return first
    }

    /// Tickets of a conversation, oldest first.
    private func tickets(of externalID: String) async throws -> [String] {
        let query = "Queue='\(quoted(configuration.queue))' AND 'CF.{External ID}'='\(quoted(externalID))'"
        let page = try await get(
            Page<Item>.self, "tickets?orderby=id&per_page=20&query=\(percentEncoded(query))", step: "search ticket")
        return page.items.map(\.id)
    }

    private func create(_ packet: Packet, thread: [ThreadEntry]) async throws -> String {
        // Without the requestor: RT answers a requestor at once with the ticket's text, and this text is for agents.
        let ticket: [String: Any] = [
            "Queue": configuration.queue, "Subject": packet.subject, "Content": packet.note,
            "ContentType": "text/plain",
            "Priority": packet.priority, "CustomFields": ["External ID": packet.externalID],
            "Attachments": thread.map(attachment),
        ]
        let data = try await send("POST", "ticket", ticket, step: "create ticket")
        guard let item = try? JSONDecoder().decode(Item.self, from: data) else {
            throw TicketError("\(name): create ticket: an answer without a number", isRetryable: true)
        }
        return item.id
    }

    /// Adds the entry unless the message's file is there already.
    private func append(_ packet: Packet, thread: [ThreadEntry], to ticket: String) async throws {
        let present = try await fileNames(on: ticket)
        guard !present.contains("\(packet.message)-message.eml") else { return }
        let missing = thread.filter { !present.contains($0.fileName) }
        _ = try await send(
            "POST", "ticket/\(ticket)/comment",
            [
                "Content": packet.note, "ContentType": "text/plain", "Subject": packet.subject,
                "Attachments": missing.map(attachment),
            ], step: "comment on ticket")
    }

    private func fileNames(on ticket: String) async throws -> Set<String> {
        var names: Set<String> = []
        var page = 1
        while page <= 100 {
            let answer = try await get(
                Page<AttachmentItem>.self, "ticket/\(ticket)/attachments?fields=Filename&per_page=100&page=\(page)",
                step: "list attachments")
            names.formUnion(answer.items.compactMap(\.filename))
            if answer.next == nil { break }
            page += 1
        }
        return names
    }

    private func read(_ ticket: String) async throws -> Ticket {
        try await get(Ticket.self, "ticket/\(ticket)", step: "read ticket back")
    }

    /// Names the customer on a ticket that has nobody yet.
    private func addRequestor(_ requestor: String?, to ticket: String, _ record: Ticket) async throws {
        guard let requestor, record.requestors.isEmpty else { return }
        _ = try await send("PUT", "ticket/\(ticket)", ["Requestor": requestor], step: "name requestor")
    }

    private func withdraw(_ ticket: String) async throws {
        _ = try await send("PUT", "ticket/\(ticket)", ["Status": "deleted"], step: "withdraw ticket")
    }

    private func attachment(_ entry: ThreadEntry) -> [String: Any] {
        // A type that RT does not take apart: message/rfc822 would be parsed and written anew.
        // QUIRK: RT refuses an attachment without content (HTTP 400); a line end stands for a message that has no byte.
        [
            "FileName": entry.fileName, "FileType": "application/octet-stream",
            "FileContent": Data(entry.bytes.isEmpty ? [0x0A] : entry.bytes).base64EncodedString(),
        ]
    }

    // MARK: - Answers

    private struct Item: Decodable {
        let id: String
        enum CodingKeys: String, CodingKey { case id }
        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            // QUIRK: RT writes ids as strings in lists and as numbers in some objects.
            id =
                try (try? container.decode(String.self, forKey: .id)) ?? String(container.decode(Int.self, forKey: .id))
        }
    }

    private struct AttachmentItem: Decodable {
        let filename: String?
        enum CodingKeys: String, CodingKey { case filename = "Filename" }
    }

    private struct Page<Element: Decodable>: Decodable {
        let items: [Element]
        let next: String?
        enum CodingKeys: String, CodingKey { case items, next = "next_page" }
    }

    private struct Ticket: Decodable {
        struct Field: Decodable {
            let name: String
            let values: [String]
        }
        struct Person: Decodable {}
        let customFields: [Field]
        let requestors: [Person]
        var externalID: String? { customFields.first { $0.name == "External ID" }?.values.first }
        enum CodingKeys: String, CodingKey { case customFields = "CustomFields", requestors = "Requestor" }
    }

    // MARK: - Requests

    private func get<Value: Decodable>(_ type: Value.Type, _ path: String, step: String) async throws -> Value {
        let data = try await send("GET", path, nil, step: step)
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch {
            throw TicketError("\(name): \(step): an answer of an unknown form", isRetryable: true)
        }
    }

    private func send(_ method: String, _ path: String, _ body: [String: Any]?, step: String) async throws -> Data {
        var request = HTTPRequest(method: method, url: "\(configuration.url)/REST/2.0/\(path)")
        request.headers = [
            ("Authorization", "token \(configuration.token)"), ("Content-Type", "application/json"),
            ("Accept", "application/json"),
        ]
        request.timeout = .seconds(120)
        if let body { request.body = [UInt8](try JSONSerialization.data(withJSONObject: body)) }
        let response: HTTPResponse
        do {
            response = try await agent.perform(request)
        } catch {
            throw TicketError("\(name): \(step): \(error)", isRetryable: error.isRetryable, isUnreachable: true)
        }
        guard (200..<300).contains(response.status) else {
            // RT answers 403 for a queue that it does not have.
            let retryable = response.status >= 500 || response.status == 429 || response.status == 408
            throw TicketError("\(name): \(step): HTTP \(response.status)", isRetryable: retryable)
        }
        return Data(response.body)
    }

    private func quoted(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
    }

    private func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
