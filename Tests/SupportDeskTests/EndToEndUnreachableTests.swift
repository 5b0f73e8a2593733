import Foundation
import Mail
import TestServers
import Testing

@testable import SupportDesk

extension EndToEnd {
    /// What is not there is said in one line with host and step; nothing is lost, nothing is marked.
    @Suite("Unreachable servers and exit codes", .serialized)
    struct Unreachable {
        private static func mails() throws -> [(name: String, bytes: [UInt8])] {
            try EndToEndDesk.mails().filter {
                ["001-track-shipped.eml", "010-return-policy-stranger.eml", "036-wants-a-person.eml"].contains(
                    $0.name)
            }
        }

        @Test(
            "a mailbox that cannot be read: exit 69, one line, nothing recorded as done, and the next run does it all")
        func mailbox() async throws {
            let servers = try await EndToEndServers.shared()
            let mails = try Self.mails()
            let user = try servers.newUser(with: mails)
            let desk = try await servers.desk(user: user)
            let good = servers.sections(user: user)
            try desk.scratch.write(Array("wrong\n".utf8), to: "wrong.secret")
            let imaps = "imaps://localhost:\(servers.dovecot.imapsPort)"
            let broken: [(change: (String, String), says: [String])] = [
                ((imaps, "imaps://localhost:1"), ["localhost:1", "connect"]),
                ((imaps, "imaps://nowhere.invalid:993"), ["nowhere.invalid:993", "connect"]),
                (("imap.secret", "wrong.secret"), ["localhost:\(servers.dovecot.imapsPort)", "login"]),
                (
                    (servers.dovecot.caFile, servers.postfix.caFile),
                    ["localhost:\(servers.dovecot.imapsPort)", "certificate"]
                ),
                (("folder: INBOX", "folder: Nowhere"), ["localhost:\(servers.dovecot.imapsPort)", "SELECT"]),
            ]
            for (change, says) in broken {
                try desk.configure(good.replacing(change.0, with: change.1))
                let ending = try await desk.program()
                #expect(ending.code == 69, "\(change.1): \(ending.errors)")
                #expect(ending.errorLines.count == 1, "\(ending.errors)")
                for word in says {
                    #expect(ending.errors.lowercased().contains(word.lowercased()), "\(word): \(ending.errors)")
                }
                let stored = try servers.dovecot.messages(of: user)
                #expect(stored.allSatisfy { $0.flags.isEmpty })
                let empty = try await desk.ledger()
                #expect(empty.messages.isEmpty)
            }
            try desk.configure(good)
            let ending = try await desk.program()
            #expect(ending.code == 0, "\(ending.errors)")
            let ledger = try await desk.ledger()
            #expect(ledger.messages.count == mails.count && ledger.violations.isEmpty)
        }

        @Test("Postfix down or refusing the login: replies wait, nothing is marked; when it is back each goes out once")
        func carrier() async throws {
            let shared = try await EndToEndServers.shared()
            let postfix = try await PostfixServer.start()
            let servers = EndToEndServers(dovecot: shared.dovecot, postfix: postfix, rt: shared.rt)
            let mails = try Self.mails()
            let user = try servers.newUser(with: mails)
            let desk = try await servers.desk(user: user)
            let good = servers.sections(user: user)
            try desk.scratch.write(Array("wrong\n".utf8), to: "wrong.secret")

            try desk.configure(good.replacing("smtp.secret", with: "wrong.secret"))
            try await expectWaiting(
                desk, servers, user, kind: "reply", says: ["localhost:\(postfix.submissionPort)", "login"])
            try desk.configure(good)
            await postfix.kill()
            try await expectWaiting(
                desk, servers, user, kind: "reply", says: ["localhost:\(postfix.submissionPort)", "connect"])
            try await postfix.restart()
            #expect(try await postfix.deliveries().isEmpty)
            for _ in 0..<2 {
                let ending = try await desk.program()
                #expect(ending.code == 0, "\(ending.errors)")
                let ledger = try await desk.ledger()
                #expect(ledger.violations.isEmpty && ledger.messages.allSatisfy { $0.isMarked })
                let sent = ledger.rows("reply", ["sent"]) + ledger.rows("acknowledgement", ["sent"])
                #expect(try await postfix.deliveries().count == sent.count)
                #expect(ledger.rows("reply", ["sent"]).count == 2)
            }
            await postfix.stop()
        }

        @Test("Request Tracker down: tickets wait, nothing is marked; when it is back each is filed once")
        func tickets() async throws {
            let shared = try await EndToEndServers.shared()
            let rt = try await RTServer.start()
            let servers = EndToEndServers(dovecot: shared.dovecot, postfix: shared.postfix, rt: rt)
            let user = try servers.newUser(with: Self.mails())
            let desk = try await servers.desk(user: user)
            await rt.kill()
            for _ in 0..<2 {
                try await expectWaiting(
                    desk, servers, user, kind: "ticket", says: ["127.0.0.1:\(rt.port)", "search ticket", "connect"])
            }
            try await rt.restart()
            for _ in 0..<2 {
                let ending = try await desk.program()
                #expect(ending.code == 0, "\(ending.errors)")
                let ledger = try await desk.ledger()
                #expect(ledger.violations.isEmpty && ledger.messages.allSatisfy { $0.isMarked })
                let name = try #require(ledger.messages.first { $0.ticket != nil }?.conversation)
                #expect(try await EndToEndTickets(rt).tickets(externalID: name).count == 1)
            }
            await rt.stop()
        }

        /// A run whose effects of one kind cannot leave.
        private func expectWaiting(
            _ desk: EndToEndDesk, _ servers: EndToEndServers, _ user: String, kind: String, says: [String]
        ) async throws {
            let ending = try await desk.program()
            #expect(ending.code == 69, "\(ending.errors)")
            #expect(ending.errorLines.count == 1, "\(ending.errors)")
            for word in says {
                #expect(ending.errors.lowercased().contains(word.lowercased()), "\(word): \(ending.errors)")
            }
            let ledger = try await desk.ledger()
            #expect(ledger.messages.count == 3)
            let waiting = ledger.rows(kind, ["queued"]).map(\.message)
            #expect(waiting.count == (kind == "reply" ? 2 : 1) && ledger.rows(kind, ["sent"]).isEmpty)
            for (message, stored) in zip(ledger.messages, try servers.dovecot.messages(of: user)) {
                let waits = waiting.contains(message.id)
                #expect(waits ? message.status == "decided" && !message.isMarked : message.isMarked)
                #expect(stored.flags.isEmpty == waits)
            }
        }

        @Test("two channels, one dead: the other one's mail is handled")
        func oneOfTwo() async throws {
            let mails = try Self.mails()
            let desk = try await EndToEndDesk.onFiles(mails)
            let dead = "  - name: dead\n    imap: imaps://localhost:1\n    user: a\n    password: {file: secret}\n"
            try desk.scratch.write(Array("x".utf8), to: "secret")
            try desk.configure(
                EndToEndDesk.files().replacing("channels:\n", with: "channels:\n" + dead)
                    .replacing("carrier:", with: "  - name: gone\n    maildir: no/such/maildir\ncarrier:"))
            let ending = try await desk.program()
            #expect(ending.code == 69)
            #expect(ending.errorLines.count == 2, "\(ending.errors)")
            #expect(ending.errors.contains("channel dead: localhost:1"), "\(ending.errors)")
            #expect(ending.errors.contains("channel gone: "), "\(ending.errors)")
            let ledger = try await desk.ledger()
            #expect(ledger.messages.count == mails.count && ledger.violations.isEmpty)
            #expect(ledger.messages.allSatisfy { $0.isMarked })
        }

        @Test("another run at work: exit 75 at once, with one line")
        func lock() async throws {
            let desk = try await EndToEndDesk.onFiles(Self.mails())
            let lock = try RunLock(state: desk.state)
            let ending = try await desk.program()
            withExtendedLifetime(lock) {}
            #expect(ending.code == 75)
            #expect(ending.errorLines.count == 1)
            #expect(ending.errors.hasSuffix(" level=error msg=\"another run is at work on \(desk.state)\"\n"))
            let files = try desk.tree("mail").keys
            #expect(files.allSatisfy { $0.hasPrefix("new/") })
        }

        @Test(
            "a wrong desk.yaml: exit 78, one line with file, line and key",
            arguments: [
                ("region: IN", "regoin: IN", "regoin", "unknown key shop.regoin"),
                ("maildir: mail", "maildir: mail\n    folders: 3", "folders", "channels[0].folders"),
                ("adopt_from: 2026-03-01", "adopt_from: yesterday", "yesterday", "adopt_from"),
                ("folder: tickets", "rt: http://a.example\n  queue: A\n  token: abc", "token", "tickets.token"),
                ("folder: tickets", "rt: http://a.example\n  queue: A\n  token: {file: open}", "token", "chmod 600"),
                ("folder: tickets", "rt: http://a.example\n  queue: A\n  token: {env: NO_SUCH}", "token", "NO_SUCH"),
                ("maildir: outbox", "smtp: telnet://mail.example", "telnet", "carrier.smtp"),
                ("records:", "limits:\n  concurrency: many\nrecords:", "many", "limits.concurrency"),
            ])
        func configuration(_ from: String, _ to: String, _ word: String, _ key: String) async throws {
            let desk = try await EndToEndDesk.onFiles(Self.mails())
            try desk.scratch.write(Array("x".utf8), to: "open")
            chmod(desk.folder + "/open", 0o644)
            let text = try String(contentsOfFile: desk.configurationFile, encoding: .utf8)
            #expect(text.contains(from))
            let wrong = text.replacing(from, with: to)
            try desk.scratch.write(Array(wrong.utf8), to: "desk.yaml")
            let lines = wrong.split(separator: "\n", omittingEmptySubsequences: false)
            let line = try #require(lines.firstIndex { $0.contains(word) }) + 1
            let ending = try await desk.program()
            #expect(ending.code == 78, "\(ending.errors)")
            #expect(ending.errorLines.count == 1, "\(ending.errors)")
            #expect(ending.errors.contains("desk.yaml:\(line): "), "\(ending.errors)")
            #expect(ending.errors.contains(key), "\(ending.errors)")
        }
    }
}
