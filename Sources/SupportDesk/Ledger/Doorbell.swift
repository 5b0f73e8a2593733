import Postgres

/// Those of a process who wait for a PostgreSQL to tell them something, and the one connection on which it tells.
actor Doorbell {
    private let pool: PostgresPool
    private let schema: String
    private var listeners: [WakeUp: Task<Void, Never>] = [:]
    private var waiting: [Int: (signal: WakeUp, continuation: CheckedContinuation<Void, Never>)] = [:]
    private var last = 0

    /// What is told is a hint: what comes between a look and the wait for more is missed, and found by looking again after this.
    private static let longestWait = Duration.seconds(5)

    init(pool: PostgresPool, schema: String) { (self.pool, self.schema) = (pool, schema) }

    /// Ends with the pool.
    func wait(for signal: WakeUp, upTo limit: Duration) async {
        if listeners[signal] == nil { listeners[signal] = Task { await listen(for: signal) } }
        last += 1
        let number = last
        let timer = Task {
            try? await Task.sleep(for: min(limit, Self.longestWait))
            wake(number)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiting[number] = (signal, $0) }
        } onCancel: {
            timer.cancel()
        }
        timer.cancel()
    }

    private func wake(_ number: Int) { waiting.removeValue(forKey: number)?.continuation.resume() }

    private func listen(for signal: WakeUp) async {
        do {
            for try await notification in pool.notifications(on: signal.rawValue)
            where notification.payload == nil || notification.payload == schema {
                for (number, waiter) in waiting where waiter.signal == signal { wake(number) }
            }
        } catch {
            // What is in the way of listening is in the way of looking as well, and is said there.
        }
        listeners[signal] = nil
    }
}
