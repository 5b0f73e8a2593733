import Foundation
import Mail
import Testing
import Triage

@testable import SupportDesk

/// How far the desk goes with an answer that passed the review, and what it says of its reasons.
@Suite("Deciding")
struct DecidingTests {
    private func outcome(_ mail: TestMail = .whereIsIt(), _ change: (inout DeskConfiguration) -> Void) async throws
        -> String
    {
        let shop = try await ScratchShop(change)
        try shop.receive(mail)
        return try await shop.run().outcome
    }

    /// The decision's inputs as the ledger keeps them.
    private func detail(of shop: ScratchShop) async throws -> String {
        let row = try await shop.ledger().database.read { transaction in
            try transaction.rows("SELECT detail FROM decision ORDER BY message DESC LIMIT 1", []).first
        }
        return try #require(row?.text("detail"))
    }

    @Test("a share of the customers is answered: always the same ones, about as many as it says")
    func rollout() async throws {
        var answered: [Bool] = []
        for _ in 0..<2 {
            let shop = try await ScratchShop {
                $0.policy.rollout = 0.5
                $0.limits.backstops.perDomain = 500
            }
            // One key: the place of a customer is hers in this ledger.
            let desk = try await shop.desk()
            let places = (0..<60).map { number in
                desk.ledger.seal.digest("person\(number)@mail.example", for: "rollout").prefix(8)
                    .reduce(UInt64(0)) { $0 << 8 | UInt64($1) } % 10_000 < 5_000
            }
            #expect((15...45).contains(places.count(where: \.self)))
            for number in 0..<12 {
                var mail = TestMail.whereIsIt()
                mail.from = "person\(number)@mail.example"
                let raw = RawMessage(
                    id: 0, channel: "c", source: "\(number)", arrival: shop.clock.now, bytes: mail.bytes)
                let first = try await desk.dispose(of: raw).0
                #expect(first.rule == (try await desk.dispose(of: raw).0).rule)
                #expect((first.kind == .answered) == places[number], "\(first.rule)")
                answered.append(first.kind == .answered)
                if first.kind != .answered { #expect(first.rule.name == "rollout") }
            }
        }
        #expect(answered.contains(true) && answered.contains(false))
        #expect(try await outcome { $0.policy.rollout = 0 } == "escalated rollout")
        #expect(try await outcome { $0.policy.rollout = 1 } == "answered answered")
    }

    @Test("a pilot's customers are answered whatever the share is, as far as they are proved to have written")
    func pilot() async throws {
        for list in [["priya.sharma@mail.example"], ["@mail.example"]] {
            #expect(try await outcome { $0.policy.pilot = list } == "answered answered")
        }
        for list in [["priya.sharma@mail.example.evil"], ["priya@mail.example"], ["@example"]] {
            #expect(try await outcome { $0.policy.pilot = list } == "escalated rollout")
        }
        var unproved = TestMail.whereIsIt()
        unproved.verdict = .none
        #expect(try await outcome(unproved) { $0.policy.pilot = ["@mail.example"] } == "escalated rollout")
        #expect(
            try await outcome {
                $0.policy.pilot = ["@mail.example"]
                $0.policy.rollout = 0
            } == "answered answered")
    }

    /// The demo's instant is Tuesday, 10 March 2026, 14:30 in Kolkata.
    private func hours(_ text: String, of day: Int = 1, holidays: Set<LocalDate> = [], outside: Mode? = nil) throws
        -> BusinessHours
    {
        var spans = Array(repeating: [Range<Int>](), count: 7)
        spans[day] = [try #require(BusinessHours.span(text))]
        return BusinessHours(
            timeZone: try #require(TimeZone(identifier: "Asia/Kolkata")), spans: spans, holidays: holidays,
            outside: outside)
    }

    @Test("hours of a day of the week in a time zone, and holidays")
    func businessHours() async throws {
        let now = ScratchShop.start
        #expect(try hours("14:30-14:31").isOpen(at: now))
        #expect(try !hours("14:31-18:00").isOpen(at: now))
        #expect(try !hours("09:00-14:30").isOpen(at: now))
        #expect(try !hours("09:00-18:00", of: 0).isOpen(at: now))
        #expect(try !hours("09:00-18:00", holidays: [try #require(LocalDate("2026-03-10"))]).isOpen(at: now))
        #expect(try hours("00:00-24:00").isOpen(at: now))
        // 19:00 UTC is past midnight of Wednesday there.
        #expect(try !hours("00:00-24:00").isOpen(at: now.addingTimeInterval(10 * 3_600)))
        #expect(try hours("00:00-01:00", of: 2).isOpen(at: now.addingTimeInterval(10 * 3_600)))
        for text in ["9:00-18:00", "18:00-09:00", "09:00", "09:00-25:00", "09:60-10:00", "24:30-24:40", ""] {
            #expect(BusinessHours.span(text) == nil, "\(text)")
        }
        let closed = try hours("09:00-10:00")
        #expect(try await outcome { $0.policy.hours = closed } == "escalated outside-hours")
        let open = try hours("09:00-18:00")
        #expect(try await outcome { $0.policy.hours = open } == "answered answered")
        let drafting = try hours("09:00-10:00", outside: .draft)
        #expect(
            try await outcome {
                $0.policy.hours = drafting
                $0.drafts = .maildir($0.state + "/../drafts")
            } == "drafted outside-hours")
        let automatic = try hours("09:00-10:00", outside: .auto)
        #expect(try await outcome { $0.policy.hours = automatic } == "answered answered")
    }

    @Test("an order above the cap of its intent waits for a person; what cannot be compared counts as above")
    func caps() async throws {
        for (cap, expected) in [
            ("2498 INR", "answered answered"), ("2497.99 INR", "escalated cap"), ("1000000 USD", "escalated cap"),
        ] {
            let cap = try #require(MoneyCap(cap))
            #expect(try await outcome { $0.policy.caps = ["track_order": cap] } == expected)
            #expect(try await outcome { $0.policy.defaultCap = cap } == expected)
            #expect(try await outcome { $0.policy.caps = ["track_refund": cap] } == "answered answered")
        }
        // A policy is nobody's money.
        var question = TestMail(subject: "Returns", text: "Hello, what is your refund policy?\n")
        question.verdict = .pass
        let cap = try #require(MoneyCap("1 INR"))
        #expect(try await outcome(question) { $0.policy.defaultCap = cap } == "answered answered")
        #expect(MoneyCap("5000.5 inr")?.hundredths == 500_050)
        for text in ["5000", "INR 5000", "-5 INR", "5,000 INR", "5000 RUPEES", "5000.123 INR", " INR", "1e3 INR"] {
            #expect(MoneyCap(text) == nil, "\(text)")
        }
    }

    @Test("mail of certain customers always goes to a person")
    func vip() async throws {
        #expect(try await outcome { $0.policy.vip.addresses = ["priya.sharma@mail.example"] } == "escalated vip")
        #expect(try await outcome { $0.policy.vip.addresses = ["@mail.example"] } == "escalated vip")
        #expect(try await outcome { $0.policy.vip.addresses = ["sharma@mail.example"] } == "answered answered")
        #expect(try await outcome { $0.policy.vip.orderValue = MoneyCap("2000 INR") } == "escalated vip")
        #expect(try await outcome { $0.policy.vip.orderValue = MoneyCap("3000 INR") } == "answered answered")
        for (tags, expected) in [(["wholesale", "vip"], "escalated vip"), (["wholesale"], "answered answered")] {
            let shop = try await ScratchShop { $0.policy.vip.tags = tags }
            let file = "\(shop.folder.path)/customers.json"
            let customers = try String(contentsOfFile: file, encoding: .utf8)
            let tagged = customers.replacing(
                #""name": "Priya Sharma","#, with: #""name": "Priya Sharma", "tags": ["VIP"],"#)
            #expect(tagged != customers)
            try Data(tagged.utf8).write(to: URL(filePath: file))
            try shop.receive(.whereIsIt())
            #expect(try await shop.run().outcome == expected)
        }
    }

    @Test(
        "the third message on the same matter is a person's, in one conversation or in several; another matter is not")
    func thirdMessage() async throws {
        let shop = try await ScratchShop {
            $0.limits.backstops.perMatter = 2
            $0.limits.backstops.perSender = 20
        }
        func ask(_ text: String) async throws -> String {
            try shop.receive(TestMail(text: text + "\n"))
            defer { shop.clock.advance(by: 86_400) }
            return try await shop.run().outcome
        }
        #expect(try await ask("What is your refund policy?") == "answered answered")
        #expect(try await ask("Hello, what is your refund policy?") == "answered answered")
        #expect(try await ask("Hello, what is your refund policy please?") == "escalated third-message")
        #expect(try await ask("Where is my order NC-104233?") == "answered answered")
        shop.clock.advance(by: 14 * 86_400)
        #expect(try await ask("And what is your refund policy these days?") == "answered answered")
    }

    @Test("who comes back unhappy after two answers in a conversation needs a person")
    func twoFailures() async throws {
        let shop = try await ScratchShop { $0.limits.backstops.perSender = 20 }
        func ask(_ text: String) async throws -> String {
            var mail = TestMail(text: text + "\n")
            if let last = try shop.replies().max(by: { $0.date ?? .distantPast < $1.date ?? .distantPast }) {
                mail.inReplyTo = last.messageID
            }
            try shop.receive(mail)
            defer { shop.clock.advance(by: 3_600) }
            return try await shop.run().outcome
        }
        #expect(try await ask("Where is my order NC-104233?") == "answered answered")
        #expect(try await ask("And which payment methods do you accept?") == "answered answered")
        #expect(
            try await ask("I am disappointed, this did not help at all. Where is my order NC-104233?")
                == "escalated two-failures")
    }

    @Test("what was decided, and what it was made of, stands in the ledger and in explain, in plain words")
    func explained() async throws {
        let closed = try hours("09:00-10:00")
        let shop = try await ScratchShop {
            $0.policy.hours = closed
            $0.policy.rollout = 1
        }
        try shop.receive(.whereIsIt())
        #expect(try await shop.run().outcome == "escalated outside-hours")
        let detail = try await detail(of: shop)
        for part in [
            "\"probability\":", "\"fit\":1", "\"threshold\":0.55", "\"mode\":\"auto\"", "\"bucket\":", "outside-hours",
            "\"tier\":\"verified\"", "\"answersOnMatter\":0",
        ] { #expect(detail.contains(part), "\(part) in \(detail)") }
        for person in ["Priya", "sharma", "NC-104233", "@"] { #expect(!detail.contains(person)) }
        let desk = try await shop.desk()
        var mail = TestMail.whereIsIt()
        mail.text += "And what else?\n"
        let raw = RawMessage(id: 0, channel: "c", source: "x", arrival: shop.clock.now, bytes: mail.bytes)
        let explanation = try await desk.explain(raw)
        let lines = try #require(explanation.stages.last { $0.name == "decide" }).lines
        let text = lines.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
        #expect(text.contains("escalated: a person gets a ticket with the draft in it"), "\(text)")
        #expect(text.contains("because: It is outside the hours in which answers are sent automatically."))
        #expect(text.contains("of 55 % needed, enough"))
        #expect(text.contains("held back: to shadow: It is outside the hours"))
        #expect(text.contains("place in the rollout: "))
    }

    @Test(
        "desk.yaml says it all, and what it says wrong is named",
        arguments: [
            ("rollout: 10", "rollout must be a share"), ("rollout: 110%", "rollout must be a share"),
            ("pilot: [friend]", "pilot must be addresses"),
            ("hours: {mon: 9-18}", "hours.mon must be hours"), ("hours: {holidays: []}", "hours names no hours"),
            ("hours: {mon: 09:00-18:00, holidays: [20 March]}", "hours.holidays must be dates"),
            ("hours: {mon: 09:00-18:00, time_zone: Poona}", "hours.time_zone is not a time zone"),
            ("hours: {mon: 09:00-18:00, outside: later}", "hours.outside must be"),
            ("hours: {mon: 09:00-18:00, friday: 09:00-12:00}", "unknown key hours.friday"),
            ("caps: {track_refund: 5000}", "caps.track_refund must be an amount"),
            ("vip: {order_value: much}", "vip.order_value must be an amount"), ("vip: {tag: x}", "unknown key vip.tag"),
            ("on_file: maybe", "on_file must be on or off"),
        ])
    func strict(line: String, problem: String) throws {
        let folder = try ScratchFolder()
        let least = """
            shop: {name: S, address: s@s.example}
            channels: [{maildir: m}]
            carrier: {maildir: o}
            tickets: {folder: t}
            state: st

            """
        let file = try folder.write("desk.yaml", least + line + "\n")
        do {
            _ = try DeskConfiguration(file: file)
            Issue.record("\(line) was read")
        } catch let error as DeskError {
            #expect(error.message.contains(problem), "\(error.message)")
        }
        #expect(try DeskConfiguration(file: folder.write("least.yaml", least)).answersOnFile == false)
    }
}
