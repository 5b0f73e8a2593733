import Foundation
import Postgres
import TestServers

/// A connection to the server that all suites share.
func connect(
    _ change: (inout PostgresConfiguration) -> Void = { _ in }
) async throws -> PostgresConnection {
    try await PostgresConnection.connect(try await configuration(change))
}

func configuration(_ change: (inout PostgresConfiguration) -> Void = { _ in }) async throws -> PostgresConfiguration {
    var configuration = PostgresConfiguration(try await PostgreSQLServer.shared().conninfo)
    change(&configuration)
    return configuration
}

/// A table of a test's own.
func makeTable(_ connection: PostgresConnection, _ columns: String) async throws -> String {
    let name = "t\(UInt64.random(in: .min ... .max))"
    try await connection.script("CREATE TABLE \(name) (\(columns))")
    return name
}

/// The error of `body`, if it is one of ours.
func failure(_ body: () async throws -> Void) async -> PostgresError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? PostgresError
    }
}

/// Counts from any thread.
final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0

    var value: Int {
        lock.lock()
        defer { lock.unlock() }
        return count
    }

    @discardableResult func add(_ number: Int = 1) -> Int {
        lock.lock()
        defer { lock.unlock() }
        count += number
        return count
    }
}

/// Waits until something is so.
func eventually(_ limit: Duration = .seconds(20), _ condition: () async throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else { return false }
        try await Task.sleep(for: .milliseconds(20))
    }
    return true
}
