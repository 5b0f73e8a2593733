import Foundation
import Synchronization

/// Counts what a process does. Nothing in it names a person: labels are channels, rules, stages and models.
public final class Meter: Sendable {
    private struct State {
        /// Since the process began.
        var page = MetricsPage()
        /// Since the last page was taken for the file.
        var news = MetricsPage()
    }

    private let state = Mutex(State())

    private let isWanted: Bool

    /// - Parameter isWanted: whether anybody reads it; else nothing is counted.
    public init(isWanted: Bool = true) { self.isWanted = isWanted }

    /// Counts.
    func count(_ metric: Metric, _ labels: (name: String, value: String)..., by amount: Double = 1) {
        add([MetricsPage.Series(metric, labels): amount])
    }

    /// Notes a measured time.
    func observe(_ metric: Metric, _ labels: (name: String, value: String)..., seconds: Double) {
        guard isWanted else { return }
        let seconds = max(0, seconds)
        let bounds = metric.bounds
        var page: [MetricsPage.Series: Double] = [:]
        // Every bucket is there from the first time on: a figure that begins with 1 shows no increase.
        for index in 0...bounds.count {
            let isIn = index == bounds.count || seconds <= bounds[index]
            page[MetricsPage.Series(metric, labels, .bucket(index))] = isIn ? 1 : 0
        }
        page[MetricsPage.Series(metric, labels, .sum)] = seconds
        page[MetricsPage.Series(metric, labels, .count)] = 1
        add(page)
    }

    /// Sets what is as it is.
    func set(_ metric: Metric, _ labels: (name: String, value: String)..., to value: Double) {
        add([MetricsPage.Series(metric, labels): value])
    }

    private func add(_ values: [MetricsPage.Series: Double]) {
        guard isWanted else { return }
        state.withLock { state in
            state.page.merge(MetricsPage(values))
            state.news.merge(MetricsPage(values))
        }
    }

    /// Everything since the process began.
    var page: MetricsPage { state.withLock { $0.page } }

    /// Everything since the last time.
    func takeNews() -> MetricsPage {
        state.withLock { state in
            defer { state.news = MetricsPage() }
            return state.news
        }
    }

    /// Gives back what could not be written.
    func giveBack(_ page: MetricsPage) {
        state.withLock { state in
            var whole = page
            whole.merge(state.news)
            state.news = whole
        }
    }
}

extension Meter {
    /// Notes what became of a message.
    func note(_ message: HandledMessage, _ dossier: Dossier, now: Date) {
        count(
            .messages, ("channel", dossier.raw.channel), ("disposition", message.disposition.rawValue),
            ("rule", message.rule))
        if message.disposition == .quarantined { count(.quarantined) }
        observe(
            .age, ("disposition", message.disposition.rawValue),
            seconds: now.timeIntervalSince(dossier.raw.arrival))
        for lap in dossier.laps { observe(.stageTime, ("stage", lap.stage), seconds: lap.time.seconds) }
    }

    /// Notes a request to a model.
    func note(model name: String, outcome: String, _ tokens: ModelTokens, cost: Int64, milliseconds: Int64?) {
        count(.modelRequests, ("model", name), ("outcome", outcome))
        count(.modelTokens, ("model", name), ("direction", "read"), by: Double(tokens.read))
        count(.modelTokens, ("model", name), ("direction", "written"), by: Double(tokens.output))
        count(.modelCost, ("model", name), by: Double(cost) / 1_000_000)
        // Of one in a batch nobody knows.
        if let milliseconds { observe(.modelTime, ("model", name), seconds: Double(milliseconds) / 1_000) }
        if outcome == "answered" { set(.remote, ("remote", "model \(name)"), to: 1) }
    }
}

extension Duration {
    /// As a number of seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
