import Foundation
import TestServers
import Testing
import Transport

@testable import SupportDesk

/// `SMTPCarrier` and its connections.
@Suite("SMTP carrier", .timeLimit(.minutes(1)))
struct SMTPCarrierTests {
    /// What a server heard, in order, over all connections.
    private final class Heard: @unchecked Sendable {  // `lock` guards the lines.
        private let lock = NSLock()
        private var lines: [String] = []
        var all: [String] { lock.withLock { lines } }
        func note(_ line: String) { lock.withLock { lines.append(line) } }
    }

    /// One connection, as the script sees it, from the first `MAIL` or `RSET` on.
    private struct Client {
        let connection: ScriptedConnection
        let heard: Heard
        var number: Int { connection.number }

        func read(_ count: Int) throws {
            for _ in 0..<count {
                guard let line = try connection.readText() else { throw TestServerError("gone") }
                heard.note(line)
            }
        }

        func say(_ replies: String...) throws { try connection.write(replies.map { $0 + "\r\n" }.joined()) }

        func readText() throws {
            while let line = try connection.readText(), line != "." { heard.note(line) }
        }

        /// Takes every mail until the client goes, each reply as soon as its command is there.
        func serve(_ reply: (String) -> String = { _ in "250 ok" }) throws {
            while let line = try connection.readText() {
                heard.note(line)
                let verb = line.prefix(4)
                try say(verb == "DATA" ? "354 go" : verb == "QUIT" ? "221 bye" : reply(line))
                if verb == "QUIT" { return }
                if verb == "DATA" {
                    try readText()
                    try say(reply("."))
                }
            }
        }
    }

    private func server(_ script: @escaping @Sendable (Client) throws -> Void) throws -> (ScriptedTCPServer, Heard) {
        let heard = Heard()
        let server = try ScriptedTCPServer { connection in
            try connection.write("220 hello\r\n")
            for _ in 0..<2 {
                guard try connection.readText() != nil else { return }
                try connection.write("250-hello\r\n250-DSN\r\n250 PIPELINING\r\n")
            }
            try script(Client(connection: connection, heard: heard))
        }
        return (server, heard)
    }

    private func carrier(_ server: ScriptedTCPServer, connections: Int = 4) -> SMTPCarrier {
        let endpoint = MailEndpoint(
            service: .smtp, host: server.host, port: server.port, security: .none, responseTimeout: .seconds(10))
        return SMTPCarrier(endpoint: endpoint, connections: connections, agent: TransferAgent())
    }

    private func envelope(_ name: String, sender: String? = nil) -> SupportDesk.Envelope {
        SupportDesk.Envelope(
            sender: sender, recipient: "\(name)@mail.example", messageID: "\(name)+1@shop.example",
            bytes: Array("Subject: \(name)\r\n\r\nx\r\n".utf8))
    }

    private func carry(_ count: Int, with carrier: SMTPCarrier) async -> [Carriage] {
        await withTaskGroup(of: (Int, Carriage).self) { group in
            for number in 1...count { group.addTask { (number, await carrier.carry(envelope("\(number)"))) } }
            return await group.reduce(into: [(Int, Carriage)]()) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// The promise of the outbox: pipelining makes nothing uncertain that was not.
    @Test("the connection closes after a dot with others behind it: one is uncertain, the others go over a fresh one")
    func closedAfterTheDot() async throws {
        let (server, heard) = try server { client in
            guard client.number == 1 else { return try client.serve() }
            try client.read(3)
            try client.say("250 ok", "250 ok", "354 go")
            try client.readText()
            try client.read(4)
        }
        let outcomes = await carry(3, with: carrier(server, connections: 1))
        let uncertain = outcomes.filter { if case .uncertain = $0 { true } else { false } }
        #expect(uncertain.count == 1, "\(outcomes)")
        #expect(outcomes.count { $0 == .accepted(remote: "ok") } == 2, "\(outcomes)")
        // Each text left once, and no mail was introduced again after its own dot.
        #expect(Set(heard.all.filter { $0.hasPrefix("Subject") }).count == 3)
        #expect(heard.all.count { $0.hasPrefix("Subject") } == 3)
        #expect(server.connectionCount == 2)
    }

    @Test("a further connection is opened when those there are have two mails each, and no more than allowed")
    func severalConnections() async throws {
        let (server, _) = try server { try $0.serve() }
        let alone = carrier(server)
        for number in 1...3 { #expect(await alone.carry(envelope("\(number)")) == .accepted(remote: "ok")) }
        #expect(server.connectionCount == 1)
        let many = carrier(server, connections: 3)
        #expect(await carry(40, with: many).allSatisfy { $0 == .accepted(remote: "ok") })
        #expect(server.connectionCount == 4)
        await many.close()
        await alone.close()
    }

    @Test("a server that wants fewer connections gets fewer, and every mail still goes")
    func connectionLimit() async throws {
        let (server, heard) = try self.server { try $0.serve() }
        let narrow = try ScriptedTCPServer { connection in
            guard connection.number == 1 else { return try connection.write("421 4.7.0 too many connections\r\n") }
            try connection.write("220 hello\r\n")
            for _ in 0..<2 {
                _ = try connection.readText()
                try connection.write("250 PIPELINING\r\n")
            }
            try Client(connection: connection, heard: heard).serve()
        }
        withExtendedLifetime(server) {}
        #expect(await carry(30, with: carrier(narrow)).allSatisfy { $0 == .accepted(remote: "ok") })
        #expect(narrow.connectionCount <= 4)
    }

    @Test("nobody there: one attempt, and none for the next mail before the run ends")
    func outage() async throws {
        let (server, _) = try server { try $0.serve() }
        let carrier = carrier(server)
        await server.stop()
        for _ in 1...2 {
            guard case .unreachable(let reason) = await carrier.carry(envelope("1")) else {
                Issue.record("not unreachable")
                return
            }
            #expect(reason.contains("127.0.0.1:\(server.port): connect"))
        }
    }

    @Test("a goodbye to an idle connection is no answer to the mail that comes next")
    func idleGoodbye() async throws {
        let (server, _) = try server { client in
            guard client.number == 1 else { return try client.serve() }
            try client.read(3)
            try client.say("250 ok", "250 ok", "354 go")
            try client.readText()
            try client.say("250 first", "421 4.4.2 idle for too long")
        }
        let carrier = carrier(server)
        #expect(await carrier.carry(envelope("1")) == .accepted(remote: "first"))
        #expect(await carrier.carry(envelope("2")) == .accepted(remote: "ok"))
        #expect(server.connectionCount == 2)
    }

    @Test("4xx waits, 5xx is final, each with its codes and without the server's words")
    func refusals() async throws {
        let (server, _) = try server { client in
            try client.serve { line in
                line.contains("<later")
                    ? "450 4.2.1 later@mail.example is busy"
                    : line.contains("<never") ? "550 5.1.1 never@mail.example is unknown" : "250 ok"
            }
        }
        let carrier = carrier(server)
        #expect(await carrier.carry(envelope("later")) == .deferred(reason: "450 4.2.1"))
        #expect(await carrier.carry(envelope("never")) == .refused(reason: "550 5.1.1"))
        #expect(await carrier.carry(envelope("now")) == .accepted(remote: "ok"))
        guard case .refused = await carrier.carry(envelope("a b")) else {
            Issue.record("not refused")
            return
        }
    }

    @Test(
        "a bounce address that the server refuses: the same mail once more without a sender",
        arguments: ["553 5.7.1 not yours", "RCPT 550 5.1.8 bad", "RCPT 553 5.7.1 <b@x>: Sender address rejected: x"])
    func refusedSender(_ refusal: String) async throws {
        let (server, heard) = try server { client in
            var isSigned = false
            try client.serve { line in
                if line.hasPrefix("MAIL") { isSigned = line.contains("bounce") }
                let isAtRecipient = refusal.hasPrefix("RCPT")
                let isNow = isSigned && line.hasPrefix(isAtRecipient ? "RCPT" : "MAIL")
                return isNow ? String(isAtRecipient ? refusal.dropFirst(5) : refusal[...]) : "250 ok"
            }
        }
        let carrier = carrier(server)
        #expect(await carrier.carry(envelope("1", sender: "bounce@shop.example")) == .accepted(remote: "ok"))
        #expect(
            heard.all.filter { $0.hasPrefix("MAIL") } == [
                "MAIL FROM:<bounce@shop.example> RET=HDRS ENVID=1+2B1@shop.example", "MAIL FROM:<>",
            ])
        #expect(heard.all.count { $0.hasPrefix("Subject") } == 1)
        // Reports go to the bounce address, and to nobody without one.
        let notified = heard.all.filter { $0.contains("NOTIFY=FAILURE ORCPT=rfc822;1@mail.example") }
        #expect(notified.count == 1)
    }

    @Test("a sender that is no more wanted than the recipient is not tried again and again")
    func refusedRecipient() async throws {
        let (server, heard) = try server { try $0.serve { $0.hasPrefix("MAIL") ? "550 5.7.1 nobody" : "250 ok" } }
        let outcome = await carrier(server).carry(envelope("1", sender: "bounce@shop.example"))
        #expect(outcome == .refused(reason: "550 5.7.1"))
        #expect(heard.all.count { $0.hasPrefix("MAIL") } == 2)
    }

    @Test("the Message-ID that a server put in place of ours is read out of its answer")
    func replacedMessageIDs() {
        let id = "0102018f2c7e5b4a-3c1d7f42-6a0b-4d5e-9f8c-2b7a1e0d4c3f-000000"
        let amazon = "email-smtp.eu-west-1.amazonaws.com"
        #expect(
            ReplacedMessageID.all(in: "Ok \(id)", from: amazon)
                == ["\(id)@email.amazonses.com", "\(id)@eu-west-1.amazonses.com"])
        #expect(
            ReplacedMessageID.all(in: "Ok \(id)", from: "email-smtp.us-east-1.amazonaws.com")
                == ["\(id)@email.amazonses.com"])
        #expect(
            ReplacedMessageID.all(in: "OK <AM0PR@EUR.prod.outlook.com> [Hostname=EUR.prod.outlook.com]", from: "x")
                == ["AM0PR@EUR.prod.outlook.com"])
        for text in ["Ok: queued as 4F2A", "Ok \(id.dropLast())", "ok <a@b@c> <> <@>", "Ok 1 2", ""] {
            #expect(ReplacedMessageID.all(in: text, from: amazon).isEmpty, "\(text)")
        }
    }

    @Test("Postfix: many at once over several connections, each once and whole")
    func postfix() async throws {
        let postfix = try await PostfixServer.shared()
        let endpoint = MailEndpoint(
            service: .smtp, host: postfix.host, port: postfix.submissionPort, security: .startTLS,
            credentials: .password(user: postfix.user, password: postfix.password), caFile: postfix.caFile)
        let carrier = SMTPCarrier(endpoint: endpoint, connections: 3, agent: TransferAgent())
        let name = UUID().uuidString.lowercased()
        let outcomes = await withTaskGroup(of: Carriage.self) { group in
            for number in 0..<60 { group.addTask { await carrier.carry(envelope("\(name)-\(number)")) } }
            return await group.reduce(into: [Carriage]()) { $0.append($1) }
        }
        await carrier.close()
        for outcome in outcomes {
            guard case .accepted(let remote?, []) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(remote.contains("queued as"))
        }
        let arrived = try await postfix.deliveries().filter { $0.recipient.hasPrefix(name) }
        #expect(Set(arrived.map(\.recipient)).count == 60 && arrived.count == 60)
        for mail in arrived {
            let local = mail.recipient.prefix { $0 != "@" }
            #expect(mail.submitted == envelope(String(local)).bytes)
        }
    }
}

/// Folders of an IMAP account that mail is laid into.
@Suite("IMAP folders", .timeLimit(.minutes(1)))
struct IMAPFolderTests {
    private func endpoint(_ user: String, port: Int? = nil) async throws -> MailEndpoint {
        let dovecot = try await DovecotServer.shared()
        return MailEndpoint(
            service: .imap, host: dovecot.host, port: port ?? dovecot.imapsPort, security: .implicitTLS,
            credentials: .password(user: user, password: dovecot.password), caFile: dovecot.caFile)
    }

    private func envelope(_ id: String) -> SupportDesk.Envelope {
        SupportDesk.Envelope(
            recipient: "a@mail.example", messageID: id,
            bytes: Array("Message-ID: <\(id)>\r\nSubject: x\r\n\r\ny\r\n".utf8))
    }

    @Test("a draft without a configured folder goes where the server keeps drafts, and is found there")
    func drafts() async throws {
        let endpoint = try await endpoint(DovecotServer.shared().newUser())
        let carrier = IMAPDraftsCarrier(endpoint: endpoint, folder: nil, agent: TransferAgent())
        #expect(await carrier.presence(of: "1@x.example") == .absent)
        guard case .accepted = await carrier.carry(envelope("1@x.example")) else {
            Issue.record("not accepted")
            return
        }
        #expect(await carrier.presence(of: "1@x.example") == .present)
        let session = try await TransferAgent().openIMAP(endpoint)
        #expect(try await session.select("Drafts", readOnly: true).exists == 1)
    }

    @Test("a server that is down: nothing was taken, and nobody can look, which is not the same as absent")
    func down() async throws {
        let server = try ScriptedTCPServer { _ in }
        let port = server.port
        await server.stop()
        let endpoint = try await endpoint("desk", port: port)
        let carrier = IMAPDraftsCarrier(endpoint: endpoint, folder: "Drafts", agent: TransferAgent())
        guard case .unreachable = await carrier.carry(envelope("1@x.example")),
            case .unreachable = await carrier.presence(of: "1@x.example")
        else {
            Issue.record("not unreachable")
            return
        }
    }

    @Test("a reply that was sent is copied to the Sent folder; when that fails it is sent nevertheless, once")
    func sent() async throws {
        let user = try await DovecotServer.shared().newUser()
        let endpoint = try await endpoint(user)
        for (folder, copies) in [(nil, 1), ("Nowhere", 1)] as [(String?, Int)] {
            let shop = try await ScratchShop {
                $0.sent = DeskConfiguration.SentFolder(endpoint: endpoint, folder: folder)
            }
            try shop.receive(.whereIsIt())
            let carrier = ScriptedCarrier([.accepted(remote: nil)])
            #expect(try await shop.run { $0.carrier = carrier }.outcome == "answered answered")
            #expect(try await shop.run { $0.carrier = carrier }.handled.isEmpty)
            #expect(await carrier.carried.count == 1)
            let session = try await TransferAgent().openIMAP(endpoint)
            #expect(try await session.select("Sent", readOnly: true).exists == copies)
            let id = try #require(await carrier.carried.first).messageID
            let isThere = try await session.search(.header("Message-ID", id)).count == 1
            #expect(isThere == (folder == nil))
        }
    }
}
