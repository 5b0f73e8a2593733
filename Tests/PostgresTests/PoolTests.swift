import Foundation
import Testing

@testable import Postgres

@Suite struct PoolTests {
    @Test func eightTasksShareTwoConnections() async throws {
        let pool = PostgresPool(try await configuration(), size: 2)
        let inside = Counter()
        let pids = try await withThrowingTaskGroup(of: Int64.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try await pool.withConnection { connection in
                        #expect(inside.add() <= 2)
                        defer { inside.add(-1) }
                        return try await connection.query("SELECT pg_backend_pid() AS pid, pg_sleep(0.05)")[0].integer(
                            "pid")
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(pids.count == 8 && Set(pids).count <= 2)
        await pool.shutdown()
        #expect(await failure { try await pool.query("SELECT 1") }?.code == .closed)
    }

    @Test func whoCameFirstIsServedFirst() async throws {
        let pool = PostgresPool(try await configuration(), size: 1)
        let order = Order()
        try await pool.withConnection { _ in
            for number in 0..<5 {
                Task {
                    try await pool.withConnection { _ in order.append(number) }
                }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        #expect(try await eventually { order.numbers.count == 5 })
        #expect(order.numbers == [0, 1, 2, 3, 4])
        await pool.shutdown()
    }

    @Test func waitingHasAnEnd() async throws {
        let pool = PostgresPool(try await configuration(), size: 1, patience: .milliseconds(300))
        try await pool.withConnection { _ in
            #expect(await failure { try await pool.query("SELECT 1") }?.code == .timeout)
            let task = Task { try await pool.query("SELECT 1") }
            try await Task.sleep(for: .milliseconds(50))
            task.cancel()
            #expect(await failure { _ = try await task.value }?.code == .cancelled)
        }
        #expect(try await pool.query("SELECT 1").count == 1)
        // Shutting down waits for who works, and refuses who waits.
        let working = Task { try await pool.query("SELECT pg_sleep(0.5), 5 AS five").first?.integer("five") }
        try await Task.sleep(for: .milliseconds(100))
        let waiting = Task { try await pool.query("SELECT 1") }
        try await Task.sleep(for: .milliseconds(50))
        await pool.shutdown()
        #expect(try await working.value == 5)
        #expect(await failure { _ = try await waiting.value }?.code == .closed)
    }

    @Test func brokenAndUncleanConnectionsAreReplaced() async throws {
        let pool = PostgresPool(try await configuration(), size: 1)
        func pid() async throws -> Int64? {
            try await pool.query("SELECT pg_backend_pid() AS pid").first?.integer("pid")
        }
        let first = try #require(try await pid())
        #expect(try await pid() == first)
        // Noticed while it is idle.
        try await connect().query("SELECT pg_terminate_backend($1)", [.integer(first)])
        try await Task.sleep(for: .milliseconds(300))
        let second = try #require(try await pid())
        #expect(second != first)
        try await pool.query("BEGIN")
        #expect(try await pid() != second)
        // A transaction whose connection breaks before COMMIT is run again on another one.
        let table = try await makeTable(try await connect(), "n int")
        let other = try await connect()
        let runs = Counter()
        let (isIn, isGone) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let third = try #require(try await pid())
        Thread.detachNewThread {
            isIn.wait()
            Task {
                try await other.query("SELECT pg_terminate_backend($1)", [.integer(third)])
                isGone.signal()
            }
        }
        try await pool.transaction(attempts: 2) { transaction in
            try transaction.execute("INSERT INTO \(table) VALUES (1)")
            if runs.add() == 1 {
                isIn.signal()
                isGone.wait()
                Thread.sleep(forTimeInterval: 0.2)
            }
            try transaction.execute("INSERT INTO \(table) VALUES (2)")
        }
        #expect(runs.value == 2)
        #expect(try await pool.query("SELECT * FROM \(table)").count == 2)
        await pool.shutdown()
    }

    @Test func serializableCountersLoseNothing() async throws {
        let pool = PostgresPool(try await configuration(), size: 4)
        let table = try await makeTable(try await connect(), "n int")
        try await pool.execute("INSERT INTO \(table) VALUES (0)")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<10 {
                        try await pool.transaction(.serializable, attempts: 100) { transaction in
                            let n = try transaction.query("SELECT n FROM \(table)")[0].integer("n")
                            try transaction.execute("UPDATE \(table) SET n = $1", [.integer(n + 1)])
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await pool.query("SELECT n FROM \(table)").first?.integer("n") == 80)
        await pool.shutdown()
    }

    /// An array from any thread.
    private final class Order: @unchecked Sendable {
        private let lock = NSLock()
        private var list: [Int] = []
        var numbers: [Int] {
            lock.lock()
            defer { lock.unlock() }
            return list
        }
        func append(_ number: Int) {
            lock.lock()
            list.append(number)
            lock.unlock()
        }
    }
}
