import ArgumentParser
import Foundation
import RetailMail

/// How much of a shop's mail is answered, and how much of that is right.
struct RetailBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retail",
        abstract: "Answer a generated inbox over public records, and judge every reply by exact facts.",
        discussion: """
            The records are 500 customers and 1,000 orders of a public file; days, carriers, refunds and invoices are \
            added by seed. The mails are of three languages, and what a right answer to each holds follows from the \
            records and the published policies alone.
            """)

    @Option(help: "The public file of records.")
    var records = "../shared/data/retail/tau2_retail_db.json"

    @Option(help: "How many mails.")
    var mails = 1_000

    @Option(help: "Another seed, other mails and other records' days.")
    var seed: UInt64 = 6

    @Option(help: "Where the run's files go; a new folder under /tmp by default.")
    var folder: String?

    @Option(help: "The folder of templates.")
    var templates = "Templates"

    @Flag(help: "In a second set of wordings, which was written blind.")
    var heldOut = false

    @Flag(help: "With a model that obeys its prompt, instead of the embedded responder.")
    var model = false

    @Flag(help: "Show what was wrong and what was missed.")
    var differences = false

    @Option(help: "Print this many replies.")
    var replies = 0

    func run() async throws {
        guard FileManager.default.fileExists(atPath: records) else {
            print("\(records) is not here: nothing was measured")
            throw ExitCode(69)
        }
        let shop = try RetailShop(file: records, seed: seed)
        var generator = try MailGenerator(shop: shop, seed: seed, phrases: heldOut ? "HeldOut" : "Phrases")
        let folder = folder ?? "/tmp/auradesk-retail-\(getpid())"
        let run = try RetailRun(shop: shop, mails: generator.mails(mails), in: folder)
        let report = try await run.judge(model: model ? ObedientModel() : nil, templates: templates)
        for verdict in report.verdicts.filter({ $0.reply != nil }).prefix(replies) { print(verdict.text) }
        if differences { print(report.differences) }
        print(report.table)
        print("Files: \(folder)")
    }
}
