import Foundation
import TestServers
import Testing
import Transport

@testable import SupportDesk

/// A ticket system for tests that are the same for all of them.
struct TicketBench {
    /// Folders, the real Request Tracker, the stand-in for Zendesk.
    enum Kind: String, CaseIterable, Sendable { case files, requestTracker, zendesk }

    let system: any TicketSystem
    /// A queue besides the usual one, and two agents.
    let queue: String
    let agents: [String]
    /// Keeps the folder or the server.
    let owner: any Sendable
    /// What somebody else does to a ticket.
    let meddle: @Sendable (_ ticket: String, _ state: TicketState) async throws -> Void

    static func make(_ kind: Kind, fileBytes: Int? = nil) async throws -> TicketBench {
        switch kind {
        case .files:
            let folder = try ScratchFolder()
            let system = FileTickets(folder: folder.path)
            return TicketBench(
                system: system, queue: "Refunds", agents: ["asha", "ben"], owner: folder,
                meddle: { try await set($1, on: $0, of: system) })
        case .requestTracker:
            let server = try await RTServer.shared()
            let agent = TransferAgent()
            func tracker(_ token: String) -> RequestTracker {
                var configuration = RequestTracker.Configuration(
                    url: server.baseURL, queue: "Support", token: token)
                configuration.fields = ["intent": "Intent", "language": "Language", "tags": "Tags"]
                configuration.fileBytes = fileBytes ?? configuration.fileBytes
                return RequestTracker(configuration, agent: agent)
            }
            let administrator = tracker(server.adminToken)
            return TicketBench(
                system: tracker(server.token), queue: "Complaints", agents: ["agent1", "agent2"], owner: server,
                meddle: { try await set($1, on: $0, of: administrator) })
        case .zendesk:
            let server = try ZendeskServer()
            return TicketBench(
                system: zendesk(server, fileBytes: fileBytes), queue: "Refunds",
                agents: ["asha@neemandclay.example", "ben@neemandclay.example"], owner: server,
                meddle: { ticket, state in
                    guard let number = Int(ticket) else { return }
                    if state == .deleted { return server.delete(number) }
                    server.set(["status": .string(state.rawValue)], on: number)
                })
        }
    }

    static func zendesk(_ server: ZendeskServer, fileBytes: Int? = nil, agent: TransferAgent = TransferAgent())
        -> Zendesk
    {
        var configuration = Zendesk.Configuration(
            url: server.baseURL, user: ZendeskServer.user, token: ZendeskServer.token)
        configuration.group = "Support"
        configuration.fields = ["intent": 360, "language": 361]
        configuration.fileBytes = fileBytes ?? configuration.fileBytes
        return Zendesk(configuration, agent: agent)
    }

    private static func set(_ state: TicketState, on ticket: String, of system: any TicketSystem) async throws {
        var change = TicketChange()
        change.state = state
        let problems = try await system.change(ticket, change, from: nil)
        try #require(problems.isEmpty, "\(problems)")
    }

    /// The bytes of a ticket's files by name, as the system gives them back.
    func files(of ticket: String) async throws -> [String: [[UInt8]]] {
        var files: [String: [[UInt8]]] = [:]
        for attachment in Set(try await system.entries(of: ticket).flatMap(\.attachments)) {
            files[attachment.name, default: []].append(try await system.content(of: attachment))
        }
        return files
    }

    /// How many entries hold a text.
    func count(_ text: String, on ticket: String) async throws -> Int {
        try await system.entries(of: ticket).count { $0.text.contains(text) }
    }

    static func newID() -> String { "AD-" + UUID().uuidString.filter { $0 != "-" }.prefix(16) }

    static func packet(
        _ message: Int64, of externalID: String, note: String = "A note", subject: String = "Where is it"
    )
        -> Packet
    {
        Packet(
            externalID: externalID, message: message, subject: subject, requestor: "priya.sharma@mail.example",
            note: note, rule: "angry", priority: 80)
    }

    /// Mail as it comes: CRLF, bare LF, octets that are no UTF-8, a NUL, no line end at the end.
    static func entry(_ message: Int64, isOurs: Bool = false, size: Int = 0) -> ThreadEntry {
        let text = "From: a@mail.example\r\nSubject: \(message)\r\n\r\nfirst\nsecond\r\n.\r\n\u{0}grün ₹ नमस्ते "
        return ThreadEntry(
            message: message, isOurs: isOurs,
            bytes: Array(text.utf8) + [0xFF, 0xFE, 0x80] + (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                + Array("end".utf8))
    }
}

/// Breaks off before or behind one call, as a crash would.
actor InterruptedTickets: TicketSystem {
    /// Ends a run, which any other error of a ticket system does not.
    typealias Interruption = CancellationError

    private let system: any TicketSystem
    private let point: Int
    private let isBehind: Bool
    private var calls = 0

    init(_ system: any TicketSystem, at point: Int, isBehind: Bool) {
        (self.system, self.point, self.isBehind) = (system, point, isBehind)
    }

    nonisolated var name: String { system.name }
    nonisolated var limits: TicketLimits { system.limits }
    nonisolated func kept(_ placement: Placement) -> Placement { system.kept(placement) }

    private func step<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        calls += 1
        let isHere = calls == point
        if isHere, !isBehind { throw Interruption() }
        let value = try await body()
        if isHere { throw Interruption() }
        return value
    }

    func tickets(of externalID: String) async throws -> [TicketRecord] {
        try await step { [system] in try await system.tickets(of: externalID) }
    }
    func ticket(_ id: String) async throws -> TicketRecord? {
        try await step { [system] in try await system.ticket(id) }
    }
    func create(_ ticket: NewTicket) async throws -> String {
        try await step { [system] in try await system.create(ticket) }
    }
    func add(_ entry: NewEntry, to ticket: String) async throws {
        try await step { [system] in try await system.add(entry, to: ticket) }
    }
    func change(_ ticket: String, _ change: TicketChange, from record: TicketRecord?) async throws -> [String] {
        try await step { [system] in try await system.change(ticket, change, from: record) }
    }
    func withdraw(_ ticket: String) async throws {
        try await step { [system] in try await system.withdraw(ticket) }
    }
    func names(on ticket: String) async throws -> Set<String> {
        try await step { [system] in try await system.names(on: ticket) }
    }
    func entries(of ticket: String) async throws -> [TicketEntry] { try await system.entries(of: ticket) }
    func content(of attachment: TicketAttachment) async throws -> [UInt8] {
        try await system.content(of: attachment)
    }
    func customerEntries(in queues: [String], after cursor: String?, since start: Date) async throws
        -> CustomerEntries
    {
        try await system.customerEntries(in: queues, after: cursor, since: start)
    }
    func verify(_ queues: [String]) async throws { try await system.verify(queues) }
    func holds(_ entry: NewEntry, on ticket: String) async throws -> Bool {
        try await step { [system] in try await system.holds(entry, on: ticket) }
    }
    func wasTaken(_ ticket: String, since entry: TicketEntry) async throws -> Bool {
        try await system.wasTaken(ticket, since: entry)
    }
    func openTickets(of owners: [String]) async throws -> [String: Int] {
        try await system.openTickets(of: owners)
    }
}
