import ArgumentParser
import Foundation
import SupportDesk

/// What the desk learns, and who says so.
struct Learn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Learn from what people and customers showed, with people in charge.",
        discussion: """
            collect looks at approved, edited and rejected drafts, at what colleagues answered on tickets, and at what customers \
            and colleagues said of answers, and keeps each text once, with placeholders instead of people. review shows them to a \
            person, who approves, relabels or rejects. train makes a new classifier of the utterances in Templates/intents and \
            the approved lessons, and takes it into use only when it is not worse on mails that no model was trained on.

            Nothing is learned that nobody approved.

            Example:  auradesk learn collect
                      auradesk learn review
                      auradesk learn train
            """,
        subcommands: [
            LearnCollect.self, LearnReview.self, LearnList.self, LearnApprove.self, LearnRelabel.self,
            LearnReject.self, LearnTrain.self, LearnSuggest.self, LearnDrift.self,
        ])
}

/// Looks for lessons.
struct LearnCollect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect", abstract: "Look for what there is to learn since the last time.",
        discussion: """
            Reads the ledger and, for mails that went to tickets, the ticket system and the mailbox. May be run as often as one \
            likes, from cron too: it goes on where it ended, and keeps nothing twice.

            Example:  auradesk learn collect

            Exit codes:   0  done
                         69  a ticket system or mailbox could not be asked; the rest is done
            """)

    @OptionGroup var shown: ShownOptions

    func run() async throws {
        try await reporting {
            let configuration = try await shown.desk.configuration(.agent)
            let built = try await Desk.build(configuration, shown.desk.surroundings(configuration))
            let collected = try await built.collectLessons { Terminal.progress("\($0) messages looked at") }
            Terminal.endProgress()
            await built.close()
            for line in collected.problems { Terminal.say("auradesk: \(line)") }
            shown.show(collected) { collected in
                let (new, awaited) = (collected.new, collected.awaited)
                Terminal.print(
                    new == 0
                        ? "Nothing new to learn."
                        : "\(new) new lesson\(new == 1 ? " waits" : "s wait") for a person: auradesk learn review")
                if awaited > 0 {
                    Terminal.print(
                        "\(awaited) mail\(awaited == 1 ? "" : "s") on tickets had no answer yet: looked at again later."
                    )
                }
            }
            if !collected.problems.isEmpty { throw ExitCode(69) }
        }
    }
}

/// Lists lessons.
struct LearnList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List lessons: those that wait, or those in another state.",
        discussion: """
            Examples:  auradesk learn list
                       auradesk learn list --state approved --json
                       auradesk learn list --id 12 --id 40
                       auradesk learn list --refused
            """)

    @Option(help: "candidate, approved or rejected.")
    var state = Lesson.State.candidate

    @Option(help: ArgumentHelp("Only this one (repeatable), whatever its state.", valueName: "number"))
    var id: [Int64] = []

    @Flag(help: "Only those for which the guard refused the batch that was trained last.")
    var refused = false

    @OptionGroup var shown: ShownOptions

    func validate() throws {
        if refused, !id.isEmpty { throw ValidationError("--refused and --id exclude each other") }
    }

    func run() async throws {
        try await reporting {
            let configuration = try await shown.desk.configuration(.viewer)
            let lessons =
                refused
                ? try await Desk.refusedLessons(configuration)
                : id.isEmpty
                    ? try await Desk.lessons(configuration, state) : try await Desk.lessons(configuration, ids: id)
            let none = refused ? "The guard refused nothing the last time." : "No lesson is \(words(state))."
            shown.show(lessons, none: none) { lessons in
                let width = lessons.map { "\($0.id)".count }.max() ?? 1
                for lesson in lessons { print(lesson, width) }
            }
        }
    }

    private func words(_ state: Lesson.State) -> String { state == .candidate ? "waiting" : state.rawValue }

    private func print(_ lesson: Lesson, _ width: Int) {
        let label =
            lesson.seen == lesson.label || lesson.seen == nil
            ? lesson.label : "\(lesson.label), not \(lesson.seen ?? "")"
        Terminal.print(
            Terminal.bold("\(lesson.id)".leftPadded(width)) + "  \(lesson.way.rawValue.padded(9))  "
                + "\((lesson.language ?? "–").padded(7))  \(label)")
        let room = (Terminal.columns.map { min($0, 100) } ?? 100) - width - 2
        Terminal.print(
            String(repeating: " ", count: width + 2) + Terminal.plain(lesson.content.utterance).cut(to: room))
    }
}

extension Lesson.State: ExpressibleByArgument {}

/// Options of every command that decides on lessons.
struct LessonOptions: ParsableArguments {
    @Argument(help: "The lessons' numbers, as auradesk learn list shows them.")
    var ids: [Int64]

    @OptionGroup var shown: ShownOptions

    private struct Line: Encodable {
        let id: Int64
        let state: String
        let label: String?
    }

    func decide(_ verdict: LessonVerdict) async throws {
        try await reporting {
            let configuration = try await shown.desk.configuration(.agent)
            let surroundings = try shown.desk.surroundings(configuration)
            let decided = try await Desk.decide(
                ids, verdict, configuration, now: surroundings.now(), surroundings.logger)
            let (state, label): (String, String?) =
                switch verdict {
                case .approve: ("approved", nil)
                case .relabel(let intent): ("approved", intent)
                case .reject: ("rejected", nil)
                }
            let lines = decided.map { Line(id: $0, state: state, label: label) }
            shown.show(lines, none: "No lesson was named.") { lines in
                let words = label.map { " as \($0)" } ?? ""
                let what = lines.count == 1 ? "1 lesson is" : "\(lines.count) lessons are"
                Terminal.print("\(what) \(state)\(words).")
            }
        }
    }
}

/// Approves lessons as they are labelled.
struct LearnApprove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Say that lessons are to be learned as they are labelled.",
        discussion: "Example:  auradesk learn approve 12 13 17")

    @OptionGroup var options: LessonOptions

    func run() async throws { try await options.decide(.approve) }
}

/// Approves lessons as something else.
struct LearnRelabel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relabel", abstract: "Say that lessons are to be learned as another intent.",
        discussion: "Example:  auradesk learn relabel 12 13 --intent track_refund")

    @Option(help: "One of Templates/intents, or out_of_scope.")
    var intent: String

    @OptionGroup var options: LessonOptions

    func run() async throws { try await options.decide(.relabel(intent)) }
}

/// Rejects lessons.
struct LearnReject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Say that lessons are not to be learned.",
        discussion: "Example:  auradesk learn reject 12")

    @OptionGroup var options: LessonOptions

    func run() async throws { try await options.decide(.reject) }
}
