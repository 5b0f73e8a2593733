import Foundation

/// One key at a time, as it is pressed. While it lives, the terminal hands keys over at once and shows none of them.
final class KeyPress {
    /// What was pressed.
    enum Key: Equatable {
        case character(Character)
        case enter, escape, backspace
        /// Control-C, Control-D, or the end of the input.
        case end
    }

    private var former = termios()

    /// Nil when nobody sits there.
    init?() {
        guard Terminal.isDialog, isatty(STDOUT_FILENO) == 1, tcgetattr(STDIN_FILENO, &former) == 0 else { return nil }
        var raw = former
        // Control-C comes as a key, so that the terminal is never left as it is here.
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) == 0 else { return nil }
    }

    deinit { tcsetattr(STDIN_FILENO, TCSAFLUSH, &former) }

    /// Waits for a key.
    func next() -> Key {
        guard let first = byte() else { return .end }
        switch first {
        case 3, 4: return .end
        case 10, 13: return .enter
        case 8, 127: return .backspace
        case 27:
            // The rest of an arrow or function key, which comes at once.
            while isMore() { _ = byte() }
            return .escape
        default: break
        }
        var bytes = [first]
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        while bytes.count < length, let next = byte() { bytes.append(next) }
        return .character(String(decoding: bytes, as: UTF8.self).first ?? " ")
    }

    /// Waits for one of some keys, in either case; for Enter only where it means something.
    func next(of wanted: String, orEnter: Bool = false) -> Key {
        while true {
            switch next() {
            case .character(let key):
                let key = Character(key.lowercased())
                if wanted.contains(key) { return .character(key) }
            case .enter where orEnter: return .enter
            case .end: return .end
            default: continue
            }
        }
    }

    private func byte() -> UInt8? {
        var byte: UInt8 = 0
        while true {
            let count = read(STDIN_FILENO, &byte, 1)
            if count == 1 { return byte }
            guard count < 0, errno == EINTR else { return nil }
        }
    }

    private func isMore() -> Bool {
        var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 20) > 0
    }
}
