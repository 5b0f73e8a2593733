import Foundation
import Mail
import TestServers
import Testing

@testable import SupportDesk

#if DEBUG
    extension EndToEnd {
        /// The program dies all over the way of the demo's mail from Dovecot to Postfix and to a ticket system: behind each
        /// durable step, and at any time. What is left in the end is what a desk in peace leaves.
        ///
        /// `AURADESK_KILLS=full` makes it 300 instants with the stand-in for Zendesk and 40 with the real Request Tracker
        /// (`Tests/Benchmarks/crashes`); else there are a few of each.
        @Suite("Crash matrix", .serialized)
        struct CrashMatrix {
            private static let isFull = ProcessInfo.processInfo.environment["AURADESK_KILLS"] == "full"

            @Test("Dovecot, Postfix and a ticket stand-in")
            func standIn() async throws {
                let server = try ZendeskServer()
                var run = try await CrashRun(
                    """
                    tickets:
                      zendesk: \(server.baseURL)
                      user: \(ZendeskServer.user)
                      token: {file: ticket.secret}
                      group: Support
                    """, token: ZendeskServer.token, thinning: Self.isFull ? 1 : 6)
                try await run.crash(Self.isFull ? 300 : 10, TicketBench.zendesk(server))
                #expect(server.tickets.count == run.counts.tickets)
                #expect(server.violations.isEmpty, "\(server.violations)")
                print("crash matrix, ticket stand-in: \(run.counts)")
            }

            @Test("Dovecot, Postfix and Request Tracker")
            func requestTracker() async throws {
                let server = try await RTServer.start()
                var run = try await CrashRun(
                    """
                    tickets:
                      rt: \(server.baseURL)
                      queue: Support
                      token: {file: ticket.secret}
                    """, token: server.token, thinning: Self.isFull ? 3 : 9)
                let tracker = RequestTracker(
                    RequestTracker.Configuration(url: server.baseURL, queue: "Support", token: server.adminToken),
                    agent: run.agent)
                try await run.crash(Self.isFull ? 40 : 4, tracker)
                #expect(try await EndToEndTickets(server).count() == run.counts.tickets)
                print("crash matrix, Request Tracker: \(run.counts)")
                await server.stop()
            }
        }
    }
#endif
