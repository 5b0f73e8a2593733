import ArgumentParser
import Foundation
import SupportDesk

/// One reply after the other, one key each.
struct ReviewAll: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "all", abstract: "Rate the replies that wait, one after the other, with one key each.",
        discussion: """
            r right, w wrong; then 1 to 5 for the tone and for the empathy, Enter for neither; s skips, b goes back, q ends. \
            Each rating stands at once.

            Example:  auradesk review --redacted
            """)

    @OptionGroup var desk: DeskOptions

    @Flag(help: "Placeholders in place of people.")
    var redacted = false

    func run() async throws {
        try await reporting {
            let configuration = try await desk.configuration(.agent)
            guard let keys = KeyPress() else {
                throw ValidationError(
                    "auradesk review wants a terminal; for scripts there are review list and review rate")
            }
            let built = try await Desk.build(configuration, desk.surroundings(configuration))
            let items = try await built.reviewQueue()
            var rated = 0
            var index = 0
            while items.indices.contains(index) {
                Terminal.clear()
                Terminal.print(Terminal.dim("\(index + 1) of \(items.count)"))
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

    private func show(_ item: ReviewItem, _ desk: Desk, _ keys: KeyPress) async throws -> End {
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
        case .character("r"): verdict = .right
        case .character("w"): verdict = .wrong
        case .character("s"): return .skipped
        case .character("b"): return .back
        default: return .ended
        }
        Terminal.print(verdict.rawValue)
        var numbers: [Int?] = []
        for what in ["tone", "empathy"] {
            Terminal.ask("\(what), 1 (bad) to 5 (good), Enter: no word > ")
            switch keys.next(of: "12345bq", orEnter: true) {
            // Begins with this reply anew.
            case .character("b"): return try await show(item, desk, keys)
            case .character(let key) where key.isNumber: numbers.append(key.wholeNumberValue)
            case .enter: numbers.append(nil)
            default: return .ended
            }
            Terminal.print(numbers.last.flatMap { $0.map(String.init) } ?? "no word")
        }
        return .rated(try await desk.rate(item.id, ReplyRating(verdict, tone: numbers[0], empathy: numbers[1])))
    }
}
