import Foundation

/// Carries a ledger from one engine to the other: every table, every row as it is, and the numbers that come next.
///
/// Both ends are open transactions, so that the copy is of one moment, and whole or not there.
struct LedgerCopy {
    let source: any SQLTransaction
    let sourceCatalog: SQLCatalog
    let target: any SQLTransaction
    let targetCatalog: SQLCatalog
    /// Told of how many rows are there after each step.
    let progress: @Sendable (Int) -> Void

    /// So many rows are looked at for one step, and no more than these bytes of sealed values carried in it.
    private static let rowsPerStep = 200
    private static let bytesPerStep: Int64 = 8 << 20
    private static let version = "schema_version"

    /// Copies everything.
    /// - Returns: how many rows.
    /// - Throws: `DeskError` when the target is not a ledger of the same version with nothing in it.
    func run() throws -> Int {
        let tables = try names(source, sourceCatalog.tables)
        guard try names(target, targetCatalog.tables) == tables, try versions(source) == versions(target) else {
            throw DeskError(.ledger, "the two ledgers are not of the same version")
        }
        for table in tables where table != Self.version {
            guard try target.rows("SELECT 1 AS one FROM \(table) LIMIT 1", []).isEmpty else {
                throw DeskError(.ledger, "there is a ledger already where the copy shall go: nothing was changed")
            }
        }
        var copied = 0
        for table in tables where table != Self.version {
            let before = copied
            try copy(table, &copied)
            let there = try target.rows("SELECT COUNT(*) AS n FROM \(table)", []).first?.integer("n")
            guard there == Int64(copied - before) else {
                throw DeskError(
                    .ledger, "the table \(table) has \(there ?? 0) rows after \(copied - before) were copied")
            }
        }
        return copied
    }

    private func names(_ transaction: any SQLTransaction, _ sql: String, _ arguments: [SQLValue] = []) throws
        -> [String]
    {
        try transaction.rows(sql, arguments).compactMap { $0.text("name") }
    }

    private func versions(_ transaction: any SQLTransaction) throws -> [Int64] {
        try transaction.rows("SELECT version FROM \(Self.version) ORDER BY version", []).compactMap {
            $0.integer("version")
        }
    }

    private func copy(_ table: String, _ copied: inout Int) throws {
        let key = try names(source, sourceCatalog.key, [.text(table)])
        guard !key.isEmpty else { throw DeskError(.ledger, "the table \(table) has no key to go by") }
        let columns = try source.rows("SELECT * FROM \(table) LIMIT 1", []).first?.names ?? []
        let size = columns.contains("sealed") ? "length(sealed)" : "0"
        let order = key.joined(separator: ", ")
        func row(from first: Int) -> String { "(\(key.indices.map { "$\(first + $0)" }.joined(separator: ", ")))" }
        var last: [SQLValue]?
        while !columns.isEmpty {
            let next = try source.rows(
                """
                SELECT \(order), \(size) AS bytes_of_row FROM \(table) \(last == nil ? "" : "WHERE (\(order)) > \(row(from: 1))")
                ORDER BY \(order) LIMIT \(Self.rowsPerStep)
                """, last ?? [])
            var (count, bytes) = (0, Int64(0))
            for row in next {
                bytes += row.integer("bytes_of_row") ?? 0
                if count > 0, bytes > Self.bytesPerStep { break }
                count += 1
            }
            guard count > 0 else { break }
            let end = key.map { next[count - 1][$0] ?? .null }
            let lower = last == nil ? "" : "AND (\(order)) > \(row(from: key.count + 1))"
            let rows = try source.rows(
                "SELECT * FROM \(table) WHERE (\(order)) <= \(row(from: 1)) \(lower) ORDER BY \(order)",
                end + (last ?? []))
            try insert(rows, columns, into: table)
            copied += rows.count
            progress(copied)
            last = end
        }
        guard
            let number = try source.rows(sourceCatalog.lastNumber, [.text(table)]).first?.integer("number"), number > 0
        else { return }
        for sql in targetCatalog.setLastNumber {
            // The engine's own words take as many arguments as they name.
            _ = try target.rows(sql, sql.contains("$2") ? [.text(table), .integer(number)] : [.text(table)])
        }
    }

    private func insert(_ rows: [SQLRow], _ columns: [String], into table: String) throws {
        let places = rows.indices.map { row in
            "(" + columns.indices.map { "$\(row * columns.count + $0 + 1)" }.joined(separator: ", ") + ")"
        }
        try target.execute(
            """
            INSERT INTO \(table) (\(columns.joined(separator: ", "))) \(targetCatalog.overriding)
            VALUES \(places.joined(separator: ", "))
            """, rows.flatMap { row in columns.map { row[$0] ?? .null } })
    }
}
