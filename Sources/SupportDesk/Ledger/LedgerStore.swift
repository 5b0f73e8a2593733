import Foundation
import Postgres

/// Where a desk's ledger is.
public enum LedgerStore: Sendable {
    /// In the file `ledger.sqlite` of the state folder.
    case file
    /// In a schema of a PostgreSQL, which any number of machines may share.
    case postgres(PostgresConfiguration, schema: String, connections: Int)

    /// Opens it, and makes it when it is not there.
    /// - Parameter state: the state folder.
    func open(in state: String) async throws -> any Database {
        switch self {
        case .file: try SQLiteDatabase(path: Self.file(in: state))
        case .postgres(let server, let schema, let connections):
            try await PostgresDatabase(server, schema: schema, connections: connections)
        }
    }

    /// The ledger's file in a state folder.
    static func file(in state: String) -> String { "\(state)/ledger.sqlite" }

    /// Whether there may be a ledger: a file is looked for, a server is not asked.
    func mayExist(in state: String) -> Bool {
        switch self {
        case .file: FileManager.default.fileExists(atPath: Self.file(in: state))
        case .postgres: true
        }
    }
}
