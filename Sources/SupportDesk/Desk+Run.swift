import Foundation
import Logging
import Mail
import Transport

extension Desk {
    /// One pass over all channels: takes up what a dead run left, then everything new.
    ///
    /// - Parameters:
    ///   - limit: messages at most.
    ///   - observe: told of every message as soon as its outcome stands.
    /// - Returns: what stood in the way; empty when everything is done.
    /// - Throws: `DeskError` when the configuration or the ledger does not allow to go on; nothing is lost or marked then.
    public func run(
        upTo limit: Int = .max, _ observe: @escaping @Sendable (HandledMessage) async -> Void = { _ in }
    ) async throws -> RunReport {
        let shift = Shift(upTo: limit, observe)
        if let pause = try await ledger.pause() {
            await shift.report.isPaused(pause)
            await publish()
            return await shift.report.finished()
        }
        return try await lease.whileKept { try await pass(shift) }
    }

    private func pass(_ shift: Shift) async throws -> RunReport {
        let started = ContinuousClock.now
        if role.works {
            for line in try await tendDrafts(isWhole: true) { await shift.report.unavailable(line) }
            for line in try await tendShadows() { await shift.report.unavailable(line) }
            try await tendTicketAnswers()
            try await tendExperiments()
            try await noteEditions(isIdle: true)
            try await deliverOutbox(shift)
            try await tendBatches { try await $0.collect() }
        }
        do {
            try await passAll(shift)
        } catch is CancellationError {
            // Broken off: what was in hand is put back, the rest of the run tells of it.
            guard Task.isCancelled else { throw CancellationError() }
        }
        if role.works {
            try await tendBatches { try await $0.submit() }
            if !isStopping {
                for line in try await tendDrafts(isWhole: false) { await shift.report.unavailable(line) }
                try await keepHouse()
            }
            if await shift.report.hasWorked { try await noteEditions(isIdle: false) }
        }
        // Also when the run was broken off: what it did is told.
        let isStopped = isStopping
        return try await shielded {
            await delivery.close()
            if role.works { await shift.report.sealed(try await sealAudit()) }
            let isOpen = role.works ? try await ledger.hasOpenWork() : false
            if isOpen || isStopped { await shift.report.workRemains() }
            let report = await shift.report.finished()
            await publish(passSince: started, isClean: report.unavailable.isEmpty)
            return report
        }
    }

    private func passAll(_ shift: Shift) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for setting in channels {
                group.addTask {
                    if let line = try await pass(over: setting, shift) { await shift.report.unavailable(line) }
                    await setting.channel.close()
                }
            }
            try await group.waitForAll()
        }
    }

    /// The messages over which a run died and that may be looked at again: not those that die on trial, nor those over which runs
    /// died too often.
    func trusted(_ fetched: [(WorkItem, Fetched)], of channel: String) async -> Set<Int64> {
        let suspects = fetched.filter {
            $0.0.wasInterrupted && $0.0.attempts < 2 * limits.attempts && $0.1.content != nil
        }
        return await rehearsal.survivors(of: suspects.map { RawMessage($0.0, $0.1, channel: channel) })
    }

    /// Handles messages whose attempt is on record, several side by side; some may still be in hand when this returns.
    func handle(
        _ batch: [(WorkItem, Fetched)], of channel: String, trusting safe: Set<Int64>, _ shift: Shift,
        _ group: inout ThrowingTaskGroup<Int, any Error>, _ hands: inout Hands
    ) async throws {
        var queue = UrgencyQueue()
        for (item, fetched) in batch {
            let raw = RawMessage(item, fetched, channel: channel)
            if case .unreadable(_, let reason, true) = fetched, item.attempts + 1 < limits.attempts {
                try await postpone(item, reason: reason, shift)
                continue
            }
            let early = earlyDisposition(
                fetched, isSafe: !item.wasInterrupted || safe.contains(item.id), wasDecided: item.wasDecided)
            queue.append(item, raw, early.map { Step<ParsedMessage>.settle($0) } ?? parsing.parse(raw))
        }
        for (item, raw, parsed) in queue.ordered(besides: limits.places) {
            try await hands.take(raw.bytes.count, in: &group)
            if isStopping {
                try await keepingHold(of: item) { try await shielded { try await ledger.giveBack(item) } }
                continue
            }
            let place = await shift.lanes.reserve(parsed.laneKeys)
            group.addTask {
                await shift.lanes.enter(place)
                do {
                    try await PeopleInHand.$current.withValue(PeopleInHand()) {
                        try await keepingHold(of: item) { try await handle(item, raw, parsed, shift) }
                    }
                    await shift.lanes.leave(place)
                    return raw.bytes.count
                } catch {
                    await shift.lanes.leave(place)
                    throw error
                }
            }
        }
    }

    /// What is decided before the bytes are looked at.
    private func earlyDisposition(_ fetched: Fetched, isSafe: Bool, wasDecided: Bool) -> Disposition? {
        switch fetched {
        case .vanished where wasDecided:
            return .escalate(
                Rule(
                    "key-lost",
                    "It was decided and not carried out when the desk's key was lost, and is no longer at its source."))
        case .vanished: return .ignore(Rule("vanished", "It was taken from its source before it could be read."))
        case .unreadable(_, let reason, _): return .quarantine(Rule("unreadable", "It could not be read: \(reason)."))
        case .message, .entry:
            if !isSafe {
                return .quarantine(.crash)
            }
            return nil
        }
    }

    /// One message: decide, commit, deliver.
    private func handle(
        _ item: WorkItem, _ raw: RawMessage, _ parsed: Step<ParsedMessage>, _ shift: Shift, again: Int = 0
    ) async throws {
        var disposition: Disposition
        var dossier: Dossier
        do {
            (disposition, dossier) = try await dispose(of: raw, as: parsed)
            // What was decided while the desk was being stopped may be the lesser choice: it is decided anew.
            try Task.checkCancellation()
        } catch  where Task.isCancelled {
            return try await shielded { try await ledger.giveBack(item) }
        } catch let waiting as AwaitingBatch {
            try await shielded { try await ledger.park(item, until: waiting.due) }
            return await shift.report.waitsForBatch()
        } catch  where !Self.endsRun(error) {
            guard item.attempts + 1 >= limits.attempts else {
                return try await postpone(item, reason: Self.reason(error), shift)
            }
            dossier = Dossier(raw)
            if case .proceed(let message) = parsed {
                message.note(in: &dossier)
                dossier.fingerprint = ledger.fingerprint(message)
            }
            disposition = .quarantine(
                Rule("repeated-failure", "It could not be handled in \(limits.attempts) attempts."))
        }
        let moved = try await shielded { [disposition, dossier] in
            var disposition = disposition
            let outbox: [Int64]
            do {
                outbox = try await commit(&disposition, dossier, by: item.shift)
            } catch is VaultMoved {
                return true
            }
            await FaultPoint.decided.reach()
            for row in outbox { try await deliver(row, by: item.shift, shift) }
            await FaultPoint.finished.reach()
            let handled = HandledMessage(item.id, disposition, dossier, try await ledger.result(of: item.id))
            meter.note(handled, dossier, now: now())
            await shift.report.handled(handled)
            await shift.observe(handled)
            return false
        }
        guard moved else { return }
        // Each time another message came first, so this ends; the bound is for what nobody thought of.
        if again >= Self.maximumRepetitions {
            return try await postpone(item, reason: "others of its conversation came first", shift)
        }
        try await handle(item, raw, parsed, shift, again: again + 1)
    }

    /// How often a message is decided anew at once, because another one of its conversation was settled meanwhile.
    private static let maximumRepetitions = 5

    /// Puts a message back for a later run, each time for twice as long.
    private func postpone(_ item: WorkItem, reason: String, _ shift: Shift) async throws {
        meter.count(.postponed)
        logger.warning("message postponed", metadata: ["message": "\(item.id)", "reason": "\(reason)"])
        let wait = RetryWait.seconds(after: item.attempts)
        try await keepingHold(of: item) { try await ledger.postpone(item, until: now().addingTimeInterval(wait)) }
        await shift.report.workRemains()
    }

    /// Runs a body that ends without an error when somebody else has the message by now, who does the same.
    private func keepingHold(of item: WorkItem, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch is LeaseLost {
            logger.notice("somebody else handles it", metadata: ["message": "\(item.id)"])
        }
    }

    /// Runs a body to its end, also when the desk is stopped meanwhile: between a decision and its delivery nothing is
    /// gained by breaking off.
    func shielded<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await Task { try await body() }.value
    }

    /// Whether going on makes no sense after an error; any other one concerns one message only.
    static func endsRun(_ error: any Error) -> Bool {
        guard let error = error as? DeskError else { return error is CancellationError }
        return error.code == .configuration || error.code == .ledger
    }

    /// Other errors than ours may quote what they are about.
    static func reason(_ error: any Error) -> String {
        (error as? DeskError)?.message ?? "\(type(of: error))"
    }
}

extension RawMessage {
    fileprivate init(_ item: WorkItem, _ fetched: Fetched, channel: String) {
        if let (bytes, fullSize, origin) = fetched.content {
            self.init(
                id: item.id, channel: channel, source: item.source, arrival: item.arrival, bytes: bytes,
                fullSize: fullSize, origin: origin)
        } else {
            self.init(id: item.id, channel: channel, source: item.source, arrival: item.arrival, bytes: [])
        }
    }
}
