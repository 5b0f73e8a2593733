import Foundation
import GRDB

extension SQLiteDatabase {
    /// SQLite's own look at every page and every index.
    public func check() async throws -> [String] {
        do {
            return try await writer.read { database in
                try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
            }
        } catch let error as GRDB.DatabaseError {
            return ["\(Self.deskError(error, doing: "read", at: "the ledger"))"]
        }
    }

    /// Writes the file anew without what was deleted; its journal is emptied too.
    public func vacuum() async throws {
        do {
            try await writer.barrierWriteWithoutTransaction { database in
                try database.execute(sql: "VACUUM")
                try database.execute(sql: "ANALYZE")
                // It answers with a row, and so it is asked for.
                _ = try Row.fetchAll(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
        } catch let error as GRDB.DatabaseError {
            throw Self.deskError(error, doing: "vacuum", at: "the ledger")
        }
    }

    /// SQLite's own copy of one moment, checked, synced and only then under its name.
    public func backUp(to path: String) async throws {
        try await Self.make(path) { aside in
            do {
                try await writer.barrierWriteWithoutTransaction { database in
                    try database.execute(sql: "VACUUM INTO ?", arguments: [aside])
                }
            } catch let error as GRDB.DatabaseError {
                throw Self.deskError(error, doing: "write", at: path)
            }
        }
    }

    /// Nothing is kept by months in a file.
    public func turnMonths(now: Date, dropping ends: [String: MonthEnd]) async throws {}

    /// Runs a body on the writer's connection, in the thread of whoever calls: for one that holds a transaction of another
    /// database open.
    func readBlocking<Value>(_ body: (any SQLTransaction) throws -> Value) throws -> Value {
        do {
            return try writer.read { try body(SQLiteTransaction(database: $0)) }
        } catch let error as GRDB.DatabaseError {
            throw Self.deskError(error, doing: "read", at: "the ledger's file")
        }
    }

    /// As `readBlocking`, in a write transaction.
    func writeBlocking<Value>(_ body: (any SQLTransaction) throws -> Value) throws -> Value {
        do {
            return try writer.write { try body(SQLiteTransaction(database: $0)) }
        } catch let error as GRDB.DatabaseError {
            throw Self.deskError(error, doing: "write", at: "the ledger's file")
        }
    }

    /// Makes a ledger's file under another name, and gives it its own when it is whole and on the disk.
    /// - Throws: `DeskError` when something is there already.
    static func make(_ path: String, _ write: (String) async throws -> Void) async throws {
        var entry = stat()
        guard lstat(path, &entry) != 0 else { throw DeskError(.data, "\(path) is there already") }
        let aside = "\(path).\(getpid()).tmp"
        defer { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(aside + suffix) } }
        // For its owner only, before anything is in it.
        let descriptor = Foundation.open(aside, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw DeskError(.unavailable, "cannot create \(aside): \(String(cString: strerror(errno)))")
        }
        defer { Foundation.close(descriptor) }
        try await write(aside)
        let copy = try SQLiteDatabase(path: aside)
        let problems = try await copy.check()
        try await copy.close()
        guard problems.isEmpty else { throw DeskError(.ledger, "the copy \(path) is damaged: look after the disk") }
        guard fsync(descriptor) == 0, rename(aside, path) == 0 else {
            throw DeskError(.unavailable, "cannot write \(path): \(String(cString: strerror(errno)))")
        }
        try DurableFile.syncFolder(of: path)
    }
}
