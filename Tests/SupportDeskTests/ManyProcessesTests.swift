import Foundation
import Mail
import TestServers
import Testing

@testable import SupportDesk

#if DEBUG
    extension EndToEnd {
        /// Two pollers and four workers on one ledger; one worker is stopped for longer than its lease, and goes on.
        @Suite("Many processes", .serialized, .onEachEngine, .timeLimit(.minutes(15)))
        struct ManyProcesses {
            @Test("a worker stopped past its lease and continued", arguments: StoppedHouse.points)
            func stopped(at point: String) async throws {
                let house = try await StoppedHouse()
                try await house.run(stoppedAt: point)
            }

            @Test(
                "a message that kills whoever parses it kills one worker; another one quarantines it, and answers the rest"
            )
            func poison() async throws {
                try await StoppedHouse().runPoisoned()
            }
        }
    }

    /// Six processes on one ledger whose mails and tickets can be counted: each mail that leaves is a file, and the ticket
    /// system keeps whatever it is told as often as it is told.
    struct StoppedHouse {
        /// Before anything is decided, before the outbox says that a byte may leave, before one left, before a ticket was made
        /// and when nobody had read that it was, and when a mail had left and the ledger did not know.
        static let points = ["begun:1", "decided:2", "cleared:1", "sending:2", "ticketWritten:2", "sent:2"]
        private static let count = 40
        /// Of each process.
        private static let concurrency = 2
        /// What one of them has in hand, and may be about to send.
        private static let inHand: Int = {
            var limits = DeskLimits()
            limits.concurrency = concurrency
            return limits.places
        }()
        private static let lease = Duration.seconds(2)

        private let desk: EndToEndDesk
        private let server: ZendeskServer
        /// The ledger, where it is no file.
        private let database: (any Database)?

        init() async throws {
            server = try ZendeskServer()
            desk = try await EndToEndDesk(EndToEndDesk.files())
            try desk.configure(
                """
                max_age: 3000d
                channels:
                  - name: mail
                    maildir: mail
                    adopt_from: 2026-03-01
                carrier:
                  sendmail: [/bin/sh, \(desk.folder)/carry.sh]
                tickets:
                  zendesk: \(server.baseURL)
                  user: \(ZendeskServer.user)
                  token: {file: ticket.secret}
                  group: Support
                limits:
                  concurrency: \(Self.concurrency)
                  lease: \(Self.lease.components.seconds)s
                  replies_per_hour: 1000
                """)
            database =
                LedgerEngine.current == .sqlite ? nil : try await desk.store.open(in: desk.state)
            let script = "cat > \"$(mktemp \(desk.folder)/sent/XXXXXXXX)\"\n"
            try desk.scratch.write(Array(script.utf8), to: "carry.sh")
            try desk.scratch.write(Array("\(ZendeskServer.token)\n".utf8), to: "ticket.secret")
            guard mkdir("\(desk.folder)/sent", 0o700) == 0 else { throw TestServerError("no folder for mails") }
            try Maildir(path: "\(desk.folder)/mail").create()
        }

        func run(stoppedAt point: String) async throws {
            try deliver(0..<Self.count)
            let pollers = try (0..<2).map { _ in try start(.poller) }
            // Alone at first: else the others may leave it too little to come that far.
            let victim = try start(.worker, fault: "\(point):stop")
            try await wait("\(point) is reached") { victim.isStopped }
            let workers = try (0..<3).map { _ in try start(.worker) }
            let others = pollers + workers
            if LedgerEngine.current == .sqlite {
                // It may have been stopped within a transaction, and then nobody writes into the file: they wait ten seconds.
                try await Task.sleep(for: Self.lease * 2)
            } else {
                // The others take over what it had in hand, and finish it.
                try await wait("the others do it all") { try await isDone(Self.count) }
            }
            kill(victim.id, SIGCONT)
            try deliver(Self.count..<Self.count + 8)
            try await wait("all is done") { try await isDone(Self.count + 8) }
            // What it still has to say about the old ones, it has said by now.
            try await Task.sleep(for: Self.lease)
            for child in others + [victim] { kill(child.id, SIGTERM) }
            for child in others + [victim] {
                let ending = await child.ending()
                #expect(ending.code == 0, "\(point): \(ending.errors)")
            }
            try await check(point)
        }

        func runPoisoned() async throws {
            try deliver(0..<10)
            try desk.deliver([("poison.eml", TestMail(from: "p@poison.example", text: "kaboom-4711\n").bytes)])
            try deliver(10..<20)
            let poller = try start(.poller)
            let workers = try (0..<3).map { _ in try start(.worker, fault: "parse:kaboom-4711") }
            try await wait("all is done") { try await isDone(21) }
            for child in [poller] + workers { kill(child.id, SIGTERM) }
            var dead = 0
            for child in [poller] + workers where await child.ending().signal == SIGABRT { dead += 1 }
            #expect(dead == 1)
            let ledger = try await ledger()
            #expect(ledger.violations.isEmpty, "\(ledger.violations)")
            let poison = try #require(ledger.message("poison.eml"))
            #expect(poison.status == "quarantined" && poison.rule == "crash" && poison.attempts == 2)
            // What the dead one was about to send, nobody knows to have left: a person has it. Of an acknowledgement she has the matter
            // already.
            let doubtful = ledger.outbox.count { $0.state == "uncertain" && $0.kind == "reply" }
            #expect(doubtful <= Self.inHand)
            #expect(ledger.messages.count { $0.status == "answered" } == 15 - doubtful)
            #expect(server.tickets.count == 6 + doubtful)
        }

        private func ledger() async throws -> EndToEndLedger {
            if let database { return try await EndToEndLedger(database) }
            return try await desk.ledger()
        }

        private func check(_ point: String) async throws {
            let ledger = try await ledger()
            #expect(ledger.violations.isEmpty, "\(point): \(ledger.violations)")
            #expect(ledger.messages.count == Self.count + 8 && ledger.messages.allSatisfy(\.isMarked))
            // No mail left twice, and each that is said to have left did.
            let left = try desk.tree("sent").values.map { try Message(parsing: $0).messageID ?? "" }
            #expect(Set(left).count == left.count, "\(point): a mail left twice")
            let surely = ledger.outbox.filter { $0.state == "sent" && ["reply", "acknowledgement"].contains($0.kind) }
            let doubtful = ledger.outbox.filter { $0.state == "uncertain" }
            #expect(Set(surely.map(\.key)).isSubset(of: left), "\(point)")
            #expect(Set(left).isSubset(of: (surely + doubtful).map(\.key)), "\(point)")
            // One ticket for each that must have one, with one note of each message.
            let due = Set(ledger.messages.filter { $0.status == "escalated" }.compactMap(\.conversation))
            let tickets = server.tickets
            #expect(tickets.count == due.count, "\(point): \(tickets.count) tickets for \(due.count)")
            for ticket in tickets {
                let bodies = ticket.comments.map(\.body)
                #expect(Set(bodies).count == bodies.count, "\(point): a note was filed twice on \(ticket.id)")
                #expect(ticket.files.values.allSatisfy { $0.count == 1 }, "\(point): a file lies twice on \(ticket.id)")
            }
            // The window: what was under way when it was stopped; a busy machine may stop the others for two seconds as well.
            #expect(doubtful.count <= 6 * Self.concurrency)
            // In a file it goes on before the others have come to what it was sending.
            if point.hasPrefix("sent"), LedgerEngine.current == .postgres { #expect(!doubtful.isEmpty) }
            let again = doubtful.filter { left.contains($0.key) }.count
            print(
                "SIGSTOP on \(LedgerEngine.current) at \(point): \(ledger.messages.count) messages, \(left.count) mails, 0 twice;",
                "\(tickets.count) tickets for \(due.count); uncertain \(doubtful.count), of which \(again) had left")
        }

        private func isDone(_ count: Int) async throws -> Bool {
            guard let ledger = try? await ledger() else { return false }
            return ledger.messages.count == count
                && ledger.messages.allSatisfy { $0.isMarked && Status(rawValue: $0.status)?.isFinal == true }
                && ledger.outbox.allSatisfy { !["queued", "sending"].contains($0.state) }
        }

        /// Questions that are answered, and every fourth a wish for a person.
        private func deliver(_ numbers: Range<Int>) throws {
            try desk.deliver(
                numbers.map { number in
                    let text =
                        number % 4 == 3
                        ? "I want to speak to a human being, please. Get me a real person.\n"
                        : "Which payment methods do you accept?\n"
                    return ("m\(number).eml", TestMail(from: "p\(number)@mail\(number).example", text: text).bytes)
                })
        }

        private func start(_ role: Role, fault: String? = nil) throws -> EndToEndProgram.Child {
            try EndToEndProgram.start(
                [
                    "watch", "--role", role.rawValue, "--config", desk.configurationFile,
                ], environment: fault.map { ["AURADESK_FAULT": $0] } ?? [:])
        }

        private func wait(
            _ what: String, _ limit: Duration = .seconds(120), _ holds: () async throws -> Bool
        ) async throws {
            let start = ContinuousClock.now
            while try await !holds() {
                guard ContinuousClock.now - start < limit else {
                    throw TestServerError("it did not come to pass: \(what)")
                }
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }
#endif
