import Foundation
import Mail
import Redaction
import Testing

@testable import SupportDesk

/// What keeps an approved draft from leaving, and what a person's own text must not hold.
@Suite("Draft approval", .timeLimit(.minutes(5)))
struct DraftApprovalTests {
    private func refusal(_ scene: DraftScene, _ id: Int64, edited: String? = nil) async throws -> String {
        do {
            _ = try await scene.approve(id, edited: edited)
            return "sent"
        } catch let error as DeskError where error.code == .data {
            return error.message
        }
    }

    private func execute(_ scene: DraftScene, _ sql: String) async throws {
        try await scene.shop.ledger().database.write { transaction in
            try transaction.execute(sql, [])
            return
        }
    }

    @Test("the limits hold at this moment, not only when the draft was made")
    func limits() async throws {
        let scene = try await DraftScene(.maildir) { $0.limits.backstops.perSender = 1 }
        let id = try await scene.ask()
        // An answer to her in another conversation came in between.
        try await scene.ask(TestMail(text: "Hello, what is your refund policy?\n"), expecting: "answered answered")
        #expect(try await refusal(scene, id).contains("(sender-cap)"))
        #expect(try await scene.state(id) == "open")
        #expect(try await scene.box().drafts().count == 1)
        scene.shop.clock.advance(by: 90_000)
        #expect(try await refusal(scene, id) == "sent")
        #expect(try scene.shop.replies().count == 2)
    }

    @Test("not to a dead address, not where a person has the matter, not without the mail that it answers")
    func gate() async throws {
        let scene = try await DraftScene(.maildir)
        let id = try await scene.ask()
        for (sql, back, rule) in [
            (
                "INSERT INTO suppressed (digest, at, message) SELECT recipient, 0, 1 FROM outbox LIMIT 1",
                "DELETE FROM suppressed", "(suppressed)"
            ),
            ("UPDATE conversation SET with_person = 1", "UPDATE conversation SET with_person = 0", "(with-a-person)"),
        ] {
            try await execute(scene, sql)
            #expect(try await refusal(scene, id).contains(rule), "\(rule)")
            try await execute(scene, back)
        }
        #expect(try scene.shop.replies().isEmpty)
        #expect(try await refusal(scene, id) == "sent")
        let forgotten = try await DraftScene(.maildir)
        let other = try await forgotten.ask()
        try await execute(forgotten, "DELETE FROM archive")
        #expect(try await refusal(forgotten, other).contains("not kept any more"))
    }

    @Test("a person who took the draft in hand between the word and the send has it; nothing is sent")
    func tooLate() async throws {
        for deletes in [true, false] {
            let scene = try await DraftScene(.maildir)
            let folder = try scene.box()
            let id = try await scene.ask()
            let desk = try await scene.desk()
            let row = try await desk.approve(id)
            if deletes { try await folder.clear() } else { try await folder.edit { $0 + "\nMore.\n" } }
            guard case .refused(let reason) = try await desk.send(row, of: id) else {
                Issue.record("it was sent")
                continue
            }
            #expect(reason.contains("in hand"))
            try await scene.run()
            #expect(try scene.shop.replies().isEmpty)
            #expect(try await scene.state(id) == (deletes ? "open" : "edited edited"))
            #expect(try await scene.message(id) == "drafted mode-draft")
            #expect(try await folder.drafts().count == (deletes ? 0 : 1))
        }
    }

    @Test("two persons approve at once, beside a run: one mail")
    func twoAtOnce() async throws {
        let scene = try await DraftScene(.maildir)
        let id = try await scene.ask()
        let desks = try await [scene.desk(), scene.desk(), scene.desk(), scene.desk()]
        let results = await withTaskGroup(of: Int64?.self) { group in
            for desk in desks { group.addTask { try? await desk.approve(id) } }
            return await group.reduce(into: [Int64?]()) { $0.append($1) }
        }
        #expect(results.compactMap(\.self).count == 1)
        try await scene.run()
        #expect(try scene.shop.replies().count == 1)
        #expect(try await scene.message(id) == "answered approved")
    }

    @Test("approved while the customer's next mail is handled: the draft's mail leaves once or not at all")
    func besideRun() async throws {
        var outcomes: Set<String> = []
        for round in 0..<12 {
            let scene = try await DraftScene(.maildir) { $0.limits.backstops.perSender = 10 }
            var first = TestMail.whereIsIt()
            first.id = "first@mail.example"
            let id = try await scene.ask(first)
            var second = TestMail(text: "Where is my order NC-104233, please? I am still waiting.\n")
            second.inReplyTo = "first@mail.example"
            try scene.shop.receive(second)
            let (approver, runner) = try await (scene.desk(), scene.desk())
            // The first is quicker than the run.
            async let approved: Int64? = {
                try await Task.sleep(for: .milliseconds(round * 40))
                do { return try await approver.approve(id) } catch is DeskError { return nil }
            }()
            if round == 0 { _ = try await approved }
            try await scene.shop.run(runner)
            let row = try await approved
            try await scene.run()
            let copies = try scene.shop.replies().filter { $0.inReplyTo == ["first@mail.example"] }.count
            let state = try await scene.draft(id).state
            #expect(copies == (state == .approved ? 1 : 0) && (row != nil) == (state == .approved))
            #expect([.approved, .withdrawn].contains(state))
            #expect(try await scene.box().messages().allSatisfy { $0.inReplyTo != ["first@mail.example"] })
            outcomes.insert(state.rawValue)
        }
        #expect(outcomes.contains("approved"))
        print("approve beside a run, 12 rounds: \(outcomes.sorted())")
    }

    @Test("a text of a person: to the same one recipient, with what she changed on record")
    func edited() async throws {
        let scene = try await DraftScene(.maildir)
        let id = try await scene.ask()
        let text = try await scene.desk().draftText(id)
        let edited = text.replacing("Hello", with: "Good morning") + "\nMore at https://neemandclay.example/help\n"
        #expect(try await scene.approve(id, edited: edited).isSent)
        let reply = try #require(try scene.shop.replies().first)
        #expect(reply.text.contains("Good morning") && reply.text.contains("https://neemandclay.example/help"))
        #expect(reply.to.map(\.address) == ["priya.sharma@mail.example"] && reply.cc.isEmpty)
        #expect(reply.subject == "Re: Where is my order NC-104233?")
        let end = try #require(try await scene.end(id))
        #expect(end.difference?.removed == 1 && end.difference?.added == 5)
        #expect(try await scene.box().drafts().isEmpty)
    }

    @Test(
        "a text of a person that must not leave",
        arguments: [
            ("", "it is empty"), (" \n \n", "it is empty"),
            ("Dear Priya,\nlook at https://evil.example/x\n", "line 2 has a link"),
            ("Look at http://neemandclay.example/help", "line 1 has a link"),
            ("Write to ravi@other.example", "an e-mail address"),
            ("[here](https://evil.example)", "a link"),
            ("Your number is [PHONE_7].", "[PHONE_7] stands for nothing"),
            ("A bell: \u{7}", "control characters"),
            (String(repeating: "long ", count: 5_000), "too long"),
        ])
    func refused(text: String, reason: String) async throws {
        let scene = try await DraftScene(nil)
        let id = try await scene.ask()
        #expect(try await refusal(scene, id, edited: text).contains(reason))
        #expect(try await scene.state(id) == "open")
        #expect(try scene.shop.replies().isEmpty)
    }

    @Test("placeholders in a person's text become the recipient's own values, and nobody else's")
    func placeholders() async throws {
        let scene = try await DraftScene(nil)
        var mail = TestMail.whereIsIt()
        mail.text += "My number is +91 98220 14477.\n"
        let id = try await scene.ask(mail)
        #expect(try await scene.approve(id, edited: "We will call you at [PHONE_1].").isSent)
        #expect(try #require(try scene.shop.replies().first).text.contains("+91 98220 14477"))
        var record = try await scene.shop.ledger().record(of: scene.draft(id))
        record.text = "x"
        let foreign = EditedReply(record: record, shop: .test) { _ in .foreign }
        #expect(throws: DeskError.self) { try foreign.checked("Call [PHONE_1].") }
    }

    @Test("the list shows nobody; what is on record outlives a new key, and a lost one leaves no draft behind")
    func listed() async throws {
        let scene = try await DraftScene(nil)
        let id = try await scene.ask()
        let list = try await Desk.drafts(scene.shop.configuration, all: false)
        #expect(list.map(\.id) == [id] && list[0].intent == "track_order" && list[0].rule == "mode-draft")
        let text = String(decoding: try JSONEncoder().encode(list), as: UTF8.self)
        for person in ["priya", "sharma", "Priya", "Sharma"] { #expect(!text.contains(person), "\(text)") }
        #expect(list[0].customer.hasPrefix("[EMAIL_") && list[0].opening.count > 10)
        let detail = try await Desk.draft(id, scene.shop.configuration)
        #expect(detail.mails.map(\.from) == ["priya.sharma@mail.example"] && detail.text.contains("NC-104233"))

        _ = try await scene.shop.ledger().rotate(scene.shop.configuration.keys, now: scene.shop.clock.now)
        #expect(try await Desk.draft(id, scene.shop.configuration).text == detail.text)
        try FileManager.default.removeItem(atPath: scene.shop.configuration.keys.file)
        var surroundings = DeskSurroundings(logger: .init(label: "test"))
        let clock = scene.shop.clock
        surroundings.now = { clock.now }
        _ = try await Desk.abandonKey(scene.shop.configuration, surroundings)
        #expect(try await Desk.drafts(scene.shop.configuration, all: true).isEmpty)
        let outcome = try await scene.run().outcome
        #expect(outcome == "drafted mode-draft")
        #expect(try await Desk.drafts(scene.shop.configuration, all: false).map(\.id) == [id])
    }
}

/// What a person made of a text.
@Suite("Text difference")
struct TextDifferenceTests {
    @Test(
        "words that stayed, went and came",
        arguments: [
            ("a b c", "a b c", 3, 0, 0), ("a b c", "a x c", 2, 1, 1), ("", "a b", 0, 0, 2), ("a b", "", 0, 2, 0),
            ("the parcel is late", "your parcel is very late now", 3, 1, 3), ("a b", "c d", 0, 2, 2),
        ])
    func words(old: String, new: String, kept: Int, removed: Int, added: Int) {
        let difference = TextDifference(from: old, to: new)
        #expect(difference.kept == kept && difference.removed == removed && difference.added == added)
        let words = difference.changes.reduce(into: (0, 0)) {
            $0.0 += $1.removed.split(separator: " ").count
            $0.1 += $1.added.split(separator: " ").count
        }
        #expect(words == (removed, added))
    }

    @Test("texts of any length take a moment")
    func long() {
        let old = (0..<200_000).map { "w\($0)" }.joined(separator: " ")
        let new = (0..<200_000).map { "w\($0 + 5)" }.joined(separator: " ")
        let clock = ContinuousClock()
        var difference = TextDifference(from: "", to: "")
        #expect(clock.measure { difference = TextDifference(from: old, to: new) } < .seconds(10))
        #expect(difference.kept == 199_995 && difference.changes.isEmpty)
        let one = (0..<1_000).map { "w\($0)" }.joined(separator: " ")
        let other = (0..<1_000).map { "v\($0)" }.joined(separator: " ")
        #expect(clock.measure { difference = TextDifference(from: one, to: other) } < .seconds(10))
        #expect(difference.likeness == 0)
    }
}
