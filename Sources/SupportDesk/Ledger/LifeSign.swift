import Foundation

/// A file that shows this machine's other processes that one of them lives: the system drops its lock when it dies, however
/// it does. One that is only stopped still has it.
struct LifeSign: Sendable {
    /// The shift's name in the ledger.
    let name: String
    private let path: String
    private let file: File

    private final class File: Sendable {
        let descriptor: Int32
        init(_ descriptor: Int32) { self.descriptor = descriptor }
        deinit { close(descriptor) }
    }

    /// Appears in a folder under a name that nobody else has.
    /// - Throws: `DeskError` naming the file.
    init(in folder: String) throws {
        try DurableFile.makeFolder(folder)
        name = UUID().uuidString.lowercased()
        path = "\(folder)/\(name)"
        // It gets its name when it is locked, so that nobody takes it for a dead one's before.
        let aside = "\(folder)/.\(name)"
        let descriptor = open(aside, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(aside) }
        file = File(descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, rename(aside, path) == 0 else {
            defer { unlink(aside) }
            throw Self.failure(path)
        }
    }

    /// One whose process has died: it is locked by this one now.
    private init?(_ name: String, diedIn folder: String) {
        self.name = name
        path = "\(folder)/\(name)"
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        file = File(descriptor)
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 { return nil }
    }

    /// The folder of those who work on a state folder.
    static func folder(of state: String) -> String { "\(state)/shifts" }

    /// What processes left that have died.
    static func left(in folder: String) -> [LifeSign] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }
            .compactMap { LifeSign($0, diedIn: folder) }
    }

    /// Takes the file away.
    func remove() { unlink(path) }

    private static func failure(_ path: String) -> DeskError {
        DeskError(.unavailable, "cannot make \(path): \(String(cString: strerror(errno)))", isRetryable: true)
    }
}
