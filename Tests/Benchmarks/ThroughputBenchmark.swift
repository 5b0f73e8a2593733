import ArgumentParser
import Foundation
import Logging
import RetailMail
import SupportDesk

/// How many mails a desk handles in a second, from files to files, and what that is beside two desks that know nothing of
/// each other.
struct ThroughputBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "throughput", abstract: "A generated inbox, answered by one desk alone and by two side by side.")

    @Option(help: "The public file of records.") var records = "../shared/data/retail/tau2_retail_db.json"
    @Option(help: "How many mails each desk has.") var mails = 3_000
    @Option(help: "How many runs.") var runs = 3
    @Option(help: "Where the desks are made.") var folder = "/tmp"
    @Flag(help: "No two desks side by side.") var alone = false

    func run() async throws {
        guard FileManager.default.fileExists(atPath: records) else {
            print("\(records) is not here: nothing was measured")
            throw ExitCode(69)
        }
        let shop = try RetailShop(file: records, seed: 6)
        var generator = try MailGenerator(shop: shop, seed: 6)
        let all = generator.mails(mails)
        let root = "\(folder)/auradesk-throughput-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: root) }
        // What a desk makes once in its life is made before.
        _ = try RetailRun(shop: shop, mails: Array(all.prefix(20)), in: "\(root)/first")
        _ = try await measure(["\(root)/first"])
        var figures: [(one: Double, two: Double)] = []
        print("| run | one desk (mails/s) | two desks (mails/s) | one beside two | CPU (ms/mail) | peak (MiB) |")
        print("|---|---:|---:|---:|---:|---:|")
        for run in 1...runs {
            let folders = try (alone ? ["one"] : ["one", "left", "right"]).map { name in
                let folder = "\(root)/\(run)-\(name)"
                _ = try RetailRun(shop: shop, mails: all, in: folder)
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/state", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700]
                )
                for file in ["classifier.model", "patterns.hs", "knowledge.sqlite", "knowledge.sqlite.model"] {
                    try FileManager.default.copyItem(
                        atPath: "\(root)/first/state/\(file)", toPath: "\(folder)/state/\(file)")
                }
                return folder
            }
            sync()
            let one = try await measure([folders[0]])
            sync()
            let two = alone ? one : try await measure(Array(folders.dropFirst()))
            figures.append((one.rate, two.rate))
            print(
                String(
                    format: "| %d | %.0f | %.0f | %.2f | %.2f | %.0f |", run, one.rate, two.rate, one.rate / two.rate,
                    one.processor / Double(mails), one.peak))
            for folder in folders { try FileManager.default.removeItem(atPath: folder) }
        }
        func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
        print(
            String(
                format: "median: one %.0f, two %.0f, ratio %.2f", median(figures.map(\.one)),
                median(figures.map(\.two)),
                median(figures.map { $0.one / $0.two })))
    }

    /// Mails a second of desks that run side by side, from the first start to the last end; processor milliseconds and the
    /// largest peak in MiB of one of them.
    private func measure(_ folders: [String]) async throws -> (rate: Double, processor: Double, peak: Double) {
        let start = ContinuousClock.now
        let desks = try folders.map { folder in
            let desk = Process()
            desk.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            desk.arguments = ["throughput-desk", folder]
            let told = Pipe()
            desk.standardOutput = told
            try desk.run()
            return (desk, told)
        }
        let lines = desks.map { String(decoding: $0.1.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) }
        for (desk, _) in desks { desk.waitUntilExit() }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let told = lines.map { $0.split(whereSeparator: \.isWhitespace).compactMap { Double($0) } }
        guard desks.allSatisfy({ $0.0.terminationStatus == 0 }), told.allSatisfy({ $0.count == 3 }) else {
            throw ValidationError("a desk failed: \(lines)")
        }
        return (told.map { $0[0] }.reduce(0, +) / seconds, told.map { $0[1] }.max() ?? 0, told.map { $0[2] }.max() ?? 0)
    }
}

/// One desk of `ThroughputBenchmark`.
struct ThroughputDesk: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "throughput-desk", abstract: "Run the desk in a folder, on the day of the generated mail.",
        shouldDisplay: false)

    @Argument var folder: String

    func run() async throws {
        var configuration = try DeskConfiguration(file: "\(folder)/desk.yaml")
        configuration.templates = "\(FileManager.default.currentDirectoryPath)/Templates"
        var surroundings = DeskSurroundings(logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() })
        surroundings.now = { RetailShop.now }
        let report = try await Desk.build(configuration, surroundings).run()
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func milliseconds(_ time: timeval) -> Double { Double(time.tv_sec) * 1_000 + Double(time.tv_usec) / 1_000 }
        print(
            report.handled, milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime),
            Double(usage.ru_maxrss) / 1_024)
    }
}
