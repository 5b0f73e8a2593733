/// The statements between BEGIN and COMMIT, on the connection's own thread; of no use anywhere else or afterwards.
///
/// Its calls block, and there is no way to await anything in between: a transaction lasts as long as its statements.
/// After an error it can only be rolled back, also when the error is caught.
public final class PostgresTransaction {
    private let session: Session
    /// Not sent yet: it travels with the first statement.
    private var begin: String?
    private var isOver = false
    /// The first error of a statement.
    private(set) var failure: PostgresError?
    /// Statements that travel with the next one.
    private var deferred: [PostgresStatement] = []

    /// So many statements are not kept waiting.
    private static let mostDeferred = 256

    init(_ session: Session, _ begin: String) {
        self.session = session
        self.begin = begin
    }

    /// Whether the server has begun it, and must end it; with the statements that are left for COMMIT's round trip.
    func end() -> (hasBegun: Bool, deferred: [PostgresStatement]) {
        isOver = true
        return (begin == nil, deferred)
    }

    /// Begins a transaction of which every statement was deferred.
    func beginIfDeferred() throws(PostgresError) {
        if begin != nil, !deferred.isEmpty { try send() }
    }

    /// Runs one statement and returns its rows.
    @discardableResult
    public func query(_ sql: String, _ arguments: [PostgresValue] = []) throws(PostgresError) -> [PostgresRow] {
        try run([PostgresStatement(sql, arguments)]).first?.rows ?? []
    }

    /// Runs one statement and returns how many rows it changed.
    @discardableResult
    public func execute(_ sql: String, _ arguments: [PostgresValue] = []) throws(PostgresError) -> Int {
        try run([PostgresStatement(sql, arguments)]).first?.changes ?? 0
    }

    /// Runs several statements in one round trip.
    @discardableResult
    public func pipeline(_ statements: [PostgresStatement]) throws(PostgresError) -> [PostgresResult] {
        try run(statements)
    }

    /// Runs one statement and gives its rows to `body` as they come, however many there are.
    /// - Throws: What `body` throws, after the statement is stopped, or `PostgresError`.
    public func forEachRow(
        _ sql: String, _ arguments: [PostgresValue] = [], _ body: (PostgresRow) throws -> Void
    ) throws {
        try session.forEachRow(
            PostgresStatement(sql, arguments),
            { statements, each throws(PostgresError) in
                _ = try self.run(statements, each)
            }, body)
    }

    /// Has a statement run before the next one, or before COMMIT, in whose round trip it travels; its error comes there.
    public func later(_ sql: String, _ arguments: [PostgresValue] = []) throws(PostgresError) {
        guard !isOver else { throw PostgresError(.invalidArgument, "the transaction is over") }
        if let failure { throw failure }
        deferred.append(PostgresStatement(sql, arguments))
        if deferred.count >= Self.mostDeferred { try send() }
    }

    private func run(
        _ statements: [PostgresStatement], _ each: ((PostgresRow) throws(PostgresError) -> Void)? = nil
    ) throws(PostgresError) -> [PostgresResult] {
        guard !isOver else { throw PostgresError(.invalidArgument, "the transaction is over") }
        if let failure { throw failure }
        guard !statements.isEmpty else { return [] }
        return try send(statements, each)
    }

    @discardableResult
    private func send(
        _ statements: [PostgresStatement] = [], _ each: ((PostgresRow) throws(PostgresError) -> Void)? = nil
    ) throws(PostgresError) -> [PostgresResult] {
        let before = deferred
        deferred = []
        do throws(PostgresError) {
            let results = try session.exchange(before + statements, .within(begin: begin), each: each)
            begin = nil
            return Array(results.dropFirst(before.count))
        } catch {
            // It may have begun; ROLLBACK looks.
            begin = nil
            failure = error
            throw error
        }
    }
}

/// How much of other transactions a transaction sees.
public enum PostgresIsolation: String, Sendable {
    /// PostgreSQL's default.
    case readCommitted = "READ COMMITTED"
    /// One snapshot for the whole transaction.
    case repeatableRead = "REPEATABLE READ"
    /// As if transactions ran one after the other; may fail with `serialization`.
    case serializable = "SERIALIZABLE"
}
