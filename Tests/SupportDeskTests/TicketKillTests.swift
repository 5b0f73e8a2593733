import Foundation
import Mail
import TestServers
import Testing
import Transport

@testable import SupportDesk

#if DEBUG
    extension EndToEnd {
        /// The program dies while it hands over, again and again, and the ticket system goes away and comes back: then every
        /// conversation that must has one ticket, with every mail byte for byte, and nobody was told twice.
        ///
        /// `AURADESK_KILLS=full` makes it 40 instants over 100 conversations with the real Request Tracker, and 300 with the
        /// stand-in (`Tests/Benchmarks/tickets`); else there are a few of each.
        @Suite("Ticket kills", .serialized)
        struct TicketKills {
            private static let isFull = ProcessInfo.processInfo.environment["AURADESK_KILLS"] == "full"

            @Test("Request Tracker, stopped and started in between")
            func requestTracker() async throws {
                let server = try await RTServer.start()
                var run = try await KillRun(
                    """
                    tickets:
                      rt: \(server.baseURL)
                      queue: Support
                      token: {file: ticket.secret}
                      fields: {intent: Intent, language: Language, tags: Tags}
                    """, token: server.token)
                try await run.hand(
                    conversations: Self.isFull ? 100 : 10, kills: Self.isFull ? 40 : 5, reach: 3,
                    outages: Self.isFull ? [13, 27] : [1],
                    outage: .init(begin: { await server.kill() }, end: { try await server.restart() }))
                let tracker = RequestTracker(
                    RequestTracker.Configuration(url: server.baseURL, queue: "Support", token: server.adminToken),
                    agent: run.agent)
                let count = try await EndToEndTickets(server).count()
                try await run.check(tracker, ticketsInAll: count, "Request Tracker")
                await server.stop()
            }

            @Test("a stand-in that loses answers and searches late")
            func standIn() async throws {
                let server = try ZendeskServer()
                var run = try await KillRun(
                    """
                    tickets:
                      zendesk: \(server.baseURL)
                      user: \(ZendeskServer.user)
                      token: {file: ticket.secret}
                      group: Support
                    """, token: ZendeskServer.token)
                server.script { ($0.searchLag, $0.losesEvery) = (2, 41) }
                try await run.hand(
                    conversations: Self.isFull ? 300 : 16, kills: Self.isFull ? 300 : 12, reach: 2, outages: [],
                    outage: nil)
                server.script { ($0.searchLag, $0.losesEvery) = (0, nil) }
                try await run.finish()
                try await run.check(
                    TicketBench.zendesk(server), ticketsInAll: server.tickets.count, "stand-in")
                #expect(server.violations.isEmpty, "\(server.violations)")
            }
        }
    }

    /// A desk that is killed while it works, and what it leaves in the end.
    struct KillRun {
        /// How a ticket system goes away and comes back.
        struct Outage {
            let begin: @Sendable () async throws -> Void
            let end: @Sendable () async throws -> Void
        }

        let desk: EndToEndDesk
        let agent = TransferAgent()
        private var mails: [String: ConversationMix.Item] = [:]
        private var kills: [String: Int] = [:]
        private var runs = 0
        private var outages = 0
        private var delivered = 0
        private var random = SystemRandomNumberGenerator()
        private var now = EndToEndDesk.now

        /// The places between two durable steps.
        private static let faults = [
            "begun", "decided", "sending", "ticketWritten", "ticketMade", "sent", "finished", "ticketWritten",
        ]

        init(_ tickets: String, token: String) async throws {
            let sections = """
                channels:
                  - name: mail
                    maildir: mail
                    adopt_from: 2026-03-01
                carrier:
                  maildir: outbox
                \(tickets)
                limits:
                  concurrency: 8
                  replies_per_hour: 100000
                """
            desk = try await EndToEndDesk(sections)
            try desk.scratch.write(Array("\(token)\n".utf8), to: "ticket.secret")
            try desk.scratch.write((0..<32).map { _ in UInt8.random(in: 0...255) }, to: "state/key")
            try Maildir(path: "\(desk.folder)/mail").create()
        }

        /// Mail comes while the desk is killed; then it works in peace.
        /// - Parameters:
        ///   - reach: at which passing of a point, at most, it dies.
        ///   - outages: before which kills the ticket system goes away.
        mutating func hand(
            conversations: Int, kills wanted: Int, reach: Int, outages: [Int], outage: Outage?
        ) async throws {
            var queue = take(ConversationMix(count: conversations))
            var next = conversations
            // A few mails for each kill, so that there is something left for the last one; not each run is killed.
            let drop = max(1, queue.count * 2 / (3 * wanted))
            var done = 0
            var isIdle = false
            for _ in 0..<(5 * wanted) where done < wanted {
                if queue.isEmpty, isIdle {
                    queue = take(ConversationMix(count: 12, first: next))
                    next += 12
                }
                try deliver(queue.prefix(drop))
                queue.removeFirst(min(drop, queue.count))
                let end: Int32?
                if let outage, outages.contains(done), self.outages <= outages.firstIndex(of: done) ?? 0 {
                    self.outages += 1
                    end = try await away(outage)
                } else {
                    end = try await strike(reach)
                }
                isIdle = end == 0
                if end == nil { done += 1 }
            }
            #expect(done == wanted)
            try deliver(queue[...])
            try await finish()
        }

        /// One by one, each a second later: what is found first is no matter of chance.
        private mutating func deliver(_ items: ArraySlice<ConversationMix.Item>) throws {
            for item in items {
                delivered += 1
                let arrival = Int(EndToEndDesk.now.timeIntervalSince1970) - 7_200 + delivered
                try Maildir(path: "\(desk.folder)/mail").deliver(item.bytes, uniqueName: "\(arrival).\(item.name)")
            }
        }

        private mutating func take(_ mix: ConversationMix) -> [ConversationMix.Item] {
            for item in mix.all { mails[item.name] = item }
            return mix.all
        }

        /// One run that is killed, if it lives long enough.
        /// - Returns: its exit code; nil: it was killed.
        private mutating func strike(_ reach: Int) async throws -> Int32? {
            runs += 1
            now += 5
            let place = runs % (Self.faults.count + 3)
            let ending: EndToEndProgram.Ending
            let name: String
            if place < Self.faults.count {
                name = Self.faults[place]
                ending = try await desk.program(fault: "\(name):\(Int.random(in: 1...reach))", now: now.ISO8601Format())
            } else {
                name = "any time"
                ending = try await desk.program(
                    killedAfter: .milliseconds(Int.random(in: 150...1_500)), now: now.ISO8601Format())
            }
            guard ending.signal == SIGKILL else {
                #expect([0, 69, 75].contains(ending.code), "\(ending.errors)")
                return ending.code
            }
            kills[name, default: 0] += 1
            return nil
        }

        /// The ticket system goes away while a run hands over; that run is killed, or ends saying so.
        private mutating func away(_ outage: Outage) async throws -> Int32? {
            runs += 1
            now += 5
            let child = try EndToEndProgram.start(
                ["run", "--config", desk.configurationFile, "--now", now.ISO8601Format()])
            try await Task.sleep(for: .milliseconds(600))
            try await outage.begin()
            try await Task.sleep(for: .milliseconds(300))
            kill(child.id, SIGKILL)
            let ending = await child.ending()
            let blind = try await desk.program(now: now.ISO8601Format())
            #expect([69, 75].contains(blind.code), "\(String(describing: blind.code)) \(blind.errors)")
            try await outage.end()
            guard ending.signal == SIGKILL else { return 75 }
            kills["while it is away", default: 0] += 1
            return nil
        }

        /// Runs until nothing is left to do.
        mutating func finish() async throws {
            for _ in 0..<12 {
                runs += 1
                now += 900
                let ending = try await desk.program(now: now.ISO8601Format())
                if ending.code == 0 { return }
                #expect([69, 75].contains(ending.code), "\(ending.errors)")
            }
            Issue.record("it did not come to an end")
        }

        /// Looks at what is left, and prints the counts.
        func check(_ system: any TicketSystem, ticketsInAll: Int, _ what: String) async throws {
            let ledger = try await desk.ledger()
            #expect(ledger.violations.isEmpty, "\(ledger.violations)")
            #expect(ledger.messages.count == mails.count && ledger.messages.allSatisfy(\.isMarked))
            let outcomes = try await calmOutcomes()
            for message in ledger.messages {
                let name = Self.name(message.source)
                #expect(message.status == outcomes[name], "\(name): \(message.status) \(message.rule ?? "")")
            }

            let handed = Dictionary(
                grouping: ledger.messages.filter { $0.ticket != nil }, by: { $0.conversation ?? "" })
            var files = 0
            for (name, messages) in handed {
                let live = try await system.tickets(of: name)
                #expect(live.count == 1, "\(name): \(live.map(\.id))")
                guard let ticket = live.first else { continue }
                let found = try await bytes(on: ticket.id, system)
                let last = messages.filter { $0.status == "escalated" }.map(\.id).max() ?? 0
                for message in messages where message.id <= last && ledger.archived.contains(message.id) {
                    let source = mails[Self.name(message.source)]?.bytes ?? []
                    #expect(found["\(message.id)-message.eml"] == [source], "\(name) \(message.id)")
                    files += 1
                    if message.status == "escalated" {
                        #expect(
                            try await system.names(on: ticket.id).contains("note-\(message.id).txt"),
                            "\(name) \(message.id)")
                    }
                }
            }
            let due = Set(ledger.messages.filter { $0.status == "escalated" }.compactMap(\.conversation))
            #expect(Set(handed.keys) == due && ticketsInAll == due.count, "\(ticketsInAll) tickets for \(due.count)")

            let told = try acknowledgements(ledger)
            #expect(told.values.allSatisfy { $0 == 1 }, "\(told.filter { $0.value > 1 })")
            let total = kills.values.reduce(0, +)
            print(
                "\(what): \(total) kills in \(runs) runs, \(outages) outages,",
                "\(mails.count) mails in \(Set(mails.values.map(\.conversation)).count) conversations:",
                "\(due.count) must have a ticket, \(ticketsInAll) tickets, \(files) files byte-identical,",
                "\(told.count) acknowledged, \(told.values.filter { $0 > 1 }.count) twice",
                kills.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        }

        /// Every mail that left is one row, and none left twice; by customer, how often she was told of her ticket.
        private func acknowledgements(_ ledger: EndToEndLedger) throws -> [String: Int] {
            let sent = try desk.tree("outbox").filter { !$0.key.hasPrefix("tmp/") }.values.map {
                try Message(parsing: $0)
            }
            let rows = ledger.outbox.filter { ["reply", "acknowledgement"].contains($0.kind) && $0.state == "sent" }
            #expect(sent.compactMap(\.messageID).sorted() == rows.map(\.key).sorted())
            let keys = Set(rows.filter { $0.kind == "acknowledgement" }.map(\.key))
            return sent.filter { keys.contains($0.messageID ?? "") }.reduce(into: [:]) { told, mail in
                told[mail.to.first?.address ?? "", default: 0] += 1
            }
        }

        private func bytes(on ticket: String, _ system: any TicketSystem) async throws -> [String: [[UInt8]]] {
            var files: [String: [[UInt8]]] = [:]
            for attachment in try await system.entries(of: ticket).flatMap(\.attachments)
            where attachment.name.hasSuffix(".eml") {
                files[attachment.name, default: []].append(try await system.content(of: attachment))
            }
            return files
        }

        /// What becomes of the same mails where nobody is killed.
        private func calmOutcomes() async throws -> [String: String] {
            let calm = try await EndToEndDesk.onFiles([], limits: "limits:\n  replies_per_hour: 100000\n")
            for round in 0..<3 {
                let items = mails.values.filter { $0.name.hasSuffix("-\(round).eml") }.sorted { $0.name < $1.name }
                try calm.deliver(items.map { ($0.name, $0.bytes) })
                _ = try await calm.run()
            }
            return Dictionary(
                try await calm.ledger().messages.map { (Self.name($0.source), $0.status) },
                uniquingKeysWith: { first, _ in first })
        }

        /// `1773133160.c7-0.eml`: `c7-0.eml`.
        private static func name(_ source: String) -> String {
            source.firstIndex(of: ".").map { String(source[source.index(after: $0)...]) } ?? source
        }
    }
#endif
