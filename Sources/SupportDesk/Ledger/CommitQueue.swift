/// Lets writers that come while a commit is on its way to the disk share the next one: a commit costs more than many bodies,
/// and nobody is told of success before it is done.
///
/// Whose body throws undoes his own changes and nobody else's; how, is the engine's to say.
actor CommitQueue<Transaction> {
    typealias Body = @Sendable (Transaction) throws -> any Sendable
    typealias Outcome = Result<any Sendable, any Error>

    private struct Entry: Sendable {
        let body: Body
        let end: @Sendable (Outcome) -> Void
    }

    /// A result whose type survives the way through the queue, also that of an optional.
    private struct Kept<Value: Sendable>: Sendable {
        let value: Value
    }

    private let most: Int
    private let commit: @Sendable ([Body]) async throws -> [Outcome]
    private var waiting: [Entry] = []
    /// Whether bodies are being run or brought to the disk.
    private(set) var isCommitting = false

    /// - Parameters:
    ///   - most: so many bodies share a commit at most.
    ///   - commit: runs bodies in the order given; its changes are durable when it returns what became of each. Throws when
    ///     nothing can be said of any of them.
    init(atMost most: Int, _ commit: @escaping @Sendable ([Body]) async throws -> [Outcome]) {
        (self.most, self.commit) = (most, commit)
    }

    /// Runs a body in a transaction; when it returns, the changes are durable.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Value) async throws -> Value {
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
                Task { await commitAll() }
            }
        }
    }

    private func commitAll() async {
        while !waiting.isEmpty {
            let entries = Array(waiting.prefix(most))
            waiting.removeFirst(entries.count)
            do {
                for (entry, outcome) in zip(entries, try await commit(entries.map(\.body))) { entry.end(outcome) }
            } catch {
                for entry in entries { entry.end(.failure(error)) }
            }
        }
        isCommitting = false
    }
}
