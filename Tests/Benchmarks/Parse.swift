import ArgumentParser
import Foundation
import Mail

/// Times `Message(parsing:)` on the mails of a folder.
struct Parse: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Parse every mail of a folder, held in memory, and print microseconds of wall time per mail.")

    private static func milliseconds(_ mail: [UInt8]) throws -> Double {
        let took = ContinuousClock().measure { _ = try? Message(parsing: mail) }
        return took / .milliseconds(1) / max(Double(mail.count) / 100_000, 1)
    }

    @Argument(help: "A folder of mails, one per file.")
    var folder: String

    @Option(help: "How many threads parse side by side.")
    var threads = 1

    @Flag(help: "Print the slowest mail instead: milliseconds for each 100 KB of it, or of a smaller mail as a whole.")
    var slowest = false

    func run() throws {
        var files = MailFiles([folder])
        var mails: [[UInt8]] = []
        while let item = files.next() { mails.append(try item.bytes()) }
        guard !mails.isEmpty, threads > 0 else { throw ValidationError("there is no mail in \(folder)") }
        if slowest { return print(try mails.map(Self.milliseconds).max() ?? 0) }
        let all = mails
        let share = threads
        let started = ContinuousClock.now
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            for index in stride(from: thread, to: all.count, by: share) { _ = try? Message(parsing: all[index]) }
        }
        let took = ContinuousClock.now - started
        print(String(format: "%.2f", took / .microseconds(1) / Double(all.count)))
    }
}
