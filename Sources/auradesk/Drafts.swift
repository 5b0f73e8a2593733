import ArgumentParser
import Foundation
import SupportDesk

/// What waits for a person's word.
struct DraftsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drafts", abstract: "List the answers that wait for a person, or show one with its mail.",
        discussion: """
            An answer of an intent in mode "draft" waits until a person approves, edits or rejects it here, or sends it from \
            the drafts folder with her own mail program. It is withdrawn when the customer writes again, when a person answers \
            otherwise, and when nobody comes in time.

            Example:  auradesk drafts
                      auradesk drafts show 12
                      auradesk approve 12
            """,
        subcommands: [DraftsList.self, DraftsShow.self], defaultSubcommand: DraftsList.self)
}

/// The list, without anybody's personal data.
struct DraftsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the drafts, with placeholders instead of people.",
        discussion: "Example:  auradesk drafts --config /etc/auradesk/desk.yaml")

    @OptionGroup var shown: ShownOptions

    @Flag(help: "Those that are done as well, the newest first.")
    var all = false

    func run() async throws {
        try await reporting {
            let configuration = try await shown.desk.configuration(.viewer)
            let now = try shown.desk.surroundings(configuration).now()
            let drafts = try await Desk.drafts(configuration, all: all)
            shown.show(drafts, none: all ? "There was no draft yet." : "No draft waits.") { drafts in
                let width = max(2, drafts.map { "\($0.id)".count }.max() ?? 2)
                Terminal.print(
                    Terminal.dim(
                        "\("ID".leftPadded(width))  \("AGE".leftPadded(4))  \("STATE".padded(9))  \("LANG".padded(7))  "
                            + "\("INTENT".padded(24))  CUSTOMER"))
                for draft in drafts { print(draft, width, now) }
            }
        }
    }

    private func print(_ draft: DraftSummary, _ width: Int, _ now: Date) {
        let state = draft.state.rawValue.padded(9)
        Terminal.print(
            Terminal.bold("\(draft.id)".leftPadded(width))
                + "  \(DraftPrinter.age(of: draft.created, now).leftPadded(4))  "
                + (draft.state == .open ? state : Terminal.dim(state))
                + "  \(draft.language.padded(7))  \((draft.intent ?? "–").padded(24))  \(draft.customer)")
        let margin = String(repeating: " ", count: width + 2)
        let room = (Terminal.columns.map { min($0, 100) } ?? 80) - margin.count
        Terminal.print(margin + Terminal.plain(draft.opening).cut(to: room))
        let why = draft.reason.map { "\(draft.rule), then \($0)" } ?? draft.rule
        Terminal.print(margin + Terminal.dim("\(why); \(draft.conversation)".cut(to: room)))
    }
}

/// One draft with everything that a person needs to decide.
struct DraftsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a draft and the mail that it answers.",
        discussion: "Example:  auradesk drafts show 12")

    @OptionGroup var draft: DraftOptions

    func run() async throws {
        try await reporting {
            let configuration = try await draft.desk.configuration(.agent)
            let detail = try await Desk.draft(draft.id, configuration)
            let now = try draft.desk.surroundings(configuration).now()
            draft.shown.show(detail) { DraftPrinter.print($0, now) }
        }
    }
}

/// A draft as a person reads it.
enum DraftPrinter {
    static func print(_ draft: DraftDetail, _ now: Date) {
        let summary = draft.summary
        let state = summary.reason.map { "\(summary.state.rawValue) (\($0))" } ?? summary.state.rawValue
        Terminal.print(
            Terminal.bold("Draft \(summary.id)")
                + ": \(state), made \(age(of: summary.created, now)) ago, \(summary.rule)")
        for mail in draft.mails {
            Terminal.print("")
            let date = mail.date.map { ", \($0.formatted(.iso8601))" } ?? ""
            Terminal.print(Terminal.bold("The customer") + ", \(Terminal.plain(mail.from))\(date)")
            Terminal.print("Subject: \(Terminal.plain(mail.subject))")
            Terminal.quote(mail.text)
            if !mail.files.isEmpty { Terminal.print("Files: \(Terminal.plain(mail.files.joined(separator: ", ")))") }
        }
        Terminal.print("")
        let ticket = draft.ticket.map { ", a public answer on ticket \(Terminal.plain($0))" } ?? ""
        Terminal.print(Terminal.bold("The draft") + "\(ticket), to \(Terminal.plain(draft.recipient))")
        Terminal.print("Subject: \(Terminal.plain(draft.subject))")
        Terminal.quote(draft.text)
        Terminal.print("")
        let rests = draft.citations.isEmpty ? "" : ", rests on \(draft.citations.joined(separator: ", "))"
        Terminal.print("Written by \(draft.author)\(rests)")
        let findings = draft.findings.isEmpty ? ["nothing found"] : draft.findings
        for (index, finding) in findings.enumerated() {
            Terminal.print((index == 0 ? "Review: " : "        ") + finding)
        }
        if let rejection = draft.rejection { Terminal.print("Rejected: \(rejection)") }
        if let sent = draft.sent {
            let words =
                draft.words.map { " (\($0.kept) words kept, \($0.removed) taken out, \($0.added) put in)" } ?? ""
            Terminal.print("")
            Terminal.print(Terminal.bold("What a person sent") + words)
            Terminal.quote(sent)
        }
        if summary.state == .open {
            Terminal.print("")
            Terminal.print(
                Terminal.dim(
                    "auradesk approve \(summary.id)  |  edit \(summary.id)  |  reject \(summary.id) --reason \"…\""))
        }
    }

    /// `5m`, `3h`, `12d`.
    static func age(of instant: Date, _ now: Date) -> String {
        let minutes = max(0, Int(now.timeIntervalSince(instant) / 60))
        if minutes < 60 { return "\(minutes)m" }
        return minutes < 48 * 60 ? "\(minutes / 60)h" : "\(minutes / 1_440)d"
    }
}

extension String {
    func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
    func leftPadded(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
    /// The beginning, with a sign where something is left out.
    func cut(to width: Int) -> String { count <= width ? self : prefix(max(1, width - 1)) + "…" }
}
