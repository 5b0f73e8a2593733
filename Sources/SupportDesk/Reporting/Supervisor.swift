import Foundation

/// The service manager that started the process: it is told when the desk is ready and when it stops, and hears from it
/// regularly, so that a desk that hangs is started anew (systemd's sd_notify(3); no library is needed for a datagram).
public struct Supervisor: Sendable {
    private let path: String
    /// How often it wants to hear from us; nil: not at all.
    public let interval: Duration?

    /// Nil where nothing listens.
    public init?(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
        guard let path = environment["NOTIFY_SOCKET"], path.hasPrefix("/") || path.hasPrefix("@"),
            path.utf8.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path)
        else { return nil }
        self.path = path
        let isOurs = environment["WATCHDOG_PID"].flatMap { Int32($0) }.map { $0 == getpid() } ?? true
        // sd_watchdog_enabled(3): tell it in half the time.
        interval = environment["WATCHDOG_USEC"].flatMap { Int64($0) }.flatMap {
            isOurs && $0 > 0 ? .microseconds($0 / 2) : nil
        }
    }

    /// The desk works.
    public func ready() { tell("READY=1\nSTATUS=The desk works.") }
    /// The desk ends what is in hand.
    public func stopping() { tell("STOPPING=1\nSTATUS=The desk ends what is in hand.") }
    /// The desk is alive.
    public func alive() { tell("WATCHDOG=1") }
    /// One line for `systemctl status`.
    public func status(_ line: String) {
        // A line's end begins the next word, and a server's own words may be in the line.
        let plain = line.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }
        tell("STATUS=\(String(String.UnicodeScalarView(plain)))")
    }

    private func tell(_ words: String) {
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return }
        defer { close(socket) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // A name that begins with @ is in the abstract namespace, where it begins with a zero byte.
        let name = Array(path.utf8.enumerated().map { $0.offset == 0 && $0.element == 0x40 ? 0 : $0.element })
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let length = socklen_t(MemoryLayout.offset(of: \sockaddr_un.sun_path) ?? 2) + socklen_t(name.count)
        let bytes = Array(words.utf8)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }
}
