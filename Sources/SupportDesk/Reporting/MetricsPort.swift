import Foundation

/// Tells whoever asks on this machine how the desk is: `GET /metrics` for Prometheus, `GET /health` for a look.
///
/// One thread, one question at a time, a second for each: it must never cost the desk anything. It reads nothing but the
/// first line of a request and answers nothing but figures.
final class MetricsPort: Sendable {
    /// Where it listens: an address of this machine only.
    struct Place: Sendable, Hashable {
        let host: String
        let port: UInt16
    }

    private static let maximumRequestBytes = 8_192
    private let descriptor: Int32
    /// The port, also where the system chose it.
    let port: UInt16

    /// Begins to listen.
    /// - Parameter page: the page, made for each question.
    /// - Throws: `DeskError` naming the place.
    init(_ place: Place, page: @escaping @Sendable () -> String) throws {
        let isIPv6 = place.host == "::1"
        let socket = Glibc.socket(
            isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw Self.failure(place) }
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard Self.bind(socket, place, isIPv6), listen(socket, 16) == 0 else {
            let error = Self.failure(place)
            close(socket)
            throw error
        }
        descriptor = socket
        port = Self.port(of: socket, isIPv6) ?? place.port
        Thread.detachNewThread {
            while true {
                let connection = accept(socket, nil, nil)
                if connection >= 0 {
                    _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                    Self.serve(connection, page)
                    close(connection)
                } else if errno == EINVAL {
                    // It was shut down. Only then, so that nobody shuts down what has its number later.
                    close(socket)
                    return
                } else {
                    usleep(100_000)
                }
            }
        }
    }

    /// Ends it; the thread closes the socket.
    deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private static func serve(_ connection: Int32, _ page: @Sendable () -> String) {
        var limit = timeval(tv_sec: 1, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(connection, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        let words = request(on: connection).split(separator: " ", maxSplits: 2)
        let (status, body): (String, String) =
            switch (words.first, words.dropFirst().first) {
            case ("GET", "/metrics"): ("200 OK", page())
            case ("GET", "/health"): ("200 OK", "ok\n")
            case ("GET", _?): ("404 Not Found", "/metrics or /health\n")
            default: ("405 Method Not Allowed", "GET only\n")
            }
        let answer =
            "HTTP/1.1 \(status)\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
            + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
        var rest = Array(answer.utf8)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }

    /// The first line of a request, read up to the empty line so that the other side is not cut off while it writes.
    private static func request(on connection: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 2_048)
        let end = Array("\r\n\r\n".utf8)
        let deadline = ContinuousClock.now + .seconds(1)
        while bytes.count < maximumRequestBytes, bytes.suffix(4) != end[...], ContinuousClock.now < deadline {
            let count = buffer.withUnsafeMutableBytes { recv(connection, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes.prefix { $0 != 0x0D && $0 != 0x0A }, as: UTF8.self)
    }

    private static func bind(_ socket: Int32, _ place: Place, _ isIPv6: Bool) -> Bool {
        if isIPv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = place.port.bigEndian
            address.sin6_addr = in6addr_loopback
            return with(&address) { Glibc.bind(socket, $0, $1) } == 0
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = place.port.bigEndian
        guard inet_pton(AF_INET, place.host, &address.sin_addr) == 1 else { return false }
        return with(&address) { Glibc.bind(socket, $0, $1) } == 0
    }

    private static func port(of socket: Int32, _ isIPv6: Bool) -> UInt16? {
        var length: socklen_t
        if isIPv6 {
            var address = sockaddr_in6()
            length = socklen_t(MemoryLayout<sockaddr_in6>.size)
            guard with(&address, { pointer, _ in getsockname(socket, pointer, &length) }) == 0 else { return nil }
            return UInt16(bigEndian: address.sin6_port)
        }
        var address = sockaddr_in()
        length = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard with(&address, { pointer, _ in getsockname(socket, pointer, &length) }) == 0 else { return nil }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func with<Address>(
        _ address: inout Address, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }

    private static func failure(_ place: Place) -> DeskError {
        DeskError(
            .unavailable,
            "metrics.listen: cannot listen on \(place.host):\(place.port): \(String(cString: strerror(errno)))")
    }
}
