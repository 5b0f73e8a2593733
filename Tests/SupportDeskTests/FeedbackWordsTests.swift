import Foundation
import Mail
import Testing

@testable import SupportDesk

/// What customers say of replies in words.
@Suite("Feedback in words", .onEachEngine)
struct FeedbackWordsTests {
    private static let words = Result {
        try ReplyTemplates(folder: "\(PackageFolder.templates)/replies").feedbackWords
    }

    @Test(
        "what is nothing but a confirmation, in any of the languages",
        arguments: [
            "Thanks, solved", "Thanks, solved!", "THANK YOU. PROBLEM SOLVED", "Yes", "yes thanks", "Yes, it did 🙂",
            "Hi team,\n\nthat solved it. Thank you so much for the quick help!\n\nBest regards\nPriya Sharma", "👍", "👍🏽",
            "धन्यवाद, समस्या हल हो गई।", "हाँ", "जी हां, बहुत बहुत धन्यवाद", "Haan ji, dhanyavaad", "shukriya, ho gaya",
            "It’s resolved, many thanks", "all good now, cheers",
        ])
    func yes(text: String) throws {
        let words = try Self.words.get()
        #expect(words.answer(in: text, signedBy: ["priya", "sharma"], isNumberEnough: false) == .vote(.yes))
    }

    @Test(
        "what is nothing but a no",
        arguments: [
            "No", "no, that didn't help", "Not solved.", "still not resolved!", "👎", "नहीं", "मदद नहीं मिली", "nahi hua",
            "Sorry, that does not answer my question. Regards, Priya", "No. I would like a person please",
        ])
    func no(text: String) throws {
        #expect(try Self.words.get().answer(in: text, signedBy: ["priya"], isNumberEnough: false) == .vote(.no))
    }

    @Test(
        "what says anything else, or both, is a message like any other",
        arguments: [
            "", "Thanks", "Thank you very much!", "Yes, and where is my order NC-104233?", "solved? no", "yes no",
            "not yes", "Yes, cancel it", "Solved for NC-104233 but not for the other one", "धन्यवाद", "no problem",
            "Yes please send it to my new address", "It works, but the lid is broken", "4", "6/5", "0/5", "NC-104233",
            "Yes Arjun",
        ])
    func other(text: String) throws {
        #expect(try Self.words.get().answer(in: text, signedBy: ["priya"], isNumberEnough: false) == nil)
    }

    @Test("numbers, in the ways in which people write them")
    func numbers() throws {
        let words = try Self.words.get()
        for (text, score) in [
            ("4/5", 4), ("4 / 5", 4), ("5/5, thank you!", 5), ("1 out of 5", 1), ("4/5 stars\nThanks, Priya", 4),
            ("5 में से 3", 3), ("५/५", 5), ("3 of 5", 3),
        ] {
            #expect(words.answer(in: text, signedBy: ["priya"], isNumberEnough: false) == .score(score), "\(text)")
        }
        for text in ["5", "5!", "5 stars", "Rating: 5"] {
            #expect(words.answer(in: text, isNumberEnough: true) == .score(5), "\(text)")
        }
        for text in ["45", "4/6", "4/5 and 3/5", "7", "4/10", "1 2", "5 days"] {
            #expect(words.answer(in: text, isNumberEnough: true) == nil, "\(text)")
        }
    }

    @Test("thanks, solved: recorded, not answered, and the conversation stays with the desk")
    func confirmation() async throws {
        let scene = try await FeedbackScene()
        #expect(try await scene.outcome(of: scene.answer("Thanks, solved!\n\nPriya\n")) == "ignored feedback-yes")
        #expect(try await scene.votes() == ["yes words"])
        #expect(try scene.shop.replies().isEmpty && scene.shop.tickets().isEmpty)
        #expect(try await scene.outcome(of: scene.answer("Yes, it works now")) == "ignored feedback-repeated")
        #expect(try await scene.votes() == ["yes words"])
    }

    @Test("a no in words goes to a person, with the conversation; so does an angry answer")
    func refusal() async throws {
        for (text, outcome, vote) in [
            ("No, that did not help.\n", "escalated feedback-no", "no words"),
            (
                "This is ridiculous!!! You are useless, worst service ever, I am furious!\n", "escalated angry",
                "no anger"
            ),
        ] {
            let scene = try await FeedbackScene()
            #expect(try await scene.outcome(of: scene.answer(text)) == outcome)
            #expect(try await scene.votes() == [vote])
            let ticket = try #require(scene.shop.tickets().first)
            #expect(scene.shop.files(of: ticket).count { $0.hasSuffix(".eml") } == 3, "\(scene.shop.files(of: ticket))")
            // She has a person now: thanks are the person's.
            #expect(try await scene.outcome(of: scene.answer("Thanks, solved")) == "escalated with-a-person")
            #expect(try await scene.votes() == [vote])
        }
    }

    @Test("a number counts after the question for one, and of five always")
    func score() async throws {
        for (hasScale, text, outcome, vote) in [
            (true, "4\n", "ignored feedback-yes", ["yes 4 words"]),
            (false, "4/5", "ignored feedback-yes", ["yes 4 words"]),
            (true, "2", "escalated feedback-no", ["no 2 words"]),
        ] {
            let scene = try await FeedbackScene { $0.shop.feedback.hasScale = hasScale }
            #expect(try await scene.outcome(of: scene.answer(text)) == outcome, "\(text)")
            #expect(try await scene.votes() == vote)
        }
        let scene = try await FeedbackScene()
        #expect(try await !scene.outcome(of: scene.answer("4")).contains("feedback"))
        #expect(try await scene.votes().isEmpty)
    }

    @Test(
        "words count from whom the reply went to, in her own words, as an answer to it",
        arguments: ["sender", "quoted", "new", "robot", "attachment", "late"])
    func refused(kind: String) async throws {
        let scene = try await FeedbackScene()
        var mail = scene.answer("Thanks, solved")
        switch kind {
        case "sender": mail.from = "arjun.mehta@inbox.example"
        case "quoted": mail.text = "What are your opening hours?\n\n> Thanks, solved\n"
        case "new": (mail.inReplyTo, mail.subject) = (nil, "A word")
        case "robot": mail.headers = ["Auto-Submitted: auto-replied"]
        case "late": scene.shop.clock.advance(by: 40 * 86_400)
        default:
            mail.contentType = "multipart/mixed; boundary=b"
            mail.text =
                "--b\r\nContent-Type: text/plain\r\n\r\nThanks, solved\r\n--b\r\nContent-Type: image/png\r\n"
                + "Content-Disposition: attachment; filename=a.png\r\n\r\nx\r\n--b--\r\n"
        }
        _ = try await scene.outcome(of: mail)
        #expect(try await scene.votes().isEmpty)
    }

    @Test("a language is a folder: its words are understood, and its links speak it")
    func anotherLanguage() async throws {
        let folder = try ScratchFolder()
        try FileManager.default.copyItem(atPath: PackageFolder.templates, toPath: "\(folder.path)/Templates")
        let german = "\(folder.path)/Templates/replies/de"
        try FileManager.default.copyItem(atPath: "\(PackageFolder.templates)/replies/en", toPath: german)
        try Data("yes: [gelöst]\nno: [leider nicht]\nbeside: [danke]\nsubjects: {\"yes\": Ja, \"no\": Nein}\n".utf8)
            .write(to: URL(fileURLWithPath: "\(german)/feedback.yaml"))
        let templates = try ReplyTemplates(folder: "\(folder.path)/Templates/replies")
        #expect(templates.feedbackWords(in: "de").subjects == [.yes: "Ja", .no: "Nein"])
        #expect(templates.feedbackWords(in: "fr").subjects[.yes] == "Yes")
        let scene = try await FeedbackScene { $0.templates = "\(folder.path)/Templates" }
        #expect(try await scene.outcome(of: scene.answer("Danke, gelöst!")) == "ignored feedback-yes")
        #expect(try await scene.votes() == ["yes words"])
        // A slip of the pen is named.
        let file = try folder.write("feedback.yaml", "yes: [a]\nnope: [b]\n")
        let error = #expect(throws: DeskError.self) { _ = try FeedbackWords(file: file) }
        #expect(error?.message.contains("feedback.yaml:2") == true && error?.message.contains("nope") == true)
    }
}
