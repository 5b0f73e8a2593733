import ArgumentParser
import Foundation
import SupportDesk

/// Stops the desk at once.
struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Stop the desk at once, until resume: nothing more is begun, sent or filed.",
        discussion: """
            Holds for every process that works on the ledger, also those that are at work: each looks before it begins with a \
            message and before anything leaves. Only what is on the wire at this moment still goes out. Mail waits where it is.

            Example:  auradesk pause --reason "wrong prices in the article on delivery"
            """)

    @OptionGroup var desk: DeskOptions

    @Option(help: ArgumentHelp("Why, for those who find it paused; no personal data.", valueName: "words"))
    var reason: String?

    func validate() throws {
        guard (reason?.utf8.count ?? 0) <= 500 else { throw ValidationError("--reason may have 500 characters") }
    }

    func run() async throws {
        try await reporting {
            let configuration = try await desk.configuration(.agent)
            let pause = try await Desk.pause(
                configuration, reason: reason?.split(whereSeparator: \.isNewline).joined(separator: " "),
                desk.surroundings(configuration).logger)
            Terminal.print("Paused \(pause.words).")
        }
    }
}

/// Lets the desk go on.
struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let a paused desk go on.",
        discussion: "Example:  auradesk resume --config /etc/auradesk/desk.yaml")

    @OptionGroup var desk: DeskOptions

    func run() async throws {
        try await reporting {
            let configuration = try await desk.configuration(.agent)
            let wasPaused = try await Desk.resume(configuration, desk.surroundings(configuration).logger)
            Terminal.print(
                wasPaused
                    ? "The desk goes on: a daemon within seconds, else with the next run." : "The desk was not paused.")
        }
    }
}
