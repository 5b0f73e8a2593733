import Foundation
import Mail
import TestServers
import Testing

@testable import SupportDesk

extension EndToEnd {
    /// `auradesk watch` as a service manager runs it.
    @Suite("Watch", .serialized, .timeLimit(.minutes(4)))
    struct Watching {
        private static func mail(_ number: Int) -> [UInt8] {
            TestMail(from: "person\(number)@mail.example", text: "Which payment methods do you accept?\n").bytes
        }

        private func start(_ desk: EndToEndDesk) throws -> EndToEndProgram.Child {
            try EndToEndProgram.start(["watch", "--config", desk.configurationFile, "--now", EndToEndDesk.nowText])
        }

        /// Waits until a condition holds; the time that it took.
        private func wait(_ limit: Duration = .seconds(60), _ holds: () async throws -> Bool) async throws -> Duration {
            let start = ContinuousClock.now
            while try await !holds() {
                guard ContinuousClock.now - start < limit else { throw TestServerError("it did not come to pass") }
                try await Task.sleep(for: .milliseconds(100))
            }
            return ContinuousClock.now - start
        }

        private func stop(_ child: EndToEndProgram.Child, _ signal: Int32 = SIGTERM) async throws
            -> EndToEndProgram.Ending
        {
            let start = ContinuousClock.now
            kill(child.id, signal)
            let ending = await child.ending()
            #expect(ending.code == 0, "\(ending.errors)")
            #expect(ContinuousClock.now - start < .seconds(20), "it took \(ContinuousClock.now - start)")
            return ending
        }

        private func replies(_ desk: EndToEndDesk) -> Int {
            ((try? FileManager.default.contentsOfDirectory(atPath: desk.folder + "/outbox/new")) ?? []).count
        }

        @Test("a mail in a maildir is answered within seconds, one line tells it, and nobody else may run meanwhile")
        func maildir() async throws {
            let desk = try await EndToEndDesk.onFiles([])
            let child = try start(desk)
            _ = try await wait { FileManager.default.fileExists(atPath: desk.state + "/ledger.sqlite") }
            for number in 0..<2 {
                try desk.deliver([("late\(number).eml", Self.mail(number))])
                // The first mail waits for the classifier to be trained.
                let took = try await wait { replies(desk) == number + 1 }
                if number > 0 { #expect(took < .seconds(20)) }
            }
            #expect(try await desk.program().code == 75)
            let ending = try await stop(child)
            #expect(ending.errorLines.isEmpty && ending.outcomeLines.count == 2, "\(ending.errors)")
            for (index, line) in ending.outcomeLines.enumerated() {
                #expect(line.contains(" message=\(index + 1) channel=mail disposition=answered rule=answered "))
            }
            #expect(ending.output.isEmpty)
            let ledger = try await desk.ledger()
            #expect(ledger.violations.isEmpty && ledger.messages.allSatisfy { $0.isMarked })
            let after = try await desk.program()
            #expect(after.code == 0 && after.output.isEmpty)
        }

        @Test("stopped in the middle of a heap of mail it ends in order, and the next run does the rest, each once")
        func stopped() async throws {
            let mails = (0..<400).map { (name: "m\($0).eml", bytes: Self.mail($0)) }
            let desk = try await EndToEndDesk.onFiles(mails, limits: "limits: {replies_per_domain: 400}\n")
            let child = try start(desk)
            _ = try await wait { replies(desk) > 5 }
            _ = try await stop(child, SIGINT)
            let done = replies(desk)
            let stopped = try await desk.ledger()
            #expect(done < 400)
            #expect(stopped.messages.allSatisfy { ["arrived", "answered"].contains($0.status) })
            let rest = try await desk.program()
            #expect(rest.code == 0, "\(rest.errors)")
            let ledger = try await desk.ledger()
            #expect(ledger.violations.isEmpty && ledger.messages.allSatisfy { $0.isMarked })
            #expect(ledger.rows("reply", ["sent"]).count == 400 && replies(desk) == 400)
        }

        @Test("an IMAP server tells of new mail by itself; after its restart the desk comes back to it")
        func dovecot() async throws {
            let shared = try await EndToEndServers.shared()
            let dovecot = try await DovecotServer.start()
            let servers = EndToEndServers(dovecot: dovecot, postfix: shared.postfix, rt: shared.rt)
            let user = try servers.newUser(with: [(name: "first", bytes: Self.mail(1))])
            let desk = try await servers.desk(user: user)
            let child = try start(desk)
            func answered() throws -> Int {
                try dovecot.messages(of: user).count { $0.flags == ["S", "R"] }
            }
            _ = try await wait { try answered() == 1 }
            try dovecot.deliver(Self.mail(2), to: user, received: EndToEndDesk.now)
            let told = try await wait { try answered() == 2 }
            #expect(told < .seconds(25), "\(told)")
            await dovecot.kill()
            try dovecot.deliver(Self.mail(3), to: user, received: EndToEndDesk.now)
            try await Task.sleep(for: .seconds(2))
            try await dovecot.restart()
            let back = try await wait { try answered() == 3 }
            #expect(back < .seconds(45), "\(back)")
            try dovecot.deliver(Self.mail(4), to: user, received: EndToEndDesk.now)
            _ = try await wait(.seconds(20)) { try answered() == 4 }
            let ending = try await stop(child)
            let problems = ending.errorLines.filter { $0.contains(" level=warning ") }
            #expect(problems.count <= 4 && problems.allSatisfy { $0.contains("support: ") }, "\(problems)")
            #expect(!ending.errors.contains("@"))
            let ledger = try await desk.ledger()
            #expect(ledger.violations.isEmpty && ledger.rows("reply", ["sent"]).count == 4)
            await dovecot.stop()
        }
    }
}
