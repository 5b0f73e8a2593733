import ArgumentParser
import Foundation
import Logging
import SupportDesk

/// Options of every command that works on a desk.
struct DeskOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("The desk's configuration.", valueName: "file"))
    var config = "desk.yaml"

    @Option(
        help: ArgumentHelp(
            "Take this instant for the present, to repeat a decision: 2026-03-10T09:00:00Z.", valueName: "instant"))
    var now: String?

    @Flag(name: .shortAndLong, help: "Log more.")
    var verbose = false

    @Option(
        help: ArgumentHelp(
            "How log lines are written: human, json or logfmt. By default human on a terminal, else logfmt.",
            valueName: "format"))
    var logFormat: LogFormat?

    /// The log on standard error.
    var log: Log { Log(logFormat) }

    /// Reads the configuration, for whoever may do what the command does.
    func configuration(_ role: Permission = .admin) async throws -> DeskConfiguration {
        let configuration = try DeskConfiguration(file: config)
        try await configuration.require(role)
        return configuration
    }

    /// The clock, the logger and the trial process of a command.
    func surroundings(_ configuration: DeskConfiguration) throws -> DeskSurroundings {
        var surroundings = DeskSurroundings(
            logger: try RedactingLog.over(Self.logger(verbose: verbose, log), configuration),
            rehearsal: .child(
                "/proc/self/exe".resolvingLink,
                ["rehearse", "--config", config] + (now.map { ["--now", $0] } ?? [])))
        if let now {
            guard let instant = try? Date(now, strategy: .iso8601) else {
                throw ValidationError("--now must be an instant such as 2026-03-10T09:00:00Z")
            }
            surroundings.now = { instant }
        }
        return surroundings
    }

    /// How messages of the past are tried, in a folder of their own: the desk's ledger is not opened for it.
    var trial: @Sendable (_ state: String) -> Rehearsal {
        { [config, now] state in
            .child(
                "/proc/self/exe".resolvingLink,
                ["rehearse", "--config", config, "--state", state] + (now.map { ["--now", $0] } ?? []))
        }
    }

    static func logger(verbose: Bool, _ log: Log = Log()) -> Logger {
        var logger = Logger(label: "auradesk") { _ in LogLines(log: log) }
        logger.logLevel = verbose ? .debug : .notice
        return logger
    }
}

/// Options of every command that shows something of a desk, to people or to programs.
struct ShownOptions: ParsableArguments {
    @OptionGroup var desk: DeskOptions

    @Flag(help: "JSON in place of text: an object, of lists one a line.")
    var json = false

    /// Shows one thing.
    func show<Value: Encodable>(_ value: Value, _ text: (Value) throws -> Void) rethrows {
        if json { Terminal.print(RunPrinter.line(value)) } else { try text(value) }
    }

    /// Shows a list, or says that there is none.
    func show<Value: Encodable>(
        _ values: [Value], none words: String, _ text: ([Value]) throws -> Void
    ) rethrows {
        if json {
            for value in values { Terminal.print(RunPrinter.line(value)) }
        } else if values.isEmpty {
            Terminal.print(words)
        } else {
            try text(values)
        }
    }
}

/// Options of every command about one draft.
struct DraftOptions: ParsableArguments {
    @Argument(help: "The draft's number, as auradesk drafts shows it.")
    var id: Int64

    @OptionGroup var shown: ShownOptions

    var desk: DeskOptions { shown.desk }
    var json: Bool { shown.json }
}

extension Role: ExpressibleByArgument {}

extension String {
    /// Where a symbolic link leads; the path itself when it is none.
    var resolvingLink: String { (try? FileManager.default.destinationOfSymbolicLink(atPath: self)) ?? self }
}
