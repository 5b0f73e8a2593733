/// Who is in which arm of which experiment.
///
/// A conversation is assigned when its first message is settled, by a keyed hash of its name, and the assignment is on record
/// from then on: a later change of the file moves nobody. A conversation that had begun before is in no experiment, and once
/// an experiment has its sample nobody is assigned any more.
struct Trials: Sendable {
    let experiments: [Experiment]
    let ledger: Ledger

    /// The arm of a message; nil where it goes the usual way.
    /// - Parameter isReached: whether its customer and what she asks are answered by the desk at all.
    func trial(for triaged: TriagedMessage, isReached: () -> Bool) async throws -> Trial? {
        if experiments.isEmpty { return nil }
        let intent = triaged.isOutOfScope ? nil : triaged.intents.first?.intent
        guard let experiment = experiments.first(where: { $0.covers(intent) }), isReached() else { return nil }
        let association = triaged.association
        let standing = try await ledger.standing(of: experiment.name, in: association.conversation)
        if standing.isStopped { return nil }
        if let name = standing.arm {
            return experiment.arms.first { $0.name == name }.map { Trial(experiment: experiment, arm: $0) }
        }
        guard association.conversation == nil, !standing.isFull else { return nil }
        let place = ledger.seal.place(of: "\(experiment.name)\n\(association.externalID)", for: "trial")
        return experiment.arm(at: place).map { Trial(experiment: experiment, arm: $0) }
    }
}

extension Desk {
    /// The way that everybody goes who is in no experiment, or in its control arm.
    var usualWay: Way {
        Way(grounding: grounding, responding: responding, reviewing: reviewing, deciding: deciding)
    }

    /// The way of a message from here on: the usual one, or that of its conversation's arm.
    /// - Throws: `Settled` where a person answers in that arm.
    func way(of triaged: TriagedMessage, noting dossier: inout Dossier) async throws -> Way {
        let trial = try await trials.trial(for: triaged) { deciding.isReached(triaged) }
        dossier.trial = trial
        guard let trial else { return usualWay }
        if trial.arm.isHuman { throw Settled(disposition: .escalate(.trialHuman)) }
        return ways[trial.key] ?? usualWay
    }
}

extension Deciding {
    /// Whether the desk may answer what is asked, or draft an answer: else no arm would make any difference.
    func isReached(_ triaged: TriagedMessage) -> Bool {
        let intents = triaged.isOutOfScope ? [] : triaged.intents.map(\.intent)
        let modes = intents.isEmpty ? [policy.defaultMode] : intents.map(policy.mode)
        guard modes.allSatisfy({ $0.reach >= Mode.draft.reach }) else { return false }
        return rollout(triaged, bucket(of: triaged), policy.share(for: intents)) == nil
    }
}

extension Rule {
    /// The arm of an experiment in which people answer.
    static let trialHuman = Rule(
        "trial-human", "An experiment compares the desk with people, and this conversation is among people's.")
}
