import Foundation

extension PostgresPool {
    /// As ``PostgresConnection/query(_:_:timeout:)``, on any connection.
    @discardableResult
    public func query(
        _ sql: String, _ arguments: [PostgresValue] = [], timeout: Duration? = nil
    ) async throws -> [PostgresRow] {
        try await withConnection { try await $0.query(sql, arguments, timeout: timeout) }
    }

    /// As ``PostgresConnection/execute(_:_:timeout:)``, on any connection.
    @discardableResult
    public func execute(
        _ sql: String, _ arguments: [PostgresValue] = [], timeout: Duration? = nil
    ) async throws -> Int {
        try await withConnection { try await $0.execute(sql, arguments, timeout: timeout) }
    }

    /// As ``PostgresConnection/pipeline(_:timeout:)``, on any connection.
    @discardableResult
    public func pipeline(_ statements: [PostgresStatement], timeout: Duration? = nil) async throws -> [PostgresResult] {
        try await withConnection { try await $0.pipeline(statements, timeout: timeout) }
    }

    /// As ``PostgresConnection/transaction(_:isReadOnly:attempts:_:)``, on any connection. An attempt whose connection
    /// broke before COMMIT is repeated on another one; one whose COMMIT may have happened never is.
    @discardableResult
    public func transaction<Value: Sendable>(
        _ isolation: PostgresIsolation = .readCommitted, isReadOnly: Bool = false, attempts: Int = 1,
        _ body: @escaping @Sendable (PostgresTransaction) throws -> Value
    ) async throws -> Value {
        var attempt = 1
        while true {
            do {
                return try await withConnection { connection in
                    try await connection.transaction(isolation, isReadOnly: isReadOnly, attempts: attempts, body)
                }
            } catch {
                guard attempt < attempts, let failure = error as? PostgresError, !failure.mayHaveBeenCommitted,
                    failure.code == .connectionLost || failure.sqlState == "25006"
                else { throw error }
            }
            attempt += 1
        }
    }

    /// Listens on a channel over a connection of its own, which is replaced when it breaks. Every new connection, the
    /// first too, is told by a notification without payload: look for yourself what was missed. Ends with the pool, or
    /// with a `PostgresError` that trying again does not mend.
    public func notifications(on channel: String) -> AsyncThrowingStream<PostgresNotification, any Error> {
        AsyncThrowingStream(bufferingPolicy: .bufferingNewest(1000)) { listener in
            let id = UUID()
            let task = Task { [configuration] in
                var failures = 0
                while !Task.isCancelled {
                    do {
                        let connection = try await PostgresConnection.connect(configuration)
                        let arriving = try await connection.notifications(on: channel)
                        failures = 0
                        listener.yield(PostgresNotification(channel: channel, payload: nil))
                        for try await notification in arriving { listener.yield(notification) }
                    } catch {
                        guard (error as? PostgresError)?.isRetryable == true else {
                            listener.finish(throwing: Task.isCancelled ? PostgresPool.shutDown : error)
                            break
                        }
                        try? await Task.sleep(for: PostgresPool.pause(after: failures))
                        failures += 1
                    }
                }
                listener.finish(throwing: PostgresPool.shutDown)
                self.forget(id)
            }
            keep(id, task)
            listener.onTermination = { _ in task.cancel() }
        }
    }
}
