import Foundation
import Logging
import Mail
import Redaction
import TestServers
import Testing

@testable import SupportDesk

/// What people showed becomes lessons: each once, redacted, and nothing of it is learned before somebody says so.
@Suite("Lessons", .timeLimit(.minutes(10)))
struct LessonTests {
    /// An agent answers on the only ticket.
    private func answerTicket(_ shop: ScratchShop, _ text: String, ticket: String? = nil) throws {
        let ticket = try #require(ticket ?? shop.tickets().last)
        try shop.folder.write("tickets/\(ticket)/agent-1.txt", "From: Nisha Verma\n\n\(text)\n")
    }

    private func lessons(_ shop: ScratchShop) async throws -> [Lesson] {
        let ledger = try await shop.ledger()
        let lessons = try await ledger.lessons(nil, limit: 1_000)
        try await ledger.close()
        return lessons
    }

    @Test("approved, edited, rejected, answered on a ticket, found right by the customer: each once", .onEachEngine)
    func ways() async throws {
        let scene = try await DraftScene(.maildir) { $0.limits.backstops.perSender = 50 }
        let shop = scene.shop
        let texts = [
            "Hello,\nwhere is my order NC-104233? It has been a week.\nRegards, Priya",
            "Hello,\nhas order NC-104233 left your warehouse yet?\n",
        ].map { TestMail(subject: "My order", text: $0) }
        let approved = try await scene.ask(texts[0])
        _ = try await scene.approve(approved)
        let rejected = try await scene.ask(texts[1])
        _ = try await scene.desk().reject(rejected, reason: "wrong")
        let edited = try await scene.ask(
            TestMail(subject: "Parcel", text: "Hello,\nwhen will order NC-104233 be delivered?\n"))
        let text = try await shop.ledger().record(of: scene.draft(edited)).text
        _ = try await scene.approve(edited, edited: text.replacing("Neem & Clay", with: "We are sorry.\nNeem & Clay"))
        try shop.receive(TestMail(subject: "Please", text: "Hello,\nI want to speak to a real person.\n"))
        #expect(try await scene.run().handled.last?.disposition == .escalated)
        for ticket in shop.tickets() {
            try answerTicket(shop, "Call us between nine and five, the number is on our site.", ticket: ticket)
        }
        let desk = try await scene.desk()
        let collected = try await desk.collectLessons()
        #expect(collected.new == 4 && collected.problems.isEmpty, "\(collected)")
        let found = try await lessons(shop)
        let ways = Dictionary(uniqueKeysWithValues: found.map { ($0.message, $0.way) })
        #expect(ways[approved] == .approved && ways[rejected] == .rejected && ways[edited] == .edited)
        let answered = try #require(found.first { $0.way == .escalated })
        #expect(answered.content.answer?.contains("between nine and five") == true)
        #expect(answered.label == "contact_human_agent")
        #expect(found.first { $0.way == .edited }?.content.answer?.contains("We are sorry.") == true)
        #expect(found.allSatisfy { $0.state == .candidate && $0.seen == $0.label })
        #expect(try await shop.ledger().approvedLessons().isEmpty)
        // Whoever looks again finds nothing new, nor does another machine.
        #expect(try await desk.collectLessons().new == 0)
        #expect(try await scene.desk().collectLessons().new == 0)
        #expect(try await lessons(shop).count == 4)
    }

    @Test("a ticket that nobody has answered is asked for again, later and later; an answer that comes is found")
    func waits() async throws {
        let shop = try await ScratchShop()
        try shop.receive(TestMail(subject: "Please", text: "Hello,\nI want to speak to a real person.\n"))
        let run = try await shop.run()
        #expect(run.handled.first?.disposition == .escalated)
        let desk = try await shop.desk()
        let first = try await desk.collectLessons()
        #expect(first.new == 0 && first.awaited == 1)
        try answerTicket(shop, "Call us.")
        // Not before its time: a ticket system is not asked again and again.
        #expect(try await desk.collectLessons().awaited == 0)
        shop.clock.advance(by: 1_000)
        let second = try await desk.collectLessons()
        #expect(second.new == 1 && second.awaited == 0)
    }

    @Test("the same words of two people are one lesson, and nothing of the people is in any", .onEachEngine)
    func redacted() async throws {
        let shop = try await ScratchShop { $0.limits.backstops.perSender = 50 }
        let secret = ["Priya", "Sharma", "98220", "14477", "Lake View", "104233", "Nisha", "Verma", "priya.sharma"]
        let text = """
            Hello, this is Priya Sharma.
            I want to speak to a real person about order NC-104233.
            My number is +91 98220 14477, I live at 14 Lake View Road, Pune 411001.
            Regards,
            Priya Sharma
            """
        for number in 0..<2 {
            var mail = TestMail(subject: "From Priya Sharma about NC-104233", text: text)
            mail.id = "twice-\(number)@mail.example"
            if number == 1 { mail.from = "priya.sharma@other.example" }
            try shop.receive(mail)
        }
        try await shop.run()
        for ticket in shop.tickets() {
            try answerTicket(
                shop, "Dear Priya Sharma,\nI have called you at +91 98220 14477.\nKind regards,\nNisha Verma",
                ticket: ticket)
        }
        let desk = try await shop.desk()
        #expect(try await desk.collectLessons().new == 1)
        let lesson = try #require(try await lessons(shop).first)
        let all = [
            lesson.content.subject, lesson.content.text, lesson.content.utterance, lesson.content.answer ?? "",
        ].joined(separator: "\n")
        for word in secret { #expect(!all.contains(word), "\(word) in \(all)") }
        #expect(all.contains("[PERSON_1]") && all.contains("NC-000000"))
        #expect(lesson.content.utterance.contains("speak to a real person"))
        // Sealed: the words themselves are in no row.
        let rows = try await shop.ledger().database.read { try $0.rows("SELECT * FROM lesson", []) }
        let sealed = try #require(rows.first?.blob("sealed"))
        #expect(ByteSearch([ByteSearch.key("speak to a real person")]).find(in: sealed).isEmpty)
    }

    @Test("what a person decides stands, with her number in the audit log; only what is approved is learned")
    func decisions() async throws {
        let shop = try await ScratchShop { $0.limits.backstops.perSender = 50 }
        let questions = ["Is there a real person?", "Can I talk to an agent please?", "Put me through to a human."]
        for text in questions { try shop.receive(TestMail(subject: "Please", text: "Hello,\n\(text)\n")) }
        try await shop.run()
        for ticket in shop.tickets() { try answerTicket(shop, "Yes.", ticket: ticket) }
        #expect(try await shop.desk().collectLessons().new == 3)
        let ids = try await lessons(shop).map(\.id)
        let configuration = shop.configuration
        let logger = try await shop.desk().logger
        try await Desk.decide([ids[0]], .approve, configuration, now: shop.clock.now, logger)
        try await Desk.decide(
            [ids[1]], .relabel("contact_customer_service"), configuration, now: shop.clock.now, logger)
        try await Desk.decide([ids[2]], .reject, configuration, now: shop.clock.now, logger)
        let approved = try await shop.ledger().approvedLessons()
        #expect(approved.map(\.id) == [ids[0], ids[1]])
        #expect(approved.map(\.label) == ["contact_human_agent", "contact_customer_service"])
        #expect(approved.map(\.seen) == ["contact_human_agent", "contact_human_agent"])
        await #expect(throws: DeskError.self) {
            try await Desk.decide([ids[0]], .relabel("world_peace"), configuration, now: shop.clock.now, logger)
        }
        await #expect(throws: DeskError.self) {
            try await Desk.decide([4_711], .approve, configuration, now: shop.clock.now, logger)
        }
        let entries = try await shop.ledger().newestAuditEntries(20).filter { $0.kind == "lesson" }
        #expect(entries.map(\.detail).contains("approved lesson=\(ids[1]) label=contact_customer_service"))
        #expect(entries.count == 3)
        #expect(try await shop.ledger().verifyAudit().problem == nil)
        // Another word of hers counts in place of the first one.
        try await Desk.decide([ids[0]], .reject, configuration, now: shop.clock.now, logger)
        #expect(try await shop.ledger().approvedLessons().map(\.id) == [ids[1]])
    }

    @Test("a forgotten person's lessons go, and the model that learned from them is to be trained anew", .onEachEngine)
    func forgets() async throws {
        let shop = try await ScratchShop { $0.limits.backstops.perSender = 50 }
        try shop.receive(TestMail(subject: "Please", text: "Hello,\nis there a real person?\n"))
        var other = TestMail(subject: "Please", text: "Hello,\ncan I talk to an agent please?\n", verdict: .none)
        (other.from, other.name) = ("meera.nair@post.example", "Meera Nair")
        try shop.receive(other)
        try await shop.run()
        for ticket in shop.tickets() { try answerTicket(shop, "Yes.", ticket: ticket) }
        let desk = try await shop.desk()
        #expect(try await desk.collectLessons().new == 2)
        let ledger = try await shop.ledger()
        let ids = try await lessons(shop).map(\.id)
        try await ledger.database.write { transaction in
            for version in 1...2 {
                try transaction.execute(
                    """
                    INSERT INTO classifier
                        (trained_at, actor, state, checksum, bytes, digest, base, lessons, comparison)
                    VALUES (0, 'x', 'promoted', 'c', 1, 'd', 'b', 1, '{}')
                    """, [])
                try transaction.execute(
                    "INSERT INTO classifier_lesson (version, lesson, label) VALUES ($1, $2, 'x')",
                    [.integer(Int64(version)), .integer(ids[version - 1])])
            }
        }
        let mine = try await lessons(shop).first { $0.content.utterance.contains("real person") }
        let gone = try #require(mine?.id)
        let stale = ids.firstIndex(of: gone)
        let record = try await desk.export(["priya.sharma@mail.example"], into: "\(shop.folder.path)/export")
        #expect(record.conversations.flatMap(\.lessons).map(\.label) == ["contact_human_agent"])
        _ = try await desk.forget(["priya.sharma@mail.example"])
        #expect(try await lessons(shop).map(\.id) == ids.filter { $0 != gone })
        let versions = try await ledger.classifiers()
        #expect(versions.map(\.isStale) == [stale == 0, stale == 1])
        #expect(try await desk.collectLessons().new == 0)
        try await ledger.close()
    }

    @Test("lessons are kept as long as the configuration says, and open after a rotation of the key", .onEachEngine)
    func keeping() async throws {
        let shop = try await ScratchShop { $0.retention.lessons = 10 * 86_400 }
        try shop.receive(TestMail(subject: "Please", text: "Hello,\nis there a real person?\n"))
        try await shop.run()
        try answerTicket(shop, "Yes.")
        #expect(try await shop.desk().collectLessons().new == 1)
        let ledger = try await shop.ledger()
        _ = try await ledger.rotate(shop.configuration.keys, now: shop.clock.now)
        #expect(try await lessons(shop).count == 1)
        shop.clock.advance(by: 9 * 86_400)
        try await shop.run()
        #expect(try await lessons(shop).count == 1)
        shop.clock.advance(by: 2 * 86_400)
        try await shop.run()
        #expect(try await lessons(shop).isEmpty)
        try await ledger.close()
    }

    #if DEBUG
        @Test("killed at any step and run again, the lessons are those of a calm run", .onEachEngine)
        func kills() async throws {
            func desk() async throws -> EndToEndDesk {
                let desk = try await EndToEndDesk.onFiles(
                    EndToEndDesk.mails(), limits: "drafts:\n  maildir: drafts\nintents:\n  default: draft\n")
                _ = try await desk.run()
                let root = "\(desk.folder)/tickets"
                for ticket in try FileManager.default.contentsOfDirectory(atPath: root) {
                    try "From: agent\n\nIt is seen to.\n".write(
                        toFile: "\(root)/\(ticket)/agent-1.txt", atomically: true, encoding: .utf8)
                }
                var surroundings = DeskSurroundings(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
                surroundings.now = { EndToEndDesk.now }
                let built = try await Desk.build(DeskConfiguration(file: desk.configurationFile), surroundings)
                for draft in try await built.ledger.drafts(all: false, limit: 1_000).prefix(20) {
                    _ = try await built.reject(draft.message, reason: "not so")
                }
                try await built.ledger.close()
                return desk
            }
            func collect(_ desk: EndToEndDesk, fault: String? = nil) async throws -> EndToEndProgram.Ending {
                try await EndToEndProgram.run(
                    ["learn", "collect", "--config", desk.configurationFile, "--now", EndToEndDesk.nowText],
                    environment: fault.map { ["AURADESK_FAULT": $0] } ?? [:])
            }
            func digests(_ desk: EndToEndDesk) async throws -> [String] {
                let ledger = try await Ledger(desk.keys)
                let rows = try await ledger.database.read {
                    try $0.rows("SELECT message, way, digest FROM lesson ORDER BY message", [])
                }
                try await ledger.close()
                return rows.map {
                    "\($0.integer("message") ?? 0) \($0.text("way") ?? "") \(($0.blob("digest") ?? []).hexadecimal)"
                }
            }
            let calm = try await desk()
            let ending = try await collect(calm)
            #expect(ending.code == 0, "\(ending.errors)")
            let wanted = try await digests(calm)
            #expect(wanted.count > 20, "\(wanted.count)")
            for fault in ["collecting:1", "collecting:2", "collecting:3"] {
                let desk = try await desk()
                #expect(try await collect(desk, fault: fault).signal == SIGKILL, "\(fault)")
                #expect(try await collect(desk).code == 0)
                #expect(try await digests(desk) == wanted, "\(fault)")
            }
        }
    #endif
}
