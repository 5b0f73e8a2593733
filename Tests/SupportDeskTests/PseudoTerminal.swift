import Foundation
import TestServers

/// A terminal at which a test sits: it presses keys, and reads what the real `auradesk` shows (pty(7)).
actor PseudoTerminal {
    /// Our side of it.
    private let master: FileHandle
    private let child: EndToEndProgram.Child
    /// What was shown and not yet looked at.
    private var shown = ""

    /// Starts the program at a terminal.
    init(_ arguments: [String], columns: UInt16 = 100) throws {
        // As posix_openpt, unlockpt and ptsname do, which Glibc's module lacks: TIOCSPTLCK and TIOCGPTN of ioctl_tty(2).
        let descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (lock, number): (Int32, Int32) = (0, 0)
        guard descriptor >= 0, ioctl(descriptor, 0x4004_5431, &lock) == 0, ioctl(descriptor, 0x8004_5430, &number) == 0
        else { throw TestServerError("no terminal: \(String(cString: strerror(errno)))") }
        master = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        var size = winsize(ws_row: 40, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
        child = try EndToEndProgram.start(
            arguments, environment: ["TERM": "xterm", "NO_COLOR": "1"], terminal: "/dev/pts/\(number)")
    }

    /// Waits until something is shown.
    /// - Returns: what was shown since the last time, up to and with it.
    /// - Throws: `TestServerError` with what was shown in its place.
    @discardableResult
    func wait(for text: String, seconds: Double = 30) async throws -> String {
        let deadline = Date().addingTimeInterval(seconds)
        while Date() < deadline {
            readOn()
            if let range = shown.range(of: text) {
                defer { shown = String(shown[range.upperBound...]) }
                return String(shown[..<range.upperBound])
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw TestServerError("the terminal did not show \(text) but: \(shown)")
    }

    /// Takes what is there; nothing, and an error, while nobody has the other side open (EIO).
    private func readOn() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(master.fileDescriptor, &buffer, buffer.count), count > 0 {
            shown += String(decoding: buffer.prefix(count), as: UTF8.self)
        }
    }

    /// Presses keys.
    func type(_ keys: String) throws { try master.write(contentsOf: Data(keys.utf8)) }

    /// Whether keys are handed over line by line and shown, as a shell expects its terminal.
    var isAsItWas: Bool {
        var settings = termios()
        let wanted = tcflag_t(ICANON | ECHO | ISIG)
        return tcgetattr(master.fileDescriptor, &settings) == 0 && settings.c_lflag & wanted == wanted
    }

    /// Waits for the program's end.
    func ending() async throws -> EndToEndProgram.Ending {
        async let ending = child.ending()
        // It may wait for somebody who reads.
        while kill(child.id, 0) == 0 {
            readOn()
            try await Task.sleep(for: .milliseconds(10))
        }
        return await ending
    }
}
