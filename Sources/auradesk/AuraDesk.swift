import ArgumentParser
import Foundation
import SupportDesk

/// The command line: parses, builds, prints.
@main
struct AuraDesk: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "auradesk",
        abstract: "A support desk for a shop that reads its own mail.",
        discussion: """
            Polls mailboxes, answers what it can prove from the shop's knowledge and records, and hands everything \
            else to people as a ticket with the whole thread attached.

            Start with:
              auradesk demo
            Then:
              auradesk init, edit desk.yaml, auradesk doctor, auradesk run

            Data goes to standard output, logs to standard error.

            Exit codes:
               0  done
              64  wrong usage
              65  bad input data, or a check found something
              66  a file that was named is not there
              69  a channel or service was unavailable
              70  an error of the program itself
              73  a file cannot be written
              75  work remains, the desk is paused, or another run is at work
              77  you have not the role that it takes
              78  the configuration is wrong
            """,
        version: Release.version,
        subcommands: [
            Demo.self, Init.self, Doctor.self, Run.self, Watch.self, PauseCommand.self, Resume.self, Explain.self,
            Status.self, ReportCommand.self, Simulate.self, DraftsCommand.self,
            Approve.self, EditDraft.self, Reject.self, ReviewCommand.self, ExperimentsCommand.self, Learn.self,
            ModelsCommand.self, Parse.self, Redact.self, Classify.self, Evaluate.self, Train.self,
            KnowledgeCommand.self, LedgerCommand.self, Rehearse.self,
            Export.self, Forget.self, Audit.self,
        ])

    /// Parses, runs, says what there is to say, and ends the process.
    static func main() async {
        do {
            var command = try await asyncParseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            end(.success)
        } catch {
            let (text, code) = (fullMessage(for: error), exitCode(for: error))
            let say = code == .success ? Terminal.print : Terminal.say
            if !text.isEmpty { say(text) }
            end(code)
        }
    }

    /// At once, without taking libraries down: threads may still be in them, such as that of a connection to PostgreSQL, which lets
    /// go of what Kerberos keeps for it by a lock that `exit` destroys. Nothing is left in a buffer: `Terminal` has none.
    private static func end(_ code: ExitCode) -> Never { _exit(code.rawValue) }
}
