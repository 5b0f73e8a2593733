import Foundation
import ServiceLifecycle

extension Desk {
    /// Lets go of what is older than the configuration allows, and keeps the figures of days that are over; once an hour at
    /// most.
    func keepHouse() async throws {
        try await ledger.tidySpoken()
        guard let counts = try await ledger.enforce(retention, now: now()) else { return }
        if replays.expire(before: now().addingTimeInterval(-ReplayKeys.patience)) > 0 {
            logger.info("let go", metadata: ["what": "replays"])
        }
        try await watchDrift()
        try await ledger.rollUp(report, in: shop.timeZone, now: now(), memory: retention.metrics)
        for (name, count) in try await tidyTickets().merging(counts, uniquingKeysWith: +).sorted(by: { $0.key < $1.key }
        ) {
            logger.info("let go", metadata: ["what": "\(name)", "count": "\(count)"])
        }
    }

    /// Looks after it, and after the audit log, again and again, until the desk is stopped.
    func serveHouse() async throws {
        while !isStopping {
            try await keepHouse()
            try await noteEditions(isIdle: false)
            try await sealAudit()
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(600)) }
        }
    }

    /// Removes the tickets in folders that people closed long ago.
    private func tidyTickets() async throws -> Ledger.LetGo {
        guard let folder = delivery.filing.system as? FileTickets else { return [:] }
        let limit = now().addingTimeInterval(-retention.tickets)
        let count = try await DiskThreads.run { Result { try folder.removeClosed(before: limit) } }.get()
        return count == 0 ? [:] : ["closed tickets": count]
    }
}
