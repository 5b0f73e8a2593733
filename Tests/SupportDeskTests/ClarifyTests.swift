import Foundation
import Mail
import Testing

@testable import SupportDesk

/// Which order is meant: told by the mail, by the records, or by one question to the customer.
@Suite("Which order")
struct ClarifyTests {
    private func conversation(_ change: (inout DeskConfiguration) -> Void = { _ in }) async throws -> Talk {
        Talk(
            shop: try await ScratchShop {
                $0.limits.backstops.perSender = 20
                $0.limits.backstops.perConversation = 20
                change(&$0)
            })
    }

    /// A conversation with one customer: each mail of hers answers the desk's last one.
    private final class Talk {
        let shop: ScratchShop
        private(set) var reply: Message?
        private var known = 0

        init(shop: ScratchShop) { self.shop = shop }

        func say(_ text: String, subject: String = "A question", from: String = "rohan.dsouza@post.example")
            async throws
            -> String
        {
            var mail = TestMail(subject: subject, text: text + "\n")
            mail.from = from
            mail.name = nil
            if let reply {
                mail.inReplyTo = reply.messageID
                mail.subject = reply.subject
            }
            try shop.receive(mail)
            let outcome = try await shop.run().outcome
            shop.clock.advance(by: 600)
            let all = try shop.replies()
            if all.count > known { reply = all.max { $0.date ?? .distantPast < $1.date ?? .distantPast } }
            known = all.count
            return outcome
        }
    }

    @Test("a missing number is asked for once; the number alone goes on with the question")
    func goesOn() async throws {
        for answer in ["NC-104188", "It's NC-104188.\n\nThanks", "my order number is NC 104188", "Sorry, order 104188"]
        {
            let talk = try await conversation()
            #expect(
                try await talk.say("Hello, where is my parcel? When will it be delivered?") == "answered order-missing")
            #expect(talk.reply?.text.contains("Which order is it about?") == true)
            #expect(try await talk.say(answer) == "answered answered", "\(answer)")
            #expect(talk.reply?.text.contains("NC-104188") == true, "\(answer)")
        }
    }

    @Test("Hindi and Hindi in Latin letters as well")
    func goesOnInHindi() async throws {
        let talk = try await conversation()
        #expect(try await talk.say("नमस्ते, मेरा पार्सल कहाँ है? कब पहुँचेगा?") == "answered order-missing")
        #expect(try await talk.say("NC-104188") == "answered answered")
        #expect(talk.reply?.text.contains("नमस्ते") == true)
        let other = try await conversation()
        #expect(try await other.say("Namaste, mera parcel kahan hai? Kab tak aayega?") == "answered order-missing")
        #expect(try await other.say("NC-104188 hai") == "answered answered")
    }

    @Test("an answer that asks for something else is taken at its word")
    func otherMatter() async throws {
        let talk = try await conversation()
        #expect(try await talk.say("Hello, where is my parcel? When will it be delivered?") == "answered order-missing")
        #expect(try await talk.say("NC-104275: please cancel this order") == "escalated action-needed")
    }

    @Test("she is asked once: a second answer that does not help goes to a person, whether the order exists or not")
    func once() async throws {
        for second in ["It is NC-101533", "It is NC-999999", "I do not know the number, where is my parcel?"] {
            let talk = try await conversation()
            #expect(
                try await talk.say("Hello, where is my parcel? When will it be delivered?") == "answered order-missing")
            #expect(try await talk.say(second) == "escalated asked-before", "\(second)")
        }
        // The same after a number that cannot be right, and for who is not verified.
        let wrong = try await conversation()
        #expect(try await wrong.say("Where is my order NC-101533? When will it come?") == "answered order-unknown")
        #expect(wrong.reply?.text.contains("reply with the right one?") == true)
        #expect(try await wrong.say("NC-104188") == "answered answered")
        let stranger = try await conversation()
        #expect(
            try await stranger.say("Where is my order NC-104188?", from: "x@inbox.example") == "answered unverified")
        #expect(
            try await stranger.say("It is NC-104188, really. Where is it?", from: "x@inbox.example")
                == "escalated asked-before")
    }

    @Test("the question is asked once also when two desks read two mails of one conversation at the same time")
    func onceInTheLedger() async throws {
        let talk = try await conversation()
        _ = try await talk.say("Hello, where is my parcel? When will it be delivered?")
        let ledger = try await talk.shop.ledger()
        let asked = try await ledger.database.read { transaction in
            try transaction.rows("SELECT asked FROM conversation", []).compactMap { $0.text("asked") }
        }
        #expect(asked.count == 1 && asked[0].contains("track_order"))
        #expect(!asked[0].lowercased().contains("rohan") && !asked[0].contains("@"))
    }

    @Test("her parcel's number, her invoice's number and the quoted mail name the order as well")
    func otherNames() async throws {
        let parcel = try await conversation()
        #expect(
            try await parcel.say("Where is the parcel with tracking number 19143673921944? When will it come?")
                == "answered answered")
        #expect(parcel.reply?.text.contains("NC-104188") == true)
        let quoted = try await conversation()
        #expect(
            try await quoted.say(
                "Where is my parcel now?\n\nOn Mon, 9 Mar 2026, Neem & Clay wrote:\n> Your order NC-104188 is on its way.\n"
            ) == "answered answered")
        #expect(quoted.reply?.text.contains("NC-104188") == true)
    }

    @Test("digits beside the word order name an order: not the only open one is answered then")
    func bareDigits() async throws {
        let talk = try await conversation()
        #expect(
            try await talk.say(
                "Where is my order 104999? When will it be delivered?", from: "priya.sharma@mail.example")
                == "answered order-unknown")
    }

    @Test("up to three of her own orders get one answer, each with its own facts; four go to a person")
    func severalOwn() async throws {
        let two = try await conversation()
        #expect(
            try await two.say("Where are my orders NC-104188 and NC-104275? When will they be delivered?")
                == "answered answered")
        let text = try #require(two.reply?.text)
        #expect(text.contains("NC-104188") && text.contains("19143673921944") && text.contains("NC-104275"))
        let four = try await conversation()
        #expect(
            try await four.say("Where are NC-104052, NC-104188, NC-104275 and NC-104322? When will they be delivered?")
                == "escalated several-orders")
    }

    @Test("beside her own order another's is spoken of in the same words as one that does not exist")
    func besides() async throws {
        var texts: [String] = []
        for other in ["NC-104233", "NC-999999"] {
            let talk = try await conversation()
            #expect(
                try await talk.say("Where are my orders NC-104188 and \(other)? When will they be delivered?")
                    == "answered answered")
            let text = try #require(talk.reply?.text)
            #expect(text.contains("19143673921944") && text.contains("You also named an order number"))
            #expect(!text.contains(other) && !text.contains("16895330163338"))
            texts.append(text.split(separator: "\n").filter { !$0.contains("AD-") }.joined(separator: "\n"))
        }
        #expect(texts[0] == texts[1])
    }
}
