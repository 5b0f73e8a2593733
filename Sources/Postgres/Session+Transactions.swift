import Foundation

extension Session {
    /// Runs `body` between BEGIN and COMMIT, up to `attempts` times.
    func transaction<Value>(
        _ begin: String, attempts: Int, _ body: (PostgresTransaction) throws -> Value
    ) throws -> Value {
        var attempt = 1
        while true {
            do {
                return try once(begin, body)
            } catch {
                // A full disk and a server that is too slow are no better a moment later.
                guard attempt < attempts, !hasFailed, let failure = error as? PostgresError, failure.isRetryable,
                    failure.code != .timeout, failure.sqlState?.hasPrefix("53") != true, !failure.mayHaveBeenCommitted
                else { throw error }
            }
            // Those that met should not meet again.
            let ceiling = min(500, 5 << min(attempt, 10))
            try pause(.milliseconds(Int.random(in: 1...ceiling)))
            attempt += 1
        }
    }

    private func once<Value>(_ begin: String, _ body: (PostgresTransaction) throws -> Value) throws -> Value {
        let transaction = PostgresTransaction(self, begin)
        let value: Value
        do {
            value = try body(transaction)
            // COMMIT would succeed, as a rollback, when `body` has swallowed the error.
            if let failure = transaction.failure { throw failure }
        } catch {
            if transaction.end() { rollBack() }
            throw error
        }
        guard transaction.end() else { return value }
        if ticket?.isCancelled == true {
            rollBack()
            throw Worker.cancelled
        }
        do {
            _ = try exchange([PostgresStatement("COMMIT")], .commit)
        } catch {
            rollBack()
            throw error
        }
        return value
    }

    /// When even this fails, the connection is of no use.
    private func rollBack() {
        guard !hasFailed, isInTransaction else { return }
        do {
            _ = try exchange([PostgresStatement("ROLLBACK")], .rollback, timeout: configuration.cancelGrace)
        } catch {
            close(because: error)
        }
    }
}
