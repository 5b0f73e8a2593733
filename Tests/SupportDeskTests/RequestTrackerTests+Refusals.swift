import Foundation
import TestServers
import Testing
import Transport

@testable import SupportDesk

/// What Request Tracker refuses, also where it says that it did not.
extension RequestTrackerTests {
    @Test("a wrong queue, a missing field, a bad token and a missing server are clear errors, and leave no ticket")
    func errors() async throws {
        let desk = try await desk()
        let id = newID()
        func failure(_ tracker: RequestTracker) async -> TicketError? {
            await #expect(throws: TicketError.self) {
                _ = try await tracker.file(packet(1, of: id, subject: id), thread: [entry(1)])
            }
        }
        let queue = await failure(desk.tracker(queue: "No'such \\ queue"))
        #expect(queue?.reason == .misconfigured && queue?.message.contains("there is no queue No'such") == true)
        let field = await failure(desk.tracker(queue: "General", token: desk.server.adminToken))
        #expect(field?.reason == .misconfigured)
        #expect(field?.message.hasSuffix("the queue General has no custom field \"External ID\"") == true)
        let token = await failure(desk.tracker(token: "1-99-0000"))
        #expect(token?.reason == .access && token?.isUnreachable == true)
        #expect(token?.message.contains("HTTP 401: the token is not accepted; was it revoked?") == true)
        #expect(token?.message.contains("0000") == false)
        let server = await failure(desk.tracker(url: "http://127.0.0.1:1"))
        #expect(server?.reason == .unreachable && server?.message.contains("127.0.0.1:1") == true)
        for error in [queue, field, token, server] { #expect(error?.message.contains("priya") == false) }
        #expect(try await desk.items("tickets?query=Subject='\(id)'").isEmpty, "nothing was made")
        #expect(try await desk.tickets(of: id).isEmpty)
    }

    @Test("the surplus ticket of a race is rejected where deleting is not allowed: RT says 200 to both")
    func surplus() async throws {
        let desk = try await desk()
        let id = newID()
        let first = try await desk.tracker.file(packet(1, of: id), thread: [])
        // What the loser of a race has made: RT answered 201 and dropped the name.
        let loser = try await desk.tracker.create(
            NewTicket(
                externalID: id, subject: "x", placement: Placement(),
                entry: NewEntry(key: "note-1.txt", subject: "x", text: "n")))
        #expect(try await desk.tracker.ticket(loser)?.externalID == nil)
        try await desk.tracker.withdraw(loser)
        #expect(try await desk.get("ticket/\(loser)")["Status"] as? String == "rejected")
        #expect(try await desk.tracker.tickets(of: id).map(\.id) == [first])
    }

    @Test("a refused value is said, whatever RT answers; the rest is done")
    func refused() async throws {
        let desk = try await desk()
        let id = newID()
        let tracker = desk.tracker
        let ticket = try await tracker.file(packet(1, of: id), thread: [])
        var change = TicketChange()
        change.placement.owner = "nobody-of-that-name"
        change.placement.priority = 77
        change.placement.fields = ["Category": "no such category", "Intent": "track_order"]
        let problems = try await tracker.change(ticket, change, from: tracker.ticket(ticket))
        #expect(problems.count == 2, "\(problems)")
        #expect(problems.contains { $0.hasSuffix("ticket \(ticket) refuses the owner nobody-of-that-name") })
        #expect(problems.contains { $0.hasSuffix("the field Category") })
        let record = try await tracker.ticket(ticket)
        #expect(record?.placement.priority == 77 && record?.placement.fields["Intent"] == "track_order")
    }

    @Test("a field that the queue does not have, and a value it does not take, are said though RT answers 200")
    func silentRefusals() async throws {
        let desk = try await desk()
        var configuration = RequestTracker.Configuration(
            url: desk.server.baseURL, queue: "Support", token: desk.server.token)
        configuration.fields = ["intent": "No Such Field", "language": "Category"]
        let tracker = RequestTracker(configuration, agent: desk.agent)
        var placement = Placement()
        placement.fields = ["intent": "get_refund", "language": "tlh"]
        placement.owner = "nobody-of-that-name"
        let id = newID()
        let packet = Packet(
            externalID: id, message: 1, subject: "<img src=x onerror=alert(1)>\r\nBcc: x@mail.example", requestor: nil,
            note: "n", rule: "r", placement: placement)
        let filed = try await Filing(system: tracker).file(packet, thread: [entry(1)])
        for words in ["the field No Such Field", "the field Category", "the owner nobody-of-that-name"] {
            #expect(filed.problems.contains { $0.hasSuffix("refuses \(words)") }, "\(words): \(filed.problems)")
        }
        #expect(filed.problems.count == 3)
        #expect(try await desk.tickets(of: id) == [filed.number])
        #expect(try await desk.files(of: filed.number)["1-message.eml"] == [entry(1).bytes])
        let subject = try await desk.get("ticket/\(filed.number)")["Subject"] as? String
        #expect(subject == "<img src=x onerror=alert(1)>  Bcc: x@mail.example")
    }

    @Test("a routed queue without the field of our names: the ticket lies in the usual one, and no other is left")
    func queueWithoutField() async throws {
        let desk = try await desk()
        let id = newID()
        var placement = Placement()
        placement.queue = "General"
        let packet = Packet(
            externalID: id, message: 1, subject: "s", requestor: nil, note: "n", rule: "r", placement: placement)
        let filed = try await Filing(system: desk.tracker(token: desk.server.adminToken)).file(
            packet, thread: [entry(1)])
        #expect(filed.problems.map { $0.contains("in the queue General: it lies in the usual queue") } == [true])
        #expect(try await desk.tickets(of: id) == [filed.number])
        #expect(try await desk.items("tickets?query=Queue='General'+AND+Status!='deleted'").isEmpty)
    }

}
