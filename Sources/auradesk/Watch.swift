import ArgumentParser
import Foundation
import SupportDesk

/// Passes over the channels as their sources have news, until it is told to stop.
struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Handle new mail as it arrives; made for a service manager.",
        discussion: """
            Does what run does, again and again: an IMAP server tells when there is something new, a maildir is looked at \
            once a second. What had to wait is tried again when it is due. After SIGTERM or SIGINT it begins nothing more, ends \
            what is in hand, puts back what is not decided after 10 seconds, and is gone at --stop-within at the latest.

            Under systemd it tells when it is ready, how it is, and that it is alive (Type=notify, WatchdogSec).

            Example:  auradesk watch --config /etc/auradesk/desk.yaml
            """)

    @OptionGroup var desk: DeskOptions

    @Option(help: ArgumentHelp("How long it may take to end, such as 30s.", valueName: "time"))
    var stopWithin = Span(.seconds(30))

    @Flag(help: "One JSON object per message on standard output, in place of a line in the log.")
    var json = false

    @Option(help: "poller: look for new mail and mark what is done; worker: handle it; all: both.")
    var role = Role.all

    func run() async throws {
        let log = desk.log
        try await reporting(log) {
            let configuration = try await desk.configuration()
            let lock = role == .all ? try RunLock(state: configuration.state) : nil
            var surroundings = try desk.surroundings(configuration)
            surroundings.role = role
            let built = try await Desk.build(configuration, surroundings)
            let printer = RunPrinter(json: json, log: log)
            try await Stopping(deadline: stopWithin.duration, log: log).run(built) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await Self.keepSupervisorInformed(built) }
                    try await built.watch(say: { line, isTrouble in
                        log.say(isTrouble ? .warning : .notice, line)
                        Supervisor()?.status(line)
                    }) { await printer.handled($0) }
                    group.cancelAll()
                }
            }
            withExtendedLifetime(lock) {}
        }
    }

    /// Tells the service manager that the desk is alive, as long as its tasks get their turn and its ledger answers.
    private static func keepSupervisorInformed(_ desk: Desk) async throws {
        guard let supervisor = Supervisor() else { return }
        supervisor.ready()
        guard let interval = supervisor.interval else { return }
        while !Task.isCancelled {
            try await desk.answers()
            supervisor.alive()
            try? await Task.sleep(for: interval)
        }
    }
}
