import Foundation
import Logging

extension BatchLane {
    /// Looks after the batches that were begun: hands over what a dead run left, and takes in what has come.
    func collect() async throws {
        for batch in try await ledger.batches(of: model.name, now: now) {
            if batch.isCollected {
                try await discard(batch)
            } else if batch.remote == nil {
                try await handOver(batch, isFirst: false)
            } else {
                try await takeIn(batch)
            }
        }
    }

    /// Hands over what is queued, and has the provider stop what nobody waits for any more.
    func submit() async throws {
        try await ledger.tidyBatches(now: now)
        for batch in try await ledger.idleBatches(of: model.name, by: shift) {
            // Best effort: what was under way is paid for, and ends by itself.
            do { try await batches.cancel(batch.remote ?? "") } catch is ModelError {}
        }
        let budget = model.setting.budget
        let day = budget.day(of: now)
        while let gathered = try await ledger.gatherBatch(
            named: UUID().uuidString.filter { $0 != "-" }.lowercased(), of: model.name, policy, on: day,
            within: budget.limit, by: shift, now: now)
        {
            if gathered.isSpent { await budget.tell(of: model.name, on: day) }
            guard let batch = gathered.batch else { continue }
            await FaultPoint.batching.reach()
            guard try await handOver(batch, isFirst: true) else { return }
        }
    }

    /// Carries a batch to the provider, each step on record before the next one.
    /// - Parameter isFirst: whether nothing of it can be there.
    /// - Returns: whether the provider can be expected to take another one.
    @discardableResult
    private func handOver(_ batch: Batch, isFirst: Bool) async throws -> Bool {
        var batch = batch
        do {
            if !isFirst {
                let known = try await ledger.batchNames(of: model.name)
                let trace = try await batches.trace(batch.name, since: batch.began, count: batch.count, known: known)
                batch.file = trace.file ?? batch.file
                batch.remote = trace.id
                try await ledger.name(batch, isCertain: trace.isCertain, by: shift)
                if batch.remote != nil { return true }
            }
            let entries = try await ledger.entries(of: batch.id)
            if entries.isEmpty {
                try await close(batch, [:], other: .failed("withdrawn"))
                return true
            }
            if batch.file == nil {
                try await assureDuty()
                batch.file = try await batches.upload(entries, as: batch.name)
                await FaultPoint.batching.reach()
                try await ledger.name(batch, by: shift)
                await FaultPoint.batching.reach()
            }
            try await assureDuty()
            batch.remote = try await batches.create(entries, file: batch.file, as: batch.name)
            await FaultPoint.batching.reach()
            try await ledger.name(batch, by: shift)
            await FaultPoint.batching.reach()
            logger.info("batch handed over", metadata: ["model": "\(model.name)", "requests": "\(entries.count)"])
            return true
        } catch let error as ModelError {
            // What was refused is not there. Anything else may be: that is looked for first.
            if error.isRetryable || error.code == .timedOut || error.code == .malformed {
                try await wait(for: batch, error)
            } else {
                try await refused(batch, error.message)
            }
            return false
        }
    }

    /// Takes in what has come of a batch, if it has ended.
    private func takeIn(_ batch: Batch) async throws {
        var batch = batch
        do {
            switch try await batches.standing(of: batch.remote ?? "") {
            case .running: try await wait(for: batch, nil)
            case .failed(let word): try await refused(batch, word)
            case .ended(let places):
                var outcomes: [String: BatchOutcome] = [:]
                for place in places {
                    for result in try await batches.results(at: place) where outcomes[result.name] == nil {
                        outcomes[result.name] = outcome(of: result)
                    }
                }
                batch.outputs = places
                await FaultPoint.batching.reach()
                try await close(batch, outcomes, other: .failed("missing"))
            }
        } catch let error as ModelError {
            // Nobody says what it cost that is not there any more.
            if [.refused, .malformed, .declined].contains(error.code) {
                try await close(batch, [:], other: .lost, because: error.message)
            } else {
                try await wait(for: batch, error)
            }
        }
    }

    private func outcome(of result: BatchResult) -> BatchOutcome {
        guard let body = result.body else { return .failed(result.reason) }
        do {
            let reply = try model.interface.reply(body)
            var word = "answered"
            do {
                _ = try ModelAnswer(reading: try reply.content.get())
            } catch let error as ModelError {
                word = error.code.name
            }
            return BatchOutcome(word: word, tokens: reply.tokens, cost: cost(of: reply.tokens), body: body)
        } catch {
            return .failed(ModelError.Code.malformed.name)
        }
    }

    /// Leaves a batch for later; one that does not end is given up.
    private func wait(for batch: Batch, _ error: ModelError?) async throws {
        if now >= batch.began.addingTimeInterval(Self.longest) {
            return try await close(batch, [:], other: .lost, because: "it did not end in three days")
        }
        guard let error else { return }
        let pause = error.retryAfter.map { Double($0.inSeconds) } ?? Self.pause
        logger.warning(
            "a batch has to wait", metadata: ["model": "\(model.name)", "error": "\(error)"])
        try await ledger.postpone(batch, until: now.addingTimeInterval(min(pause, Self.longestPause)), by: shift)
    }

    /// Providers end a batch within a day; what they have not ended in three is lost.
    private static let longest: TimeInterval = 3 * 86_400
    /// After a failure, where the provider names no time; and the longest that is waited, seconds.
    private static let pause: TimeInterval = 60
    private static let longestPause: TimeInterval = 3_600

    /// A batch that the provider does not want: its mail is answered directly, and so is what comes soon.
    private func refused(_ batch: Batch, _ reason: String) async throws {
        logger.warning(
            "a batch was refused, its mail is answered directly",
            metadata: ["model": "\(model.name)", "reason": "\(reason)"])
        try await ledger.collect(
            batch, [:], other: .failed("refused"), refusal: now.addingTimeInterval(Self.longestPause), by: shift,
            now: now)
        // Best effort: such a file is the provider's to forget after a month.
        do {
            if batch.file != nil { try await batches.discard(batch.remote ?? "", files: batch.files) }
        } catch is ModelError {}
    }

    private func close(
        _ batch: Batch, _ outcomes: [String: BatchOutcome], other: BatchOutcome, because reason: String? = nil
    ) async throws {
        if let reason {
            logger.warning("a batch is lost", metadata: ["model": "\(model.name)", "reason": "\(reason)"])
        }
        let isOurs = try await ledger.collect(batch, outcomes, other: other, by: shift, now: now)
        for outcome in outcomes.values {
            model.setting.meter.note(
                model: model.name, outcome: outcome.word, outcome.tokens, cost: outcome.cost ?? 0, milliseconds: nil)
        }
        await FaultPoint.batching.reach()
        if isOurs { try await discard(batch) }
        await FaultPoint.batching.reach()
    }

    /// Has the provider forget a batch whose answers are on record: it is tried until it works, or there is nothing.
    private func discard(_ batch: Batch) async throws {
        do {
            if batch.remote != nil || batch.file != nil {
                try await batches.discard(batch.remote ?? "", files: batch.files)
            }
        } catch let error as ModelError {
            if error.isRetryable || error.code == .timedOut {
                return try await ledger.postpone(batch, until: now.addingTimeInterval(Self.pause), by: shift)
            }
        }
        try await ledger.forget(batch, by: shift, now: now)
    }
}
