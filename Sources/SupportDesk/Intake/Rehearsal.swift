import Foundation

/// Tries a message in a process of its own before it is looked at again in this one.
///
/// A run that died may have been killed by this very message, or by the operator: only a trial tells. It costs a process,
/// and only for messages that a dead run left behind.
public struct Rehearsal: Sendable {
    private let body: @Sendable (RawMessage) async -> Bool

    /// Creates a rehearsal from a function; true when the message can be looked at safely.
    public init(_ body: @escaping @Sendable (RawMessage) async -> Bool) { self.body = body }

    func survives(_ raw: RawMessage) async -> Bool { await body(raw) }

    /// Runs `executable arguments… FILE`, which takes the message the way without any effect.
    /// - Parameter folder: where the message lies meanwhile, readable by its owner only.
    public static func child(_ executable: String, _ arguments: [String], folder: String) -> Rehearsal {
        Rehearsal { raw in
            let file = "\(folder)/rehearsal-\(raw.id).eml"
            defer { unlink(file) }
            do {
                try DurableFile.write(raw.bytes, to: file)
                let process = Process()
                process.executableURL = URL(fileURLWithPath: executable)
                process.arguments = arguments + [file]
                process.standardOutput = FileHandle.nullDevice
                process.standardError = FileHandle.nullDevice
                return try await withCheckedThrowingContinuation { continuation in
                    process.terminationHandler = { ended in
                        // Only a death by signal (a crash) speaks against the message; an error is met again and handled.
                        continuation.resume(returning: ended.terminationReason == .exit)
                    }
                    do { try process.run() } catch { continuation.resume(throwing: error) }
                }
            } catch {
                // Without a trial the message is not trusted: a person looks at it.
                return false
            }
        }
    }
}
