import ArgumentParser
import Foundation
import SupportDesk

/// Hands out what is held of a person.
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write everything that is held of a person into a folder.",
        discussion: """
            Makes the folder with person.json and her mails as .eml files in it. Records of the shop, its mailboxes and its ticket \
            system are not AuraDesk's: look there as well.

            Example:  auradesk export priya@mail.example --output priya
            """)

    @Argument(help: "The person's e-mail addresses.")
    var addresses: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("The folder to make.", valueName: "folder"))
    var output: String

    @OptionGroup var desk: DeskOptions

    @Flag(help: "Print person.json as well.")
    var json = false

    func run() async throws {
        try await reporting {
            let configuration = try await desk.configuration()
            let built = try await Desk.build(configuration, desk.surroundings(configuration))
            let record = try await built.export(addresses, into: output)
            await built.close()
            if json {
                Terminal.print(RunPrinter.line(record))
                return
            }
            let messages = record.conversations.reduce(0) { $0 + $1.messages.count }
            Terminal.print("\(record.conversations.count) conversations with \(messages) messages are in \(output).")
        }
    }
}

/// Removes what is held of a person.
struct Forget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove everything that is held of a person, for good.",
        discussion: """
            Removes the conversations that she has a part in: mails, replies, drafts, decisions, what stands behind placeholders, \
            and tickets in folders. Their keys are destroyed, so that nothing opens what a free page or an old row still has. What \
            waits to be sent to her is not sent. Her earlier mail is not taken in again, wherever it turns up; what she writes \
            from now on is new. Other processes may be at work meanwhile.

            Not AuraDesk's, and left to you: the shop's mailboxes with the drafts that people have changed, its records and its \
            ticket system; the receipt names the tickets. Backups keep what they had until they are too old.

            Example:  auradesk forget priya@mail.example --config /etc/auradesk/desk.yaml

            Exit codes:   0  done
                         69  a folder or the ledger was unavailable: run it again
                         75  something is still on its way: run it again after the next run
            """)

    @Argument(help: "The person's e-mail addresses.")
    var addresses: [String]

    @OptionGroup var desk: DeskOptions

    @Flag(help: "The receipt as one JSON object.")
    var json = false

    func run() async throws {
        try await reporting {
            let configuration = try await desk.configuration()
            // No lock: a daemon would never let it in, and who is at work sees that she is forgotten.
            DraftFile.sweep(configuration.state)
            let built = try await Desk.build(configuration, desk.surroundings(configuration))
            let receipt = try await built.forget(addresses)
            await built.close()
            if json { Terminal.print(RunPrinter.line(receipt)) } else { print(receipt) }
            if receipt.remaining > 0 { throw ExitCode(75) }
        }
    }

    private func print(_ receipt: ForgettingReceipt) {
        Terminal.print(
            "Forgotten on \(receipt.at.formatted(.iso8601)): person \(receipt.person.joined(separator: ", "))")
        for (count, what) in [
            (receipt.conversations, "conversations, with their keys destroyed"), (receipt.messages, "messages"),
            (receipt.mails, "kept mails"), (receipt.letters, "replies, drafts and tickets that left or waited"),
            (receipt.drafts, "drafts"), (receipt.ticketFolders.count, "tickets in folders"),
            (receipt.replays, "replays of the past that were not ended"),
        ] {
            Terminal.print("  \(count)  \(what)")
        }
        if !receipt.ticketsElsewhere.isEmpty {
            Terminal.print("Remove in your ticket system: \(receipt.ticketsElsewhere.joined(separator: ", "))")
        }
        if receipt.changedDrafts > 0 {
            Terminal.print(
                "\(receipt.changedDrafts) drafts that people have changed may still lie in the drafts folder: remove them there."
            )
        }
        if receipt.remaining > 0 {
            Terminal.print(
                "\(receipt.remaining) conversations have something on its way: run this again after the next run.")
        }
    }
}
