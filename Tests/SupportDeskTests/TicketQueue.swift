import Foundation
import TestServers
import Testing
import Transport

@testable import SupportDesk

/// A ticket system as customers and agents use it, for tests that are the same for all of them.
struct TicketQueue {
    let kind: TicketBench.Kind
    let system: any TicketSystem
    /// Another queue than the one that is read.
    let other: String
    /// Keeps the folder or the server.
    let owner: any Sendable
    /// A customer opens a ticket with an entry; returns its number.
    let open: @Sendable (_ address: String, _ subject: String, _ text: String, _ queue: String) async throws -> String
    private let write:
        @Sendable (_ address: String, _ text: String, _ ticket: String, _ file: Bool) async throws -> Void
    /// An agent answers the customer.
    let answer: @Sendable (_ text: String, _ ticket: String) async throws -> Void
    /// An agent makes a ticket her own.
    let take: @Sendable (_ ticket: String) async throws -> Void
    /// Somebody changes where it stands.
    let set: @Sendable (_ state: TicketState, _ ticket: String) async throws -> Void

    static let customer = "priya.sharma@mail.example"
    static let file = [UInt8]([0, 0xFF, 0x0D, 0x0A, 0x0A, 0x80, 0x2E, 0x0D, 0x0A])

    /// She writes on it once more.
    func write(_ address: String, _ text: String, _ ticket: String, hasFile: Bool = true) async throws {
        try await write(address, text, ticket, hasFile)
    }

    /// The public entries of a ticket that this desk wrote.
    func answers(on ticket: String) async throws -> [String] {
        try await system.entries(of: ticket).filter { $0.isPublic && $0.author == .machine }.map(\.text)
    }

    /// Its notes.
    func notes(on ticket: String) async throws -> [String] {
        try await system.entries(of: ticket).filter { !$0.isPublic }.map(\.text)
    }

    static func make(_ kind: TicketBench.Kind, _ own: RTServer? = nil) async throws -> TicketQueue {
        switch kind {
        case .files: try files()
        case .requestTracker: try await tracker(own)
        case .zendesk: try zendesk()
        }
    }

    private static func files() throws -> TicketQueue {
        let folder = try ScratchFolder()
        let system = FileTickets(folder: folder.path)
        @Sendable func put(
            _ kind: String, _ from: String, _ text: String, _ ticket: String, hasFile: Bool = false
        ) throws {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/\(ticket)")) ?? []
            // Files of one instant have no order.
            Thread.sleep(forTimeInterval: 0.01)
            let number = names.count + 1
            if hasFile {
                try DurableFile.write(file, to: "\(folder.path)/\(ticket)/customer-\(number).photo.bin")
            }
            try DurableFile.write(
                Array("From: \(from)\n\n\(text)".utf8), to: "\(folder.path)/\(ticket)/\(kind)-\(number).txt")
        }
        @Sendable func change(_ ticket: String, _ change: TicketChange) async throws {
            try await Task.sleep(for: .milliseconds(10))
            _ = try await system.change(ticket, change, from: nil)
        }
        return TicketQueue(
            kind: .files, system: system, other: "Refunds", owner: folder,
            open: { address, subject, text, queue in
                let ticket = "T-\(UUID().uuidString.prefix(8))"
                try DurableFile.makeFolder("\(folder.path)/\(ticket)")
                var card = FileTickets.Card(subject: subject)
                card.placement.queue = queue
                try DurableFile.write(
                    [UInt8](JSONEncoder().encode(card)), to: "\(folder.path)/\(ticket)/ticket.json")
                try put("customer", address, text, ticket, hasFile: true)
                return ticket
            },
            write: { try put("customer", $0, $1, $2, hasFile: $3) }, answer: { try put("agent", "asha", $0, $1) },
            take: {
                var owner = TicketChange()
                owner.placement.owner = "asha"
                try await change($0, owner)
            },
            set: {
                var state = TicketChange()
                state.state = $0
                try await change($1, state)
            })
    }

    private static func zendesk() throws -> TicketQueue {
        let server = try ZendeskServer()
        let system = TicketBench.zendesk(server)
        @Sendable func number(_ ticket: String) throws -> Int { try #require(Int(ticket)) }
        @Sendable func customer(_ ticket: String) throws -> Int {
            let id = try number(ticket)
            let requester = server.tickets.first { $0.id == id }?.values["requester_id"]?.number
            return Int(try #require(requester))
        }
        return TicketQueue(
            kind: .zendesk, system: system, other: "Refunds", owner: server,
            open: { address, subject, text, queue in
                let (ticket, customer) = server.open(by: address, subject, group: queue)
                server.comment(text, by: customer, files: ["photo.bin": file], on: ticket)
                return "\(ticket)"
            },
            write: { try server.comment($1, by: customer($2), files: $3 ? ["photo.bin": file] : [:], on: number($2)) },
            answer: { try server.comment($0, by: 11, role: "agent", channel: "web", on: number($1)) },
            take: { try server.assign(number($0), to: 11, by: 11) },
            set: { state, ticket in
                if state == .deleted { return try server.delete(number(ticket)) }
                let word = state == .waiting ? "pending" : state.rawValue
                try server.set(["status": .string(word)], on: number(ticket))
            })
    }

    private static func tracker(_ own: RTServer?) async throws -> TicketQueue {
        let server: RTServer
        if let own { server = own } else { server = try await RTServer.shared() }
        let agent = TransferAgent()
        @Sendable func tracker(_ token: String) -> RequestTracker {
            var configuration = RequestTracker.Configuration(url: server.baseURL, queue: "Support", token: token)
            configuration.fields = ["intent": "Intent", "tags": "Tags"]
            return RequestTracker(configuration, agent: agent)
        }
        let root = tracker(server.adminToken)
        @Sendable func mail(
            _ address: String, _ subject: String, _ text: String, _ queue: String, hasFile: Bool = true
        ) async throws {
            let photo = """
                --b
                Content-Type: application/octet-stream; name="photo.bin"
                Content-Disposition: attachment; filename="photo.bin"
                Content-Transfer-Encoding: base64

                \(Data(file).base64EncodedString())

                """
            try await server.receive(
                """
                From: \(address)
                To: support@neemandclay.example
                Subject: \(subject)
                Message-ID: <\(UUID().uuidString)@mail.example>
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: text/plain; charset=utf-8

                \(text)
                \(hasFile ? photo : "")--b--

                """, queue: queue)
        }
        return TicketQueue(
            kind: .requestTracker, system: tracker(server.token), other: "Complaints", owner: server,
            open: { address, subject, text, queue in
                let word = String((0..<12).map { _ in "bcdfghjklmnpqrstvwxz".randomElement() ?? "x" })
                try await mail(address, "\(subject) \(word)", text, queue)
                let query = TicketClient.percentEncoded("Subject LIKE '\(word)'")
                let page = try await root.client.get(
                    RequestTracker.Page<RequestTracker.Item>.self, "tickets?query=\(query)", step: "find ticket")
                return try #require(page.items.first?.id)
            },
            write: { try await mail($0, "[rt.test #\($2)] Re", $1, "Support", hasFile: $3) },
            answer: {
                try await root.add(NewEntry(key: "x", subject: "Re", text: $0, isPublic: true), to: $1)
            },
            take: { ticket in
                var change = TicketChange()
                change.placement.owner = "agent1"
                _ = try await root.change(ticket, change, from: nil)
            },
            set: { state, ticket in
                var change = TicketChange()
                change.state = state
                _ = try await root.change(ticket, change, from: nil)
            })
    }
}
