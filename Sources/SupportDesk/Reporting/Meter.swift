import Foundation
import Transport

/// Counts what a process does. Nothing in it names a person: labels are channels, rules, stages and models.
public final class Meter: Sendable {
    private struct State {
        /// Since the process began.
        var page = MetricsPage()
        /// What was counted since the last page was taken for the file.
        var news = MetricsPage()
        /// Whether a page was taken for the file.
        var isInFile = false
    }

    private let state = LockedBox(State())

    private let isWanted: Bool
    private let role: Role

    /// - Parameters:
    ///   - isWanted: whether anybody reads it; else nothing is counted.
    ///   - role: what its process does: others that do other things may share the file.
    public init(isWanted: Bool = true, role: Role = .all) { (self.isWanted, self.role) = (isWanted, role) }

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
        guard isWanted else { return }
        let own = metric.isOfProcess ? [(name: "role", value: role.rawValue)] : []
        let series = MetricsPage.Series(metric, labels + own)
        state.withLock { state in
            // What is told in the labels is told once.
            if metric.isInformation { state.page.values = state.page.values.filter { $0.key.metric != metric } }
            state.page.values[series] = value
        }
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

    /// Everything that was counted since the last time, and what is as it is: the file may have been written by others meanwhile.
    func takeNews() -> News {
        state.withLock { state in
            defer { (state.news, state.isInFile) = (MetricsPage(), true) }
            var page = state.news
            page.merge(MetricsPage(state.page.values.filter { $0.key.metric.kind == .gauge }))
            return News(page: page, role: role, isFirst: !state.isInFile)
        }
    }

    /// Gives back what could not be written.
    func giveBack(_ news: News) {
        state.withLock { state in
            var whole = MetricsPage(news.page.values.filter { $0.key.metric.kind != .gauge })
            whole.merge(state.news)
            state.news = whole
            if news.isFirst { state.isInFile = false }
        }
    }

    /// What a process adds to the file.
    struct News: Sendable {
        let page: MetricsPage
        let role: Role
        /// What an earlier process of its role has left there says nothing of this one.
        let isFirst: Bool
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
