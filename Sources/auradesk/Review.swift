import ArgumentParser
import Foundation
import SupportDesk

/// What people find of automatic replies.
struct ReviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review", abstract: "Rate automatic replies: right or wrong, tone, empathy.",
        discussion: """
            A share of the replies that were sent (review in desk.yaml) waits here for a person's word: drawn by a hash, of each \
            intent, language and confidence. What people find enters the report with its confidence interval. An intent whose \
            replies are right less often than its floor falls back to drafts by itself, until an admin lets it go on.

            In a terminal, one key each: r right, w wrong; then 1 to 5 for the tone and for the empathy, Enter for neither; \
            s skips, b goes back, q ends.

            Example:  auradesk review
                      auradesk review list --json
                      auradesk review rate 12 --verdict wrong --tone 2
                      auradesk review reinstate track_order
            """,
        subcommands: [
            ReviewAll.self, ReviewList.self, ReviewShow.self, ReviewRate.self, ReviewFiguresCommand.self,
            ReviewReinstate.self,
        ], defaultSubcommand: ReviewAll.self)
}

/// Options of every command about one reply.
struct ReplyOptions: ParsableArguments {
    @Argument(help: "The reply's number, as auradesk review list shows it.")
    var id: Int64

    @OptionGroup var shown: ShownOptions
}

extension ShownOptions {
    /// The desk, for whoever may do what the command does.
    fileprivate func build(_ role: Permission) async throws -> Desk {
        let configuration = try await desk.configuration(role)
        return try await Desk.build(configuration, desk.surroundings(configuration))
    }
}

/// The list, without anybody's personal data.
struct ReviewList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the replies that wait for a person's word, without personal data.",
        discussion: "Example:  auradesk review list --config /etc/auradesk/desk.yaml")

    @OptionGroup var shown: ShownOptions

    func run() async throws {
        try await reporting {
            let configuration = try await shown.desk.configuration(.viewer)
            let surroundings = try shown.desk.surroundings(configuration)
            let items = try await Desk.build(configuration, surroundings).reviewQueue()
            shown.show(items, none: "No reply waits for review.") { text($0, surroundings.now()) }
        }
    }

    private func text(_ items: [ReviewItem], _ now: Date) {
        Terminal.print(
            Terminal.dim(
                "\("ID".leftPadded(6))  \("AGE".leftPadded(4))  \("LANG".padded(7))  \("SURE".padded(6))  "
                    + "\("STANDS FOR".padded(10))  INTENT"))
        for item in items {
            Terminal.print(
                Terminal.bold("\(item.id)".leftPadded(6))
                    + "  \(DraftPrinter.age(of: item.at, now).leftPadded(4))  \(item.language.padded(7))  "
                    + "\(item.band.rawValue.padded(6))  \(item.weight.formatted().padded(10))  \(item.intent)")
        }
    }
}

/// One question with its reply.
struct ReviewShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a question and its reply; to viewers with placeholders for people.",
        discussion: "Example:  auradesk review show 12 --redacted")

    @OptionGroup var reply: ReplyOptions

    @Flag(help: "Placeholders in place of people.")
    var redacted = false

    func run() async throws {
        try await reporting {
            let desk = reply.shown.desk
            let configuration = try await desk.configuration(.viewer)
            let built = try await Desk.build(configuration, desk.surroundings(configuration))
            let mayLook = await configuration.maySeePeople()
            let detail = try await built.review(of: reply.id, isRedacted: redacted || !mayLook)
            reply.shown.show(detail, ReviewPrinter.print)
        }
    }
}

/// A rating from a script.
struct ReviewRate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rate", abstract: "Rate one reply.",
        discussion: "Example:  auradesk review rate 12 --verdict right --tone 5 --empathy 4")

    @OptionGroup var reply: ReplyOptions

    @Option(help: ArgumentHelp("right or wrong.", valueName: "verdict"))
    var verdict: ReplyRating.Verdict

    @Option(help: ArgumentHelp("How the tone was, from 1 to 5.", valueName: "number"))
    var tone: Int?

    @Option(help: ArgumentHelp("How much empathy it had, from 1 to 5.", valueName: "number"))
    var empathy: Int?

    private struct Line: Encodable {
        let id: Int64
        let verdict: String
        let setback: Setback?
    }

    func run() async throws {
        try await reporting {
            let built = try await reply.shown.build(.agent)
            let setback = try await built.rate(reply.id, ReplyRating(verdict, tone: tone, empathy: empathy))
            reply.shown.show(Line(id: reply.id, verdict: verdict.rawValue, setback: setback)) { line in
                Terminal.print("The reply to message \(line.id) was rated \(line.verdict).")
                if let setback { Terminal.print(ReviewPrinter.words(of: setback)) }
            }
        }
    }
}

extension ReplyRating.Verdict: ExpressibleByArgument {}

/// What people found so far.
struct ReviewFiguresCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "figures", abstract: "Show what people found so far, by intent, language and confidence.",
        discussion: "Example:  auradesk review figures --json")

    @OptionGroup var shown: ShownOptions

    func run() async throws {
        try await reporting {
            let built = try await shown.build(.viewer)
            shown.show(try await built.reviewFigures(), none: "No reply was drawn for review yet.") { figures in
                for line in figures {
                    let kind = "\(line.stratum.intent.padded(26))  \(line.stratum.language.padded(7))  "
                    Terminal.print(kind + "\(line.stratum.band.rawValue.padded(6))  \(words(line))")
                }
            }
            if shown.json { return }
            for setback in try await built.setbacks() { Terminal.print(ReviewPrinter.words(of: setback)) }
        }
    }

    private func words(_ line: ReviewFigures) -> String {
        guard let accuracy = line.accuracy else { return "\(line.drawn) drawn, none rated" }
        func percent(_ share: Double) -> String { "\(Int((share * 100).rounded()))" }
        var words =
            "\(accuracy.right) of \(accuracy.rated) right: \(percent(accuracy.share)) % "
            + "(\(percent(accuracy.lower)) to \(percent(accuracy.upper)))"
        if let tone = line.tone { words += String(format: ", tone %.1f", tone) }
        if let empathy = line.empathy { words += String(format: ", empathy %.1f", empathy) }
        return words + ", \(line.drawn) drawn"
    }
}

/// Lets an intent answer again.
struct ReviewReinstate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reinstate", abstract: "Let an intent answer by itself again that fell back to drafts.",
        discussion: """
            From now on only new ratings count for its floor. Who does it is in the audit log.

            Example:  auradesk review reinstate track_order
            """)

    @Argument(help: "The intent, as auradesk status shows it.")
    var intent: String

    @OptionGroup var shown: ShownOptions

    private struct Line: Encodable {
        let intent: String
        let isReinstated: Bool
    }

    func run() async throws {
        try await reporting {
            let built = try await shown.build(.admin)
            guard try await built.reinstate(intent) else {
                throw DeskError(.data, "\(intent) has not fallen back (auradesk status shows those that have)")
            }
            shown.show(Line(intent: intent, isReinstated: true)) { line in
                Terminal.print("\(line.intent) answers by itself again, as far as desk.yaml lets it.")
            }
        }
    }
}

/// A question and its reply, as a person reads them.
enum ReviewPrinter {
    static func print(_ detail: ReviewDetail) {
        let item = detail.item
        Terminal.print(
            Terminal.bold("Reply to message \(item.id)")
                + ": \(item.intent), \(item.language), the desk was sure to the degree \(item.band.rawValue)")
        Terminal.print("")
        Terminal.print(Terminal.bold("The customer") + (detail.isRedacted ? ", with placeholders" : ""))
        Terminal.print("Subject: \(Terminal.plain(detail.subject))")
        Terminal.quote(detail.question)
        Terminal.print("")
        Terminal.print(Terminal.bold("The reply"))
        Terminal.quote(detail.reply)
        if !detail.citations.isEmpty {
            Terminal.print("")
            Terminal.print("Rests on \(detail.citations.joined(separator: ", "))")
        }
    }

    static func words(of setback: Setback) -> String {
        "\(setback.intent) has fallen back to drafts: \(setback.reason). auradesk review reinstate \(setback.intent)"
    }
}
