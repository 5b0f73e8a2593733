import Crypto
import Foundation

/// The keys of an open ledger. A rotation, also one in another process, is noticed and followed.
actor Keyring {
    private(set) var seal: Seal
    private let database: any Database
    private let masters: @Sendable () throws -> [MasterKey]

    /// Reads the ledger's keys, which are made when it has none.
    /// - Throws: `DeskError` with code `configuration` when no master key is the ledger's own.
    init(of database: any Database, _ masters: @escaping @Sendable () throws -> [MasterKey]) async throws {
        self.database = database
        self.masters = masters
        seal = try await Self.unlock(database, masters)
    }

    /// Reads the keys anew. Those of before stay at hand for what was read a moment ago.
    func renew() async throws { seal = try await Self.unlock(database, masters).keeping(seal) }

    private static func unlock(
        _ database: any Database, _ masters: @Sendable () throws -> [MasterKey]
    ) async throws -> Seal {
        var attempt = 0
        while true {
            let keys = try await database.read(StoredKey.all)
            let masters = try masters()
            if keys.isEmpty {
                guard let master = masters.first else { throw DeskError(.configuration, "there is no key") }
                try await database.write { transaction in
                    guard try StoredKey.all(in: transaction).isEmpty else { return }
                    try StoredKey.begin(under: master, now: Date(), in: transaction)
                }
            } else if let seal = try StoredKey.unwrap(keys, masters) {
                return seal
            } else if attempt >= 3 {
                throw wrongKey(masters, keys)
            }
            // Begun just now; or a rotation may have come between the look at the ledger and that at the key file.
            attempt += 1
        }
    }

    private static func wrongKey(_ masters: [MasterKey], _ keys: [StoredKey]) -> DeskError {
        let tried = masters.map { "\($0.name) (\($0.fingerprint.hexadecimal))" }.joined(separator: " and ")
        let wanted = Set(keys.map(\.master.hexadecimal)).sorted().joined(separator: ", ")
        return DeskError(
            .configuration,
            "\(tried) is not the key that this ledger was sealed with (\(wanted)): put that one back from your backup;"
                + " if it is lost for good, see auradesk ledger abandon-key --help")
    }
}

/// A key of the ledger as it lies in there, wrapped by a master key.
struct StoredKey: Sendable {
    /// What a key is for.
    enum Purpose: String { case digest, data }

    let id: UInt32
    let purpose: Purpose
    /// Fingerprint of the master key.
    let master: [UInt8]
    let wrapped: [UInt8]
    let madeAt: Date
    let wrappedAt: Date

    static func all(in transaction: any SQLTransaction) throws -> [StoredKey] {
        try transaction.rows("SELECT * FROM sealing_key ORDER BY id", []).compactMap { row in
            guard let id = row.integer("id"), let purpose = row.text("purpose").flatMap(Purpose.init),
                let master = row.blob("master"), let wrapped = row.blob("wrapped")
            else { return nil }
            return StoredKey(
                id: UInt32(truncatingIfNeeded: id), purpose: purpose, master: master, wrapped: wrapped,
                madeAt: Date(milliseconds: row.integer("made_at") ?? 0),
                wrappedAt: Date(milliseconds: row.integer("wrapped_at") ?? 0))
        }
    }

    /// Makes the first keys of a ledger.
    static func begin(under master: MasterKey, now: Date, in transaction: any SQLTransaction) throws {
        try insert(master.firstDigestKey, .digest, under: master, now: now, in: transaction)
        try insert(SymmetricKey(size: .bits256), .data, under: master, now: now, in: transaction)
    }

    static func insert(
        _ key: SymmetricKey, _ purpose: Purpose, under master: MasterKey, now: Date, in transaction: any SQLTransaction
    ) throws {
        try transaction.execute(
            "INSERT INTO sealing_key (purpose, master, wrapped, made_at, wrapped_at) VALUES ($1, $2, $3, $4, $5)",
            [
                .text(purpose.rawValue), .blob(master.fingerprint), .blob(try master.wrap(key, as: purpose.rawValue)),
                .integer(now.milliseconds), .integer(now.milliseconds),
            ])
    }

    /// Wraps a key by another master key.
    func rewrap(from old: MasterKey, to new: MasterKey, now: Date, in transaction: any SQLTransaction) throws {
        let key = try old.unwrap(wrapped, as: purpose.rawValue)
        try transaction.execute(
            "UPDATE sealing_key SET master = $1, wrapped = $2, wrapped_at = $3 WHERE id = $4",
            [
                .blob(new.fingerprint), .blob(try new.wrap(key, as: purpose.rawValue)), .integer(now.milliseconds),
                .integer(Int64(id)),
            ])
    }

    /// Nil when none of the master keys has wrapped them.
    static func unwrap(_ keys: [StoredKey], _ masters: [MasterKey]) throws -> Seal? {
        guard let digest = keys.first(where: { $0.purpose == .digest }),
            let master = masters.first(where: { $0.fingerprint == digest.master })
        else { return nil }
        let data = try keys.filter { $0.purpose == .data }.map { key in
            (key.id, try master.unwrap(key.wrapped, as: key.purpose.rawValue))
        }
        return Seal(
            digestKey: try master.unwrap(digest.wrapped, as: digest.purpose.rawValue),
            dataKeys: Dictionary(data, uniquingKeysWith: { first, _ in first }))
    }
}
