/// Chooses the differences from which a shop learns most: what would have gone out wrong before what would not, what the desk was
/// sure of before what it doubted, and not twenty times the same.
struct InstructiveDifferences {
    /// The worst first.
    let found: [SimulationReport.Difference]

    private static let shown = 20
    /// Of one kind, as long as there are others.
    private static let mostOfKind = 3

    init(_ items: [SimulationTally.Item]) {
        let ranked = items.enumerated().compactMap { place, item in Self.score(item).map { (place, item, $0) } }
            .sorted { ($1.2, $0.0) < ($0.2, $1.0) }
        var counts: [String: Int] = [:]
        var (chosen, rest): ([SimulationTally.Item], [SimulationTally.Item]) = ([], [])
        for (_, item, _) in ranked {
            let kind =
                "\(item.outcome.intent ?? "") \(item.outcome.likeness.rawValue) \(item.outcome.disposition.rawValue)"
            counts[kind, default: 0] += 1
            if counts[kind] ?? 0 <= Self.mostOfKind { chosen.append(item) } else { rest.append(item) }
        }
        found = (chosen + rest).prefix(Self.shown).map(Self.difference)
    }

    private static func score(_ item: SimulationTally.Item) -> Double? {
        let outcome = item.outcome
        guard outcome.question != nil, let certainty = outcome.certainty else { return nil }
        let wouldAnswer = outcome.disposition == .answered
        let kind: Double
        switch outcome.likeness {
        case .contrary: kind = 5
        case .acted: kind = 4
        case .other: kind = 3
        case .less: kind = 2
        // A person said the same, and the desk had stood back.
        case .same: kind = 1
        case .unclear, .none: return nil
        }
        return (wouldAnswer ? 10 : 0) + kind + certainty
    }

    private static func difference(_ item: SimulationTally.Item) -> SimulationReport.Difference {
        let outcome = item.outcome
        return SimulationReport.Difference(
            intent: outcome.intent, language: outcome.language, disposition: outcome.disposition, rule: outcome.rule,
            certainty: outcome.certainty ?? 0, likeness: outcome.likeness.rawValue, differing: outcome.differing,
            question: outcome.question ?? "", desks: outcome.desks ?? "", persons: outcome.persons ?? "")
    }
}
