import Foundation
import Mail
import Testing

@testable import SupportDesk

/// What a ledger is worth when a disk or a person has been at it.
@Suite("Upkeep of the ledger", .onEachEngine)
struct LedgerUpkeepTests {
    /// A shop with an answered mail, and a ticket.
    private func shop() async throws -> ScratchShop {
        let shop = try await ScratchShop()
        try shop.receive(.whereIsIt())
        try shop.receive(TestMail(name: "Angry", from: "angry@mail.example", text: "I want to speak to a person.\n"))
        try await shop.run()
        return shop
    }

    /// Every row of every table, as text.
    private func contents(_ database: any Database) async throws -> [String: [String]] {
        try await database.read { transaction in
            var contents: [String: [String]] = [:]
            for table in try transaction.rows(database.dialect.catalog.tables, []).compactMap({ $0.text("name") }) {
                contents[table] = try transaction.rows("SELECT * FROM \(table)", []).map { row in
                    row.names.map { "\($0)=\(row[$0] ?? .null)" }.joined(separator: " ")
                }.sorted()
            }
            return contents
        }
    }

    @Test("a ledger after a run is whole; what cannot be in it is found and counted")
    func check() async throws {
        let ledger = try await shop().ledger()
        func problems() async throws -> [String] {
            // The tests' server is made to be fast.
            try await ledger.check().filter { !$0.contains("power cut") }
        }
        #expect(try await problems().isEmpty)
        let changes = [
            ("UPDATE message SET status = 'done' WHERE id = 1", "1 messages have a status that there is none of"),
            ("UPDATE message SET status = 'decided' WHERE id = 1", "1 messages are decided, and nothing waits"),
            ("DELETE FROM message WHERE id = 1", "rows of the table archive belong to no message"),
            ("DELETE FROM conversation", "rows of the table archive belong to no conversation"),
            (
                "UPDATE archive SET sealed = (SELECT sealed FROM outbox ORDER BY id LIMIT 1)",
                "values of the table archive do not open"
            ),
        ]
        for (sql, words) in changes {
            try await ledger.database.write { _ = try $0.execute(sql, []) }
            #expect(try await problems().contains { $0.contains(words) }, "\(sql)")
        }
    }

    @Test("a backup is the whole ledger of one moment for its owner alone, and takes no other file's place")
    func backup() async throws {
        let shop = try await shop()
        let ledger = try await shop.ledger()
        let path = "\(shop.folder.path)/backup.sqlite"
        try await ledger.backUp(to: path)
        var wanted = try await contents(ledger.database)
        let copy = try SQLiteDatabase(path: path)
        var found = try await contents(copy)
        for table in ["archive", "decision", "outbox", "message", "sealing_key"] {
            #expect(found[table]?.isEmpty == false && found[table] == wanted[table], "\(table)")
        }
        (wanted["schema_version"], found["schema_version"]) = (nil, nil)
        #expect(found == wanted)
        #expect(try await Ledger(database: copy) { try shop.keys().masters() }.check().isEmpty)
        try await copy.close()
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let before = FileManager.default.contents(atPath: path)
        await #expect(throws: DeskError.self) { try await ledger.backUp(to: path) }
        #expect(FileManager.default.contents(atPath: path) == before)
        let left = try FileManager.default.contentsOfDirectory(atPath: shop.folder.path)
        #expect(!left.contains { $0.hasPrefix("backup.sqlite.") })
    }

    @Test("vacuum changes nothing that is in it")
    func vacuum() async throws {
        let ledger = try await shop().ledger()
        let before = try await contents(ledger.database)
        try await ledger.vacuum()
        var after = try await contents(ledger.database)
        // Where the planner's counts are.
        for table in after.keys where before[table] == nil { after[table] = nil }
        #expect(after == before)
    }

    @Test("two that write at the same time give no number twice, and lose none")
    func turns() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/ledger.sqlite"
        let ledgers = [try await Ledger.test(path: path), try await Ledger.test(path: path)]
        let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<120 {
                group.addTask { try await ledgers[index % 2].turn(of: "team", "ticket \(index)") }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(numbers.sorted() == Array(0..<120))
    }
}

/// From one machine to many: the file's ledger goes on in PostgreSQL.
@Suite("A ledger's way to PostgreSQL")
struct LedgerCopyTests {
    private func contents(_ database: any Database) async throws -> [String: Int] {
        try await database.read { transaction in
            try transaction.rows(database.dialect.catalog.tables, []).compactMap { $0.text("name") }.reduce(into: [:]) {
                $0[$1] = Int(try transaction.rows("SELECT COUNT(*) AS n FROM \($1)", []).first?.integer("n") ?? 0)
            }
        }
    }

    /// The same key for a ledger in PostgreSQL.
    private static func move(_ keys: KeySource, _ shop: ScratchShop) async throws -> KeySource {
        var keys = keys
        keys.store = try await LedgerEngine.postgres.store(for: shop.folder.path)
        return keys
    }

    @Test("a desk that moves goes on where it was: known mail stays known, conversations go on, numbers too")
    func moves() async throws {
        let shop = try await ScratchShop { $0.keys.store = .file }
        var mail = TestMail.whereIsIt()
        mail.id = "opening@mail.example"
        // The first by arrival, whatever the names of the files.
        try shop.receive(mail, age: 120)
        try shop.receive(TestMail(name: "Angry", from: "angry@mail.example", text: "I want to speak to a person.\n"))
        #expect(try await shop.run().handled.count == 2)
        let former = try await shop.ledger()
        let before = try await contents(former.database)
        try await former.close()

        let keys = try await Self.move(shop.configuration.keys, shop)
        let rows = try await Ledger.copy(to: keys)
        #expect(rows == before.reduce(0) { $0 + ($1.key == "schema_version" ? 0 : $1.value) })
        let moved = try await Ledger(keys)
        #expect(try await contents(moved.database) == before)
        #expect(try await moved.check().filter { !$0.contains("power cut") }.isEmpty)
        // A second time there is a ledger already, also after its key changed.
        await #expect(throws: DeskError.self) { _ = try await Ledger.copy(to: keys) }

        let next = try await ScratchShop {
            $0 = shop.configuration; $0.keys.store = keys.store
        }
        var answer = TestMail.whereIsIt()
        answer.inReplyTo = "opening@mail.example"
        try shop.receive(answer)
        let run = try await next.run()
        #expect(run.handled.map(\.id) == [3], "what was handled before is not looked at again")
        let conversations = try await moved.database.read { transaction in
            try transaction.rows("SELECT conversation FROM message WHERE id IN (1, 3)", []).map {
                $0.integer("conversation")
            }
        }
        #expect(Set(conversations).count == 1 && conversations.first != .some(nil))

        // And back: the backup of PostgreSQL is a ledger's file.
        let file = "\(shop.folder.path)/back.sqlite"
        try await moved.backUp(to: file)
        let back = try await Ledger(database: SQLiteDatabase(path: file)) { try keys.masters() }
        #expect(try await contents(back.database) == contents(moved.database))
        #expect(try await back.check().isEmpty)
    }

    @Test("with another key nothing is copied")
    func otherKey() async throws {
        let shop = try await ScratchShop { $0.keys.store = .file }
        try shop.receive(.whereIsIt())
        try await shop.run()
        let keys = try await Self.move(shop.keys(secret: String(repeating: "x", count: 44)), shop)
        try FileManager.default.removeItem(atPath: keys.file)
        let error = await #expect(throws: DeskError.self) { _ = try await Ledger.copy(to: keys) }
        #expect(error?.code == .configuration)
    }

    @Test("what came before its month had a part moves there; a month that ended goes as a whole, the rest stays")
    func months() async throws {
        let path = UUID().uuidString
        let database = try await LedgerEngine.postgres.database(path: path)
        try await Ledger.migrate(database)
        let january = Date(timeIntervalSince1970: 1_767_225_600)
        func decide(_ message: Int64, _ date: Date) async throws {
            try await database.write { transaction in
                _ = try transaction.execute(
                    "INSERT INTO decision (message, at, detail) VALUES ($1, $2, '{}')",
                    [.integer(message), .integer(date.milliseconds)])
            }
        }
        func parts() async throws -> [String] {
            try await database.read { transaction in
                try transaction.rows(
                    "SELECT tableoid::regclass::text AS name, message FROM decision ORDER BY message", []
                ).map { "\($0.integer("message") ?? 0) \($0.text("name")?.split(separator: ".").last ?? "")" }
            }
        }
        try await decide(1, january.addingTimeInterval(-1))
        try await decide(2, january)
        #expect(try await parts() == ["1 decision_rest", "2 decision_rest"])
        try await database.turnMonths(now: january, dropping: [:])
        try await decide(3, january.addingTimeInterval(31 * 86_400))
        #expect(try await parts() == ["1 decision_rest", "2 decision_2026_01", "3 decision_2026_02"])
        try await database.turnMonths(
            now: january,
            dropping: ["decision": MonthEnd(instant: january.addingTimeInterval(31 * 86_400 - 0.001), kept: "FALSE")])
        #expect(try await parts().count == 3, "January has not ended")
        let wanted = MonthEnd(instant: january.addingTimeInterval(31 * 86_400), kept: "t.message = 2")
        try await database.turnMonths(now: january, dropping: ["decision": wanted])
        #expect(try await parts().count == 3, "one of January's is wanted")
        try await database.turnMonths(
            now: january,
            dropping: ["decision": MonthEnd(instant: january.addingTimeInterval(31 * 86_400), kept: "FALSE")])
        #expect(try await parts() == ["1 decision_rest", "3 decision_2026_02"])
    }
}
