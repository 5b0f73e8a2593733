import Foundation
import GRDB

/// The ledger's database on one machine: SQLite in WAL mode through GRDB.
public struct SQLiteDatabase: Database {
    private let writer: any DatabaseWriter
    private let commits = CommitQueue()

    /// SQLite's words.
    public var dialect: SQLDialect { .sqlite }

    /// Opens or creates the file.
    /// - Parameter path: where; nil for a database in memory (tests, `explain`).
    /// - Throws: `DeskError` with code `ledger`, naming the file.
    public init(path: String?) throws {
        do {
            guard let path else {
                writer = try DatabaseQueue()
                return
            }
            // SQLite gives its journals the mode of the file, and makes the file for everybody to read.
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            if descriptor >= 0 { Foundation.close(descriptor) }
            var configuration = Configuration()
            configuration.busyMode = .timeout(10)
            configuration.prepareDatabase { database in
                // Promise 1 and 2 depend on a commit being on disk when it returns (SQLite: PRAGMA synchronous).
                try database.execute(sql: "PRAGMA synchronous = FULL")
            }
            // One connection: a pool writes a table and drops it again at every start, two syncs for an empty run.
            configuration.journalMode = .wal
            writer = try DatabaseQueue(path: path, configuration: configuration)
        } catch {
            throw Self.deskError(error, doing: "open", at: path ?? "memory")
        }
    }

    /// Runs on a reader of GRDB's own queue, beside writers.
    public func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await writer.read { try body(SQLiteTransaction(database: $0)) }
        } catch let error as GRDB.DatabaseError {
            throw Self.deskError(error, doing: "read", at: "the ledger")
        }
    }

    /// Runs on GRDB's one writer; the commit is synced to disk when it returns. Bodies that come while another commit is on
    /// its way share the next one.
    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await commits.write(to: writer) { try body(SQLiteTransaction(database: $0)) }
        } catch let error as GRDB.DatabaseError {
            throw Self.deskError(error, doing: "write", at: "the ledger")
        }
    }

    /// Closes the file.
    public func close() async throws { try writer.close() }

    /// GRDB's own description may quote SQL and arguments; only the code and SQLite's message for it leave this file.
    private static func deskError(_ error: any Error, doing step: String, at place: String) -> DeskError {
        let code = (error as? GRDB.DatabaseError)?.resultCode
        let retryable = code == .SQLITE_BUSY || code == .SQLITE_LOCKED || code == .SQLITE_FULL
        return DeskError(
            .ledger, "cannot \(step) \(place): \(code.map { "SQLite says \($0)" } ?? "\(type(of: error))")",
            isRetryable: retryable)
    }
}

private struct SQLiteTransaction: SQLTransaction {
    let database: GRDB.Database

    func rows(_ sql: String, _ arguments: [SQLValue]) throws -> [SQLRow] {
        let statement = try database.cachedStatement(sql: sql)
        let rows = try Row.fetchAll(statement, arguments: StatementArguments(arguments.map(\.databaseValue)))
        return rows.map { row in
            SQLRow(Dictionary(row.map { ($0.0, SQLValue($0.1)) }, uniquingKeysWith: { first, _ in first }))
        }
    }

    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
        let statement = try database.cachedStatement(sql: sql)
        try statement.execute(arguments: StatementArguments(arguments.map(\.databaseValue)))
        return database.changesCount
    }
}

extension SQLValue {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .real(let value): value.databaseValue
        case .text(let value): value.databaseValue
        case .blob(let bytes): Data(bytes).databaseValue
        }
    }

    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .integer(number)
        case .double(let number): self = .real(number)
        case .string(let text): self = .text(text)
        case .blob(let data): self = .blob([UInt8](data))
        }
    }
}
