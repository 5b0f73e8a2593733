import Foundation

@testable import SupportDesk

/// A ticket system that behaves otherwise in one way.
struct AlteredTickets: TicketSystem {
    private let system: any TicketSystem
    private let isBusy: Bool
    private let shown: Collector<String>?
    private let alter: @Sendable (inout TicketEntry) -> Void
    private let onRead: @Sendable (String) async -> Void

    /// - Parameters:
    ///   - tickets: those whose entries are told; nil: all.
    ///   - isBusy: what is written is to come again.
    ///   - alter: what is different of an entry.
    ///   - onRead: told of each file that is read.
    init(
        _ system: any TicketSystem, tickets: Collector<String>? = nil, isBusy: Bool = false,
        alter: @escaping @Sendable (inout TicketEntry) -> Void = { _ in },
        onRead: @escaping @Sendable (String) async -> Void = { _ in }
    ) {
        (self.system, shown, self.isBusy, self.alter, self.onRead) = (system, tickets, isBusy, alter, onRead)
    }

    private func write() throws {
        if isBusy { throw TicketError("busy", .later(.seconds(1))) }
    }

    var name: String { system.name }
    var limits: TicketLimits { system.limits }
    func kept(_ placement: Placement) -> Placement { system.kept(placement) }
    func tickets(of externalID: String) async throws -> [TicketRecord] { try await system.tickets(of: externalID) }
    func ticket(_ id: String) async throws -> TicketRecord? { try await system.ticket(id) }
    func create(_ ticket: NewTicket) async throws -> String {
        try write()
        return try await system.create(ticket)
    }
    func add(_ entry: NewEntry, to ticket: String) async throws {
        try write()
        try await system.add(entry, to: ticket)
    }
    func change(_ ticket: String, _ change: TicketChange, from record: TicketRecord?) async throws -> [String] {
        try write()
        return try await system.change(ticket, change, from: record)
    }
    func withdraw(_ ticket: String) async throws {
        try write()
        try await system.withdraw(ticket)
    }
    func verify(_ queues: [String]) async throws { try await system.verify(queues) }
    func names(on ticket: String) async throws -> Set<String> { try await system.names(on: ticket) }
    func holds(_ entry: NewEntry, on ticket: String) async throws -> Bool {
        try await system.holds(entry, on: ticket)
    }
    func wasTaken(_ ticket: String, since entry: TicketEntry) async throws -> Bool {
        try await system.wasTaken(ticket, since: entry)
    }
    func entries(of ticket: String) async throws -> [TicketEntry] {
        try await system.entries(of: ticket).map {
            var entry = $0
            alter(&entry)
            return entry
        }
    }
    func content(of attachment: TicketAttachment) async throws -> [UInt8] {
        await onRead(attachment.name)
        return try await system.content(of: attachment)
    }
    func customerEntries(in queues: [String], after cursor: String?, since start: Date) async throws
        -> CustomerEntries
    {
        var page = try await system.customerEntries(in: queues, after: cursor, since: start)
        if let tickets = await shown?.all { page.entries.removeAll { !tickets.contains($0.ticket) } }
        return page
    }
    func openTickets(of owners: [String]) async throws -> [String: Int] { try await system.openTickets(of: owners) }
}

extension TicketSystem {
    /// What was written in the last hour, or since a cursor, in all queues.
    func customerEntries(after cursor: String?) async throws -> CustomerEntries {
        try await customerEntries(in: [], after: cursor, since: Date(timeIntervalSinceNow: -3_600))
    }
}
