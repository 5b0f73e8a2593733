import Foundation

/// The durable record of one desk: messages, conversations, decisions and the outbox.
///
/// It holds placeholders and keyed digests, not people; what must keep the original (archived mail, finished replies,
/// packets) is sealed. Every promise about loss and doubling rests on the order of the commits in here.
public struct Ledger: Sendable {
    let database: any Database
    let keyring: Keyring
    /// Makes the digests; what is sealed goes through `writeSealed` and `open`, which follow a rotation.
    let seal: Seal

    /// Opens a ledger and brings its tables up to date; its keys are made when it has none.
    /// - Parameter masters: the keys that may open it; asked again when they may have changed.
    /// - Throws: `DeskError`: `ledger`, or `configuration` when no key is the ledger's own.
    init(database: any Database, masters: @escaping @Sendable () throws -> [MasterKey]) async throws {
        self.database = database
        try await Self.migrate(database)
        try await database.turnMonths(now: Date(), dropping: [:])
        keyring = try await Keyring(of: database, masters)
        seal = await keyring.seal
    }

    /// Opens the ledger of a desk; it and its key file are made when neither is there.
    /// - Parameter isRecovering: whether it is opened to read messages again after the key was lost.
    /// - Throws: `DeskError` naming the file or server that is missing or cannot be used.
    public init(_ source: KeySource, isRecovering: Bool = false) async throws {
        try StateFolder.check(source.state)
        // A new key would begin anew: nobody's earlier mail would be found again, and nothing sealed would open.
        if !source.store.mayExist(in: source.state) { try source.prepare() }
        if case .file = source.store { _ = try source.masters() }
        let database = try await source.store.open(in: source.state)
        if case .postgres = source.store {
            try await Self.migrate(database)
            if try await database.read(StoredKey.all).isEmpty { try source.prepare() }
        }
        try await self.init(database: database) { try source.masters() }
        if !isRecovering, try await self.isRecovering {
            throw DeskError(
                .configuration, "auradesk ledger abandon-key was interrupted: run it again, it goes on where it was")
        }
    }

    /// Releases the database.
    public func close() async throws { try await database.close() }

    /// Moves messages to another status; the only place where the column is written after insertion. One that is looked at is
    /// moved by the shift that has it in hand, and lets go of it when it moves on.
    /// - Throws: `DeskError` when a message is unknown or the transition is not allowed, `LeaseLost` when somebody else has it.
    static func move(
        _ messages: [Int64], to next: Status, by shift: Int64? = nil, in transaction: any SQLTransaction
    ) throws {
        let dialect = transaction.dialect
        let former = Status.allCases.filter { $0.canBecome(next) && (shift != nil) == $0.isClaimable }
        let isAllowed = "status IN (\(former.map { "'\($0.rawValue)'" }.joined(separator: ", ")))"
        let changed = try transaction.execute(
            """
            UPDATE message SET status = $1, shift = $2
            WHERE \(dialect.isOne("id", of: "$3")) AND \(former.isEmpty ? "FALSE" : isAllowed)
            \(shift == nil ? "" : "AND shift = $4")
            """,
            [
                .text(next.rawValue), next == .attempting ? shift.map(SQLValue.integer) ?? .null : .null,
                dialect.list(messages),
            ] + [shift.map(SQLValue.integer)].compactMap(\.self))
        if changed == messages.count { return }
        let rows = try transaction.rows(
            "SELECT id, status, shift FROM message WHERE \(dialect.isOne("id", of: "$1"))", [dialect.list(messages)])
        if let shift, rows.contains(where: { $0.integer("shift") != shift }) { throw LeaseLost() }
        let statuses = Set(rows.map { $0.text("status") ?? "" }).sorted().joined(separator: ", ")
        throw DeskError(
            .ledger,
            "message \(messages.map(String.init).joined(separator: ", ")) cannot become \(next.rawValue) from \(statuses.isEmpty ? "nothing" : statuses)"
        )
    }

    static func move(
        _ message: Int64, to next: Status, by shift: Int64? = nil, in transaction: any SQLTransaction
    ) throws {
        try move([message], to: next, by: shift, in: transaction)
    }
}

extension Date {
    /// Milliseconds since 1970, as the ledger stores times.
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded(.down)) }

    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
