import Foundation

extension Desk {
    /// Brings the figures up to date and adds them to the file, where there is one. What stands in the way of figures is said
    /// and costs the desk nothing else.
    /// - Parameters:
    ///   - started: when the pass began that has ended now; nil: none has.
    ///   - isClean: whether nothing stood in its way.
    func publish(passSince started: ContinuousClock.Instant? = nil, isClean: Bool = true) async {
        guard metrics.isWanted else { return }
        do {
            meter.set(.build, ("version", Release.version), to: 1)
            if let started {
                let present = now().timeIntervalSince1970
                meter.count(.passes, ("result", isClean ? "clean" : "hindered"))
                meter.set(.lastPass, to: present)
                if isClean { meter.set(.lastCleanPass, to: present) }
                meter.set(.passTime, to: (ContinuousClock.now - started).seconds)
            }
            // From the first page on: what begins with 1 shows no increase.
            for metric in [Metric.quarantined, .postponed] { meter.count(metric, by: 0) }
            for reason in ["delivery-late", "delivery-refused", "delivery-uncertain"] {
                meter.count(.unsent, ("reason", reason), by: 0)
            }
            let queues = try await ledger.queues()
            for (name, queue) in [("intake", queues.intake), ("outbox", queues.outbox), ("drafts", queues.drafts)] {
                meter.set(.queue, ("queue", name), to: Double(queue.count))
                meter.set(.oldest, ("queue", name), to: queue.oldest?.timeIntervalSince1970 ?? 0)
            }
            meter.set(.unanswered, to: queues.unanswered?.timeIntervalSince1970 ?? 0)
            meter.set(.paused, to: try await ledger.pause() == nil ? 0 : 1)
            meter.set(.setbacks, to: Double(try await ledger.setbacks().count))
            try await publishLearning()
            for experiment in try await ledger.experiments() {
                meter.set(.experimentHarm, ("experiment", experiment.name), to: experiment.isHarm ? 1 : 0)
            }
            if let head = try await ledger.auditHead() {
                meter.set(.auditHead, ("link", "\(head.number)"), ("hash", head.hash), to: 1)
                meter.set(.auditEntries, to: Double(head.total))
            }
            guard let file = metrics.file else { return }
            let news = meter.takeNews()
            do {
                try await DiskThreads.run { Result { try MetricsFile(path: file).add(news) } }.get()
            } catch {
                meter.giveBack(news)
                throw error
            }
        } catch {
            logger.warning(
                "no metrics", metadata: ["reason": "\((error as? DeskError)?.message ?? "\(type(of: error))")"])
        }
    }
    /// What the desk learns, and how its mail has moved.
    private func publishLearning() async throws {
        meter.set(.model, to: Double(try await ledger.classifierInUse().version))
        meter.set(.lessons, to: Double(try await ledger.waitingLessons()))
        let week = try await ledger.drift().weeks.last
        for name in Drift.figures {
            meter.set(.driftAlarm, ("figure", name), to: week?.alarms.contains(name) == true ? 1 : 0)
        }
        for (shift, suffix) in [(week?.training, ""), (week?.before, "-moved")] {
            guard let shift else { continue }
            meter.set(.drift, ("figure", "intents\(suffix)"), to: shift.intentIndex)
            meter.set(.drift, ("figure", "confidence\(suffix)"), to: shift.confidenceIndex)
        }
    }
}
