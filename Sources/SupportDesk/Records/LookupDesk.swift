import Logging

/// Asks a store, and spares it: answers are kept for a while, the same question is asked once at a time, few at once, and
/// none while the store is failing. Every question ends by its deadline.
///
/// What is kept is kept in memory only. No answer is ever made up from a failure: a failure is thrown.
package actor LookupDesk {
    /// Bounds on what is asked and kept.
    package struct Limits: Sendable {
        /// How long an answer is kept; nil keeps none.
        package var cacheTime: Duration? = .seconds(60)
        /// How long it is kept that there is nothing.
        package var missTime: Duration = .seconds(20)
        /// How many answers are kept.
        package var cacheEntries = 2_000
        /// From a question to its answer, over all attempts.
        package var deadline: Duration = .seconds(10)
        /// Questions at once.
        package var concurrency = 8
        /// Failures within `window` after which nothing is asked for `pause`.
        package var failures = 5
        /// Older failures do not count.
        package var window: Duration = .seconds(30)
        /// After this one question is tried.
        package var pause: Duration = .seconds(30)

        /// The defaults.
        package init() {}
    }

    private let store: any RecordStore
    private let limits: Limits
    private let logger: Logger
    private var breaker: CircuitBreaker
    private var kept: [RecordLookup: (answer: RecordAnswer, until: ContinuousClock.Instant)] = [:]
    private var keptInOrder: [RecordLookup] = []
    private var flights: [RecordLookup: Task<RecordAnswer, any Error>] = [:]
    private var underWay = 0
    private var waiting: [(id: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    private var nextID = 0

    /// Spares `store` within `limits`.
    package init(_ store: any RecordStore, limits: Limits = Limits(), logger: Logger) {
        self.store = store
        self.limits = limits
        self.logger = logger
        breaker = CircuitBreaker(failures: limits.failures, window: limits.window, pause: limits.pause)
    }

    /// Answers one question.
    /// - Throws: `DeskError` that `isRetryable`, whatever was wrong: the message goes to a person, who loses nothing.
    package func find(_ lookup: RecordLookup) async throws -> RecordAnswer {
        if let entry = kept[lookup], entry.until > .now { return entry.answer }
        if let flight = flights[lookup] { return try await flight.value }
        guard breaker.admits(.now) else { throw away("it has failed; the next attempt is due soon") }
        let flight = Task { try await fetch(lookup) }
        flights[lookup] = flight
        return try await flight.value
    }

    private func fetch(_ lookup: RecordLookup) async throws -> RecordAnswer {
        defer { flights[lookup] = nil }
        let deadline = ContinuousClock.now + limits.deadline
        guard await takePermit(until: deadline) else {
            breaker.abandon(.now)
            throw away("\(limits.concurrency) look-ups were under way all the time")
        }
        defer { passPermit() }
        guard .now < deadline else {
            breaker.abandon(.now)
            throw away("no answer in time")
        }
        let result: Result<RecordAnswer, any Error>
        do {
            result = .success(try await Self.ask(store, lookup, until: deadline))
        } catch {
            result = .failure(error)
        }
        switch result {
        case .success(let answer):
            breaker.succeed()
            keep(answer, for: lookup)
            return answer
        case .failure(let error): throw note(error, lookup)
        }
    }

    /// A store is told by its cancellation that its time is over. One that does not heed it, such as files on a file system that
    /// hangs, holds its look-up until it answers.
    private static func ask(
        _ store: any RecordStore, _ lookup: RecordLookup, until deadline: ContinuousClock.Instant
    ) async throws -> RecordAnswer {
        try await withThrowingTaskGroup(of: RecordAnswer.self) { group in
            group.addTask { try await store.find(lookup, until: deadline) }
            group.addTask {
                try await Task.sleep(until: deadline)
                throw DeskError(.unavailable, "\(store.name): no answer in time", isRetryable: true)
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw CancellationError() }
            return answer
        }
    }

    private func note(_ error: any Error, _ lookup: RecordLookup) -> DeskError {
        guard let problem = error as? DeskError, problem.code != .data else {
            // Cancelled, or a value that the store cannot take: it says nothing about the store.
            breaker.abandon(.now)
            let message = (error as? DeskError)?.message ?? "\(store.name): the look-up was given up"
            return DeskError(.unavailable, message, isRetryable: true)
        }
        let isLasting = problem.code == .configuration
        if breaker.fail(.now, isLasting: isLasting) {
            logger.log(
                level: isLasting ? .error : .warning,
                "records: \(problem.message) (look-up \(lookup.parts.kind.rawValue)); nothing is looked up for \(limits.pause)"
            )
            // Who waits would only fail in turn.
            for waiter in waiting { waiter.continuation.resume(returning: false) }
            waiting = []
        }
        return DeskError(.unavailable, problem.message, isRetryable: true)
    }

    private func away(_ reason: String) -> DeskError {
        DeskError(.unavailable, "\(store.name): \(reason)", isRetryable: true)
    }

    private func keep(_ answer: RecordAnswer, for lookup: RecordLookup) {
        guard let cacheTime = limits.cacheTime else { return }
        if kept.updateValue((answer, .now + (answer.isEmpty ? limits.missTime : cacheTime)), forKey: lookup) == nil {
            keptInOrder.append(lookup)
        }
        guard keptInOrder.count > limits.cacheEntries else { return }
        // A tenth at once: the oldest, which are over soonest.
        let dropped = max(1, limits.cacheEntries / 10)
        for lookup in keptInOrder.prefix(dropped) { kept[lookup] = nil }
        keptInOrder.removeFirst(min(dropped, keptInOrder.count))
    }

    private func takePermit(until deadline: ContinuousClock.Instant) async -> Bool {
        if underWay < limits.concurrency {
            underWay += 1
            return true
        }
        nextID += 1
        let id = nextID
        let timer = Task {
            try await Task.sleep(until: deadline)
            withdraw(id)
        }
        defer { timer.cancel() }
        return await withCheckedContinuation { waiting.append((id, $0)) }
    }

    private func withdraw(_ id: Int) {
        guard let place = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting.remove(at: place).continuation.resume(returning: false)
    }

    /// To the one who has waited longest.
    private func passPermit() {
        if waiting.isEmpty {
            underWay -= 1
        } else {
            waiting.removeFirst().continuation.resume(returning: true)
        }
    }
}
