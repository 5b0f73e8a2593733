import ArgumentParser
import SupportDesk

/// What is done to the ledger as a whole.
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Check, back up, vacuum or move the ledger, or change its key.",
        discussion: """
            Examples:  auradesk ledger check
                       auradesk ledger backup /backup/ledger-$(date +%F).sqlite
            """,
        subcommands: [
            CheckLedger.self, BackUpLedger.self, VacuumLedger.self, CopyLedger.self, RotateKey.self, AbandonKey.self,
        ])
}

/// Seals the ledger with new keys.
struct RotateKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give the ledger a new key and seal everything in it anew.",
        discussion: """
            Makes a new key file in the place of the old one; or, where desk.yaml names the key, takes that one: name the one \
            before it as old_key until this is done. Other processes may work meanwhile. Interrupted, it goes on where it was \
            when it is run again.

            Example:  auradesk ledger rotate-key --config desk.yaml
            """)

    @OptionGroup var desk: DeskOptions

    func run() async throws {
        try await reporting {
            let configuration = try await desk.configuration()
            let lock = try RunLock(state: configuration.state, for: .rotation)
            let ledger = try await Ledger(configuration.keys)
            let rotation = try await ledger.rotate(configuration.keys, now: try desk.surroundings(configuration).now())
            {
                Terminal.progress("\($0) records sealed anew")
            }
            try await ledger.close()
            withExtendedLifetime(lock) {}
            Terminal.endProgress()
            Terminal.print("\(rotation.resealed) records sealed anew; the key is now \(rotation.master).")
            Terminal.print("Put it into your backup, in the place of the old one.")
        }
    }
}

/// Begins a new key after the old one was lost.
struct AbandonKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Begin a new key after the old one was lost for good.",
        discussion: """
            Only when no backup has the key any more. What the old key sealed can never be read again: mail is read again from \
            its source as far as it is still there; what was decided and not sent is decided anew; what may have been \
            sent becomes a ticket and is not sent again. What cannot be had again is printed.

            Example:  auradesk ledger abandon-key --config desk.yaml --the-key-is-lost
            """)

    @OptionGroup var desk: DeskOptions

    @Flag(help: "Say that no copy of the key is left.")
    var theKeyIsLost = false

    @Flag(help: "One JSON object.")
    var json = false

    func run() async throws {
        try await reporting {
            guard theKeyIsLost else {
                throw ValidationError("Everything that the old key sealed would be lost: say --the-key-is-lost")
            }
            let configuration = try await desk.configuration()
            let lock = try RunLock(state: configuration.state)
            let losses = try await Desk.abandonKey(configuration, desk.surroundings(configuration)) {
                Terminal.progress("\($0) messages read again")
            }
            withExtendedLifetime(lock) {}
            Terminal.endProgress()
            if json {
                Terminal.print(RunPrinter.line(losses))
                return
            }
            Terminal.print("The ledger has a new key: put it into your backup. What cannot be had again:")
            for (count, what) in [
                (losses.messages, "messages are no longer at their source: answers to them begin anew"),
                (losses.archivedMails, "kept mails are missing on later tickets of their conversations"),
                (losses.sentTexts, "texts of replies and tickets that left before"),
                (losses.vaults, "conversations whose placeholders are numbered anew"),
                (losses.credentials, "refresh tokens: give your mail accounts new ones where doctor says so"),
                (losses.lessons, "lessons: models that were trained with them stay as they are"),
                (losses.suppressedAddresses, "addresses that answers came back from may be written to again"),
            ] {
                Terminal.print("  \(count)  \(what)")
            }
            Terminal.print("The next run decides anew what was not settled.")
        }
    }
}
