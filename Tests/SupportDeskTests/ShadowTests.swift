import Foundation
import Mail
import Testing

@testable import SupportDesk

/// Where the desk only watches, its answer is laid beside the person's, and nobody but the shop's figures learns of it.
@Suite("Shadow")
struct ShadowTests {
    private func shop(_ change: @escaping (inout DeskConfiguration) -> Void = { _ in }) async throws -> ScratchShop {
        try await ScratchShop { configuration in
            configuration.channels[0].people.sent = "\(configuration.state)/../sent"
            configuration.shop.colleagues = ["@neemandclay.example"]
            configuration.policy.modes["track_order"] = .shadow
            change(&configuration)
        }
    }

    private func question(_ id: String = "m1@mail.example") -> TestMail {
        var mail = TestMail.whereIsIt()
        mail.id = id
        return mail
    }

    /// What the desk would say, without greeting and signature.
    private func own(_ shop: ScratchShop) async throws -> String {
        let raw = RawMessage(id: 0, channel: "c", source: "x", arrival: shop.clock.now, bytes: question("x@y").bytes)
        return try #require(try await shop.desk().dispose(of: raw).1.reply).body
    }

    /// A person answers from the mailbox.
    private func answer(_ text: String, to id: String = "m1@mail.example", in shop: ScratchShop) throws {
        var mail = TestMail(
            name: "Ana", from: "support@neemandclay.example", to: "priya.sharma@mail.example",
            subject: "Re: Where is my order NC-104233?", text: "Dear Priya,\n\n\(text)\n\nKind regards\nAna\n")
        mail.inReplyTo = id
        let sent = Maildir(path: "\(shop.folder.path)/sent")
        try sent.create()
        let arrival = Int(shop.clock.now.timeIntervalSince1970)
        try sent.deliver(mail.bytes, uniqueName: "\(arrival).\(UUID().uuidString)", to: .cur, flags: ["S"])
    }

    private func rows(_ sql: String, _ shop: ScratchShop) async throws -> [SQLRow] {
        try await shop.ledger().database.read { try $0.rows(sql, []) }
    }

    private func standing(_ shop: ScratchShop) async throws -> [String: Int] {
        try await shop.ledger().shadows().first { $0.intent == "track_order" }?.counts ?? [:]
    }

    private func everything(_ shop: ScratchShop) -> [String] {
        shop.tickets().flatMap { ticket in shop.files(of: ticket).map { "\(ticket)/\($0)" } }
    }

    @Test("the person said the same: counted; the customer and the ticket get nothing of it", .onEachEngine)
    func same() async throws {
        let shop = try await shop()
        try shop.receive(question())
        #expect(try await shop.run().outcome == "escalated mode-shadow")
        #expect(try await standing(shop) == ["waiting": 1])
        let kept = try #require(try await rows("SELECT * FROM shadow", shop).first)
        let sealed = try #require(kept.blob("sealed"))
        #expect(!sealed.isEmpty && !String(decoding: sealed, as: UTF8.self).contains("NC-104233"))
        let before = everything(shop)
        // Who has read the answer is no independent judge of it.
        let drafted = try await own(shop)
        for ticket in shop.tickets() {
            for name in shop.files(of: ticket) + ["ticket.json"] where !name.hasSuffix(".eml") {
                let page = String(decoding: shop.file(name, of: ticket) ?? [], as: UTF8.self)
                #expect(!page.contains(drafted) && !page.contains("Delhivery"), "\(name)")
                #expect(!page.contains("its draft is below"))
            }
        }

        try answer(try await own(shop), in: shop)
        shop.clock.advance(by: 3_600)
        #expect(try await shop.run().report.unavailable.isEmpty)
        #expect(try await standing(shop) == ["same": 1])
        let row = try #require(try await rows("SELECT * FROM shadow", shop).first)
        #expect(row.integer("same_facts") == 1 && row.integer("same_intent") == 1)
        #expect(row.real("likeness") ?? 0 > 0.6)
        #expect(row.blob("sealed") == [], "no text stays of what was compared")
        #expect(try shop.replies().isEmpty)
        #expect(everything(shop) == before)
        #expect(try await rows("SELECT id FROM outbox WHERE kind <> 'ticket'", shop).isEmpty)
        let status = try await Desk.status(shop.configuration)
        #expect(status.shadows.first?.words == "track_order: 1 of 1 answers the same as a person's")
        // Once and for all.
        shop.clock.advance(by: 86_400)
        try await shop.run()
        #expect(try await standing(shop) == ["same": 1])
    }

    @Test("other facts, another matter, an answer that nobody can read, none at all")
    func otherwise() async throws {
        let shop = try await shop()
        for number in 1...4 { try shop.receive(question("m\(number)@mail.example"), name: "q\(number)") }
        try await shop.run()
        #expect(try await standing(shop) == ["waiting": 4])
        let own = try await own(shop)
        let changed = own.replacing(/\d{1,2} (March|Mar)/, with: "29 March")
        #expect(changed != own)
        try answer(changed, to: "m1@mail.example", in: shop)
        try answer("Our van has a flat tyre, and Ben is on his way.", to: "m2@mail.example", in: shop)
        let name = try #require(try shop.maildir.entries().first { $0.uniqueName.contains("q3") }).uniqueName
        try shop.maildir.mark(name, adding: ["R"])
        shop.clock.advance(by: 3_600)
        try await shop.run()
        #expect(try await standing(shop) == ["otherFacts": 1, "otherAnswer": 1, "unread": 1, "waiting": 1])
        shop.clock.advance(by: 10 * 86_400)
        try await shop.run()
        #expect(try await standing(shop)["waiting"] == 1)
        shop.clock.advance(by: 10 * 86_400)
        try await shop.run()
        #expect(
            try await standing(shop) == ["otherFacts": 1, "otherAnswer": 1, "unread": 1, "unanswered": 1])
        #expect(try shop.replies().isEmpty)
    }

    @Test("what an agent answered on the ticket is laid beside it; so is what the rollout held back")
    func ticket() async throws {
        let shop = try await shop {
            $0.policy.modes = [:]
            $0.policy.rollouts = ["track_order": 0]
        }
        try shop.receive(question())
        #expect(try await shop.run().outcome == "escalated rollout")
        let ticket = try #require(shop.tickets().first)
        try shop.folder.write(
            "tickets/\(ticket)/agent-2.txt", "From: asha@neemandclay.example\n\n\(try await own(shop))\n")
        shop.clock.advance(by: 3_600)
        try await shop.run()
        #expect(try await standing(shop) == ["same": 1])
    }

    @Test("what a person is to look over is laid before her, and so compared with nothing", arguments: [true, false])
    func reviewed(isShadowed: Bool) async throws {
        let shop = try await shop {
            $0.policy.modes["track_order"] = isShadowed ? .shadow : .auto
            $0.policy.defaultCap = MoneyCap("1 INR")
        }
        try shop.receive(question())
        #expect(try await shop.run().outcome == (isShadowed ? "escalated mode-shadow" : "escalated cap"))
        let ticket = try #require(shop.tickets().first)
        let page = String(decoding: shop.file("note-1.txt", of: ticket) ?? [], as: UTF8.self)
        #expect(page.contains("Kind regards") == !isShadowed)
        #expect(try await shop.ledger().shadows().isEmpty == !isShadowed)
    }

    @Test("not where a person answers anyway: another mode, another reason")
    func others() async throws {
        for mode in [Mode.off, .draft, .auto] {
            let shop = try await shop { $0.policy.modes["track_order"] = mode }
            try shop.receive(question())
            try shop.receive(TestMail(text: "I want to speak to a human being, please. Get me a real person.\n"))
            try await shop.run()
            #expect(try await shop.ledger().shadows().isEmpty, "\(mode)")
        }
    }

    @Test("who is forgotten leaves nothing in it; what is handed out to her has it; it grows old", .onEachEngine)
    func forgotten() async throws {
        let shop = try await shop()
        try shop.receive(question())
        try await shop.run()
        let desk = try await shop.desk()
        let record = try await desk.export(["priya.sharma@mail.example"], into: "\(shop.folder.path)/export")
        let shadow = try #require(record.conversations.first?.shadows.first)
        #expect(shadow.intent == "track_order" && shadow.verdict == nil && shadow.text?.contains("NC-104233") == true)
        _ = try await desk.forget(["priya.sharma@mail.example"])
        #expect(try await rows("SELECT message FROM shadow", shop).isEmpty)

        let other = try await self.shop()
        try other.receive(question())
        try await other.run()
        other.clock.advance(by: 31 * 86_400)
        let ledger = try await other.ledger()
        _ = try await ledger.enforce(other.configuration.retention, now: other.clock.now)
        #expect(try await rows("SELECT sealed FROM shadow", other).first?.blob("sealed") == [])
        other.clock.advance(by: 400 * 86_400)
        _ = try await ledger.enforce(other.configuration.retention, now: other.clock.now)
        #expect(try await rows("SELECT message FROM shadow", other).isEmpty)
    }

    @Test("a rotation seals it anew, and it is compared after that")
    func rotated() async throws {
        let shop = try await shop()
        try shop.receive(question())
        try await shop.run()
        try answer(try await own(shop), in: shop)
        _ = try await shop.ledger().rotate(shop.keys(), now: shop.clock.now)
        shop.clock.advance(by: 3_600)
        try await shop.run()
        #expect(try await standing(shop) == ["same": 1])
    }
}

/// Two answers to one message, beside each other.
@Suite("Answer comparison")
struct AnswerComparisonTests {
    private func compare(
        _ own: String, _ theirs: String, language: String = "en", known: Set<String> = [],
        intents: [String] = ["track_order"]
    ) throws -> AnswerComparison {
        let templates = try ReplyTemplates(folder: "\(PackageFolder.templates)/replies")
        return AnswerComparison(
            own, theirs, in: language, known: known, intents: intents, templates: templates.words(in: language))
    }

    @Test(
        "facts are the same however they are written",
        arguments: [
            ("It costs ₹1,299.00.", "It costs Rs. 1299."),
            ("It arrives on 12 March 2026.", "It arrives on 12/03/2026."),
            ("It arrives on 12 March 2026.", "Expect it on March 12th"), ("You have 30 days.", "You have thirty days."),
            ("The total is 2,498 INR.", "The total is 2498"), ("See https://a.example/x.", "(https://a.example/x)"),
        ])
    func sameFacts(one: String, other: String) throws {
        let comparison = try compare(one, other)
        #expect(comparison.sameFacts, "\(comparison)")
        #expect(try compare(other, one).sameFacts)
        #expect(comparison.onlyOurs == 0 && comparison.onlyTheirs == 0)
    }

    @Test(
        "another amount, day, number or link is another fact",
        arguments: [
            ("It costs ₹1,299.", "It costs ₹1,298."), ("It arrives on 12 March.", "It arrives on 13 March."),
            ("You have 30 days.", "You have 30 weeks."), ("See https://a.example/x.", "See https://a.example/y."),
            ("It is 12 March 2026.", "It is 12 March 2027."), ("It costs ₹1,299.", "It costs $1,299."),
            ("Nothing.", "It costs ₹5."),
        ])
    func otherFacts(one: String, other: String) throws {
        #expect(try !compare(one, other).sameFacts)
        #expect(try !compare(other, one).sameFacts)
    }

    @Test("what the customer named herself counts for nothing")
    func known() throws {
        let own = "Your order NC-104233 is on its way."
        #expect(try !compare(own, "It is on its way.").sameFacts)
        #expect(try compare(own, "It is on its way.", known: ["nc-104233"]).sameFacts)
    }

    @Test("every template's own words are nearest to it, in every language")
    func intents() throws {
        let templates = try ReplyTemplates(folder: "\(PackageFolder.templates)/replies")
        for language in ["en", "hi", "hi-Latn"] {
            let words = templates.words(in: language)
            #expect(words.count > 20)
            for (intent, own) in words where own.count > 8 {
                let text = own.sorted().joined(separator: " ")
                #expect(
                    try compare(text, text, language: language, intents: [intent]).sameIntent, "\(language) \(intent)")
            }
        }
        let tracking = try #require(templates.words(in: "en")["track_order"]).sorted().joined(separator: " ")
        let payment = try #require(templates.words(in: "en")["check_payment_methods"]).sorted().joined(separator: " ")
        #expect(try !compare(tracking, payment).sameIntent)
        #expect(try compare(tracking, payment).verdict == .otherAnswer)
        #expect(try compare(tracking, "").verdict == .otherAnswer)
    }

    @Test("a text without an end is looked at up to a point")
    func long() throws {
        let start = ContinuousClock.now
        _ = try compare("It costs ₹5.", String(repeating: "word 5 ", count: 200_000))
        #expect(ContinuousClock.now - start < .seconds(10))
    }
}
