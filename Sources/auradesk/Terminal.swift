import Foundation

/// Standard output and standard error.
enum Terminal {
    /// One line of data. A reader that went away is no error of ours: what happened is in the ledger.
    static func print(_ line: String) { write(line + "\n") }

    /// Data whose lines end by themselves.
    static func write(_ text: String) { try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8)) }

    /// One line for the person who runs the command.
    static func say(_ line: String) { try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8)) }

    /// Whether a person reads standard error as it is written.
    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    /// A line that replaces itself; nothing when nobody watches.
    static func progress(_ text: String) {
        guard isInteractive else { return }
        try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K\(text)".utf8))
    }

    /// Clears the progress line.
    static func endProgress() { progress("") }

    /// A text of somebody else: nothing in it is a command to the terminal, or turns a line round.
    static func plain(_ text: String) -> String {
        let scalars = text.unicodeScalars.filter { scalar in
            scalar == "\n" || scalar == "\t"
                || scalar.properties.generalCategory != .control && !scalar.properties.isBidiControl
        }
        return String(String.UnicodeScalarView(scalars))
    }

    /// An empty screen, on a terminal that can.
    static func clear() {
        guard ProcessInfo.processInfo.environment["TERM"] != "dumb" else { return }
        write("\u{1B}[2J\u{1B}[H")
    }

    /// Whether somebody reads and can answer.
    static var isDialog: Bool { isatty(STDIN_FILENO) == 1 && isInteractive }

    /// A question that stands before its answer.
    static func ask(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

    /// Stands out, on a terminal that can.
    static func bold(_ text: String) -> String { styled(text, "1") }

    /// Stands back, on a terminal that can.
    static func dim(_ text: String) -> String { styled(text, "2") }

    /// Done, on a terminal that can.
    static func green(_ text: String) -> String { styled(text, "32") }

    /// Somebody should look, on a terminal that can.
    static func yellow(_ text: String) -> String { styled(text, "33") }

    /// Something is wrong, on a terminal that can.
    static func red(_ text: String) -> String { styled(text, "31") }

    private static func styled(_ text: String, _ code: String) -> String {
        let variables = ProcessInfo.processInfo.environment
        // https://no-color.org
        guard isatty(STDOUT_FILENO) == 1, variables["NO_COLOR"]?.isEmpty ?? true, variables["TERM"] != "dumb" else {
            return text
        }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    /// Columns of the terminal; nil when standard output is none.
    static var columns: Int? {
        var size = winsize()
        guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }

    /// A text of somebody else, marked as such in the margin.
    static func quote(_ text: String) {
        for line in wrapped(plain(text), indent: 4) { print(line.isEmpty ? "  |" : "  | \(line)") }
    }

    /// Lines that fit the terminal behind a margin, and are never longer than is good to read there; as they are when
    /// nobody watches.
    static func wrapped(_ text: String, indent: Int) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let columns else { return lines.map(String.init) }
        let room = max(min(columns, 100) - indent, 20)
        return lines.flatMap { line in
            line.split(separator: " ", omittingEmptySubsequences: false).reduce(into: [""]) { lines, word in
                let last = lines[lines.count - 1]
                if lines.count == 1, last.isEmpty {
                    lines[0] = String(word)
                } else if last.count + 1 + word.count <= room {
                    lines[lines.count - 1] = "\(last) \(word)"
                } else {
                    lines.append(String(word))
                }
            }
        }
    }
}
