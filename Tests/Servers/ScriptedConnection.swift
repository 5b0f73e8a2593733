import Foundation

/// One connection of a `ScriptedTCPServer`, as the script sees it: blocking reads and writes on the script's thread.
public final class ScriptedConnection: Sendable {
    /// Which connection of the server this is, counted from 1.
    public let number: Int

    private let state: Locked<State>

    /// `descriptor` is closed by the script's thread alone; others only shut it down.
    private struct State {
        var descriptor: Int32
        var buffer: [UInt8] = []
        var start = 0
    }

    init(descriptor: Int32, number: Int) {
        self.number = number
        state = Locked(State(descriptor: descriptor))
    }

    /// Reads a line that ends in LF or CRLF, and returns it without its end; nil if the client has closed before it
    /// sent anything of it.
    ///
    /// - Throws: `TestServerError` if the line is longer than `maximum` bytes, if the connection broke or the server
    ///   was stopped, or if nothing came for two minutes.
    public func readLine(maximum: Int = 1 << 20) throws -> [UInt8]? {
        var scanned = 0
        while true {
            let line: [UInt8]? = state.with { state in
                guard let end = state.buffer[(state.start + scanned)...].firstIndex(of: UInt8(ascii: "\n")) else {
                    scanned = state.buffer.count - state.start
                    return nil
                }
                var line = state.buffer[state.start..<end]
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                state.start = end + 1
                return Array(line)
            }
            if let line { return line }
            guard scanned <= maximum else { throw TestServerError("a line is longer than \(maximum) bytes") }
            if try !fill() {
                guard scanned == 0 else { throw TestServerError("the client closed within a line") }
                return nil
            }
        }
    }

    /// Reads as many bytes as asked for.
    ///
    /// - Throws: `TestServerError` if the connection ends before, or as `readLine(maximum:)`.
    public func read(_ count: Int) throws -> [UInt8] {
        while state.with({ $0.buffer.count - $0.start }) < count {
            guard try fill() else { throw TestServerError("the client closed before it sent \(count) bytes") }
        }
        return state.with { state in
            defer { state.start += count }
            return Array(state.buffer[state.start..<state.start + count])
        }
    }

    /// Reads a line as text; nil as `readLine(maximum:)`.
    public func readText() throws -> String? {
        try readLine().map { String(decoding: $0, as: UTF8.self) }
    }

    /// Writes all of the bytes.
    ///
    /// - Throws: `TestServerError` if the client is gone or the server was stopped.
    public func write(_ bytes: [UInt8]) throws {
        let descriptor = state.with { $0.descriptor }
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard written > 0 else {
                if written < 0, errno == EINTR { continue }
                throw TestServerError.errno("send")
            }
            rest = rest.dropFirst(written)
        }
    }

    /// Writes a text as it is, without adding a line end.
    ///
    /// - Throws: as `write(_:)`.
    public func write(_ text: String) throws {
        try write(Array(text.utf8))
    }

    /// Reads and drops what comes until the client closes or the server is stopped: a server that hangs.
    public func hang() {
        while true {
            state.with { state in
                state.buffer.removeAll()
                state.start = 0
            }
            guard let more = try? fill(waiting: .seconds(600)), more else { return }
        }
    }

    /// Lets the connection end in a reset instead of an orderly close, once the script returns.
    public func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<linger>.size)
        setsockopt(state.with { $0.descriptor }, SOL_SOCKET, SO_LINGER, &option, size)
    }

    /// Ends reading and writing, from any thread; the script's next read or write throws or returns nil.
    func shutdown() {
        state.with { state in
            if state.descriptor >= 0 { _ = Glibc.shutdown(state.descriptor, Int32(SHUT_RDWR)) }
        }
    }

    /// Closes the descriptor. Only for the script's thread, at its end.
    func close() {
        state.with { state in
            if state.descriptor >= 0 { Glibc.close(state.descriptor) }
            state.descriptor = -1
        }
    }

    /// Waits for more bytes; false at the client's end of sending.
    private func fill(waiting limit: Duration = .seconds(120)) throws -> Bool {
        let descriptor = state.with { $0.descriptor }
        var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let ready = poll(&poller, 1, Int32(limit.components.seconds * 1000))
        if ready < 0, errno == EINTR { return true }
        guard ready > 0 else { throw TestServerError("the client sent nothing for \(limit)") }
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = chunk.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count >= 0 else {
            if errno == EINTR || errno == EAGAIN { return true }
            throw TestServerError.errno("recv")
        }
        state.with { state in
            state.buffer.removeFirst(state.start)
            state.start = 0
            state.buffer += chunk[..<count]
        }
        return count > 0
    }
}
