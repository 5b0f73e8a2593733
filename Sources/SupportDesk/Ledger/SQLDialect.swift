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
    /// What stands before and behind an argument that is a list of numbers, so that a column is compared with each of them.
    private let listed: (String, String)
    /// Around the numbers of such a list.
    private let brackets: (String, String)
    /// What the engine tells of the tables.
    let catalog: SQLCatalog

    /// A condition: a column is one of the numbers of a list, which is one argument. Lists within the text would make a
    /// statement of each, to be prepared and kept.
    func isOne(_ column: String, of argument: String) -> String { "\(column) \(listed.0)\(argument)\(listed.1)" }

    /// Numbers as such an argument.
    func list(_ numbers: some Sequence<Int64>) -> SQLValue {
        .text(brackets.0 + numbers.map(String.init).joined(separator: ",") + brackets.1)
    }

    /// SQLite.
    public static let sqlite = SQLDialect(
        identity: "INTEGER PRIMARY KEY AUTOINCREMENT", integer: "INTEGER", real: "REAL", blob: "BLOB", tableLock: nil,
        clock: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)", skipLocked: "",
        listed: ("IN (SELECT value FROM json_each(", "))"), brackets: ("[", "]"), catalog: .sqlite)
    /// PostgreSQL.
    public static let postgreSQL = SQLDialect(
        identity: "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", integer: "BIGINT", real: "DOUBLE PRECISION",
        blob: "BYTEA", tableLock: "SELECT pg_advisory_xact_lock(hashtext('auradesk'), hashtext(current_schema()))",
        clock: "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)", skipLocked: "FOR UPDATE SKIP LOCKED",
        listed: ("= ANY (CAST(", " AS BIGINT[]))"), brackets: ("{", "}"), catalog: .postgreSQL)

    /// Replaces `{identity}`, `{integer}`, `{real}` and `{blob}` in a statement that makes or changes a table.
    /// - Returns: nil for a statement that begins with `{PostgreSQL}`, on another engine.
    func spell(_ sql: String) -> String? {
        var spelled = sql
        let only = "{PostgreSQL} "
        if sql.hasPrefix(only) {
            guard catalog.keepsMonths else { return nil }
            spelled.removeFirst(only.count)
        }
        for (name, word) in [("identity", identity), ("integer", integer), ("real", real), ("blob", blob)] {
            spelled = spelled.replacing("{\(name)}", with: word)
        }
        return spelled
    }
}

/// Where an engine tells of the tables and of the numbers that it gives to rows: what it takes to carry a ledger from one
/// engine to the other without knowing its tables.
struct SQLCatalog: Sendable {
    /// The names of the tables.
    let tables: String
    /// The columns of a table's key in their order; `$1` is the table.
    let key: String
    /// The last number that was given to a row of a table, `$1`; no row where it numbers nothing or nothing yet.
    let lastNumber: String
    /// Has the next row of a table, `$1`, get the number after `$2`.
    let setLastNumber: [String]
    /// Lets an insert say the numbers itself.
    let overriding: String
    /// Whether some tables lie in parts, one for each month.
    let keepsMonths: Bool

    static let sqlite = SQLCatalog(
        tables:
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name",
        key: "SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk",
        lastNumber: "SELECT seq AS number FROM sqlite_sequence WHERE name = $1",
        setLastNumber: [
            "DELETE FROM sqlite_sequence WHERE name = $1", "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)",
        ], overriding: "", keepsMonths: false)

    static let postgreSQL = SQLCatalog(
        tables: """
            SELECT relname AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace
            AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname
            """,
        key: """
            SELECT a.attname AS name FROM pg_index i CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (number, place)
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
            WHERE i.indrelid = to_regclass($1) AND i.indisprimary ORDER BY k.place
            """,
        lastNumber: """
            SELECT last_value AS number FROM pg_sequences WHERE schemaname = current_schema()
            AND sequencename = $1 || '_id_seq' AND last_value IS NOT NULL
            """, setLastNumber: ["SELECT setval(pg_get_serial_sequence($1, 'id'), $2)"],
        overriding: "OVERRIDING SYSTEM VALUE", keepsMonths: true)
}
