import ArgumentParser
import Foundation
import SupportDesk

/// One pass over all channels.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Handle all new mail once; made for cron.",
        discussion: """
            Takes up what an interrupted run left, then fetches, decides, commits and delivers. Each message ends answered, drafted, \
            escalated, ignored or quarantined, and is marked at its source only when that is on record. Told to stop, by SIGTERM, \
            SIGINT or --time-budget, it ends what is in hand and leaves the rest for the next run.

            Ends with 0 when everything is done, 69 when a channel or service could not be reached, 75 when work remains: the time \
            or the number of messages was over, something waits to be tried again, another run is at work, or the desk is paused.

            Example:  */5 * * * *  /usr/local/bin/auradesk run --config /etc/auradesk/desk.yaml --time-budget 4m
            """)

    @OptionGroup var desk: DeskOptions

    @Option(help: ArgumentHelp("Begin with so many messages at most.", valueName: "count"))
    var maxMessages: Int?

    @Option(
        help: ArgumentHelp(
            "Begin nothing more after this time, such as 90s or 4m; what is in hand may take 10 seconds longer.",
            valueName: "time"))
    var timeBudget: Span?

    @Flag(
        help: """
            Decide everything and do nothing: nothing is sent, filed, marked or put on record. Models are asked, and paid. \
            The outcomes go to standard output.
            """)
    var dryRun = false

    @Flag(help: "One JSON object per message on standard output, and a last one with the summary.")
    var json = false

    @Option(help: "poller: look for new mail and mark what is done; worker: handle it; all: both.")
    var role = Role.all

    func validate() throws {
        if let maxMessages, maxMessages < 1 { throw ValidationError("--max-messages must be 1 or more") }
    }

    func run() async throws {
        let log = desk.log
        try await reporting(log) {
            var configuration = try await desk.configuration()
            // A batch is an effect at the provider.
            if dryRun, !configuration.models.isEmpty { configuration.models[0].batch = nil }
            // Others may be at work beside it; only that cron starts a second one over the first is of no use.
            let lock = dryRun || role != .all ? nil : try RunLock(state: configuration.state)
            var surroundings = try desk.surroundings(configuration)
            surroundings.role = role
            let built = try await Desk.build(configuration, surroundings)
            let printer = RunPrinter(json: json, isPreview: dryRun, log: log)
            let (limit, dryRun) = (maxMessages ?? .max, dryRun)
            let isDone = try await Stopping(budget: timeBudget?.duration, log: log).run(built) {
                await printer.finished(
                    dryRun
                        ? try await built.preview(upTo: limit) { await printer.handled($0) }
                        : try await built.run(upTo: limit) { await printer.handled($0) })
            }
            withExtendedLifetime(lock) {}
            try await printer.end()
            if !isDone { throw ExitCode(75) }
        }
    }
}

/// A time as it is written in `desk.yaml`.
struct Span: ExpressibleByArgument {
    let duration: Duration

    init(_ duration: Duration) { self.duration = duration }

    var defaultValueDescription: String { "\(duration.components.seconds)s" }

    init?(argument: String) {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3_600]
        guard let unit = argument.last.flatMap({ units[$0] }), let count = Double(argument.dropLast()), count > 0,
            count < 1e6
        else { return nil }
        duration = .seconds(count * unit)
    }
}

/// Prints a run: the log's lines, or lines of JSON; and a summary.
actor RunPrinter {
    private let json: Bool
    private let isPreview: Bool
    private let log: Log
    private var report: RunReport?

    init(json: Bool, isPreview: Bool = false, log: Log) {
        self.json = json
        self.isPreview = isPreview
        self.log = log
    }

    func handled(_ message: HandledMessage) {
        if json {
            Terminal.print(Self.line(message))
        } else if isPreview {
            Terminal.print(LogLine(message, at: Date()).text(log.format))
        } else {
            log.outcome(message)
        }
    }

    func finished(_ report: RunReport) {
        self.report = report
        if json {
            Terminal.print(Self.line(Summary(report: report)))
        } else if report.pause == nil, report.handled + report.waiting > 0 || Terminal.isInteractive || isPreview {
            if log.format == .human || isPreview {
                Terminal.print((isPreview ? "Nothing was done. " : "") + Self.summary(report))
            } else {
                log.say(
                    .info, "pass",
                    Disposition.Kind.allCases.map { ($0.rawValue, .number(Double(report.counts[$0] ?? 0))) }
                        + [("waiting", .number(Double(report.waiting)))])
            }
        }
    }

    /// Says what stands in the way, and how the run ended.
    /// - Throws: `ExitCode`.
    func end() throws {
        guard let report else { return }
        if let pause = report.pause {
            log.say(.warning, "nothing was done: the desk is paused \(pause.words)")
            throw ExitCode(75)
        }
        for line in report.unavailable { log.say(.error, line) }
        if !report.unavailable.isEmpty { throw ExitCode(69) }
        if report.workRemains { throw ExitCode(75) }
    }

    static func summary(_ report: RunReport) -> String {
        let parts = Disposition.Kind.allCases.compactMap { kind in
            report.counts[kind].map { "\($0) \(kind.rawValue)" }
        }
        let handled = "\(report.handled) handled: \(parts.joined(separator: ", "))."
        if report.waiting > 0 {
            return "\(parts.isEmpty ? "" : handled + " ")\(report.waiting) wait for a batch of a model's answers."
        }
        return parts.isEmpty ? "Nothing new." : handled
    }

    static func line(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

/// The last line of a run's JSON.
private struct Summary: Encodable {
    let report: RunReport

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for kind in Disposition.Kind.allCases {
            try container.encode(report.counts[kind] ?? 0, forKey: Key(kind.rawValue))
        }
        try container.encode(report.handled, forKey: Key("handled"))
        // Null where nothing was added to it.
        try container.encode(report.audit, forKey: Key("audit"))
    }
}
