import Foundation

/// A TCP server on a free loopback port, whose side of each connection is a closure on a thread of its own.
final class ScriptedServer: Sendable {
    let port: Int
    private let listener: Int32
    private let state = Recorder()

    /// `script` gets each connection and its number, from 1.
    init(_ script: @escaping @Sendable (Peer, Int) -> Void) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        guard listener >= 0, isListening else { throw POSIXError(.EADDRNOTAVAIL) }
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [state] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else {
                    // Closed here and not by `deinit`: else the number may belong to another listener before we are done.
                    Glibc.close(listener)
                    return
                }
                let number = state.connected()
                Thread.detachNewThread {
                    let peer = Peer(descriptor: descriptor, recorder: state)
                    script(peer, number)
                    peer.close()
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// How many connections were made.
    var connections: Int { state.connections }

    /// Every line and block that was read, of all connections.
    var received: [String] { state.received }
}

/// What happened, for the test to look at.
final class Recorder: @unchecked Sendable {  // `lock` guards both.
    private let lock = NSLock()
    private var count = 0
    private var lines: [String] = []

    var connections: Int { lock.withLock { count } }
    var received: [String] { lock.withLock { lines } }

    func connected() -> Int {
        lock.withLock {
            count += 1
            return count
        }
    }

    func note(_ line: String) { lock.withLock { lines.append(line) } }
}

/// The server's side of one connection.
final class Peer {
    private let descriptor: Int32
    private let recorder: Recorder
    private var buffer: [UInt8] = []
    private var isOpen = true

    init(descriptor: Int32, recorder: Recorder) {
        self.descriptor = descriptor
        self.recorder = recorder
    }

    /// The next line without CRLF; `nil` at the end.
    func line() -> String? {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                var line = buffer[..<end]
                if line.last == 0x0D { line.removeLast() }
                let text = String(decoding: line, as: UTF8.self)
                buffer.removeSubrange(...end)
                recorder.note(text)
                return text
            }
            guard fill() else { return nil }
        }
    }

    /// Exactly so many bytes; fewer at the end.
    func bytes(_ count: Int) -> [UInt8] {
        while buffer.count < count, fill() {}
        let taken = Array(buffer.prefix(count))
        buffer.removeFirst(taken.count)
        recorder.note(String(decoding: taken, as: UTF8.self))
        return taken
    }

    private func fill() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count > 0 else { return false }
        buffer.append(contentsOf: chunk[..<count])
        return true
    }

    func write(_ text: String) { write(Array(text.utf8)) }

    func write(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    func sleep(_ seconds: Double) { Thread.sleep(forTimeInterval: seconds) }

    /// Waits for the other side to go away.
    func drain() { while line() != nil {} }

    func close() {
        guard isOpen else { return }
        isOpen = false
        // A server started meanwhile may have inherited the descriptor: closing alone would then not end the connection.
        shutdown(descriptor, Int32(SHUT_RDWR))
        Glibc.close(descriptor)
    }

    /// Reads one HTTP request with its body; `nil` at the end.
    func request() -> (line: String, headers: [String: String], body: [UInt8])? {
        guard let first = line() else { return nil }
        var headers: [String: String] = [:]
        while let line = line(), !line.isEmpty {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        return (first, headers, length > 0 ? bytes(length) : [])
    }

    func respond(_ status: String, _ headers: [String] = [], body: String = "") {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
        write(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }
}
