import Foundation
import Mail
import ServiceLifecycle
import Transport

/// What the passes of one run share.
struct Shift: Sendable {
    let lanes = ConversationLanes()
    let outbox = OutboxHands()
    let report = RunReportBuilder()
    /// Whether it goes on until it is told to stop: then a duty is kept also while there is nothing to do.
    let isLasting: Bool
    /// Told of every message as soon as its outcome stands.
    let observe: @Sendable (HandledMessage) async -> Void
    let quota: Quota

    /// - Parameters:
    ///   - isLasting: whether it goes on until it is told to stop.
    ///   - limit: messages at most.
    init(isLasting: Bool = false, upTo limit: Int = .max, _ observe: @escaping @Sendable (HandledMessage) async -> Void)
    {
        self.isLasting = isLasting
        self.observe = observe
        quota = Quota(left: limit)
    }
}

extension Desk {
    /// Whether no further message is to be begun.
    var isStopping: Bool { Task.isShuttingDownGracefully || Task.isCancelled }

    /// Whether nothing may be begun now: a person has paused the desk, or too many effects wait for their delivery.
    private func mayBegin(_ shift: Shift) async throws -> Bool {
        if isStopping { return false }
        if try await ledger.pause() != nil { return false }
        guard try await ledger.outboxHolds(limits.outbox) else { return true }
        await shift.report.unavailable(
            "\(limits.outbox) effects wait for their delivery; nothing new is begun until some of them have left")
        return false
    }

    /// One look at a channel, and everything new or due in it.
    ///
    /// - Returns: what stood in the way, in one line; nil when it is done.
    /// - Throws: what concerns the whole desk, and not this channel only.
    func pass(over setting: ChannelSetting, _ shift: Shift) async throws -> String? {
        let channel = setting.channel
        // A model that was taken into use since the last pass counts from here on.
        await learned.look()
        var markLine: String?
        var polls = false
        func mark() async throws {
            guard polls, markLine == nil else { return }
            // A folder that refuses flags is no reason to leave its mail unanswered.
            markLine = try await noting(channel) { try await self.mark(channel) }
        }
        // One of many leaves the others what it cannot begin at once.
        let share = role == .all ? limits.pageMessages : limits.places
        // Messages go on being handled while the next ones are fetched, and flags set.
        let line = try await withThrowingTaskGroup(of: Int.self) { group in
            var hands = Hands(limit: limits.places, byteLimit: limits.batchBytes)
            let line = try await noting(channel) {
                guard try await mayBegin(shift) else { return }
                polls = try await discover(setting, shift)
                var last: Int64 = 0
                while role.works, try await mayBegin(shift),
                    case let page = try await claim(share, in: channel, after: last, shift),
                    let newest = page.last
                {
                    last = newest.id
                    try await handle(page, of: channel, shift, &group, &hands)
                    try await mark()
                }
            }
            let rest = try await noting(channel) { try await group.waitForAll() }
            return line ?? rest
        }
        if line == nil { try await mark() }
        meter.set(.remote, ("remote", "channel \(channel.name)"), to: line == nil ? 1 : 0)
        return line ?? markLine
    }

    /// Runs a body; what stands in its way is returned in one line when it concerns this channel only.
    private func noting(_ channel: any Channel, _ body: () async throws -> Void) async throws -> String? {
        do {
            try await body()
            return nil
        } catch is LeaseLost {
            // What was to be handled is in somebody else's hand.
            return nil
        } catch {
            guard let line = Self.line(error, of: channel) else { throw error }
            // A source that was broken off has nothing wrong with it.
            return Task.isCancelled ? nil : line
        }
    }

    /// What is to be said of an error that concerns one channel only; nil when it concerns the whole desk.
    static func line(_ error: any Error, of channel: any Channel) -> String? {
        switch error {
        case let error as DeskError: error.code == .unavailable ? "\(error)" : nil
        case is TransportError, is TicketError, is OutOfTime: "channel \(channel.name): \(error)"
        default: nil
        }
    }

    /// Takes messages in hand, as many as may still be begun.
    private func claim(
        _ count: Int, in channel: any Channel, after last: Int64, _ shift: Shift
    ) async throws -> [WorkItem] {
        let granted = await shift.quota.take(count)
        do {
            let page =
                granted == 0
                ? [] : try await ledger.claim(in: channel.name, after: last, now: now(), limit: granted, by: lease)
            await shift.quota.settle(granted, used: page.count)
            return page
        } catch {
            await shift.quota.settle(granted, used: 0)
            throw error
        }
    }

    /// - Returns: whether this process is the one that polls the channel.
    private func discover(_ setting: ChannelSetting, _ shift: Shift) async throws -> Bool {
        let channel = setting.channel
        let duty = Duty.polling(channel.name)
        guard role.polls, try await ledger.mayTake(duty, lease.current) else { return false }
        if shift.isLasting, try await !ledger.take(duty, by: lease.number()) { return false }
        var hasMore = true
        while hasMore, !isStopping {
            let state = try await ledger.adopt(channel: channel.name, from: setting.adoptFrom ?? now())
            let discovery = try await inTime(channel) {
                try await channel.discover(after: state.cursor, adoptedAt: state.adoptedAt, ledger: ledger)
            }
            guard try await ledger.record(discovery, of: channel.name, by: lease, now: now()) else { return false }
            hasMore = discovery.hasMore
        }
        return true
    }

    /// Says at the source what became of its messages.
    private func mark(_ channel: any Channel) async throws {
        while case let items = try await ledger.unmarked(in: channel.name), !items.isEmpty {
            try await inTime(channel) { try await channel.mark(items) }
            try await ledger.marked(items.map(\.id))
        }
    }

    /// Handles one page of messages, as much at a time as memory allows. The source is not kept waiting meanwhile: a server
    /// that has something to say hangs up when nobody listens for minutes.
    private func handle(
        _ page: [WorkItem], of channel: any Channel, _ shift: Shift,
        _ group: inout ThrowingTaskGroup<Int, any Error>, _ hands: inout Hands
    ) async throws {
        var open = Dictionary(page.map { ($0.source, $0) }, uniquingKeysWith: { first, _ in first })
        while !open.isEmpty, !isStopping {
            let haul = Haul(bytes: limits.batchBytes)
            var sources: [String] = []
            for item in page where open[item.source] != nil {
                if item.isBeyondFetching(limits) {
                    try await haul.add(
                        .unreadable(
                            source: item.source, reason: "the connection broke each time it was fetched",
                            mayBeMended: false))
                } else {
                    sources.append(item.source)
                }
            }
            var problem: (any Error)?
            var begun: Set<Int64> = []
            do {
                try await inTime(channel) { [limits, sources] in
                    try await channel.fetch(sources, maximumBytes: limits.messageBytes) { try await haul.add($0) }
                }
            } catch is Haul.Full {
            } catch {
                problem = error
            }
            let fetched = await haul.all.compactMap { fetched in
                open.removeValue(forKey: fetched.source).map { ($0, fetched) }
            }.sorted { $0.0.id < $1.0.id }
            let safe = await trusted(fetched, of: channel.name)
            for batch in fetched.batches(of: limits.batchMessages) where !isStopping {
                guard try await mayBegin(shift) else {
                    return try await ledger.release(
                        Array(open.values) + fetched.map(\.0).filter { !begun.contains($0.id) })
                }
                begun.formUnion(batch.map(\.0.id))
                // Over which runs died again and again is looked at alone, so that no other message is taken for it.
                let isAlone = batch.first?.0.isSuspect == true
                if isAlone { try await hands.empty(in: &group) }
                // On record before a byte of them is parsed.
                try await ledger.begin(batch.map(\.0))
                await FaultPoint.begun.reach()
                try await handle(batch, of: channel.name, trusting: safe, shift, &group, &hands)
                if isAlone { try await hands.empty(in: &group) }
            }
            if let problem {
                try await blame(sources.lazy.compactMap { open[$0] }.first, for: problem)
                try await ledger.release(Array(open.values))
                throw problem
            }
            // A channel that tells nothing of what it was asked for tells nothing the next time either.
            if fetched.isEmpty { return try await ledger.release(Array(open.values)) }
        }
    }

    /// A message at which the connection breaks again and again must not keep those behind it waiting for ever.
    private func blame(_ item: WorkItem?, for problem: any Error) async throws {
        guard let item else { return }
        if let problem = problem as? TransportError {
            guard problem.step == "UID FETCH", problem.code != .refused, problem.code != .cancelled else { return }
        } else if !(problem is OutOfTime) {
            return
        }
        let wait = RetryWait.seconds(after: item.attempts)
        try await ledger.stumbled(on: item, until: now().addingTimeInterval(wait))
    }

    /// Gives what waits for a channel's source its time, and no more: a server that has stopped talking, or talks without end,
    /// costs its own channel a pass. A maildir on a file system that hangs does not heed it.
    private func inTime<Value: Sendable>(
        _ channel: any Channel, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let limit = limits.channelTime
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            if let value = try await group.next().flatMap(\.self) { return value }
            group.cancelAll()
            // The channel's own word about it would only say that it was cancelled.
            _ = try? await group.next()
            throw OutOfTime(limit: limit)
        }
    }
}

extension WorkItem {
    /// Whether every attempt was lost to a connection that broke while the message came: a message that was looked at is
    /// settled with its last attempt, or was interrupted.
    fileprivate func isBeyondFetching(_ limits: DeskLimits) -> Bool { !wasInterrupted && attempts >= limits.attempts }

    /// Whether more than one run died over it.
    fileprivate var isSuspect: Bool { wasInterrupted && attempts > 1 }
}

extension [(WorkItem, Fetched)] {
    /// In parts of at most so many; a suspect is one by itself.
    fileprivate func batches(of size: Int) -> [[(WorkItem, Fetched)]] {
        var batches: [[(WorkItem, Fetched)]] = []
        for element in self {
            if let last = batches.last, last.count < size, !element.0.isSuspect, last.first?.0.isSuspect == false {
                batches[batches.count - 1].append(element)
            } else {
                batches.append([element])
            }
        }
        return batches
    }
}

/// How many messages of a channel are being handled, and how many may be; each task of the group returns the bytes that it held.
struct Hands {
    let limit: Int
    /// One message may be larger; then it is alone.
    let byteLimit: Int
    private var full = 0
    private var bytes = 0

    init(limit: Int, byteLimit: Int) { (self.limit, self.byteLimit) = (limit, byteLimit) }

    /// Waits until one more may be, and counts it.
    mutating func take(_ size: Int, in group: inout ThrowingTaskGroup<Int, any Error>) async throws {
        while full > 0, full >= limit || bytes + size > byteLimit {
            bytes -= try await group.next() ?? 0
            full -= 1
        }
        full += 1
        bytes += size
    }

    /// Waits until none is.
    mutating func empty(in group: inout ThrowingTaskGroup<Int, any Error>) async throws {
        while full > 0 {
            bytes -= try await group.next() ?? 0
            full -= 1
        }
    }
}

/// A channel's source took longer than it is given.
private struct OutOfTime: Error, CustomStringConvertible {
    let limit: Duration

    var description: String { "not done within \(limit.components.seconds) s" }
}

/// What one fetch brings, until it is enough for the memory.
private actor Haul {
    /// Ends the fetch; the rest comes with the next one.
    struct Full: Error {}

    private let bytes: Int
    private(set) var all: [Fetched] = []
    private var size = 0

    init(bytes: Int) { self.bytes = bytes }

    func add(_ fetched: Fetched) throws {
        all.append(fetched)
        size += fetched.content?.bytes.count ?? 0
        if size >= bytes { throw Full() }
    }
}

/// How many outbox rows are being delivered by this process.
actor OutboxHands {
    private var held: Set<Int64> = []
    private var pause: Task<Void, Never>?

    /// Counts a row.
    func take(_ id: Int64) async {
        // Whoever wakes first clears it: to wait for a task that has ended gives nobody else a turn on this actor.
        while let current = pause {
            await current.value
            if pause == current { pause = nil }
        }
        held.insert(id)
    }

    /// Lets go of a row.
    func drop(_ id: Int64) { held.remove(id) }

    /// Runs a body while no row is in hand, and lets nobody take one meanwhile; not at all when one is.
    func whenIdle(_ body: @escaping @Sendable () async -> Void) async {
        guard held.isEmpty, pause == nil else { return }
        let task = Task { await body() }
        pause = task
        await task.value
        if pause == task { pause = nil }
    }
}
