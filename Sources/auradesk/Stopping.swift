import Foundation
import ServiceLifecycle
import SupportDesk

/// How a run ends that is told to stop, by a signal or because its time is over: it begins nothing more and ends what is in
/// hand; what is not decided after `grace` is put back; and after `deadline` the process ends, whatever it waits for. What was
/// being sent then is looked for by the next run, as after any death.
struct Stopping {
    /// From the word to stop until undecided mail is put back.
    var grace = Duration.seconds(10)
    /// From the word to stop until the process ends.
    var deadline = Duration.seconds(30)
    /// When to stop without being told; nil: never.
    var budget: Duration?
    let log: Log

    /// Runs a body to its end, or to one of these.
    /// - Returns: whether it came to its end.
    @discardableResult
    func run(_ desk: Desk? = nil, _ body: @escaping @Sendable () async throws -> Void) async throws -> Bool {
        let service = ClosureService {
            try await withGracefulShutdownHandler {
                try await body()
            } onGracefulShutdown: {
                Supervisor()?.stopping()
                endAtDeadline()
            }
        }
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: DeskOptions.logger(verbose: false, log))
        configuration.maximumGracefulShutdownDuration = min(grace, deadline)
        let group = ServiceGroup(configuration: configuration)
        let clock = budget.map { budget in
            Task {
                try await Task.sleep(for: budget)
                await group.triggerGracefulShutdown()
            }
        }
        let memory = LeanMemory()
        defer {
            clock?.cancel()
            memory.end()
        }
        do {
            try await group.run()
        } catch {
            await desk?.close()
            // The time was over: what was in hand is put back.
            if error is CancellationError { return false }
            throw error
        }
        await desk?.close()
        return true
    }

    /// A thread, because what hangs may be the tasks' own.
    private func endAtDeadline() {
        let (seconds, log) = (Double(deadline.components.seconds), log)
        Thread.detachNewThread {
            Thread.sleep(forTimeInterval: seconds)
            log.say(.error, "not done within its deadline: the process ends, and the next run goes on from here")
            _exit(75)
        }
    }
}
