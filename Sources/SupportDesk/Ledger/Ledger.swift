import Foundation

/// The durable record of one desk: messages, conversations, decisions and the outbox.
///
/// It holds placeholders and keyed digests, not people; what must keep the original (archived mail, finished replies,
/// packets) is sealed. Every promise about loss and doubling rests on the order of the commits in here.
public struct Ledger: Sendable {
    let database: any Database
    let seal: Seal

    /// Opens a ledger and brings its tables up to date.
    /// - Throws: `DeskError`: `ledger`, or `configuration` when the key is not the ledger's own.
    public init(database: any Database, seal: Seal) async throws {
        self.database = database
        self.seal = seal
        try await migrate()
        try await checkKey()
    }

    /// Opens the ledger of a state folder with the key beside it; both are made when neither is there.
    /// - Throws: `DeskError` naming the file that is missing or cannot be used.
    init(state folder: String) async throws {
        let (path, key) = ("\(folder)/ledger.sqlite", "\(folder)/key")
        // A new key would begin anew: nobody's earlier mail would be found again, and nothing sealed would open.
        if FileManager.default.fileExists(atPath: path), !FileManager.default.fileExists(atPath: key) {
            throw DeskError(.configuration, "the ledger \(path) is there, but its key file \(key) is not")
        }
        try await self.init(database: SQLiteDatabase(path: path), seal: Seal(keyFile: key))
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
