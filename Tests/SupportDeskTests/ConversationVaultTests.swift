import Foundation
import Mail
import Redaction
import Testing

@testable import SupportDesk

/// Placeholders mean the same for the life of a conversation, and lead back to a value only for the one it belongs to.
@Suite("Conversation vault")
struct ConversationVaultTests {
    private static let priya = "priya.sharma@mail.example"
    private static let arjun = "arjun.mehta@inbox.example"

    /// Opens the conversation: Priya tells her phone number, and lets Arjun take part.
    private func opening() -> TestMail {
        var mail = TestMail.whereIsIt()
        mail.id = "opening@mail.example"
        mail.headers = ["Cc: Arjun Mehta <\(Self.arjun)>"]
        mail.text += "My number is +91 98220 14477.\n"
        return mail
    }

    /// Arjun goes on in the same conversation.
    private func answer(_ text: String) -> TestMail {
        var mail = TestMail(name: "Arjun Mehta", from: Self.arjun, text: text)
        mail.inReplyTo = "opening@mail.example"
        return mail
    }

    private func vault(of shop: ScratchShop, conversation: Int64 = 1) async throws -> (ConversationVault, Ledger) {
        let ledger = try await shop.ledger()
        let sealed = try await ledger.database.read { try SealedVault(of: conversation, in: $0) }
        return (try await ConversationVault(sealed, of: ledger), ledger)
    }

    private func sight(_ placeholder: String, in vault: ConversationVault, for reader: [UInt8]) throws
        -> ConversationVault.Sight
    {
        vault.sight(of: try #require(Placeholder(placeholder)), for: [reader])
    }

    @Test("the same value keeps its placeholder in later messages and runs, and each knows whom it belongs to")
    func stable() async throws {
        let shop = try await ScratchShop { $0.people.otherParticipant = .answerAuthor }
        try shop.receive(opening())
        try await shop.run()
        try shop.receive(
            answer("Can I return a bowl? Call +91-98220-14477 or me at +91 98191 60532. What is [PHONE_1]?\n"))
        let seen = Collector<String>()
        try await shop.run { $0.model = WatchingModel { await seen.add($0.body.text) } }
        let text = try #require(await seen.all.first)
        #expect(text.contains("Call [PHONE_1.2] or me at [PHONE_2]"), "\(text)")
        // Who types a placeholder gets one for the very letters.
        #expect(text.contains("What is [LITERAL_1]?"), "\(text)")

        let (vault, ledger) = try await vault(of: shop)
        let (priya, arjun) = (ledger.digest(address: Self.priya), ledger.digest(address: Self.arjun))
        #expect(vault.version == 2)
        #expect(try sight("[PHONE_1]", in: vault, for: priya) == .own("+91 98220 14477", .phone))
        #expect(try sight("[PHONE_1]", in: vault, for: arjun) == .foreign)
        #expect(try sight("[PHONE_1.2]", in: vault, for: arjun) == .own("+91-98220-14477", .phone))
        #expect(try sight("[PHONE_2]", in: vault, for: priya) == .foreign)
        #expect(try sight("[LITERAL_1]", in: vault, for: arjun) == .own("[PHONE_1]", .literal))
        #expect(try sight("[PHONE_3]", in: vault, for: priya) == .unknown)
        #expect(vault.sight(of: try #require(Placeholder("[PHONE_1]")), for: []) == .foreign)
    }

    @Test(
        "a draft that names another person's placeholder is refused, and a person looks at it",
        arguments: [
            "You can be reached at [PHONE_1], I believe.", "Hello [PERSON_1], all is well.",
            "All is well. {{fact:order1.carrier}} [PHONE_1]",
        ])
    func trespass(draft: String) async throws {
        let shop = try await ScratchShop { $0.people.otherParticipant = .answerAuthor }
        var mail = opening()
        mail.text += "Regards,\nPriya Sharma\n"
        try shop.receive(mail)
        try await shop.run()
        let first = try shop.replyBytes().count
        try shop.receive(answer("Can I return a bowl that I bought last week?\n"))
        let run = try await shop.run { $0.model = ScriptedModel(draft) }
        #expect(run.outcome == "escalated review-foreign-placeholder")
        #expect(try shop.replyBytes().count == first)
        let notes = shop.tickets().flatMap { ticket in
            shop.files(of: ticket).filter { !$0.hasSuffix(".eml") }.compactMap { shop.file($0, of: ticket) }
        }
        #expect(!notes.isEmpty && !notes.contains { $0.holds("98220 14477") })
    }

    /// A model that says something of its own before it quotes an article.
    private static func quoting(_ words: String) -> ScriptedModel {
        ScriptedModel { brief in
            let passage = brief.passages.first
            return Draft(
                body: "\(words)\n\n\(passage?.text ?? "")", language: brief.language,
                citations: passage.map { [$0.article] } ?? [], author: .model("quoting"), asksForPerson: nil)
        }
    }

    @Test("her own values are written back into an answer to her; not secrets, and not to who is not proved to be her")
    func own() async throws {
        func reply(_ draft: String, _ change: (inout TestMail) -> Void = { _ in }) async throws -> String? {
            let shop = try await ScratchShop { $0.people.otherParticipant = .answerAuthor }
            var mail = TestMail(
                text: """
                    Can I return a bowl that I bought last week? My number is +91 98220 14477, my card is 4111 1111 1111 1111.
                    Regards,
                    Priya Sharma
                    """)
            change(&mail)
            try shop.receive(mail)
            let run = try await shop.run { $0.model = Self.quoting(draft) }
            #expect(run.handled.first?.disposition == .answered, "\(run.outcome)")
            return try shop.replies().first?.text
        }
        let text = try await reply("Thank you for writing, [PERSON_1], [PHONE_1].")
        #expect(text?.contains("Thank you for writing, Priya Sharma, +91 98220 14477.") == true, "\(text ?? "")")
        // The embedded responder answers instead.
        #expect(try await reply("Your card is [CREDIT_CARD_1], is it not?")?.contains("4111") == false)
        #expect(try await reply("We call [PHONE_7].")?.contains("We call") == false)
        #expect(
            try await reply("Thank you for writing, [PHONE_1].") { $0.verdict = .none }?.contains("98220") == false)
    }

    @Test("the customer of a record is one person by each of her addresses, once it is proved that she wrote")
    func addresses() async throws {
        func outcome(_ verdict: TestMail.Verdict) async throws -> String {
            let shop = try await ScratchShop { $0.people.otherParticipant = .answerAuthor }
            var mail = TestMail(
                name: nil, from: Self.arjun, text: "Can I return a bowl? My number is +91 90000 11111.\n")
            mail.id = "opening@mail.example"
            mail.headers = ["Cc: arjun.mehta@corp.example"]
            try shop.receive(mail)
            try await shop.run()
            var next = TestMail(
                name: nil, from: "arjun.mehta@corp.example", text: "Can I return a bowl that I bought last week, too?\n"
            )
            next.inReplyTo = "opening@mail.example"
            next.verdict = verdict
            try shop.receive(next)
            return try await shop.run { $0.model = Self.quoting("Thank you for writing, [PHONE_1].") }.outcome
        }
        #expect(try await outcome(.pass).hasPrefix("answered"))
        #expect(try await outcome(.none) == "escalated review-foreign-placeholder")
    }

    @Test("of two messages of a conversation that are decided at once, the later one is decided again")
    func race() async throws {
        let shop = try await ScratchShop { $0.people.otherParticipant = .answerAuthor }
        try shop.receive(opening())
        try await shop.run()
        try shop.receive(answer("Can I return a bowl? My number is +91 98191 60532.\n"))
        // While the model thinks about that one, another process handles a message of the same conversation.
        let other = Maildir(path: "\(shop.folder.path)/other")
        try other.create()
        var mail = TestMail(text: "Can I return a mug? My number is +91 97000 12345.\n")
        mail.inReplyTo = "opening@mail.example"
        try other.deliver(mail.bytes, uniqueName: "1773133100.other", to: .new, flags: [])
        let seen = Collector<String>()
        let model = WatchingModel { brief in
            // Asked to mend its draft it sees the same mail again.
            guard brief.rejected == nil else { return }
            await seen.add(brief.body.text)
            guard await seen.all.count == 1 else { return }
            let channel = MaildirChannel(name: "other", path: other.path)
            let desk = try await shop.desk {
                $0.channels = [ChannelSetting(channel: channel, adoptFrom: .distantPast)]
            }
            #expect(try await shop.run(desk).handled.count == 1)
        }
        let run = try await shop.run { $0.model = model }
        #expect(run.handled.count == 1)
        let texts = await seen.all
        #expect(texts.count == 2)
        #expect(texts.first?.contains("[PHONE_2]") == true && texts.last?.contains("[PHONE_3]") == true, "\(texts)")
        let (vault, ledger) = try await vault(of: shop)
        #expect(
            try sight("[PHONE_2]", in: vault, for: ledger.digest(address: Self.priya))
                == .own("+91 97000 12345", .phone))
        #expect(
            try sight("[PHONE_3]", in: vault, for: ledger.digest(address: Self.arjun))
                == .own("+91 98191 60532", .phone))
        #expect(vault.version == 3)
    }

    @Test("a vault that was changed by another process is never overwritten, and one without news is not written")
    func versions() async throws {
        let ledger = try await Ledger.test()
        let redactor = try Redactor()
        func load() async throws -> ConversationVault {
            let sealed = try await ledger.database.read { try SealedVault(of: 1, in: $0) }
            return try await ConversationVault(sealed, of: ledger)
        }
        func save(_ vault: ConversationVault) async throws {
            try await ledger.writeSealed { try vault.save(for: 1, $0, in: $1) }
        }
        var (first, second) = (try await load(), try await load())
        _ = first.redact("a@mail.example", of: [1], by: redactor)
        _ = second.redact("b@mail.example", of: [2], by: redactor)
        try await save(first)
        await #expect(throws: VaultMoved.self) { try await save(second) }
        (first, second) = (try await load(), try await load())
        _ = first.redact("c@mail.example", of: [1], by: redactor)
        _ = second.redact("b@mail.example", of: [2], by: redactor)
        try await save(second)
        await #expect(throws: VaultMoved.self) { try await save(first) }
        first = try await load()
        #expect(first.version == 2)
        _ = first.redact("a@mail.example b@mail.example", of: [1], by: redactor)
        // The values are known; that the second is hers, too, is news.
        try await save(first)
        var last = try await load()
        #expect(last.version == 3)
        _ = last.redact("b@mail.example, a@mail.example", of: [1], by: redactor)
        #expect(!last.isChanged)
        try await save(last)
        #expect(try await load().version == 3)
    }
}

/// A model that lets a test look at what it is shown, and then says something harmless.
struct WatchingModel: LanguageModel {
    let name = "watching"
    private let look: @Sendable (Brief) async throws -> Void

    init(_ look: @escaping @Sendable (Brief) async throws -> Void) { self.look = look }

    func draft(_ brief: Brief) async throws -> Draft {
        try await look(brief)
        return Draft(
            body: "Thank you for writing to us. We are glad to help you with this.",
            language: brief.language, citations: [], author: .model(name), asksForPerson: nil)
    }
}
