import ArgumentParser
import Foundation
import Logging
import SupportDesk

/// Lessons before a person, one key each.
struct LearnReview: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review", abstract: "Look at the lessons that wait, and decide with one key each.",
        discussion: """
            a approves a lesson as it is labelled, r relabels it (type a few letters of the intent), x rejects it, s leaves it for \
            another time, b goes back to the one before, q ends. Each decision stands at once.

            The texts have placeholders instead of people, and zeros instead of order numbers.

            Examples:  auradesk learn review
                       auradesk learn review --way rejected
                       auradesk learn review --refused
            """)

    @Option(
        help: """
            Only lessons that came this way: approved, edited, rejected, answered, escalated, confirmed, denied, right or wrong.
            """)
    var way: Lesson.Way?

    @Flag(help: "The lessons for which the guard refused the batch that was trained last, in place of those that wait.")
    var refused = false

    @OptionGroup var desk: DeskOptions

    func run() async throws {
        try await reporting {
            let configuration = try await desk.configuration(.agent)
            let surroundings = try desk.surroundings(configuration)
            let all =
                refused
                ? try await Desk.refusedLessons(configuration) : try await Desk.lessons(configuration, .candidate)
            let lessons = all.filter { way == nil || $0.way == way }
            if lessons.isEmpty {
                Terminal.print(
                    refused ? "The guard refused nothing the last time." : "No lesson is waiting.")
                return
            }
            guard let keys = KeyPress() else {
                throw DeskError(
                    .data, "review needs a terminal; auradesk learn list, approve, relabel and reject do not")
            }
            let review = LessonReview(
                lessons: lessons, intents: try Desk.learnableIntents(configuration), keys: keys, now: surroundings.now()
            )
            let counts = try await review.run { id, verdict in
                try await Desk.decide(
                    [id], verdict, configuration, now: surroundings.now(), surroundings.logger)
            }
            Terminal.print("")
            Terminal.print(
                "\(counts.approved) approved, \(counts.relabelled) relabelled, \(counts.rejected) rejected, "
                    + "\(counts.left) left."
                    + (counts.approved + counts.relabelled > 0 ? " auradesk learn train learns from them." : ""))
        }
    }
}

extension Lesson.Way: ExpressibleByArgument {}

/// The dialog.
struct LessonReview {
    let lessons: [Lesson]
    let intents: [String]
    let keys: KeyPress
    let now: Date

    /// What was decided.
    struct Counts {
        var approved = 0
        var relabelled = 0
        var rejected = 0
        var left = 0
    }

    private static let maximumMatches = 8

    func run(_ decide: (Int64, LessonVerdict) async throws -> Void) async throws -> Counts {
        var verdicts: [Int: LessonVerdict] = [:]
        var index = 0
        dialog: while index < lessons.count {
            let lesson = lessons[index]
            show(lesson, index, verdicts[index])
            var verdict: LessonVerdict?
            keys: while true {
                switch keys.next() {
                case .character("a"), .enter:
                    verdict = .approve
                    break keys
                case .character("r"):
                    if let intent = chooseIntent() {
                        verdict = intent == lesson.label ? .approve : .relabel(intent)
                        break keys
                    }
                    show(lesson, index, verdicts[index])
                case .character("x"):
                    verdict = .reject
                    break keys
                case .character("s"): break keys
                case .character("b") where index > 0:
                    index -= 1
                    continue dialog
                case .character("q"), .end: break dialog
                default: continue
                }
            }
            if let verdict {
                // After another look at it, its label may have been changed to something else before.
                try await decide(lesson.id, verdict == .approve ? .relabel(lesson.label) : verdict)
                verdicts[index] = verdict
            }
            index += 1
        }
        var counts = Counts()
        for verdict in verdicts.values {
            switch verdict {
            case .approve: counts.approved += 1
            case .relabel: counts.relabelled += 1
            case .reject: counts.rejected += 1
            }
        }
        counts.left = lessons.count - verdicts.count
        return counts
    }

    private func show(_ lesson: Lesson, _ index: Int, _ verdict: LessonVerdict?) {
        Terminal.clear()
        let language = lesson.language.map { ", \($0)" } ?? ""
        Terminal.print(
            Terminal.bold("Lesson \(lesson.id)") + Terminal.dim("  \(index + 1) of \(lessons.count)\(language), ")
                + Terminal.dim("\(Self.words(lesson.way)), \(DraftPrinter.age(of: lesson.collected, now)) ago"))
        Terminal.print("")
        Terminal.print("Subject: \(Terminal.plain(lesson.content.subject))")
        quote(lesson.content.text, lines: 14)
        if let answer = lesson.content.answer {
            Terminal.print("")
            Terminal.print("A colleague answered")
            quote(answer, lines: 8)
        }
        Terminal.print("")
        Terminal.print("Learned from it: " + Terminal.bold(Terminal.plain(lesson.content.utterance)))
        let seen = lesson.seen == lesson.label ? "the desk's own reading" : "the desk saw \(lesson.seen ?? "nothing")"
        Terminal.print("As:              " + Terminal.bold(lesson.label) + Terminal.dim("  (\(seen))"))
        let decided = verdict.map(Self.words) ?? (lesson.state == .candidate ? nil : lesson.state.rawValue)
        if let decided { Terminal.print("Decided:         \(decided)") }
        Terminal.print("")
        Terminal.print(
            ["a approve", "r relabel", "x reject", "s skip", "b back", "q quit"].map { key in
                Terminal.bold(String(key.prefix(1))) + key.dropFirst()
            }.joined(separator: "   "))
    }

    /// Types letters until the intent that is meant stands first, or has a number.
    private func chooseIntent() -> String? {
        var typed = ""
        while true {
            let matches = Self.matches(typed, intents)
            Terminal.clear()
            Terminal.print(Terminal.bold("Which intent? ") + "\(typed)▏")
            Terminal.print("")
            for (index, intent) in matches.prefix(Self.maximumMatches).enumerated() {
                Terminal.print("  \(Terminal.bold("\(index + 1)"))  \(intent)")
            }
            if matches.isEmpty { Terminal.print("  none of that name") }
            if matches.count > Self.maximumMatches {
                Terminal.print(Terminal.dim("     and \(matches.count - Self.maximumMatches) more: type on"))
            }
            Terminal.print("")
            Terminal.print(Terminal.dim("letters narrow it down, a number or Enter chooses, Esc goes back"))
            switch keys.next() {
            case .character(let key):
                if let number = key.wholeNumberValue {
                    if number > 0, number <= min(matches.count, Self.maximumMatches) { return matches[number - 1] }
                } else {
                    typed.append(key)
                }
            case .backspace: typed = String(typed.dropLast())
            case .enter: if let first = matches.first { return first }
            case .escape, .end: return nil
            }
        }
    }

    /// The intents whose names hold the letters in their order, those that begin with them first.
    static func matches(_ typed: String, _ intents: [String]) -> [String] {
        let letters = typed.lowercased().filter { $0.isLetter || $0.isNumber }
        guard !letters.isEmpty else { return intents }
        func rank(_ intent: String) -> Int? {
            let name = intent.filter { $0.isLetter || $0.isNumber }
            if name.hasPrefix(letters) { return 0 }
            if name.contains(letters) { return 1 }
            var rest = letters[...]
            for letter in name where letter == rest.first { rest = rest.dropFirst() }
            return rest.isEmpty ? 2 : nil
        }
        return intents.compactMap { intent in rank(intent).map { ($0, intent) } }.sorted { $0 < $1 }.map(\.1)
    }

    private func quote(_ text: String, lines limit: Int) {
        let lines = Terminal.wrapped(Terminal.plain(text), indent: 4)
        for line in lines.prefix(limit) { Terminal.print("  | \(line)") }
        if lines.count > limit { Terminal.print(Terminal.dim("  | … \(lines.count - limit) more lines")) }
    }

    private static func words(_ way: Lesson.Way) -> String {
        switch way {
        case .approved: "its draft was sent as it was"
        case .edited: "its draft was changed and sent"
        case .rejected: "its draft was not wanted"
        case .answered: "a colleague answered in place of its draft"
        case .escalated: "a colleague answered its ticket"
        case .confirmed: "the customer found the answer right"
        case .denied: "the customer found the answer wrong"
        case .right: "a colleague found the answer right"
        case .wrong: "a colleague found the answer wrong"
        }
    }

    private static func words(_ verdict: LessonVerdict) -> String {
        switch verdict {
        case .approve: "approved"
        case .relabel(let intent): "approved as \(intent)"
        case .reject: "rejected"
        }
    }
}
