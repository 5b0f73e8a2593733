import Foundation
import Mail
import Testing

@testable import SupportDesk

/// Who writes again on one matter before she could have read the answer: one conversation, one answer, no model asked.
@Suite("Repeated mails")
struct RepeatedMailTests {
    private func shop(_ change: (inout DeskConfiguration) -> Void = { _ in }) async throws -> ScratchShop {
        try await ScratchShop {
            $0.people.repeats = 3_600
            change(&$0)
        }
    }

    private static let words = [
        "Hello,\nwhere is my order NC-104233? When will it be delivered?\nThank you\n",
        "Hi,\nI wrote before: where is my parcel of order NC-104233, please?\n",
        "Where is NC-104233? Where is my order?\n",
    ]

    private func mail(_ index: Int, _ change: (inout TestMail) -> Void = { _ in }) -> TestMail {
        var mail = TestMail(subject: "My order, part \(index)", text: Self.words[index])
        change(&mail)
        return mail
    }

    @Test(
        "three mails in other words, one answer: the others are ignored, in its conversation, and their bytes are kept")
    func oneAnswer() async throws {
        let shop = try await shop()
        for index in 0..<3 { try shop.receive(mail(index), age: Double(3_000 - index * 600)) }
        let run = try await shop.run()
        #expect(
            run.handled.map { "\($0.disposition) \($0.rule)" }
                == ["answered answered", "ignored repeated", "ignored repeated"])
        #expect(try shop.replies().count == 1 && shop.tickets().isEmpty)
        #expect(try await shop.conversations() == [1, 1, 1])
        // It comes to a ticket: they are all on it, byte for byte.
        let wish = mail(0) { $0.text = "I want to speak to a human being about order NC-104233, please.\n" }
        var last = wish
        last.inReplyTo = try #require(try shop.replies().first?.messageID)
        try shop.receive(last)
        #expect(try await shop.run().outcome == "escalated asks-for-person")
        let ticket = try #require(shop.tickets().first)
        #expect(shop.files(of: ticket).filter { $0.hasSuffix("message.eml") }.count == 4)
    }

    @Test("the very same words, sent twice: one answer and no ticket; written long after the answer: a person")
    func sameWords() async throws {
        let shop = try await shop()
        for age in [600.0, 300] { try shop.receive(mail(0) { $0.id = "\(age)@mail.example" }, age: age) }
        #expect(try await shop.run().handled.map(\.rule) == ["answered", "repeated"])
        #expect(shop.tickets().isEmpty)
        shop.clock.advance(by: 4 * 3_600)
        try shop.receive(mail(0), age: 60)
        #expect(try await shop.run().outcome == "escalated same-text")
        #expect(shop.tickets().count == 1)
        #expect(try await shop.conversations() == [1, 1, 1])
    }

    @Test("another order, another question, another sender, a later time: answered")
    func others() async throws {
        let shop = try await shop()
        try shop.receive(mail(0))
        try await shop.run()
        let mails = [
            mail(0) { $0.text = "Hello,\nwhere is my order NC-104240? When will it be delivered?\n" },
            TestMail(subject: "Paying", text: "Which payment methods do you accept?\n"),
            mail(1) { $0.from = "arjun.mehta@inbox.example" },
        ]
        for mail in mails {
            try shop.receive(mail)
            #expect(try await shop.run().handled.first?.disposition == .answered)
        }
        shop.clock.advance(by: 5_000)
        try shop.receive(mail(2), age: 1)
        let late = try await shop.run()
        #expect(late.outcome == "answered answered", "she has had time to read the answer, and asks again")
        #expect(try await shop.conversations().last == 1)
    }

    @Test("on a matter that a person has: onto her ticket, though the mail refers to nothing")
    func withPerson() async throws {
        let shop = try await shop { $0.policy.modes["track_order"] = .off }
        try shop.receive(mail(0))
        #expect(try await shop.run().outcome == "escalated mode-off")
        try shop.receive(mail(1))
        #expect(try await shop.run().outcome == "escalated with-a-person")
        #expect(shop.tickets().count == 1)
    }

    @Test("angrier the second time: a person, in the same conversation")
    func angrier() async throws {
        let shop = try await shop()
        try shop.receive(mail(0))
        try shop.receive(
            mail(1) { $0.text = "Where is my order NC-104233? I WILL SUE YOU, my lawyer will take you to court!\n" },
            age: 30)
        let rules = try await shop.run().handled.map { "\($0.disposition) \($0.rule)" }
        #expect(rules.first == "answered answered" && rules.last?.hasPrefix("escalated ") == true, "\(rules)")
    }

    @Test("no model is asked for the second mail")
    func noModel() async throws {
        let shop = try await shop()
        let asked = Collector<String>()
        for index in 0..<2 { try shop.receive(mail(index), age: Double(300 - index * 60)) }
        let model = CountingModel(asked: asked)
        let run = try await shop.run { $0.model = model }
        #expect(run.handled.last?.rule == "repeated")
        #expect(await asked.all.count <= 1)
    }

    @Test("who goes on in the thread, in words of her own, asks something more: answered")
    func inThread() async throws {
        let shop = try await shop()
        try shop.receive(mail(0) { $0.id = "first@mail.example" }, age: 300)
        try shop.receive(
            mail(1) {
                $0.inReplyTo = "first@mail.example"
                $0.text = "Sorry, one more thing: where is order NC-104233, and what is its tracking number?\n"
            }, age: 200)
        let run = try await shop.run()
        #expect(!run.handled.contains { $0.rule == "repeated" }, "\(run.handled.map(\.rule))")
    }

    @Test("the answer to both is refused after all: both mails are on the ticket that takes its place")
    func answerRefused() async throws {
        let shop = try await shop()
        for index in 0..<2 { try shop.receive(mail(index), age: Double(300 - index * 60)) }
        let carrier = ScriptedCarrier([.deferred(reason: "451"), .refused(reason: "550")])
        let waiting = try await shop.run { $0.carrier = carrier }
        #expect(waiting.handled.map(\.rule) == ["answered", "repeated"])
        shop.clock.advance(by: 600)
        try await shop.run { $0.carrier = carrier }
        let ticket = try #require(shop.tickets().first)
        #expect(shop.files(of: ticket).filter { $0.hasSuffix("message.eml") } == ["1-message.eml", "2-message.eml"])
    }

    @Test("repeats: off answers each as before")
    func off() async throws {
        let shop = try await shop { $0.people.repeats = 0 }
        for index in 0..<2 { try shop.receive(mail(index), age: Double(300 - index * 60)) }
        #expect(try await shop.run().handled.map(\.disposition) == [.answered, .answered])
        #expect(try await shop.conversations() == [1, 2])
    }
}

private struct CountingModel: LanguageModel {
    let name = "counting"
    let asked: Collector<String>

    func draft(_ brief: Brief) async throws -> Draft {
        await asked.add(brief.language)
        throw ModelError(.refused, "not today")
    }
}
