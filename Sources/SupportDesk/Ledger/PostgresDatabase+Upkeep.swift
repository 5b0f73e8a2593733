import Foundation
import Postgres

extension PostgresDatabase {
    /// The settings that a commit's promise rests on, indexes that were not built to their end, and pages that the server
    /// found damaged.
    public func check() async throws -> [String] {
        try await read { transaction in
            var problems: [String] = []
            for name in ["fsync", "full_page_writes"] {
                let value = try transaction.rows("SELECT current_setting($1) AS value", [.text(name)]).first?.text(
                    "value")
                if value != "on" {
                    problems.append("the server's \(name) is \(value ?? "unknown"): a power cut may damage the ledger")
                }
            }
            for row in try transaction.rows(
                """
                SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                WHERE c.relnamespace = current_schema()::regnamespace AND NOT i.indisvalid
                """, [])
            {
                problems.append("the index \(row.text("name") ?? "") is not valid: REINDEX it")
            }
            let damaged = try transaction.rows(
                "SELECT checksum_failures AS n FROM pg_stat_database WHERE datname = current_database()", []
            ).first?.integer("n")
            if let damaged, damaged > 0 { problems.append("the server found \(damaged) damaged pages") }
            return problems
        }
    }

    /// Each table of its own, which no transaction may be around.
    public func vacuum() async throws {
        let tables = try await read { try $0.rows(SQLCatalog.postgreSQL.tables, []).compactMap { $0.text("name") } }
        for table in tables { try await script("VACUUM (ANALYZE) \(table)", doing: "vacuum") }
    }

    /// A copy of one moment as an SQLite file, which `auradesk ledger copy --from` brings back.
    public func backUp(to path: String) async throws {
        try await SQLiteDatabase.make(path) { aside in
            let file = try SQLiteDatabase(path: aside)
            try await Ledger.migrate(file)
            _ = try await read { source in
                // It waits for the disk here, as long as that takes, and keeps nobody from any row.
                _ = try source.rows("SELECT set_config('idle_in_transaction_session_timeout', '0', true)", [])
                return try file.writeBlocking { target in
                    try LedgerCopy(
                        source: source, sourceCatalog: .postgreSQL, target: target, targetCatalog: .sqlite,
                        progress: { _ in }
                    ).run()
                }
            }
            try await file.close()
        }
    }

    /// Takes over a ledger's file, whole or not at all.
    /// - Throws: `DeskError` when there is a ledger in the schema already.
    func takeOver(_ file: SQLiteDatabase, progress: @escaping @Sendable (Int) -> Void) async throws -> Int {
        let arrivals = try await file.read { transaction in
            try Month.tables.map { table, column in
                let row = try transaction.rows(
                    "SELECT MIN(\(column)) AS first, MAX(\(column)) AS last FROM \(table)", []
                ).first
                return (row?.integer("first"), row?.integer("last"))
            }
        }
        // What lies in a month of its own goes with it one day; the years before may lie together.
        let instants = arrivals.flatMap { [$0.0, $0.1] }.compactMap(\.self).map(Date.init(milliseconds:))
        if let first = instants.min(), let last = instants.max() {
            try await turnMonths(from: max(first, last.addingTimeInterval(-400 * 86_400)), to: last, dropping: [:])
        }
        return try await write(.statement) { target in
            try file.readBlocking { source in
                try LedgerCopy(
                    source: source, sourceCatalog: .sqlite, target: target, targetCatalog: .postgreSQL,
                    progress: progress
                ).run()
            }
        }
    }

    /// Makes the parts of this month and the two that come.
    public func turnMonths(now: Date, dropping ends: [String: MonthEnd]) async throws {
        try await turnMonths(from: now, to: now.addingTimeInterval(62 * 86_400), dropping: ends)
    }

    private func turnMonths(from first: Date, to last: Date, dropping ends: [String: MonthEnd]) async throws {
        let known = try await read { transaction in
            Set(
                try transaction.rows(
                    """
                    SELECT c.relname AS name FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid
                    JOIN pg_class p ON p.oid = h.inhparent WHERE p.relnamespace = current_schema()::regnamespace
                    """, []
                ).compactMap { $0.text("name") })
        }
        for (table, column) in Month.tables where known.contains("\(table)_rest") {
            for month in Month.all(from: first, to: last) where !known.contains(month.part(of: table)) {
                try await addMonth(month, table, column)
            }
            guard let end = ends[table] else { continue }
            for name in known {
                // Whole months only; what is left of a month, and of those before there were parts, goes row by row.
                guard let month = Month(part: name, of: table), month.end <= end.instant else { continue }
                let rows = "SELECT 1 AS one FROM \(name) AS t WHERE"
                if try await finds("\(rows) \(end.kept) LIMIT 1") { continue }
                let late = "\(rows) \(end.late) LIMIT 1"
                _ = try await alone(with: table) { transaction in
                    // Something may have come into it since, and another process may have dropped it.
                    guard
                        try !transaction.rows("SELECT 1 AS one WHERE to_regclass($1) IS NOT NULL", [.text(name)])
                            .isEmpty,
                        try transaction.rows(late, []).isEmpty
                    else { return }
                    try transaction.execute("DROP TABLE \(name)", [])
                }
            }
        }
    }

    /// What came for the month before it had a part lies with the rest, and moves.
    private func addMonth(_ month: Month, _ table: String, _ column: String) async throws {
        let part = month.part(of: table)
        let (from, to) = (month.start.milliseconds, month.end.milliseconds)
        _ = try await alone(with: "\(table)_rest") { transaction in
            guard try transaction.rows("SELECT 1 AS one WHERE to_regclass($1) IS NOT NULL", [.text(part)]).isEmpty
            else {
                return
            }
            try transaction.execute("CREATE TABLE \(part) (LIKE \(table) INCLUDING DEFAULTS INCLUDING CONSTRAINTS)", [])
            try transaction.execute(
                """
                WITH moved AS (DELETE FROM \(table)_rest WHERE \(column) >= $1 AND \(column) < $2 RETURNING *)
                INSERT INTO \(part) SELECT * FROM moved
                """, [.integer(from), .integer(to)])
            try transaction.execute(
                "ALTER TABLE \(table) ATTACH PARTITION \(part) FOR VALUES FROM (\(from)) TO (\(to))", [])
        }
    }
}
