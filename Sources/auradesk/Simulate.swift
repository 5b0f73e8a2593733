import ArgumentParser
import Foundation
import SupportDesk

/// What the desk would have done with the past.
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replay past conversations and compare the desk with the people who answered; nothing is sent.",
        discussion: """
            SOURCE is a maildir, an mbox, a folder of mails, the name of a channel in desk.yaml (a maildir, an IMAP folder, a \
            ticket queue), or an address such as imaps://user@host/INBOX,Sent. Of a channel the folders of people's answers are \
            read as well. It is read only: nothing is sent, filed or marked, and the desk's own ledger is not opened.

            Every message is handled as it would have been when it arrived: at that time, with the articles that were valid then \
            (valid_from, valid_until), with the orders as they stood then as far as their records tell, and with everything \
            switched on. What the desk would have answered is compared with what a person did: the amounts, days, numbers and \
            links, the matter, and whether it took a person at all. From that follow, for each intent, how much would be answered \
            and how much of it wrong at each threshold, and which threshold and mode to set.

            The configured language model is not asked, and what it would cost is estimated; --ask-models asks it, and it is paid.

            Interrupted, it goes on where it stood when it is started again. What it keeps for that is sealed, and removed at the \
            end; auradesk forget destroys its key. A mail of which the program has died is tried apart the next time, and left \
            out and named when it kills again.

            Examples:  auradesk simulate support
                       auradesk simulate ~/Maildir --since 2026-01-01 --html past.html
                       auradesk simulate inbox.mbox sent.mbox --json > past.json
                       auradesk simulate imaps://support@mail.shop.example/INBOX,Sent --password-env IMAP_PASSWORD

            Exit codes:   0  done
                         65  there is no such source, or no conversation in it
                         69  a server was unavailable
                         75  told to stop before the end, or another replay is at work on the same source
            """)

    @Argument(
        help: ArgumentHelp("Maildirs, mboxes, folders; or a channel, or an imaps:// address.", valueName: "source"))
    var source: [String]

    @OptionGroup var desk: DeskOptions

    @Option(help: ArgumentHelp("Only messages from this day on: 2026-01-01.", valueName: "day"))
    var since: String?

    @Option(help: ArgumentHelp("Of the automatic answers to an intent so many may be wrong: 5%.", valueName: "share"))
    var maxError = "5%"

    @Option(help: ArgumentHelp("What a person takes for one answer.", valueName: "minutes"))
    var handlingMinutes = 6.0

    @Option(help: ArgumentHelp("What an hour of hers costs.", valueName: "amount"))
    var hourlyCost: Double?

    @Flag(help: "Ask the configured language models, which are paid.")
    var askModels = false

    @Option(help: ArgumentHelp("Write the report as one page of HTML.", valueName: "file"))
    var html: String?

    @Flag(help: "One JSON object on standard output.")
    var json = false

    @Option(help: ArgumentHelp("Conversations replayed side by side.", valueName: "count"))
    var parallel = 32

    @Option(help: ArgumentHelp("The environment variable with the password of an imaps:// address.", valueName: "name"))
    var passwordEnv: String?

    @Option(help: ArgumentHelp("The replay's own folder; one in the cache by default.", valueName: "folder"))
    var folder: String?

    @Flag(help: "Leave the replay's folder, so that another report of the same past is made at once.")
    var keep = false

    func validate() throws {
        if parallel < 1 || parallel > 1_000 { throw ValidationError("--parallel must be 1 to 1000") }
        if !(0.1...1_000).contains(handlingMinutes) {
            throw ValidationError("--handling-minutes must be 0.1 to 1000")
        }
        if let hourlyCost, !(0...1_000_000).contains(hourlyCost) {
            throw ValidationError("--hourly-cost must be 0 to 1000000")
        }
        if share == nil { throw ValidationError("--max-error must be a share such as 5% or 0.05") }
        if since != nil, day == nil { throw ValidationError("--since must be a day such as 2026-01-01") }
    }

    private var share: Double? {
        let isPercent = maxError.hasSuffix("%")
        guard let number = Double(isPercent ? String(maxError.dropLast()) : maxError) else { return nil }
        let share = isPercent ? number / 100 : number
        return share > 0 && share < 1 ? share : nil
    }

    private var day: Date? { since.flatMap { try? Date("\($0)T00:00:00Z", strategy: .iso8601) } }

    func run() async throws {
        let log = desk.log
        try await reporting(log) {
            let configuration = try await desk.configuration()
            let surroundings = try desk.surroundings(configuration)
            var password: String?
            if let passwordEnv {
                password = ProcessInfo.processInfo.environment[passwordEnv]
                if password == nil { throw DeskError(.configuration, "the environment has no \(passwordEnv)") }
            }
            let past = try PastSource(source, configuration, password: password)
            var options = Simulation.Options()
            options.concurrency = parallel
            options.asksModels = askModels
            options.present = surroundings.now
            options.goals.maximumError = share ?? options.goals.maximumError
            options.goals.minutesPerAnswer = handlingMinutes
            options.goals.hourlyCost = hourlyCost
            if let day { options.since = day }
            options.trial = desk.trial
            let place = try folder ?? Self.folder(of: source, configuration)
            let lock = try RunLock(state: place)
            let simulation = Simulation(
                configuration, source: past, folder: place, options: options, logger: surroundings.logger)
            let outcome = Outcome()
            let bar = ReplayBar()
            let isDone = try await Stopping(log: log).run {
                await outcome.set(try await simulation.run { await bar.show($0) })
            }
            Terminal.endProgress()
            guard isDone, let report = await outcome.report else {
                Terminal.say("auradesk: stopped; the same command goes on from here")
                throw ExitCode(75)
            }
            try show(report, configuration)
            if await bar.replayed > 0 { Terminal.say(await bar.summary) }
            if !keep { try simulation.remove() }
            withExtendedLifetime(lock) {}
            if report.basis.messages == 0 { throw DeskError(.data, "there is no customer's message in it") }
        }
    }

    private func show(_ report: SimulationReport, _ configuration: DeskConfiguration) throws {
        if let html {
            let page = try report.page(templates: configuration.templates)
            guard FileManager.default.createFile(atPath: html, contents: Data(page.utf8)) else {
                throw DeskError(.unavailable, "cannot write \(html)")
            }
        }
        if json {
            Terminal.print(try report.json())
        } else if html == nil {
            Terminal.print(report.text(columns: min(max(Terminal.columns ?? 100, 60), 160)))
        } else {
            Terminal.say("written to \(html ?? "")")
        }
    }

    /// The same for the same source and configuration.
    private static func folder(of source: [String], _ configuration: DeskConfiguration) throws -> String {
        let absolute = source.map { word in
            FileManager.default.fileExists(atPath: word) ? URL(fileURLWithPath: word).standardizedFileURL.path : word
        }
        let name = Simulation.folderName(of: absolute + [configuration.state])
        guard let path = CacheFolder.path(of: name) else {
            throw DeskError(.unavailable, "there is no cache folder to keep the replay in: name one with --folder")
        }
        return path
    }

    private actor Outcome {
        private(set) var report: SimulationReport?
        func set(_ report: SimulationReport?) { self.report = report }
    }
}

/// A bar that fills while a replay goes on, on a terminal.
private actor ReplayBar {
    private var started: ContinuousClock.Instant?
    private var shown = ContinuousClock.now - .seconds(1)
    private var rate = 0.0
    private(set) var replayed = 0

    private static let width = 30

    func show(_ progress: Simulation.Progress) {
        if progress.step == .replaying, started == nil { started = .now }
        if let started {
            replayed = progress.done - progress.earlier
            rate = Double(replayed) / max((ContinuousClock.now - started) / .seconds(1), 0.001)
        }
        guard ContinuousClock.now - shown > .milliseconds(100) else { return }
        shown = .now
        guard let total = progress.total, total > 0 else {
            Terminal.progress("reading: \(progress.done) messages")
            return
        }
        let filled = Self.width * progress.done / total
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
        let left = rate > 0 ? Int(Double(total - progress.done) / rate) : nil
        let rest = left.map { ", \($0 >= 120 ? "\($0 / 60) min" : "\($0) s") left" } ?? ""
        Terminal.progress(
            "\(bar) \(progress.done) of \(total) messages, \(Int(rate))/s\(progress.done < total ? rest : "")")
    }

    var summary: String { "\(replayed) messages replayed, \(rate < 10 ? "less than ten" : "\(Int(rate))") a second" }
}
