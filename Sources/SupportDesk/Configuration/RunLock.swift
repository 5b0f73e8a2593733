import Foundation

/// One run at a time on a state folder: an advisory lock that the system drops when the process dies.
public final class RunLock: Sendable {
    private let descriptor: Int32

    /// What is done one at a time.
    public enum Work: String, Sendable { case run = "lock", rotation = "rotation.lock" }

    /// Takes the lock at once or not at all.
    /// - Throws: `DeskError` with code `locked` when another run holds it.
    public init(state folder: String, for work: Work = .run) throws {
        try DurableFile.makeFolder(folder)
        let path = "\(folder)/\(work.rawValue)"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw DeskError(.unavailable, "cannot open \(path): \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            // Everything is initialised here, so `deinit` runs and closes: a second close could hit somebody else's file.
            throw DeskError(.locked, "another run is at work on \(folder)", isRetryable: true)
        }
        guard work == .run else { return }
        // Mail in the clear that was laid out for an editor, by a process that did not live to remove it.
        DraftFile.sweep(folder)
    }

    deinit { close(descriptor) }
}
