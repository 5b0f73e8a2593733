import Foundation
import Mail
import TestServers
import Testing

@testable import SupportDesk

/// The chat model over HTTP: what it says is used when it is good; whatever else it does, the embedded responder answers.
@Suite("Chat completions")
struct ChatCompletionsTests {
    private static let good: String = answer(
        "Good news: your parcel is with {{fact:order1.carrier}} and should reach you on {{fact:order1.expectedOn}}.")

    private static func answer(_ text: String, citations: [String] = [], needsHuman: Bool = false) -> String {
        let object: [String: Any] = [
            "answer": text, "language": "en", "citations": citations, "facts_used": DraftText(text).slots,
            "resolved": !needsHuman,
            "needs_human": needsHuman, "reason": "",
        ]
        return (try? JSONSerialization.data(withJSONObject: object)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// A shop whose desk asks this model, impatiently.
    private func shop(_ server: ChatModelServer, retries: Int = 2, maximumWait: Duration = .seconds(20)) async throws
        -> ScratchShop
    {
        try await ScratchShop { configuration in
            var model = ModelConfiguration(url: server.baseURL, name: "test-model", key: server.apiKey)
            model.timeout = .milliseconds(400)
            model.retries = retries
            model.maximumWait = maximumWait
            configuration.models = [model]
        }
    }

    /// Who drafted the only message's answer, as the ledger has it.
    private func author(_ shop: ScratchShop) async throws -> String? {
        let ledger = try await shop.ledger()
        let detail = try await ledger.database.read { transaction in
            try transaction.rows("SELECT detail FROM decision", []).first?.text("detail")
        }
        let object = try JSONSerialization.jsonObject(with: Data((detail ?? "{}").utf8)) as? [String: Any]
        return object?["author"] as? String
    }

    @Test("a good answer is sent with its slots filled by code")
    func good() async throws {
        let server = try ChatModelServer(behaviours: [.content(Self.good)])
        let shop = try await shop(server)
        try shop.receive(.whereIsIt())
        #expect(try await shop.run().outcome == "answered answered")
        let reply = try #require(try shop.replies().first)
        #expect(reply.text.contains("Good news: your parcel is with Delhivery"))
        #expect(reply.text.contains("on 11 March 2026."))
        #expect(!reply.text.contains("{{"))
        #expect(try await author(shop) == "test-model")
        #expect(server.requests.count == 1)
        #expect(server.requests.first?.model == "test-model")
        #expect(server.requests.first?.schemaName == "support_answer")
        #expect(server.refusals == [])
        await server.stop()
    }

    @Test("names and text of attached files are shown to it, with placeholders of the same vault as the mail's text")
    func files() async throws {
        let server = try ChatModelServer(behaviours: [.content(Self.good)])
        let shop = try await shop(server)
        var mail = TestMail.whereIsIt()
        mail.contentType = "multipart/mixed; boundary=b"
        mail.text = """
            --b
            Content-Type: text/plain

            Hello,
            where is my order NC-104233? Call +91 98220 14477.
            --b
            Content-Type: text/plain; charset=utf-8
            Content-Disposition: attachment; filename="Priya Sharma.txt"

            My phone is 098220 14477 and my card is 4111 1111 1111 1111.
            --b--

            """.replacing("\n", with: "\r\n")
        try shop.receive(mail)
        #expect(try await shop.run().outcome == "answered answered")
        let prompt = try #require(server.requests.first).messages.map(\.content).joined(separator: "\n")
        #expect(prompt.contains("Attached file: [PERSON_1].txt"), "\(prompt.suffix(1_500))")
        #expect(prompt.contains("My phone is [PHONE_1.2] and my card is [CREDIT_CARD_1]."))
        // Four digits alone may stand in the mark by which each prompt is known.
        for text in ["Priya", "98220", "4111 1111"] { #expect(!prompt.contains(text), "\(text)") }
        await server.stop()
    }

    @Test("429 with Retry-After: it waits as long as it is asked to, then the model answers")
    func retryAfter() async throws {
        let server = try ChatModelServer(behaviours: [.tooManyRequests(retryAfter: 1), .content(Self.good)])
        let shop = try await shop(server)
        try shop.receive(.whereIsIt())
        let started = ContinuousClock.now
        #expect(try await shop.run().outcome == "answered answered")
        #expect(ContinuousClock.now - started >= .seconds(1))
        #expect(try await author(shop) == "test-model")
        #expect(server.requests.count == 2)
        #expect(server.refusals == [])
        await server.stop()
    }

    @Test("429 that asks for more patience than there is: answered at once without the model")
    func retryTooLate() async throws {
        let server = try ChatModelServer(behaviours: [.tooManyRequests(retryAfter: 3_600)])
        let shop = try await shop(server)
        try shop.receive(.whereIsIt())
        #expect(try await shop.run().outcome == "answered answered")
        #expect(try await author(shop) == "embedded")
        #expect(server.requests.count == 1)
        await server.stop()
    }

    /// A fault, and how many requests it may cost.
    struct Fault: Sendable, CustomTestStringConvertible {
        let name: String
        let behaviour: ChatModelServer.Behaviour
        let requests: ClosedRange<Int>
        var testDescription: String { name }
    }

    static let faults: [Fault] = [
        Fault(name: "HTTP 500", behaviour: .failure(status: 500), requests: 3...3),
        Fault(name: "HTTP 503", behaviour: .failure(status: 503), requests: 3...3),
        Fault(name: "HTTP 400", behaviour: .failure(status: 400), requests: 1...1),
        Fault(name: "HTTP 404", behaviour: .failure(status: 404), requests: 1...1),
        Fault(name: "hang", behaviour: .hang, requests: 1...3),
        Fault(name: "close", behaviour: .close, requests: 1...6),
        Fault(name: "cut-off body", behaviour: .cutOffBody(good), requests: 1...6),
        Fault(name: "cut-off JSON", behaviour: .cutOffJSON(good), requests: 1...1),
        Fault(name: "too long", behaviour: .tooLong(String(good.prefix(40))), requests: 1...1),
        Fault(name: "refusal", behaviour: .refusal("I cannot help with that."), requests: 1...1),
        Fault(name: "prose instead of JSON", behaviour: .content("Your parcel arrives soon."), requests: 1...1),
        Fault(name: "wrong schema", behaviour: .content("{\"text\": \"Soon.\"}"), requests: 1...1),
        Fault(name: "wrong types", behaviour: .content("{\"answer\": 5, \"language\": []}"), requests: 1...1),
        Fault(name: "no choices", behaviour: .body("{\"choices\": []}"), requests: 1...1),
        Fault(name: "HTML", behaviour: .body("<html>proxy</html>", type: "text/html"), requests: 1...1),
        Fault(name: "nothing", behaviour: .body(""), requests: 1...1),
        Fault(
            name: "larger than any answer", behaviour: .body(String(repeating: " ", count: 3 << 20)), requests: 1...3),
        // It is asked to mend that once.
        Fault(name: "an empty answer", behaviour: .content(answer("")), requests: 2...2),
        Fault(name: "asks for a person", behaviour: .content(answer("", needsHuman: true)), requests: 1...1),
    ]

    @Test("whatever fails, the embedded responder answers after a bounded number of requests", arguments: faults)
    func survives(fault: Fault) async throws {
        let server = try ChatModelServer(behaviours: [fault.behaviour])
        let shop = try await shop(server)
        try shop.receive(.whereIsIt())
        let run = try await shop.run()
        #expect(run.outcome == "answered answered")
        let reply = try #require(try shop.replies().first)
        #expect(reply.text.contains("NC-104233") && reply.text.contains("Delhivery"))
        #expect(try await author(shop) == "embedded")
        #expect(fault.requests.contains(server.requests.count), "\(server.requests.count) requests")
        #expect(server.refusals == [])
        await server.stop()
    }

    @Test("a server that is not there: the embedded responder answers")
    func unreachable() async throws {
        let server = try ChatModelServer(behaviours: [.hang])
        await server.stop()
        let shop = try await shop(server)
        try shop.receive(.whereIsIt())
        #expect(try await shop.run().outcome == "answered answered")
        #expect(try await author(shop) == "embedded")
    }

    @Test("a wrong key: one request, the embedded responder answers, the key is in no message")
    func wrongKey() async throws {
        let server = try ChatModelServer(apiKey: "right", behaviours: [.content(Self.good)])
        let shop = try await ScratchShop {
            $0.models = [ModelConfiguration(url: server.baseURL, name: "m", key: "wrong-key-value")]
        }
        try shop.receive(.whereIsIt())
        #expect(try await shop.run().outcome == "answered answered")
        #expect(server.requests.isEmpty)
        #expect(server.refusals.count == 1)
        await server.stop()
    }

    @Test("the request holds placeholders instead of the customer")
    func noPersonalData() async throws {
        let server = try ChatModelServer(behaviours: [.content(Self.good)])
        let shop = try await shop(server)
        let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/personal-data.txt")
        var mail = TestMail(
            subject: "Priya Sharma, 98220 14477: order NC-104233",
            text: try String(contentsOf: fixture, encoding: .utf8))
        mail.id = "secret-id@mail.example"
        try shop.receive(mail)
        let run = try await shop.run()
        #expect(run.outcome == "answered answered")
        let request = try #require(server.requests.first)
        for text in [
            "Priya", "Sharma", "priya.sharma", "mail.example", "98220", "14477", "4111 1111", "GB82", "WEST",
            "Lake View",
            "411007", "second.address", "secret-id",
        ] {
            #expect(!request.body.holds(text), "\(text)")
        }
        // What it is about stays readable, and what was taken out is named.
        let user = try #require(request.messages.last).content
        #expect(user.contains("NC-104233"))
        #expect(user.contains("blue pottery bowls"))
        for type in ["EMAIL", "PHONE", "PERSON", "CREDIT_CARD", "IBAN"] {
            #expect(user.contains("[\(type)_1]"), "\(type)")
        }
        // Nor does the model see the values of facts.
        #expect(user.contains("order1.expectedOn"))
        #expect(!request.body.holds("11 March 2026") && !request.body.holds("2498.00") && !request.body.holds("2,498"))
        await server.stop()
    }

    @Test("where code decided that nothing may be told, the model is not even asked")
    func unverifiedIsFixed() async throws {
        let server = try ChatModelServer(behaviours: [.content(Self.good)])
        let shop = try await shop(server)
        var mail = TestMail.whereIsIt()
        mail.verdict = .none
        try shop.receive(mail)
        #expect(try await shop.run().outcome == "answered unverified")
        #expect(server.requests.isEmpty)
        await server.stop()
    }
}
