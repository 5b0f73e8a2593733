import Foundation
import ServiceLifecycle

extension Desk {
    /// Is told a line, and whether it is of what stands in the way.
    public typealias Saying = @Sendable (_ line: String, _ isTrouble: Bool) -> Void

    /// Works until the surrounding `ServiceGroup` stops: a pass over a channel whenever its source has news or something of it
    /// is due again, each channel on its own, and the outbox beside them.
    ///
    /// Told to stop, it ends what is in hand and begins nothing more; cancelled, it also gives up what is not decided yet.
    /// Either way nothing is lost: what is not done waits in the ledger.
    /// - Parameters:
    ///   - say: told in one line what stands in the way, once until it changes, and when it is over; whether it stands there.
    ///   - observe: told of every message as soon as its outcome stands.
    /// - Throws: `DeskError` when the configuration or the ledger does not allow to go on.
    public func watch(
        say: @escaping Saying, _ observe: @escaping @Sendable (HandledMessage) async -> Void
    ) async throws {
        let shift = Shift(isLasting: true, observe)
        try await lease.whileKept {
            // Seen to be at work also while there is nothing to do.
            _ = try await lease.number()
            try await watch(shift, say)
        }
    }

    private func watch(_ shift: Shift, _ say: @escaping Saying) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for setting in channels {
                group.addTask {
                    try await watch(setting, shift, say)
                    await setting.channel.close()
                }
            }
            group.addTask { try await tellOfPauses(say) }
            if let place = metrics.listen { group.addTask { await serveMetrics(at: place, say) } }
            if role.works {
                group.addTask { try await serveOutbox(shift, say) }
                if batches != nil { group.addTask { try await serveBatches() } }
                group.addTask { try await serveHouse() }
            }
            // Not `waitForAll`, which lets the others go on after one has failed: they never end by themselves.
            for try await _ in group {}
        }
        await delivery.close()
        try await sealAudit()
    }

    /// How long a channel that has nothing to do waits for its source to tell: some servers forget to.
    private static let longestWait = Duration.seconds(25 * 60)
    /// How soon a desk notices that it may go on after a pause.
    private static let pauseInterval = Duration.seconds(2)
    /// How soon a poller looks again whether there is something to be marked, while others are at work.
    private static let markInterval = Duration.seconds(5)
    /// How soon a port is tried again that another process has.
    private static let portInterval = Duration.seconds(5)
    /// How soon what waits for the outbox is looked at again.
    private static let outboxInterval = Duration.seconds(10)
    /// How often the drafts are looked at, in such intervals.
    private static let draftIntervals = 6

    private func watch(_ setting: ChannelSetting, _ shift: Shift, _ say: Saying) async throws {
        let channel = setting.channel
        var backoff = Backoff()
        var trouble: String?
        while !isStopping {
            if try await ledger.pause() != nil {
                await pause(Self.pauseInterval)
                continue
            }
            let started = ContinuousClock.now
            let line = try await pass(over: setting, shift)
            // Who works does so with the outbox.
            if !role.works { await publish(passSince: started, isClean: line == nil) }
            if let line {
                if line != trouble, !isStopping { say(line, true) }
                trouble = line
                await channel.close()
                await pause(backoff.next())
                continue
            }
            if trouble != nil { say("channel \(channel.name): all is well again", false) }
            trouble = nil
            do {
                let limit = try await waitLimit(channel)
                let polls = try await isPolling(channel)
                // Whoever does not listen there is hung up on.
                if !polls { await channel.close() }
                try await cancelWhenGracefulShutdown {
                    if polls { return try await channel.waitForNews(upTo: limit) }
                    // Also for the duty to become free.
                    try await ledger.database.wait(for: .work, upTo: min(limit, limits.lease / 2))
                }
                backoff = Backoff()
            } catch {
                if isStopping { return }
                guard Self.line(error, of: channel) != nil else { throw error }
                // Servers hang up on those who wait. If there is more to it, the next pass finds out and says so.
                await channel.close()
                await pause(backoff.next())
            }
        }
    }

    private func isPolling(_ channel: any Channel) async throws -> Bool {
        guard role.polls, let number = await lease.current else { return false }
        return try await ledger.isHeld(.polling(channel.name), by: number)
    }

    private func waitLimit(_ channel: any Channel) async throws -> Duration {
        let present = now()
        let next = try await ledger.nextDue(in: channel.name, others: present.addingTimeInterval(60))
        guard let next else { return Self.longestWait }
        // What others handle is to be marked when they have.
        if !role.works { return Self.markInterval }
        // A batch may bring an answer before its mail is due.
        let longest = batches == nil ? Self.longestWait : Self.batchInterval
        return min(max(.seconds(next.timeIntervalSince(present)), .seconds(1)), longest)
    }

    /// Says when a person pauses the desk, and when it goes on.
    private func tellOfPauses(_ say: Saying) async throws {
        var held: Pause?
        while !isStopping {
            let present = try await ledger.pause()
            if present != held {
                say(present.map { "paused \($0.words)" } ?? "goes on after the pause", present != nil)
            }
            held = present
            await pause(Self.pauseInterval)
        }
    }

    /// Tells the figures at a port. One that cannot be had, as another process of this desk has it, costs nothing else: it is
    /// taken as soon as it is free.
    private func serveMetrics(at place: MetricsPort.Place, _ say: Saying) async {
        var port: MetricsPort?
        var isSaid = false
        while !isStopping {
            if port == nil {
                do {
                    port = try MetricsPort(place) { [meter] in meter.page.text }
                } catch {
                    if !isSaid { say("\(error)", true) }
                    isSaid = true
                }
            }
            await pause(Self.portInterval)
        }
        withExtendedLifetime(port) {}
    }

    /// Delivers what had to wait, and lets go of connections that nobody uses.
    private func serveOutbox(_ shift: Shift, _ say: Saying) async throws {
        var backoff = Backoff(first: Self.outboxInterval)
        var said: Set<String> = []
        var round = 0
        while !isStopping {
            if try await ledger.pause() != nil {
                await publish()
                await pause(Self.pauseInterval)
                continue
            }
            let started = ContinuousClock.now
            let isDraftRound = round % Self.draftIntervals == 0
            for line in try await tendDrafts(isWhole: isDraftRound) { await shift.report.unavailable(line) }
            if isDraftRound {
                for line in try await tendShadows() { await shift.report.unavailable(line) }
                try await tendTicketAnswers()
                try await tendExperiments()
            }
            round += 1
            try await deliverOutbox(shift)
            let problems = await shift.report.takeProblems()
            for line in problems.subtracting(said).sorted() { say(line, true) }
            if problems.isEmpty, !said.isEmpty { say("deliveries: all is well again", false) }
            said = problems
            await publish(passSince: started, isClean: problems.isEmpty)
            if problems.isEmpty { backoff = Backoff(first: Self.outboxInterval) }
            await pause(problems.isEmpty ? Self.outboxInterval : backoff.next())
            // What could not be reached is tried again after this.
            await shift.outbox.whenIdle { await delivery.close() }
        }
    }

    /// How often batches are handed over and asked for: what comes in meanwhile goes together.
    private static let batchInterval = Duration.seconds(300)

    private func serveBatches() async throws {
        while !isStopping {
            try await tendBatches { batches in
                try await batches.collect()
                try await batches.submit()
            }
            await pause(Self.batchInterval)
        }
    }

    private func pause(_ duration: Duration) async {
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: duration) }
    }
}

/// Waiting times that double, with jitter, so that many desks do not come back to a server at the same instant.
struct Backoff {
    private var nextDuration: Duration
    private let longest = Duration.seconds(300)

    init(first: Duration = .seconds(1)) { nextDuration = first }

    /// Half to once the present length, which doubles.
    mutating func next() -> Duration {
        defer { nextDuration = min(nextDuration * 2, longest) }
        return nextDuration * Double.random(in: 0.5...1)
    }
}
