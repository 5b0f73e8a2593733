import Foundation

/// The desk's figures as a file for node_exporter's textfile collector. What was counted goes on from run to run: each adds to
/// what stands there, so that a program that lives for seconds has counters that only grow.
struct MetricsFile: Sendable {
    let path: String

    /// The largest page that is read again; ours has some hundred lines.
    private static let maximumBytes = 4 << 20

    /// How often and how long another process is waited for that has the file, in microseconds.
    private static let (patience, interval): (Int, UInt32) = (200, 10_000)

    /// Adds what a process has counted. Readers see the old file or the new one; processes that share it take turns, and wait
    /// for at most two seconds.
    /// - Throws: `DeskError` naming the file.
    func add(_ news: Meter.News) throws {
        try locked {
            var whole = MetricsPage(reading: try read())
            // What is the ledger's is told anew each time. What processes of other roles have said of themselves stays; where
            // there is one that does all, there are no others, until they say something. When the last pass was holds until the
            // next one, and is all that a run tells that finds the desk paused.
            let ended = news.isFirst ? news.role == .all ? Role.allCases : [news.role, .all] : []
            whole.values = whole.values.filter { series, _ in
                guard series.metric.kind == .gauge else { return true }
                guard series.metric.isOfProcess else { return false }
                return !ended.contains { role in
                    series.isOf(role) && (series.metric == .remote || role != news.role)
                }
            }
            whole.merge(news.page)
            try write(whole)
        }
    }

    /// Whether it can be written: as it is, again.
    func tryOut() throws { try locked { try write(MetricsPage(reading: try read())) } }

    private func locked(_ body: () throws -> Void) throws {
        // To read is enough for a lock: also for another user than who made it, such as the one who tries the doctor.
        let lock = open("\(path).lock", O_RDONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard lock >= 0 else { throw failure("make", "\(path).lock") }
        defer { close(lock) }
        for _ in 0..<Self.patience {
            if flock(lock, LOCK_EX | LOCK_NB) == 0 { return try body() }
            guard errno == EWOULDBLOCK || errno == EINTR else { break }
            usleep(Self.interval)
        }
        throw failure("lock", "\(path).lock")
    }

    private func write(_ page: MetricsPage) throws {
        // Its name does not end in .prom before it is whole. No sync: figures that a power cut takes are nobody's loss.
        let aside = "\(path).\(getpid()).tmp"
        guard FileManager.default.createFile(atPath: aside, contents: Data(page.text.utf8)) else {
            throw failure("write", aside)
        }
        // The collector is another user; nobody's data is in it.
        chmod(aside, 0o644)
        guard rename(aside, path) == 0 else {
            let error = failure("write", path)
            unlink(aside)
            throw error
        }
    }

    private func read() throws -> String {
        guard let file = FileHandle(forReadingAtPath: path) else {
            if errno == ENOENT { return "" }
            throw failure("read", path)
        }
        defer { try? file.close() }
        return String(decoding: (try? file.read(upToCount: Self.maximumBytes)) ?? Data(), as: UTF8.self)
    }

    private func failure(_ step: String, _ path: String) -> DeskError {
        DeskError(
            .unavailable, "metrics: cannot \(step) \(path): \(String(cString: strerror(errno)))", isRetryable: true)
    }
}
