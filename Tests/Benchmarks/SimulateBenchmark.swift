import ArgumentParser
import Foundation
import RetailMail
import SupportDesk

/// How many messages of the past are replayed in a second.
struct SimulateBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Replay a generated past, each mail with a person's answer.")

    @Option(help: "The public file of records.") var records = "../shared/data/retail/tau2_retail_db.json"
    @Option(help: "How many mails.") var mails = 5_000
    @Option(help: "How many runs.") var runs = 3
    @Option(help: "Conversations side by side.") var parallel = 32
    @Option(help: "Where the past is made.") var folder = "/tmp"
    @Flag(help: "Print the report of the last run.") var report = false

    func run() async throws {
        guard FileManager.default.fileExists(atPath: records) else {
            print("\(records) is not here: nothing was measured")
            throw ExitCode(69)
        }
        let shop = try RetailShop(file: records, seed: 6)
        var generator = try MailGenerator(shop: shop, seed: 6)
        let root = "\(folder)/auradesk-simulate-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: root) }
        let past = try RetailPast(shop: shop, mails: generator.mails(mails), in: root)
        var rates: [Double] = []
        print(
            "| run | messages | whole (s) | whole (messages/s) | replaying (messages/s) | CPU (ms/message) | peak (MiB) |"
        )
        print("|---|---:|---:|---:|---:|---:|---:|")
        for run in 0...runs {
            // What a desk makes once in its life is made before: the classifier, the patterns, the index.
            for name in ["mail", "results"] { try? FileManager.default.removeItem(atPath: "\(root)/replay/\(name)") }
            let clock = Stretch()
            let before = Self.processor()
            let start = ContinuousClock.now
            let found = try await past.replay(
                templates: "\(FileManager.default.currentDirectoryPath)/Templates", concurrency: parallel
            ) { await clock.note($0) }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            guard let found, run > 0 else { continue }
            let count = found.basis.messages
            rates.append(Double(count) / seconds)
            var usage = rusage()
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            print(
                String(
                    format: "| %d | %d | %.1f | %.0f | %.0f | %.2f | %.0f |", run, count, seconds,
                    Double(count) / seconds,
                    Double(count) / (await clock.seconds), (Self.processor() - before) * 1_000 / Double(count),
                    Double(usage.ru_maxrss) / 1_024))
            if report, run == runs { print(found.text()) }
        }
        print(String(format: "median: %.0f messages/s", rates.sorted()[rates.count / 2]))
    }

    private static func processor() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// From the first replayed conversation to the last.
    private actor Stretch {
        private var (first, last): (ContinuousClock.Instant?, ContinuousClock.Instant?)

        func note(_ progress: Simulation.Progress) {
            guard progress.step == .replaying else { return }
            if first == nil { first = .now }
            last = .now
        }

        var seconds: Double {
            guard let first, let last else { return .infinity }
            return (last - first) / .seconds(1)
        }
    }
}
