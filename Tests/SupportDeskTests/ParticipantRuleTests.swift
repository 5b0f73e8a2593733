import Foundation
import Mail
import Testing

@testable import SupportDesk

/// Several people in one conversation: rules as values.
@Suite("Participants")
struct ParticipantRuleTests {
    private func shop(_ change: (inout DeskConfiguration) -> Void = { _ in }) async throws -> ScratchShop {
        try await ScratchShop { configuration in
            configuration.shop.colleagues = ["@neemandclay.example"]
            change(&configuration)
        }
    }

    @Test(
        "several people on Cc: only the author is answered, or a person looks",
        arguments: [PeoplePolicy.Handling.answerAuthor, .escalate])
    func copied(_ handling: PeoplePolicy.Handling) async throws {
        let shop = try await shop { $0.people.severalRecipients = handling }
        var mail = TestMail.whereIsIt()
        mail.headers = ["Cc: Husband <husband@mail.example>, Ana <ana@neemandclay.example>"]
        try shop.receive(mail)
        let outcome = try await shop.run().outcome
        let replies = try shop.replies()
        if handling == .escalate {
            #expect(outcome == "escalated several-people" && replies.isEmpty)
        } else {
            #expect(outcome == "answered answered")
            #expect(replies.map { $0.to.map(\.address) } == [["priya.sharma@mail.example"]])
            #expect(replies.first?.cc.isEmpty == true)
        }
        // The shop's own people and the author herself are no others.
        var alone = TestMail.whereIsIt("NC-104240")
        alone.headers = ["Cc: Ana <ana@neemandclay.example>, Priya.Sharma@mail.example"]
        try shop.receive(alone)
        #expect(try await shop.run().outcome.hasPrefix("answered "))
    }

    @Test(
        "another participant writes in the conversation: a person looks, or she alone is answered, by what is hers",
        arguments: [PeoplePolicy.Handling.answerAuthor, .escalate])
    func another(_ handling: PeoplePolicy.Handling) async throws {
        let shop = try await shop { $0.people.otherParticipant = handling }
        var mail = TestMail.whereIsIt()
        mail.id = "m1@mail.example"
        mail.headers = ["Cc: Husband <husband@mail.example>"]
        try shop.receive(mail)
        try await shop.run()
        var other = TestMail.whereIsIt()
        other.from = "husband@mail.example"
        other.inReplyTo = "m1@mail.example"
        try shop.receive(other)
        let outcome = try await shop.run().outcome
        #expect(try await shop.conversations() == [1, 1])
        if handling == .escalate {
            #expect(outcome == "escalated other-participant")
            #expect(try shop.replies().count == 1)
        } else {
            #expect(outcome.hasPrefix("answered "))
            let reply = try #require(
                try shop.replies().first { $0.to.map(\.address) == ["husband@mail.example"] })
            // The order is his wife's.
            #expect(!reply.text.contains("Delhivery") && !reply.text.contains("11 March"))
        }
    }

    private static let inner = """
        Please look after this one.

        ---------- Forwarded message ---------
        From: Priya Sharma <priya.sharma@mail.example>
        Date: Tue, 10 Mar 2026 at 12:00
        Subject: Returns
        To: <ana@neemandclay.example>

        Hello, within how many days can I return something, and is it free?

        """

    private func forward(_ change: (inout TestMail) -> Void = { _ in }) -> TestMail {
        var mail = TestMail(name: "Ana", from: "ana@neemandclay.example", subject: "Fwd: Returns", text: Self.inner)
        change(&mail)
        return mail
    }

    @Test("a customer's mail that a colleague passes on: a person looks, unless the shop says otherwise")
    func forwarded() async throws {
        let shop = try await shop()
        try shop.receive(forward())
        #expect(try await shop.run().outcome == "escalated forwarded")
        #expect(try shop.replies().isEmpty)
    }

    @Test("or the inner customer is answered, by a draft, as somebody for whom nobody vouches")
    func inner() async throws {
        let shop = try await shop {
            $0.people.forwardedByColleague = .draftForInner
            $0.drafts = .maildir("\($0.state)/../drafts")
            $0.policy.heldBack = .draft
        }
        try shop.receive(forward())
        #expect(try await shop.run().outcome == "drafted passed-on")
        #expect(try shop.replies().isEmpty)
        let drafts = Maildir(path: "\(shop.folder.path)/drafts")
        let draft = try Message(parsing: drafts.read(#require(try drafts.entries().first)))
        #expect(draft.to.map(\.address) == ["priya.sharma@mail.example"])
        #expect(draft.text.contains("30 days") && !draft.text.contains("Priya"))
        #expect(draft.subject == "Re: Your message to Neem & Clay" && draft.inReplyTo.isEmpty)
        // Her order is not spoken of, though it is on record with her address.
        try shop.receive(
            forward {
                $0.id = "again@neemandclay.example"
                $0.text = $0.text.replacing(
                    "within how many days can I return something, and is it free?",
                    with: "where is my order NC-104233? When will it be delivered?")
            })
        let second = try await shop.run()
        #expect(second.handled.first?.disposition == .drafted, "\(second.outcome)")
        for entry in try drafts.entries() {
            let text = try Message(parsing: drafts.read(entry)).text
            #expect(!text.contains("Delhivery") && !text.contains("11 March"))
        }
    }

    @Test("not from a colleague whom nobody proves, not a stranger's, not a colleague's own words")
    func notInner() async throws {
        let changes: [@Sendable (inout TestMail) -> Void] = [
            { $0.verdict = .none }, { $0.from = "ana@elsewhere.example" },
            { $0.text = $0.text.replacing("priya.sharma@mail.example", with: "ben@neemandclay.example") },
        ]
        for change in changes {
            let shop = try await shop {
                $0.people.forwardedByColleague = .draftForInner
                $0.policy.heldBack = .draft
                $0.drafts = .maildir("\($0.state)/../drafts")
            }
            try shop.receive(forward(change))
            #expect(try await shop.run().outcome == "escalated forwarded")
        }
    }

    @Test("without a folder for drafts the ticket holds the draft")
    func innerOnTicket() async throws {
        let shop = try await shop { $0.people.forwardedByColleague = .draftForInner }
        let mail = forward()
        try shop.receive(mail)
        #expect(try await shop.run().outcome == "escalated passed-on")
        let ticket = try #require(shop.tickets().first)
        #expect(String(decoding: shop.file("note-1.txt", of: ticket) ?? [], as: UTF8.self).contains("30 days"))
        #expect(shop.file("1-message.eml", of: ticket) == mail.bytes)
    }

    @Test("desk.yaml: the rules by their words; a word that makes no sense for a rule is refused")
    func reading() throws {
        let folder = try ScratchFolder()
        func load(_ section: String) throws -> DeskConfiguration {
            try DeskConfiguration(
                file: folder.write(
                    "desk.yaml",
                    """
                    shop: {name: N, address: support@neemandclay.example}
                    channels: [{maildir: mail, sent: sent, answers: [team]}]
                    carrier: {maildir: out}
                    tickets: {folder: tickets}
                    state: state
                    people: {\(section)}
                    """))
        }
        let read = try load(
            "colleagues: ['@NeemAndClay.example'], look: off, patience: 2h, repeats: off, several_recipients: escalate,"
                + " other_participant: answer_author, forwarded_by_colleague: draft_for_inner_customer")
        #expect(read.shop.colleagues == ["@neemandclay.example"])
        #expect(!read.people.looks && read.people.patience == 7_200 && read.people.repeats == 0)
        #expect(read.people.severalRecipients == .escalate && read.people.otherParticipant == .answerAuthor)
        #expect(read.people.forwardedByColleague == .draftForInner)
        #expect(read.channels[0].people.sent == "\(folder.path)/sent")
        #expect(read.channels[0].people.others == ["\(folder.path)/team"])
        for wrong in ["forwarded_by_colleague: answer_author", "several_recipients: never", "colleagues: [ana]"] {
            #expect(throws: DeskError.self) { try load(wrong) }
        }
    }
}
