import ArgumentParser
import Foundation
import ServiceLifecycle
import SupportDesk

/// Passes over the channels as their sources have news, until it is told to stop.
struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Handle new mail as it arrives; made for a service manager.",
        discussion: """
            Does what run does, again and again: an IMAP server tells when there is something new, a maildir is looked at \
            once a second. What had to wait is tried again when it is due. Ends within seconds after SIGTERM or SIGINT, with \
            what is in hand done and the rest left for the next start.

            Example:  auradesk watch --config /etc/auradesk/desk.yaml
            """)

    @OptionGroup var desk: DeskOptions

    @Flag(help: "One JSON object per message on standard output, in place of a line on standard error.")
    var json = false

    @Option(help: "poller: look for new mail and mark what is done; worker: handle it; all: both.")
    var role = Role.all

    /// What a message that is being decided is given before it is put back, after a signal.
    private static let grace = Duration.seconds(10)

    func run() async throws {
        try await reporting {
            let configuration = try desk.configuration()
            let lock = role == .all ? try RunLock(state: configuration.state) : nil
            var surroundings = try desk.surroundings(configuration)
            surroundings.role = role
            let built = try await Desk.build(configuration, surroundings)
            let json = json
            let service = ClosureService {
                try await built.watch(say: { Terminal.say("auradesk: \($0)") }) { message in
                    if json {
                        Terminal.print(RunPrinter.line(message))
                    } else {
                        Terminal.say("message \(message.id): \(message.disposition.rawValue) (\(message.rule))")
                    }
                }
            }
            var group = ServiceGroupConfiguration(
                services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: surroundings.logger)
            group.maximumGracefulShutdownDuration = Self.grace
            do {
                try await ServiceGroup(configuration: group).run()
            } catch {
                await built.close()
                throw error
            }
            await built.close()
            withExtendedLifetime(lock) {}
        }
    }
}
