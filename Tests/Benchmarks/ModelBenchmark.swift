import ArgumentParser
import Foundation
import Logging
import SupportDesk
import TestServers

/// A desk whose model takes its time: how close the wall time comes to what the model alone would take, and what memory
/// grows by.
struct ModelBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "A run over many mails with a slow model, several at a time.")

    @Option(help: "How many mails a run has.") var messages = 224
    @Option(help: "How many are handled side by side.") var concurrency = 32
    @Option(help: "How long the model takes for an answer, in milliseconds.") var latency = 1_000
    @Option(help: "How many runs, after one with a few mails that does not count.") var runs = 3

    func run() async throws {
        // A process of its own: what the model remembers is not the desk's memory.
        let model = Process()
        model.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        model.arguments = ["model-server", "--latency", "\(latency)"]
        let (told, held) = (Pipe(), Pipe())
        (model.standardOutput, model.standardInput) = (told, held)
        try model.run()
        defer {
            try? held.fileHandleForWriting.close()
            model.waitUntilExit()
        }
        let url = String(decoding: told.fileHandleForReading.availableData, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let folder = NSTemporaryDirectory() + "auradesk-model-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["cur", "new", "tmp"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/mail/\(name)", withIntermediateDirectories: true)
        }
        try Data(deskFile(url).utf8).write(to: URL(fileURLWithPath: "\(folder)/desk.yaml"))
        let ideal = Double((messages + concurrency - 1) / concurrency * latency) / 1_000
        var walls: [Double] = []
        var before = 0
        print("| run | mails | answered by the model | wall (s) | ideal (s) | ratio | peak growth (MiB) |")
        print("|---|---:|---:|---:|---:|---:|---:|")
        for run in 0...runs {
            let count = run == 0 ? 4 : messages
            try fill("\(folder)/mail/new", run, count)
            let floor = Memory.startOver()
            let start = ContinuousClock.now
            let configuration = try DeskConfiguration(file: "\(folder)/desk.yaml")
            let desk = try await Desk.build(
                configuration, DeskSurroundings(logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }))
            let answered = Counter()
            _ = try await desk.run { message in
                if message.disposition == .answered { await answered.add() }
            }
            let wall = (ContinuousClock.now - start) / .seconds(1)
            let growth = Double(Memory.peak() - floor) / 1_024
            let total = try await Ledger(configuration.keys).spending(since: .distantPast).first
            let asked = (total?.requests ?? 0) - before
            before += asked
            guard await answered.count == count, asked == count, total?.failures == 0 else {
                throw ValidationError("\(await answered.count) of \(count) answered with \(asked) requests")
            }
            if run == 0 { continue }
            walls.append(wall)
            print(
                String(
                    format: "| %d | %d | %d | %.2f | %.2f | %.3f | %.1f |", run, count, asked, wall, ideal,
                    wall / ideal, growth))
        }
        let median = walls.sorted()[walls.count / 2]
        print(String(format: "median %.2f s, ideal %.2f s, ratio %.3f", median, ideal, median / ideal))
    }

    private func deskFile(_ url: String) -> String {
        """
        shop: {name: Neem & Clay, address: support@neemandclay.example}
        channels: [{maildir: mail, adopt_from: 2020-01-01}]
        carrier: {maildir: outbox}
        tickets: {folder: tickets}
        state: state
        templates: \(FileManager.default.currentDirectoryPath)/Templates
        model: {url: "\(url)", name: slow, key: {command: [echo, test-key]}}
        limits: {concurrency: \(concurrency), replies_per_domain: 100000, replies_per_hour: 100000}
        """
    }

    /// One question each from another sender: the mail of one sender is handled one by one.
    private func fill(_ folder: String, _ run: Int, _ count: Int) throws {
        let arrival = Int(Date().timeIntervalSince1970)
        for number in 0..<count {
            let lines = [
                "From: sender\(run)x\(number)@host\(run)x\(number).example", "To: support@neemandclay.example",
                "Subject: A question", "Message-ID: <\(run).\(number).\(arrival)@mail.example>", "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=utf-8", "", "Hello,", "", "what is your return policy?", "",
            ]
            try Data(lines.joined(separator: "\n").utf8)
                .write(to: URL(fileURLWithPath: "\(folder)/\(arrival).M\(number)R\(run).bench"))
        }
    }

    private actor Counter {
        private(set) var count = 0
        func add() { count += 1 }
    }

    /// The process's memory in KiB, as Linux counts it (proc(5)).
    private enum Memory {
        /// Forgets the peak, and returns what is used now.
        static func startOver() -> Int {
            try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
            return field("VmRSS:")
        }

        static func peak() -> Int { field("VmHWM:") }

        private static func field(_ name: String) -> Int {
            let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
            let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
            return line.flatMap { Int($0.split(separator: " ").dropLast().last ?? "") } ?? 0
        }
    }
}

/// The slow model of `ModelBenchmark`, until its standard input ends.
struct ModelServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model-server", abstract: "A chat model that takes its time.", shouldDisplay: false)

    @Option(help: "In milliseconds.") var latency = 1_000

    func run() async throws {
        // A sentence of the shipped article, word for word: the review lets it pass.
        let answer = """
            {"answer": "You can return any unused item within 30 days of delivery and get your money back.",
            "language": "en", "citations": ["returns-policy"], "facts_used": [], "resolved": true,
            "needs_human": false, "reason": "-"}
            """
        let server = try ChatModelServer { [latency] _ in .delayed(.milliseconds(latency), .content(answer)) }
        FileHandle.standardOutput.write(Data("\(server.baseURL)\n".utf8))
        _ = try? FileHandle.standardInput.readToEnd()
        await server.stop()
    }
}
