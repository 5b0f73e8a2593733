import Foundation
import Mail
import Testing

@testable import SupportDesk

/// Which conversation a message joins, and who may join one.
@Suite("Threading")
struct ThreadingTests {
    /// The conversations of several mails, handled one by one; `reply` of a mail is made of the reply to the first one.
    private func conversations(
        _ mails: [(inout TestMail, Message) -> Void], after days: Double = 0, first: (inout TestMail) -> Void = { _ in }
    ) async throws -> [Int64] {
        let shop = try await ScratchShop { $0.limits.backstops.perText = 9 }
        var opening = TestMail.whereIsIt()
        opening.id = "first@mail.example"
        first(&opening)
        try shop.receive(opening)
        try await shop.run()
        let reply = try #require(shop.replies().first)
        for change in mails {
            shop.clock.advance(by: days * 86_400)
            var mail = TestMail(subject: "Something else", text: "Hello,\nwhere is my order NC-104240 now?\n")
            change(&mail, reply)
            try shop.receive(mail)
            try await shop.run()
        }
        return try await shop.conversations()
    }

    @Test("by References and In-Reply-To of hers or of ours")
    func references() async throws {
        let found = try await conversations([
            { mail, _ in mail.references = ["unknown@mail.example", "first@mail.example"] },
            { mail, reply in mail.inReplyTo = reply.messageID },
            { mail, reply in mail.references = [reply.messageID ?? ""] },
            { mail, _ in mail.references = ["another@mail.example"] },
        ])
        #expect(found == [1, 1, 1, 1, 2])
    }

    @Test("by the token of our Message-ID alone, when the ledger has lost the reference")
    func token() async throws {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        try await shop.run()
        let ledger = try await shop.ledger()
        try await ledger.database.write { transaction in
            try transaction.execute("DELETE FROM reference", [])
            return
        }
        var mail = TestMail(text: "Thank you. How long does express delivery take?\n")
        mail.inReplyTo = try #require(shop.replies().first?.messageID)
        try shop.receive(mail)
        try await shop.run()
        #expect(try await shop.conversations() == [1, 1])
    }

    @Test("by subject, for an answer of the same sender within two weeks; not for a new mail, nor for another sender")
    func subjects() async throws {
        let same: (inout TestMail, Message) -> Void = { mail, _ in
            mail.subject = "AW:  Re: where is my ORDER NC-104233?"
        }
        #expect(try await conversations([same]) == [1, 1])
        #expect(try await conversations([same], after: 13) == [1, 1])
        #expect(try await conversations([same], after: 15) == [1, 2])
        #expect(try await conversations([{ mail, _ in mail.subject = "Where is my order NC-104233?" }]) == [1, 2])
        #expect(
            try await conversations([
                { mail, reply in
                    same(&mail, reply)
                    mail.from = "other@mail.example"
                }
            ]) == [1, 2])
        // An unauthenticated sender got a subject of ours, and answers that.
        let ours = try await conversations(
            [
                { mail, reply in
                    mail.subject = reply.subject
                    mail.verdict = .none
                }
            ], first: { $0.verdict = .none })
        #expect(ours == [1, 1])
    }

    @Test("a number in a subject, of an order or of a conversation, never joins")
    func numbers() async throws {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        try await shop.run()
        let name = try await shop.ledger().database.read { transaction in
            try transaction.rows("SELECT external_id FROM conversation", []).first?.text("external_id")
        }
        var mail = TestMail(subject: "Re: [\(try #require(name))] NC-104233", text: "How long does delivery take?\n")
        mail.from = "other@mail.example"
        try shop.receive(mail)
        try await shop.run()
        #expect(try await shop.conversations() == [1, 2])
    }

    @Test("a stranger who names somebody's Message-ID opens a conversation of her own, and it is noted")
    func stranger() async throws {
        let shop = try await ScratchShop()
        var first = TestMail(text: "I want to speak to a human being, please.\n")
        first.id = "first@mail.example"
        try shop.receive(first)
        try await shop.run()
        var stranger = TestMail.whereIsIt()
        stranger.from = "mallory@evil.example"
        stranger.references = ["first@mail.example"]
        try shop.receive(stranger)
        let run = try await shop.run()
        // Not with the person who has the other conversation, and not on her ticket.
        #expect(run.handled.map(\.disposition) == [.answered])
        #expect(try await shop.conversations() == [1, 2])
        let detail = try await shop.ledger().database.read { transaction in
            try transaction.rows("SELECT detail FROM decision WHERE message = 2", []).first?.text("detail")
        }
        #expect(detail?.contains("its sender has no part in") == true)
        // Hers is hers from then on, and the first customer's stays hers.
        var again = TestMail(text: "And how long does express delivery take?\n")
        again.from = "mallory@evil.example"
        again.inReplyTo = stranger.id
        try shop.receive(again)
        var more = TestMail(text: "Hello?\n")
        more.references = ["first@mail.example"]
        try shop.receive(more)
        try await shop.run()
        #expect(try await shop.conversations().sorted() == [1, 1, 2, 2])
    }

    @Test("whoever was written to has a part in it")
    func copied() async throws {
        let found = try await conversations(
            [
                { mail, _ in
                    mail.from = "husband@mail.example"
                    mail.inReplyTo = "first@mail.example"
                },
                { mail, _ in
                    mail.from = "neighbour@mail.example"
                    mail.inReplyTo = "first@mail.example"
                },
            ], first: { $0.headers = ["Cc: Husband <Husband@mail.example>"] })
        #expect(found == [1, 1, 2])
    }
}
