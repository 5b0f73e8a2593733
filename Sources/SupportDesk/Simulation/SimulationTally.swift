import Foundation
import Triage

/// Sums up what a replay found out. It goes through all messages in the order of time, whoever replayed them when: what one
/// conversation does to another, by the limits on replies, is counted here and nowhere else.
struct SimulationTally {
    /// One message, and what would have become of it beside all the others.
    struct Item {
        let thread: Int
        let place: Int
        let outcome: PastOutcome
        var disposition: Disposition.Kind
        var rule: String
    }

    let policy: DecisionPolicy
    let goals: SimulationGoals
    let items: [Item]

    /// - Parameter threads: in any order.
    init(_ threads: [ThreadOutcome], policy: DecisionPolicy, backstops: Backstops, goals: SimulationGoals) {
        self.policy = policy
        self.goals = goals
        let sorted = threads.sorted {
            ($0.outcomes.first?.arrival ?? 0, $0.key) < ($1.outcomes.first?.arrival ?? 0, $1.key)
        }
        var items = sorted.enumerated().flatMap { thread, found in
            found.outcomes.enumerated().map { place, outcome in
                Item(
                    thread: thread, place: place, outcome: outcome, disposition: outcome.disposition, rule: outcome.rule
                )
            }
        }
        items.sort { ($0.outcome.arrival, $0.thread, $0.place) < ($1.outcome.arrival, $1.thread, $1.place) }
        var withPeople: Set<Int> = []
        var replies = Replies(limits: backstops)
        for index in items.indices where items[index].disposition != .ignored {
            if withPeople.contains(items[index].thread) {
                (items[index].disposition, items[index].rule) = (.escalated, "with-a-person")
            } else if items[index].disposition == .answered,
                let rule = replies.limit(items[index].outcome, in: items[index].thread)
            {
                (items[index].disposition, items[index].rule) = (.escalated, rule)
            }
            switch items[index].disposition {
            case .answered: replies.add(items[index].outcome, in: items[index].thread)
            case .escalated, .quarantined: withPeople.insert(items[index].thread)
            case .drafted, .ignored: break
            }
        }
        self.items = items
    }

    /// The whole report.
    func report(_ basis: SimulationReport.Basis, zone: TimeZone) -> SimulationReport {
        var basis = basis
        basis.messages = items.count
        basis.answeredByPeople = items.count { $0.outcome.wait != nil }
        basis.firstDay = items.first.map { LocalDate(Date(milliseconds: $0.outcome.arrival), in: zone).description }
        basis.lastDay = items.last.map { LocalDate(Date(milliseconds: $0.outcome.arrival), in: zone).description }
        var report = SimulationReport(basis, goals)
        for item in items {
            report.dispositions[item.disposition.rawValue, default: 0] += 1
            if item.disposition != .answered { report.rules[item.rule, default: 0] += 1 }
            if let language = item.outcome.language { report.languages[language, default: 0] += 1 }
            report.likenesses.add(item)
        }
        let asked = items.filter { $0.outcome.disposition != .ignored }.map(\.outcome)
        report.all = intent("all", asked)
        report.intents = Dictionary(grouping: asked.filter { $0.intent != nil }) { $0.intent ?? "" }
            .map { intent($0.key, $0.value) }.sorted { ($1.messages, $0.intent) < ($0.messages, $1.intent) }
        report.estimate = estimate(asked)
        report.gaps = KnowledgeGaps(items.compactMap(\.outcome.gap)).found
        report.differences = InstructiveDifferences(items).found
        return report
    }

    // MARK: - Curves

    /// The least certainties that are tried.
    private static let thresholds = stride(from: 30, through: 95, by: 5).map { Double($0) / 100 } + [0.98, 0.99]

    private func intent(_ name: String, _ outcomes: [PastOutcome]) -> SimulationReport.Intent {
        let ready = outcomes.filter(\.isCandidate)
        let configured = name == "all" ? policy.defaultThreshold : policy.threshold(for: name)
        let mode = name == "all" ? policy.defaultMode : policy.mode(for: name)
        let curve = Set(Self.thresholds + [configured]).sorted().map { threshold in
            let above = ready.filter { ($0.certainty ?? 0) >= threshold }
            let judged = above.compactMap(\.likeness.isRight)
            return SimulationReport.Point(
                threshold: threshold, coverage: SimulationReport.Share(above.count, of: outcomes.count),
                error: SimulationReport.Share(judged.count { !$0 }, of: judged.count))
        }
        return SimulationReport.Intent(
            intent: name, messages: outcomes.count, ready: ready.count,
            judged: ready.count { $0.likeness.isRight != nil },
            configured: SimulationReport.Intent.Configured(mode: mode, threshold: configured), curve: curve,
            proposal: SimulationReport.Proposal(curve, messages: outcomes.count, ready: ready.count, goals))
    }

    // MARK: - Time and money

    private func estimate(_ asked: [PastOutcome]) -> SimulationReport.Estimate {
        var estimate = SimulationReport.Estimate()
        guard let first = items.first?.outcome.arrival, let last = items.last?.outcome.arrival else { return estimate }
        let days = max(Double(last - first) / 86_400_000, 1)
        func monthly(_ amount: Double) -> Double { amount / days * 30 }
        let answered = items.count { $0.disposition == .answered }
        estimate.messagesPerMonth = monthly(Double(asked.count))
        estimate.answeredPerMonth = monthly(Double(answered))
        let waits = items.compactMap(\.outcome.wait).sorted()
        if !waits.isEmpty {
            estimate.medianWait = waits[waits.count / 2] / 1_000
            estimate.longWait = waits[min(waits.count - 1, waits.count * 9 / 10)] / 1_000
        }
        estimate.hoursPerMonth = monthly(Double(answered) * goals.minutesPerAnswer / 60)
        estimate.hoursCostPerMonth = goals.hourlyCost.map { $0 * estimate.hoursPerMonth }
        let count = Double(max(asked.count, 1))
        estimate.tokensIn = Double(items.map(\.outcome.tokensIn).reduce(0, +)) / count
        estimate.tokensOut = Double(items.map(\.outcome.tokensOut).reduce(0, +)) / count
        estimate.modelCostPerMonth = monthly(Double(items.map(\.outcome.cost).reduce(0, +)) / 1_000_000)
        return estimate
    }
}

extension SimulationReport.Proposal {
    /// An intent that people correct this often is not worth drafts.
    private static let tolerable = 0.3

    /// From the measured curve: the lowest threshold that keeps the error within bounds also where chance was kind.
    init(_ curve: [SimulationReport.Point], messages: Int, ready: Int, _ goals: SimulationGoals) {
        func percent(_ share: Double?) -> String { SimulationReport.percent(share ?? 0) }
        guard ready > 0 else {
            self.init(mode: .off, threshold: nil, reason: "No answer was ready for any of \(messages) messages.")
            return
        }
        let judged = curve.filter { $0.error.of > 0 }
        if let point = judged.first(where: { $0.error.high ?? 1 <= goals.maximumError }) {
            self.init(
                mode: .auto, threshold: point.threshold,
                reason:
                    "\(point.error.count) of \(point.error.of) answers were wrong, \(percent(point.error.high)) at most; "
                    + "\(point.coverage.count) of \(point.coverage.of) messages would be answered.")
        } else if let point = judged.first(where: { $0.error.value ?? 1 <= goals.maximumError }) {
            self.init(
                mode: .draft, threshold: point.threshold,
                reason:
                    "\(point.error.count) of \(point.error.of) answers were wrong, and \(percent(point.error.high)) may be: "
                    + "it takes \(Self.needed(for: goals.maximumError)) without a fault to be sure.")
        } else if let point = judged.min(by: { $0.error.high ?? 1 < $1.error.high ?? 1 }) {
            let isTolerable = point.error.value ?? 1 <= Self.tolerable
            self.init(
                mode: isTolerable ? .draft : .shadow, threshold: isTolerable ? point.threshold : nil,
                reason: "\(point.error.count) of \(point.error.of) answers were wrong at the best threshold, "
                    + "\(SimulationReport.number(point.threshold)).")
        } else {
            self.init(
                mode: .shadow, threshold: nil, reason: "None of \(ready) answers could be compared with a person's.")
        }
    }

    /// How many answers without a fault it takes until so many wrong ones can be ruled out.
    static func needed(for error: Double) -> Int {
        guard error > 0 else { return .max }
        let found = (1...100_000).first { SimulationReport.Share(0, of: $0).high ?? 1 <= error }
        return found ?? 100_000
    }
}

extension SimulationReport.Likenesses {
    mutating func add(_ item: SimulationTally.Item) {
        let outcome = item.outcome
        guard outcome.disposition != .ignored else { return }
        counts[outcome.likeness.rawValue, default: 0] += 1
        switch outcome.neededPerson {
        case true?: neededPerson += 1
        case false?:
            neededNobody += 1
            if item.disposition == .escalated { needlessEscalations += 1 }
        case nil: break
        }
        switch outcome.isSameMatter {
        case true?: sameMatter += 1
        case false?: otherMatter += 1
        case nil: break
        }
    }
}

/// The replies that would have gone out, as the limits on them count.
private struct Replies {
    let limits: Backstops
    private var senders: [Data: [Int64]] = [:]
    private var domains: [Data: [Int64]] = [:]
    private var texts: [Data: [Int64]] = [:]
    private var matters: [Data: [Int64]] = [:]
    private var all: [Int64] = []
    private var threads: [Int: Int] = [:]

    private static let hour: Int64 = 3_600_000

    init(limits: Backstops) { self.limits = limits }

    /// The limit that a reply would pass.
    func limit(_ outcome: PastOutcome, in thread: Int) -> String? {
        func count(_ times: [Int64]?, hours: Int64) -> Int {
            let since = outcome.arrival - hours * Self.hour
            var number = 0
            for time in (times ?? []).reversed() {
                if time <= since { break }
                number += 1
            }
            return number
        }
        func times(_ key: Data?, _ table: [Data: [Int64]]) -> [Int64]? { key.flatMap { table[$0] } }
        if count(times(outcome.text, texts), hours: 24) >= limits.perText { return "same-text" }
        if count(times(outcome.sender, senders), hours: 24) >= limits.perSender { return "sender-cap" }
        if threads[thread] ?? 0 >= limits.perConversation { return "conversation-cap" }
        if count(times(outcome.domain, domains), hours: 1) >= limits.perDomain { return "domain-cap" }
        if count(all, hours: 1) >= limits.overall { return "overall-cap" }
        if count(times(outcome.matter, matters), hours: 24 * 14) >= limits.perMatter { return "third-message" }
        return nil
    }

    mutating func add(_ outcome: PastOutcome, in thread: Int) {
        if let key = outcome.sender { senders[key, default: []].append(outcome.arrival) }
        if let key = outcome.domain { domains[key, default: []].append(outcome.arrival) }
        if let key = outcome.text { texts[key, default: []].append(outcome.arrival) }
        if let key = outcome.matter { matters[key, default: []].append(outcome.arrival) }
        all.append(outcome.arrival)
        threads[thread, default: 0] += 1
    }
}
