import ArgumentParser
import Foundation
import Mail
import SupportDesk

/// Mail as values.
struct Parse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what mails say: header, new text, quotes, files, and whether a person wrote them.",
        discussion: """
            Reads files, folders with all below them, maildirs, mboxes, and standard input; needs no desk. \
            A message that cannot be read is shown with the reason; it stops nothing.

            Examples:  auradesk parse MESSAGE.eml
                       auradesk parse --json ~/Maildir archive.mbox > mails.jsonl
                       auradesk parse --own support@shop.example --authserv-id mx.shop.example - < MESSAGE.eml

            Exit codes:   0  something could be read
                         65  no message could be read
                         66  a file or folder that was named is not there
            """)

    @Argument(help: ArgumentHelp("Files, folders, maildirs, mboxes; - for standard input.", valueName: "file"))
    var files: [String] = [MailFiles.standardInput]

    @Flag(help: "One JSON object per message, on a line of its own.")
    var json = false

    @Option(help: ArgumentHelp("The receiving server whose Authentication-Results are believed.", valueName: "name"))
    var authservId: String?

    @Option(help: ArgumentHelp("An address of the shop itself; may be given several times.", valueName: "address"))
    var own: [String] = []

    func run() async throws {
        var files = MailFiles(files)
        let perspective = MessageReading.Perspective(authservID: authservId, ownAddresses: own)
        let pipeline = ParsePipeline(perspective: perspective, json: json)
        let counts = await pipeline.run(&files)
        Terminal.endProgress()
        for path in files.missing { Terminal.say("auradesk: there is no \(path)") }
        let total = counts.values.reduce(0, +)
        if !json, total > 1 { Terminal.say(ParsePrinter.summary(counts)) }
        if !files.missing.isEmpty { throw ExitCode(66) }
        if total > 0, counts["unreadable"] == total { throw ExitCode(65) }
    }
}

/// Reads batches of messages on all cores and prints them in order.
///
/// Memory is bounded by the window: as many batches as keep the cores busy, each of a few messages and a few megabytes.
private struct ParsePipeline {
    let perspective: MessageReading.Perspective
    let json: Bool

    private struct Printed: Sendable {
        let place: Int
        let bytes: [UInt8]
        let counts: [String: Int]
    }

    func run(_ files: inout MailFiles) async -> [String: Int] {
        let window = ProcessInfo.processInfo.activeProcessorCount * 4
        return await withTaskGroup(of: Printed.self) { group in
            var counts: [String: Int] = [:]
            var waiting: [Int: Printed] = [:]
            var started = 0
            var written = 0
            while true {
                while started - written < window, let batch = nextBatch(&files) {
                    let place = started
                    group.addTask { printed(batch, place: place) }
                    started += 1
                }
                guard let printed = await group.next() else { return counts }
                waiting[printed.place] = printed
                while let next = waiting.removeValue(forKey: written) {
                    // Whoever read this has seen enough.
                    guard (try? FileHandle.standardOutput.write(contentsOf: Data(next.bytes))) != nil else {
                        return counts
                    }
                    counts.merge(next.counts, uniquingKeysWith: +)
                    written += 1
                }
                // On a terminal the messages themselves are the progress.
                if isatty(STDOUT_FILENO) == 0 { Terminal.progress("\(counts.values.reduce(0, +)) messages") }
            }
        }
    }

    private func nextBatch(_ files: inout MailFiles) -> [MailFiles.Item]? {
        var batch: [MailFiles.Item] = []
        var size = 0
        while batch.count < 32, size < 1 << 20, let item = files.next() {
            batch.append(item)
            size += item.size
        }
        return batch.isEmpty ? nil : batch
    }

    private func printed(_ batch: [MailFiles.Item], place: Int) -> Printed {
        var bytes: [UInt8] = []
        var counts: [String: Int] = [:]
        for item in batch {
            let reading = MessageReading(
                of: { () throws(MailError) in try item.bytes() }, file: item.name, perspective: perspective)
            counts[reading.class, default: 0] += 1
            if json {
                bytes += reading.json
                bytes.append(UInt8(ascii: "\n"))
            } else {
                bytes += ParsePrinter.text(reading).utf8
            }
        }
        return Printed(place: place, bytes: bytes, counts: counts)
    }
}
