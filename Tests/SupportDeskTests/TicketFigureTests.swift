import Foundation
import TestServers
import Testing
import Transport

@testable import SupportDesk

/// The figures that are promised of ticket systems.
@Suite("Ticket figures", .serialized)
struct TicketFigureTests {
    /// The published description of Zendesk's interface lies beside the package, or where AURADESK_CONTRACTS says.
    static let contractPath =
        (ProcessInfo.processInfo.environment["AURADESK_CONTRACTS"] ?? "\(PackageFolder.root)/../shared/data/contracts")
        + "/zendesk_support_openapi.json"

    /// Everything that a desk asks of Zendesk, with its refusals.
    private func exercise(_ server: ZendeskServer) async throws {
        let zendesk = TicketBench.zendesk(server)
        let filing = Filing(system: zendesk)
        let id = TicketBench.newID()
        let start = try await zendesk.customerEntries(after: nil)
        var placement = Placement()
        (placement.queue, placement.priority, placement.tags) = ("Refunds", 85, ["vip"])
        (placement.owner, placement.fields) = ("asha@neemandclay.example", ["intent": "get_refund"])
        let packet = Packet(
            externalID: id, message: 1, subject: "<b>s</b>", requestor: "priya.sharma@mail.example", note: "note",
            rule: "r", placement: placement)
        let first = try await filing.file(packet, thread: [TicketBench.entry(1)]).number
        _ = try await filing.file(TicketBench.packet(2, of: id), thread: [TicketBench.entry(2)])
        let answer = NewEntry(key: "reply-2.txt", subject: "", text: "Hello", isPublic: true)
        try await zendesk.add(answer, to: first)
        _ = try await zendesk.holds(answer, on: first)
        for entry in try await zendesk.entries(of: first) { _ = try await zendesk.wasTaken(first, since: entry) }
        var change = TicketChange()
        change.state = .solved
        _ = try await zendesk.change(first, change, from: zendesk.ticket(first))
        _ = try await filing.file(TicketBench.packet(3, of: id), thread: [TicketBench.entry(3)], known: first)
        server.set(["status": .string("closed")], on: Int(first) ?? 0)
        let second = try await filing.file(TicketBench.packet(4, of: id), thread: [TicketBench.entry(4)]).number
        server.comment("More", by: 300, on: Int(second) ?? 0)
        _ = try await zendesk.customerEntries(after: start.cursor)
        _ = try await zendesk.openTickets(of: ["asha@neemandclay.example"])
        _ = try await zendesk.suspendedTickets()
        try await zendesk.withdraw(second)
    }

    @Test("what the check written for these tests allows is what is sent")
    func ownCheck() async throws {
        let server = try ZendeskServer()
        try await exercise(server)
        #expect(server.violations.isEmpty, "\(server.violations)")
        #expect(server.exchanges.count > 25)
    }

    @Test(
        "every request and answer is valid against the published description",
        .enabled(
            if: FileManager.default.fileExists(atPath: TicketFigureTests.contractPath),
            "no description at AURADESK_CONTRACTS"))
    func contract() async throws {
        let server = try ZendeskServer()
        try await exercise(server)
        let contract = try OpenAPIContract(file: Self.contractPath)
        let faults = server.exchanges.flatMap(contract.faults)
        #expect(Set(faults).isEmpty, "\(Set(faults).sorted().joined(separator: "\n"))")
        let valid = server.exchanges.count { contract.faults(in: $0).isEmpty }
        print("Zendesk: \(server.exchanges.count) requests, \(100 * valid / server.exchanges.count) % valid")
    }

    @Test("at least twenty tickets a second with eight at once", arguments: [TicketBench.Kind.files, .zendesk])
    func rate(kind: TicketBench.Kind) async throws {
        let bench = try await TicketBench.make(kind)
        let system = bench.system
        let start = ContinuousClock.now
        let numbers = try await withThrowingTaskGroup(of: String.self) { group in
            var numbers: Set<String> = []
            for number in 0..<200 {
                if number >= 8, let next = try await group.next() { numbers.insert(next) }
                group.addTask {
                    try await system.file(
                        TicketBench.packet(1, of: TicketBench.newID()), thread: [TicketBench.entry(1)])
                }
            }
            for try await next in group { numbers.insert(next) }
            return numbers
        }
        let time = start.duration(to: .now) / .seconds(1)
        print("\(kind.rawValue): \(Int(200 / time)) tickets a second")
        #expect(numbers.count == 200 && time < 10)
    }
}
