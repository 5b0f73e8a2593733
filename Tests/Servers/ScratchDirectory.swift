import Foundation

/// A directory of a server's own below the temporary directory.
///
/// Its name holds our pid, so that what a killed test process left behind is found and removed by a later one.
final class ScratchDirectory: Sendable {
    let path: String

    /// Makes a directory that other users may enter: most servers do not run as root.
    init(_ name: String) throws {
        Self.sweep()
        // Short: the path of a Unix socket has 107 bytes at most.
        let unique = String(UInt32.random(in: .min ... .max), radix: 36)
        path = "\(Self.parent)/\(Self.prefix)\(name)-\(getpid())-\(unique)"
        guard mkdir(path, 0o755) == 0, chmod(path, 0o755) == 0 else { throw TestServerError.errno("mkdir \(path)") }
        guard FileManager.default.createFile(atPath: path + "/.auradesk-scratch", contents: nil) else {
            throw TestServerError("cannot write below \(path)")
        }
    }

    deinit {
        remove()
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The temporary directory: `TMPDIR`, else `/tmp`.
    static var parent: String {
        let value = ProcessInfo.processInfo.environment["TMPDIR"] ?? ""
        return value.isEmpty ? "/tmp" : value
    }

    private static let prefix = "auradesk-test-"

    /// Removes the directories of processes that are gone, if they are more than an hour old.
    private static func sweep() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where name.hasPrefix(prefix) {
            let parts = name.split(separator: "-")
            var status = stat()
            let path = "\(parent)/\(name)"
            guard parts.count >= 2, let owner = pid_t(parts[parts.count - 2]), owner > 0,
                lstat(path, &status) == 0, status.st_uid == getuid(),
                time(nil) - status.st_mtim.tv_sec > 3600, kill(owner, 0) != 0, errno == ESRCH
            else { continue }
            try? FileManager.default.removeItem(atPath: path)
        }
    }
}
