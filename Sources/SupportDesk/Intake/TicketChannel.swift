import Foundation
import Mail

/// Queues of a ticket system as a channel: what customers write on tickets. A message is known by `TICKET/ENTRY`, whatever the
/// system's cursor shows again.
///
/// Only entries that the system says are the customer's are taken: what agents, rules, other robots and this desk wrote is none
/// of its messages. An answer goes back onto the ticket, and so does the matter when a person is to have it.
public struct TicketChannel: Channel {
    /// The name in `desk.yaml` and in the ledger.
    public let name: String
    /// The ticket system.
    public let system: any TicketSystem
    /// By their names there; none: all of them.
    public let queues: [String]
    /// To whom customers write.
    let mailbox: Mailbox
    /// Whether it is the system in which the desk opens its own tickets.
    let isDesks: Bool

    /// How often it is asked: no ticket system tells by itself. Zendesk allows ten such requests a minute.
    private static let pollInterval = Duration.seconds(30)
    /// An entry with more files is too large.
    private static let maximumFiles = 200

    /// Names the queues; nothing is connected yet.
    public init(
        name: String, system: any TicketSystem, queues: [String], mailbox: Mailbox, isDesks: Bool = false
    ) {
        self.name = name
        self.system = system
        self.queues = queues
        self.mailbox = mailbox
        self.isDesks = isDesks
    }

    /// Where an entry stands.
    struct Place: Hashable {
        let ticket: String
        let entry: String

        init(_ entry: TicketEntry) { (ticket, self.entry) = (entry.ticket, entry.id) }

        init?(_ source: String) {
            guard let slash = source.firstIndex(of: "/") else { return nil }
            ticket = String(source[..<slash])
            entry = String(source[source.index(after: slash)...])
        }

        var source: String { "\(ticket)/\(entry)" }
    }

    /// Asks for the entries behind the cursor; what was written before the adoption point is history.
    public func discover(after cursor: String?, adoptedAt: Date, ledger: Ledger) async throws -> Discovery {
        // A queue that is not there is no empty one.
        if cursor == nil { try await system.verify(queues) }
        let page = try await system.customerEntries(in: queues, after: cursor, since: adoptedAt)
        // Systems tell whole seconds.
        let beginning = adoptedAt.timeIntervalSince1970.rounded(.down)
        let found = page.entries.compactMap { entry -> SourceItem? in
            // Without a time that can be read it counts as ours: to ask a person once too often loses nothing.
            let written = entry.date ?? adoptedAt
            guard written.timeIntervalSince1970 >= beginning else { return nil }
            return SourceItem(source: Place(entry).source, arrival: written)
        }
        let known = try await ledger.known(found.map(\.source), in: name)
        return Discovery(
            items: found.filter { !known.contains($0.source) }, cursor: page.cursor == cursor ? nil : page.cursor,
            hasMore: page.hasMore && page.cursor != cursor)
    }

    /// Reads each ticket once and makes mails of the entries that are asked for.
    public func fetch(
        _ sources: [String], maximumBytes: Int, _ each: @escaping @Sendable (Fetched) async throws -> Void
    ) async throws {
        var tickets: [String] = []
        var wanted: [String: [Place]] = [:]
        for source in sources {
            guard let place = Place(source) else {
                try await each(.vanished(source: source))
                continue
            }
            if wanted[place.ticket] == nil { tickets.append(place.ticket) }
            wanted[place.ticket, default: []].append(place)
        }
        for ticket in tickets {
            try await read(wanted[ticket] ?? [], on: ticket, maximumBytes, each)
        }
    }

    /// Hands each entry on before the next one is read: a ticket may have more files than memory has room for.
    private func read(
        _ places: [Place], on ticket: String, _ maximumBytes: Int,
        _ each: @escaping @Sendable (Fetched) async throws -> Void
    ) async throws {
        var left = places[...]
        do {
            guard let record = try await system.ticket(ticket), record.state != .deleted else {
                for place in places { try await each(.vanished(source: place.source)) }
                return
            }
            let thread = try await system.entries(of: ticket)
            while let place = left.first {
                let index = thread.firstIndex { $0.id == place.entry }
                let fetched: Fetched =
                    if let index {
                        try await mail(thread[index], after: thread[..<index], record, maximumBytes)
                    } else {
                        .vanished(source: place.source)
                    }
                left.removeFirst()
                try await each(fetched)
            }
        } catch let error as TicketError {
            switch error.reason {
            case .unreachable, .access, .misconfigured, .later: throw error
            // What is wrong with this ticket must not keep the others waiting.
            case .placement, .conflict, .gone, .tooLarge, .fault, .refused:
                for place in left {
                    try await each(.unreadable(source: place.source, reason: error.message, mayBeMended: true))
                }
            }
        }
    }

    private func mail(
        _ entry: TicketEntry, after thread: ArraySlice<TicketEntry>, _ record: TicketRecord, _ maximumBytes: Int
    ) async throws -> Fetched {
        let source = Place(entry).source
        var files: [Attachment] = []
        // Nobody sends so many, and each is a question to the system.
        var size = entry.attachments.count > Self.maximumFiles ? maximumBytes + 1 : 0
        for attachment in entry.attachments where size <= maximumBytes {
            let bytes = try await system.content(of: attachment)
            size += bytes.count
            files.append(Attachment(name: attachment.name, type: attachment.type, bytes: bytes))
        }
        // Over the limit only what was written is shown, and that there is more.
        if size > maximumBytes { files = [] }
        let mail = TicketChannelMail(
            entry: entry, thread: thread, subject: record.subject, mailbox: mailbox,
            others: record.requestors + record.others, system: system.name, files: files)
        let origin = TicketOrigin(
            system: system.name, ticket: record.id, entry: entry.id, isProved: entry.isProved,
            isWithPerson: try await hasPerson(record, thread, before: entry), mailID: mail.mailID, isDesks: isDesks)
        do {
            let bytes = try mail.bytes()
            guard size <= maximumBytes, bytes.count <= maximumBytes else {
                let head = Array(bytes.prefix(min(64 << 10, maximumBytes)))
                return .entry(source: source, bytes: head, fullSize: max(size, bytes.count, head.count + 1), of: origin)
            }
            return .entry(source: source, bytes: bytes, fullSize: bytes.count, of: origin)
        } catch {
            return .unreadable(source: source, reason: "no mail can be made of it: \(error)", mayBeMended: false)
        }
    }

    /// Whether an agent answered on a ticket, or took it, before an entry was written. Who takes it for that entry may do so to
    /// answer it by the desk's draft.
    private func hasPerson(
        _ record: TicketRecord, _ thread: ArraySlice<TicketEntry>, before entry: TicketEntry
    ) async throws -> Bool {
        if thread.contains(where: \.isAnswer) { return true }
        guard record.owner != nil, let first = thread.first(where: \.isCustomers),
            try await system.wasTaken(record.id, since: first)
        else { return false }
        return try await !system.wasTaken(record.id, since: entry)
    }

    /// Nothing: an answer or a note on the ticket says what became of it.
    public func mark(_ items: [MarkItem]) async throws {}

    /// Waits for the next time at which it is asked.
    public func waitForNews(upTo limit: Duration) async throws {
        try await Task.sleep(for: min(limit, Self.pollInterval))
    }

    /// Nothing is open between two calls.
    public func close() async {}

    /// Whether an agent answered, took or closed the ticket since an entry of it was written.
    public func person(in inquiry: Inquiry) async throws -> PersonSeen? {
        guard let place = Place(inquiry.source) else { return nil }
        let ticket = place.ticket
        guard let record = try await system.ticket(ticket), record.state != .deleted else {
            return PersonSeen(reason: "the ticket was deleted")
        }
        if record.state.isDone { return PersonSeen(reason: "the ticket was closed") }
        var thread = try await system.entries(of: ticket)
        if record.id != ticket { thread += try await system.entries(of: record.id) }
        guard let index = thread.firstIndex(where: { $0.id == place.entry }) else {
            return PersonSeen(reason: "the entry was removed from its ticket")
        }
        let entry = thread[index]
        // Numbers of entries count up over all tickets; where they are none, the order tells.
        let later =
            Int64(entry.id).map { number in thread.filter { Int64($0.id) ?? 0 > number } }
            ?? Array(thread[(index + 1)...])
        if let answer = later.first(where: \.isAnswer) {
            return PersonSeen(reason: "an agent answered on the ticket", answer: Array(answer.text.utf8))
        }
        for ticket in Set([ticket, record.id]) where try await system.wasTaken(ticket, since: entry) {
            return PersonSeen(reason: "an agent took the ticket", isAnswer: false)
        }
        return nil
    }
}

extension TicketEntry {
    /// When it was written.
    var date: Date? { try? Date(created, strategy: .iso8601) }
}
