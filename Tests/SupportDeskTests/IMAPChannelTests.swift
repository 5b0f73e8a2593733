import Dispatch
import Foundation
import Mail
import TestServers
import Testing
import Transport

@testable import SupportDesk

/// An IMAP folder as a channel, on a server that does what servers do to their clients.
@Suite("IMAP channel", .timeLimit(.minutes(4)))
struct IMAPChannelTests {
    /// Questions by as many people.
    private func mails(_ count: Int) -> [[UInt8]] {
        (1...count).map { number in
            TestMail(from: "person\(number)@mail.example", text: "Which payment methods do you accept?\n").bytes
        }
    }

    private func shop(_ server: ScriptedIMAP, after: IMAPChannel.After = .flag, user: String? = nil) async throws
        -> ScratchShop
    {
        let entry = try server.channel(after: after, user: user)
        return try await ScratchShop { configuration in
            configuration.channels = [entry]
            configuration.limits.attempts = 3
            // What is said to the server for people's sake has tests of its own.
            configuration.people.looks = false
        }
    }

    private func recipients(_ shop: ScratchShop) throws -> [String] {
        try shop.replies().compactMap { $0.to.first?.address }.sorted()
    }

    @Test(
        "a message at which the connection breaks again and again delays the others for one run each, then a ticket says so"
    )
    func cutLiteral() async throws {
        let server = try ScriptedIMAP(mails(4)) { command, _, client in
            guard command.contains("BODY.PEEK"), command.hasPrefix("UID FETCH 1:4") || command.hasPrefix("UID FETCH 2 ")
            else { return false }
            if command.hasPrefix("UID FETCH 1:4") {
                try client.write("* 1 FETCH (UID 1 BODY[] {\(Self.first.count)}\r\n")
                try client.write(Self.first)
                try client.write(")\r\n")
            }
            try client.write("* 2 FETCH (UID 2 BODY[] {5000}\r\nFrom: somebody")
            throw TestServerError("cut")
        }
        server.change { $0.messages[0].bytes = Self.first }
        let shop = try await shop(server)
        let first = try await shop.run()
        #expect(first.handled.count == 1, "what came before the cut is handled")
        #expect(first.report.unavailable.count == 1)
        #expect(first.report.unavailable.first?.contains("UID FETCH") == true)
        #expect(try await shop.run().handled.count == 2, "the others do not wait")
        var ends: [String] = []
        for _ in 0..<4 {
            shop.clock.advance(by: 3_600)
            ends += try await shop.run().handled.map { "\($0.disposition) \($0.rule)" }
        }
        #expect(ends == ["quarantined unreadable"])
        #expect(shop.tickets().count == 1)
        #expect(try recipients(shop) == [1, 3, 4].map { "person\($0)@mail.example" })
        #expect(server.state.messages.map(\.flags).map(\.count) == [2, 2, 2, 2])
    }

    private static let first = TestMail(from: "person1@mail.example", text: "Which payment methods do you accept?\n")
        .bytes

    @Test(
        "garbage in the middle of a pass ends the pass in one line; the next one does the rest, nothing twice",
        arguments: [
            "* 2 FETCH (UID 2 BODY[] {4294967295}\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "x99 OK who is that\r\n",
            "* BYE too many connections\r\n", "* 2 FETCH (UID 2 BODY[] {10}\r\nab",
        ])
    func garbage(_ garbage: String) async throws {
        let server = try ScriptedIMAP(mails(3)) { command, _, client in
            guard client.number == 1, command.contains("BODY.PEEK") else { return false }
            try client.write(garbage)
            throw TestServerError("enough")
        }
        let shop = try await shop(server)
        let broken = try await shop.run()
        #expect(broken.handled.isEmpty && broken.report.unavailable.count == 1)
        #expect(broken.report.unavailable.first?.hasPrefix("channel imap: 127.0.0.1:") == true)
        _ = try await shop.run()
        shop.clock.advance(by: 73)
        _ = try await shop.run()
        #expect(try recipients(shop) == (1...3).map { "person\($0)@mail.example" })
        #expect(server.state.messages.allSatisfy { $0.flags == ["\\Seen", "\\Answered"] })
    }

    @Test("a login that expires in the middle: what is answered stays answered once, and is flagged when we may again")
    func expiredLogin() async throws {
        let server = try ScriptedIMAP(mails(2)) { command, tag, client in
            if client.number == 1, command.hasPrefix("UID STORE") {
                try client.write("* BYE session expired\r\n")
                throw TestServerError("expired")
            }
            guard client.number == 2, command.hasPrefix("LOGIN") else { return false }
            try client.write("\(tag) NO [AUTHENTICATIONFAILED] expired\r\n")
            return true
        }
        let shop = try await shop(server, user: "support")
        let first = try await shop.run()
        #expect(first.handled.count == 2 && first.report.unavailable.count == 1)
        let second = try await shop.run().report
        #expect(second.handled == 0 && second.unavailable.count == 1)
        #expect(second.unavailable.first?.contains("login") == true, "\(second.unavailable)")
        #expect(server.state.messages.allSatisfy { $0.flags.isEmpty })
        let third = try await shop.run().report
        #expect(third.handled == 0 && third.unavailable.isEmpty)
        #expect(server.state.messages.allSatisfy { $0.flags == ["\\Seen", "\\Answered"] })
        #expect(try shop.replies().count == 2)
    }

    @Test(
        "a server that numbers anew is scanned again, and nobody gets a second answer; mails without an id are one each"
    )
    func renumbered() async throws {
        var anonymous = TestMail(from: "ravi@mail.example", text: "Which payment methods do you accept?\n")
        anonymous.id = nil
        let server = try ScriptedIMAP(mails(1) + [anonymous.bytes, anonymous.bytes])
        // The same words at two times are two mails.
        server.change { $0.messages[2].arrival = "10-Mar-2026 08:40:00 +0000" }
        let shop = try await shop(server)
        // The second of them is no copy of the first: a person gets it, because one answer to the same words is enough.
        #expect(
            Set(try await shop.run().handled.map { "\($0.disposition) \($0.rule)" })
                == ["answered answered", "escalated same-text"])
        #expect(try shop.replies().count == 2 && shop.tickets().count == 1)
        server.change { state in
            state.uidValidity = 8
            for index in state.messages.indices { state.messages[index].uid += 100 }
        }
        let again = try await shop.run()
        #expect(again.handled.map(\.rule) == ["duplicate", "duplicate", "duplicate"])
        #expect(try shop.replies().count == 2 && shop.tickets().count == 1)
        #expect(try await shop.run().handled.isEmpty)
    }

    @Test("an unchanged folder costs one STATUS; a new mail is found behind the bookmark")
    func unchanged() async throws {
        let server = try ScriptedIMAP(mails(2))
        let shop = try await shop(server)
        #expect(try await shop.run().handled.count == 2)
        _ = server.takeCommands()
        #expect(try await shop.run().handled.isEmpty)
        let quiet = server.takeCommands().map { $0.prefix { $0 != " " } }
        #expect(quiet.filter { !["CAPABILITY", "LOGOUT"].contains($0) } == ["STATUS"])
        server.change { state in
            state.messages.append(
                ScriptedIMAP.Stored(
                    uid: 3, bytes: TestMail(from: "new@mail.example", text: "How do I reset my password?\n").bytes))
        }
        #expect(try await shop.run().handled.count == 1)
        #expect(server.takeCommands().contains { $0.hasPrefix("UID SEARCH") && $0.contains("UID 3:*") })
    }

    @Test("after: leave changes nothing at the source, and nothing is handled twice")
    func leave() async throws {
        let server = try ScriptedIMAP(mails(2))
        let shop = try await shop(server, after: .leave)
        for expected in [2, 0] { #expect(try await shop.run().handled.count == expected) }
        #expect(server.state.messages.allSatisfy { $0.flags.isEmpty })
        let said = server.takeCommands()
        #expect(said.contains { $0.hasPrefix("EXAMINE") })
        #expect(!said.contains { $0.hasPrefix("SELECT") || $0.contains("STORE") || $0.contains("MOVE") })
        #expect(try await shop.ledger().status().unmarked == 0)
    }

    @Test("after: move files by outcome and makes the folder that is missing")
    func move() async throws {
        let server = try ScriptedIMAP(mails(2))
        let shop = try await shop(server, after: .move([.answered: "Done"]))
        #expect(try await shop.run().report.unavailable.isEmpty)
        #expect(server.state.messages.isEmpty && server.state.folders == ["INBOX", "Done"])
    }

    @Test("a folder that is renamed between two polls: one line, the maildir beside goes on, and nothing is lost")
    func renamed() async throws {
        let server = try ScriptedIMAP(mails(1)) { command, tag, client in
            guard client.number == 2, command.hasPrefix("STATUS") || command.hasPrefix("SELECT") else { return false }
            try client.write("\(tag) NO [NONEXISTENT] gone\r\n")
            return true
        }
        let entry = try server.channel()
        let shop = try await ScratchShop {
            $0.channels.append(entry)
            $0.people.looks = false
        }
        #expect(try await shop.run().handled.count == 1)
        try shop.receive(.whereIsIt())
        let gone = try await shop.run()
        #expect(gone.outcome == "answered answered")
        #expect(gone.report.unavailable.count == 1)
        #expect(gone.report.unavailable.first?.contains("NONEXISTENT") == true, "\(gone.report.unavailable)")
        server.change { $0.messages.append(ScriptedIMAP.Stored(uid: 2, bytes: mails(9)[8])) }
        #expect(try await shop.run().handled.count == 1)
    }

    @Test(
        "a server that never answers, or talks without end, costs its own channel a bounded time and one line",
        arguments: ["nothing", "CAPABILITY", "UID SEARCH"])
    func dead(_ stalls: String) async throws {
        let server = try ScriptedIMAP(mails(1), greets: stalls != "nothing") { command, _, client in
            guard command.hasPrefix(stalls) else { return false }
            // Silence is met by the time-out of the transport, idle talk by that of the channel.
            guard stalls == "UID SEARCH" else {
                client.hang()
                throw TestServerError("gone")
            }
            while true {
                try client.write("* OK still here\r\n")
                Thread.sleep(forTimeInterval: 0.1)
            }
        }
        let entry = try server.channel(timeout: .seconds(2))
        let shop = try await ScratchShop { configuration in
            configuration.channels.insert(entry, at: 0)
            configuration.limits.channelTime = .seconds(4)
        }
        try shop.receive(.whereIsIt())
        let report = try await shop.run().report
        #expect(report.handled == 1 && report.unavailable.count == 1, "\(report.unavailable)")
        #expect(report.unavailable.first?.hasPrefix("channel imap: ") == true)
        await server.stop()
    }

    @Test("a maildir's mail is answered while the server beside it says nothing")
    func undelayed() async throws {
        let release = DispatchSemaphore(value: 0)
        let server = try ScriptedIMAP(mails(1)) { command, _, _ in
            guard command.hasPrefix("SELECT") else { return false }
            // Only the other channel's answer ends this; else the transport loses patience first, and says so.
            _ = release.wait(timeout: .now() + 100)
            throw TestServerError("released")
        }
        let entry = try server.channel(timeout: .seconds(90))
        let shop = try await ScratchShop { $0.channels.insert(entry, at: 0) }
        try shop.receive(.whereIsIt())
        let report = try await shop.desk().run { _ in release.signal() }
        #expect(report.handled == 1)
        #expect(report.unavailable.first?.contains("closed the connection") == true, "\(report.unavailable)")
        await server.stop()
    }
}
