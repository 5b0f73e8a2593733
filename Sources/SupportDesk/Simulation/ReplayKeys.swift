import Crypto
import Foundation

/// The keys of replays that have not come to their end. They lie in the desk's state folder, apart from what they seal: who is
/// forgotten there is forgotten in every replay as well, wherever it was left, as nothing in it opens without its key.
struct ReplayKeys: Sendable {
    /// The desk's.
    let state: String

    private struct Record: Codable {
        /// The replay's.
        let folder: String
        let secret: String
    }

    /// With a replay that nobody has gone on with for so long, seconds, nobody will.
    static let patience: TimeInterval = 14 * 86_400

    private var shelf: String { "\(state)/replays" }

    /// The key of a replay; a new one where there is none, or none any more.
    /// - Throws: `DeskError` when it cannot be kept.
    func secret(of folder: String) throws -> (secret: String, isNew: Bool) {
        let path = path(of: folder)
        if let known = record(path) {
            // It is gone on with.
            utimes(path, nil)
            return (known.secret, false)
        }
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { [UInt8]($0) }.hexadecimal
        try DurableFile.makeFolder(shelf)
        try DurableFile.write(
            [UInt8](JSONEncoder().encode(Record(folder: Self.absolute(folder), secret: secret))), to: path)
        return (secret, true)
    }

    /// Destroys the key of a replay.
    func destroy(of folder: String) { destroy(path(of: folder)) }

    /// Destroys the keys of all of them, and removes what nobody is at work on.
    /// - Returns: how many there were.
    func destroyAll() -> Int {
        let all = paths
        for path in all { end(path) }
        return all.count
    }

    /// The same for those that nobody has gone on with since.
    func expire(before limit: Date) -> Int {
        let old = paths.filter { path in
            var status = stat()
            return stat(path, &status) == 0 && TimeInterval(status.st_mtim.tv_sec) < limit.timeIntervalSince1970
        }
        for path in old { end(path) }
        return old.count
    }

    private func end(_ path: String) {
        let folder = record(path)?.folder
        destroy(path)
        guard let folder, FileManager.default.fileExists(atPath: "\(folder)/\(Simulation.markFile)"),
            let lock = try? RunLock(state: folder)
        else { return }
        try? FileManager.default.removeItem(atPath: folder)
        withExtendedLifetime(lock) {}
    }

    private func destroy(_ path: String) {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        if descriptor >= 0 {
            var status = stat()
            if fstat(descriptor, &status) == 0 {
                _ = pwrite(descriptor, [UInt8](repeating: 0, count: Int(status.st_size)), Int(status.st_size), 0)
                fsync(descriptor)
            }
            close(descriptor)
        }
        unlink(path)
        try? DurableFile.syncFolder(of: path)
    }

    private var paths: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: shelf)) ?? []).filter { $0.hasSuffix(".json") }.sorted()
            .map { "\(shelf)/\($0)" }
    }

    private func path(of folder: String) -> String {
        "\(shelf)/\(Seal.fingerprint(Array(Self.absolute(folder).utf8)).prefix(16)).json"
    }

    private func record(_ path: String) -> Record? {
        FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode(Record.self, from: $0) }
    }

    private static func absolute(_ folder: String) -> String { URL(fileURLWithPath: folder).standardizedFileURL.path }
}
