import Foundation
import Mail
import Testing

@testable import SupportDesk

/// What customers say of replies by the links at their end.
@Suite("Feedback", .onEachEngine)
struct FeedbackTests {
    @Test("the two links are addresses of the shop, within reason, and read as words in HTML")
    func links() async throws {
        let scene = try await FeedbackScene()
        #expect(scene.reply.text.contains("Did this answer your question?"))
        #expect(scene.links.map(\.path) == ["support@neemandclay.example", "support@neemandclay.example"])
        let source = String(decoding: scene.envelope.bytes, as: UTF8.self).replacing("=\r\n", with: "")
        #expect(source.contains(">Yes</a>"))
        #expect(source.contains(">No, I would like a person</a>"))
    }

    @Test("where a probe has arrived the token stands in the address, which is no longer than it may be")
    func addresses() async throws {
        let scene = try await FeedbackScene(isProved: true)
        #expect(scene.links.count == 2)
        for link in scene.links {
            let address = Mailbox(address: link.path)
            #expect(address.localPart.hasPrefix("support+f") && address.domain == "neemandclay.example")
            #expect(address.localPart.utf8.count <= 64)
            #expect(address.localPart.dropFirst(9).allSatisfy { "abcdefghijklmnopqrstuvwxyz234567".contains($0) })
        }
        #expect(!scene.reply.text.contains("mailto:support+"), "a plus sign means a blank to programs on the web")
        #expect(try await scene.outcome(of: scene.mail(0)) == "ignored feedback-yes")
        #expect(try await scene.votes() == ["yes mail"])
    }

    @Test("a yes is recorded once and never answered; said again it is nothing new", arguments: [true, false])
    func yes(isProved: Bool) async throws {
        let scene = try await FeedbackScene(isProved: isProved)
        #expect(try await scene.outcome(of: scene.mail(0, text: "\n")) == "ignored feedback-yes")
        #expect(try await scene.outcome(of: scene.mail(0, text: "\n")) == "ignored feedback-repeated")
        #expect(try await scene.votes() == ["yes mail"])
        #expect(try scene.shop.replies().isEmpty && scene.shop.tickets().isEmpty)
    }

    @Test("a no goes to a person, with the whole thread, and is not answered", arguments: [true, false])
    func no(isProved: Bool) async throws {
        let scene = try await FeedbackScene(isProved: isProved) { $0.acknowledges = true }
        #expect(try await scene.outcome(of: scene.mail(1)) == "escalated feedback-no")
        #expect(try await scene.votes() == ["no mail"])
        #expect(try scene.shop.replies().isEmpty)
        let ticket = try #require(scene.shop.tickets().first)
        #expect(scene.shop.tickets().count == 1)
        // Her question, our answer, her vote.
        #expect(scene.shop.files(of: ticket).count { $0.hasSuffix(".eml") } == 3, "\(scene.shop.files(of: ticket))")
        let conversations = try await scene.shop.ledger().database.read { transaction in
            try transaction.rows("SELECT with_person FROM conversation", []).map { $0.integer("with_person") }
        }
        #expect(conversations == [1])
        // Once more: nobody is told twice.
        #expect(try await scene.outcome(of: scene.mail(1)) == "ignored feedback-repeated")
    }

    @Test("a no takes the place of a yes, and no yes that of a no")
    func changed() async throws {
        let scene = try await FeedbackScene()
        #expect(try await scene.outcome(of: scene.mail(0)) == "ignored feedback-yes")
        #expect(try await scene.outcome(of: scene.mail(1)) == "escalated feedback-no")
        #expect(try await scene.outcome(of: scene.mail(0)) == "ignored feedback-repeated")
        #expect(try await scene.votes() == ["no mail"])
    }

    @Test("what she adds is a message like any other, and the vote counts all the same", arguments: [true, false])
    func added(isProved: Bool) async throws {
        let scene = try await FeedbackScene(isProved: isProved)
        let mail = try scene.mail(0, text: "Thanks! And which payment methods do you accept?\n")
        #expect(try await scene.outcome(of: mail) == "answered answered")
        #expect(try await scene.votes() == ["yes mail"])
    }

    @Test("numbers from 1 to 5, where the shop asks for them: the low ones go to a person")
    func scale() async throws {
        for (link, outcome, vote) in [
            (0, "ignored feedback-yes", "yes 5 mail"), (2, "ignored feedback-score", "neither 3 mail"),
            (4, "escalated feedback-no", "no 1 mail"), (5, "escalated feedback-no", "no mail"),
        ] {
            let scene = try await FeedbackScene(isProved: link != 2) { $0.shop.feedback.hasScale = true }
            #expect(scene.links.count == 6)
            #expect(try await scene.outcome(of: scene.mail(link)) == outcome)
            #expect(try await scene.votes() == [vote])
        }
    }

    @Test("the question can be left out, and is not put to a question back")
    func unasked() async throws {
        let scene = try await FeedbackScene { $0.shop.feedback.isAsked = false }
        #expect(scene.links.isEmpty && !scene.reply.text.contains("Did this answer"))
        let shop = try await ScratchShop()
        let carrier = ScriptedCarrier([.accepted(remote: nil)])
        try shop.receive(TestMail(subject: "My order", text: "Hello,\nwhere is my order?\n"))
        let outcome = try await shop.run { $0.carrier = carrier }.outcome
        if outcome == "answered order-missing" {
            let reply = try Message(parsing: try #require(await carrier.carried.first).bytes)
            #expect(!reply.text.contains("mailto:"))
        }
    }

    @Test("a sender who is not proved gets no links")
    func stranger() async throws {
        let shop = try await ScratchShop()
        let carrier = ScriptedCarrier([.accepted(remote: nil)])
        try shop.receive(TestMail(text: "Hello,\nwhich payment methods do you accept?\n", verdict: .none))
        #expect(try await shop.run { $0.carrier = carrier }.outcome == "answered answered")
        let reply = try Message(parsing: try #require(await carrier.carried.first).bytes)
        #expect(!reply.text.contains("mailto:"))
    }

    @Test("on a ticket it is asked in words, without a link, and nobody is asked in a draft for people")
    func inTicket() async throws {
        let shop = try await ScratchShop()
        let raw = RawMessage(
            id: 0, channel: "support", source: "x", arrival: shop.clock.now, bytes: TestMail.whereIsIt().bytes)
        let (disposition, _) = try await shop.desk().dispose(of: raw)
        let reply = try #require(disposition.reply)
        #expect(reply.ticketText.contains("Just answer with yes or no.") && !reply.ticketText.contains("mailto:"))
        #expect(reply.text.contains("mailto:") && !reply.text.contains("Just answer"))
        #expect(!reply.personalText.contains("Did this answer") && !reply.personalText.contains("mailto:"))
    }

    @Test("in Hindi the question and what the links make are in Hindi")
    func hindi() async throws {
        var question = TestMail.whereIsIt()
        question.text = "नमस्ते,\nमेरा ऑर्डर NC-104233 कहाँ है? यह कब तक मिलेगा?\nधन्यवाद\n"
        let scene = try await FeedbackScene(question, isProved: true)
        #expect(scene.reply.text.contains("क्या आपको अपने प्रश्न का उत्तर मिल गया?"))
        #expect(try scene.mail(0).subject == "हाँ")
        #expect(try await scene.outcome(of: scene.mail(0)) == "ignored feedback-yes")
    }

    @Test("votes are exported and forgotten with their conversation")
    func keeping() async throws {
        let scene = try await FeedbackScene { $0.shop.feedback.hasScale = true }
        #expect(try await scene.outcome(of: scene.mail(0)) == "ignored feedback-yes")
        let desk = try await scene.shop.desk()
        let record = try await desk.export(["priya.sharma@mail.example"], into: "\(scene.shop.folder.path)/export")
        let vote = try #require(record.conversations.first?.votes.first)
        #expect(vote.vote == "yes" && vote.score == 5 && vote.way == "mail")
        _ = try await desk.forget(["priya.sharma@mail.example"])
        #expect(try await scene.votes().isEmpty)
        // Of a reply that nobody remembers nothing is recorded.
        scene.shop.clock.advance(by: 600)
        #expect(try await scene.outcome(of: scene.mail(0)) == "ignored feedback-refused")
        #expect(try await scene.votes().isEmpty)
    }
}
