import Foundation

extension Desk {
    /// Decides what a run would decide, and does none of it: nothing is sent, filed, marked or put on record but what models
    /// were paid.
    ///
    /// As nothing is on record, the mails of one preview do not know of each other: two copies of a mail both show the answer
    /// that only the first of them would get.
    /// - Parameters:
    ///   - limit: messages at most.
    ///   - observe: told of every message; those that no run has seen yet have the number 0.
    /// - Throws: `DeskError` when the configuration or the ledger does not allow it.
    public func preview(
        upTo limit: Int = .max, _ observe: @escaping @Sendable (HandledMessage) async -> Void
    ) async throws -> RunReport {
        let report = RunReportBuilder()
        let quota = Quota(left: limit)
        for setting in channels where !isStopping {
            do {
                try await preview(setting, quota, report, observe)
            } catch {
                guard let line = Self.line(error, of: setting.channel) else { throw error }
                await report.unavailable(line)
            }
            await setting.channel.close()
        }
        if isStopping { await report.workRemains() }
        return await report.finished()
    }

    private func preview(
        _ setting: ChannelSetting, _ quota: Quota, _ report: RunReportBuilder,
        _ observe: @escaping @Sendable (HandledMessage) async -> Void
    ) async throws {
        let channel = setting.channel
        var waiting = try await ledger.due(in: channel.name, now: now(), limit: limits.pageMessages)
        let known = try await ledger.state(of: channel.name)
        let discovery = try await channel.discover(
            after: known?.cursor, adoptedAt: known?.adoptedAt ?? setting.adoptFrom ?? now(), ledger: ledger)
        let seen = try await ledger.known(discovery.items.map(\.source), in: channel.name)
        waiting += discovery.items.filter { !seen.contains($0.source) }.map { (0, $0) }
        let granted = await quota.take(waiting.count)
        await quota.settle(granted, used: granted)
        waiting = Array(waiting.prefix(granted))
        for start in stride(from: 0, to: waiting.count, by: limits.concurrency) where !isStopping {
            let items = waiting[start..<min(start + limits.concurrency, waiting.count)]
            let fetched = try await fetch(items, from: channel)
            try await withThrowingTaskGroup(of: HandledMessage?.self) { group in
                for raw in fetched { group.addTask { try await preview(raw) } }
                for try await handled in group {
                    guard let handled else {
                        await report.waitsForBatch()
                        continue
                    }
                    await report.handled(handled)
                    await observe(handled)
                }
            }
        }
    }

    private func fetch(_ items: ArraySlice<(id: Int64, item: SourceItem)>, from channel: any Channel) async throws
        -> [RawMessage]
    {
        let sources = Dictionary(items.map { ($0.item.source, $0) }, uniquingKeysWith: { first, _ in first })
        let found = Found()
        try await channel.fetch(items.map(\.item.source), maximumBytes: limits.messageBytes) { fetched in
            guard let (id, item) = sources[fetched.source], let (bytes, fullSize, origin) = fetched.content else {
                return
            }
            await found.add(
                RawMessage(
                    id: id, channel: channel.name, source: item.source, arrival: item.arrival, bytes: bytes,
                    fullSize: fullSize, origin: origin))
        }
        return await found.all
    }

    /// Nil: it would wait for a batch of a model's answers.
    private func preview(_ raw: RawMessage) async throws -> HandledMessage? {
        do {
            let (disposition, dossier) = try await dispose(of: raw)
            return HandledMessage(
                raw.id, disposition, dossier, LedgerResult(disposition: nil, rule: nil, reply: nil, ticket: nil))
        } catch is AwaitingBatch {
            return nil
        }
    }

    private actor Found {
        private(set) var all: [RawMessage] = []
        func add(_ raw: RawMessage) { all.append(raw) }
    }
}
