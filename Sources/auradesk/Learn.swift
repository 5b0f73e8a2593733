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

    @OptionGroup var desk: DeskOptions

    @Flag(help: "One JSON object.")
    var json = false

    func run() async throws {
        try await reporting {
            let configuration = try await desk.configuration(.agent)
            let built = try await Desk.build(configuration, desk.surroundings(configuration))
            let collected = try await built.collectLessons { Terminal.progress("\($0) messages looked at") }
            Terminal.endProgress()
            await built.close()
            for line in collected.problems { Terminal.say("auradesk: \(line)") }
            if json {
                Terminal.print(RunPrinter.line(collected))
            } else {
                let waits = collected.awaited == 0 ? "" : "; \(collected.awaited) mails on tickets have no answer yet"
                Terminal.print(
                    collected.new == 0
                        ? "Nothing new to learn\(waits)."
                        : "\(collected.new) new lessons wait for a person: auradesk learn review\(waits).")
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
            """)

    @Option(help: "candidate, approved or rejected.")
    var state = Lesson.State.candidate

    @Option(help: ArgumentHelp("Only this one (repeatable), whatever its state.", valueName: "number"))
    var id: [Int64] = []

    @OptionGroup var desk: DeskOptions

    @Flag(help: "One JSON object per line.")
    var json = false

    func run() async throws {
        try await reporting {
            let configuration = try await desk.configuration(.viewer)
            let lessons =
                id.isEmpty
                ? try await Desk.lessons(configuration, state) : try await Desk.lessons(configuration, ids: id)
            if json {
                for lesson in lessons { Terminal.print(RunPrinter.line(lesson)) }
                return
            }
            if lessons.isEmpty {
                Terminal.print("No lesson is \(state == .candidate ? "waiting" : state.rawValue).")
                return
            }
            let width = lessons.map { "\($0.id)".count }.max() ?? 1
            for lesson in lessons { print(lesson, width) }
        }
    }

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

    @OptionGroup var desk: DeskOptions

    @Flag(help: "One JSON object per lesson.")
    var json = false

    private struct Line: Encodable {
        let id: Int64
        let state: String
        let label: String?
    }

    func decide(_ verdict: LessonVerdict) async throws {
        try await reporting {
            let configuration = try await desk.configuration(.agent)
            let surroundings = try desk.surroundings(configuration)
            let decided = try await Desk.decide(
                ids, verdict, configuration, now: surroundings.now(), surroundings.logger)
            let (state, label): (String, String?) =
                switch verdict {
                case .approve: ("approved", nil)
                case .relabel(let intent): ("approved", intent)
                case .reject: ("rejected", nil)
                }
            if json {
                for id in decided { Terminal.print(RunPrinter.line(Line(id: id, state: state, label: label))) }
            } else {
                let words = label.map { " as \($0)" } ?? ""
                let what = decided.count == 1 ? "1 lesson is" : "\(decided.count) lessons are"
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

/// Trains a classifier.
struct LearnTrain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train a classifier with the approved lessons, and use it if it is not worse.",
        discussion: """
            One text in ten, chosen by its words once and for all, is never trained on. On those the new classifier and the one in \
            use are compared, intent by intent, by McNemar's exact test; and on mails of which the desk is known to have been \
            wrong. Before that the new lessons are held against everything else: when too many of an intent are contradicted, \
            the batch is refused, and the lessons that look least usual are named.

            The comparison is kept beside the models in the state folder as a page.

            Example:  auradesk learn train

            Exit codes:   0  trained and in use, or nothing new to learn
                         65  refused, and why; what was in use stays in use
                         75  lessons changed while it was trained: train again
            """)

    @OptionGroup var desk: DeskOptions

    @Option(help: ArgumentHelp("Write the comparison as a Markdown page here as well.", valueName: "file"))
    var page: String?

    @Flag(help: "One JSON object.")
    var json = false

    func run() async throws {
        try await reporting {
            let configuration = try await desk.configuration()
            let built = try await Desk.build(configuration, desk.surroundings(configuration))
            Terminal.progress("training …")
            let report = try await built.trainClassifier()
            Terminal.endProgress()
            await built.close()
            if let page, let comparison = report.comparison, let version = report.version {
                try comparison.markdown("Model \(version)").write(toFile: page, atomically: true, encoding: .utf8)
            }
            if json {
                Terminal.print(RunPrinter.line(report))
            } else {
                show(report)
            }
            if report.version != nil, !report.isPromoted { throw ExitCode(65) }
        }
    }

    private func show(_ report: TrainingReport) {
        guard let comparison = report.comparison, let version = report.version else {
            let reason = report.reason ?? "nothing new"
            Terminal.print(reason.prefix(1).uppercased() + reason.dropFirst() + ".")
            return
        }
        Terminal.print(comparison.text)
        Terminal.print("")
        Terminal.print(
            report.isPromoted
                ? Terminal.bold("Model \(version) is in use.") + " auradesk models rollback takes it back."
                : Terminal.bold("Model \(version) is refused:") + " \(report.reason ?? "").")
        if let page = report.page { Terminal.print(Terminal.dim("The comparison: \(page)")) }
    }
}
