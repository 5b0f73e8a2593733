import GRDB

/// Lets writers that come while a commit is on its way to the disk share the next one: a sync costs more than many bodies,
/// and nobody is told of success before it is done.
///
/// Each body has a savepoint of its own: one that throws undoes its own changes and nobody else's.
actor CommitQueue {
    private typealias Outcome = Result<any Sendable, any Error>

    private struct Entry: Sendable {
        let body: @Sendable (GRDB.Database) throws -> any Sendable
        let end: @Sendable (Outcome) -> Void
    }

    /// A result whose type survives the way through the queue, also that of an optional.
    private struct Kept<Value: Sendable>: Sendable {
        let value: Value
    }

    private var waiting: [Entry] = []
    /// Whether bodies are being run or brought to the disk.
    private(set) var isCommitting = false
    /// So many bodies share a commit at most: readers get their turn.
    private static let bodiesPerCommit = 64

    /// Runs a body in a transaction; when it returns, the changes are durable.
    func write<Value: Sendable>(
        to writer: any DatabaseWriter, _ body: @escaping @Sendable (GRDB.Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            waiting.append(
                Entry {
                    Kept(value: try body($0))
                } end: { outcome in
                    continuation.resume(
                        with: outcome.flatMap { value in
                            (value as? Kept<Value>).map { .success($0.value) } ?? .failure(CancellationError())
                        })
                })
            if !isCommitting {
                isCommitting = true
                // A task of its own: the writer that came first may be cancelled, the others want their commit.
                Task { await commitAll(to: writer) }
            }
        }
    }

    private func commitAll(to writer: any DatabaseWriter) async {
        while !waiting.isEmpty {
            let entries = Array(waiting.prefix(Self.bodiesPerCommit))
            waiting.removeFirst(entries.count)
            do {
                let outcomes = try await writer.write { database in
                    try entries.map { try Self.outcome(of: $0, database) }
                }
                for (entry, outcome) in zip(entries, outcomes) { entry.end(outcome) }
            } catch {
                for entry in entries { entry.end(.failure(error)) }
            }
        }
        isCommitting = false
    }

    /// - Throws: when the transaction itself is lost, and with it what the bodies before have done.
    private static func outcome(of entry: Entry, _ database: GRDB.Database) throws -> Outcome {
        var outcome: Outcome = .failure(CancellationError())
        try database.inSavepoint {
            outcome = Result { try entry.body(database) }
            if case .success = outcome { return .commit }
            return .rollback
        }
        // A full disk, for one, makes SQLite roll back everything by itself.
        if case .failure(let error) = outcome, !database.isInsideTransaction { throw error }
        return outcome
    }
}
