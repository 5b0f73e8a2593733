import Crypto
import Foundation

/// A table with sealed values, in the words that rotation needs.
struct SealedTable: Sendable {
    let name: String
    /// The column by which the table is walked through.
    let key: String
    /// Before the first value of that column.
    let start: SQLValue
    /// What a row's value is bound to.
    let place: @Sendable (SQLRow) -> String

    static let all = [
        SealedTable(name: "archive", key: "message", start: .integer(.min)) {
            Ledger.Place.archive($0.integer("message") ?? 0)
        },
        SealedTable(name: "outbox", key: "id", start: .integer(.min)) {
            Ledger.Place.outbox($0.integer("message") ?? 0, $0.text("kind") ?? "")
        },
        SealedTable(name: "batch_request", key: "id", start: .integer(.min)) {
            Ledger.Place.batch($0.text("name") ?? "")
        },
        SealedTable(name: "spoken", key: "digest", start: .blob([])) {
            Ledger.Place.spoken($0.blob("digest") ?? [])
        },
        SealedTable(name: "vault", key: "conversation", start: .integer(.min)) {
            Ledger.Place.vault($0.integer("conversation") ?? 0)
        },
        SealedTable(name: "credential", key: "digest", start: .blob([])) {
            Ledger.Place.credential($0.blob("digest") ?? [])
        },
        SealedTable(name: "draft", key: "message", start: .integer(.min)) {
            Ledger.Place.draft($0.integer("message") ?? 0)
        },
        SealedTable(name: "draft_end", key: "message", start: .integer(.min)) {
            Ledger.Place.draftEnd($0.integer("message") ?? 0)
        },
        SealedTable(name: "lesson", key: "id", start: .integer(.min)) {
            Ledger.Place.lesson($0.integer("message") ?? 0)
        },
        SealedTable(name: "shadow", key: "message", start: .integer(.min)) {
            Ledger.Place.shadow($0.integer("message") ?? 0)
        },
    ]
}

extension Ledger {
    /// How a rotation ended.
    public struct Rotation: Sendable {
        /// How many values were sealed anew.
        public let resealed: Int
        /// Where the master key is now.
        public let master: String
    }

    /// So many rows are sealed anew in one transaction: other processes get their turn in between.
    private static let rowsPerBatch = 200

    /// Gives the ledger a new data key, wrapped by the key of its source, and seals everything anew; then drops the
    /// old one. The digest key stays: whoever was known stays known.
    ///
    /// Interrupted at any point it goes on where it was when it is run again. Other processes may work meanwhile.
    /// - Throws: `DeskError`.
    public func rotate(
        _ source: KeySource, now: Date, progress: @Sendable (Int) -> Void = { _ in }
    ) async throws -> Rotation {
        let known = try await database.read(StoredKey.all)
        guard let digest = known.first(where: { $0.purpose == .digest }),
            let current = try source.masters().first(where: { $0.fingerprint == digest.master })
        else { throw DeskError(.configuration, "the key is not the one that this ledger was sealed with") }
        // More than one data key: the rotation before this one was interrupted, and is ended first.
        let isInterrupted = known.count { $0.purpose == .data } > 1
        let target = isInterrupted && !source.isConfigured ? current : try source.prepareSuccessor()
        await FaultPoint.rotating.reach()
        try await database.write { transaction in
            let keys = try StoredKey.all(in: transaction)
            for key in keys where key.master != target.fingerprint {
                try key.rewrap(from: current, to: target, now: now, in: transaction)
            }
            if keys.count(where: { $0.purpose == .data }) == 1 {
                try StoredKey.insert(SymmetricKey(size: .bits256), .data, under: target, now: now, in: transaction)
            }
        }
        await FaultPoint.rotating.reach()
        try source.install(target)
        try await keyring.renew()
        await FaultPoint.rotating.reach()
        var resealed = 0
        repeat {
            for table in SealedTable.all {
                var last = table.start
                while let batch = try await reseal(table, after: last) {
                    resealed += batch.count
                    last = batch.last
                    progress(resealed)
                    await FaultPoint.rotating.reach()
                }
            }
            // Others may have sealed with the old key until now.
        } while try await !dropOldKeys()
        try await audit(.key, "rotated master=\(target.fingerprint.hexadecimal)", now: now)
        _ = try await sealAudit(now: now)
        try await keyring.renew()
        return Rotation(resealed: resealed, master: target.name)
    }

    /// Seals the next rows of a table anew; nil when there are none.
    private func reseal(_ table: SealedTable, after last: SQLValue) async throws -> (count: Int, last: SQLValue)? {
        try await writeSealed { seal, transaction in
            let keys = try transaction.rows(
                """
                SELECT \(table.key) FROM \(table.name)
                WHERE \(table.key) > $1 AND sealed <> $2 AND substr(sealed, 1, \(Seal.prefixBytes)) NOT IN ($3, $4)
                ORDER BY \(table.key) LIMIT \(Self.rowsPerBatch)
                """, [last, .blob([])] + seal.prefixes
            ).compactMap { $0[table.key] }
            // One in memory at a time: a kept mail may be large.
            for key in keys {
                let row = try transaction.rows("SELECT * FROM \(table.name) WHERE \(table.key) = $1", [key]).first
                guard let row, let sealed = row.blob("sealed") else { continue }
                let place = table.place(row)
                let own = try seal.bound(toOwnerOf: sealed, in: transaction)
                let anew = try own.seal(own.open(sealed, as: place), as: place)
                try transaction.execute(
                    "UPDATE \(table.name) SET sealed = $1 WHERE \(table.key) = $2", [.blob(anew), key])
            }
            return keys.last.map { (keys.count, $0) }
        }
    }

    /// Drops all data keys but the newest, unless something is still sealed with one of them.
    private func dropOldKeys() async throws -> Bool {
        try await writeSealed { seal, transaction in
            for table in SealedTable.all {
                let left = try transaction.rows(
                    """
                    SELECT 1 AS one FROM \(table.name)
                    WHERE sealed <> $1 AND substr(sealed, 1, \(Seal.prefixBytes)) NOT IN ($2, $3) LIMIT 1
                    """, [.blob([])] + seal.prefixes)
                if !left.isEmpty { return false }
            }
            try transaction.execute(
                "DELETE FROM sealing_key WHERE purpose = 'data' AND id <> $1", [.integer(Int64(seal.newest))])
            return true
        }
    }

    /// Which key the ledger is sealed with, and since when: one line.
    public func keyDescription(_ source: KeySource) async throws -> String {
        let keys = try await database.read(StoredKey.all)
        guard let digest = keys.first(where: { $0.purpose == .digest }) else { return "no key" }
        let name = try source.masters().first { $0.fingerprint == digest.master }?.name ?? "an unknown key"
        let data = keys.filter { $0.purpose == .data }
        let since = { (date: Date) in date.formatted(.iso8601.year().month().day()) }
        var line = "sealed with \(name) (\(digest.master.hexadecimal)) since \(since(digest.wrappedAt))"
        if let newest = data.last, newest.madeAt > digest.wrappedAt { line += ", data key of \(since(newest.madeAt))" }
        if data.count > 1 { line += "; a rotation was interrupted: run auradesk ledger rotate-key again" }
        return line + "; keep a copy of that key apart from the ledger's"
    }
}
