import Foundation
import Postgres
import TestServers
import Testing

@testable import SupportDesk

/// The engines that a ledger may lie in. A test that says `.onEachEngine` runs on one after the other, with the same body.
enum LedgerEngine: String, CaseIterable, Sendable {
    case sqlite, postgres

    /// The one that the test at hand runs on; `AURADESK_TEST_LEDGER` names it for all tests that do not say.
    @TaskLocal static var current = chosen ?? .sqlite

    fileprivate static let chosen = ProcessInfo.processInfo.environment["AURADESK_TEST_LEDGER"].flatMap(
        LedgerEngine.init)

    /// Where the ledger of a folder is: always the same place for the same path.
    func store(for path: String) async throws -> LedgerStore {
        switch self {
        case .sqlite: .file
        case .postgres:
            .postgres(
                PostgresConfiguration(try await PostgreSQLServer.shared().conninfo), schema: Self.schema(for: path),
                connections: 4)
        }
    }

    /// The section of `desk.yaml` that says so.
    func section(for path: String) async throws -> String {
        switch self {
        case .sqlite: ""
        case .postgres:
            """
            ledger:
              postgres: \(try await PostgreSQLServer.shared().conninfo)
              schema: \(Self.schema(for: path))

            """
        }
    }

    /// A database of its own, or the one that belongs to a path.
    func database(path: String?) async throws -> any Database {
        switch self {
        case .sqlite: return try SQLiteDatabase(path: path)
        case .postgres:
            let store = try await store(for: path ?? UUID().uuidString)
            return try await store.open(in: "")
        }
    }

    private static func schema(for path: String) -> String {
        "t" + Seal.fingerprint(Array(path.utf8)).prefix(24)
    }
}

/// Runs a test once on each engine.
struct EachEngine: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        for engine in LedgerEngine.allCases where LedgerEngine.chosen == nil || LedgerEngine.chosen == engine {
            try await LedgerEngine.$current.withValue(engine, operation: function)
        }
    }
}

extension Trait where Self == EachEngine {
    /// The same body on SQLite and on PostgreSQL.
    static var onEachEngine: EachEngine { EachEngine() }
}
