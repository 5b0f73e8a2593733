import Foundation
import Mail
import Transport

/// Reads a source, one message after another.
struct PastReading: Sendable {
    let configuration: DeskConfiguration
    let agent: @Sendable () -> TransferAgent
    /// What came before is left where it is.
    let since: Date

    private static let page = 200

    /// Tells of every message whose name is not known yet, and gives its bytes to a body.
    /// - Throws: `DeskError`, `TransportError`, `TicketError` where a server is away or says no.
    func read(
        _ source: PastSource, ledger: Ledger, besides known: @escaping @Sendable (String) -> Bool,
        _ body: @escaping @Sendable (PastMail) async throws -> Void
    ) async throws {
        switch source {
        case .files: return
        case .imap(let endpoint, let folders):
            try await read(
                endpoint, folders.isEmpty ? ["INBOX"] : folders, withSent: folders.isEmpty, ledger, known, body)
        case .channel(let entry):
            switch entry.source {
            case .maildir: return
            case .imap(let endpoint, let folder, _):
                let named = [folder] + [entry.people.sent].compactMap(\.self) + entry.people.others
                try await read(endpoint, named, withSent: entry.people.sent == nil, ledger, known, body)
            case .ticket(let tickets, let queues):
                let system = Desk.ticketSystem(tickets ?? configuration.tickets, agent)
                try await read(
                    system, queues.isEmpty ? (tickets ?? configuration.tickets).queues : queues, entry.name, ledger,
                    known, body)
            }
        }
    }

    // MARK: - IMAP

    private func read(
        _ endpoint: MailEndpoint, _ folders: [String], withSent: Bool, _ ledger: Ledger,
        _ known: @escaping @Sendable (String) -> Bool, _ body: @escaping @Sendable (PastMail) async throws -> Void
    ) async throws {
        let agent = agent()
        var folders = folders
        if withSent {
            let session = try await agent.openIMAP(endpoint)
            if let sent = try await session.specialUse(.sent), !folders.contains(sent) { folders.append(sent) }
            await session.logout()
        }
        for folder in folders {
            // Opened for reading only (EXAMINE): no flag changes, not even \Recent.
            let channel = IMAPChannel(name: folder, endpoint: endpoint, folder: folder, after: .leave, agent: agent)
            do {
                try await read(channel, prefix: "\(folder)/", ledger, known, body)
            } catch {
                await channel.close()
                throw error
            }
            await channel.close()
        }
    }

    private func read(
        _ channel: any Channel, prefix: String, _ ledger: Ledger, _ known: @escaping @Sendable (String) -> Bool,
        _ body: @escaping @Sendable (PastMail) async throws -> Void
    ) async throws {
        var cursor: String?
        var hasMore = true
        while hasMore, !Task.isCancelled {
            let found = try await channel.discover(after: cursor, adoptedAt: since, ledger: ledger)
            (cursor, hasMore) = (found.cursor ?? cursor, found.hasMore)
            let arrivals = Dictionary(
                found.items.map { ($0.source, $0.arrival) }, uniquingKeysWith: { first, _ in first })
            let wanted = found.items.map(\.source).filter { !known(prefix + $0) }
            for start in stride(from: 0, to: wanted.count, by: Self.page) where !Task.isCancelled {
                let sources = Array(wanted[start..<min(start + Self.page, wanted.count)])
                try await channel.fetch(sources, maximumBytes: configuration.limits.messageBytes) { fetched in
                    guard let (bytes, fullSize, _) = fetched.content else { return }
                    try await body(
                        PastMail(
                            source: prefix + fetched.source, arrival: arrivals[fetched.source], bytes: bytes,
                            fullSize: fullSize))
                }
            }
        }
    }

    // MARK: - Tickets

    private func read(
        _ system: any TicketSystem, _ queues: [String], _ name: String, _ ledger: Ledger,
        _ known: @escaping @Sendable (String) -> Bool, _ body: @escaping @Sendable (PastMail) async throws -> Void
    ) async throws {
        let shop = configuration.shop
        let channel = TicketChannel(name: name, system: system, queues: queues, mailbox: shop.mailbox)
        var (cursor, hasMore): (String?, Bool) = (nil, true)
        var tickets: [String: [TicketChannel.Place]] = [:]
        try await system.verify(queues)
        while hasMore, !Task.isCancelled {
            let page = try await system.customerEntries(in: queues, after: cursor, since: since)
            hasMore = page.hasMore && page.cursor != cursor
            cursor = page.cursor ?? cursor
            for entry in page.entries { tickets[entry.ticket, default: []].append(TicketChannel.Place(entry)) }
        }
        for (ticket, places) in tickets.sorted(by: { $0.key < $1.key }) where !Task.isCancelled {
            let thread = try await system.entries(of: ticket)
            let dates = Dictionary(thread.map { ($0.id, $0.date) }, uniquingKeysWith: { first, _ in first })
            let wanted = places.map(\.source).filter { !known("\(name)/\($0)") }
            try await channel.fetch(Array(Set(wanted)).sorted(), maximumBytes: configuration.limits.messageBytes) {
                fetched in
                guard let (bytes, fullSize, origin) = fetched.content, let place = TicketChannel.Place(fetched.source)
                else { return }
                var mail = PastMail(
                    source: "\(name)/\(fetched.source)", arrival: dates[place.entry] ?? nil, bytes: bytes,
                    fullSize: fullSize)
                mail.ticket = ticket
                mail.origin = origin.entry
                try await body(mail)
            }
            for entry in thread where entry.isAnswer && !known("\(name)/\(ticket)/\(entry.id)") {
                var mail = PastMail(
                    source: "\(name)/\(ticket)/\(entry.id)", arrival: entry.date, bytes: Array(entry.text.utf8))
                mail.ticket = ticket
                mail.isAgents = true
                try await body(mail)
            }
        }
    }
}
