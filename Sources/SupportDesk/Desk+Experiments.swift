import Foundation
import Logging

extension Desk {
    /// How often an experiment is looked at, seconds.
    private static let experimentInterval: TimeInterval = 900

    /// Looks whether an arm does harm, and whether an experiment has come to its end; unless another process does.
    func tendExperiments() async throws {
        let present = now()
        let due = try await ledger.experiments().filter { row in
            !row.isOver && abs(present.timeIntervalSince(row.checked)) >= Self.experimentInterval
        }
        guard !due.isEmpty, try await ledger.take(.experiments, by: lease.number()) else { return }
        for row in due {
            let result = try await ledger.result(of: row, now: present)
            try await ledger.note(result, now: present)
            guard result.state != .finished, let sign = result.firstHarm else { continue }
            try await stop(row, result, sign, now: present)
        }
    }

    private func stop(_ row: ExperimentRow, _ result: ExperimentResult, _ sign: HarmSign, now: Date) async throws {
        let reason =
            "the arm \(sign.arm) does harm: \(sign.measure.rawValue) is worse than in control by more than "
            + sign.boundWords
        var result = result
        for place in result.comparisons.indices where result.comparisons[place].arm == sign.arm {
            result.comparisons[place].state = .harmful
        }
        result.state = .stopped
        guard try await ledger.stop(row.name, isHarm: true, reason: reason, result: result, now: now) else { return }
        logger.error("an experiment was stopped", metadata: ["experiment": "\(row.name)", "reason": "\(reason)"])
    }

    /// How the experiments stand, those of a file included that have not begun.
    /// - Throws: `DeskError` when the ledger cannot be read.
    public static func experiments(_ configuration: DeskConfiguration, now: Date) async throws -> [ExperimentResult] {
        guard configuration.keys.store.mayExist(in: configuration.state) else {
            return configuration.experiments.map { ExperimentResult($0.name, $0.plan, []) }
        }
        let ledger = try await Ledger(configuration.keys)
        let begun = try await ledger.experimentResults(now: now)
        try await ledger.close()
        return begun
            + configuration.experiments.filter { experiment in !begun.contains { $0.name == experiment.name } }
            .map { ExperimentResult($0.name, $0.plan, []) }
    }

    /// Stops an experiment on behalf of whoever called the program.
    /// - Returns: whether it was running.
    /// - Throws: `DeskError` with code `data` when there is no such experiment.
    public static func stopExperiment(
        _ name: String, _ configuration: DeskConfiguration, _ logger: Logger, now: Date
    ) async throws -> Bool {
        let ledger = try await Ledger(configuration.keys)
        let caller = Caller()
        let account = caller.name.isEmpty ? "user \(caller.number)" : caller.name
        if try await !ledger.experiments().contains(where: { $0.name == name }) {
            guard let experiment = configuration.experiments.first(where: { $0.name == name }) else {
                throw DeskError(.data, "there is no experiment \(name) (auradesk experiments lists them)")
            }
            // One that has not begun does not begin any more.
            try await ledger.begin(experiment, now: now)
        }
        let wasRunning = try await ledger.stop(name, isHarm: false, reason: "stopped by \(account)", now: now)
        try await ledger.sealAudit(now: now)?.log(to: logger)
        try await ledger.close()
        return wasRunning
    }
}

extension HarmSign {
    /// The bound as people say it.
    var boundWords: String {
        measure.isShare ? "\((bound * 100).formatted()) points of a hundred" : "\(bound.formatted()) of 5"
    }
}
