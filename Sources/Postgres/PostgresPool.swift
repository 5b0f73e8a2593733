import Foundation

/// A few connections for many tasks, made when they are needed. Who waits gets one in the order of asking; a connection
/// that has broken is replaced, after a pause that grows while the server is away.
public final class PostgresPool: Sendable {
    typealias Permit = Result<Void, PostgresError>

    private struct State {
        var idle: [PostgresConnection] = []
        /// Connections that somebody has or is making.
        var inUse = 0
        var waiting: [(id: UUID, continuation: CheckedContinuation<Permit, Never>)] = []
        /// How often in a row no connection could be made.
        var failures = 0
        var notBefore = ContinuousClock.now
        var isShutDown = false
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
        var listening: [UUID: Task<Void, Never>] = [:]
    }

    /// What each connection is made with.
    public let configuration: PostgresConfiguration
    /// How many connections there are at most; one more for each stream of notifications.
    public let size: Int
    /// How long a task waits for a connection, including that the server comes back.
    public let patience: Duration

    private let state = LockedBox(State())

    /// A pool without connections.
    public init(_ configuration: PostgresConfiguration, size: Int = 4, patience: Duration = .seconds(30)) {
        self.configuration = configuration
        self.size = max(1, size)
        self.patience = patience
    }

    /// Gives a connection to `body` alone.
    /// - Throws: What `body` throws; `PostgresError` with `timeout` when none was free in time, or with the reason why
    ///   none could be made.
    @discardableResult
    public func withConnection<Value: Sendable>(
        _ body: @Sendable (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        let connection = try await acquire()
        do {
            let value = try await body(connection)
            release(connection, isWanted: true)
            return value
        } catch {
            // "read-only transaction": the server is a standby by now.
            let isMisplaced = (error as? PostgresError)?.sqlState == "25006" && !configuration.isReadOnly
            release(connection, isWanted: !isMisplaced)
            throw error
        }
    }

    /// Ends the idle connections, refuses whoever waits, and returns when those in use have come back.
    public func shutdown() async {
        let (idle, waiting, listening) = state.withLock { state in
            state.isShutDown = true
            defer { (state.idle, state.waiting, state.listening) = ([], [], [:]) }
            return (state.idle, state.waiting, state.listening)
        }
        for waiter in waiting { waiter.continuation.resume(returning: .failure(PostgresPool.shutDown)) }
        for task in listening.values { task.cancel() }
        for connection in idle { await connection.close() }
        for task in listening.values { await task.value }
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.inUse > 0 { state.waitingForEnd.append(continuation) }
                return state.inUse == 0
            }
            if isOver { continuation.resume() }
        }
    }

    static let shutDown = PostgresError(.closed, "the pool is shut down")

    // MARK: Connections

    private func acquire() async throws(PostgresError) -> PostgresConnection {
        let start = ContinuousClock.now
        try await takePermit()
        // Also the last in line has a moment to connect.
        let deadline = max(start + patience, .now + patience / PostgresPool.parts)
        do throws(PostgresError) {
            return try await connection(until: deadline)
        } catch {
            passPermit()
            throw error
        }
    }

    /// An idle connection, or a new one.
    private func connection(until deadline: ContinuousClock.Instant) async throws(PostgresError) -> PostgresConnection {
        var lastError: PostgresError?
        while true {
            let (idle, notBefore, isShutDown) = state.withLock { state in
                state.idle.removeAll { $0.isBroken }
                return (state.idle.popLast(), state.notBefore, state.isShutDown)
            }
            if let idle { return idle }
            if isShutDown { throw PostgresPool.shutDown }
            if notBefore > .now {
                if notBefore >= deadline, let lastError { throw lastError }
                do { try await Task.sleep(until: min(notBefore, deadline)) } catch { throw Worker.cancelled }
            }
            var configuration = configuration
            configuration.connectTimeout = max(.milliseconds(50), min(configuration.connectTimeout, deadline - .now))
            do throws(PostgresError) {
                let connection = try await PostgresConnection.connect(configuration)
                state.withLock { $0.failures = 0 }
                return connection
            } catch {
                guard error.isRetryable, ContinuousClock.now < deadline else { throw error }
                lastError = error
                state.withLock { state in
                    state.notBefore = .now + PostgresPool.pause(after: state.failures)
                    state.failures += 1
                }
            }
        }
    }

    /// 50 ms after the first failure, twice as long after each further one, 5 s at most; between half and all of it.
    static func pause(after failures: Int) -> Duration {
        .milliseconds(min(5000, 50 << min(failures, 10))) * Double.random(in: 0.5...1)
    }

    private func release(_ connection: PostgresConnection, isWanted: Bool) {
        state.withLock { state in
            // What is not kept ends with its last reference.
            if isWanted, !state.isShutDown, !connection.isBroken, !connection.isInTransaction {
                state.idle.append(connection)
            }
        }
        passPermit()
    }

    // MARK: Permits

    private static let parts = 10

    private func takePermit() async throws(PostgresError) {
        let isFree = state.withLock { state in
            guard state.inUse < size, !state.isShutDown else { return false }
            state.inUse += 1
            return true
        }
        if isFree { return }
        let id = UUID()
        let timer = Task {
            // In parts, each of which counts but once: a process that was stopped meanwhile has not waited all that time.
            for _ in 0..<PostgresPool.parts { try await Task.sleep(for: patience / PostgresPool.parts) }
            withdraw(id, PostgresError(.timeout, "none of the \(size) connections was free in time"))
        }
        defer { timer.cancel() }
        let permit = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let permit = state.withLock { state -> Permit? in
                    if state.isShutDown { return .failure(PostgresPool.shutDown) }
                    if Task.isCancelled { return .failure(Worker.cancelled) }
                    if state.inUse < size {
                        state.inUse += 1
                        return .success(())
                    }
                    state.waiting.append((id, continuation))
                    return nil
                }
                if let permit { continuation.resume(returning: permit) }
            }
        } onCancel: {
            withdraw(id, Worker.cancelled)
        }
        try permit.get()
    }

    private func withdraw(_ id: UUID, _ error: PostgresError) {
        let waiter = state.withLock { state in
            state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0) }
        }
        waiter?.continuation.resume(returning: .failure(error))
    }

    /// To the one who has waited longest.
    private func passPermit() {
        let next = state.withLock { state in
            if !state.waiting.isEmpty { return Optional(state.waiting.removeFirst()) }
            state.inUse -= 1
            return nil
        }
        if let next { return next.continuation.resume(returning: .success(())) }
        let ended = state.withLock { state in
            guard state.isShutDown, state.inUse == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waitingForEnd = [] }
            return state.waitingForEnd
        }
        for continuation in ended { continuation.resume() }
    }

    // MARK: Notifications

    /// Keeps a task that listens until it ends or the pool does.
    func keep(_ id: UUID, _ task: Task<Void, Never>) {
        let isLate = state.withLock { state in
            if !state.isShutDown { state.listening[id] = task }
            return state.isShutDown
        }
        if isLate { task.cancel() }
    }

    func forget(_ id: UUID) { state.withLock { $0.listening[id] = nil } }
}
