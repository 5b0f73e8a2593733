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
        keyring = try await Keyring(of: database, masters)
        seal = await keyring.seal
    }

    /// Opens the ledger of a state folder; it and its key file are made when neither is there.
    /// - Parameter isRecovering: whether it is opened to read messages again after the key was lost.
    /// - Throws: `DeskError` naming the file that is missing or cannot be used.
    public init(_ source: KeySource, isRecovering: Bool = false) async throws {
        try StateFolder.check(source.state)
        let path = "\(source.state)/ledger.sqlite"
        // A new key would begin anew: nobody's earlier mail would be found again, and nothing sealed would open.
        if !FileManager.default.fileExists(atPath: path) { try source.prepare() }
        _ = try source.masters()
        try await self.init(database: SQLiteDatabase(path: path)) { try source.masters() }
        if !isRecovering, try await self.isRecovering {
            throw DeskError(
                .configuration, "auradesk ledger abandon-key was interrupted: run it again, it goes on where it was")
        }
    }

    /// Releases the database.
    public func close() async throws { try await database.close() }

    /// Moves a message to another status; the only place where the column is written after insertion.
    /// - Throws: `DeskError` when the message is unknown or the transition is not allowed.
    static func move(_ message: Int64, to next: Status, in transaction: any SQLTransaction) throws {
        let current = try transaction.rows("SELECT status FROM message WHERE id = $1", [.integer(message)]).first?
            .text("status").flatMap(Status.init)
        guard let current, current.canBecome(next) else {
            throw DeskError(
                .ledger, "message \(message) cannot become \(next.rawValue) from \(current?.rawValue ?? "nothing")")
        }
        try transaction.execute(
            "UPDATE message SET status = $1 WHERE id = $2", [.text(next.rawValue), .integer(message)])
    }
}

extension Date {
    /// Milliseconds since 1970, as the ledger stores times.
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded(.down)) }

    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
