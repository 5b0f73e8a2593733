import Foundation
import Transport

extension Checkup {
    /// Room that a desk needs, and room that is not much, in bytes. A day of a busy shop's mail, sealed, takes some 100 MB.
    private static let leastRoom = 100 << 20
    private static let littleRoom = 1 << 30
    /// Beyond this a clock makes mail look late, or signatures and tokens invalid, seconds.
    private static let largestSkew: TimeInterval = 60

    /// The machine that the desk runs on: room, clock, and where the figures go.
    func tryMachine(_ agent: TransferAgent, hasState: Bool) async -> Bool {
        var isWell = await tryDisk()
        if hasState { isWell = await check("clock") { try await tryClock(agent) } && isWell }
        if let file = configuration.metrics.file {
            isWell =
                await check("metrics") {
                    try MetricsFile(path: file).tryOut()
                    return "\(file) can be written"
                } && isWell
        }
        if let place = configuration.metrics.listen {
            do {
                _ = try MetricsPort(place) { "" }
            } catch {
                // Most likely by this very desk, which works.
                await report(
                    Finding(
                        name: "metrics.listen", state: .advice,
                        detail: "\(place.host):\(place.port) is in use: by auradesk watch, or by another program"))
            }
        }
        return isWell
    }

    /// Looks for damage, as `auradesk ledger check` does, but opens nothing.
    func tryLedger() async throws -> String {
        let ledger = try await Ledger(configuration.keys)
        let problems = try await ledger.database.check()
        try await ledger.close()
        guard let first = problems.first else { return "no damage is seen" }
        let others = problems.count == 1 ? "" : ", and \(problems.count - 1) more"
        throw DeskError(.ledger, "\(first)\(others); see auradesk ledger check --help")
    }

    private func tryDisk() async -> Bool {
        var system = statvfs()
        let state = configuration.state
        // Where there is no folder, its own finding has said so.
        guard access(state, F_OK) == 0 else { return true }
        guard statvfs(state, &system) == 0 else {
            await report(Finding(name: "disk", state: .broken, detail: "\(state): \(String(cString: strerror(errno)))"))
            return false
        }
        let (free, _) = Int(system.f_bavail).multipliedReportingOverflow(by: Int(system.f_frsize))
        let megabytes = "\(free >> 20) MB"
        let finding: (Finding.State, String) =
            if system.f_flag & UInt(ST_RDONLY) != 0 {
                (.broken, "\(state) is on a file system that is mounted read-only: mount it for writing")
            } else if free < Self.leastRoom {
                (.broken, "\(megabytes) free for \(state): make room, 100 MB at the least")
            } else if system.f_files > 0, system.f_favail < 1_000 {
                (.broken, "\(system.f_favail) files can still be made in \(state): make room for more")
            } else if free < Self.littleRoom {
                (.advice, "\(megabytes) free for \(state): not much; mail is kept there for some weeks")
            } else {
                (.fine, "\(free >> 30) GB free for \(state)")
            }
        await report(Finding(name: "disk", state: finding.0, detail: finding.1))
        return finding.0 != .broken
    }

    /// Compares with what the desk wrote last, and with a server that tells the time.
    private func tryClock(_ agent: TransferAgent) async throws -> String {
        let present = surroundings.now()
        let ledger = try await Ledger(configuration.keys)
        let newest = try await ledger.newestEntry()
        try await ledger.close()
        if let newest, newest.timeIntervalSince(present) > Self.largestSkew {
            throw DeskError(
                .unavailable,
                "it says \(present.formatted(.iso8601)), and the ledger has mail of \(newest.formatted(.iso8601)): "
                    + "set it, and let NTP keep it (timedatectl set-ntp true)")
        }
        guard let (url, served) = await servedTime(agent) else { return "it says \(present.formatted(.iso8601))" }
        let skew = present.timeIntervalSince(served)
        guard abs(skew) <= Self.largestSkew else {
            throw DeskError(
                .unavailable,
                "it is \(Int(abs(skew))) s \(skew > 0 ? "ahead of" : "behind") that of \(url): set it, and let NTP keep it "
                    + "(timedatectl set-ntp true)")
        }
        return "it agrees with that of \(url)"
    }

    /// What time it is at the first HTTP server of the configuration that says so (RFC 9110 §6.6.1).
    private func servedTime(_ agent: TransferAgent) async -> (url: String, time: Date)? {
        var urls: [String] = []
        switch configuration.tickets {
        case .requestTracker(let tracker): urls.append(tracker.url)
        case .zendesk(let zendesk): urls.append(zendesk.url)
        case .folder: break
        }
        for url in urls + configuration.models.map(\.url) {
            var request = HTTPRequest(url: url)
            request.timeout = .seconds(10)
            request.maximumResponseBytes = 1 << 20
            guard let response = try? await agent.perform(request), let text = response.header("Date"),
                let time = Self.time(text)
            else { continue }
            return (url, time)
        }
        return nil
    }

    /// `Tue, 10 Mar 2026 09:00:00 GMT`.
    private static func time(_ text: String) -> Date? {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return format.date(from: text)
    }
}

extension Ledger {
    /// When the newest message was recorded; nil without any.
    func newestEntry() async throws -> Date? {
        try await database.read { transaction in
            try transaction.rows("SELECT recorded_at FROM message ORDER BY id DESC LIMIT 1", []).first?
                .integer("recorded_at").map(Date.init(milliseconds:))
        }
    }
}
