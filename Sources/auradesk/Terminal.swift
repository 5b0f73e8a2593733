import Foundation

/// Standard output and standard error.
enum Terminal {
    /// One line of data.
    static func print(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    /// One line for the person who runs the command.
    static func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

    /// Whether a person reads standard error as it is written.
    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    /// A line that replaces itself; nothing when nobody watches.
    static func progress(_ text: String) {
        guard isInteractive else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
    }

    /// Clears the progress line.
    static func endProgress() { progress("") }

    /// Columns of the terminal, or 120.
    static var width: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 120 }
        return Int(size.ws_col)
    }
}
