import Foundation
import Mail

/// What was said on tickets, and by whom.
extension RequestTracker {
    /// What was said on a ticket, with RT's own copies of it left out.
    public func entries(of ticket: String) async throws -> [TicketEntry] {
        let items: [TransactionItem] = try await pages(
            Self.transactions("ObjectId=\(Int64(ticket) ?? 0)"), step: "read thread")
        return try await thread(of: ticket, items)
    }

    /// What requestors wrote, by the number of the transaction.
    ///
    /// The numbers grow, and are given before a transaction is committed: one with a lower number may come to be seen after one
    /// with a higher. So what is younger than two minutes is shown again.
    public func customerEntries(in queues: [String], after cursor: String?, since start: Date) async throws
        -> CustomerEntries
    {
        let queue = queues.map { "TicketQueue='\(quoted($0))'" }.joined(separator: " OR ")
        let inQueues = queue.isEmpty ? "" : " AND (\(queue))"
        var last = cursor.flatMap { Int64($0) } ?? 0
        if cursor == nil { last = try await lastNumber(before: start) }
        var items: [TransactionItem] = []
        var hasMore = false
        for number in 1...Self.maximumPages {
            let page = try await page(
                number, of: Self.transactions("id > \(last)\(inQueues)"), TransactionItem.self, step: "poll entries")
            items += page.items
            hasMore = page.hasMore
            if !hasMore { break }
        }
        let settled = Date().addingTimeInterval(-120).ISO8601Format()
        let reached = items.last { $0.created <= settled } ?? (hasMore ? items.last : nil)
        let beginning = start.ISO8601Format()
        let fresh = items.filter { $0.created >= beginning && $0.type != "Comment" }
        var entries: [TicketEntry] = []
        for (ticket, items) in Dictionary(grouping: fresh, by: \.ticket) {
            entries += try await thread(of: ticket, items).filter(\.isCustomers)
        }
        return CustomerEntries(
            entries: entries.sorted { (Int64($0.id) ?? 0) < (Int64($1.id) ?? 0) },
            cursor: reached?.id ?? "\(last)", hasMore: hasMore)
    }

    /// One look reads so many pages of a hundred at most.
    private static let maximumPages = 20

    /// RT reads a date without a zone in the zone of the token's user: the day before is early enough for all of them.
    private func lastNumber(before start: Date) async throws -> Int64 {
        let day = String(start.addingTimeInterval(-2 * 86_400).ISO8601Format().prefix(10))
        let page = try await client.get(
            Page<TransactionItem>.self,
            Self.transactions("Created < '\(day)'", "&order=DESC&per_page=1"), step: "read cursor")
        return page.items.first.flatMap { Int64($0.id) } ?? 0
    }

    /// - Parameter types: of transactions; none: what somebody said.
    private static func transactions(_ condition: String, types: [String] = [], _ more: String = "") -> String {
        let types = (types.isEmpty ? ["Create", "Correspond", "Comment"] : types).map { "Type='\($0)'" }
        let query = "ObjectType='RT::Ticket' AND \(condition) AND (\(types.joined(separator: " OR ")))"
        return
            "transactions?query=\(TicketClient.percentEncoded(query))&orderby=id&fields=Type,ObjectId,Created,Creator,Field,NewValue\(more)"
    }

    private func thread(of ticket: String, _ items: [TransactionItem]) async throws -> [TicketEntry] {
        let record = try await self.ticket(ticket)
        let own = try await self.own.value()
        let files = Dictionary(grouping: try await attachments(of: ticket), by: \.transaction)
        var entries: [TicketEntry] = []
        for item in items {
            let parts = (files[item.id] ?? []).sorted { (Int64($0.id) ?? 0) < (Int64($1.id) ?? 0) }
            let body =
                parts.first { $0.isUnnamed && $0.type == "text/plain" }
                ?? parts.first { $0.isUnnamed && $0.type == "text/html" }
            var text = ""
            if let body {
                let bytes = try await content(number: body.id)
                text =
                    body.type == "text/html"
                    ? HTMLText.text(fromHTML: bytes).text : String(decoding: bytes, as: UTF8.self)
            }
            entries.append(entry(item, of: ticket, record, own, parts, text))
        }
        return entries
    }

    /// - Parameters:
    ///   - parts: its attachments, by their numbers.
    ///   - text: of the one that is its body.
    func entry(
        _ item: TransactionItem, of ticket: String, _ record: TicketRecord?, _ own: String?, _ parts: [AttachmentItem],
        _ text: String
    ) -> TicketEntry {
        let header = Self.fields(parts.first?.header ?? "")
        let interface = header.first { $0.name.lowercased() == "x-rt-interface" }?.value ?? ""
        var entry = TicketEntry(
            id: item.id, ticket: ticket, author: author(item, record, own, interface),
            isPublic: item.type != "Comment",
            text: text, created: item.created, attachments: parts.compactMap(\.file))
        entry.fields = header
        // Whoever writes in the web interface has logged in; RT itself writes the field, over one of the mail's own.
        entry.isProved =
            ["Web", "Mobile"].contains(interface) && entry.isCustomers && record?.requestors.count == 1
            && record?.others.isEmpty == true
        return entry
    }

    private func author(_ item: TransactionItem, _ record: TicketRecord?, _ own: String?, _ interface: String)
        -> TicketEntry.Author
    {
        let creator = item.creator.id
        // Our user's word in the web interface is a person's who uses it too.
        if creator == "RT_System" || creator == own && interface != "Web" { return .machine }
        if record?.requestors.contains(where: { $0.lowercased() == creator.lowercased() }) == true {
            return .customer(address: creator.contains("@") ? creator : nil)
        }
        // Whoever writes in by mail is a user whose name is her address; agents have names.
        return creator.contains("@") ? .other : .agent(creator)
    }

    /// A header as RT keeps it, unfolded.
    private static func fields(_ header: String) -> [TicketEntry.Field] {
        var fields: [(name: Substring, value: String)] = []
        for line in header.prefix(100_000).split(whereSeparator: \.isNewline) {
            if line.first == " " || line.first == "\t" {
                if !fields.isEmpty { fields[fields.count - 1].value += " " + line.trimmingCharacters(in: .whitespaces) }
            } else if let colon = line.firstIndex(of: ":") {
                fields.append((line[..<colon], line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)))
            }
        }
        return fields.map { TicketEntry.Field(name: String($0.name), value: $0.value) }
    }

    // MARK: - What agents did

    /// By the changes of its owner that are on record.
    public func wasTaken(_ ticket: String, since entry: TicketEntry) async throws -> Bool {
        let own = try await self.own.value()
        let changes: [TransactionItem] = try await pages(
            Self.transactions(
                "ObjectId=\(Int64(ticket) ?? 0) AND id > \(Int64(entry.id) ?? 0)",
                types: ["Set", "SetWatcher", "Take", "Steal", "Give", "Force"]),
            step: "read owners")
        return changes.contains {
            ($0.field == "Owner" || !["Set", "SetWatcher"].contains($0.type))
                && ![Self.nobody, Self.number(in: configuration.token)].contains($0.newValue)
                && $0.creator.id != "RT_System" && $0.creator.id != own
        }
    }

    /// The number of the user Nobody in every RT.
    private static let nobody = "6"

    /// The name of the user whose token it is: it stands in the token by its number.
    static func owner(of token: String, _ client: TicketClient) async throws -> String? {
        guard let number = number(in: token) else { return nil }
        let response = try await client.send("GET", "user/\(number)", step: "ask who we are", accepting: [403, 404])
        guard response.status == 200 else { return nil }
        return try client.decode(UserName.self, response, step: "ask who we are").name
    }

    /// `1-14-…`: 14.
    private static func number(in token: String) -> String? {
        let parts = token.split(separator: "-")
        return parts.count == 3 && parts[1].allSatisfy(\.isNumber) ? String(parts[1]) : nil
    }

    struct UserName: Decodable {
        let name: String
        enum CodingKeys: String, CodingKey { case name = "Name" }
    }

    /// Looks whether there are such queues.
    public func verify(_ queues: [String]) async throws {
        for queue in queues { _ = try await Self.queue(queue, client) }
    }
}

extension RequestTracker.AttachmentItem {
    fileprivate var isUnnamed: Bool { (filename ?? "").isEmpty }

    /// As a file for whoever reads the entry: what has a name, and pictures and the like without one.
    fileprivate var file: TicketAttachment? {
        let type = type ?? ""
        let isPart = type.hasPrefix("multipart/") || type.hasPrefix("text/") || type.hasPrefix("message/")
        if isUnnamed, isPart || type.isEmpty { return nil }
        return TicketAttachment(
            locator: id, name: isUnnamed ? "part-\(id)" : filename ?? "",
            type: type.isEmpty ? "application/octet-stream" : type)
    }
}
