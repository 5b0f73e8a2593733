import Foundation

extension Desk {
    /// Begins a new key after the old one was lost for good, and reads again what the sources still have.
    ///
    /// Interrupted at any point it goes on where it was when it is called again; until then no run begins. Messages that
    /// were not settled, and those whose effect had certainly not left, are handled by the next run.
    /// - Parameter progress: told how many messages were read.
    /// - Returns: what cannot be had again.
    /// - Throws: `DeskError` when the key fits, or a channel cannot be reached.
    public static func abandonKey(
        _ configuration: DeskConfiguration, _ surroundings: DeskSurroundings,
        progress: @Sendable (Int) -> Void = { _ in }
    ) async throws -> Ledger.Losses {
        await FaultPoint.abandoning.reach()
        try await Ledger.abandonKey(configuration.keys, now: surroundings.now())
        await FaultPoint.abandoning.reach()
        let desk = try await build(configuration, surroundings, isRecovering: true)
        var count = 0
        for setting in desk.channels {
            while case let page = try await desk.ledger.lost(in: setting.channel.name, limit: desk.limits.pageMessages),
                !page.isEmpty
            {
                try await desk.readAgain(page, from: setting.channel)
                count += page.count
                progress(count)
                await FaultPoint.abandoning.reach()
            }
            await setting.channel.close()
        }
        let losses = try await desk.ledger.endRecovery()
        try await desk.sealAudit()
        try await desk.ledger.close()
        return losses
    }

    private func readAgain(_ page: [LostMessage], from channel: any Channel) async throws {
        let open = Dictionary(page.map { ($0.source, $0) }, uniquingKeysWith: { first, _ in first })
        let found = Found()
        try await channel.fetch(page.map(\.source), maximumBytes: limits.messageBytes) { [self] fetched in
            guard let (bytes, fullSize, origin) = fetched.content, let message = open[fetched.source] else { return }
            let raw = RawMessage(
                id: message.id, channel: channel.name, source: fetched.source, arrival: message.arrival, bytes: bytes,
                fullSize: fullSize, origin: origin)
            var association: Association?
            if case .proceed(let parsed) = parsing.parse(raw) {
                association = try await ledger.association(of: parsed, shop: shop, now: now())
            }
            try await ledger.found(message, raw, association)
            await found.insert(message.id)
        }
        let known = await found.all
        try await ledger.gone(page.filter { !known.contains($0.id) })
    }

    private actor Found {
        private(set) var all: Set<Int64> = []
        func insert(_ message: Int64) { all.insert(message) }
    }
}
