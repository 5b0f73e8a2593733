import Foundation
import TestServers
import Testing
import Transport

@testable import SupportDesk

#if DEBUG
    extension EndToEnd {
        /// The program dies while it answers on tickets: each customer has one answer there, or a person has one note.
        @Suite("Ticket channel kills", .serialized)
        struct TicketChannelKills {
            private static let question =
                "Hello,\nwhat is your return policy? How many days do I have to return something?\n"
            private static let wish = "Hello,\nplease let me speak to a human agent. I want to talk to a real person.\n"

            @Test(
                "killed between any two steps and at any time: one answer or one note on each ticket",
                arguments: [TicketBench.Kind.files, .zendesk])
            func kills(kind: TicketBench.Kind) async throws {
                let server = try ZendeskServer()
                let desk = try await EndToEndDesk(
                    """
                    channels:
                      - name: queue
                        kind: ticket
                        adopt_from: 2026-03-01
                    carrier:
                      maildir: outbox
                    tickets:
                    """
                        + (kind == .files
                            ? "\n  folder: tickets\n"
                            : """

                              zendesk: \(server.baseURL)
                              user: \(ZendeskServer.user)
                              token: {file: ticket.secret}
                              group: Support

                            """))
                try desk.scratch.write(Array("\(ZendeskServer.token)\n".utf8), to: "ticket.secret")
                let files = FileTickets(folder: "\(desk.folder)/tickets")
                let system: any TicketSystem = kind == .files ? files : TicketBench.zendesk(server)
                var tickets: [(number: String, isWish: Bool)] = []
                func open(_ text: String) throws {
                    let address = "person\(tickets.count)@mail.example"
                    var number = "T-\(tickets.count)"
                    if kind == .files {
                        try DurableFile.makeFolder("\(files.folder)/\(number)")
                        try DurableFile.write(
                            Array("From: \(address)\n\n\(text)".utf8), to: "\(files.folder)/\(number)/customer-1.txt")
                    } else {
                        let (ticket, customer) = server.open(by: address, "A question")
                        server.comment(text, by: customer, on: ticket)
                        number = "\(ticket)"
                    }
                    tickets.append((number, text == Self.wish))
                }

                var now = EndToEndDesk.now
                var kills = 0
                let points = ["begun", "decided", "claimed", "cleared", "sending", "sent", "finished"]
                let faults = points + (kind == .zendesk ? ["ticketWritten"] : []) + ["", ""]
                for fault in faults {
                    for text in [Self.question, Self.wish] {
                        try open(text)
                        now += 5
                        let ending = try await desk.program(
                            fault: fault.isEmpty ? nil : "\(fault):1",
                            killedAfter: fault.isEmpty ? .milliseconds(Int.random(in: 100...900)) : nil,
                            now: now.ISO8601Format())
                        if ending.signal == SIGKILL { kills += 1 }
                    }
                }
                var ending = try await desk.program(now: now.ISO8601Format())
                for _ in 0..<6 where ending.code != 0 {
                    now += 900
                    ending = try await desk.program(now: now.ISO8601Format())
                }
                #expect(ending.code == 0, "\(ending.errors)")
                #expect(kills >= points.count)
                for (number, isWish) in tickets {
                    let ours = try await system.entries(of: number).filter { $0.author == .machine }
                    #expect(ours.map(\.isPublic) == [!isWish], "\(number): \(ours.count)")
                }
                let ledger = try await desk.ledger()
                #expect(ledger.violations.isEmpty, "\(ledger.violations)")
                #expect(
                    ledger.messages.map(\.status).sorted()
                        == tickets.map { $0.isWish ? "escalated" : "answered" }.sorted())
                #expect(server.violations.isEmpty, "\(server.violations)")
                print("\(kind): \(kills) kills, \(tickets.count) tickets, each with one answer or one note")
            }
        }
    }
#endif
