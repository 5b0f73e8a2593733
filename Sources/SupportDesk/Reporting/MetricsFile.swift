import Foundation

/// The desk's figures as a file for node_exporter's textfile collector. What was counted goes on from run to run: each adds to
/// what stands there, so that a program that lives for seconds has counters that only grow.
struct MetricsFile: Sendable {
    let path: String

    /// The largest page that is read again; ours has some hundred lines.
    private static let maximumBytes = 4 << 20

    /// Adds a page. Readers see the old file or the new one; processes that share it take turns.
    /// - Throws: `DeskError` naming the file.
    func add(_ page: MetricsPage) throws {
        let lock = open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw failure("make", "\(path).lock") }
        defer { close(lock) }
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else { throw failure("lock", "\(path).lock") }
        }
        var whole = MetricsPage(reading: try read())
        // What is as it is, and was not looked at this time, is not known.
        whole.values = whole.values.filter { $0.key.metric.kind != .gauge || $0.key.metric == .lastCleanPass }
        whole.merge(page)
        // Its name does not end in .prom before it is whole. No sync: figures that a power cut takes are nobody's loss.
        let aside = "\(path).\(getpid()).tmp"
        guard FileManager.default.createFile(atPath: aside, contents: Data(whole.text.utf8)) else {
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
