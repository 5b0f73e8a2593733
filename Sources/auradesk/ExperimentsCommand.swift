import ArgumentParser
import Foundation
import SupportDesk

/// What is tried side by side.
struct ExperimentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "experiments", abstract: "Show the experiments and how their arms compare; stop one.",
        discussion: """
            What is compared, on how many conversations, and what counts as harm is set in desk.yaml before an experiment begins, \
            and holds until its end. Before each arm has its sample the figures are interim: they show that all goes well, and \
            nothing is to be decided by them. An arm that does harm stops its experiment by itself, and everybody is in \
            control from then on.

            Example:  auradesk experiments show warmer-words
            """,
        subcommands: [ExperimentsList.self, ExperimentsShow.self, ExperimentsStop.self],
        defaultSubcommand: ExperimentsList.self)
}

/// Options of every command about one experiment.
struct ExperimentOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("Its name in desk.yaml.", valueName: "name"))
    var name: String

    @OptionGroup var shown: ShownOptions
}

extension ShownOptions {
    /// All experiments as they stand.
    fileprivate func experiments() async throws -> [ExperimentResult] {
        let configuration = try await desk.configuration(.viewer)
        return try await Desk.experiments(configuration, now: desk.surroundings(configuration).now())
    }
}

/// All of them, a line each.
struct ExperimentsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the experiments.",
        discussion: "Example:  auradesk experiments --config /etc/auradesk/desk.yaml")

    @OptionGroup var shown: ShownOptions

    func run() async throws {
        try await reporting {
            shown.show(
                try await shown.experiments(), none: "No experiment is set in desk.yaml, and none was before."
            ) { results in
                for result in results { ExperimentPrinter.line(result) }
            }
        }
    }
}

/// One of them with its figures.
struct ExperimentsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an experiment and how its arms compare.",
        discussion: "Example:  auradesk experiments show warmer-words --json")

    @OptionGroup var experiment: ExperimentOptions

    func run() async throws {
        try await reporting {
            let name = experiment.name
            guard let result = try await experiment.shown.experiments().first(where: { $0.name == name })
            else { throw DeskError(.data, "there is no experiment \(name) (auradesk experiments lists them)") }
            experiment.shown.show(result, ExperimentPrinter.whole)
        }
    }
}

/// Ends one before its time.
struct ExperimentsStop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Stop an experiment: everybody is in control from the next message on.",
        discussion: """
            It does not begin again: what is tried anew gets a name of its own.

            Example:  auradesk experiments stop warmer-words
            """)

    @OptionGroup var experiment: ExperimentOptions

    private struct Stopped: Encodable {
        let experiment: String
        let wasRunning: Bool
    }

    func run() async throws {
        try await reporting {
            let (name, desk) = (experiment.name, experiment.shown.desk)
            let configuration = try await desk.configuration(.agent)
            let surroundings = try desk.surroundings(configuration)
            let wasRunning = try await Desk.stopExperiment(
                name, configuration, surroundings.logger, now: surroundings.now())
            experiment.shown.show(Stopped(experiment: name, wasRunning: wasRunning)) { stopped in
                Terminal.print(stopped.wasRunning ? "Stopped \(name)." : "\(name) was stopped before.")
            }
        }
    }
}

/// Experiments as people read them.
enum ExperimentPrinter {
    static func line(_ result: ExperimentResult) {
        let enrolled = result.comparisons.map { "\($0.arm) \($0.enrolled)" }.joined(separator: ", ")
        Terminal.print(
            Terminal.bold(result.name)
                + "  \(state(result)); \(result.metric.rawValue), \(enrolled); \(result.sample) each are asked for")
        if let reason = result.reason { Terminal.print("    \(reason)") }
    }

    static func whole(_ result: ExperimentResult) {
        line(result)
        if let started = result.started { Terminal.print("Began \(started.formatted(.iso8601))") }
        if let ended = result.ended { Terminal.print("Ended \(ended.formatted(.iso8601))") }
        Terminal.print("")
        let percent = (result.confidence * 1_000).rounded() / 10
        let header = [
            "ARM".padded(16), "IN IT".leftPadded(6), "COUNTED".leftPadded(8), "VALUE".leftPadded(9),
            "\(percent.formatted()) % INTERVAL".leftPadded(17), "VERDICT",
        ]
        Terminal.print(Terminal.dim(header.joined(separator: "  ")))
        for arm in result.comparisons { row(arm, result) }
        if result.started == nil {
            Terminal.print("\nNo conversation is in it yet.")
        } else if isOpen(result) {
            Terminal.print("\nInterim figures: nothing is to be decided by them before each arm has its sample.")
        }
        for sign in result.harm where sign.isHarm {
            Terminal.print(
                "Harm: \(sign.measure.rawValue) of \(sign.arm) is \(String(format: "%.2f", sign.z)) standard errors beyond "
                    + "its bound; \(String(format: "%.2f", sign.limit)) are too many.")
        }
    }

    /// An arm, and below it how it differs from control.
    private static func row(_ arm: ArmComparison, _ result: ExperimentResult) {
        let cells = [
            arm.arm.cut(to: 16).padded(16), "\(arm.enrolled)".leftPadded(6), "\(arm.n)".leftPadded(8),
            value(arm.value, result.metric).leftPadded(9), range(arm.interval, result.metric).leftPadded(17),
        ]
        Terminal.print(cells.joined(separator: "  ") + "  " + words(arm.state, isOpen: isOpen(result)))
        guard let difference = arm.difference else { return }
        let p = arm.p.map { $0 < 0.0001 ? "p < 0.0001" : String(format: "p %.4f", $0) } ?? ""
        let beside = [
            "to control".leftPadded(34), value(difference, result.metric, signed: true).leftPadded(9),
            range(arm.differenceInterval, result.metric).leftPadded(17), p,
        ]
        Terminal.print(Terminal.dim(beside.joined(separator: "  ")))
    }

    /// Whether its figures may still change what is concluded.
    private static func isOpen(_ result: ExperimentResult) -> Bool {
        result.state == .running || result.state == .waiting
    }

    private static func state(_ result: ExperimentResult) -> String {
        switch result.state {
        case .running: result.started == nil ? "not begun" : "running"
        case .waiting: "sample reached, outcomes to come"
        case .finished: "finished"
        case .stopped: result.isHarm ? "stopped because of harm" : "stopped"
        }
    }

    private static func words(_ state: ArmComparison.State, isOpen: Bool) -> String {
        switch state {
        case .control: "control"
        case .interim: isOpen ? "interim" : "not decided"
        case .tooFew: "too few to tell"
        case .better: "better"
        case .worse: "worse"
        case .noDifference: "no difference shown"
        case .harmful: "harmful"
        }
    }

    private static func value(_ value: Double?, _ metric: Experiment.Metric, signed: Bool = false) -> String {
        guard let value else { return "–" }
        let text = metric.isShare ? String(format: "%.1f %%", value * 100) : String(format: "%.2f", value)
        return signed && value > 0 ? "+\(text)" : text
    }

    private static func range(_ interval: Interval?, _ metric: Experiment.Metric) -> String {
        guard let interval else { return "–" }
        let factor = metric.isShare ? 100.0 : 1
        return String(format: "%.2f … %.2f", interval.low * factor, interval.high * factor)
    }
}
