import Foundation
import Testing

@testable import SupportDesk

/// What holds of the file whoever else has it open.
@Suite("The ledger's file")
struct SQLiteDatabaseTests {
    /// Has another process write to the file and close it.
    private func elsewhere(_ sql: String, _ path: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let script = """
            import sqlite3, sys
            connection = sqlite3.connect(sys.argv[1], timeout=10)
            connection.execute(sys.argv[2])
            connection.commit()
            connection.close()
            """
        process.arguments = ["python3", "-c", script, path, sql]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "python3 could not write to \(path)")
    }

    @Test(
        "one that is opened while another is open takes nobody's locks: both see what other processes write, and lose nothing"
    )
    func locks() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/ledger.sqlite"
        let first = try SQLiteDatabase(path: path)
        _ = try await first.write { try $0.execute("CREATE TABLE entry (number INTEGER)", []) }
        let second = try SQLiteDatabase(path: path)
        try await first.close()
        func numbers() async throws -> [Int64?] {
            try await second.read {
                try $0.rows("SELECT number FROM entry ORDER BY number", []).map { $0.integer("number") }
            }
        }
        #expect(try await numbers() == [])
        // Whoever closes the file as the last one takes its journal away: nobody is the last one here.
        try elsewhere("INSERT INTO entry VALUES (1)", path)
        #expect(try await numbers() == [1])
        _ = try await second.write { try $0.execute("INSERT INTO entry VALUES (2)", []) }
        try elsewhere("INSERT INTO entry VALUES (3)", path)
        #expect(try await numbers() == [1, 2, 3])
        try await second.close()
        let third = try SQLiteDatabase(path: path)
        #expect(try await third.read { try $0.rows("SELECT number FROM entry", []).count } == 3)
        try await third.close()
    }

    @Test("it is made for its owner alone, and one that is there keeps its mode")
    func mode() async throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/ledger.sqlite"
        func mode() throws -> UInt32 {
            var entry = stat()
            try #require(stat(path, &entry) == 0)
            return entry.st_mode & 0o777
        }
        try await SQLiteDatabase(path: path).close()
        #expect(try mode() == 0o600)
        chmod(path, 0o640)
        try await SQLiteDatabase(path: path).close()
        #expect(try mode() == 0o640)
    }
}
