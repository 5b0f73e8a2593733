import Foundation
import TestServers
import Testing

@testable import Transport

/// What a session learns of mailboxes: their status, and what they are for.
@Suite(.timeLimit(.minutes(1)))
struct IMAPMailboxTests {
    let agent = TransferAgent()

    private func mailboxes(_ lines: [String]) throws -> [ListedMailbox] {
        try lines.compactMap { line in
            var parser = IMAPResponseParser()
            parser.feed(Array("* LIST \(line)\r\n".utf8))
            return try parser.next().flatMap(ListedMailbox.init)
        }
    }

    @Test func dovecotTellsStatusAndUse() async throws {
        let dovecot = try await DovecotServer.shared()
        let user = dovecot.newUser()
        let session = try await agent.openIMAP(IMAPSessionTests().endpoint(dovecot, user))
        for number in 1...3 { try dovecot.deliver(IMAPSessionTests.message(number), to: user) }
        let before = try await session.status(of: "INBOX")
        #expect(before.messages == 3 && before.uidNext == 4 && before.uidValidity > 0)
        let selected = try await session.select("INBOX")
        #expect(before.uidValidity == selected.uidValidity)
        let sequence = try #require(selected.highestModSeq)
        try await session.store([2], .add, flags: ["\\Flagged"])
        #expect(try await session.search(.modified(since: sequence + 1)) == [2])
        #expect(try await session.search(.and([.modified(since: sequence + 1), .flag("\\Seen")])) == [])
        let after = try await session.select("INBOX")
        #expect(try #require(after.highestModSeq) > sequence)

        #expect(try await session.specialUse(.sent) == "Sent")
        #expect(try await session.specialUse(.drafts) == "Drafts")
        #expect(try await session.specialUse(.archive) == "Archive")
        #expect(try await session.specialUse(.trash) == nil)
        try await session.create("Papierkorb")
        #expect(try await session.specialUse(.trash) == "Papierkorb")
        let missing = await transportError { try await session.status(of: "No such") }
        #expect(missing?.code == .refused)
        try await session.noop()
    }

    @Test func gmail() throws {
        let listed = try mailboxes([
            "(\\HasNoChildren) \"/\" \"INBOX\"", "(\\HasChildren \\Noselect) \"/\" \"[Gmail]\"",
            "(\\All \\HasNoChildren) \"/\" \"[Gmail]/Alle Nachrichten\"", "(\\HasNoChildren) \"/\" \"Sent\"",
            "(\\HasNoChildren \\Sent) \"/\" \"[Gmail]/Gesendet\"", "(\\Drafts) \"/\" \"[Gmail]/Entw&APw-rfe\"",
        ])
        #expect(SpecialUse.sent.mailbox(among: listed) == "[Gmail]/Gesendet")
        #expect(SpecialUse.drafts.mailbox(among: listed) == "[Gmail]/Entwürfe")
        #expect(SpecialUse.archive.mailbox(among: listed) == "[Gmail]/Alle Nachrichten")
        #expect(SpecialUse.junk.mailbox(among: listed) == nil)
    }

    @Test(
        arguments: [
            (["() \"/\" Sent", "() \"/\" \"Sent Items\""], SpecialUse.sent, "Sent"),
            (["() \"/\" \"Deleted Items\"", "() \"/\" \"Junk Email\""], .trash, "Deleted Items"),
            (["() \"/\" \"Deleted Items\"", "() \"/\" \"Junk Email\""], .junk, "Junk Email"),
            (["() \"/\" \"[Gmail]/Sent Mail\""], .sent, "[Gmail]/Sent Mail"),
            (["() \".\" INBOX", "() \".\" INBOX.Sent"], .sent, "INBOX.Sent"),
            (["() \"/\" \"Gesendete Elemente\""], .sent, "Gesendete Elemente"),
            (["(\\Noselect) \"/\" Sent", "() \"/\" \"Sent Messages\""], .sent, "Sent Messages"),
            (["(\\sent) \"/\" Copies", "() \"/\" Sent"], .sent, "Copies"),
            (["() NIL Archive"], .archive, "Archive"),
            (["() \"/\" Projects/Sent", "() \"/\" Sentiments"], .sent, nil),
            ([], .drafts, nil),
        ] as [([String], SpecialUse, String?)])
    func names(_ lines: [String], _ use: SpecialUse, _ expected: String?) throws {
        #expect(use.mailbox(among: try mailboxes(lines)) == expected)
    }

    @Test func theSpecialUsesAreAskedForWhereTheyMustBe() async throws {
        let server = try IMAPScriptedTests.server(capabilities: "IMAP4rev1 SPECIAL-USE LIST-EXTENDED") { peer in
            while let line = peer.line(), let tag = line.split(separator: " ").first {
                peer.write("* LIST (\\Sent) \"/\" Gone\r\n\(tag) OK\r\n")
            }
        }
        let session = try await IMAPScriptedTests().open(server)
        #expect(try await session.specialUse(.sent) == "Gone")
        #expect(server.received.last?.hasSuffix("LIST \"\" \"*\" RETURN (SPECIAL-USE)") == true)
    }

    @Test(arguments: [
        ("* STATUS a (MESSAGES 1 UIDNEXT 2 UIDVALIDITY 3)", true), ("* STATUS \"a b\" (UIDVALIDITY 3)", true),
        ("* STATUS a (uidvalidity 3 SIZE 9 UIDNEXT NIL)", true), ("* STATUS a (UIDVALIDITY)", false),
        ("* STATUS a (UIDVALIDITY 0)", false), ("* STATUS a (UIDVALIDITY 4294967296)", false),
        ("* STATUS a ()", false), ("* STATUS a", false), ("* OK", false),
    ])
    func statusAnswers(_ line: String, _ isUnderstood: Bool) async throws {
        let server = try IMAPScriptedTests.server { peer in
            while let text = peer.line(), let tag = text.split(separator: " ").first {
                peer.write("\(line)\r\n\(tag) OK\r\n")
            }
        }
        let session = try await IMAPScriptedTests().open(server)
        if isUnderstood {
            #expect(try await session.status(of: "a").uidValidity == 3)
        } else {
            let error = await transportError { try await session.status(of: "a") }
            #expect(error?.code == .protocolViolation)
        }
    }
}
