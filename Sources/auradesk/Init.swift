import ArgumentParser
import Foundation
import SupportDesk

/// Writes a first configuration.
struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a commented desk.yaml to start from.",
        discussion: "Example:  auradesk init --config /etc/auradesk/desk.yaml")

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where to write it; an existing file is left alone.", valueName: "file")
    )
    var config = "desk.yaml"

    func run() async throws {
        try await reporting {
            let sample = try Layout().templates + "/desk.yaml"
            guard !FileManager.default.fileExists(atPath: config) else {
                throw DeskError(.configuration, "\(config) exists; it is left as it is")
            }
            guard let data = FileManager.default.contents(atPath: sample) else {
                throw DeskError(.configuration, "cannot read \(sample)")
            }
            do {
                try data.write(to: URL(fileURLWithPath: config), options: .withoutOverwriting)
            } catch {
                throw DeskError(.unavailable, "cannot write \(config)")
            }
            let file = URL(fileURLWithPath: config)
            let inbox = file.deletingLastPathComponent().path + "/Mail/inbox"
            Terminal.print("Wrote \(config). Edit it; then look at one message, make the maildir, and run:")
            Terminal.print("  auradesk explain --config \(config) MESSAGE.eml")
            Terminal.print("  mkdir -p \(inbox)/new \(inbox)/cur \(inbox)/tmp")
            Terminal.print("  auradesk run --config \(config)")
            Terminal.print("A line for crontab(5), every five minutes:")
            Terminal.print("  */5 * * * *  auradesk run --config \(file.path)")
        }
    }
}
