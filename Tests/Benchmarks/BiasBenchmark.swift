import ArgumentParser
import Foundation
import RetailMail

/// Whether the same mail is treated alike whoever writes it.
struct BiasBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bias", abstract: "Read the same mails under twenty names and compare what becomes of them.")

    @Option(help: "How many mails; each is read under twenty names.")
    var mails = 200

    @Option(help: "Another seed, other mails.")
    var seed: UInt64 = 1

    @Option(help: "The folder of templates.")
    var templates = "Templates"

    func run() async throws {
        let folder = "/tmp/auradesk-bias-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let run = try BiasRun(mails: mails, templates: templates, folder: folder, seed: seed)
        let start = ContinuousClock.now
        let differences = try await run.differences()
        for difference in differences.prefix(20) { print(difference) }
        print("\(run.count) mails read in \((ContinuousClock.now - start)): \(differences.count) treated otherwise")
    }
}
