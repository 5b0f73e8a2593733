import ArgumentParser
import Foundation
import SupportDesk

/// Sends a draft.
struct Approve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have the desk send a draft as it is.",
        discussion: """
            Everything that may keep an automatic answer from leaving is looked at once more: the gate, the limits, whether a \
            person was quicker. It is taken out of the drafts folder and sent once, whatever dies meanwhile. One that a person \
            has changed there is not touched: send that from your mail program.

            Example:  auradesk approve 12

            Exit codes:   0  sent
                         65  not sent, and why; or there is no such draft
                         69  the drafts folder or the mail server was unavailable
                         75  approved, and not sent yet: the next run sends it
            """)

    @OptionGroup var draft: DraftOptions

    func run() async throws {
        try await reporting {
            let configuration = try await draft.desk.configuration(.agent)
            let built = try await Desk.build(configuration, draft.desk.surroundings(configuration))
            let row = try await built.approve(draft.id)
            try await ApprovedReply(id: draft.id, row: row, json: draft.json).send(built, configuration)
        }
    }
}

/// Takes a draft away.
struct Reject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take a draft away that is not to be sent, and say why.",
        discussion: """
            It is removed from the drafts folder. The mail goes to a ticket, or stays with those who read the mailbox, as \
            "unsent" in desk.yaml has it. The reason is kept for learning, sealed.

            Example:  auradesk reject 12 --reason "wrong order"
            """)

    @OptionGroup var draft: DraftOptions

    @Option(help: ArgumentHelp("Why, in your words.", valueName: "words"))
    var reason: String

    func validate() throws {
        guard reason.contains(where: { !$0.isWhitespace }), reason.utf8.count <= 2_000 else {
            throw ValidationError("--reason must say something, in 2000 characters at most")
        }
    }

    private struct Line: Encodable {
        let id: Int64
        let state: String
        let ticket: String?
    }

    func run() async throws {
        try await reporting {
            let configuration = try await draft.desk.configuration(.agent)
            let built = try await Desk.build(configuration, draft.desk.surroundings(configuration))
            let ticket = try await built.reject(draft.id, reason: reason)
            for line in try await built.clearDrafts() { Terminal.say("auradesk: \(line)") }
            if let ticket { _ = try await ApprovedReply.deliver(ticket, of: draft.id, built, configuration) }
            let number = try await built.ticket(of: draft.id)
            if draft.json {
                Terminal.print(RunPrinter.line(Line(id: draft.id, state: "rejected", ticket: number)))
            } else if ticket != nil {
                Terminal.print(
                    "Draft \(draft.id) was rejected; "
                        + (number.map { "the mail is ticket \($0)." } ?? "the next run files the mail as a ticket."))
            } else {
                Terminal.print("Draft \(draft.id) was rejected; the mail stays with those who read the mailbox.")
            }
        }
    }
}

/// A reply that a person has approved, on its way.
struct ApprovedReply {
    let id: Int64
    let row: Int64
    let json: Bool

    /// So long a run that is at work is waited for.
    private static let patience = Duration.seconds(30)

    private struct Line: Encodable {
        let id: Int64
        let state: String
        let reason: String?
    }

    /// Sends it and says what became of it.
    func send(_ desk: Desk, _ configuration: DeskConfiguration) async throws {
        switch try await Self.deliver(row, of: id, desk, configuration) {
        case .sent: say("sent", nil, "Draft \(id) was sent.")
        case .elsewhere: throw ExitCode(75)
        case .waits(let line):
            say("waiting", line, "Draft \(id) is approved and not sent yet; the next run sends it.")
            if let line { Terminal.say("auradesk: \(line)") }
            throw ExitCode(line == nil ? 75 : 69)
        case .refused(let reason):
            say("refused", reason, "Draft \(id) was not sent: \(reason).")
            throw ExitCode(65)
        }
    }

    private func say(_ state: String, _ reason: String?, _ words: String) {
        Terminal.print(json ? RunPrinter.line(Line(id: id, state: state, reason: reason)) : words)
    }

    /// Delivers what waits in the outbox for a message. Another process that has it in hand does it in our place, or soon lets go of it.
    static func deliver(
        _ row: Int64, of id: Int64, _ desk: Desk, _ configuration: DeskConfiguration
    ) async throws -> Desk.Approval {
        let end = ContinuousClock.now + patience
        while true {
            var approval = try await desk.send(row, of: id)
            guard case .elsewhere = approval else { return approval }
            approval = try await desk.approval(of: id)
            guard case .waits = approval, ContinuousClock.now < end else { return approval }
            try await Task.sleep(for: .milliseconds(300))
        }
    }
}
