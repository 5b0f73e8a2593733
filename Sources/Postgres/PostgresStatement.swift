/// One SQL statement and its arguments.
public struct PostgresStatement: Sendable {
    /// The statement; `$1`, `$2` … stand for the arguments.
    public var sql: String
    /// What is put in for `$1`, `$2` …: never part of the text, and so never SQL.
    public var arguments: [PostgresValue]

    /// A statement from its parts.
    public init(_ sql: String, _ arguments: [PostgresValue] = []) {
        self.sql = sql
        self.arguments = arguments
    }
}

/// What a statement left.
public struct PostgresResult: Sendable {
    /// The rows that it returned.
    public internal(set) var rows: [PostgresRow] = []
    /// How many rows it inserted, updated, deleted or returned.
    public internal(set) var changes = 0
    /// The command tag: "COMMIT", "UPDATE 3".
    var command = ""
}
