import Foundation
import Mail
import TestServers
import Testing
import Transport

@testable import SupportDesk

#if DEBUG
    /// A person, the customer and the desk, each in every order that matters: the desk is stopped between two of its steps, the
    /// others act, and it goes on. No reply leaves behind a person's, and no message is lost.
    @Suite("Race matrix", .timeLimit(.minutes(10)))
    struct RaceMatrixTests {
        /// What the person does.
        enum Person: String, CaseIterable {
            /// Her answer lies in the Sent folder.
            case sends
            /// Her mail program marks the customer's mail as answered.
            case marks
            /// Her answer comes into the inbox, because the shop was on Cc.
            case copies
        }

        /// Where the desk is when she does it.
        enum Moment: String, CaseIterable {
            /// Before it looks at all.
            case before
            /// It has begun with the message; has decided; has claimed the reply; has sent it; has it on record.
            case begun, decided, claimed, sent, finished
        }

        /// When the customer writes again in the thread.
        enum Customer: String, CaseIterable {
            case silent, beforeHer, afterHer
        }

        struct Ordering: CustomTestStringConvertible, Sendable {
            let person: Person
            let moment: Moment
            let customer: Customer

            var testDescription: String { "\(person) \(moment), customer \(customer)" }
        }

        /// A mark alone cannot be told from the desk's own, once the desk has answered: then there is nothing to race for.
        static let orderings = Person.allCases.flatMap { person in
            Moment.allCases.flatMap { moment in
                Customer.allCases.compactMap { customer -> Ordering? in
                    switch (person, moment, customer) {
                    case (.marks, .sent, _), (.marks, .finished, _): nil
                    case (.marks, .begun, .silent), (.copies, .begun, .beforeHer), (.copies, .sent, .silent): nil
                    default: Ordering(person: person, moment: moment, customer: customer)
                    }
                }
            }
        }

        @Test("a mailbox on Dovecot: no reply behind a person's, nothing lost", arguments: orderings)
        func mailbox(_ ordering: Ordering) async throws {
            let scene = try await RaceScene()
            try scene.deliver(RaceScene.first, age: 600)
            let child: EndToEndProgram.Child?
            if ordering.moment == .before {
                child = nil
            } else {
                child = try await scene.program(stoppedAt: "\(ordering.moment):1")
            }
            let repliesBefore = try scene.replies().count
            #expect(repliesBefore == (["sent", "finished"].contains(ordering.moment.rawValue) ? 1 : 0))
            if ordering.customer == .beforeHer { try scene.deliver(RaceScene.second, age: 300) }
            switch ordering.person {
            case .sends: try scene.deliver(RaceScene.answer, age: 200, folder: "Sent", flags: ["S"])
            case .marks: try await scene.mark()
            case .copies: try scene.deliver(RaceScene.answer, age: 200)
            }
            if ordering.customer == .afterHer { try scene.deliver(RaceScene.second, age: 100) }
            try await scene.goOn(child)

            #expect(try scene.replies().count == repliesBefore, "no reply behind a person's")
            let ledger = try await scene.desk.ledger()
            #expect(ledger.violations.isEmpty)
            let inbox = 1 + (ordering.customer == .silent ? 0 : 1) + (ordering.person == .copies ? 1 : 0)
            #expect(ledger.messages.count == inbox && ledger.messages.allSatisfy(\.isMarked))
            let first = try #require(ledger.messages.first)
            let isAnswered = repliesBefore == 1
            #expect(
                "\(first.status) \(first.rule ?? "")" == (isAnswered ? "answered answered" : "ignored person-answered"))
            #expect(ledger.rows("reply", ["withdrawn"]).contains { $0.message == first.id } == !isAnswered)
            if ordering.customer != .silent {
                // Nobody has answered this one: it lies on a ticket, byte for byte.
                let second = try #require(ledger.messages.first { $0.status == "escalated" })
                let name = try #require(second.conversation)
                let kept = try scene.desk.tree("tickets/\(name)")["\(second.id)-message.eml"]
                #expect(kept == RaceScene.second.bytes)
            }
            if ordering.person == .copies {
                #expect(ledger.messages.contains { $0.rule == "colleague-answered" })
            }
        }

        /// What an agent does with the ticket.
        enum Agent: String, CaseIterable {
            case takes, replies
        }

        struct TicketOrdering: CustomTestStringConvertible, Sendable {
            let agent: Agent
            /// `sent:1`: the ticket is made, the ledger does not know it; `claimed:1`: the acknowledgement is claimed;
            /// `finished:1`: all is done.
            let moment: String
            let customer: Customer

            var testDescription: String { "agent \(agent) at \(moment), customer \(customer)" }
        }

        static let ticketOrderings = Agent.allCases.flatMap { agent in
            ["sent:1", "claimed:1", "finished:1"].flatMap { moment in
                [Customer.silent, .afterHer].map { TicketOrdering(agent: agent, moment: moment, customer: $0) }
            }
        }

        @Test(
            "a ticket in Request Tracker that an agent takes or answers: no word behind hers",
            arguments: ticketOrderings)
        func ticket(_ ordering: TicketOrdering) async throws {
            let rt = try await RTServer.shared()
            let scene = try await RaceScene(rt: rt)
            try scene.deliver(RaceScene.wish, age: 600)
            let child = try await scene.program(stoppedAt: ordering.moment)
            let wordsBefore = try scene.replies().count
            #expect(wordsBefore == (ordering.moment == "finished:1" ? 1 : 0))
            let tickets = EndToEndTickets(rt)
            let name = try #require(try await scene.desk.ledger().messages.first?.conversation)
            let number = try #require(try await tickets.tickets(externalID: name).first)
            switch ordering.agent {
            case .takes: try await tickets.change(number, owner: "root")
            case .replies: try await tickets.reply(number, "We are on it.")
            }
            if ordering.customer == .afterHer { try scene.deliver(RaceScene.second, age: 100) }
            try await scene.goOn(child)

            #expect(try scene.replies().count == wordsBefore, "no word behind an agent's")
            let ledger = try await scene.desk.ledger()
            #expect(ledger.violations.isEmpty)
            #expect(ledger.messages.allSatisfy { $0.status == "escalated" && $0.isMarked })
            #expect(ledger.messages.count == (ordering.customer == .silent ? 1 : 2))
            #expect(try await tickets.tickets(externalID: name) == [number])
            let files = try await tickets.files(on: number)
            #expect(files.keys.filter { $0.hasSuffix("message.eml") }.count == ledger.messages.count)
            #expect(ledger.rows("acknowledgement", ["withdrawn"]).count == 1 - wordsBefore)
        }
    }

    /// One mailbox of its own on Dovecot, and a desk that reads it.
    private struct RaceScene {
        static let first: TestMail = {
            var mail = TestMail.whereIsIt()
            mail.id = "m1@mail.example"
            return mail
        }()
        /// The customer's next mail in the thread, which the desk could answer as well.
        static let second: TestMail = {
            var mail = TestMail(subject: "Re: Where is my order", text: "Which payment methods do you accept?\r\n")
            (mail.id, mail.inReplyTo) = ("m2@mail.example", "m1@mail.example")
            return mail
        }()
        static let wish: TestMail = {
            var mail = TestMail(text: "I want to speak to a human being, please. Get me a real person.\r\n")
            mail.id = "m1@mail.example"
            return mail
        }()
        static let answer: TestMail = {
            var mail = TestMail(
                name: "Ana", from: "ana@neemandclay.example", to: "priya.sharma@mail.example",
                subject: "Re: Where is my order NC-104233?", text: "Dear Priya, it is in the van. Ana\r\n")
            (mail.id, mail.inReplyTo) = ("a1@neemandclay.example", "m1@mail.example")
            mail.headers = ["Cc: support@neemandclay.example"]
            return mail
        }()

        let dovecot: DovecotServer
        let user: String
        let desk: EndToEndDesk

        init(rt: RTServer? = nil) async throws {
            dovecot = try await DovecotServer.shared()
            user = dovecot.newUser()
            desk = try await EndToEndDesk("")
            try desk.scratch.write(Array("\(dovecot.password)\n".utf8), to: "imap.secret")
            try desk.scratch.write((0..<32).map { _ in UInt8.random(in: 0...255) }, to: "state/key")
            if let rt { try desk.scratch.write(Array("\(rt.token)\n".utf8), to: "rt.secret") }
            try desk.configure(
                """
                channels:
                  - name: support
                    imap: imaps://localhost:\(dovecot.imapsPort)
                    user: \(user)
                    password: {file: imap.secret}
                    ca_file: \(dovecot.caFile)
                    adopt_from: 2026-03-01
                people:
                  colleagues: ["@neemandclay.example"]
                carrier:
                  maildir: outbox
                tickets:
                  \(rt.map { "rt: \($0.baseURL)\n  queue: Support\n  token: {file: rt.secret}" } ?? "folder: tickets")
                """)
            // What else people have sent is no answer to her.
            var other = Self.answer
            (other.id, other.inReplyTo) = ("a0@neemandclay.example", "m0@mail.example")
            try deliver(other, age: 900, folder: "Sent", flags: ["S"])
            // As every mailbox in use it has its folders and their indexes: two sessions of the program at a new one race in
            // the server for making them, and one may lose (SERVERBUG).
            try await session { session in
                for folder in ["INBOX", "Sent"] { _ = try await session.select(folder) }
            }
        }

        func deliver(
            _ mail: TestMail, age: TimeInterval, folder: String = "INBOX", flags: Set<Character> = []
        ) throws {
            try dovecot.deliver(
                mail.bytes, to: user, folder: folder, flags: flags,
                received: EndToEndDesk.now.addingTimeInterval(-age))
        }

        private func session(_ work: (IMAPSession) async throws -> Void) async throws {
            let agent = TransferAgent()
            let session = try await agent.openIMAP(
                MailEndpoint(
                    url: "imaps://localhost:\(dovecot.imapsPort)",
                    credentials: .password(user: user, password: dovecot.password), caFile: dovecot.caFile))
            try await work(session)
            await session.logout()
            await agent.shutdown()
        }

        /// As a mail program does it.
        func mark() async throws {
            try await session { session in
                _ = try await session.select("INBOX")
                let found = try await session.search(.header("Message-ID", "m1@mail.example"))
                #expect(found.count == 1)
                try await session.store(found, .add, flags: ["\\Answered"])
            }
        }

        func replies() throws -> [[UInt8]] {
            try desk.tree("outbox").filter { !$0.key.hasPrefix("tmp/") }.map(\.value)
        }

        /// The program, stopped at a point between two of its steps.
        func program(stoppedAt point: String) async throws -> EndToEndProgram.Child {
            let child = try EndToEndProgram.start(
                ["run", "--config", desk.configurationFile, "--now", EndToEndDesk.nowText],
                environment: ["AURADESK_FAULT": "\(point):stop"])
            for _ in 0..<1_200 {
                if child.isStopped { return child }
                try await Task.sleep(for: .milliseconds(50))
            }
            kill(child.id, SIGKILL)
            throw TestServerError("it did not come to \(point): \(await child.ending().errors)")
        }

        /// Lets it go on to its end, and runs it again until nothing is left to do.
        func goOn(_ child: EndToEndProgram.Child?) async throws {
            if let child {
                kill(child.id, SIGCONT)
                let ending = await child.ending()
                #expect(ending.code == 0 || ending.code == 75, "\(ending.errors)")
                expectSilence(ending)
            }
            for _ in 0..<3 {
                let ending = try await desk.program()
                expectSilence(ending)
                if ending.code == 0 { return }
                #expect(ending.code == 75, "\(ending.errors)")
            }
            Issue.record("it did not come to an end")
        }

        /// Nothing of what a person wrote is told to anybody.
        private func expectSilence(_ ending: EndToEndProgram.Ending) {
            #expect(!ending.errors.contains("van") && !ending.output.contains("van"))
            #expect(!ending.errors.contains("priya.sharma") && !ending.errors.contains("ana@"))
        }
    }

    extension EndToEndProgram.Child {
        /// Whether a signal has stopped it.
        var isStopped: Bool {
            let text = (try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)) ?? ""
            // `pid (name) state …`, and a name may hold anything.
            return text.split(separator: ")").last?.split(separator: " ").first == "T"
        }
    }

    extension EndToEndTickets {
        /// As an agent takes it.
        fileprivate func change(_ ticket: String, owner: String) async throws {
            try await send("PUT", "ticket/\(ticket)", ["Owner": owner])
        }

        /// As an agent answers it.
        fileprivate func reply(_ ticket: String, _ text: String) async throws {
            try await send("POST", "ticket/\(ticket)/correspond", ["Content": text, "ContentType": "text/plain"])
        }

        private func send(_ method: String, _ path: String, _ body: [String: String]) async throws {
            let agent = TransferAgent()
            var request = HTTPRequest(
                method: method, url: "\(rt.baseURL)/REST/2.0/\(path)",
                body: [UInt8](try JSONSerialization.data(withJSONObject: body)))
            request.headers = [
                ("Authorization", "token \(rt.adminToken)"), ("Content-Type", "application/json"),
            ]
            let response = try await agent.perform(request)
            await agent.shutdown()
            guard (200...299).contains(response.status) else { throw TestServerError("RT: HTTP \(response.status)") }
        }
    }
#endif
