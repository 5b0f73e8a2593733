import ArgumentParser
import Foundation
import SupportDesk

/// One reply after the other, one key each.
struct ReviewAll: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "all", abstract: "Rate the replies that wait, one after the other, with one key each.",
        discussion: "Example:  auradesk review --redacted")

    @OptionGroup var desk: DeskOptions

    @Flag(help: "Placeholders in place of people.")
    var redacted = false

    func run() async throws {
        try await reporting {
            let configuration = try await desk.configuration(.agent)
            guard let keys = Keys() else {
                throw ValidationError(
                    "auradesk review wants a terminal; for scripts there are review list and review rate")
            }
            defer { keys.end() }
            let built = try await Desk.build(configuration, desk.surroundings(configuration))
            let items = try await built.reviewQueue()
            var rated = 0
            var index = 0
            while items.indices.contains(index) {
                Terminal.print("\u{1B}[2J\u{1B}[H" + Terminal.dim("\(index + 1) of \(items.count)"))
                switch try await show(items[index], built, keys) {
                case .rated(let setback):
                    rated += 1
                    index += 1
                    if let setback {
                        Terminal.print(ReviewPrinter.words(of: setback))
                        Terminal.ask(Terminal.dim("Any key goes on. "))
                        _ = keys.next()
                    }
                case .skipped: index += 1
                case .back: index = max(0, index - 1)
                case .ended: index = items.count
                }
            }
            Terminal.print("")
            Terminal.print(
                items.isEmpty ? "No reply waits for review." : "\(rated) of \(items.count) replies rated.")
        }
    }

    private enum End { case rated(Setback?), skipped, back, ended }

    private func show(_ item: ReviewItem, _ desk: Desk, _ keys: Keys) async throws -> End {
        do {
            ReviewPrinter.print(try await desk.review(of: item.id, isRedacted: redacted))
        } catch let error as DeskError where error.code == .data {
            // Let go of since the list was made.
            return .skipped
        }
        Terminal.print("")
        Terminal.ask("\(Terminal.bold("r"))ight  \(Terminal.bold("w"))rong  s skip  b back  q end > ")
        let verdict: ReplyRating.Verdict
        switch keys.next(of: "rwsbq") {
        case "r": verdict = .right
        case "w": verdict = .wrong
        case "s": return .skipped
        case "b": return .back
        default: return .ended
        }
        Terminal.print(verdict.rawValue)
        var numbers: [Int?] = []
        for what in ["tone", "empathy"] {
            Terminal.ask("\(what), 1 (bad) to 5 (good), Enter: no word > ")
            guard let key = keys.next(of: "12345\nbq") else { return .ended }
            if key == "q" { return .ended }
            // Begins with this reply anew.
            if key == "b" { return try await show(item, desk, keys) }
            numbers.append(key.wholeNumberValue)
            Terminal.print(key.wholeNumberValue.map(String.init) ?? "no word")
        }
        return .rated(try await desk.rate(item.id, ReplyRating(verdict, tone: numbers[0], empathy: numbers[1])))
    }
}

/// Single keys from the terminal, without Enter; it is given back as it was.
final class Keys {
    private var before = termios()

    /// Nil when standard input or output is no terminal.
    init?() {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, tcgetattr(STDIN_FILENO, &before) == 0 else {
            return nil
        }
        var single = before
        // Ctrl-C comes as a key as well: a process that it ends would leave the terminal without an echo.
        single.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &single) == 0 else { return nil }
    }

    /// Gives the terminal back.
    func end() { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }

    /// The next key; nil at the end, and for Ctrl-C and Ctrl-D.
    func next() -> Character? {
        var byte: UInt8 = 0
        guard read(STDIN_FILENO, &byte, 1) == 1, byte != 3, byte != 4 else { return nil }
        return Character(UnicodeScalar(byte == 13 ? 10 : byte))
    }

    /// The next one of some keys, in either case.
    func next(of wanted: String) -> Character? {
        while let key = next() {
            let key = Character(key.lowercased())
            if wanted.contains(key) { return key }
        }
        return nil
    }
}
