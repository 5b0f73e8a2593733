import Foundation

/// Files that are whole or absent, also after a power cut: written aside, synced, renamed, the folder synced.
enum DurableFile {
    /// Writes a file atomically.
    /// - Throws: `DeskError` naming the file and the system's reason.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o600) throws {
        let aside = "\(path).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).tmp"
        let descriptor = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("create", aside) }
        defer { close(descriptor) }
        var offset = 0
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                Foundation.write(descriptor, buffer.baseAddress.map { $0 + offset }, bytes.count - offset)
            }
            if written < 0 {
                if errno == EINTR { continue }
                let error = failure("write", aside)
                unlink(aside)
                throw error
            }
            offset += written
        }
        guard fsync(descriptor) == 0, rename(aside, path) == 0 else {
            let error = failure("write", path)
            unlink(aside)
            throw error
        }
        try syncFolder(of: path)
    }

    /// Makes a rename or a new entry in the folder of `path` durable.
    static func syncFolder(of path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync", folder) }
    }

    /// Makes a folder and those above it.
    static func makeFolder(_ path: String, mode: Int = 0o700) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
        } catch {
            throw DeskError(.unavailable, "cannot make the folder \(path): \(String(cString: strerror(errno)))")
        }
    }

    private static func failure(_ step: String, _ path: String) -> DeskError {
        DeskError(.unavailable, "cannot \(step) \(path): \(String(cString: strerror(errno)))", isRetryable: true)
    }
}
