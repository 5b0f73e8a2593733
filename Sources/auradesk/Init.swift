import ArgumentParser
import Foundation
import SupportDesk

/// Writes a first configuration.
struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a commented desk.yaml to start from, and how to run it by cron or systemd.",
        discussion: """
            Beside desk.yaml it makes a folder "packaging" with a line for crontab, a systemd service and a service with a timer, \
            of which you choose one and copy it where it belongs, alert rules for Prometheus, and a page for customers' answers \
            (confirm.py). Nothing is installed or started.

            With sample mail from your inbox it also fills in the server whose Authentication-Results are to be believed. A \
            desk.yaml that is there is left alone: to have only that line, let it write into another folder, and copy it.

            Example:  auradesk init --config /etc/auradesk/desk.yaml --sample Mail/inbox
            """)

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where to write it; an existing file is left alone.", valueName: "file")
    )
    var config = "desk.yaml"

    @Option(
        help: ArgumentHelp(
            "A mail as your server delivered it, or a folder of such mails, to propose shop.authserv_id from.",
            valueName: "mail"))
    var sample: String?

    func run() async throws {
        try await reporting {
            let example = try Layout().templates + "/desk.yaml"
            guard !FileManager.default.fileExists(atPath: config) else {
                throw DeskError(.configuration, "\(config) exists; it is left as it is")
            }
            guard var data = FileManager.default.contents(atPath: example) else {
                throw DeskError(.configuration, "cannot read \(example)")
            }
            if let sample { data = try Data(propose(from: sample, in: String(decoding: data, as: UTF8.self)).utf8) }
            do {
                try data.write(to: URL(fileURLWithPath: config), options: .withoutOverwriting)
            } catch {
                throw DeskError(.unavailable, "cannot write \(config)")
            }
            let keys = try DeskConfiguration(file: config).keys
            let isNew = try keys.prepare()
            let file = URL(fileURLWithPath: config)
            let inbox = file.deletingLastPathComponent().path + "/Mail/inbox"
            Terminal.print("Wrote \(config). Edit it; then look at one message, make the maildir, and run:")
            Terminal.print("  auradesk explain --config \(config) MESSAGE.eml")
            let quoted = inbox.contains(" ") ? "'\(inbox)'" : inbox
            Terminal.print("  mkdir -p \(quoted)/new \(quoted)/cur \(quoted)/tmp")
            Terminal.print("  auradesk run --config \(config)")
            if isNew {
                Terminal.print("The key of what it keeps is \(keys.file): put a copy of it where your backups are not.")
            }
            let packaging = try Packaging(
                configuration: file.standardizedFileURL.path, program: "/proc/self/exe".resolvingLink)
            let written = try packaging.write(from: try Layout().templates + "/packaging")
            Terminal.print(
                "How to run it from then on, by cron or systemd, and when to be called: in \(packaging.folder),")
            Terminal.print("  \(written.joined(separator: ", "))")
            Terminal.print("A line for crontab(5), every five minutes:")
            Terminal.print("  \(try packaging.cronLine())")
        }
    }

    /// The example with the receiving server that the sample mail shows, and a line that says so.
    private func propose(from sample: String, in example: String) throws -> String {
        guard let server = try ReceivingServer(sample: sample) else {
            Terminal.say("auradesk: no mail in \(sample) has Authentication-Results; authserv_id stays unset")
            return example
        }
        Terminal.print(
            "Your mail server seems to be \(server.authservID) (\(server.count) of \(server.total) sample mails).")
        let hops = server.ownHops.map { "\n  authserv_hops: \($0)" } ?? ""
        return example.replacing(
            "#authserv_id: mx.neemandclay.example", with: "authserv_id: \(server.authservID)\(hops)")
    }
}
