import Foundation
import Testing

@testable import Postgres

@Suite struct TransactionTests {
    @Test func aTransactionIsAllOrNothing() async throws {
        struct Stop: Error {}
        let connection = try await connect()
        let table = try await makeTable(connection, "n int UNIQUE")
        let kept = try await connection.transaction { transaction in
            try transaction.execute("INSERT INTO \(table) VALUES (1)")
            return try transaction.execute("INSERT INTO \(table) SELECT generate_series(2, 4)")
        }
        #expect(kept == 3)
        await #expect(throws: Stop.self) {
            try await connection.transaction { transaction in
                try transaction.execute("INSERT INTO \(table) VALUES (5)")
                throw Stop()
            }
        }
        // An error that the body swallows must not look like success.
        let swallowed = await failure {
            try await connection.transaction { transaction in
                try transaction.execute("INSERT INTO \(table) VALUES (6)")
                _ = try? transaction.execute("INSERT INTO \(table) VALUES (1)")
            }
        }
        #expect(swallowed?.code == .unique)
        // An error that shows only at COMMIT.
        try await connection.script("ALTER TABLE \(table) ADD m int UNIQUE DEFERRABLE INITIALLY DEFERRED")
        let late = await failure {
            _ = try await connection.transaction { transaction in
                try transaction.pipeline([
                    PostgresStatement("INSERT INTO \(table) VALUES (7, 1)"),
                    PostgresStatement("INSERT INTO \(table) VALUES (8, 1)"),
                ])
            }
        }
        #expect(late?.code == .unique && late?.mayHaveBeenCommitted == false)
        #expect(try await connection.query("SELECT count(*) AS c FROM \(table)").first?.integer("c") == 4)
        #expect(!connection.isInTransaction)
        try await connection.transaction { _ in }
    }

    @Test func aTransactionOutlivesItsScopeInVain() async throws {
        final class Box: @unchecked Sendable { var transaction: PostgresTransaction? }
        let connection = try await connect()
        let box = Box()
        try await connection.transaction { box.transaction = $0 }
        let escaped = try #require(box.transaction)
        #expect(await failure { try escaped.query("SELECT 1") }?.code == .invalidArgument)
    }

    @Test func rowsOfAStatementAreReadBeforeTheNext() async throws {
        let connection = try await connect()
        let error = await failure {
            try await connection.transaction { transaction in
                try transaction.forEachRow("SELECT generate_series(1, 3)") { _ in
                    try transaction.query("SELECT 1")
                }
            }
        }
        #expect(error?.code == .invalidArgument)
        let sum = try await connection.transaction(.repeatableRead, isReadOnly: true) { transaction in
            var sum: Int64 = 0
            try transaction.forEachRow("SELECT generate_series(1, 3) AS n") { sum += try $0.integer("n") }
            return sum
        }
        #expect(sum == 6)
    }

    @Test func readOnlyMeansIt() async throws {
        let connection = try await connect()
        let table = try await makeTable(connection, "n int")
        let inTransaction = await failure {
            _ = try await connection.transaction(isReadOnly: true) { try $0.execute("INSERT INTO \(table) VALUES (1)") }
        }
        #expect(inTransaction?.sqlState == "25006")
        let reader = try await connect { $0.isReadOnly = true }
        #expect(await failure { try await reader.execute("INSERT INTO \(table) VALUES (1)") }?.sqlState == "25006")
        #expect(try await reader.query("SELECT * FROM \(table)").isEmpty)
    }

    @Test func otherTasksWaitForATransaction() async throws {
        let connection = try await connect()
        let table = try await makeTable(connection, "n int")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in Int64(0)..<20 {
                group.addTask {
                    try await connection.transaction { transaction in
                        try transaction.execute("INSERT INTO \(table) VALUES ($1)", [.integer(number)])
                        // The rows of the others are gone again, or not there yet.
                        let row = try transaction.query("SELECT count(*) AS c FROM \(table)").first
                        #expect(try row?.integer("c") == 1)
                        try transaction.execute("DELETE FROM \(table) WHERE n = $1", [.integer(number)])
                    }
                }
                group.addTask {
                    // Between transactions, never inside of one.
                    let row = try await connection.query("SELECT count(*) AS c FROM \(table)").first
                    #expect(try row?.integer("c") == 0)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test(arguments: [1, 3]) func serializationFailuresAreRetriedWhenAsked(attempts: Int) async throws {
        let first = try await connect()
        let second = try await connect()
        let table = try await makeTable(first, "n int")
        try await first.execute("INSERT INTO \(table) VALUES (1)")
        let (hasRead, hasWritten) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let runs = Counter()
        let transaction = Task {
            try await first.transaction(.repeatableRead, attempts: attempts) { transaction in
                try transaction.query("SELECT * FROM \(table)")
                if runs.add() == 1 {
                    hasRead.signal()
                    hasWritten.wait()
                }
                return try transaction.query("UPDATE \(table) SET n = n + 1 RETURNING n").first?.integer("n")
            }
        }
        let other = Task {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    hasRead.wait()
                    continuation.resume()
                }
            }
            defer { hasWritten.signal() }
            try await second.execute("UPDATE \(table) SET n = n + 10")
        }
        try await other.value
        if attempts == 1 {
            let error = await failure { _ = try await transaction.value }
            #expect(error?.code == .serialization && error?.isRetryable == true && error?.sqlState == "40001")
        } else {
            #expect(try await transaction.value == 12)
            #expect(runs.value == 2)
        }
    }

    @Test func aCancelledTransactionIsRolledBack() async throws {
        let connection = try await connect()
        let table = try await makeTable(connection, "n int")
        let task = Task {
            try await connection.transaction(attempts: 5) { transaction in
                try transaction.execute("INSERT INTO \(table) VALUES (1)")
                try transaction.query("SELECT pg_sleep(30)")
            }
        }
        try await Task.sleep(for: .milliseconds(300))
        task.cancel()
        #expect(await failure { _ = try await task.value }?.code == .cancelled)
        #expect(try await connection.query("SELECT count(*) AS c FROM \(table)").first?.integer("c") == 0)
    }

    @Test func aTransactionThatStandsStillIsEndedByTheServer() async throws {
        let connection = try await connect { $0.idleTransactionTimeout = .milliseconds(100) }
        let table = try await makeTable(connection, "n int")
        let error = await failure {
            try await connection.transaction { transaction in
                try transaction.execute("INSERT INTO \(table) VALUES (1)")
                Thread.sleep(forTimeInterval: 1)
                try transaction.execute("INSERT INTO \(table) VALUES (2)")
            }
        }
        #expect(error?.code == .connectionLost && error?.isRetryable == true && error?.mayHaveBeenCommitted == false)
        #expect(try await connect().query("SELECT * FROM \(table)").isEmpty)
    }

    @Test func aConnectionThatWasEndedBeforeCommitHasCommittedNothing() async throws {
        let pool = PostgresPool(try await configuration { $0.idleTransactionTimeout = .milliseconds(100) }, size: 1)
        let table = try await pool.withConnection { try await makeTable($0, "n int") }
        let runs = Counter()
        // As a process that was stopped for longer than the server waits.
        try await pool.transaction(attempts: 3) { transaction in
            try transaction.execute("INSERT INTO \(table) VALUES (1)")
            if runs.add() == 1 { Thread.sleep(forTimeInterval: 0.6) }
        }
        #expect(runs.value == 2)
        #expect(try await pool.query("SELECT n FROM \(table)").count == 1)
        await pool.shutdown()
    }
}
