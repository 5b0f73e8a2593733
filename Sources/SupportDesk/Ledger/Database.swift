/// A value bound to a statement or read from a row, in the common subset of SQLite and PostgreSQL.
public enum SQLValue: Sendable, Hashable {
    /// SQL NULL.
    case null
    /// A 64-bit integer; times are milliseconds since 1970.
    case integer(Int64)
    /// A double.
    case real(Double)
    /// UTF-8 text.
    case text(String)
    /// Bytes.
    case blob([UInt8])
}

/// One row of a result, read by column name.
public struct SQLRow: Sendable {
    private let columns: [String: SQLValue]

    init(_ columns: [String: SQLValue]) { self.columns = columns }

    /// The value in a column, whatever it is; nil without such a column.
    subscript(column: String) -> SQLValue? { columns[column] }

    /// The names of the columns.
    var names: [String] { columns.keys.sorted() }

    /// The integer in a column; nil for NULL or another type.
    public func integer(_ column: String) -> Int64? {
        if case .integer(let value)? = columns[column] { return value }
        return nil
    }

    /// The number in a column; an integer counts as one.
    public func real(_ column: String) -> Double? {
        switch columns[column] {
        case .real(let value)?: return value
        case .integer(let value)?: return Double(value)
        default: return nil
        }
    }

    /// The text in a column; nil for NULL or another type.
    public func text(_ column: String) -> String? {
        if case .text(let value)? = columns[column] { return value }
        return nil
    }

    /// The bytes in a column; nil for NULL or another type.
    public func blob(_ column: String) -> [UInt8]? {
        if case .blob(let value)? = columns[column] { return value }
        return nil
    }
}

/// Statements inside one transaction. Placeholders are `$1`, `$2`, … in the order of their first appearance.
public protocol SQLTransaction {
    /// Runs a query and returns its rows.
    func rows(_ sql: String, _ arguments: [SQLValue]) throws -> [SQLRow]
    /// Runs a statement and returns how many rows it changed.
    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws -> Int
    /// Wakes those who wait for the signal, as soon as the transaction is committed.
    func notify(_ signal: WakeUp) throws
}

/// What idle processes wait for.
public enum WakeUp: String, Sendable {
    /// There are messages to be claimed.
    case work = "auradesk_work"
}

/// How a write stands to others that are made at the same time, by other processes and machines too.
public enum SQLIsolation: Sendable {
    /// As if one body ran after the other: what it has read still holds when its changes are made. Where others come in
    /// between it is run again, so it does nothing beside its statements.
    case serial
    /// Each statement sees what was committed before it, and waits only for rows that somebody else is changing: for
    /// statements that are right by their own conditions and locks, such as claims, of which many are made side by side.
    case statement
}

/// What the ledger needs of a database: serialised writes that are durable when they return, and consistent reads.
///
/// The ledger's SQL is plain and the same on every engine; what differs are the words in `SQLDialect`.
public protocol Database: Sendable {
    /// The engine's words for the ledger's column types.
    var dialect: SQLDialect { get }
    /// Runs a body that only reads.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLTransaction) throws -> Value) async throws -> Value
    /// Runs a body in a write transaction; when it returns, the changes survive a power cut.
    func write<Value: Sendable>(
        _ isolation: SQLIsolation, _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value
    /// Waits for a signal, also of another process; returns when the time is over, and may return without one.
    func wait(for signal: WakeUp, upTo limit: Duration) async throws
    /// Releases the files or connections.
    func close() async throws
}

extension Database {
    /// Runs a body in a write transaction as if no other were run meanwhile.
    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        try await write(.serial, body)
    }
}

/// An engine's words for the ledger's column types, and for what the others do by themselves.
public struct SQLDialect: Sendable {
    /// An identity column that numbers rows by itself and never reuses a number.
    public let identity: String
    /// A 64-bit integer.
    public let integer: String
    /// A double.
    public let real: String
    /// Bytes.
    public let blob: String
    /// Lets one transaction at a time change the tables, until it ends; nil where all writes are one at a time.
    public let tableLock: String?
    /// The database's own clock in milliseconds since 1970: one for all who share it.
    public let clock: String
    /// Ends a query that picks rows to change: those that somebody else is just picking are passed over; nothing where
    /// writes are one at a time.
    public let skipLocked: String

    /// SQLite.
    public static let sqlite = SQLDialect(
        identity: "INTEGER PRIMARY KEY AUTOINCREMENT", integer: "INTEGER", real: "REAL", blob: "BLOB",
        tableLock: nil, clock: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)", skipLocked: "")
    /// PostgreSQL.
    public static let postgreSQL = SQLDialect(
        identity: "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", integer: "BIGINT", real: "DOUBLE PRECISION",
        blob: "BYTEA", tableLock: "SELECT pg_advisory_xact_lock(hashtext('auradesk'), hashtext(current_schema()))",
        clock: "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)", skipLocked: "FOR UPDATE SKIP LOCKED")

    /// Replaces `{identity}`, `{integer}`, `{real}` and `{blob}` in a statement that creates a table.
    func spell(_ sql: String) -> String {
        var spelled = sql
        for (name, word) in [("identity", identity), ("integer", integer), ("real", real), ("blob", blob)] {
            spelled = spelled.replacing("{\(name)}", with: word)
        }
        return spelled
    }
}
