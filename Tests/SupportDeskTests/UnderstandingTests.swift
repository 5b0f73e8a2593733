import Foundation
import Mail
import Testing

@testable import SupportDesk

/// What a person must see, whatever else a mail asks, and what is known about its language before it is read.
@Suite("Understanding")
struct UnderstandingTests {
    /// The only ticket's note after one mail.
    private func note(_ text: String) async throws -> String {
        let shop = try await ScratchShop()
        try shop.receive(TestMail(text: text))
        try await shop.run()
        let ticket = try #require(shop.tickets().first)
        let name = try #require(shop.files(of: ticket).first { $0.hasPrefix("note-") })
        return String(decoding: try #require(shop.file(name, of: ticket)), as: UTF8.self)
    }

    @Test(
        "danger, threats and the wish for a person go to a person, with the words that decided",
        arguments: [
            ("The kettle you sent gave my son an electric shock.", "safety", "danger: electric shock"),
            ("I will post this on social media, where is NC-104233?", "press", "press: post this on social media"),
            ("My lawyer will contact you about NC-104233.", "legal", "legal steps: lawyer"),
            ("mujhe kisi insaan se baat karni hai", "asks-for-person", "asks for a person: kisi insaan"),
        ])
    func toAPerson(text: String, rule: String, noticed: String) async throws {
        let note = try await note(text + "\n")
        #expect(note.contains("Rule:            \(rule)\n"))
        #expect(note.contains("Noticed:         \(noticed)"))
    }

    @Test("a text too short to tell takes the language of its conversation")
    func conversationsLanguage() async throws {
        let shop = try await ScratchShop { $0.limits.backstops.perText = 9 }
        try shop.receive(TestMail(text: "Namaste, mera order NC-104233 kahan hai? Abhi tak nahi aaya.\n"))
        try await shop.run()
        for answers in [true, false] {
            var mail = TestMail(subject: answers ? "Re: Order" : "Order", text: "Ok.\n")
            if answers { mail.inReplyTo = try #require(shop.replies().first?.messageID) }
            try shop.receive(mail)
            try await shop.run()
        }
        let languages = try await shop.ledger().database.read { transaction in
            try transaction.rows("SELECT language FROM message ORDER BY id", []).map { $0.text("language") }
        }
        #expect(languages == ["hi-Latn", "hi-Latn", "en"])
    }

    @Test(
        "Hindi in Latin letters is answered in the same, in English by a shop that does not offer it",
        arguments: [(["en", "hi", "hi-Latn"], "Namaste"), (["en", "hi"], "Hello")])
    func romanisedHindi(languages: [String], greeting: String) async throws {
        let shop = try await ScratchShop { $0.shop.languages = languages }
        try shop.receive(TestMail(text: "Namaste, password bhool gaya hoon, naya password kaise banau?\n"))
        try await shop.run()
        let reply = try #require(shop.replies().first)
        #expect(reply.text.hasPrefix(greeting))
        #expect(reply.text.contains("https://neemandclay.example/account/reset"))
    }
}
