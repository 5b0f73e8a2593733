import Foundation
import Mail
import TestServers
import Testing
import Transport

@testable import SupportDesk

/// What it costs to ask an IMAP server whether a person was quicker, and what it says.
@Suite("IMAP: people", .timeLimit(.minutes(4)))
struct IMAPPeopleTests {
    private func mail(_ number: Int) -> TestMail {
        TestMail(
            from: "person\(number)@mail.example", text: "Which payment methods do you accept?\n",
            id: "m\(number)@mail.example")
    }

    private func answer(to number: Int) -> [UInt8] {
        var mail = TestMail(from: "support@neemandclay.example", to: "person\(number)@mail.example", text: "By card.\n")
        mail.inReplyTo = "m\(number)@mail.example"
        return mail.bytes
    }

    private func shop(_ server: ScriptedIMAP) async throws -> ScratchShop {
        let entry = try server.channel()
        return try await ScratchShop { $0.channels = [entry] }
    }

    @Test("one round trip a message at most, each folder's; the headers of what was sent are read once")
    func cost() async throws {
        let server = try ScriptedIMAP((1...24).map { mail($0).bytes })
        server.change { state in
            state.folders.insert("Sent")
            state.sent = (1...3).map { ScriptedIMAP.Stored(uid: UInt32($0), bytes: answer(to: $0 * 5)) }
        }
        let shop = try await shop(server)
        let run = try await shop.run()
        let counts = Dictionary(grouping: run.handled, by: \.rule).mapValues(\.count)
        #expect(counts == ["answered": 21, "person-answered": 3] || counts.values.sorted() == [3, 21], "\(counts)")
        #expect(try shop.replies().count == 21)
        let commands = server.takeCommands()
        let looks = commands.count { $0 == "NOOP" }
        // Two folders; looks are shared by those who ask at the same time.
        #expect(looks >= 2 && looks <= 2 * 24, "\(looks) looks for 24 messages")
        #expect(commands.count { $0.hasPrefix("UID SEARCH") && !$0.contains("UID 1:*") } <= 4, "\(commands)")
        #expect(commands.count { $0.hasPrefix("LIST") } == 1)
        print("IMAP people: 24 messages, \(looks) looks at two folders, \(commands.count) commands in all")
    }

    @Test("a connection that went away while nobody asked is opened anew, and nobody notices")
    func reconnects() async throws {
        let server = try ScriptedIMAP([mail(1).bytes]) { command, tag, client in
            // The server hangs up on the watch of the first connection with its second question.
            guard command == "NOOP", client.number == 2 else { return false }
            try client.write("* BYE idle for too long\r\n")
            throw TestServerError("gone")
        }
        let shop = try await shop(server)
        // Its own connections are new in each run, so an error of a fresh one is told; the mail waits and leaves later.
        _ = try await shop.run()
        _ = try await shop.run()
        #expect(try shop.replies().count == 1)
    }

    @Test("a mailbox that was numbered anew since: the marks of another message prove nothing")
    func otherValidity() async throws {
        let server = try ScriptedIMAP([mail(1).bytes])
        var uid: UInt32 = 0
        server.change { state in
            state.messages[0].flags = ["\\Answered"]
            uid = state.messages[0].uid
        }
        let shop = try await shop(server)
        let channel = try await shop.desk().channels[0].channel
        func seen(_ source: String) async throws -> String? {
            try await channel.person(in: Inquiry(source: source, arrival: ScratchShop.start, messageIDs: [], own: []))?
                .reason
        }
        #expect(try await seen("7.\(uid)") == "a mail program has marked it as answered")
        #expect(try await seen("6.\(uid)") == nil)
        await channel.close()
    }

    @Test("a folder for what was sent that does not exist: nothing is sent blindly")
    func wrongFolder() async throws {
        let server = try ScriptedIMAP([mail(1).bytes]) { command, tag, client in
            guard command.hasPrefix("EXAMINE"), command.contains("Gesendet") else { return false }
            try client.write("\(tag) NO [NONEXISTENT] no such mailbox\r\n")
            return true
        }
        var entry = try server.channel()
        entry.people.sent = "Gesendet"
        let shop = try await ScratchShop { [entry] in $0.channels = [entry] }
        let run = try await shop.run()
        #expect(try shop.replies().isEmpty)
        #expect(run.report.unavailable.first?.contains("NONEXISTENT") == true, "\(run.report.unavailable)")
    }

    @Test("a folder that was empty, and was filled while the connection was away: all that came is seen")
    func filledMeanwhile() async throws {
        let server = try ScriptedIMAP([mail(1).bytes, mail(2).bytes])
        server.change { $0.folders.insert("Sent") }
        guard case .imap(let endpoint, _, _) = try server.channel().source else { return }
        let agent = TransferAgent()
        let watch = IMAPFolderWatch(.named("Sent"), place: .sent, endpoint: endpoint, shop: .test, agent: agent)
        func inquiry(_ number: Int) -> Inquiry {
            Inquiry(
                source: "7.\(number)", arrival: ScratchShop.start, messageIDs: ["m\(number)@mail.example"], own: [],
                messageID: "m\(number)@mail.example")
        }
        #expect(try await watch.look([inquiry(1)]).mail.mail(about: inquiry(1)) == nil)
        await watch.close()
        let answers = [answer(to: 1), answer(to: 9)]
        server.change { state in
            state.sent = answers.enumerated().map { ScriptedIMAP.Stored(uid: UInt32($0.offset + 1), bytes: $0.element) }
        }
        #expect(try await watch.look([inquiry(1)]).mail.mail(about: inquiry(1))?.isAnswer == true)
        await watch.close()
        await agent.shutdown()
    }
}
