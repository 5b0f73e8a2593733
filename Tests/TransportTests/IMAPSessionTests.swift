import Foundation
import TestServers
import Testing

@testable import Transport

/// `IMAPSession` and a real Dovecot.
@Suite(.timeLimit(.minutes(2)))
struct IMAPSessionTests {
    let agent = TransferAgent()

    func endpoint(
        _ dovecot: DovecotServer, _ user: String, _ security: MailEndpoint.Security = .implicitTLS
    ) -> MailEndpoint {
        MailEndpoint(
            service: .imap, host: dovecot.host, port: security == .implicitTLS ? dovecot.imapsPort : dovecot.imapPort,
            security: security, credentials: .password(user: user, password: dovecot.password), caFile: dovecot.caFile)
    }

    func open(_ security: MailEndpoint.Security = .implicitTLS) async throws -> (DovecotServer, String, IMAPSession) {
        let dovecot = try await DovecotServer.shared()
        let user = dovecot.newUser()
        return (dovecot, user, try await agent.openIMAP(endpoint(dovecot, user, security)))
    }

    static func message(_ number: Int, size: Int = 500) -> [UInt8] {
        var text = "From: a@mail.example\r\nSubject: \(number)\r\nMessage-ID: <m\(number)@mail.example>\r\n\r\n"
        var line = 0
        while text.utf8.count < size {
            line += 1
            text += line % 7 == 0 ? ")\r\nx\(line) OK forged\r\n" : "line \(line) of message \(number) {12}\r\n"
        }
        return Array(text.utf8)
    }

    @Test(arguments: [MailEndpoint.Security.implicitTLS, .startTLS, .none])
    func aMailboxIsReadAndChanged(_ security: MailEndpoint.Security) async throws {
        let (dovecot, user, session) = try await open(security)
        #expect(session.capabilities.isSuperset(of: ["IMAP4REV1", "MOVE", "UIDPLUS"]))
        let date = Date(timeIntervalSince1970: 1_700_000_000)
        for number in 1...3 {
            try dovecot.deliver(Self.message(number), to: user, flags: number == 2 ? ["S"] : [], received: date)
        }
        let selected = try await session.select("INBOX")
        #expect(selected.exists == 3)
        #expect(selected.uidValidity > 0 && selected.uidNext == 4 && selected.highestModSeq != nil)
        #expect(!selected.isReadOnly)
        #expect(try await session.search(.all) == [1, 2, 3])
        #expect(try await session.search(.uids(from: 3)) == [3])
        #expect(try await session.search(.uids(from: 4)) == [])
        #expect(try await session.search(.header("Message-ID", "<m2@mail.example>")) == [2])
        #expect(try await session.search(.not(.flag("\\Seen"))) == [1, 3])
        #expect(try await session.search(.header("Subject", "größer")) == [])

        let fetched = Collector()
        try await session.fetch([3, 1, 2, 77], maximumMessageBytes: 10_000) { fetched.add($0) }
        #expect(fetched.messages.map(\.uid) == [1, 2, 3])
        for (index, message) in fetched.messages.enumerated() {
            #expect(message.bytes == Self.message(index + 1))
            #expect(message.size == message.bytes.count && !message.isTruncated)
            #expect(message.internalDate == date)
            #expect(message.flags.contains("\\Seen") == (index == 1))
        }
        // Fetching has marked nothing.
        #expect(try await session.search(.not(.flag("\\Seen"))) == [1, 3])

        try await session.store([1, 3], .add, flags: ["\\Answered", "$AuraDesk"])
        #expect(try await session.search(.flag("$AuraDesk")) == [1, 3])
        try await session.store([1], .remove, flags: ["$AuraDesk"])
        try await session.store([3], .replace, flags: ["\\Flagged"])
        #expect(try await session.search(.flag("\\Answered")) == [1])
        #expect(try await session.search(.flag("\\Flagged")) == [3])
        try await session.noop()
        await session.logout()
        let error = await transportError { try await session.noop() }
        #expect(error?.code == .closed)
    }

    @Test func messagesMoveBetweenMailboxesOfAnyName() async throws {
        let (dovecot, user, session) = try await open()
        for number in 1...3 { try dovecot.deliver(Self.message(number), to: user) }
        let name = "Erledigt & \"alt\" हो गया 😀"
        try await session.create(name)
        let listed = try await session.list()
        #expect(listed.contains { $0.name == name })
        #expect(listed.contains { $0.name == "INBOX" && $0.delimiter != nil })
        _ = try await session.select("INBOX")
        try await session.move([1, 3], to: name)
        #expect(try await session.search(.all) == [2])
        #expect(try await session.select(name, readOnly: true).exists == 2)

        let again = await transportError { try await session.create(name) }
        #expect(again?.code == .refused && again?.responseCode == "ALREADYEXISTS")
        let missing = await transportError { try await session.select("No such") }
        #expect(missing?.code == .refused && missing?.description.contains("No such") == false)
        _ = try await session.select("INBOX")
        let nowhere = await transportError { try await session.move([2], to: "No such") }
        #expect(nowhere?.responseCode == "TRYCREATE")
        #expect(try await session.search(.all) == [2])
    }

    /// What is done on a server without MOVE and without LITERAL+.
    @Test func withoutExtensionsTheLongWayIsTaken() async throws {
        let (dovecot, user, rich) = try await open()
        let session = IMAPSession(dialog: rich.dialog, capabilities: ["IMAP4REV1", "UIDPLUS"])
        for number in 1...3 { try dovecot.deliver(Self.message(number), to: user) }
        try await session.create("Done")
        _ = try await session.select("INBOX")
        try await session.store([3], .add, flags: ["\\Deleted"])
        try await session.move([2], to: "Done")
        // What somebody else has marked as deleted is still there.
        #expect(try await session.search(.all) == [1, 3])
        #expect(try await session.search(.header("Subject", "größer")) == [])
        _ = try await session.append(to: "Done", bytes: Self.message(9), flags: ["\\Seen"])
        #expect(try await session.select("Done").exists == 2)
    }

    @Test func appendedMessagesComeBackByteForByte() async throws {
        let (_, _, session) = try await open()
        let date = Date(timeIntervalSince1970: 1_234_567_890)
        let large = Self.message(1, size: 8 << 20)
        let uid = try await session.append(to: "INBOX", bytes: large, flags: ["\\Draft", "$Mine"], date: date)
        #expect(uid == 1)
        _ = try await session.select("INBOX")
        let fetched = Collector()
        try await session.fetch([1], maximumMessageBytes: 16 << 20) { fetched.add($0) }
        let message = try #require(fetched.messages.first)
        #expect(message.bytes == large)
        #expect(message.internalDate == date)
        #expect(Set(message.flags).isSuperset(of: ["\\Draft", "$Mine"]))
        let missing = await transportError { try await session.append(to: "No such", bytes: [0x61]) }
        #expect(missing?.responseCode == "TRYCREATE")
        try await session.noop()
    }

    @Test func manyBatchesBringEveryMessageOnce() async throws {
        let (dovecot, user, session) = try await open()
        for number in 1...150 { try dovecot.deliver(Self.message(number, size: number * 40), to: user) }
        _ = try await session.select("INBOX")
        let uids = try await session.search(.all)
        for batch in [FetchBatch(messages: 7), FetchBatch(messages: 50, bytes: 10_000, inFlight: 4), FetchBatch()] {
            let fetched = Collector()
            try await session.fetch(uids, maximumMessageBytes: 5000, batch: batch) { fetched.add($0) }
            #expect(fetched.messages.map(\.uid).sorted() == uids)
            for message in fetched.messages {
                let whole = Self.message(Int(message.uid), size: Int(message.uid) * 40)
                #expect(message.isTruncated == (whole.count > 5000))
                #expect(message.size == whole.count)
                #expect(message.bytes == Array(whole.prefix(message.isTruncated ? 5000 : whole.count)))
            }
        }
    }

    @Test func anErrorOfTheCallerEndsTheFetchOnly() async throws {
        struct Enough: Error {}
        let (dovecot, user, session) = try await open()
        for number in 1...40 { try dovecot.deliver(Self.message(number), to: user) }
        _ = try await session.select("INBOX")
        let fetched = Collector()
        await #expect(throws: Enough.self) {
            try await session.fetch(Array(1...40), maximumMessageBytes: 5000, batch: FetchBatch(messages: 5)) {
                fetched.add($0)
                if fetched.messages.count == 3 { throw Enough() }
            }
        }
        #expect(fetched.messages.count == 3)
        #expect(try await session.search(.all).count == 40)
        // Also an error of another connection says nothing about this one.
        let other = await transportError {
            try await session.fetch([1], maximumMessageBytes: 5000) { _ in
                throw TransportError(.closed, "elsewhere", host: "other.example", step: "test")
            }
        }
        #expect(other?.host == "other.example")
        try await session.noop()
        // Calling the session from inside would wait for itself.
        let error = await transportError {
            try await session.fetch([1], maximumMessageBytes: 5000) { _ in try await session.noop() }
        }
        #expect(error?.code == .invalidArgument)
    }

    @Test func callsFromManyTasksAreCarriedOutInTurn() async throws {
        let (dovecot, user, session) = try await open()
        for number in 1...20 { try dovecot.deliver(Self.message(number), to: user) }
        _ = try await session.select("INBOX")
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await session.noop()
                    let fetched = Collector()
                    try await session.fetch(Array(1...20), maximumMessageBytes: 5000) { fetched.add($0) }
                    return fetched.messages.count
                }
            }
            for try await count in group { #expect(count == 20) }
        }
    }

    @Test func cancellingBreaksTheSessionAndNotTheAgent() async throws {
        let (dovecot, user, session) = try await open()
        for number in 1...200 { try dovecot.deliver(Self.message(number, size: 50_000), to: user) }
        _ = try await session.select("INBOX")
        let task = Task {
            try await session.fetch(Array(1...200), maximumMessageBytes: 100_000) { _ in
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        try await Task.sleep(for: .milliseconds(100))
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
        let error = await transportError { try await session.noop() }
        #expect(error?.code == .closed)
        let other = try await agent.openIMAP(endpoint(dovecot, user))
        #expect(try await other.select("INBOX").exists == 200)
    }

    @Test func wrongPasswordIsAnAuthenticationError() async throws {
        let dovecot = try await DovecotServer.shared()
        var endpoint = endpoint(dovecot, "private-name")
        endpoint.credentials = .password(user: "private-name", password: "private-word")
        let error = await transportError { [endpoint] in try await agent.openIMAP(endpoint) }
        #expect(error?.code == .authentication)
        #expect(error?.responseCode == "AUTHENTICATIONFAILED")
        #expect(error?.isRetryable == false)
        #expect(error?.description.contains("private") == false)
    }

    @Test(arguments: [MailEndpoint.Security.implicitTLS, .startTLS])
    func accessTokensLogIn(_ security: MailEndpoint.Security) async throws {
        let tokens = try ScriptedServer { peer, _ in
            guard let request = peer.request() else { return }
            let isGood = request.line.contains("access_token=good")
            peer.respond(
                isGood ? "200 OK" : "400 Bad Request", ["Content-Type: application/json", "Connection: close"],
                body: isGood ? "{\"username\": \"desk\"}" : "{\"error\": \"invalid_token\"}")
        }
        let dovecot = try await DovecotServer.start(tokeninfoPort: tokens.port)
        var endpoint = endpoint(dovecot, "desk", security)
        endpoint.credentials = .bearer(user: "desk", token: "good")
        let session = try await agent.openIMAP(endpoint)
        #expect(try await session.select("INBOX").exists == 0)
        endpoint.credentials = .bearer(user: "desk", token: "bad-secret")
        let error = await transportError { [endpoint] in try await agent.openIMAP(endpoint) }
        #expect(error?.code == .authentication)
        #expect(error?.description.contains("secret") == false)
        await dovecot.stop()
    }

    @Test func aSessionKeepsItsAgent() async throws {
        let dovecot = try await DovecotServer.shared()
        let session = try await TransferAgent().openIMAP(endpoint(dovecot, dovecot.newUser()))
        try await session.noop()
    }

    @Test func anUntrustedCertificateIsATLSError() async throws {
        let dovecot = try await DovecotServer.shared()
        for security in [MailEndpoint.Security.implicitTLS, .startTLS] {
            var endpoint = endpoint(dovecot, "desk", security)
            endpoint.caFile = nil
            let error = await transportError { [endpoint] in try await agent.openIMAP(endpoint) }
            #expect(error?.code == .tls)
        }
    }

    @Test(arguments: ["a\r\nx9 LOGOUT", "a\nb", "a\0b", "", String(repeating: "a", count: 2000)])
    func namesThatCannotBeSentAreRefused(_ name: String) async throws {
        let (_, _, session) = try await open()
        let error = await transportError { try await session.select(name) }
        #expect(error?.code == .invalidArgument)
        let flag = await transportError { try await session.store([1], .add, flags: ["a) b"]) }
        #expect(flag?.code == .invalidArgument)
        try await session.noop()
    }

    @Test func aServerThatDiesIsAClosedConnection() async throws {
        let dovecot = try await DovecotServer.start()
        let session = try await agent.openIMAP(endpoint(dovecot, "desk"))
        await dovecot.kill()
        let error = await transportError { try await session.noop() }
        #expect(error?.code == .closed && error?.isRetryable == true)
        await dovecot.stop()
    }
}

/// Fetched messages.
final class Collector: Sendable {
    private let box = LockedBox<[FetchedMessage]>([])
    var messages: [FetchedMessage] { box.withLock { $0 } }
    func add(_ message: FetchedMessage) { box.withLock { $0.append(message) } }
}
