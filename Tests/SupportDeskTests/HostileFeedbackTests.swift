import Foundation
import Mail
import Testing

@testable import SupportDesk

/// Nobody votes but the person that a reply went to, and nothing but she herself does.
@Suite("Hostile feedback", .onEachEngine)
struct HostileFeedbackTests {
    @Test(
        "nobody else votes: another sender, another code, a robot that quotes the links, an answer to the link",
        arguments: ["sender", "code", "vacation", "quoted", "re", "failed", "list", "two"], [true, false])
    func refused(kind: String, isProved: Bool) async throws {
        let scene = try await FeedbackScene(isProved: isProved)
        var mail = try scene.mail(0)
        switch kind {
        case "sender": mail.from = "arjun.mehta@inbox.example"
        case "code":
            let altered = mail.subject.hasSuffix("22222") ? "33333" : "22222"
            mail.subject = String(mail.subject.dropLast(5)) + altered
            mail.to = mail.to?.replacing("@", with: "", maxReplacements: 0)
            if isProved, let to = mail.to, let at = to.firstIndex(of: "@") {
                mail.to = String(to[..<at].dropLast(5)) + (to[..<at].hasSuffix("22222") ? "33333" : "22222") + to[at...]
            }
        case "vacation":
            mail = scene.answer(scene.reply.text)
            mail.subject = "Automatic reply: \(scene.reply.subject)"
            mail.headers = ["Auto-Submitted: auto-replied"]
        case "quoted":
            mail = scene.answer("> " + scene.reply.text.replacing("\n", with: "\n> "))
        case "re": mail.subject = "Re: " + mail.subject
        case "failed": mail.verdict = .fail
        case "list": mail.headers = ["List-Id: <talk.lists.example>", "List-Unsubscribe: <mailto:x@lists.example>"]
        default:
            let other = try scene.mail(1)
            mail.to = isProved ? "\(mail.to ?? ""), \(other.to ?? "")" : mail.to
            if !isProved { mail.subject += " " + other.subject }
        }
        // Without a token in the subject the "Re:" takes nothing away from the address.
        let isVote = kind == "re" && isProved
        let outcome = try await scene.outcome(of: mail)
        #expect(outcome.contains("feedback-yes") == isVote, "\(outcome)")
        #expect(try await scene.votes().count == (isVote ? 1 : 0), "\(outcome)")
        #expect(try scene.shop.replies().isEmpty, "\(outcome)")
    }

    @Test("who forwards a mail, links and all, gives nobody a vote", arguments: [true, false])
    func forwarded(isProved: Bool) async throws {
        let scene = try await FeedbackScene(isProved: isProved)
        // The friend uses the link of the mail that was passed on to him, with words of his own.
        let mail = try scene.mail(0, text: "Which payment methods do you accept?\n", from: "arjun.mehta@inbox.example")
        let outcome = try await scene.outcome(of: mail)
        #expect(!outcome.contains("feedback"), "\(outcome)")
        #expect(try await scene.votes().isEmpty)
    }

    @Test("letters of any case, and whatever sign the shop's server has between an address and its detail")
    func mangled() async throws {
        for form in [nil, "support-f{token}@neemandclay.example", "answers={token}@mail.neemandclay.example"] {
            let address = form.flatMap { TokenAddress($0, holding: FeedbackToken.length) }
            let scene = try await FeedbackScene(isProved: true) { configuration in
                if let address { configuration.shop.feedback.address = address }
            }
            for (mangle, outcome) in [
                ({ (text: String) in text.uppercased() }, "ignored feedback-yes"),
                ({ $0.capitalized }, "ignored feedback-repeated"),
            ] {
                var mail = try scene.mail(0)
                mail.to = mail.to.map(mangle)
                #expect(try await scene.outcome(of: mail) == outcome, "\(form ?? "")")
            }
            // Where a server keeps the address only as the one of the delivery.
            var mail = try scene.mail(1)
            mail.headers = ["Delivered-To: \(mail.to ?? "")"]
            mail.to = "support@neemandclay.example"
            #expect(try await scene.outcome(of: mail) == "escalated feedback-no")
        }
    }

    @Test("a delivery report that returns the reply, links and all, does not vote")
    func bounced() async throws {
        let scene = try await FeedbackScene(isProved: true)
        var mail = TestMail(
            subject: "Undelivered Mail Returned to Sender", text: "I'm sorry to inform you.\n\n" + scene.reply.text)
        mail.from = "MAILER-DAEMON@mail.example"
        mail.to = scene.envelope.sender
        mail.headers = ["Return-Path: <>", "Auto-Submitted: auto-replied"]
        _ = try await scene.outcome(of: mail)
        #expect(try await scene.votes().isEmpty)
    }

    @Test("a token counts for one answer to one reply to one person, and for nothing else")
    func tokens() throws {
        let seal = Seal.test()
        let reply = seal.token(conversation: "AD-AAAAAAAAAAAAAAAA", reply: "one")
        let other = seal.token(conversation: "AD-AAAAAAAAAAAAAAAB", reply: "one")
        let (priya, arjun) = (seal.digest("priya", for: "address"), seal.digest("arjun", for: "address"))
        var seen: Set<String> = []
        for answer in [FeedbackToken.Answer.vote(.yes), .vote(.no), .score(1), .score(5), .page] {
            let token = try #require(seal.feedbackToken(answer, to: reply, for: priya))
            #expect(token.text.utf8.count == FeedbackToken.length && seen.insert(token.text).inserted)
            let read = try #require(FeedbackToken(token.text.lowercased()))
            #expect(read.answer == answer && seal.isGenuine(read, for: priya) && !seal.isGenuine(read, for: arjun))
            #expect(seal.messageID(of: read, domain: "shop.example") == reply.messageID(domain: "shop.example"))
            #expect(seal.messageID(of: read, domain: "shop.example") != other.messageID(domain: "shop.example"))
            #expect(FeedbackToken.candidate(inSubject: "Yes \(token.reference)") == token.text)
            #expect(FeedbackToken.candidate(inSubject: "Re: Yes \(token.reference)") == nil)
            // Every bit of it counts but the two that fill the last letter up.
            for place in token.text.indices.dropLast() {
                var altered = token.text
                altered.replaceSubrange(place...place, with: token.text[place] == "A" ? "B" : "A")
                #expect(FeedbackToken(altered).map { seal.isGenuine($0, for: priya) } != true)
            }
        }
        #expect(TokenAddress(of: "customer-care@shop.example", tag: "f", holding: FeedbackToken.length) == nil)
        #expect(TokenAddress(of: "support@shop.example", tag: "f", holding: FeedbackToken.length) != nil)
    }

    @Test("200 forged tokens: no vote")
    func forged() async throws {
        let scene = try await FeedbackScene(isProved: true)
        var generator = SystemRandomNumberGenerator()
        let genuine = try scene.mail(0)
        let token = String(try #require(genuine.to).dropFirst(9).prefix(FeedbackToken.length))
        let letters = Array("abcdefghijklmnopqrstuvwxyz234567")
        for number in 0..<200 {
            var letters50 = Array(token)
            switch number % 4 {
            // Anything; the right reply with another MAC; another answer with the old MAC; one letter.
            case 0: letters50 = letters50.map { _ in letters[Int.random(in: 0..<32, using: &generator)] }
            case 1: for place in 25..<50 { letters50[place] = letters[Int.random(in: 0..<32, using: &generator)] }
            case 2: letters50[23] = letters50[23] == "b" ? "c" : "b"
            default: letters50[number % 49] = letters50[number % 49] == "a" ? "b" : "a"
            }
            var mail = genuine
            mail.id = "\(UUID().uuidString)@mail.example"
            if number.isMultiple(of: 2) {
                mail.to = "support+f\(String(letters50))@neemandclay.example"
            } else {
                let text = String(letters50).uppercased()
                mail.to = "support@neemandclay.example"
                mail.subject = "Yes AD-\(text.prefix(16))-\(text.dropFirst(16))"
            }
            guard String(letters50) != token else { continue }
            try scene.shop.receive(mail)
        }
        let run = try await scene.shop.run()
        #expect(run.handled.count >= 195)
        #expect(run.handled.allSatisfy { $0.rule == "feedback-refused" }, "\(Set(run.handled.map(\.rule)))")
        #expect(try await scene.votes().isEmpty)
        #expect(try scene.shop.replies().isEmpty && scene.shop.tickets().isEmpty)
    }
}
