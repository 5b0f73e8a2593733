import Foundation
import TestServers
import Testing

@testable import SupportDesk

/// What a service manager and a machine's files are told.
@Suite("Service manager")
struct SupervisorTests {
    /// A socket as systemd listens on it.
    final class Listener: Sendable {
        let path: String
        private let descriptor: Int32

        init(_ path: String) throws {
            self.path = path
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let name = Array(path.utf8.enumerated().map { $0.offset == 0 && $0.element == 0x40 ? 0 : $0.element })
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
            let length = socklen_t(2 + name.count)
            let bound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
            }
            guard bound == 0 else { throw TestServerError("cannot bind \(path)") }
        }

        deinit { close(descriptor) }

        /// What was said since the last time.
        func heard() -> [String] {
            var all: [String] = []
            var buffer = [UInt8](repeating: 0, count: 4_096)
            while case let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT)), count > 0 {
                all += String(decoding: buffer.prefix(count), as: UTF8.self).split(separator: "\n").map(String.init)
            }
            return all
        }
    }

    @Test("ready, alive, stopping: to a path and to an abstract name; nothing without one")
    func words() throws {
        let folder = try ScratchFolder()
        for path in ["\(folder.path)/n", "@auradesk-test-\(UUID().uuidString)"] {
            let listener = try Listener(path)
            let supervisor = try #require(Supervisor(["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "3000000"]))
            #expect(supervisor.interval == .milliseconds(1_500))
            supervisor.ready()
            supervisor.alive()
            // A server's own words begin no word of ours.
            supervisor.status("channel a: \r\nWATCHDOG=trigger\nMAINPID=1")
            supervisor.stopping()
            let heard = listener.heard()
            #expect(heard.filter { !$0.hasPrefix("STATUS=") } == ["READY=1", "WATCHDOG=1", "STOPPING=1"])
            #expect(heard.contains("STATUS=channel a:   WATCHDOG=trigger MAINPID=1"))
        }
        #expect(Supervisor([:]) == nil && Supervisor(["NOTIFY_SOCKET": "relative"]) == nil)
        #expect(Supervisor(["NOTIFY_SOCKET": "/" + String(repeating: "x", count: 200)]) == nil)
        // Nobody listens: that is nobody's concern. The watchdog of another process is not ours.
        let other = try #require(
            Supervisor(["NOTIFY_SOCKET": "\(folder.path)/none", "WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "1"]))
        other.ready()
        #expect(other.interval == nil)
    }

    @Test("the files for a machine have this desk's paths, and are left alone when they are there")
    func packaging() throws {
        let folder = try ScratchFolder()
        let packaging = try Packaging(
            configuration: "\(folder.path)/my desk 5%/desk.yaml", program: "/opt/auradesk", account: "desk")
        let names = try packaging.write(from: "\(PackageFolder.templates)/packaging")
        #expect(
            names == [
                "alerts.yml", "auradesk-run.service", "auradesk-run.timer", "auradesk.service", "confirm.py", "crontab",
            ])
        func text(_ name: String) -> String {
            String(
                decoding: FileManager.default.contents(atPath: "\(packaging.folder)/\(name)") ?? Data(), as: UTF8.self)
        }
        for name in names { #expect(!text(name).contains("@PROGRAM@") && !text(name).contains("@CONFIG@")) }
        let unit = text("auradesk.service")
        #expect(unit.contains("\nExecStart=/opt/auradesk watch --config \"\(folder.path)/my desk 5%%/desk.yaml\" "))
        #expect(unit.contains("\nUser=desk\n") && unit.contains("\nReadWritePaths=\"\(folder.path)/my desk 5%%\"\n"))
        #expect(
            try packaging.cronLine()
                == "*/5 * * * *  /opt/auradesk run --config '\(folder.path)/my desk 5\\%/desk.yaml' --log-format logfmt --time-budget 4m 2>&1 | logger -t auradesk"
        )
        // What a shell would take for words of its own.
        let odd = try Packaging(configuration: "\(folder.path)/a&b(1)/desk.yaml", program: "/opt/auradesk")
        _ = try odd.write(from: "\(PackageFolder.templates)/packaging")
        #expect(try odd.cronLine().contains(" --config '\(folder.path)/a&b(1)/desk.yaml' "))
        try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(packaging.folder)/crontab"))
        _ = try packaging.write(from: "\(PackageFolder.templates)/packaging")
        #expect(text("crontab") == "mine")
        #expect(throws: DeskError.self) { try Packaging(configuration: "/srv/a'b/desk.yaml", program: "/opt/auradesk") }
    }
}
