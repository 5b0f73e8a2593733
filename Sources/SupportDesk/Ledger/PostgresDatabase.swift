import Foundation
import Postgres

/// The ledger's database for many machines: a schema of a PostgreSQL, over a few connections of libpq.
///
/// A body runs on the thread of its connection, so the ledger's SQL is the same as on SQLite. Reads see one snapshot.
/// Serial writes are PostgreSQL's SERIALIZABLE, run again when another machine came in between (SQLSTATE 40001, 40P01) or
/// the connection was lost before COMMIT; one whose COMMIT may have happened is never run again.
public final class PostgresDatabase: Database {
    /// How often a write is run that others come in between of: some ten seconds, as SQLite waits for its lock.
    private static let attempts = 40
    /// What the ledger's statements need; SQLSTATE and partitions as they are from here on.
    private static let oldestVersion = 130_000

    let schema: String
    private let name: String
    /// Serial writes of one process would only come in between of each other: they share commits over one connection.
    private let commits: CommitQueue<any SQLTransaction>
    private let writers: PostgresPool
    private let others: PostgresPool
    private let doorbell: Doorbell

    /// PostgreSQL's words.
    public var dialect: SQLDialect { .postgreSQL }

    /// Connects, and makes the schema when it is not there.
    /// - Parameters:
    ///   - server: where it is; of several hosts the one that takes writes is looked for, now and after each loss.
    ///   - schema: what the tables are in: small letters, digits and `_`.
    ///   - connections: how many are made at most.
    /// - Throws: `DeskError`: `ledger` when the server cannot be reached, `configuration` when it is of no use.
    public init(_ server: PostgresConfiguration, schema: String, connections: Int) async throws {
        var server = server
        server.target = .readWrite
        server.isDurable = true
        // Nothing is awaited within one: it stands still where its process does, and others wait for its rows.
        server.idleTransactionTimeout = .seconds(10)
        server.settings = [
            "search_path": "\"\(schema)\"",
            // Every statement goes by an index. A table that was never counted looks small, and a scan of all of it would
            // come in between of every writer.
            "enable_seqscan": "off", "jit": "off",
        ]
        if server.applicationName == PostgresConfiguration("").applicationName {
            server.applicationName = "auradesk-ledger"
        }
        self.schema = schema
        name = "\(server)"
        writers = PostgresPool(server, size: 1)
        others = PostgresPool(server, size: max(1, connections - 1))
        doorbell = Doorbell(pool: others, schema: schema)
        commits = CommitQueue(atMost: Self.bodiesPerCommit) { [writers] in
            try await Self.commit($0, over: writers, schema)
        }
        try await prepare()
    }

    private func prepare() async throws {
        let isSchemaThere: Bool
        do {
            let row = try await others.query(
                """
                SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
                EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1) AS is_there
                """, [.text(schema)]
            ).first
            guard let row, try row.integer("version") >= Self.oldestVersion else {
                throw DeskError(.configuration, "\(name) is older than PostgreSQL \(Self.oldestVersion / 10_000)")
            }
            let encoding = try row.text("encoding")
            guard encoding == "UTF8" else {
                throw DeskError(.configuration, "\(name): the database has the encoding \(encoding), not UTF8")
            }
            isSchemaThere = try row.integer("is_there") == 1
            if !isSchemaThere {
                do {
                    _ = try await others.execute("CREATE SCHEMA IF NOT EXISTS \"\(schema)\"")
                } catch let error as PostgresError where error.code == .unique {
                    // Somebody else makes it at this very moment.
                }
            }
        } catch let error as PostgresError {
            throw deskError(error, doing: "open")
        }
    }

    /// Runs in a transaction that sees one moment of the ledger and cannot write.
    public func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await others.transaction(.repeatableRead, isReadOnly: true, attempts: Self.attempts) {
                [schema] in
                try body(Statements(transaction: $0, schema: schema))
            }
        } catch let error as PostgresError {
            throw deskError(error, doing: "read")
        }
    }

    /// Runs in a transaction whose commit is on disk when it returns, at the synchronous standbys too.
    public func write<Value: Sendable>(
        _ isolation: SQLIsolation, _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        do {
            switch isolation {
            case .serial:
                return try await commits.write(body)
            case .statement:
                return try await others.transaction(.readCommitted, attempts: Self.attempts) { [schema] in
                    try body(Statements(transaction: $0, schema: schema))
                }
            }
        } catch let error as PostgresError {
            throw deskError(error, doing: "write")
        }
    }

    /// So many bodies share a commit at most: what comes in between of one has all of them run again.
    private static let bodiesPerCommit = 32

    /// Runs bodies in one transaction. When one of them throws, or somebody else came in between, nothing has happened, and each
    /// of them has a transaction of its own.
    private static func commit(
        _ bodies: [CommitQueue<any SQLTransaction>.Body], over writers: PostgresPool, _ schema: String
    ) async throws -> [CommitQueue<any SQLTransaction>.Outcome] {
        if bodies.count > 1 {
            do {
                return try await writers.transaction(.serializable) { transaction in
                    let statements = Statements(transaction: transaction, schema: schema)
                    return try bodies.map { .success(try $0(statements)) }
                }
            } catch {
                // Of none of them can anybody say whether it has.
                if (error as? PostgresError)?.mayHaveBeenCommitted == true { throw error }
            }
        }
        var outcomes: [CommitQueue<any SQLTransaction>.Outcome] = []
        for body in bodies {
            do {
                let value = try await writers.transaction(.serializable, attempts: attempts) {
                    try body(Statements(transaction: $0, schema: schema))
                }
                outcomes.append(.success(value))
            } catch {
                outcomes.append(.failure(error))
            }
        }
        return outcomes
    }

    /// To go through a whole table takes as long as it takes.
    private static let upkeepTimeout = Duration.seconds(86_400)

    /// Runs a statement that no transaction may be around, and that may go through a whole table.
    func script(_ sql: String, doing step: String) async throws {
        do {
            try await others.withConnection { try await $0.script(sql, timeout: Self.upkeepTimeout) }
        } catch let error as PostgresError {
            throw deskError(error, doing: step)
        }
    }

    /// Whether a query that may go through a whole table finds anything, or the table is gone.
    func finds(_ sql: String) async throws -> Bool {
        do {
            return try await !others.query(sql, timeout: Self.upkeepTimeout).isEmpty
        } catch let error as PostgresError {
            if error.sqlState == "42P01" { return true }
            throw deskError(error, doing: "read")
        }
    }

    /// Runs a body while nobody else has anything to do with a table. Others wait for that only a moment: who reads for long,
    /// such as a backup, has it left for another time.
    /// - Returns: whether it was run.
    func alone(with table: String, _ body: @escaping @Sendable (any SQLTransaction) throws -> Void) async throws -> Bool
    {
        do {
            try await others.transaction(.readCommitted) { [schema] in
                let statements = Statements(transaction: $0, schema: schema)
                _ = try statements.rows("SELECT set_config('lock_timeout', '1s', true)", [])
                try statements.execute("LOCK TABLE \(table) IN ACCESS EXCLUSIVE MODE", [])
                try body(statements)
            }
            return true
        } catch let error as PostgresError {
            // "lock not available", or a deadlock that this had to give way in.
            if ["55P03", "40P01"].contains(error.sqlState) { return false }
            throw deskError(error, doing: "write")
        }
    }

    /// Waits for NOTIFY, over one connection for all who wait.
    public func wait(for signal: WakeUp, upTo limit: Duration) async throws {
        await doorbell.wait(for: signal, upTo: limit)
    }

    /// Writes the tables anew; the files of before are removed. Only the journal still has the old rows, until the server
    /// writes over it.
    public func scrub(_ tables: [String]) async throws {
        for table in tables { try await script("VACUUM (FULL) \(table)", doing: "clean") }
    }

    /// Ends the connections.
    public func close() async throws {
        await writers.shutdown()
        await others.shutdown()
    }

    private func deskError(_ error: PostgresError, doing step: String) -> any Error {
        // Nothing is wrong with the ledger: whoever asked does not want to know any more.
        if error.code == .cancelled { return CancellationError() }
        if [.refused, .untrusted, .invalidArgument].contains(error.code) {
            return DeskError(.configuration, "the ledger: \(name): \(error)")
        }
        let reason = error.sqlState == "53100" ? "the server's disk is full: " : ""
        return DeskError(
            .ledger, "cannot \(step) the ledger: \(reason)\(name): \(error)",
            isRetryable: error.isRetryable && !error.mayHaveBeenCommitted)
    }
}

private struct Statements: SQLTransaction {
    let transaction: PostgresTransaction
    let schema: String

    func notify(_ signal: WakeUp) throws {
        try transaction.query("SELECT pg_notify($1, $2)", [.text(signal.rawValue), .text(schema)])
    }

    func rows(_ sql: String, _ arguments: [SQLValue]) throws -> [SQLRow] {
        try transaction.query(sql, arguments.map(PostgresValue.init)).map { row in
            SQLRow(row.names, row.values.map(SQLValue.init))
        }
    }

    /// Rows that come over the wire at once.
    private static let scannedAtOnce = 20_000

    func scan(_ sql: String, _ arguments: [SQLValue], _ look: (any SQLScannedRow) throws -> Void) throws {
        let arguments = arguments.map(PostgresValue.init)
        try transaction.execute("DECLARE auradesk_scan NO SCROLL CURSOR FOR \(sql)", arguments)
        while true {
            let rows = try transaction.query("FETCH \(Self.scannedAtOnce) FROM auradesk_scan")
            for row in rows { try look(ScannedRow(values: row.values.map(SQLValue.init))) }
            if rows.count < Self.scannedAtOnce { break }
        }
        try transaction.execute("CLOSE auradesk_scan", [])
    }

    private struct ScannedRow: SQLScannedRow {
        let values: [SQLValue]

        func integer(_ column: Int) -> Int64? {
            if case .integer(let value) = values[column] { return value }
            return nil
        }
        func real(_ column: Int) -> Double? {
            switch values[column] {
            case .real(let value): value
            case .integer(let value): Double(value)
            default: nil
            }
        }
        func text(_ column: Int) -> String? {
            if case .text(let value) = values[column] { return value }
            return nil
        }
        func key(_ column: Int) -> UInt64? {
            if case .blob(let value) = values[column] { return UInt64(digest: value) }
            return nil
        }
    }

    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
        try transaction.execute(sql, arguments.map(PostgresValue.init))
    }

    func later(_ sql: String, _ arguments: [SQLValue]) throws {
        try transaction.later(sql, arguments.map(PostgresValue.init))
    }
}

extension PostgresValue {
    fileprivate init(_ value: SQLValue) {
        switch value {
        case .null: self = .null
        case .integer(let number): self = .integer(number)
        case .real(let number): self = .real(number)
        // PostgreSQL stores no NUL in a text; nothing of ours has one, but what others name their things is theirs.
        case .text(let text): self = .text(text.utf8.contains(0) ? text.replacing("\0", with: "\u{FFFD}") : text)
        case .blob(let bytes): self = .blob(bytes)
        }
    }
}

extension SQLValue {
    fileprivate init(_ value: PostgresValue) {
        switch value {
        case .null: self = .null
        case .integer(let number): self = .integer(number)
        case .real(let number): self = .real(number)
        // What sum() makes of integers.
        case .decimal(let text):
            self = Int64(text).map { .integer($0) } ?? Double(text).map { .real($0) } ?? .text(text)
        case .text(let text): self = .text(text)
        case .blob(let bytes): self = .blob(bytes)
        }
    }
}
