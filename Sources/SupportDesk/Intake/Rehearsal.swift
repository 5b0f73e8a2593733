import Foundation

/// Tries messages in a process of their own before they are looked at again in this one.
///
/// A run that died may have been killed by one of them, or by the operator: only a trial tells. It costs a process, and
/// only after a run that died; one process for all of them, unless one of them kills it.
public struct Rehearsal: Sendable {
    private let body: @Sendable ([RawMessage]) async -> Bool

    /// Creates a rehearsal from a function; true when all the messages can be looked at safely.
    public init(_ body: @escaping @Sendable ([RawMessage]) async -> Bool) { self.body = body }

    /// The numbers of the messages that can be looked at safely: all, or what halving leaves.
    func survivors(of messages: [RawMessage]) async -> Set<Int64> {
        if messages.isEmpty { return [] }
        if await body(messages) { return Set(messages.map(\.id)) }
        if messages.count == 1 { return [] }
        let half = messages.count / 2
        return await survivors(of: Array(messages[..<half])).union(await survivors(of: Array(messages[half...])))
    }

    /// Runs `executable arguments… FILE…`, which takes the messages the way without any effect. The files are in memory:
    /// mail does not come to lie on the disk in the clear.
    ///
    /// A process that does not end in time counts as a crash: a parser that hangs is as bad as one that dies.
    /// - Parameter seconds: what one trial may take, whatever the number of messages.
    public static func child(_ executable: String, _ arguments: [String], seconds: Int = 120) -> Rehearsal {
        Rehearsal { messages in
            let files = messages.compactMap { Command.anonymousFile($0.bytes) }
            defer { for file in files { close(file) } }
            guard files.count == messages.count else { return false }
            let paths = files.map { "/proc/\(getpid())/fd/\($0)" }
            do {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
                process.arguments = ["--signal=KILL", String(seconds), executable] + arguments + paths
                process.standardOutput = FileHandle.nullDevice
                process.standardError = FileHandle.nullDevice
                return try await withCheckedThrowingContinuation { continuation in
                    process.terminationHandler = { ended in
                        // An error is met again and handled; timeout(1) tells the end of its time, a program that cannot be
                        // started and a death by signal as 124 and more.
                        continuation.resume(
                            returning: ended.terminationReason == .exit && ended.terminationStatus < 124)
                    }
                    do { try process.run() } catch { continuation.resume(throwing: error) }
                }
            } catch {
                // Without a trial no message is trusted: a person looks at them.
                return false
            }
        }
    }
}
