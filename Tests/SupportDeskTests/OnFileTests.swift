import Foundation
import Mail
import Testing

@testable import SupportDesk

/// A question about somebody else's order: its owner may get the answer, the one who asks never learns whether there is such
/// an order.
@Suite("Answers to the address on file")
struct OnFileTests {
    private func newShop(_ change: (inout DeskConfiguration) -> Void = { _ in }) async throws -> ScratchShop {
        try await ScratchShop {
            $0.answersOnFile = true
            $0.limits.backstops.perSender = 50
            $0.limits.backstops.perMatter = 50
            change(&$0)
        }
    }

    /// A stranger's mail; what it says has no part in what anybody gets.
    private func mail(
        _ order: String = "NC-104233", from: String = "stranger@post.example", number: Int = 0,
        verdict: TestMail.Verdict = .pass
    ) -> TestMail {
        var mail = TestMail.whereIsIt(order)
        mail.name = "Buy now at evil.example"
        mail.from = from
        mail.subject = "Evil prize: where is my order \(order)?"
        mail.text += "Question \(number) of the evil uncle.\n"
        mail.verdict = verdict
        return mail
    }

    /// The mails to one address.
    private func mails(to address: String, of shop: ScratchShop) throws -> [Message] {
        try shop.replies().filter { $0.to.map(\.address) == [address] }
    }

    private static let owner = "priya.sharma@mail.example"

    @Test(
        "the owner gets the facts, the one who asked the neutral words", arguments: [TestMail.Verdict.pass, .none])
    func both(verdict: TestMail.Verdict) async throws {
        let shop = try await newShop()
        try shop.receive(mail(verdict: verdict))
        #expect(try await shop.run().outcome == "answered unverified")
        let own = try #require(try mails(to: Self.owner, of: shop).first)
        #expect(own.text.contains("NC-104233") && own.text.contains("Delhivery") && own.text.contains("11 March 2026"))
        #expect(own.text.contains("Hello Priya Sharma,"))
        #expect(own.text.contains("from an e-mail address that is not on it"))
        #expect(own.subject == "Neem & Clay: NC-104233")
        #expect(own.header("Auto-Submitted") == "auto-generated")
        #expect(own.inReplyTo.isEmpty && own.references.isEmpty)
        let asked = try #require(try mails(to: "stranger@post.example", of: shop).first)
        for fact in ["Delhivery", "March 2026", "Priya", "2,498"] { #expect(!asked.text.contains(fact)) }
        #expect(try shop.replies().count == 2)
        for bytes in try shop.replyBytes() where try Message(parsing: bytes).to.first?.address == Self.owner {
            for word in ["evil", "Evil", "prize", "stranger", "uncle"] { #expect(!bytes.holds(word), "\(word)") }
        }
    }

    @Test("nobody on file is told anything of a question that nobody can be answered on")
    func unaddressable() async throws {
        let shop = try await newShop()
        try shop.receive(mail(from: "\"a b\"@post.example"))
        #expect(try await shop.run().outcome == "escalated unaddressable")
        #expect(try shop.replies().isEmpty && shop.tickets().count == 1)
    }

    /// Everything that the sender of a mail can see, and every row of the ledger that belongs to her conversation, without what
    /// is drawn by lot.
    private func seen(_ order: String, _ change: (inout TestMail) -> Void) async throws -> [String] {
        let shop = try await newShop()
        var mail = mail(order)
        mail.id = "question@post.example"
        mail.subject = "Where is it?"
        change(&mail)
        try shop.receive(mail, name: "same")
        let run = try await shop.run()
        // A second mail of hers meets the same caps and the same memory.
        mail.id = "again@post.example"
        mail.inReplyTo = "question@post.example"
        mail.text = "Hello, and what about \(order) now? Where is it?\n"
        try shop.receive(mail, name: "again")
        let again = try await shop.run()
        let address = mail.from
        var seen = [run.outcome, again.outcome]
        seen += try shop.replyBytes().filter { bytes in
            try Message(parsing: bytes).to.first?.address == address
        }.map { Self.withoutLots(String(decoding: $0, as: UTF8.self).replacing(order, with: "ORDER")) }.sorted()
        let ledger = try await shop.ledger()
        let digest = ledger.digest(address: address)
        for sql in [
            "SELECT status, disposition, rule, intent, language, confidence FROM message ORDER BY id",
            "SELECT kind, state, attempts FROM outbox WHERE recipient = $1 ORDER BY id",
            """
            SELECT c.external_id, c.with_person, c.ticket, c.asked FROM conversation c
            JOIN participant p ON p.conversation = c.id WHERE p.digest = $1
            """,
            "SELECT COUNT(*) AS n FROM suppressed",
        ] {
            let rows = try await ledger.database.read { transaction in
                try transaction.rows(sql, sql.contains("$1") ? [.blob(digest)] : [])
            }
            let values = rows.map { row in
                [
                    "status", "disposition", "rule", "intent", "language", "confidence", "kind", "state", "attempts",
                    "external_id", "with_person", "ticket", "asked", "n",
                ].map { "\($0) \(row.text($0) ?? "") \(row.integer($0) ?? -1)" }.joined(separator: ";")
            }
            seen.append(Self.withoutLots(values.joined(separator: "\n")))
        }
        return seen
    }

    /// Each ledger has its own keys: what is made with them, and boundaries, are long runs of letters and digits.
    private static func withoutLots(_ text: String) -> String {
        text.replacing("=\r\n", with: "").split { !$0.isLetter && !$0.isNumber }.map { $0.count < 16 ? $0 : "#" }
            .joined(separator: " ")
    }

    @Test(
        "an order of somebody else and one that does not exist: not a byte differs for the sender",
        arguments: ["stranger@post.example", "emma.thompson@post.example"])
    func indistinguishable(sender: String) async throws {
        for verdict in [TestMail.Verdict.pass, .none] {
            let change = { (mail: inout TestMail) in
                mail.from = sender
                mail.verdict = verdict
            }
            let existing = try await seen("NC-104233", change)
            let missing = try await seen("NC-999999", change)
            #expect(existing.count > 5)
            #expect(existing == missing)
        }
    }

    @Test("off unless the shop says so; never for a mail that its domain disowns")
    func off() async throws {
        let silent = try await ScratchShop()
        try silent.receive(mail())
        try await silent.run()
        #expect(try silent.replies().map { $0.to.map(\.address) } == [["stranger@post.example"]])
        #expect(!silent.configuration.answersOnFile)
        let shop = try await newShop()
        try shop.receive(mail(verdict: .fail))
        #expect(try await shop.run().outcome == "escalated authentication-failed")
        #expect(try shop.replies().isEmpty)
    }

    @Test("one mail about one order a day, three to one address, whoever asks; the one who asks sees no difference")
    func caps() async throws {
        let shop = try await newShop { $0.limits.backstops.perDomain = 500 }
        for number in 0..<4 {
            try shop.receive(mail(from: "s\(number)@post.example", number: number))
            #expect(try await shop.run().outcome == "answered unverified")
        }
        #expect(try mails(to: Self.owner, of: shop).count == 1)
        // Four orders of one owner.
        for (number, order) in ["NC-104052", "NC-104188", "NC-104275", "NC-104322"].enumerated() {
            try shop.receive(mail(order, from: "t\(number)@post.example", number: number))
            #expect(try await shop.run().outcome == "answered unverified")
        }
        #expect(try mails(to: "rohan.dsouza@post.example", of: shop).count == 3)
        shop.clock.advance(by: 25 * 3_600)
        try shop.receive(mail(from: "later@post.example"))
        try await shop.run()
        #expect(try mails(to: Self.owner, of: shop).count == 2)
    }

    @Test("the owner's own questions are not counted by what strangers caused, and her dead address gets nothing")
    func ownersCounts() async throws {
        let shop = try await newShop { $0.limits.backstops.perSender = 1 }
        try shop.receive(mail())
        try await shop.run()
        try shop.receive(.whereIsIt())
        #expect(try await shop.run().outcome == "answered answered")
        let dead = try await newShop()
        let ledger = try await dead.ledger()
        let digest = ledger.digest(address: Self.owner)
        try await ledger.database.write { transaction in
            try transaction.execute(
                "INSERT INTO suppressed (digest, at, message) VALUES ($1, 0, 0)", [.blob(digest)])
            return
        }
        try dead.receive(mail())
        #expect(try await dead.run().outcome == "answered unverified")
        #expect(try mails(to: Self.owner, of: dead).isEmpty)
    }

    @Test(
        "what the owner answers opens no way into the stranger's conversation, and a bounce of hers is not the stranger's"
    )
    func ownConversation() async throws {
        let shop = try await newShop()
        try shop.receive(mail())
        try await shop.run()
        let own = try #require(try mails(to: Self.owner, of: shop).first)
        var answer = TestMail.whereIsIt()
        answer.subject = "Re: \(own.subject)"
        answer.inReplyTo = own.messageID
        try shop.receive(answer)
        #expect(try await shop.run().outcome == "answered answered")
        let ledger = try await shop.ledger()
        let rows = try await ledger.database.read { transaction in
            try transaction.rows("SELECT kind, conversation FROM outbox ORDER BY id", [])
        }
        #expect(rows.map { $0.text("kind") } == ["reply", "onfile", "reply"])
        #expect(rows[1].integer("conversation") == rows[2].integer("conversation"))
        #expect(rows[0].integer("conversation") != rows[1].integer("conversation"))
    }

    @Test("killed between the two mails, each is sent once; one that may have left is not sent again")
    func recovery() async throws {
        let shop = try await newShop()
        try shop.receive(mail())
        let carrier = ScriptedCarrier([.accepted(remote: nil), .unreachable(reason: "away"), .accepted(remote: nil)])
        try await shop.run { $0.carrier = carrier }
        try await shop.run { $0.carrier = carrier }
        let recipients = await carrier.carried.map(\.recipient)
        #expect(recipients == ["stranger@post.example", Self.owner, Self.owner])
        #expect(await carrier.carried[1].bytes == carrier.carried[2].bytes)
        let ledger = try await shop.ledger()
        func states() async throws -> [String?] {
            try await ledger.database.read {
                try $0.rows("SELECT state FROM outbox ORDER BY id", []).map { $0.text("state") }
            }
        }
        #expect(try await states() == ["sent", "sent"])
        // A run that died while it sent the second one: nobody waits for it, and no ticket is needed.
        try await ledger.database.write { transaction in
            try transaction.execute("UPDATE outbox SET state = 'sending' WHERE kind = 'onfile'", [])
            return
        }
        try await shop.run { $0.carrier = carrier }
        #expect(try await states() == ["sent", "uncertain"])
        #expect(await carrier.carried.count == 3)
        #expect(shop.tickets().isEmpty)
        let status = try await ledger.database.read {
            try $0.rows("SELECT status FROM message", []).first?.text("status")
        }
        #expect(status == "answered")
    }

    @Test("several orders of others at once are a search, not a question: nobody is written to")
    func probing() async throws {
        let shop = try await newShop()
        var mail = mail()
        mail.text = "Where are my orders NC-104233 and NC-104188? When will they come?\n"
        mail.subject = "Orders"
        try shop.receive(mail)
        #expect(try await shop.run().outcome == "answered unverified")
        #expect(try shop.replies().count == 1)
    }
}
