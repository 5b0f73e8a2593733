import Foundation

extension RequestTracker {
    /// Searched by the custom field; RT never shows deleted tickets here, nor those that were merged.
    public func tickets(of externalID: String) async throws -> [TicketRecord] {
        let query = "'CF.{\(Self.externalID)}' LIKE '\(quoted(externalID))'"
        let page = try await client.get(
            Page<Number>.self, "tickets?orderby=id&per_page=20&query=\(TicketClient.percentEncoded(query))",
            step: "search ticket")
        var records: [TicketRecord] = []
        for item in page.items {
            guard let record = try await ticket(item.id), record.externalID == externalID, record.state != .deleted
            else { continue }
            records.append(record)
        }
        return records
    }

    /// One ticket; RT answers with the one that it was merged into.
    public func ticket(_ id: String) async throws -> TicketRecord? {
        let response = try await client.send("GET", "ticket/\(id)", step: "read ticket", accepting: [404])
        guard response.status == 200 else { return nil }
        return record(
            try client.decode(Ticket.self, response, step: "read ticket"), id, version: response.header("ETag"))
    }

    /// - Parameter id: by which it was asked for.
    func record(_ ticket: Ticket, _ id: String, version: String?) -> TicketRecord {
        var record = TicketRecord(
            id: ticket.effective?.id ?? ticket.id ?? id, externalID: nil, version: version,
            state: Self.state(ticket.status), owner: ticket.owner?.id == "Nobody" ? nil : ticket.owner?.id)
        record.requestors = ticket.requestors.map(\.id)
        record.others = ticket.others.map(\.id)
        record.subject = ticket.subject ?? ""
        record.placement.owner = record.owner
        record.placement.priority = ticket.priority.flatMap { Int($0) }
        for field in ticket.customFields {
            if field.name == Self.externalID {
                // Of later tickets of the conversation, the number behind the dot does not count.
                record.externalID = field.values.first.map { String($0.prefix { $0 != "." }) }
            } else if field.name == configuration.fields["tags"] {
                record.placement.tags = field.values
            } else if let value = field.values.first {
                record.placement.fields[field.name] = value
            }
        }
        return record
    }

    /// The names of all attachments.
    public func names(on ticket: String) async throws -> Set<String> {
        Set(try await attachments(of: ticket).compactMap { $0.filename?.isEmpty == false ? $0.filename : nil })
    }

    func attachments(of ticket: String) async throws -> [AttachmentItem] {
        try await pages(
            "ticket/\(ticket)/attachments?fields=Filename,ContentType,TransactionId,Headers",
            step: "list attachments")
    }

    /// Only here RT gives the bytes as they are; in lists binary content is damaged.
    public func content(of attachment: TicketAttachment) async throws -> [UInt8] {
        try await content(number: attachment.locator)
    }

    func content(number: String) async throws -> [UInt8] {
        let step = "read attachment"
        let answer = try await client.get(Content.self, "attachment/\(number)", step: step)
        // QUIRK: RT leaves Content out where there is none.
        guard let data = Data(base64Encoded: answer.content ?? "", options: .ignoreUnknownCharacters) else {
            throw TicketError("\(name): \(step): an answer of an unknown form", .fault)
        }
        return [UInt8](data)
    }

    /// Tickets of the queue that are somebody's and not done.
    public func openTickets(of owners: [String]) async throws -> [String: Int] {
        var load: [String: Int] = [:]
        for owner in owners {
            let query = "Owner='\(quoted(owner))' AND (Status='new' OR Status='open')"
            let page = try await client.get(
                Page<Item>.self, "tickets?per_page=100&query=\(TicketClient.percentEncoded(query))",
                step: "count tickets")
            load[owner] = page.total ?? page.items.count
        }
        return load
    }

    /// - Parameter path: without the number and the size of a page.
    func pages<Element: Decodable>(_ path: String, step: String) async throws -> [Element] {
        var elements: [Element] = []
        for number in 1...100 {
            let page = try await page(number, of: path, Element.self, step: step)
            elements += page.items
            if !page.hasMore { break }
        }
        return elements
    }

    /// One page of a collection.
    ///
    /// QUIRK: where rights are looked at row by row, as with all transactions, RT gives neither a total nor `next_page`. Then a
    /// full page says that there may be more: this desk's user sees all of its tickets, so that no row is taken out.
    func page<Element: Decodable>(
        _ number: Int, of path: String, _ type: Element.Type, step: String
    ) async throws -> (items: [Element], hasMore: Bool) {
        let size = configuration.pageSize
        let page = try await client.get(Page<Element>.self, "\(path)&per_page=\(size)&page=\(number)", step: step)
        return (page.items, page.next != nil || page.total == nil && page.items.count >= size)
    }

    func quoted(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
    }

    private static func state(_ status: String) -> TicketState {
        switch status {
        case "new": .new
        case "stalled": .waiting
        case "resolved", "rejected": .solved
        case "deleted": .deleted
        // A lifecycle of the shop's own: as long as it is none of the known ends, somebody works on it.
        default: .open
        }
    }
}

// MARK: - Answers

extension RequestTracker {
    struct Item: Decodable {
        let id: String
        enum CodingKeys: String, CodingKey { case id }
        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            // QUIRK: RT writes ids as strings in lists and as numbers in some objects.
            id =
                try (try? container.decode(String.self, forKey: .id)) ?? String(container.decode(Int.self, forKey: .id))
        }
    }

    /// The number of a ticket, an entry or a file. It stands in paths of later requests, which bear our login: nothing else than
    /// digits is one.
    struct Number: Decodable {
        let id: String
        init(from decoder: any Decoder) throws {
            let id = try Item(from: decoder).id
            guard Self.isNumber(id) else {
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no number"))
            }
            self.id = id
        }

        static func isNumber(_ text: String) -> Bool {
            (1...19).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
    }

    struct AttachmentItem: Decodable {
        let id: String
        let filename: String?
        let type: String?
        let transaction: String
        /// Of the part; that of the first one is the mail's.
        let header: String?
        enum CodingKeys: String, CodingKey {
            case id, filename = "Filename", type = "ContentType", transaction = "TransactionId", header = "Headers"
        }
        init(from decoder: any Decoder) throws {
            id = try Number(from: decoder).id
            let container = try decoder.container(keyedBy: CodingKeys.self)
            filename = try? container.decode(String.self, forKey: .filename)
            type = try? container.decode(String.self, forKey: .type)
            header = try? container.decode(String.self, forKey: .header)
            // QUIRK: a number as a text, or an object.
            transaction =
                (try? container.decode(String.self, forKey: .transaction))
                ?? (try? container.decode(Item.self, forKey: .transaction).id) ?? ""
        }
    }

    struct TransactionItem: Decodable {
        let id: String
        let type: String
        let ticket: String
        let created: String
        let creator: Item
        let field: String?
        let newValue: String?
        enum CodingKeys: String, CodingKey {
            case type = "Type", ticket = "ObjectId", created = "Created", creator = "Creator"
            case field = "Field", newValue = "NewValue"
        }
        init(from decoder: any Decoder) throws {
            id = try Number(from: decoder).id
            let container = try decoder.container(keyedBy: CodingKeys.self)
            type = try container.decode(String.self, forKey: .type)
            ticket =
                try (try? container.decode(String.self, forKey: .ticket))
                ?? String(container.decode(Int.self, forKey: .ticket))
            guard Number.isNumber(ticket) else {
                throw DecodingError.dataCorruptedError(forKey: .ticket, in: container, debugDescription: "no number")
            }
            created = (try? container.decode(String.self, forKey: .created)) ?? ""
            creator = try container.decode(Item.self, forKey: .creator)
            field = try? container.decode(String.self, forKey: .field)
            newValue = try? container.decode(String.self, forKey: .newValue)
        }
    }

    struct Page<Element: Decodable>: Decodable {
        let items: [Element]
        let next: String?
        let total: Int?
        enum CodingKeys: String, CodingKey { case items, total, next = "next_page" }
    }

    struct Content: Decodable {
        let content: String?
        enum CodingKeys: String, CodingKey { case content = "Content" }
    }

    struct Queue: Decodable {
        struct Field: Decodable { let name: String }
        let fields: [Field]
        enum CodingKeys: String, CodingKey { case fields = "TicketCustomFields" }
    }

    struct Ticket: Decodable {
        struct Field: Decodable {
            let name: String
            let values: [String]
        }
        let id: String?
        let effective: Number?
        let status: String
        let priority: String?
        let subject: String?
        let owner: Item?
        let customFields: [Field]
        let requestors: [Item]
        /// Who gets a copy of every answer.
        let others: [Item]
        enum CodingKeys: String, CodingKey {
            case id, effective = "EffectiveId", status = "Status", priority = "Priority", owner = "Owner"
            case customFields = "CustomFields", requestors = "Requestor", others = "Cc", subject = "Subject"
        }
        init(from decoder: any Decoder) throws {
            id = try? Number(from: decoder).id
            let container = try decoder.container(keyedBy: CodingKeys.self)
            effective = try? container.decode(Number.self, forKey: .effective)
            status = try container.decode(String.self, forKey: .status)
            priority = try? container.decode(String.self, forKey: .priority)
            owner = try? container.decode(Item.self, forKey: .owner)
            customFields = (try? container.decode([Field].self, forKey: .customFields)) ?? []
            requestors = (try? container.decode([Item].self, forKey: .requestors)) ?? []
            others = (try? container.decode([Item].self, forKey: .others)) ?? []
            subject = try? container.decode(String.self, forKey: .subject)
        }
    }
}
