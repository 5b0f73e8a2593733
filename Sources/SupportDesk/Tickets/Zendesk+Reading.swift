import Foundation

extension Zendesk {
    /// By the external name, which Zendesk does not keep unique.
    public func tickets(of externalID: String) async throws -> [TicketRecord] {
        let page = try await client.get(
            Tickets.self, "tickets?external_id=\(TicketClient.percentEncoded(externalID))", step: "search ticket")
        var records: [TicketRecord] = []
        for ticket in page.tickets.sorted(by: { $0.id < $1.id })
        where ticket.status != "deleted" && ticket.externalID == externalID {
            let target = record(try await target(of: ticket))
            if !records.contains(where: { $0.id == target.id }) { records.append(target) }
        }
        return records
    }

    /// One ticket, or that which it was merged into.
    public func ticket(_ id: String) async throws -> TicketRecord? {
        guard let ticket = try await ticketAnswer(id) else { return nil }
        return record(try await target(of: ticket))
    }

    /// Follows merges: the merged ticket is closed, bears a tag that says so, and a comment that names the other one.
    private func target(of ticket: Ticket) async throws -> Ticket {
        var ticket = ticket
        for _ in 0..<5 {
            guard ticket.status == "closed", ticket.tags?.contains("closed_by_merge") == true else { break }
            let comments = try await comments(of: String(ticket.id)).comments
            guard let number = comments.reversed().lazy.compactMap(\.mergedInto).first(where: { $0 != ticket.id }),
                let next = try await ticketAnswer(String(number))
            else { break }
            ticket = next
        }
        return ticket
    }

    /// The names of all files, and the keys that end our comments.
    public func names(on ticket: String) async throws -> Set<String> {
        let comments = try await comments(of: ticket).comments
        var names = Set(comments.flatMap { $0.attachments ?? [] }.map(\.name))
        names.formUnion(comments.compactMap { $0.metadata?.custom?.auradesk })
        for comment in comments where comment.isPublic == false {
            let last = comment.text.split(separator: "\n").last { !$0.isBlankLine } ?? ""
            if last.hasPrefix("[AuraDesk "), last.hasSuffix("]") { names.insert(String(last.dropFirst(10).dropLast())) }
        }
        return names
    }

    /// The thread with the people in it.
    public func entries(of ticket: String) async throws -> [TicketEntry] {
        let thread = try await comments(of: ticket)
        guard let record = try await ticketAnswer(ticket) else { return [] }
        let us = try await own.value()
        return thread.comments.map { entry($0, of: ticket, record, thread.users, us) }
    }

    func entry(_ comment: Comment, of ticket: String, _ record: Ticket, _ users: [User]?, _ us: Int) -> TicketEntry {
        var entry = TicketEntry(
            id: String(comment.id), ticket: ticket,
            author: author(comment, of: record, users, us), isPublic: comment.isPublic ?? false,
            text: comment.text, created: comment.created ?? "",
            attachments: (comment.attachments ?? []).map {
                TicketAttachment(locator: $0.url, name: $0.name, type: $0.type ?? "application/octet-stream")
            })
        entry.authorName = users?.first { $0.id == comment.author }?.name
        if let identifier = comment.metadata?.system?.messageID {
            entry.fields = [TicketEntry.Field(name: "Message-ID", value: identifier)]
        }
        return entry
    }

    /// A file's bytes. They lie on another host, which needs no login of ours.
    public func content(of attachment: TicketAttachment) async throws -> [UInt8] {
        try await client.fetch(attachment.locator, step: "read attachment")
    }

    /// The incremental export by cursor: a ticket comes again whenever it changed, and the latest minute is left out. Which of
    /// its comments are new the cursor does not say; the caller knows the ones it has seen.
    public func customerEntries(in queues: [String], after cursor: String?, since start: Date) async throws
        -> CustomerEntries
    {
        let step = "poll entries"
        let wanted = try await queues.isEmpty ? [] : numbers(of: queues)
        // The latest minute cannot be asked for.
        let first = Int(min(start, Date().addingTimeInterval(-61)).timeIntervalSince1970)
        let path =
            if let cursor, !cursor.hasPrefix("start=") {
                "cursor=\(TicketClient.percentEncoded(cursor))&start_time=0"
            } else {
                "start_time=\(cursor?.dropFirst(6) ?? "\(first)")"
            }
        let page = try await client.get(
            Export.self, "incremental/tickets/cursor?\(path)&per_page=100&exclude_deleted=true", step: step)
        var seen: Set<Int> = []
        var entries: [TicketEntry] = []
        // Of a ticket that comes twice, the later one says all.
        for ticket in page.tickets where seen.insert(ticket.id).inserted && ticket.status != "deleted" {
            guard queues.isEmpty || ticket.group.map(wanted.contains) == true else { continue }
            entries += try await self.entries(of: String(ticket.id)).filter(\.isCustomers)
        }
        return CustomerEntries(
            entries: entries.sorted { (Int64($0.id) ?? 0) < (Int64($1.id) ?? 0) },
            cursor: page.after ?? cursor ?? "start=\(first)",
            hasMore: !(page.isEnd ?? true))
    }

    /// Looks whether there are such groups.
    public func verify(_ queues: [String]) async throws { _ = try await numbers(of: queues) }

    private func numbers(of queues: [String]) async throws -> Set<Int> {
        let groups = try await groups.value()
        return try Set(
            queues.map { name in
                guard let number = groups[name] else {
                    throw TicketError("\(self.name): there is no group \(name)", .misconfigured)
                }
                return number
            })
    }

    /// By the ticket's own history.
    public func wasTaken(_ ticket: String, since entry: TicketEntry) async throws -> Bool {
        let us = try await own.value()
        var path: String? = "tickets/\(ticket)/audits?page[size]=100"
        var isBehind = false
        for _ in 0..<100 {
            guard let next = path else { break }
            let page = try await client.get(Audits.self, next, step: "read history")
            for audit in page.audits {
                if isBehind, audit.author ?? -1 > 0, audit.author != us,
                    audit.events.contains(where: { $0.type == "Change" && $0.hasNewOwner(besides: us) })
                {
                    return true
                }
                isBehind = isBehind || audit.events.contains { String($0.id ?? 0) == entry.id }
            }
            path = page.meta?.hasMore == true ? page.links?.next : nil
        }
        return false
    }

    /// How many messages Zendesk holds back as spam or robots': they are in no ticket, and nobody answers them.
    public func suspendedTickets() async throws -> Int {
        try await client.get(Suspended.self, "suspended_tickets?page[size]=100", step: "count suspended").tickets.count
    }

    /// By Zendesk's own search.
    public func openTickets(of owners: [String]) async throws -> [String: Int] {
        var load: [String: Int] = [:]
        for owner in owners {
            let query = "type:ticket status<solved assignee:\"\(owner.filter { $0 != "\"" })\""
            load[owner] = try await client.get(
                Count.self, "search/count?query=\(TicketClient.percentEncoded(query))", step: "count tickets"
            ).count
        }
        return load
    }

    private func ticketAnswer(_ id: String) async throws -> Ticket? {
        let response = try await client.send("GET", "tickets/\(id)", step: "read ticket", accepting: [404])
        guard response.status == 200 else { return nil }
        return try client.decode(TicketAnswer.self, response, step: "read ticket").ticket
    }

    private func comments(of ticket: String) async throws -> Comments {
        var all = Comments(comments: [], users: [], meta: nil, links: nil)
        var path: String? = "tickets/\(ticket)/comments?include=users&page[size]=100"
        for _ in 0..<100 {
            guard let next = path else { break }
            let page = try await client.get(Comments.self, next, step: "read thread")
            all.comments += page.comments
            all.users = (all.users ?? []) + (page.users ?? [])
            path = page.meta?.hasMore == true ? page.links?.next : nil
        }
        return all
    }

    /// Only the requester of the ticket is its customer; a side conversation's partner writes by the same ways.
    private func author(_ comment: Comment, of ticket: Ticket, _ users: [User]?, _ us: Int) -> TicketEntry.Author {
        let channel = comment.via?.channel ?? ""
        let user = users?.first { $0.id == comment.author }
        // Whose token it is may answer in the web interface too.
        if comment.author == us && channel != "web" || [0, -1].contains(comment.author) { return .machine }
        if ["rule", "system"].contains(channel) { return .machine }
        if channel.hasPrefix("side_conversation") { return .other }
        if user?.role == "agent" || user?.role == "admin" { return .agent(user?.email ?? "\(comment.author ?? 0)") }
        return comment.author == ticket.requester ? .customer(address: user?.email) : .other
    }

    func record(_ ticket: Ticket) -> TicketRecord {
        var record = TicketRecord(
            id: String(ticket.id), externalID: ticket.externalID, version: ticket.updated,
            state: Self.state(ticket.status), owner: ticket.assignee.map(String.init))
        record.requestors = ticket.requester.map { [String($0)] } ?? []
        record.subject = ticket.subject ?? ""
        // The owner as we would name her is not among the values; that there is one is all that counts.
        record.placement.owner = record.owner
        record.placement.priority = Self.rank(ticket.priority)
        record.placement.tags = ticket.tags ?? []
        for (name, id) in configuration.fields {
            record.placement.fields[name] = ticket.fields?.first { $0.id == id }?.value
        }
        return record
    }

    private static func state(_ status: String?) -> TicketState {
        switch status {
        case "new": .new
        case "pending", "hold": .waiting
        case "solved": .solved
        case "closed": .closed
        case "deleted": .deleted
        default: .open
        }
    }
}

extension Substring {
    fileprivate var isBlankLine: Bool { unicodeScalars.allSatisfy(\.properties.isWhitespace) }
}
