import Foundation

/// A server that one of the start scripts runs, below a supervisor that ends it when this process does.
final class ServerProcess: Sendable {
    /// How a server is started.
    struct Plan: Sendable {
        /// What to call it in errors.
        var name: String
        /// The file in `scripts/`.
        var script: String
        /// The signal that ends it in good order.
        var signal = "TERM"
        /// The milliseconds after which that end is no longer waited for, and SIGKILL sent.
        var grace = 8000
        /// The arguments after the scratch directory.
        var arguments: [String]
        /// The ports that it must accept connections on before it counts as started.
        var ports: [Int]
        /// The time that it may take.
        var limit = Duration.seconds(60)
    }

    let scratch: ScratchDirectory
    private let plan: Plan
    private let state: Locked<State>

    /// What runs now. `pipe` is the end of the supervisor's standard input that only we hold.
    private struct State {
        var supervisor: pid_t = 0
        var pipe: Int32 = -1
        var exitCode: Int32?
    }

    /// Starts a server whose arguments contain ports, with other ports where somebody took one of them meanwhile.
    static func start(
        _ name: String, ports count: Int, _ plan: @Sendable ([Int]) -> Plan,
        prepare: (ScratchDirectory) throws -> Void = { _ in }
    ) async throws -> (process: ServerProcess, ports: [Int]) {
        var lastError: any Error = TestServerError("\(name): not started")
        for _ in 0..<4 {
            let ports = try LoopbackPorts.free(count)
            let scratch = try ScratchDirectory(name)
            try prepare(scratch)
            let process = ServerProcess(plan: plan(ports), scratch: scratch)
            do {
                try await process.launch()
                return (process, ports)
            } catch let error as TestServerError where error.message.contains("ddress already in use") {
                lastError = error
                await process.stop()
            } catch {
                await process.stop()
                throw error
            }
        }
        throw lastError
    }

    private init(plan: Plan, scratch: ScratchDirectory) {
        self.plan = plan
        self.scratch = scratch
        state = Locked(State())
    }

    deinit {
        let (supervisor, pipe) = state.with { ($0.exitCode == nil ? $0.supervisor : 0, $0.pipe) }
        if pipe >= 0 { close(pipe) }
        // The supervisor is our child: somebody has to take its exit code.
        if supervisor > 0 {
            Thread.detachNewThread {
                var status: Int32 = 0
                while waitpid(supervisor, &status, 0) < 0, errno == EINTR {}
            }
        }
    }

    /// The file that the server's output goes to.
    var log: String { scratch.path + "/server.log" }

    /// Starts the server and waits until it accepts connections.
    func launch() async throws {
        // What was killed a moment ago may still hold its sockets.
        var deadline = ContinuousClock.now + .seconds(10)
        while plan.ports.contains(where: LoopbackPorts.accepts) {
            guard ContinuousClock.now < deadline else { throw failure("cannot start: address already in use") }
            try await Task.sleep(for: .milliseconds(15))
        }
        try spawn()
        deadline = ContinuousClock.now + plan.limit
        var waiting = plan.ports
        while !waiting.isEmpty {
            guard isRunning else { throw failure("did not start") }
            guard ContinuousClock.now < deadline else { throw failure("did not accept connections in \(plan.limit)") }
            waiting.removeAll(where: LoopbackPorts.accepts)
            if !waiting.isEmpty { try await Task.sleep(for: .milliseconds(15)) }
        }
        // Another server on one of our ports would have answered too: ours has then died meanwhile.
        try await Task.sleep(for: .milliseconds(15))
        guard isRunning else { throw failure("did not start") }
    }

    /// Ends the server in good order, and removes its scratch directory.
    func stop() async {
        await end()
        scratch.remove()
    }

    /// Ends the server in good order, and keeps its scratch directory for another `launch()`.
    func end() async {
        let pipe = state.with { state in
            defer { state.pipe = -1 }
            return state.pipe
        }
        guard pipe >= 0 else { return }
        let word = Array("stop\n".utf8)
        // A supervisor that is gone has closed its end: that must not be a SIGPIPE.
        _ = send(pipe, word, word.count, Int32(MSG_NOSIGNAL))
        close(pipe)
        if await !exited(within: .seconds(20)) {
            killServer()
            if await !exited(within: .seconds(5)) { kill(state.with { $0.supervisor }, SIGKILL) }
            _ = await exited(within: .seconds(5))
        }
    }

    /// Ends the server and all that it started at once (SIGKILL), as a crash would; its state stays.
    func crash() async {
        killServer()
        await end()
    }

    /// Whether the server runs.
    var isRunning: Bool {
        state.with { state in
            guard state.exitCode == nil, state.supervisor > 0 else { return false }
            var status: Int32 = 0
            if waitpid(state.supervisor, &status, WNOHANG) == state.supervisor {
                state.exitCode = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
            }
            return state.exitCode == nil
        }
    }

    private func exited(within limit: Duration) async -> Bool {
        let deadline = ContinuousClock.now + limit
        while isRunning {
            guard ContinuousClock.now < deadline else { return false }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return true
    }

    private func killServer() {
        guard isRunning, let text = try? String(contentsOfFile: scratch.path + "/server.pid", encoding: .utf8),
            let server = pid_t(text.filter(\.isNumber)), server > 1
        else { return }
        kill(server, SIGKILL)
        kill(-server, SIGKILL)
    }

    private func failure(_ what: String) -> TestServerError {
        let code = state.with { $0.exitCode }.map { " (exit code \($0))" } ?? ""
        let lines = (try? String(contentsOfFile: log, encoding: .utf8))?.split(separator: "\n").suffix(12) ?? []
        return TestServerError("\(plan.name) \(what)\(code)\n" + lines.map { "  | \($0)" }.joined(separator: "\n"))
    }

    /// Runs the supervisor in a process group of its own. It closes by itself what else it inherits from us.
    private func spawn() throws {
        var ends: [Int32] = [-1, -1]
        // A pipe would do, but only a socket is closed on exec from its first moment on, in Swift's view of Glibc.
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw TestServerError.errno("socketpair") }
        defer { close(ends[0]) }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))

        let scripts = Self.scripts
        let command =
            ["/bin/bash", scripts + "/supervise.sh", plan.signal, String(plan.grace), scratch.path]
            + ["/bin/bash", scripts + "/" + plan.script, scratch.path] + plan.arguments
        var environment = [
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "HOME=/", "TMPDIR=\(ScratchDirectory.parent)",
        ]
        if let cache = ProcessInfo.processInfo.environment["AURADESK_TEST_CACHE"], !cache.isEmpty {
            environment.append("AURADESK_TEST_CACHE=\(cache)")
        }
        var child: pid_t = 0
        let code = Self.withCStrings(command) { arguments in
            Self.withCStrings(environment) { posix_spawn(&child, "/bin/bash", &actions, &attributes, arguments, $0) }
        }
        guard code == 0 else {
            close(ends[1])
            throw TestServerError("cannot run /bin/bash: \(String(cString: strerror(code)))")
        }
        state.with { $0 = State(supervisor: child, pipe: ends[1]) }
    }

    /// The directory of the start scripts, beside this file.
    static var scripts: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("scripts").path
    }

    private static func withCStrings<R>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R
    ) -> R {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        pointers.append(nil)
        defer { pointers.forEach { free($0) } }
        return body(pointers)
    }
}
