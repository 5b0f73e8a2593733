import Foundation
import Testing

@testable import SupportDesk

/// What is too old is let go by the runs, class by class, and nothing that is still needed.
@Suite("Retention", .onEachEngine, .timeLimit(.minutes(5)))
struct RetentionTests {
    private func count(_ shop: ScratchShop, _ sql: String) async throws -> Int {
        let ledger = try await shop.ledger()
        let rows = try await ledger.database.read { try $0.rows("SELECT COUNT(*) AS n FROM \(sql)", []) }
        try await ledger.close()
        return Int(rows.first?.integer("n") ?? -1)
    }

    /// Runs the desk so many days after the beginning.
    private func run(_ shop: ScratchShop, day: Double) async throws {
        shop.clock.advance(by: ScratchShop.start.addingTimeInterval(day * 86_400).timeIntervalSince(shop.clock.now))
        try await shop.run()
    }

    @Test("each class goes when its time has come; a second copy is still known for one after a year")
    func classes() async throws {
        let shop = try await ScratchShop()
        let mail = TestMail.whereIsIt()
        try shop.receive(mail)
        try shop.receive(TestMail(name: "Angry", from: "angry@mail.example", text: "I want to speak to a person.\n"))
        try await shop.run()
        let replies = "outbox WHERE kind = 'reply' AND length(sealed) > 0"
        let tickets = "outbox WHERE kind = 'ticket' AND length(sealed) > 0"
        func all() async throws -> [Int] {
            var counts: [Int] = []
            for sql in [replies, "archive", "vault", tickets, "conversation_key", "decision"] {
                counts.append(try await count(shop, sql))
            }
            return counts
        }
        let vaults = try await count(shop, "vault")
        #expect(vaults > 0)
        #expect(try await all() == [1, 2, vaults, 1, 2, 2])
        try await run(shop, day: 6.9)
        #expect(try await all() == [1, 2, vaults, 1, 2, 2])
        try await run(shop, day: 7.1)
        #expect(try await all() == [0, 2, vaults, 1, 2, 2])
        try await run(shop, day: 30.1)
        #expect(try await all() == [0, 0, 0, 1, 2, 2])
        // With the last thing that it sealed a conversation's key goes.
        try await run(shop, day: 90.1)
        #expect(try await all() == [0, 0, 0, 0, 0, 2])
        try await run(shop, day: 365.1)
        #expect(try await all() == [0, 0, 0, 0, 0, 0])
        try shop.receive(mail)
        #expect(try await shop.run().outcome == "ignored duplicate")
        #expect(try await count(shop, "outbox") == 2, "what was sent when is still known")
    }

    @Test("what waits is kept: the mail of an open draft, and what has not left")
    func held() async throws {
        let scene = try await DraftScene(nil) { $0.draftPolicy.expiry = 300 * 86_400 }
        let id = try await scene.ask()
        let carrier = ScriptedCarrier([.deferred(reason: "busy")])
        try scene.shop.receive(TestMail(text: "Hello, what is your refund policy?\n"))
        let waits = try await scene.shop.run { $0.carrier = carrier }
        #expect(waits.outcome == "answered answered")
        let ledger = try await scene.shop.ledger()
        let later = ScratchShop.start.addingTimeInterval(100 * 86_400)
        let counts = try #require(try await ledger.enforce(RetentionPolicy(), now: later))
        #expect(counts == [:], "\(counts)")
        #expect(try await ledger.archived(id) != nil)
        // A mark is not set beyond what waits: when that is done it goes.
        try await ledger.database.write { transaction in
            try transaction.execute("UPDATE outbox SET state = 'sent'", [])
            try transaction.execute("UPDATE draft SET state = 'sent'", [])
            try transaction.execute("UPDATE message SET status = 'answered'", [])
        }
        let after = try #require(try await ledger.enforce(RetentionPolicy(), now: later.addingTimeInterval(7_200)))
        #expect(after["replies"] == 1 && after["drafts"] == 1 && after["keys"] == 2, "\(after)")
        // In PostgreSQL they went with their month, and nobody counted.
        #expect(after["bodies"] == (LedgerEngine.current == .postgres ? nil : 2))
        #expect(try await ledger.database.read { try $0.rows("SELECT message FROM archive", []).isEmpty })
        #expect(after["copies of drafts"] == 1)
    }

    @Test("of a draft the text goes, and what became of it stays for a year's figures")
    func fates() async throws {
        let scene = try await DraftScene(nil)
        let id = try await scene.ask()
        let ledger = try await scene.shop.ledger()
        try await ledger.database.write { transaction in
            try transaction.execute("UPDATE outbox SET state = 'sent'", [])
            try transaction.execute(
                "UPDATE draft SET state = 'approved', place = 'none', likeness = 0.5, ended_at = created_at", [])
            try transaction.execute("UPDATE message SET status = 'answered'", [])
        }
        func day(_ day: Double) -> Date { ScratchShop.start.addingTimeInterval(day * 86_400) }
        #expect(try #require(try await ledger.enforce(RetentionPolicy(), now: day(29)))["drafts"] == nil)
        let counts = try #require(try await ledger.enforce(RetentionPolicy(), now: day(40)))
        #expect(counts["drafts"] == 1 && counts["fates of drafts"] == nil, "\(counts)")
        let draft = try #require(try await ledger.draft(id))
        #expect(draft.sealed.isEmpty && draft.digest.isEmpty && draft.name == nil)
        #expect(draft.state == .approved && draft.ended == draft.created)
        let row = try await ledger.database.read { try $0.rows("SELECT likeness FROM draft", []).first }
        #expect(row?.real("likeness") == 0.5)
        // To people it is not there any more.
        #expect(try await ledger.drafts(all: true, limit: 10).isEmpty)
        await #expect(throws: DeskError.self) { _ = try await ledger.record(of: draft) }
        _ = try await ledger.rotate(scene.shop.keys(), now: day(41))
        #expect(try #require(try await ledger.enforce(RetentionPolicy(), now: day(300)))["keys"] == 1)
        #expect(try await ledger.draft(id) != nil)
        let last = try #require(try await ledger.enforce(RetentionPolicy(), now: day(366)))
        #expect(last["fates of drafts"] == 1)
        #expect(try await ledger.draft(id) == nil)
    }

    @Test("much goes in many transactions; between two looks is an hour")
    func many() async throws {
        let ledger = try await Ledger.test()
        try await ledger.database.write { transaction in
            for id in 1...1_700 {
                try transaction.execute(
                    """
                    INSERT INTO message (channel, source, arrived_at, recorded_at, status) VALUES ('a', $1, 0, $2, 'answered')
                    """, [.text("\(id)"), .integer(Int64(id) * 1_000)])
                try transaction.execute(
                    "INSERT INTO archive (message, arrived_at, sealed) VALUES ($1, 0, $2)",
                    [.integer(Int64(id)), .blob([1])])
            }
        }
        var policy = RetentionPolicy()
        policy.bodies = 10
        // The last three are too young.
        let now = Date(milliseconds: 1_697_500 + 10_000)
        #expect(try await ledger.enforce(policy, now: now) == ["bodies": 1_697])
        #expect(try await ledger.enforce(policy, now: now.addingTimeInterval(3_500)) == nil)
        #expect(try await ledger.enforce(policy, now: now.addingTimeInterval(3_601)) == ["bodies": 3])
    }

    @Test("a ticket in a folder goes some time after a person has closed it, an open one never")
    func tickets() async throws {
        let shop = try await ScratchShop()
        for name in ["angry", "cross"] {
            try shop.receive(
                TestMail(name: name, from: "\(name)@mail.example", text: "I want to speak to a person.\n"))
        }
        try await shop.run()
        let (closed, open) = (shop.tickets()[0], shop.tickets()[1])
        let folder = FileTickets(folder: "\(shop.folder.path)/tickets")
        var change = TicketChange()
        change.state = .closed
        _ = try await folder.change(closed, change, from: nil)
        #expect(try folder.removeClosed(before: Date().addingTimeInterval(-60)) == 0)
        #expect(try folder.removeClosed(before: Date().addingTimeInterval(60)) == 1)
        #expect(shop.tickets() == [open])
    }

    @Test("the configuration says how long, and is read strictly")
    func configuration() throws {
        let folder = try ScratchFolder()
        let yaml = String(
            decoding: FileManager.default.contents(atPath: "\(PackageFolder.demo)/desk.yaml") ?? Data(), as: UTF8.self)
        func policy(_ section: String) throws -> RetentionPolicy {
            for name in ["customers.json", "orders.json"] { try folder.write(name, "[]") }
            return try DeskConfiguration(file: folder.write("desk.yaml", "\(yaml)\n\(section)")).retention
        }
        #expect(try policy("") == RetentionPolicy())
        let short = try policy("retention: {bodies: 3d, replies: 12h}\n")
        #expect(short.bodies == 3 * 86_400 && short.replies == 43_200 && short.vault == RetentionPolicy().vault)
        let error = #expect(throws: DeskError.self) { try policy("retention: {bodys: 3d}\n") }
        #expect(error?.message.contains("unknown key retention.bodys") == true)
    }
}
