import Foundation
import TestServers

/// The real `auradesk`, as a child process that may be killed at any moment.
struct EndToEndProgram {
    /// How a process ended, and what it used.
    struct Ending {
        /// The exit code; nil when a signal ended it.
        let code: Int32?
        /// The signal that ended it.
        let signal: Int32?
        let output: String
        let errors: String
        /// The most memory it ever had, in KiB.
        let peakKiB: Int

        /// The lines on standard error that tell what stood in the way.
        var errorLines: [String] {
            lines.filter { !$0.contains(" level=info ") && !$0.contains(" level=notice ") }
        }
        /// Those that tell what became of messages.
        var outcomeLines: [String] { lines.filter { $0.contains(" msg=outcome ") } }
        private var lines: [String] { errors.split(separator: "\n").map(String.init) }
    }

    /// The binary that the tests were built with: it lies beside the test binary.
    static func path() throws -> String {
        let link = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        var folder = (link as NSString).deletingLastPathComponent
        while folder.count > 1 {
            if access(folder + "/auradesk", X_OK) == 0, !isFolder(folder + "/auradesk") { return folder + "/auradesk" }
            folder = (folder as NSString).deletingLastPathComponent
        }
        throw TestServerError("there is no auradesk beside \(link): build it with swift build --build-tests")
    }

    /// Whether it was compiled with a sanitizer (`Tests/run --sanitize`), which takes memory and time of its own.
    static let isSanitized = ProcessInfo.processInfo.environment.keys.contains { $0.hasSuffix("SAN_OPTIONS") }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Runs it to its end.
    /// - Parameters:
    ///   - environment: what stands there besides PATH; `AURADESK_FAULT` ends debug builds at a named point.
    ///   - killedAfter: SIGKILL then, whatever it does.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], killedAfter delay: Duration? = nil
    ) async throws -> Ending {
        let child = try start(arguments, environment: environment)
        let killer = delay.map { delay in
            Task.detached {
                try await Task.sleep(for: delay)
                kill(child.id, SIGKILL)
            }
        }
        let ending = await child.ending()
        killer?.cancel()
        return ending
    }

    /// Starts it and does not wait.
    /// - Parameters:
    ///   - bound: whether file permissions bind it as they bind everybody, also where the tests run as root.
    ///   - terminal: a terminal for standard input, output and errors, in place of nothing and two files.
    static func start(
        _ arguments: [String], environment: [String: String] = [:], bound: Bool = false, terminal: String? = nil
    ) throws -> Child {
        let scratch = try EndToEndScratch()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let terminal {
            for place: Int32 in 0...2 {
                posix_spawn_file_actions_addopen(&actions, place, terminal, O_RDWR | O_NOCTTY, 0)
            }
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_addopen(&actions, 1, scratch.path + "/out", O_WRONLY | O_CREAT, 0o600)
            posix_spawn_file_actions_addopen(&actions, 2, scratch.path + "/err", O_WRONLY | O_CREAT, 0o600)
        }
        let demotion = ["/usr/bin/setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
        let words = (bound && geteuid() == 0 ? demotion : []) + [try path()] + arguments
        let program = words[0]
        // What was said to a sanitizer holds for the program as well.
        let settings = ProcessInfo.processInfo.environment.filter {
            $0.key.hasSuffix("SAN_OPTIONS") || $0.key == "SWIFT_BACKTRACE"
        }
        let variables =
            ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"]
            + environment.merging(settings) { own, _ in own }.map { "\($0.key)=\($0.value)" }
        var id: pid_t = 0
        let code = withStrings(words) { argv in
            withStrings(variables) { posix_spawn(&id, program, &actions, nil, argv, $0) }
        }
        guard code == 0 else { throw TestServerError("cannot run \(program): \(String(cString: strerror(code)))") }
        return Child(id: id, scratch: scratch)
    }

    /// A running one.
    struct Child: Sendable {
        let id: pid_t
        fileprivate let scratch: EndToEndScratch

        /// The most memory that a living process ever had; 0 once it ended, and until it is a program of its own.
        private static func peakKiB(of id: pid_t) -> Int {
            let status = (try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)) ?? ""
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
        }

        /// Waits for its end, on a thread of its own.
        func ending() async -> Ending {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    var status: Int32 = 0
                    var peak = 0
                    // What wait4 tells holds the peak of the tests' own process as well: the child was spawned from its memory.
                    while true {
                        peak = max(peak, Self.peakKiB(of: id))
                        let ended = waitpid(id, &status, WNOHANG)
                        if ended == id || ended < 0 && errno != EINTR { break }
                        usleep(5_000)
                    }
                    let signal = status & 0x7F
                    func text(_ name: String) -> String {
                        String(
                            decoding: FileManager.default.contents(atPath: "\(scratch.path)/\(name)") ?? Data(),
                            as: UTF8.self)
                    }
                    continuation.resume(
                        returning: Ending(
                            code: signal == 0 ? (status >> 8) & 0xFF : nil, signal: signal == 0 ? nil : signal,
                            output: text("out"), errors: text("err"), peakKiB: peak))
                }
            }
        }
    }

    private static func withStrings<R>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R
    ) -> R {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        pointers.append(nil)
        defer { pointers.forEach { free($0) } }
        return body(pointers)
    }
}

/// A folder that goes with its last reference.
final class EndToEndScratch: Sendable {
    let path: String

    init() throws {
        let parent = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        path = "\(parent)/auradesk-e2e-\(getpid())-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
        guard mkdir(path, 0o700) == 0 else { throw TestServerError("cannot make \(path)") }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, readable by its owner only.
    func write(_ bytes: [UInt8], to name: String) throws {
        let file = "\(path)/\(name)"
        guard FileManager.default.createFile(atPath: file, contents: Data(bytes)), chmod(file, 0o600) == 0 else {
            throw TestServerError("cannot write \(file)")
        }
    }
}
