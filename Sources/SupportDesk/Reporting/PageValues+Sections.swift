import Foundation

extension PageValues {
    var quality: TemplateContext {
        let satisfaction = report.satisfaction
        let accuracy = report.accuracy
        let sample = accuracy.sample
        let stars = satisfaction.stars.enumerated().reversed().map { index, count in
            Self.bar(
                "\(index + 1) of 5", count, of: satisfaction.stars.max() ?? 0,
                index < 2 ? "bad" : index > 2 ? "good" : "people")
        }
        let drafts = [
            ("Sent as it was", accuracy.asWritten, "good"), ("But for some words", accuracy.touched, "good"),
            ("Rewritten", accuracy.corrected, "draft"), ("Not wanted", accuracy.rejected, "bad"),
            ("Nobody decided", accuracy.lapsed, "people"),
        ]
        let most = drafts.map(\.1).max() ?? 0
        return TemplateContext([
            "stars": stars, "drafts": drafts.map { Self.bar($0.0, $0.1, of: most, $0.2) },
            "hasFindings": !report.findings.isEmpty, "findings": Self.bars(report.findings),
            "facts": Self.facts([
                (
                    "Satisfaction", satisfaction.score.mean.map { "\(ReportWords.decimal($0)) of 5" } ?? "–",
                    "\(ReportWords.count(satisfaction.score.count, "voice")), "
                        + "\(satisfaction.voices.share.map(ReportWords.percent) ?? "none") of the answers"
                ),
                Self.fact("Drafts that were right", accuracy.drafts),
                (
                    "Answers that were right", sample.share.map(ReportWords.percent) ?? "–",
                    sample.share == nil
                        ? "people have looked at none"
                        : "\(sample.right + sample.wrong) of \(sample.drawn) drawn looked at"
                            + Self.interval(sample.low, sample.high, ReportWords.percent)
                ),
                ("Tone", sample.tone.map { "\(ReportWords.decimal($0)) of 5" } ?? "–", nil),
                ("Empathy", sample.empathy.map { "\(ReportWords.decimal($0)) of 5" } ?? "–", nil),
            ]),
        ])
    }

    private static let mostRows = 25

    var groups: [TemplateContext] {
        func section(
            _ id: String, _ title: String, _ head: String, _ lead: String, _ groups: [Report.Group], note: String? = nil
        ) -> TemplateContext {
            var context = TemplateContext([
                "id": id, "title": title, "head": head, "lead": lead,
                "rows": groups.prefix(Self.mostRows).map { row($0, isLanguage: id == "languages") },
            ])
            context["note"] = note
            if groups.count > Self.mostRows {
                context["more"] = "\(groups.count - Self.mostRows) more are in the JSON and the CSV."
            }
            return context
        }
        let mood = report.mood
        let sum = max(1, mood.negative + mood.neutral + mood.positive)
        func share(_ count: Int) -> String { ReportWords.percent(Double(count) / Double(sum)) }
        let words =
            mood.mean == nil
            ? nil
            : "Customers sound unhappy in \(share(mood.negative)) of the questions, neutral in \(share(mood.neutral)), happy in "
                + "\(share(mood.positive))."
        return [
            section(
                "intents", "What customers asked", "Intent",
                "The busiest first. The trend compares the later half with the earlier one.",
                report.intents),
            section(
                "languages", "Languages and mood", "Language", "In which they wrote.", report.languages, note: words),
        ]
    }

    private func row(_ group: Report.Group, isLanguage: Bool) -> TemplateContext {
        func share(_ rate: Report.Rate) -> String { rate.share.map(ReportWords.percent) ?? "–" }
        return TemplateContext([
            "name": isLanguage ? Self.language(group.name) : Self.title(group.name),
            "questions": "\(ReportWords.grouped(group.questions)) (\(ReportWords.percent(group.share)))",
            "spark": ReportChart.spark(group.perDay), "trend": group.trend.map(ReportWords.signed) ?? "–",
            "automation": share(group.automation),
            "satisfaction": group.satisfaction.mean.map(ReportWords.decimal) ?? "–",
            "accuracy": group.accuracy.share.map(ReportWords.percent) ?? "–", "recurrence": share(group.recurrence),
            "gaps": ReportWords.grouped(group.gaps),
        ])
    }

    var gaps: TemplateContext {
        let gaps = report.gaps
        let lead =
            gaps.questions.count == 0
            ? "No question was without a good passage."
            : "\(ReportWords.grouped(gaps.questions.count)) of \(ReportWords.grouped(gaps.questions.of)) questions had no passage "
                + "that fits, and went to people. "
                + (gaps.clusters.isEmpty
                    ? "The mail of none of them is kept any more."
                    : "By what \(gaps.looked == gaps.questions.count ? "they" : "\(ReportWords.grouped(gaps.looked)) of them, drawn by chance,") are about:")
        return TemplateContext([
            "lead": lead,
            "clusters": gaps.clusters.map { cluster in
                TemplateContext([
                    "words": cluster.words.isEmpty ? "Other" : cluster.words.joined(separator: ", "),
                    "note": "\(ReportWords.count(cluster.count, "question"))"
                        + (cluster.intents.first.map { ", most like \(Self.title($0))" } ?? ""),
                    "examples": cluster.examples.map {
                        TemplateContext([
                            "text": $0, "language": cluster.languages.count == 1 ? cluster.languages[0] : "und",
                        ])
                    },
                ])
            },
        ])
    }

    var cost: TemplateContext {
        let costs = report.costs
        func money(_ amount: Double) -> String { ReportWords.money(amount, costs.currency) }
        return TemplateContext([
            "minutes": ReportWords.number(report.reckoning.handlingMinutes),
            "draftMinutes": ReportWords.number(report.reckoning.draftMinutes),
            "facts": Self.facts([
                ("Models", money(costs.models), nil),
                ("For each question settled", costs.perResolution.map(money) ?? "–", "failed requests included"),
                (
                    "For each question", costs.perQuestion.map(money) ?? "–",
                    costs.perQuestion == nil ? "set report.hourly_cost" : "agents included"
                ),
                ("Saved", costs.saved.map(money) ?? "–", costs.saved == nil ? "set report.hourly_cost" : nil),
                ("Agents", "\(ReportWords.decimal(costs.agentHours)) h", nil),
                (
                    "Customers for each agent's hour", costs.customersPerAgentHour.map(ReportWords.decimal) ?? "–",
                    costs.customersPerAgentHourBefore.map { "\(ReportWords.decimal($0)) without the desk" }
                ),
            ]),
            "hasModels": !report.models.isEmpty,
            "models": report.models.map { model in
                TemplateContext([
                    "name": model.model, "requests": ReportWords.grouped(model.requests),
                    "failures": ReportWords.grouped(model.failures),
                    "read": ReportWords.grouped(model.tokensIn + model.tokensCached + model.tokensStored),
                    "cached": ReportWords.grouped(model.tokensCached), "written": ReportWords.grouped(model.tokensOut),
                    "cost": money(model.cost),
                ])
            },
        ])
    }

    var state: TemplateContext {
        var context = TemplateContext([
            "queues": [
                ("Mail without an outcome", report.queues.intake),
                ("Replies and tickets to deliver", report.queues.outbox),
                ("Drafts for people", report.queues.drafts),
            ].map { name, queue in
                TemplateContext([
                    "name": name, "count": ReportWords.grouped(queue.count),
                    "age": queue.oldest.map(ReportWords.time) ?? "–",
                ])
            },
            "errors": report.errors.map {
                TemplateContext(["name": Self.title($0.name), "count": ReportWords.grouped($0.count)])
            },
        ])
        if report.promise.isLate {
            context["late"] = "Somebody has waited for longer than \(ReportWords.time(report.promise.personWithin))."
        }
        return context
    }
}
