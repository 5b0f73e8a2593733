import Foundation

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
    /// The names of the columns in their order, the same array for all rows of a result.
    let names: [String]
    private let values: [SQLValue]

    init(_ names: [String], _ values: [SQLValue]) { (self.names, self.values) = (names, values) }

    /// The value in a column, whatever it is; nil without such a column. A few names are compared sooner than one is hashed.
    subscript(column: String) -> SQLValue? {
        names.firstIndex(of: column).map { values[$0] }
    }

    /// The integer in a column; nil for NULL or another type.
    public func integer(_ column: String) -> Int64? {
        if case .integer(let value)? = self[column] { return value }
        return nil
    }

    /// The number in a column; an integer counts as one.
    public func real(_ column: String) -> Double? {
        switch self[column] {
        case .real(let value)?: return value
        case .integer(let value)?: return Double(value)
        default: return nil
        }
    }

    /// The text in a column; nil for NULL or another type.
    public func text(_ column: String) -> String? {
        if case .text(let value)? = self[column] { return value }
        return nil
    }

    /// The bytes in a column; nil for NULL or another type.
    public func blob(_ column: String) -> [UInt8]? {
        if case .blob(let value)? = self[column] { return value }
        return nil
    }
}

/// The row that a scan is at, read by the number of its column; it is gone when the look at it ends.
public protocol SQLScannedRow {
    /// The integer in a column; nil for NULL or another type.
    func integer(_ column: Int) -> Int64?
    /// The number in a column; an integer counts as one.
    func real(_ column: Int) -> Double?
    /// The text in a column; nil for NULL or another type.
    func text(_ column: Int) -> String?
    /// The first eight bytes of a digest as one number, by which it is told from others; nil for NULL, or what is shorter.
    func key(_ column: Int) -> UInt64?
}

/// Values for `IN`: a few lengths only, the last value said again as often as it takes, because both engines keep every text
/// of a statement prepared, and texts with the values in them would never end.
struct SQLList {
    /// The places, in brackets.
    let places: String
    /// The values that belong there.
    let values: [SQLValue]

    /// - Parameter first: the number of the first place.
    init(_ values: [SQLValue], from first: Int) {
        var length = 1
        while length < values.count { length *= 2 }
        self.values = values + Array(repeating: values.last ?? .null, count: length - values.count)
        places = "(" + (first..<first + length).map { "$\($0)" }.joined(separator: ", ") + ")"
    }

    init(_ numbers: [Int64], from first: Int) { self.init(numbers.map(SQLValue.integer), from: first) }
}

/// Statements inside one transaction. Placeholders are `$1`, `$2`, … in the order of their first appearance.
public protocol SQLTransaction {
    /// Runs a query and returns its rows.
    func rows(_ sql: String, _ arguments: [SQLValue]) throws -> [SQLRow]
    /// Runs a query whose rows are looked at one by one and not kept, however many there are.
    func scan(_ sql: String, _ arguments: [SQLValue], _ look: (any SQLScannedRow) throws -> Void) throws
    /// Runs a statement and returns how many rows it changed.
    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws -> Int
    /// Runs a statement of which nobody asks what it changed, before all that come after it. It may travel with the next one
    /// or with the commit; then its error comes there.
    func later(_ sql: String, _ arguments: [SQLValue]) throws
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
    /// What is wrong with the file or the server, a line each; empty when nothing is.
    func check() async throws -> [String]
    /// Gives back the room of what was deleted, and counts anew what the choice of an index goes by.
    func vacuum() async throws
    /// Writes everything, as it stands at one moment, into a new SQLite file; others may work meanwhile.
    /// - Parameter path: of a file that is not there.
    func backUp(to path: String) async throws
    /// Makes room for the months to come in the tables that are kept by months, and drops what ended before; nothing is
    /// done where tables are whole.
    /// - Parameter ends: by table, what is let go of it.
    func turnMonths(now: Date, dropping ends: [String: MonthEnd]) async throws
    /// Waits for a signal, also of another process; returns when the time is over, and may return without one.
    func wait(for signal: WakeUp, upTo limit: Duration) async throws
    /// Leaves nothing of what was deleted in the engine's files: in all of them where that is in its hand, else in those of
    /// these tables, with whose rows goes what the others have sealed.
    func scrub(_ tables: [String]) async throws
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
