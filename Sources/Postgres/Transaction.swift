/// The statements between BEGIN and COMMIT; of no use afterwards.
public struct Transaction: Sendable {
    private let connection: Connection
    private let over = Flag()

    init(connection: Connection) {
        self.connection = connection
    }

    func end() { over.set() }

    /// Runs one statement and returns its rows.
    /// - Throws: `PostgresError`. After an error the transaction can only be rolled back, also when it is caught.
    @discardableResult
    public func query(_ sql: String, _ parameters: [Value] = []) async throws(PostgresError) -> [Row] {
        try await run(sql, parameters).rows
    }

    /// Runs one statement and returns how many rows it changed.
    @discardableResult
    public func execute(_ sql: String, _ parameters: [Value] = []) async throws(PostgresError) -> Int {
        try await run(sql, parameters).affected
    }

    private func run(_ sql: String, _ parameters: [Value]) async throws(PostgresError) -> Handle.Outcome {
        guard !over.isSet else { throw PostgresError(.invalidArgument, "the transaction is over") }
        do throws(PostgresError) {
            return try await connection.run(sql, parameters)
        } catch {
            throw error.beforeCommit
        }
    }
}
