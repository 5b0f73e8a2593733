import Foundation
import Synchronization

@testable import SupportDesk

/// A database whose statements a test hears, and in which one of them takes its time.
final class OverheardDatabase: Database {
    private let inner: any Database
    private let slow: (words: String, time: Duration)?
    private let heard = Mutex<Set<String>>([])

    /// - Parameters:
    ///   - words: writes that say this …
    ///   - time: … are told of so much later.
    init(_ inner: any Database, slow words: String? = nil, by time: Duration = .zero) {
        self.inner = inner
        slow = words.map { ($0, time) }
    }

    /// Every statement that was said so far.
    var texts: Set<String> { heard.withLock { $0 } }

    private struct Ear: SQLTransaction {
        let inner: any SQLTransaction
        let hear: (String) -> Void

        func rows(_ sql: String, _ arguments: [SQLValue]) throws -> [SQLRow] {
            hear(sql)
            return try inner.rows(sql, arguments)
        }
        func scan(_ sql: String, _ arguments: [SQLValue], _ look: (any SQLScannedRow) throws -> Void) throws {
            hear(sql)
            try inner.scan(sql, arguments, look)
        }
        func execute(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
            hear(sql)
            return try inner.execute(sql, arguments)
        }
        func later(_ sql: String, _ arguments: [SQLValue]) throws {
            hear(sql)
            try inner.later(sql, arguments)
        }
        func notify(_ signal: WakeUp) throws { try inner.notify(signal) }
    }

    var dialect: SQLDialect { inner.dialect }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        try await inner.read { [self] transaction in
            try body(Ear(inner: transaction) { sql in self.heard.withLock { _ = $0.insert(sql) } })
        }
    }

    func write<Value: Sendable>(
        _ isolation: SQLIsolation, _ body: @escaping @Sendable (any SQLTransaction) throws -> Value
    ) async throws -> Value {
        let (value, isSlow) = try await inner.write(isolation) { [self] transaction in
            var isSlow = false
            let value = try body(
                Ear(inner: transaction) { sql in
                    self.heard.withLock { _ = $0.insert(sql) }
                    if let slow = self.slow, sql.contains(slow.words) { isSlow = true }
                })
            return (value, isSlow)
        }
        if isSlow, let slow { try await Task.sleep(for: slow.time) }
        return value
    }

    func check() async throws -> [String] { try await inner.check() }
    func vacuum() async throws { try await inner.vacuum() }
    func backUp(to path: String) async throws { try await inner.backUp(to: path) }
    func turnMonths(now: Date, dropping ends: [String: MonthEnd]) async throws {
        try await inner.turnMonths(now: now, dropping: ends)
    }
    func wait(for signal: WakeUp, upTo limit: Duration) async throws { try await inner.wait(for: signal, upTo: limit) }
    func scrub(_ tables: [String]) async throws { try await inner.scrub(tables) }
    func close() async throws { try await inner.close() }
}
