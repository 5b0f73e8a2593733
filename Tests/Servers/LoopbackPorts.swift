import Glibc

/// Free TCP ports of 127.0.0.1.
enum LoopbackPorts {
    /// Different ports that nobody listens on now.
    ///
    /// They lie below the range from which the kernel numbers outgoing connections (32768 on Linux), so that only
    /// another server can take one before ours does. Whoever uses them tries again with others then.
    static func free(_ count: Int) throws -> [Int] {
        var found: [Int] = []
        for _ in 0..<1000 where found.count < count {
            let port = Int.random(in: 15_000..<32_000)
            if !found.contains(port), canBind(port) { found.append(port) }
        }
        guard found.count == count else { throw TestServerError("found no \(count) free ports on 127.0.0.1") }
        return found
    }

    /// Whether somebody accepts connections at a port.
    static func accepts(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return withAddress(port) { connect(descriptor, $0, $1) } == 0
    }

    static func withAddress<R>(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }

    private static func canBind(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        return withAddress(port) { bind(descriptor, $0, $1) } == 0
    }
}
