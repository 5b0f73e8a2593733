import Foundation
import GRDB

/// The ledger's database on one machine: SQLite in WAL mode through GRDB.
public struct SQLiteDatabase: Database {
    let writer: any DatabaseWriter
    private let commits: CommitQueue<GRDB.Database>
    /// Reads while a commit is on its way to the disk; nil in memory.
    private let reader: Reader?

    /// SQLite's words.
    public var dialect: SQLDialect { .sqlite }

    /// Opens or creates the file.
    /// - Parameter path: where; nil for a database in memory (tests, `explain`).
    /// - Throws: `DeskError` with code `ledger`, naming the file.
    public init(path: String?) throws {
        do {
            guard let path else {
                writer = try DatabaseQueue()
                reader = nil
                commits = Self.commits(to: writer)
                return
            }
            // SQLite gives its journals the mode of the file, and makes the file for everybody to read. One that is there is not
            // touched: to close it would give up the locks of this process's other connections (fcntl(2)), and whoever closes
            // the file elsewhere would then take away the journal that they go on to write.
            let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if descriptor >= 0 { Foundation.close(descriptor) }
            var configuration = Configuration()
            configuration.busyMode = .timeout(10)
            configuration.prepareDatabase { database in
                // The file keeps it. GRDB's own way makes a table and drops it again at every start: four syncs for an empty run.
                try database.execute(sql: "PRAGMA journal_mode = WAL")
                // Promise 1 and 2 depend on a commit being on disk when it returns (SQLite: PRAGMA synchronous).
                try database.execute(sql: "PRAGMA synchronous = FULL")
                // The keys are digests: pages all over the file change with each message. Many of them change again before
                // they are brought to their places, when that is done every 16 MB and not every 4.
                try database.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
                try database.execute(sql: "PRAGMA cache_size = -8000")
            }
            writer = try DatabaseQueue(path: path, configuration: configuration)
            reader = Reader(path: path)
            commits = Self.commits(to: writer)
        } catch {
            throw Self.deskError(error, doing: "open", at: path ?? "memory")
        }
    }

    /// Runs on the writer's connection, and from the first commit on that it would have to wait for on one of its own; there on
    /// this thread, because going to another one and back takes longer than most reads.
    public func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        do {
            if let connection = try await reader?.connection(besides: commits) {
                return try Self.read(connection, body)
            }
            return try await writer.read { try body(SQLiteTransaction(database: $0)) }
        } catch let error as GRDB.DatabaseError {
            throw Self.deskError(error, doing: "read", at: "the ledger")
        }
    }

    /// GRDB's own way to see one state of the file compiles four statements for each read.
    private static func read<Value>(
        _ connection: DatabaseQueue, _ body: (any SQLTransaction) throws -> Value
    ) throws -> Value {
        try connection.unsafeRead { database in
            try database.cachedStatement(sql: "BEGIN").execute()
            // Nothing was written; and a transaction that an error has ended cannot be ended again.
            defer { if database.isInsideTransaction { try? database.cachedStatement(sql: "COMMIT").execute() } }
            return try body(SQLiteTransaction(database: database))
        }
    }

    /// Runs on GRDB's one writer; the commit is synced to disk when it returns. Bodies that come while another commit is on
    /// its way share the next one. There is one isolation only.
    public func write<Value: Sendable>(
        _ isolation: SQLIsolation, _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await commits.write { try body(SQLiteTransaction(database: $0)) }
        } catch let error as GRDB.DatabaseError {
            throw Self.deskError(error, doing: "write", at: "the ledger")
        }
    }

    /// So many bodies share a commit at most: readers get their turn.
    private static let bodiesPerCommit = 64

    /// Each body has a savepoint of its own.
    private static func commits(to writer: any DatabaseWriter) -> CommitQueue<GRDB.Database> {
        CommitQueue(atMost: bodiesPerCommit) { bodies in
            try await writer.write { database in try bodies.map { try outcome(of: $0, database) } }
        }
    }

    /// - Throws: when the transaction itself is lost, and with it what the bodies before have done.
    private static func outcome(
        of body: CommitQueue<GRDB.Database>.Body, _ database: GRDB.Database
    ) throws -> CommitQueue<GRDB.Database>.Outcome {
        var outcome: CommitQueue<GRDB.Database>.Outcome = .failure(CancellationError())
        try database.inSavepoint {
            outcome = Result { try body(database) }
            if case .success = outcome { return .commit }
            return .rollback
        }
        // A full disk, for one, makes SQLite roll back everything by itself.
        if case .failure(let error) = outcome, !database.isInsideTransaction { throw error }
        return outcome
    }

    /// Writes the file anew, without free pages, and empties the journal.
    public func scrub(_ tables: [String]) async throws {
        do {
            // A reader keeps a journal from being emptied.
            try await reader?.close()
            try await writer.vacuum()
            try await writer.writeWithoutTransaction { database in
                _ = try database.checkpoint(.truncate)
            }
        } catch let error as GRDB.DatabaseError {
            throw Self.deskError(error, doing: "clean", at: "the ledger")
        }
    }

    /// Nobody tells: to look once a second costs next to nothing.
    public func wait(for signal: WakeUp, upTo limit: Duration) async throws {
        try await Task.sleep(for: min(limit, .seconds(1)))
    }

    /// Closes the file.
    public func close() async throws {
        try await reader?.close()
        try writer.close()
    }

    /// GRDB's own description may quote SQL and arguments; only the code and what it means leave this file.
    static func deskError(_ error: any Error, doing step: String, at place: String) -> DeskError {
        let code = (error as? GRDB.DatabaseError)?.resultCode
        let retryable = code == .SQLITE_BUSY || code == .SQLITE_LOCKED || code == .SQLITE_FULL
        let reason: String? =
            switch code {
            case .SQLITE_FULL: "the disk is full"
            case .SQLITE_READONLY: "the disk or the file is read-only"
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: "the file is damaged; see auradesk ledger check --help"
            case .SQLITE_IOERR: "the disk does not do what it is told"
            case .SQLITE_BUSY, .SQLITE_LOCKED: "another process has it for too long"
            case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: "it cannot be opened; look at its owner and its folder"
            default: nil
            }
        let said = code.map { "SQLite says \($0)" } ?? "\(type(of: error))"
        return DeskError(
            .ledger, "cannot \(step) \(place): \(reason.map { "\($0) (\(said))" } ?? said)", isRetryable: retryable)
    }
}

/// A second connection that only reads, opened when it is first needed: an empty run needs none. Reads do not wait there for
/// a disk; and to forbid writing on the other connection and allow it again has each of its statements prepared anew.
private actor Reader {
    private let path: String
    private var queue: DatabaseQueue?

    init(path: String) { self.path = path }

    /// The connection; nil as long as nobody had to wait for a commit.
    func connection(besides commits: CommitQueue<GRDB.Database>) async throws -> DatabaseQueue? {
        if let queue { return queue }
        guard await commits.isCommitting else { return nil }
        if let queue { return queue }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        self.queue = queue
        return queue
    }

    func close() throws {
        try queue?.close()
        queue = nil
    }
}

struct SQLiteTransaction: SQLTransaction {
    let database: GRDB.Database

    func rows(_ sql: String, _ arguments: [SQLValue]) throws -> [SQLRow] {
        let statement = try database.cachedStatement(sql: sql)
        let cursor = try Row.fetchCursor(statement, arguments: bound(arguments))
        let names = statement.columnNames
        var rows: [SQLRow] = []
        while let row = try cursor.next() {
            rows.append(SQLRow(names, row.databaseValues.map(SQLValue.init)))
        }
        return rows
    }

    func scan(_ sql: String, _ arguments: [SQLValue], _ look: (any SQLScannedRow) throws -> Void) throws {
        let statement = try database.cachedStatement(sql: sql)
        let cursor = try Row.fetchCursor(statement, arguments: bound(arguments))
        while let row = try cursor.next() { try look(ScannedRow(row: row)) }
    }

    /// Reads from the statement itself: nothing is copied of a column that nobody asks for.
    private struct ScannedRow: SQLScannedRow {
        let row: Row

        func integer(_ column: Int) -> Int64? { row[column] as Int64? }
        func real(_ column: Int) -> Double? { row[column] as Double? }
        func text(_ column: Int) -> String? { row[column] as String? }
        func key(_ column: Int) -> UInt64? {
            // The bytes are the statement's own, and looked at here only.
            (try? row.withUnsafeData(atIndex: column) { $0.flatMap(UInt64.init(digest:)) }).flatMap(\.self)
        }
    }

    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
        let statement = try database.cachedStatement(sql: sql)
        try statement.execute(arguments: bound(arguments))
        return database.changesCount
    }

    func later(_ sql: String, _ arguments: [SQLValue]) throws { try execute(sql, arguments) }

    /// As existentials, which GRDB takes one by one; an array of one type goes through a generic key path, looked up each time.
    private func bound(_ arguments: [SQLValue]) -> StatementArguments {
        StatementArguments(arguments.map { $0.databaseValue as (any DatabaseValueConvertible)? })
    }

    /// Whoever waits looks by itself.
    func notify(_ signal: WakeUp) {}
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
