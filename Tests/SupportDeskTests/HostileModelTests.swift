import Foundation
import Mail
import Testing

@testable import SupportDesk

/// The model is replaced by an attacker: nothing of what it makes up is ever sent, and nobody else gets mail.
@Suite("Hostile model")
struct HostileModelTests {
    /// One attack and what of it must not be in any mail.
    struct Attack: Sendable, CustomTestStringConvertible {
        let name: String
        let body: String
        var language: String?
        var citations: [String] = []
        let poison: String
        var testDescription: String { name }
    }

    private static let carrier = "Your parcel is with {{fact:order1.carrier}}."

    static let attacks: [Attack] = [
        Attack(name: "an amount", body: "We will refund ₹500 to you. \(carrier)", poison: "500"),
        Attack(name: "an amount with a word", body: "We will refund 500 rupees to you.", poison: "500"),
        Attack(name: "an amount in Devanagari digits", body: "We will refund ५०० rupees to you.", poison: "५००"),
        Attack(name: "an amount in circled digits", body: "We will refund ⑤⓪⓪ to you.", poison: "⑤"),
        Attack(name: "a Roman amount", body: "We will refund Ⅻ rupees to you.", poison: "Ⅻ"),
        Attack(name: "an amount as a list number", body: "You get back this sum:\n$5)\nEnjoy.", poison: "$5"),
        Attack(
            name: "a lone number as a list number", body: "You get back so many rupees:\n99.\nEnjoy.", poison: "99."),
        Attack(name: "another currency", body: "We will refund ¥ to you and ₽ too.", poison: "¥"),
        Attack(name: "a share", body: "You get 50% off. \(carrier)", poison: "50%"),
        Attack(name: "a date", body: "It will arrive on 24 December. \(carrier)", poison: "24 December"),
        Attack(name: "an ISO date", body: "It will arrive on 2026-12-24.", poison: "2026-12-24"),
        Attack(name: "a link", body: "Please pay at https://evil.example/pay now.", poison: "evil.example"),
        Attack(name: "a bare host", body: "Please log in at evil.example now.", poison: "evil.example"),
        Attack(name: "a glued host", body: "Please log in at (evil.example)now.", poison: "evil.example"),
        Attack(name: "another scheme", body: "Open javascript://alert now.", poison: "javascript"),
        Attack(name: "an address", body: "Write to thief@evil.example please.", poison: "thief"),
        Attack(name: "a telephone number", body: "Call +91 90000 00000 now.", poison: "90000"),
        Attack(name: "another order", body: "Your other order NC-101207 was delivered.", poison: "NC-101207"),
        Attack(name: "an order in odd dashes", body: "Your order NC‑101207 was delivered.", poison: "101207"),
        Attack(name: "an unknown slot", body: "It comes on {{fact:order2.expectedOn}}.", poison: "order2"),
        Attack(name: "a slot of another customer", body: "Dear {{fact:customer2.name}}, hello.", poison: "customer2"),
        Attack(name: "a nested slot", body: "It is {{fact:{{fact:order1.total}}}}.", poison: "fact:"),
        Attack(name: "an open slot", body: "It is {{fact:order1.total and more.", poison: "fact:"),
        Attack(name: "a template tag", body: "It is {{order.total}} and {{{body}}}.", poison: "{{"),
        Attack(name: "a placeholder", body: "I know that you are [PERSON_1].", poison: "[PERSON_1]"),
        Attack(name: "a placeholder of a kind", body: "Your mail is [EMAIL_1].", poison: "EMAIL_1"),
        Attack(name: "HTML", body: "<b>Important</b> news. \(carrier)", poison: "<b>"),
        Attack(name: "an image", body: "Hello <img src=x onerror=alert()> there.", poison: "<img"),
        Attack(name: "a script", body: "Hello <script>alert()</script> there.", poison: "script"),
        Attack(name: "a comment", body: "Hello <!-- hidden --> there.", poison: "hidden"),
        Attack(
            name: "another language, declared",
            body: "Ihre Bestellung ist unterwegs und kommt bald bei Ihnen an. Vielen Dank.", language: "de",
            poison: "Bestellung"),
        Attack(
            name: "another language, denied",
            body: "Ihre Bestellung ist unterwegs und kommt bald bei Ihnen an. Vielen Dank für Ihre Geduld.",
            language: "en", poison: "Bestellung"),
        Attack(name: "another script", body: "आपका ऑर्डर रास्ते में है और जल्दी पहुँच जाएगा।", language: "en", poison: "ऑर्डर"),
        Attack(name: "a huge text", body: String(repeating: "word ", count: 40_000), poison: "word word word"),
        Attack(name: "nothing", body: " \n ", poison: "\u{0}"),
        Attack(
            name: "an article that was not offered", body: "All is free, says the law of the land. \(carrier)",
            citations: ["free-for-all"], poison: "free"),
        Attack(
            name: "a number of an article that is not cited", body: "You can send it back within 30 days. \(carrier)",
            poison: "within 30 days"),
    ]

    @Test("what it makes up is never sent: the embedded responder answers instead", arguments: attacks)
    func attack(attack: Attack) async throws {
        let shop = try await ScratchShop()
        // A random Message-ID, which the reply repeats, may hold any number.
        var mail = TestMail.whereIsIt()
        mail.id = "question@mail.example"
        try shop.receive(mail)
        let model = ScriptedModel(attack.body, language: attack.language, citations: attack.citations)
        let run = try await shop.run { $0.model = model }
        #expect(run.outcome == "answered answered")
        let bytes = try shop.replyBytes()
        #expect(bytes.count == 1)
        for reply in bytes {
            let message = try Message(parsing: reply)
            #expect(!message.text.contains(attack.poison), "\(message.text)")
            #expect(!reply.holds(attack.poison))
            #expect(message.text.contains("NC-104233"), "the embedded responder's answer")
            #expect(message.to.map(\.address) == ["priya.sharma@mail.example"])
            #expect(message.cc.isEmpty)
        }
    }

    @Test("what it may say, it may: the attacks fail for what is wrong with them")
    func goodDraft() async throws {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        let model = ScriptedModel("Thank you for your patience. \(Self.carrier)\nIt left on {{fact:order1.shippedOn}}.")
        #expect(try await shop.run { $0.model = model }.outcome == "answered answered")
        #expect(try shop.replies().first?.text.contains("Thank you for your patience.") == true)
    }

    /// A draft that uses the first sentence with a typed fact of an offered article, changed as the test says.
    private func quoting(_ change: @escaping @Sendable (String, String) -> String) -> ScriptedModel {
        ScriptedModel { brief in
            for passage in brief.passages {
                for sentence in Sentences.of(passage.text) {
                    guard let token = TypedTokens.of(sentence).first else { continue }
                    return Draft(
                        body: "We are glad to help. " + change(sentence, token), language: "en",
                        citations: [passage.article], author: .model("quoting"), asksForPerson: nil)
                }
            }
            return Draft(
                body: "No article was offered.", language: "en", citations: [], author: .model("quoting"),
                asksForPerson: nil)
        }
    }

    @Test("a whole sentence of a cited article may be quoted, also over two lines; its numbers elsewhere may not")
    func quotes() async throws {
        func isSent(_ change: @escaping @Sendable (String, String) -> String) async throws -> Bool {
            let shop = try await ScratchShop()
            try shop.receive(.whereIsIt())
            let model = quoting(change)
            #expect(try await shop.run { $0.model = model }.outcome == "answered answered")
            return try #require(try shop.replies().first).text.contains("We are glad to help.")
        }
        #expect(try await isSent { sentence, _ in sentence })
        #expect(
            try await isSent { sentence, _ in
                sentence.split(separator: " ").joined(separator: "\n")
            })
        #expect(try await !isSent { _, token in "We owe you \(token) in cash." })
        #expect(try await !isSent { sentence, _ in sentence.dropLast() + " and we pay for it." })
        #expect(try await !isSent { _, token in token })
    }

    @Test("headers in its text stay text: one recipient, its own subject")
    func headerInjection() async throws {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        let carrier = ScriptedCarrier([.accepted(remote: nil)])
        let model = ScriptedModel(
            "Hello there.\r\nBcc: everybody\r\nSubject: Prize\r\n\r\n.\r\nQUIT\r\n\(Self.carrier)")
        try await shop.run {
            $0.model = model
            $0.carrier = carrier
        }
        let envelope = try #require(await carrier.carried.first)
        #expect(envelope.recipient == "priya.sharma@mail.example")
        let reply = try Message(parsing: envelope.bytes)
        #expect(reply.header("Bcc") == nil)
        #expect(reply.to.map(\.address) == ["priya.sharma@mail.example"])
        #expect(reply.subject == "Re: Where is my order NC-104233?")
    }

    @Test("a mail cannot bring slots of its own into the answer")
    func slotsInTheMail() async throws {
        let shop = try await ScratchShop()
        var mail = TestMail.whereIsIt()
        mail.name = "{{fact:order1.total}}"
        mail.text += "{{fact:order1.total}} {{body}} [PERSON_1]\n"
        try shop.receive(mail)
        // It repeats everything that it was shown.
        let model = ScriptedModel { brief in
            Draft(
                body: brief.body.text, language: "en", citations: [], author: .model("echo"),
                asksForPerson: nil)
        }
        try await shop.run { $0.model = model }
        for reply in try shop.replies() {
            #expect(!reply.text.contains("{{") && !reply.text.contains("[PERSON_1]"))
            #expect(!reply.text.contains("where is my order"))
        }
    }
}
