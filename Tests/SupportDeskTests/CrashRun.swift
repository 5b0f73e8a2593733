import Foundation
import Mail
import Testing
import Transport

@testable import SupportDesk

#if DEBUG
    /// Mailboxes full of the demo's mail, each worked off by a program that is killed again and again.
    struct CrashRun {
        /// What came out, over all mailboxes.
        struct Counts: CustomStringConvertible {
            var kills: [String: Int] = [:]
            var runs = 0
            var mailboxes = 0
            var messages = 0
            var lost = 0
            var replies = 0
            /// Nobody knows of them whether they arrived: they were under way when the program died, and a person is told.
            var uncertain = 0
            /// Those of them that did arrive: their customers may hear a second time, from that person.
            var inWindow = 0
            var doubled = 0
            var tickets = 0
            var secondTickets = 0

            var killed: Int { kills.values.reduce(0, +) }

            var description: String {
                let places = kills.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
                return """
                    \(killed) kills in \(runs) runs over \(mailboxes) mailboxes with \(messages) messages: \(lost) lost, \
                    \(replies) mails surely sent, \(doubled) sent twice, \(uncertain) uncertain of which \(inWindow) had \
                    arrived (the stated window), \(tickets) tickets, \(secondTickets) second ones; killed at: \(places)
                    """
            }
        }

        let agent = TransferAgent()
        private(set) var counts = Counts()
        private let servers: EndToEndServers
        private let mails: [(name: String, bytes: [UInt8])]
        private let calm: [String: String]
        private let tickets: String
        private let token: String
        private var now = EndToEndDesk.now

        /// The places behind durable steps.
        private static let faults = [
            "begun", "decided", "claimed", "cleared", "sending", "ticketWritten", "ticketMade", "sent", "finished",
        ]

        /// - Parameters:
        ///   - tickets: that section of `desk.yaml`, whose token lies in `ticket.secret`.
        ///   - thinning: one of so many of the demo's mails is used.
        init(_ tickets: String, token: String, thinning: Int) async throws {
            servers = try await EndToEndServers.shared()
            (self.tickets, self.token) = (tickets, token)
            mails = try EndToEndDesk.mails().enumerated().filter { $0.offset % thinning == 0 }.map(\.element)
            let desk = try await EndToEndDesk.onFiles(mails)
            _ = try await desk.run()
            calm = Dictionary(
                uniqueKeysWithValues: zip(mails.map(\.name), try await desk.ledger().messages.map(\.status)))
            try await servers.postfix.removeDeliveries()
        }

        /// Kills until it was often enough; each mailbox is worked off to its end in between.
        mutating func crash(_ wanted: Int, _ system: any TicketSystem) async throws {
            // A few mails may be worked off before the chosen point is reached.
            var idle = 0
            while counts.killed < wanted {
                let before = counts.killed
                try await workOff(wanted, system)
                if counts.killed == before { idle += 1 }
                try #require(idle < 5, "mailboxes are worked off without a kill")
            }
        }

        private mutating func workOff(_ wanted: Int, _ system: any TicketSystem) async throws {
            let user = try servers.newUser(with: mails)
            let desk = try await servers.desk(user: user, tickets: tickets)
            try desk.scratch.write(Array("\(token)\n".utf8), to: "ticket.secret")
            counts.mailboxes += 1
            var underWay: Set<Int64> = []
            var isDone = false
            while !isDone, counts.killed < wanted {
                isDone = try await strike(desk)
                // One that was killed in its first moments has left no tables yet.
                guard let ledger = try? await desk.ledger() else { continue }
                // A flag says what became of a mail, and only of what stands.
                let flags = try servers.dovecot.messages(of: user).map(\.flags)
                let standing = ledger.messages.map(\.status).filter { Status(rawValue: $0)?.isFinal == true }
                #expect(flags.count { !$0.isEmpty } <= standing.count)
                #expect(flags.count { $0.contains("R") } <= standing.count { $0 == "answered" })
                underWay.formUnion(
                    ledger.outbox.filter { $0.kind != "ticket" && $0.state == "sending" }.map(\.message))
            }
            try await finish(desk)
            try await check(desk, of: user, underWay, system)
        }

        /// One run that is killed, if it lives long enough.
        /// - Returns: whether there was nothing left to do.
        private mutating func strike(_ desk: EndToEndDesk) async throws -> Bool {
            counts.runs += 1
            now += 5
            let place = counts.runs % (Self.faults.count + 4)
            let isTimed = place >= Self.faults.count
            let ending =
                isTimed
                ? try await desk.program(
                    killedAfter: .milliseconds(Int.random(in: 150...1_500)), now: now.ISO8601Format())
                : try await desk.program(
                    fault: "\(Self.faults[place]):\(Int.random(in: 1...3))", now: now.ISO8601Format())
            guard ending.signal == SIGKILL else {
                #expect([0, 75].contains(ending.code), "\(ending.errors)")
                return ending.code == 0
            }
            counts.kills[isTimed ? "any time" : Self.faults[place], default: 0] += 1
            return false
        }

        private mutating func finish(_ desk: EndToEndDesk) async throws {
            for _ in 0..<8 {
                counts.runs += 1
                now += 900
                let ending = try await desk.program(now: now.ISO8601Format())
                if ending.code == 0 { return }
                #expect(ending.code == 75, "\(ending.errors)")
            }
            Issue.record("it did not come to an end")
        }

        private mutating func check(
            _ desk: EndToEndDesk, of user: String, _ underWay: Set<Int64>, _ system: any TicketSystem
        ) async throws {
            let ledger = try await desk.ledger()
            #expect(ledger.violations.isEmpty, "\(ledger.violations)")
            counts.messages += mails.count
            counts.lost += mails.count - ledger.messages.count { $0.isMarked }
            #expect(ledger.messages.count == mails.count && ledger.messages.allSatisfy(\.isMarked))
            #expect(try servers.dovecot.messages(of: user).allSatisfy { !$0.flags.isEmpty })

            // Only what was under way is in doubt; a person has it then.
            let doubted = Set(ledger.rows("reply", ["uncertain"]).map(\.message))
            #expect(doubted.isSubset(of: underWay))
            // What comes behind it in the conversation is that person's as well.
            var handedOver: Set<String> = []
            for (message, mail) in zip(ledger.messages, mails) {
                if doubted.contains(message.id) { handedOver.insert(message.conversation ?? "") }
                let isHers = message.rule == "with-a-person" && handedOver.contains(message.conversation ?? "")
                let wanted = isHers || doubted.contains(message.id) ? "escalated" : calm[mail.name]
                #expect(message.status == wanted, "\(mail.name): \(message.status) \(message.rule ?? "")")
            }

            var arrived: [String: Int] = [:]
            for delivery in try await servers.postfix.deliveries() {
                arrived[try Message(parsing: delivery.submitted).messageID ?? "", default: 0] += 1
            }
            for row in ledger.outbox where ["reply", "acknowledgement", "onfile"].contains(row.kind) {
                let copies = arrived.removeValue(forKey: row.key) ?? 0
                switch row.state {
                case "sent":
                    counts.replies += 1
                    #expect(copies == 1, "\(row.kind) of \(row.message)")
                case "uncertain":
                    counts.uncertain += 1
                    counts.inWindow += copies
                default: #expect(copies == 0, "\(row.kind) of \(row.message) is \(row.state)")
                }
                if copies > 1 { counts.doubled += 1 }
            }
            #expect(arrived.isEmpty, "mail that no row knows of")
            #expect(counts.doubled == 0)
            try await servers.postfix.removeDeliveries()

            for name in Set(ledger.messages.filter { $0.ticket != nil }.compactMap(\.conversation)) {
                let found = try await system.tickets(of: name).count
                counts.tickets += 1
                if found > 1 { counts.secondTickets += found - 1 }
                #expect(found == 1, "\(name)")
            }
        }
    }
#endif
