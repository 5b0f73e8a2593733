import Foundation

extension Ledger {
    /// Looks for everything that cannot be: damage below, rows without those that they belong to, and sealed values that
    /// no key opens. Others may work meanwhile.
    /// - Returns: a line for each kind of trouble; empty when there is none.
    public func check(progress: @Sendable (Int) -> Void = { _ in }) async throws -> [String] {
        var problems = try await database.check()
        // A file that cannot be read says so above; nothing more can be said of it.
        if try await isUnreadable { return problems.isEmpty ? ["the ledger cannot be read"] : problems }
        problems += try await database.read { transaction in
            try Self.contradictions.compactMap { words, sql in
                let count = try transaction.rows("SELECT COUNT(*) AS n FROM \(sql)", []).first?.integer("n") ?? 0
                return count == 0 ? nil : "\(count) \(words)"
            }
        }
        var looked = 0
        for table in SealedTable.all {
            var last = table.start
            var unopened = 0
            while case let rows = try await sealed(in: table, after: last), let end = rows.last {
                for row in rows {
                    guard let sealed = row.blob("sealed"), !sealed.isEmpty else { continue }
                    if (try? await open(sealed, as: table.place(row))) == nil { unopened += 1 }
                }
                looked += rows.count
                progress(looked)
                last = end[table.key] ?? last
            }
            if unopened > 0 {
                problems.append("\(unopened) values of the table \(table.name) do not open with the key")
            }
        }
        return problems
    }

    private var isUnreadable: Bool {
        get async throws {
            (try? await database.read { try $0.rows("SELECT 1 AS one FROM message LIMIT 1", []) }) == nil
        }
    }

    /// A kept mail may be large: few in memory at a time.
    private func sealed(in table: SealedTable, after last: SQLValue) async throws -> [SQLRow] {
        try await database.read { transaction in
            try transaction.rows(
                "SELECT * FROM \(table.name) WHERE \(table.key) > $1 ORDER BY \(table.key) LIMIT 16", [last])
        }
    }

    /// What never is in a ledger that is whole: in words, and as what is counted.
    private static let contradictions: [(String, String)] =
        [
            (
                "messages have a status that there is none of",
                "message WHERE status NOT IN (\(Status.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")))"
            ),
            (
                "messages are decided, and nothing waits to be carried out",
                """
                message m WHERE m.status = 'decided' AND NOT EXISTS (
                    SELECT 1 FROM outbox o WHERE o.message = m.id AND o.state IN ('queued', 'sending'))
                """
            ),
        ]
        + ["outbox", "archive", "decision", "draft"].map { table in
            (
                "rows of the table \(table) belong to no message",
                "\(table) t WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.id = t.message)"
            )
        }
        + ["message", "outbox", "archive", "reference", "participant", "subject", "vault"].map { table in
            (
                "rows of the table \(table) belong to no conversation",
                """
                \(table) t WHERE t.conversation IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM conversation c WHERE c.id = t.conversation)
                """
            )
        }

    /// Gives back the room of what was deleted.
    public func vacuum() async throws { try await database.vacuum() }

    /// Writes a copy of one moment, sealed as the ledger is, into a new SQLite file that only its owner can read. The key is
    /// not in it.
    public func backUp(to path: String) async throws { try await database.backUp(to: path) }

    /// Copies a ledger's file into the PostgreSQL that a desk's configuration names; the file stays as it is.
    /// - Parameter file: the file; nil: that of the state folder.
    /// - Returns: how many rows.
    /// - Throws: `DeskError` when there is a ledger in the schema already, the key is not the file's, or somebody is at work on the
    ///   state folder's.
    public static func copy(
        _ file: String? = nil, to source: KeySource, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws -> Int {
        guard case .postgres = source.store else {
            throw DeskError(.configuration, "desk.yaml names no PostgreSQL as the ledger: there is nothing to copy to")
        }
        let path = file ?? LedgerStore.file(in: source.state)
        guard FileManager.default.fileExists(atPath: path) else {
            throw DeskError(.configuration, "there is no ledger \(path)")
        }
        let former = try SQLiteDatabase(path: path)
        try await migrate(former)
        if file == nil {
            try await relieve(former, seenIn: LifeSign.folder(of: source.state))
            // What they still do would be done again by those who go on with the copy.
            if try await isAtWork(former) {
                throw DeskError(.locked, "other processes are at work on \(path): stop them first", isRetryable: true)
            }
        }
        guard try StoredKey.unwrap(await former.read(StoredKey.all), source.masters()) != nil else {
            throw DeskError(.configuration, "the key is not the one that \(path) was sealed with: nothing was changed")
        }
        guard let database = try await source.store.open(in: source.state) as? PostgresDatabase else { return 0 }
        try await migrate(database)
        let rows = try await database.takeOver(former, progress: progress)
        try await former.close()
        try await database.close()
        return rows
    }
}
