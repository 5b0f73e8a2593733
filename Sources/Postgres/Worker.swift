import Foundation

/// The thread of one connection, and the jobs that wait for it in the order in which they came.
///
/// libpq's socket is polled on this thread, together with a bell that rings for new jobs and for cancelled ones.
final class Worker: Sendable {
    /// Whether a job still matters to somebody.
    final class Ticket: Sendable {
        private let state = LockedBox(false)
        var isCancelled: Bool { state.withLock { $0 } }
        func cancel() { state.withLock { $0 = true } }
    }

    private struct Job: Sendable {
        let ticket: Ticket
        /// Does it, and answers how to tell who waits.
        let run: @Sendable (Session) -> @Sendable () -> Void
        let drop: @Sendable (PostgresError) -> Void
    }

    private struct State {
        var jobs: [Job] = []
        var isEnding = false
        var isBroken = false
        var isInTransaction = false
    }

    private let state = LockedBox(State())
    private let bell: Bell

    init(_ configuration: PostgresConfiguration) throws(PostgresError) {
        bell = try Bell()
        let thread = Thread { [self, bell] in
            let session = Session(configuration, bell)
            while let job = next(session) {
                guard !job.ticket.isCancelled else {
                    job.drop(Worker.cancelled)
                    continue
                }
                session.ticket = job.ticket
                let tell = job.run(session)
                session.ticket = nil
                publish(session)
                tell()
            }
            session.close(because: Worker.closed)
        }
        thread.name = "auradesk.postgres"
        thread.start()
    }

    /// Whether the session has lost its server.
    var isBroken: Bool { state.withLock { $0.isBroken || $0.isEnding } }

    /// Whether a statement of somebody's own has left a transaction open.
    var isInTransaction: Bool { state.withLock { $0.isInTransaction } }

    private func publish(_ session: Session) {
        let (isBroken, isInTransaction) = (session.hasFailed, session.isInTransaction)
        state.withLock { ($0.isBroken, $0.isInTransaction) = (isBroken, isInTransaction) }
    }

    /// The next job, or nil at the end. In between the session looks after its socket.
    private func next(_ session: Session) -> Job? {
        while true {
            let (job, isEnding) = state.withLock { state in
                (state.jobs.isEmpty ? nil : state.jobs.removeFirst(), state.isEnding)
            }
            if let job { return job }
            if isEnding { return nil }
            session.idle()
            publish(session)
        }
    }

    /// Runs `body` on the thread after the jobs that came before. A cancelled task leaves the line at once; when its
    /// job runs already, the session notices and stops what it does.
    func perform<Value: Sendable>(
        _ body: @escaping @Sendable (Session) throws(PostgresError) -> Value
    ) async throws(PostgresError) -> Value {
        let ticket = Ticket()
        let result: Result<Value, PostgresError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                post(
                    Job(
                        ticket: ticket,
                        run: { session in
                            let result = Worker.attempt { () throws(PostgresError) in try body(session) }
                            return { continuation.resume(returning: result) }
                        },
                        drop: { continuation.resume(returning: .failure($0)) }))
            }
        } onCancel: {
            ticket.cancel()
            withdraw(ticket)
        }
        return try result.get()
    }

    /// Runs `body` on the thread some time later, when it is still there.
    func later(_ body: @escaping @Sendable (Session) -> Void) {
        let job = Job(
            ticket: Ticket(),
            run: { session in
                body(session)
                return {}
            }, drop: { _ in })
        post(job)
    }

    private func post(_ job: Job) {
        let refusal = state.withLock { state -> PostgresError? in
            if state.isEnding { return Worker.closed }
            if job.ticket.isCancelled { return Worker.cancelled }
            state.jobs.append(job)
            return nil
        }
        if let refusal { job.drop(refusal) } else { bell.ring() }
    }

    private func withdraw(_ ticket: Ticket) {
        let job = state.withLock { state in
            state.jobs.firstIndex { $0.ticket === ticket }.map { state.jobs.remove(at: $0) }
        }
        if let job { job.drop(Worker.cancelled) } else { bell.ring() }
    }

    /// Ends the thread after the jobs that are there.
    func end() {
        state.withLock { $0.isEnding = true }
        bell.ring()
    }

    private static func attempt<Value>(
        _ body: () throws(PostgresError) -> Value
    ) -> Result<Value, PostgresError> {
        do throws(PostgresError) {
            return .success(try body())
        } catch {
            return .failure(error)
        }
    }

    static let cancelled = PostgresError(.cancelled, "the task was cancelled")
    static let closed = PostgresError(.closed, "the connection is closed")
}
