import Foundation
import Mail
import TestServers
import Testing

@testable import SupportDesk

/// The desk as a shop has it: real servers, the real configuration, the real program. One suite after the other,
/// because they share servers and two processors.
@Suite("End to end", .serialized)
struct EndToEnd {}

extension EndToEnd {
    /// An INBOX of Dovecot, a Postfix for the replies and a queue of Request Tracker, with the whole demo mailbox.
    @Suite("Real servers", .serialized)
    struct Servers {
        @Test("the demo mailbox: one outcome each, replies at Postfix, tickets in Request Tracker, nothing twice")
        func wholeMailbox() async throws {
            let servers = try await EndToEndServers.shared()
            try await servers.postfix.removeDeliveries()
            let mails = try EndToEndDesk.mails()
            #expect(mails.count >= 60)
            let user = try servers.newUser(with: mails)
            let desk = try await servers.desk(user: user)
            let (report, handled) = try await desk.run()
            #expect(report.unavailable.isEmpty && !report.workRemains)

            let ledger = try await desk.ledger()
            #expect(ledger.messages.count == mails.count)
            #expect(handled.count == mails.count)
            #expect(ledger.violations.isEmpty)
            let inbox = try await servers.inbox(of: user)
            #expect(inbox.count == mails.count)
            try checkInbox(servers, user: user, ledger)

            let deliveries = try await servers.postfix.deliveries()
            let replies = try checkReplies(deliveries, ledger, inbox: inbox.mapValues(\.bytes))
            try checkExpectations(handled, replies: replies, mails: mails)
            let tickets = EndToEndTickets(servers.rt)
            let lengths = try await checkTickets(tickets, ledger, inbox: inbox.mapValues(\.bytes))

            let again = try await desk.run()
            #expect(again.handled.isEmpty && again.report.unavailable.isEmpty && !again.report.workRemains)
            #expect(try await servers.postfix.deliveries().count == deliveries.count)
            let later = try await desk.ledger()
            #expect(later.messages.map(\.attempts) == ledger.messages.map(\.attempts))
            #expect(later.outbox.count == ledger.outbox.count)
            for (ticket, length) in lengths { #expect(try await tickets.historyLength(of: ticket) == length) }
        }

        @Test("a matter that goes to a person has one ticket with all of it: both sides, in every later mail's order")
        func wholeThread() async throws {
            let servers = try await EndToEndServers.shared()
            let first = try #require(EndToEndDesk.mails().first { $0.name == "010-return-policy-stranger.eml" })
            let question = try Message(parsing: first.bytes)
            let author = try #require(question.from.first?.address)
            let id = try #require(question.messageID)
            func followUp(_ number: Int, to parent: String, _ text: String) -> (name: String, bytes: [UInt8]) {
                let header =
                    "From: <\(author)>\r\nTo: support@neemandclay.example\r\nSubject: Re: \(question.subject)\r\n"
                    + "Date: Tue, 10 Mar 2026 08:30:0\(number) +0000\r\nMessage-ID: <follow-up-\(number)@\(id)>\r\n"
                    + "In-Reply-To: <\(parent)>\r\nReferences: <\(id)> <\(parent)>\r\n\r\n"
                return ("follow-up-\(number).eml", Array("\(header)\(text)\r\n".utf8))
            }
            let mails = [
                first, followUp(1, to: id, "I want to speak to a human agent, please."),
                followUp(2, to: "follow-up-1@\(id)", "When will somebody call me about my return?"),
            ]
            let user = try servers.newUser(with: mails)
            let desk = try await servers.desk(user: user)
            _ = try await desk.run()
            let ledger = try await desk.ledger()
            #expect(ledger.violations.isEmpty)
            #expect(ledger.messages.map(\.status) == ["answered", "escalated", "escalated"])
            #expect(ledger.messages.map(\.rule) == ["answered", "asks-for-person", "with-a-person"])
            let names = Set(ledger.messages.compactMap(\.conversation))
            #expect(names.count == 1)
            let tickets = EndToEndTickets(servers.rt)
            let found = try await tickets.tickets(externalID: names.first ?? "")
            #expect(found.count == 1)
            let files = try await tickets.files(on: try #require(found.first)).filter { $0.key.hasSuffix(".eml") }
            let key = try #require(ledger.rows("reply", ["sent"]).first?.key)
            let reply = try await servers.postfix.deliveries().first {
                try Message(parsing: $0.submitted).messageID == key
            }
            #expect(
                files == [
                    "1-message.eml": [mails[0].bytes.withCRLF], "1-reply.eml": [try #require(reply).submitted],
                    "2-message.eml": [mails[1].bytes], "3-message.eml": [mails[2].bytes],
                ])
        }

        @Test("mail from before the adoption point is never answered, and not looked at again")
        func history() async throws {
            let servers = try await EndToEndServers.shared()
            let mails = try EndToEndDesk.mails()
            let user = servers.dovecot.newUser()
            for mail in mails.prefix(3) {
                try servers.dovecot.deliver(
                    mail.bytes, to: user, received: EndToEndDesk.now.addingTimeInterval(-40 * 86_400))
            }
            let desk = try await servers.desk(user: user)
            #expect(try await desk.run().handled.isEmpty)
            let ledger = try await desk.ledger()
            #expect(ledger.messages.isEmpty)
            #expect(ledger.cursors["support"]?.split(separator: " ").dropFirst().first == "3")
            try servers.dovecot.deliver(mails[9].bytes, to: user, received: EndToEndDesk.now)
            #expect(try await desk.run().handled.count == 1)
            let stored = try servers.dovecot.messages(of: user)
            #expect(stored.map { $0.flags.isEmpty } == [true, true, true, false])
        }

        /// Flags say what was decided; nothing stays unseen.
        private func checkInbox(_ servers: EndToEndServers, user: String, _ ledger: EndToEndLedger) throws {
            let stored = try servers.dovecot.messages(of: user)
            // Both are in the order of arrival.
            for (stored, message) in zip(stored, ledger.messages) {
                let flags: Set<Character> =
                    switch message.status {
                    case "answered": ["S", "R"]
                    case "quarantined": ["S", "F"]
                    default: ["S"]
                    }
                #expect(stored.flags == flags, "message \(message.id) is \(message.status)")
                #expect(message.isMarked)
            }
        }

        /// The replies' texts by the number of the message that they answer.
        private func checkReplies(
            _ deliveries: [PostfixServer.Delivery], _ ledger: EndToEndLedger, inbox: [UInt32: [UInt8]]
        ) throws -> [Int64: String] {
            let answered = ledger.messages.filter { $0.status == "answered" }
            let acknowledged = ledger.outbox.filter { $0.kind == "acknowledgement" }
            #expect(!acknowledged.isEmpty && Set(acknowledged.map(\.message)).count == acknowledged.count)
            #expect(deliveries.count == answered.count + acknowledged.count)
            var texts: [Int64: String] = [:]
            var byID: [String: PostfixServer.Delivery] = [:]
            for delivery in deliveries {
                let mail = try Message(parsing: delivery.submitted)
                let id = try #require(mail.messageID)
                #expect(byID.updateValue(delivery, forKey: id) == nil, "a Message-ID was sent twice")
                #expect(delivery.envelopeSender.hasPrefix("support+b"), "reports come back to a signed address")
                #expect(mail.header("Auto-Submitted")?.hasPrefix("auto-replied") == true)
                #expect(mail.cc.isEmpty && mail.headers(named: "Bcc").isEmpty)
            }
            for message in answered {
                let row = try #require(ledger.outbox.first { $0.message == message.id && $0.kind == "reply" })
                let delivery = try #require(byID[row.key], "the reply of \(message.id) did not arrive")
                let question = try Message(parsing: try #require(inbox[uid(of: message)]))
                let reply = try Message(parsing: delivery.submitted)
                let author = try #require(question.from.first?.address)
                #expect(question.from.count == 1)
                #expect(delivery.recipient.lowercased() == author.lowercased())
                #expect(reply.to.map { $0.address.lowercased() } == [author.lowercased()])
                #expect(reply.inReplyTo == [question.messageID].compactMap(\.self))
                #expect(reply.from.map(\.address) == ["support@neemandclay.example"])
                texts[message.id] = "\(reply.subject)\n\n\(reply.text)"
            }
            return texts
        }

        private func checkExpectations(
            _ handled: [HandledMessage], replies: [Int64: String], mails: [(name: String, bytes: [UInt8])]
        ) throws {
            let (now, expectations) = try Expectation.load("\(EndToEndDesk.shop)/expected.yaml")
            #expect(now == EndToEndDesk.now)
            var right = 0
            for outcome in handled {
                let file = mails[Int(outcome.id) - 1].name
                let expectation = try #require(expectations[file])
                let reply = replies[outcome.id]
                if let reply { #expect(expectation.forbidden(in: reply).isEmpty, "\(file)") }
                let problems = expectation.problems(with: outcome, reply: reply)
                if problems.isEmpty { right += 1 }
            }
            print("end to end: \(right) of \(handled.count) as expected, \(replies.count) replies")
            #expect(right * 10 >= handled.count * 9)
        }

        /// Each matter of a person has one ticket with the whole thread on it, byte for byte.
        private func checkTickets(
            _ tickets: EndToEndTickets, _ ledger: EndToEndLedger, inbox: [UInt32: [UInt8]]
        ) async throws -> [String: Int] {
            let forPeople = ledger.messages.filter { ["escalated", "quarantined"].contains($0.status) }
            var lengths: [String: Int] = [:]
            for (name, escalated) in Dictionary(grouping: forPeople, by: { $0.conversation ?? "" }) {
                let found = try await tickets.tickets(externalID: name)
                #expect(found.count == 1, "\(name) has \(found.count) tickets")
                let ticket = try #require(found.first)
                #expect(escalated.allSatisfy { $0.ticket == ticket })
                let files = try await tickets.files(on: ticket)
                let last = escalated.map(\.id).max() ?? 0
                let thread = ledger.messages.filter {
                    $0.conversation == name && $0.status != "ignored" && $0.id <= last
                }
                #expect(!thread.isEmpty)
                for message in thread {
                    let bytes = try #require(inbox[uid(of: message)])
                    #expect(files["\(message.id)-message.eml"] == [bytes], "message \(message.id) on ticket \(ticket)")
                }
                let inbound = files.keys.filter { $0.hasSuffix("-message.eml") }
                #expect(inbound.count == thread.count)
                lengths[ticket] = try await tickets.historyLength(of: ticket)
            }
            print("end to end: \(forPeople.count) messages for people on \(lengths.count) tickets")
            #expect(lengths.count > 5)
            return lengths
        }

        private func uid(of message: EndToEndLedger.Message) -> UInt32 {
            message.source.split(separator: ".").last.flatMap { UInt32($0) } ?? 0
        }
    }
}
