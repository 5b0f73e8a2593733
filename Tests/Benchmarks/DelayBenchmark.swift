import ArgumentParser
import Foundation

/// A long line: passes bytes on unchanged, some time later, at any rate.
struct DelayBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delay", abstract: "Pass TCP connections on, with a longer round trip.")

    @Option(help: "The port to listen on, on this machine.")
    var listen: UInt16

    @Option(help: "The port on this machine to pass connections on to.")
    var connect: UInt16

    @Option(help: "By how much the round trip grows, in milliseconds.")
    var milliseconds: Double

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard onLoopback(listen, { bind(listener, $0, $1) }) == 0, Glibc.listen(listener, 64) == 0 else {
            throw ValidationError("the port cannot be listened on")
        }
        while true {
            let near = accept(listener, nil, nil)
            guard near >= 0 else { continue }
            let far = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard onLoopback(connect, { Glibc.connect(far, $0, $1) }) == 0 else {
                close(near)
                close(far)
                continue
            }
            for descriptor in [near, far] {
                setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
            }
            for (from, to) in [(near, far), (far, near)] {
                Line(from: from, to: to, delay: milliseconds / 2000).begin()
            }
        }
    }

    private func onLoopback(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

/// One direction of a connection: a thread that reads, and one that writes later.
///
/// `@unchecked`: `pieces` is guarded by `condition`.
private final class Line: @unchecked Sendable {
    private let from: Int32
    private let to: Int32
    private let delay: Double
    private let condition = NSCondition()
    private var pieces: [(due: Double, bytes: [UInt8])] = []

    init(from: Int32, to: Int32, delay: Double) {
        (self.from, self.to, self.delay) = (from, to, delay)
    }

    func begin() {
        Thread.detachNewThread { self.read() }
        Thread.detachNewThread { self.write() }
    }

    private static var now: Double { ProcessInfo.processInfo.systemUptime }

    private func read() {
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = recv(from, &buffer, buffer.count, 0)
            condition.lock()
            pieces.append((Self.now + delay, Array(buffer[..<max(0, count)])))
            condition.signal()
            condition.unlock()
            if count <= 0 { return }
        }
    }

    private func write() {
        while true {
            condition.lock()
            while pieces.isEmpty { condition.wait() }
            let (due, bytes) = pieces.removeFirst()
            condition.unlock()
            let wait = due - Self.now
            if wait > 0 { usleep(UInt32(wait * 1e6)) }
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes { send(to, $0.baseAddress, $0.count, 0) }
                guard count > 0 else { break }
                sent += count
            }
            // The end of one direction; the other goes on until it ends too.
            if bytes.isEmpty || sent < bytes.count {
                shutdown(to, Int32(SHUT_WR))
                shutdown(from, Int32(SHUT_RD))
                return
            }
        }
    }
}
