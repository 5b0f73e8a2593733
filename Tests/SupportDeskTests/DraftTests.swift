import Foundation
import Mail
import TestServers
import Testing
import Transport

@testable import SupportDesk

/// The life of a draft, in a maildir and in the folder of a real IMAP server.
@Suite("Drafts", .timeLimit(.minutes(5)))
struct DraftTests {
    func refusal(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return ""
        } catch let error as DeskError {
            return error.code == .data ? error.message : "another error: \(error.message)"
        } catch {
            return "another error: \(error)"
        }
    }

    @Test(
        "it lies as a draft that any mail program can open, edit and send, and nothing in it says machine",
        arguments: DraftFolderKind.allCases)
    func headers(kind: DraftFolderKind) async throws {
        let scene = try await DraftScene(kind)
        var mail = TestMail.whereIsIt()
        mail.references = ["earlier@mail.example"]
        mail.headers = ["Cc: other@mail.example"]
        try await scene.ask(mail)
        let drafts = try await scene.box().drafts()
        #expect(drafts.count == 1 && drafts[0].isDraft)
        let draft = try Message(parsing: drafts[0].bytes)
        #expect(draft.from.map(\.address) == ["support@neemandclay.example"])
        #expect(draft.to.map(\.address) == ["priya.sharma@mail.example"])
        #expect(draft.cc.isEmpty && draft.replyTo.isEmpty && draft.sender == nil)
        #expect(draft.inReplyTo == [mail.id ?? ""])
        #expect(draft.references == ["earlier@mail.example", mail.id ?? ""])
        #expect(draft.subject == "Re: Where is my order NC-104233?")
        #expect(draft.text.contains("NC-104233") && draft.automaticFindings.isEmpty)
        let names = Set(draft.headers.map { $0.name.lowercased() })
        #expect(
            names.isSubset(of: [
                "date", "from", "to", "subject", "message-id", "in-reply-to", "references", "mime-version",
                "content-type", "content-transfer-encoding",
            ]), "\(names)")
        // The copy that she sends is answered: the customer's next mail finds the conversation, whatever name it bears.
        try await scene.box().clear()
        let sent = try DraftFolder.mail(from: draft, messageID: "other@agent.example", text: draft.text)
        await scene.people.answers(sent)
        try await scene.run()
        #expect(try await scene.state(1) == "sent person-answered")
        var answer = TestMail(text: "Thank you, and can I still change the address?\n")
        answer.inReplyTo = "other@agent.example"
        try scene.shop.receive(answer)
        try await scene.run()
        let conversations = try await scene.shop.ledger().database.read { transaction in
            try transaction.rows("SELECT DISTINCT conversation FROM message", []).count
        }
        #expect(conversations == 1)
    }

    @Test(
        "found half way after a crash it is looked for by its name, and laid there once",
        arguments: DraftFolderKind.allCases)
    func crash(kind: DraftFolderKind) async throws {
        let scene = try await DraftScene(kind)
        let id = try await scene.ask()
        try await scene.shop.ledger().database.write { transaction in
            try transaction.execute("UPDATE outbox SET state = 'sending'", [])
            try transaction.execute("UPDATE message SET status = 'decided'", [])
            try transaction.execute("UPDATE draft SET name = NULL", [])
            return
        }
        try await scene.run()
        #expect(try await scene.box().drafts().count == 1)
        #expect(try await scene.message(id) == "drafted mode-draft")
        try await scene.run()
        #expect(try await scene.draft(id).name != nil)
        #expect(try await scene.state(id) == "open")
        #expect(try await scene.approve(id).isSent)
        #expect(try await scene.box().drafts().isEmpty)
    }

    @Test(
        "approved: one mail by the desk, with the marks of one; out of the folder; a second word is refused",
        arguments: DraftFolderKind.allCases)
    func approve(kind: DraftFolderKind) async throws {
        let scene = try await DraftScene(kind)
        let id = try await scene.ask()
        let draft = try #require(try await scene.box().messages().first)
        scene.shop.clock.advance(by: 4 * 86_400)
        #expect(try await scene.approve(id).isSent)
        let replies = try scene.shop.replies()
        #expect(replies.count == 1)
        #expect(replies[0].messageID == draft.messageID && replies[0].text.contains("NC-104233"))
        #expect(replies[0].header("Auto-Submitted") == "auto-replied")
        #expect(replies[0].text.contains("automatic message") && !draft.text.contains("automatic message"))
        #expect(replies[0].text.hasPrefix(draft.text.split(separator: "\n\nKind regards")[0]))
        #expect(replies[0].to.map(\.address) == ["priya.sharma@mail.example"])
        #expect(try await scene.box().drafts().isEmpty)
        #expect(try await scene.state(id) == "approved approved")
        #expect(try await scene.message(id) == "answered approved")
        #expect(await refusal { _ = try await scene.approve(id) }.contains("approved before"))
        #expect(try await scene.run().report.workRemains == false)
        #expect(try scene.shop.maildir.entries().map(\.flags) == [["S", "R"]])
        #expect(try scene.shop.replies().count == 1)
        #expect(await refusal { _ = try await scene.approve(99) }.contains("no draft 99"))
    }

    @Test(
        "edited: never touched, not by approval, rejection or age; sent by her it is kept with the difference",
        arguments: DraftFolderKind.allCases, [true, false])
    func edited(kind: DraftFolderKind, keepsName: Bool) async throws {
        let scene = try await DraftScene(kind)
        let folder = try scene.box()
        let id = try await scene.ask()
        try await scene.run()
        let old = try #require(try await folder.messages().first).newText
        let edited = try await folder.edit(messageID: keepsName ? nil : "new@agent.example") {
            $0.replacing("Hello", with: "Dearest") + "\nMy colleague Asha will call you.\n"
        }
        #expect(await refusal { _ = try await scene.approve(id) }.contains("send it from your mail program"))
        #expect(await refusal { _ = try await scene.desk().reject(id, reason: "no") }.contains("mail program"))
        #expect(try await scene.state(id) == "edited edited")
        scene.shop.clock.advance(by: 30 * 86_400)
        try await scene.run()
        try await scene.run()
        #expect(try await folder.drafts().map(\.bytes.withoutCR) == [edited.withoutCR])
        #expect(try scene.shop.replies().isEmpty && scene.shop.tickets().isEmpty)
        // She sends it: it goes from the folder and lies among what was sent.
        try await folder.clear()
        await scene.people.answers(edited)
        try await scene.run()
        #expect(try await scene.state(id) == "sent person-answered")
        #expect(try await scene.message(id) == "drafted mode-draft")
        let end = try #require(try await scene.end(id))
        let difference = try #require(end.difference)
        #expect(end.text?.contains("Asha") == true)
        #expect(difference.added == 7 && difference.removed == 1, "\(difference) \(old)")
        #expect(difference.kept > 20 && difference.changes.contains { $0.removed.contains("Hello") })
        #expect(try scene.shop.replies().isEmpty && scene.shop.tickets().isEmpty)
    }

    @Test(
        "the customer writes again: the draft goes, the next one answers; one in a person's hands stays",
        arguments: DraftFolderKind.allCases)
    func writesAgain(kind: DraftFolderKind) async throws {
        let scene = try await DraftScene(kind)
        let folder = try scene.box()
        var first = TestMail.whereIsIt()
        first.id = "first@mail.example"
        let one = try await scene.ask(first)
        var second = TestMail(text: "I ask again, where is my order NC-104233? I am waiting for it.\n")
        second.inReplyTo = "first@mail.example"
        let two = try await scene.ask(second)
        #expect(try await scene.state(one) == "withdrawn wrote-again")
        #expect(try await scene.message(one) == "ignored wrote-again")
        #expect(try await scene.state(two) == "open")
        #expect(try await folder.messages().map(\.inReplyTo) == [[second.id ?? ""]])
        #expect(await refusal { _ = try await scene.approve(one) }.contains("withdrawn (wrote-again)"))
        // Both of her mails stand before the person who decides.
        let detail = try await Desk.draft(two, scene.shop.configuration)
        #expect(detail.mails.count == 2)

        try await folder.edit { $0 + "\nP.S.\n" }
        try await scene.run()
        var third = TestMail(text: "Where is it, my order NC-104233? Please tell me.\n")
        third.inReplyTo = "first@mail.example"
        let three = try await scene.ask(third)
        #expect(try await scene.state(two) == "edited edited")
        #expect(try await scene.state(three) == "open")
        #expect(try await folder.drafts().count == 2)
    }

    @Test("while a person has an earlier answer in hand, nothing is sent over her head")
    func heldBack() async throws {
        let scene = try await DraftScene(.maildir)
        var first = TestMail.whereIsIt()
        first.id = "first@mail.example"
        try await scene.ask(first)
        var second = TestMail(text: "What is your refund policy?\n")
        second.inReplyTo = "first@mail.example"
        try await scene.ask(second, expecting: "drafted draft-open")
        // In a conversation of its own it is answered at once.
        try await scene.ask(TestMail(text: "Hello, what is your refund policy?\n"), expecting: "answered answered")
        #expect(try scene.shop.replies().count == 1)
    }

    @Test("a robot's note and a repeated copy withdraw nothing")
    func robots() async throws {
        let scene = try await DraftScene(.maildir)
        var first = TestMail.whereIsIt()
        first.id = "first@mail.example"
        let id = try await scene.ask(first)
        var note = TestMail(text: "I am out of office.\n")
        note.inReplyTo = "first@mail.example"
        note.headers = ["Auto-Submitted: auto-replied"]
        try scene.shop.receive(note)
        try scene.shop.receive(first)
        let run = try await scene.run()
        #expect(run.handled.allSatisfy { $0.disposition == .ignored } && run.handled.count == 2)
        #expect(try await scene.state(id) == "open")
    }

    @Test(
        "a person answers otherwise: the draft goes, her answer is kept sealed, nothing personal is logged",
        arguments: DraftFolderKind.allCases)
    func personAnswers(kind: DraftFolderKind) async throws {
        let scene = try await DraftScene(kind)
        let id = try await scene.ask()
        await scene.people.answers(
            Array(
                """
                From: Asha <support@neemandclay.example>\r\nTo: priya.sharma@mail.example\r\nMessage-ID: <a@agent.example>\r
                In-Reply-To: <x@mail.example>\r\nSubject: Re: order\r\n\r\nDear Priya, your lamp is at the gate.\r\n
                """.utf8))
        try await scene.run()
        #expect(try await scene.state(id) == "withdrawn person-answered")
        #expect(try await scene.message(id) == "ignored person-answered")
        #expect(try await scene.box().drafts().isEmpty)
        #expect(try await scene.end(id)?.text == "Dear Priya, your lamp is at the gate.")
        let inquiry = try #require(await scene.people.asked.last)
        #expect(inquiry.own.isEmpty && inquiry.messageID != nil && inquiry.messageIDs.count == 2)
        let stored = try FileManager.default.contentsOfDirectory(atPath: scene.shop.configuration.state)
            .filter { $0.hasPrefix("ledger") }
            .compactMap { FileManager.default.contents(atPath: "\(scene.shop.configuration.state)/\($0)") }
        #expect(stored.allSatisfy { $0.range(of: Data("lamp is at".utf8)) == nil })
        #expect(await refusal { _ = try await scene.approve(id) }.contains("person-answered"))
    }

    @Test(
        "nobody comes: it goes, and the mail is a ticket with the draft in it, or stays",
        arguments: DraftFolderKind.allCases, DraftPolicy.Unsent.allCases)
    func expires(kind: DraftFolderKind, unsent: DraftPolicy.Unsent) async throws {
        let scene = try await DraftScene(kind) { $0.draftPolicy.unsent = unsent }
        let id = try await scene.ask()
        scene.shop.clock.advance(by: 7 * 86_400 - 100)
        try await scene.run()
        #expect(try await scene.state(id) == "open")
        scene.shop.clock.advance(by: 200)
        try await scene.run()
        #expect(try await scene.state(id) == "withdrawn draft-expired")
        #expect(try await scene.box().drafts().isEmpty)
        try expectHandedOver(scene, unsent, "draft-expired")
        #expect(
            try await scene.message(id) == (unsent == .ticket ? "escalated draft-expired" : "ignored draft-expired"))
    }

    func expectHandedOver(_ scene: DraftScene, _ unsent: DraftPolicy.Unsent, _ rule: String) throws {
        #expect(try scene.shop.replies().isEmpty)
        #expect(scene.shop.tickets().count == (unsent == .ticket ? 1 : 0))
        guard let ticket = scene.shop.tickets().first else { return }
        let note = try #require(scene.shop.file("note-1.txt", of: ticket))
        #expect(note.holds("Delhivery") && note.holds("track_order"))
        #expect(scene.shop.files(of: ticket).contains("1-message.eml"))
        #expect(rule != "draft-rejected" || note.holds("the wrong parcel"))
    }

    @Test(
        "deleted by a person: at first it may be a program that sends it, then the mail is handed over",
        arguments: DraftFolderKind.allCases)
    func deleted(kind: DraftFolderKind) async throws {
        let scene = try await DraftScene(kind)
        let id = try await scene.ask()
        try await scene.box().clear()
        try await scene.run()
        #expect(try await scene.state(id) == "open")
        #expect(await refusal { _ = try await scene.approve(id) }.contains("no longer in the drafts folder"))
        scene.shop.clock.advance(by: Drafts.patience + 1)
        try await scene.run()
        #expect(try await scene.state(id) == "rejected draft-deleted")
        try expectHandedOver(scene, .ticket, "draft-deleted")
        try await scene.run()
        #expect(scene.shop.tickets().count == 1)
    }

    @Test(
        "rejected with a reason: out of the folder, and the mail is handed over", arguments: DraftFolderKind.allCases,
        DraftPolicy.Unsent.allCases)
    func rejected(kind: DraftFolderKind, unsent: DraftPolicy.Unsent) async throws {
        let scene = try await DraftScene(kind) { $0.draftPolicy.unsent = unsent }
        let id = try await scene.ask()
        let desk = try await scene.desk()
        let row = try await desk.reject(id, reason: "the wrong parcel")
        #expect((row != nil) == (unsent == .ticket))
        #expect(try await desk.clearDrafts().isEmpty)
        #expect(try await scene.box().drafts().isEmpty)
        try await scene.run()
        try expectHandedOver(scene, unsent, "draft-rejected")
        #expect(try await scene.state(id) == "rejected draft-rejected")
        #expect(try await scene.end(id)?.reason == "the wrong parcel")
        #expect(await refusal { _ = try await scene.desk().reject(id, reason: "again") }.contains("was rejected"))
        #expect(await refusal { _ = try await scene.approve(id) }.contains("was rejected"))
        #expect(try scene.shop.replies().isEmpty)
    }
}
