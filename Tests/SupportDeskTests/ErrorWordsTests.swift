import Foundation
import Mail
import Testing
import Transport

@testable import SupportDesk

/// What is said of a failure names file, host or step, and nothing that a customer chose.
@Suite("Words of errors")
struct ErrorWordsTests {
    private static let secret = "zora.kelm"

    private func words(_ body: () async throws -> Void) async -> String? {
        do {
            try await body()
            return nil
        } catch {
            return "\(error)"
        }
    }

    private func expectNothing(of words: String?, _ what: String) {
        #expect(words != nil, "\(what) did not fail")
        #expect(words?.contains(Self.secret) == false, "\(what): \(words ?? "")")
    }

    @Test("a mail that cannot be read")
    func reading() async {
        expectNothing(
            of: await words { _ = try Message(parsing: Array("\(Self.secret) wrote\n\nthis".utf8)) }, "no header")
        var limits = Message.Limits.default
        limits.bytes = 10
        let mail = TestMail(from: "\(Self.secret)@mail.example", text: "x")
        expectNothing(of: await words { _ = try Message(parsing: mail.bytes, limits: limits) }, "too large")
    }

    @Test("a mail that cannot be written", arguments: ["recipient", "name", "subject", "file", "message-id"])
    func writing(part: String) async {
        let bad = "\(Self.secret)\r\nBcc: x@mail.example"
        func value(_ name: String, _ fine: String) -> String { part == name ? bad : fine }
        let outgoing = OutgoingMail(
            from: Mailbox(name: "Shop", address: "support@neemandclay.example"),
            to: [Mailbox(name: value("name", "Zora"), address: value("recipient", "z@mail.example"))], cc: [],
            subject: value("subject", "x"), messageID: value("message-id", "a@b.example"), inReplyTo: nil,
            references: [],
            date: ScratchShop.start, text: "x", html: nil, headers: [],
            attachments: [Attachment(name: value("file", "a.txt"), type: "text/plain", bytes: [])])
        expectNothing(of: await words { _ = try outgoing.bytes() }, part)
    }

    @Test("a request that finds no server, and an address that is none")
    func requesting() async throws {
        let agent = TransferAgent()
        for url in [
            "http://127.0.0.1:1/\(Self.secret)?q=\(Self.secret)", "http://\(Self.secret) x/",
            "gopher://x/\(Self.secret)",
        ] {
            var request = HTTPRequest(method: "POST", url: url)
            request.body = Array(Self.secret.utf8)
            expectNothing(of: await words { _ = try await agent.perform(request) }, url)
        }
        await agent.shutdown()
    }

    @Test("a statement that fails, with its arguments; a record that cannot be opened")
    func storing() async throws {
        let ledger = try await Ledger.test()
        for sql in [
            "INSERT INTO channel (name) VALUES ($1)", "SELECT \(Self.secret)", "INSERT INTO nowhere VALUES ($1)",
        ] {
            let words = await words {
                try await ledger.database.write { transaction in
                    try transaction.execute(sql, [.text(Self.secret)])
                    return
                }
            }
            expectNothing(of: words, sql)
        }
        expectNothing(
            of: await words {
                _ = try await FileRecords(customers: "/dev/null", orders: "/dev/null").find(
                    .orderByNumber(Self.secret), until: .now + .seconds(5))
            }, "records")
    }

    @Test("an address that no carrier takes")
    func carrying() async throws {
        let envelope = SupportDesk.Envelope(
            recipient: "\(Self.secret) @x\r\n", messageID: "a@b.example", bytes: [])
        let carriage = await SendmailCarrier(command: ["/bin/true"]).carry(envelope)
        #expect("\(carriage)".contains("refused") && !"\(carriage)".contains(Self.secret))
    }
}
