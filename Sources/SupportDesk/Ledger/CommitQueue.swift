import Foundation
import GRDB

/// Lets writers that come while a commit is on its way to the disk share the next one: a sync costs more than many bodies,
/// and nobody is told of success before it is done.
///
/// Each body has a savepoint of its own: one that throws undoes its own changes and nobody else's.
actor CommitQueue {
    /// A body that keeps its result, and what tells its caller how the commit ended.
    private struct Entry: Sendable {
        let body: @Sendable (GRDB.Database) throws -> Void
        let end: @Sendable ((any Error)?) -> Void
    }

    private var waiting: [Entry] = []
    private var isCommitting = false
    /// So many bodies share a commit at most: readers and the journal get their turn.
    private static let bodiesPerCommit = 64

    /// Runs a body in a transaction; when it returns, the changes are durable.
    func write<Value: Sendable>(
        to writer: any DatabaseWriter, _ body: @escaping @Sendable (GRDB.Database) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let result = Box<Value>()
            waiting.append(
                Entry {
                    result.value = nil
                    result.value = try body($0)
                } end: { error in
                    if let value = result.value, error == nil {
                        continuation.resume(returning: value)
                    } else {
                        continuation.resume(throwing: error ?? CancellationError())
                    }
                })
            if !isCommitting {
                isCommitting = true
                // Its own task: the first of the writers may be cancelled, the others want their commit.
                Task { await commitAll(to: writer) }
            }
        }
    }

    private func commitAll(to writer: any DatabaseWriter) async {
        while !waiting.isEmpty {
            let entries = Array(waiting.prefix(Self.bodiesPerCommit))
            waiting.removeFirst(entries.count)
            do {
                let errors = try await writer.write { database in
                    try entries.map { entry -> (any Error)? in
                        var failure: (any Error)?
                        try database.inSavepoint {
                            do {
                                try entry.body(database)
                                return .commit
                            } catch {
                                failure = error
                                return .rollback
                            }
                        }
                        return failure
                    }
                }
                for (entry, error) in zip(entries, errors) { entry.end(error) }
            } catch {
                for entry in entries { entry.end(error) }
            }
        }
        isCommitting = false
    }

    /// A body's result, on its way from the database's queue to the caller. `@unchecked`: written before the commit, read
    /// after it.
    private final class Box<Value>: @unchecked Sendable {
        var value: Value?
    }
}
