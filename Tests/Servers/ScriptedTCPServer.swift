import Foundation

/// A server on a free port of 127.0.0.1 whose every connection runs a script on a thread of its own.
///
/// ```swift
/// let server = try ScriptedTCPServer { client in
///     try client.write("220 ready\r\n")
///     while let line = try client.readText(), line != "QUIT" { try client.write("250 ok\r\n") }
/// }
/// ```
/// A connection closes when its script returns or throws. The server ends with `stop()` or with its last reference.
public final class ScriptedTCPServer: Sendable {
    /// `127.0.0.1`.
    public let host = "127.0.0.1"
    /// The port.
    public let port: Int

    private let core: Core

    /// Starts a server.
    ///
    /// - Parameter script: What happens on a connection.
    /// - Throws: `TestServerError` if there is no socket to be had.
    public init(_ script: @escaping @Sendable (ScriptedConnection) throws -> Void) throws {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let listener = socket(AF_INET, type, 0)
        guard listener >= 0 else { throw TestServerError.errno("socket") }
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = LoopbackPorts.withAddress(0) { bind(listener, $0, $1) }
        let named = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &size) }
        }
        guard bound == 0, named == 0, listen(listener, 128) == 0 else {
            defer { close(listener) }
            throw TestServerError.errno("listen")
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        let core = Core(listener: listener)
        self.core = core
        Thread.detachNewThread { core.accept(script) }
    }

    deinit {
        core.stop()
    }

    /// How many connections there have been.
    public var connectionCount: Int { core.state.with { $0.accepted } }

    /// What scripts have thrown so far.
    public var errors: [any Error] { core.state.with { $0.errors } }

    /// Refuses new connections and breaks off those that there are; returns when their scripts have ended.
    public func stop() async {
        core.stop()
        let deadline = ContinuousClock.now + .seconds(10)
        while core.state.with({ !$0.open.isEmpty }), ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(2))
        }
    }

    /// What the threads share; it outlives the server object until they have ended.
    private final class Core: Sendable {
        struct State {
            var accepted = 0
            var open: [Int: ScriptedConnection] = [:]
            var errors: [any Error] = []
            var stopped = false
        }

        let listener: Int32
        let state = Locked(State())

        init(listener: Int32) {
            self.listener = listener
        }

        func accept(_ script: @escaping @Sendable (ScriptedConnection) throws -> Void) {
            while true {
                let descriptor = Glibc.accept(listener, nil, nil)
                if descriptor < 0, errno == EINTR || errno == ECONNABORTED { continue }
                guard descriptor >= 0 else { break }
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                var yes: Int32 = 1
                setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
                let connection: ScriptedConnection? = state.with { state in
                    guard !state.stopped else { return nil }
                    state.accepted += 1
                    let connection = ScriptedConnection(descriptor: descriptor, number: state.accepted)
                    state.open[state.accepted] = connection
                    return connection
                }
                guard let connection else {
                    close(descriptor)
                    break
                }
                Thread.detachNewThread { [self] in
                    do {
                        try script(connection)
                    } catch {
                        state.with { $0.errors.append(error) }
                    }
                    connection.close()
                    state.with { $0.open[connection.number] = nil }
                }
            }
            close(listener)
        }

        func stop() {
            let open = state.with { state in
                // Wakes the accepting thread. It closes the descriptor, so only the first call may touch it.
                if !state.stopped { _ = shutdown(listener, Int32(SHUT_RDWR)) }
                state.stopped = true
                return Array(state.open.values)
            }
            open.forEach { $0.shutdown() }
        }
    }
}
