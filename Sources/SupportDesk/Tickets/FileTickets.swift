import Foundation

/// Tickets as folders: `AD-…/note-17.txt` beside `17-message.eml`, and `ticket.json` with what an agent may change. The
/// embedded default.
public struct FileTickets: TicketSystem {
    let folder: String

    /// Names the folder; it is made with the first ticket.
    public init(folder: String) { self.folder = folder }

    /// The folder.
    public var name: String { "files \(folder)" }

    /// As much as one likes.
    public var limits: TicketLimits { TicketLimits(fileBytes: .max, requestBytes: .max, textBytes: 1 << 20) }

    /// What `ticket.json` says of a ticket.
    struct Card: Codable {
        var subject = ""
        var state = TicketState.new
        var follows: String?
        var placement = Placement()
        /// Counts changes.
        var version = 1
    }

    /// Everything is kept as it is.
    public func kept(_ placement: Placement) -> Placement { placement }

    /// The folder of a conversation, and of those that followed it.
    public func tickets(of externalID: String) async throws -> [TicketRecord] {
        var records: [TicketRecord] = []
        for generation in 1... {
            let name = RequestTracker.name(externalID, generation)
            // A run may have died before it wrote the card: then it is made anew, in the same folder.
            guard FileManager.default.fileExists(atPath: "\(folder)/\(name)/ticket.json"),
                let record = try await ticket(name)
            else { break }
            if record.state != .deleted { records.append(record) }
        }
        return records
    }

    /// One folder.
    public func ticket(_ id: String) async throws -> TicketRecord? {
        guard FileManager.default.fileExists(atPath: "\(folder)/\(id)") else { return nil }
        let card = self.card(id)
        var record = TicketRecord(
            id: id, externalID: String(id.prefix { $0 != "." }), version: "\(card.version)", state: card.state,
            owner: card.placement.owner)
        // A folder names nobody: whom to answer stands in the mail.
        record.requestors = [id]
        record.placement = card.placement
        record.subject = card.subject
        return record
    }

    /// Writes what is missing; the note comes last and says that the entry is complete.
    public func create(_ ticket: NewTicket) async throws -> String {
        var generation = ticket.generation
        // A folder that was marked as deleted keeps its name.
        while card(RequestTracker.name(ticket.externalID, generation)).state == .deleted { generation += 1 }
        let number = RequestTracker.name(ticket.externalID, generation)
        try await reporting {
            try DurableFile.makeFolder("\(folder)/\(number)")
            try write(
                Card(
                    subject: ticket.subject, follows: ticket.follows, placement: ticket.placement), number)
        }
        try await add(ticket.entry, to: number)
        return number
    }

    /// Writes the files, then the text; what is there already stays as it is.
    public func add(_ entry: NewEntry, to ticket: String) async throws {
        try await reporting {
            for file in entry.files + [TicketFile(name: entry.key, bytes: Array(entry.text.utf8))] {
                let path = "\(folder)/\(ticket)/\(file.name)"
                if !FileManager.default.fileExists(atPath: path) { try DurableFile.write(file.bytes, to: path) }
            }
            try DurableFile.syncFolder(of: "\(folder)/\(ticket)")
        }
    }

    /// Writes the card anew.
    public func change(_ ticket: String, _ change: TicketChange, from record: TicketRecord?) async throws -> [String] {
        var card = self.card(ticket)
        if let version = record?.version, version != "\(card.version)" {
            throw TicketError("\(name): change ticket: somebody else changed it", .conflict)
        }
        if let state = change.state { card.state = state }
        let wanted = change.placement
        card.placement.queue = wanted.queue ?? card.placement.queue
        card.placement.priority = wanted.priority ?? card.placement.priority
        card.placement.owner = wanted.owner ?? card.placement.owner
        card.placement.tags += wanted.tags.filter { !card.placement.tags.contains($0) }
        card.placement.fields.merge(wanted.fields) { _, new in new }
        card.version += 1
        try await reporting { [card] in try write(card, ticket) }
        return []
    }

    /// Marks a ticket as deleted.
    public func withdraw(_ ticket: String) async throws {
        var change = TicketChange()
        change.state = .deleted
        _ = try await self.change(ticket, change, from: nil)
    }

    /// The names of its files.
    public func names(on ticket: String) async throws -> Set<String> {
        await DiskThreads.run { namesNow(on: ticket) }
    }

    /// Waits for the disk.
    func namesNow(on ticket: String) -> Set<String> {
        Set((try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(ticket)")) ?? [])
    }

    /// By the cards.
    public func openTickets(of owners: [String]) async throws -> [String: Int] {
        await DiskThreads.run {
            let tickets = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return tickets.map(card).reduce(into: [:]) { load, card in
                guard let owner = card.placement.owner, !card.state.isDone, card.state != .deleted else { return }
                load[owner, default: 0] += 1
            }
        }
    }

    /// A folder without a card, or with one that somebody broke, is a new ticket.
    func card(_ ticket: String) -> Card {
        let bytes = Self.bytes(of: "\(folder)/\(ticket)/ticket.json", upTo: 1 << 20)
        return bytes.flatMap { try? JSONDecoder().decode(Card.self, from: Data($0)) } ?? Card()
    }

    private func write(_ card: Card, _ ticket: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try DurableFile.write([UInt8](encoder.encode(card)), to: "\(folder)/\(ticket)/ticket.json")
    }

    private func reporting(_ body: @escaping @Sendable () throws -> Void) async throws {
        do {
            try await DiskThreads.run { Result { try body() } }.get()
        } catch let error as DeskError {
            throw TicketError(error.message, .fault)
        }
    }
}
