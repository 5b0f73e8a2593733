import Foundation
import Testing

@testable import SupportDesk

@Suite("Many writers at once", .onEachEngine)
struct CommitQueueTests {
    private struct Refused: Error {}

    @Test("many writers at once: each gets its own result, and one that throws undoes only its own changes")
    func isolation() async throws {
        let folder = try ScratchFolder()
        let database = try await LedgerEngine.current.database(path: folder.path + "/db.sqlite")
        try await database.write { _ = try $0.execute("CREATE TABLE t (n INTEGER PRIMARY KEY)", []) }
        let results = await withTaskGroup(of: (Int, Int64?, Bool).self) { group in
            for number in 0..<300 {
                group.addTask {
                    do {
                        let value = try await database.write { transaction -> Int64? in
                            try transaction.execute("INSERT INTO t (n) VALUES ($1)", [.integer(Int64(number))])
                            if number % 7 == 3 { throw Refused() }
                            return number % 2 == 0 ? nil : Int64(number)
                        }
                        return (number, value, true)
                    } catch { return (number, nil, false) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for (number, value, done) in results {
            #expect(done == (number % 7 != 3))
            #expect(value == (number % 7 != 3 && number % 2 == 1 ? Int64(number) : nil))
        }
        let kept = try await database.read {
            try $0.rows("SELECT n FROM t ORDER BY n", []).compactMap { $0.integer("n") }
        }
        #expect(kept == (0..<300).filter { $0 % 7 != 3 }.map(Int64.init))
        // What the engine refuses is one writer's problem as well.
        async let good: Void = database.write { _ = try $0.execute("INSERT INTO t (n) VALUES (1000)", []) }
        await #expect(throws: DeskError.self) {
            try await database.write { _ = try $0.execute("INSERT INTO t (n) VALUES (0)", []) }
        }
        try await good
    }

    @Test("a cancelled writer's change is made or not, and the others' are made")
    func cancelled() async throws {
        let database = try await LedgerEngine.current.database(path: nil)
        try await database.write { _ = try $0.execute("CREATE TABLE t (n INTEGER PRIMARY KEY)", []) }
        let tasks = (0..<50).map { number in
            Task {
                try await database.write {
                    _ = try $0.execute("INSERT INTO t (n) VALUES ($1)", [.integer(Int64(number))])
                }
            }
        }
        for task in tasks.prefix(25) { task.cancel() }
        for task in tasks.suffix(25) { try await task.value }
        let kept = try await database.read { try $0.rows("SELECT n FROM t", []).count }
        #expect(kept >= 25)
    }
}
