import Foundation

/// A program run once, with bytes on its standard input and nobody who reads what it prints.
enum Command {
    /// How it ended.
    enum Ending: Sendable, Hashable {
        case exited(Int32)
        case signalled(Int32)
        /// It was ended, with all its children, because its time was over.
        case overdue
        case notStarted(String)
    }

    /// Runs the program at the path `words[0]`. It waits on a thread of its own.
    static func run(_ words: [String], input: [UInt8], timeLimit: Duration) async -> Ending {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: runHere(words, input: input, timeLimit: timeLimit))
            }
        }
    }

    private static func runHere(_ words: [String], input: [UInt8], timeLimit: Duration) -> Ending {
        guard let program = words.first, let file = anonymousFile(input) else {
            return .notStarted("no memory for its input")
        }
        defer { close(file) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, file, 0)
        // What a mail program prints may quote the mail and its addresses.
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        // Sockets and databases are closed on exec, but not every library keeps to that.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            if let descriptor = Int32(name), descriptor > 2 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A process group of its own, so that its children end with it.
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        posix_spawnattr_setpgroup(&attributes, 0)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        var process: pid_t = 0
        let failure = withCStrings(words) { arguments in
            withCStrings(environment) { posix_spawn(&process, program, &actions, &attributes, arguments, $0) }
        }
        guard failure == 0 else { return .notStarted(String(cString: strerror(failure))) }
        return wait(for: process, until: .now + timeLimit)
    }

    /// Our own environment holds passwords.
    private static let environment: [String] = {
        let own = ProcessInfo.processInfo.environment
        let kept = ["HOME", "USER", "LOGNAME", "TZ"].compactMap { name in own[name].map { "\(name)=\($0)" } }
        return kept + ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"]
    }()

    /// A file in memory: unlike a pipe it needs nobody who writes while the program reads, or does not.
    static func anonymousFile(_ bytes: [UInt8]) -> Int32? {
        let name = "/auradesk-\(UUID().uuidString)"
        let file = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
        guard file >= 0 else { return nil }
        shm_unlink(name)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                close(file)
                return nil
            }
            written += count
        }
        lseek(file, 0, SEEK_SET)
        return file
    }

    private static func wait(for process: pid_t, until deadline: ContinuousClock.Instant) -> Ending {
        var status: Int32 = 0
        var pause: UInt32 = 500
        while true {
            let ended = waitpid(process, &status, WNOHANG)
            if ended == process { break }
            if ended < 0, errno != EINTR { return .signalled(0) }
            if ContinuousClock.now >= deadline {
                kill(-process, SIGKILL)
                while waitpid(process, &status, 0) < 0, errno == EINTR {}
                return .overdue
            }
            usleep(pause)
            pause = min(pause * 2, 20_000)
        }
        // The macros of wait(2), which Swift does not see.
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
    }

    private static func withCStrings<Value>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Value
    ) -> Value {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { buffer in
            // An array of at least the final nil has an address.
            body(buffer.baseAddress.unsafelyUnwrapped)
        }
    }
}
