import Foundation
import SupportDesk

/// A report as a person reads it on a terminal.
struct ReportPrinter {
    let report: Report
    private static let label = 26
    static let most = 8

    init(_ report: Report) { self.report = report }

    func print() {
        let period = report.period
        Terminal.print(
            Terminal.bold(Terminal.plain(report.shop))
                + ", \(period.since) to \(period.until) (\(ReportWords.count(period.days, "day")), \(period.timeZone))")
        printTargets()
        printHandled()
        printAnswers()
        printPeople()
        printMoney()
        printGroups("Intents", report.intents)
        printGroups("Languages", report.languages)
        printExperiments()
        printShadows()
        printGaps()
        printState()
    }

    // MARK: - Parts

    private func printTargets() {
        guard !report.targets.isEmpty else { return }
        head("Targets")
        for target in report.targets {
            let isScore = target.name == "satisfaction"
            func word(_ value: Double) -> String { isScore ? ReportWords.decimal(value) : ReportWords.percent(value) }
            let sign = target.isLeast ? "at least" : "at most"
            let verdict = target.isMet.map { $0 ? "met" : "missed" } ?? "not known yet"
            line(
                target.name.replacing("_", with: " "),
                "\(target.reached.map(word) ?? "–"), wanted \(sign) \(word(target.wanted)): \(verdict)")
        }
    }

    private func printHandled() {
        let handled = report.handled
        head("Handled")
        line("messages", "\(handled.messages), of which \(handled.questions) wanted an answer")
        line("by the desk", rate(report.automation))
        line("by a draft, approved", "\(handled.approved)")
        line("by people", "\(handled.escalated + handled.overtaken)")
        if handled.waiting > 0 { line("drafts that wait", "\(handled.waiting)") }
        if handled.quarantined > 0 { line("quarantined", "\(handled.quarantined)") }
        line("nobody had to", "\(handled.ignored), and \(handled.other) besides for people to see")
        line("customers", "\(handled.customers), counted once a day")
    }

    private func printAnswers() {
        let resolution = report.resolution
        head("What became of the answers")
        line(
            "settled",
            rate(resolution.rate)
                + "; \(resolution.confirmed) confirmed, \(resolution.silent) silent for "
                + "\(ReportWords.number(resolution.afterDays)) days")
        line(
            "not settled",
            "\(resolution.returned) wrote again, \(resolution.denied) said no; \(resolution.pending) too early to tell")
        line("deflection", rate(report.deflection))
        line("first-contact resolution", rate(report.firstContactResolution))
        line("recurrence in 7 days", rate(report.recurrence))
        let satisfaction = report.satisfaction
        line(
            "satisfaction",
            satisfaction.score.mean.map {
                "\(ReportWords.decimal($0)) of 5\(interval(satisfaction.score.low, satisfaction.score.high, ReportWords.decimal)), "
                    + "\(satisfaction.score.count) said something"
            } ?? "nobody said anything")
        line("drafts that were right", rate(report.accuracy.drafts))
        let sample = report.accuracy.sample
        line(
            "answers that were right",
            sample.share.map {
                "\(ReportWords.percent($0))\(interval(sample.low, sample.high, ReportWords.percent)), by \(sample.right + sample.wrong) "
                    + "of \(sample.drawn) drawn that people looked at"
            } ?? "nobody looked at any yet")
        line("answered by the desk in", times(report.responseTimes.automatic))
        line("answered by people in", times(report.responseTimes.people))
        if let reduction = report.responseTimes.reduction {
            line("reply time", "\(ReportWords.percent(reduction)) less than before")
        }
    }

    private func printPeople() {
        head("What people got")
        for reason in report.escalations.prefix(Self.most) {
            line(reason.name.replacing("-", with: " "), "\(reason.count) (\(ReportWords.percent(reason.share)))")
        }
        if report.escalations.isEmpty { Terminal.print("  nothing") }
        line("nothing to ask again", rate(report.handover))
        line("handling time", times(report.handling))
        for finding in report.findings.prefix(Self.most) { line("review: \(finding.name)", "\(finding.count)") }
    }

    private func printMoney() {
        let costs = report.costs
        head("Cost")
        func money(_ amount: Double) -> String { ReportWords.money(amount, costs.currency) }
        line("models", money(costs.models))
        if let cost = costs.perResolution { line("for each one settled", money(cost)) }
        if let cost = costs.perQuestion { line("for each question", "\(money(cost)), agents included") }
        if let saved = costs.saved { line("saved", money(saved)) }
        line("agents", "\(ReportWords.decimal(costs.agentHours)) hours")
        if let rate = costs.customersPerAgentHour {
            let before = costs.customersPerAgentHourBefore.map { ", \(ReportWords.decimal($0)) without the desk" } ?? ""
            line("customers an hour", ReportWords.decimal(rate) + before)
        }
        for model in report.models {
            line(
                Terminal.plain(model.model),
                "\(model.requests) requests, \(model.failures) without an answer, "
                    + "\(model.tokensIn + model.tokensCached + model.tokensStored) tokens read, \(model.tokensOut) written, "
                    + money(model.cost))
        }
    }

    private func printGroups(_ title: String, _ groups: [Report.Group]) {
        guard !groups.isEmpty else { return }
        head(title)
        Terminal.print(
            Terminal.dim(
                "  \("".padded(Self.label))\("N".leftPadded(7))\("DESK".leftPadded(7))\("CONTENT".leftPadded(9))"
                    + "\("RIGHT".leftPadded(7))\("AGAIN".leftPadded(7))\("TREND".leftPadded(7))"))
        for group in groups.prefix(title == "Intents" ? 2 * Self.most : Self.most) {
            let cells = [
                "\(group.questions)".leftPadded(7),
                (group.automation.share.map(ReportWords.percent) ?? "–").leftPadded(7),
                (group.satisfaction.mean.map(ReportWords.decimal) ?? "–").leftPadded(9),
                (group.accuracy.share.map(ReportWords.percent) ?? "–").leftPadded(7),
                (group.recurrence.share.map(ReportWords.percent) ?? "–").leftPadded(7),
                (group.trend.map(ReportWords.signed) ?? "–").leftPadded(7),
            ]
            Terminal.print("  " + group.name.padded(Self.label).cut(to: Self.label) + cells.joined())
        }
    }

    private func printGaps() {
        let gaps = report.gaps
        head("What the articles lack")
        line("questions", rate(gaps.questions))
        if gaps.looked > 0, gaps.looked < gaps.questions.count {
            line("looked at", "\(gaps.looked) of them, drawn by chance")
        }
        for cluster in gaps.clusters.prefix(Self.most) {
            Terminal.print("  " + Terminal.bold("\(cluster.count)× ") + cluster.words.joined(separator: ", "))
            for example in cluster.examples.prefix(2) {
                for line in Terminal.wrapped(Terminal.plain(example), indent: 6) { Terminal.print("      \(line)") }
            }
        }
    }

    private func printState() {
        head("Now")
        for (name, queue) in [
            ("mail", report.queues.intake), ("outbox", report.queues.outbox), ("drafts", report.queues.drafts),
        ] {
            let age = queue.oldest.map { ", the oldest for \(ReportWords.time($0))" } ?? ""
            line("\(name) that waits", "\(queue.count)\(age)")
        }
        let promise = report.promise
        if promise.isLate { line("late", "somebody waits for longer than she was promised") }
        head("In time")
        line("the desk in \(ReportWords.time(promise.automaticWithin))", rate(promise.automatic))
        line("people in \(ReportWords.time(promise.personWithin))", rate(promise.people))
        guard !report.errors.isEmpty else { return }
        head("What went wrong")
        for error in report.errors { line(error.name, "\(error.count)") }
    }

    // MARK: - Words

    func head(_ title: String) {
        Terminal.print("")
        Terminal.print(Terminal.bold(title))
    }

    /// A figure; what is too long for the terminal goes on below it.
    func line(_ name: String, _ value: String) {
        for (index, part) in Terminal.wrapped(value, indent: Self.label + 3).enumerated() {
            let label = index == 0 ? name.cut(to: Self.label) : ""
            Terminal.print("  \(label.padded(Self.label)) \(part)")
        }
    }

    func text(_ text: String) {
        for line in Terminal.wrapped(text, indent: 2) { Terminal.print("  \(line)") }
    }

    func rate(_ rate: Report.Rate) -> String {
        guard let share = rate.share, let low = rate.low, let high = rate.high else { return "none yet" }
        return "\(ReportWords.percent(share)) (\(rate.count) of \(rate.of); \(ReportWords.percent(low)) to "
            + "\(ReportWords.percent(high)))"
    }

    func interval(_ low: Double?, _ high: Double?, _ word: (Double) -> String) -> String {
        guard let low, let high else { return "" }
        return " (\(word(low)) to \(word(high)))"
    }

    private func times(_ times: Report.Times) -> String {
        guard let median = times.p50, let nine = times.p90, let most = times.p99 else { return "none seen" }
        return
            "\(ReportWords.time(median)) (half of \(times.count)), \(ReportWords.time(nine)) (90%), \(ReportWords.time(most)) (99%)"
    }
}
