import ArgumentParser
import Foundation
import Transport

/// Reads files as what an IMAP server might send, for instance what the fuzzer found.
struct ResponsesBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "responses", abstract: "Parse files as IMAP responses; say which took longest for its size.")

    @Argument(help: "Files; each is repeated up to 100 KB.")
    var files: [String]

    func run() throws {
        var slowest = (milliseconds: 0.0, file: "")
        for file in files {
            guard let data = FileManager.default.contents(atPath: file), !data.isEmpty else { continue }
            var bytes: [UInt8] = []
            while bytes.count < 100_000 { bytes.append(contentsOf: data) }
            let start = ContinuousClock.now
            IMAPProbe.read(bytes)
            let milliseconds = (ContinuousClock.now - start) / .milliseconds(1) * 100_000 / Double(bytes.count)
            if milliseconds > slowest.milliseconds { slowest = (milliseconds, file) }
        }
        print("\(files.count) files, at most \(slowest.milliseconds) ms per 100 KB: \(slowest.file)")
    }
}
