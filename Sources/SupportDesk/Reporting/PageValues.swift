import Foundation

/// The values of a report's page.
struct PageValues {
    let report: Report

    init(_ report: Report) { self.report = report }

    var context: TemplateContext {
        var context = TemplateContext([
            "shop": report.shop, "since": report.period.since, "until": report.period.until,
            "days": ReportWords.count(report.period.days, "day"), "zone": report.period.timeZone,
            "program": Release.version, "made": report.made.formatted(.iso8601.year().month().day()),
            "tiles": tiles, "handled": handled, "answers": answers, "speed": speed, "people": people,
            "quality": quality, "groups": groups, "gaps": gaps, "cost": cost, "state": state,
        ])
        context["trials"] = trials
        context["shadows"] = shadows
        return context
    }

    // MARK: - At a glance

    private var tiles: [TemplateContext] {
        let wanted = Dictionary(report.targets.map { ($0.name, $0) }) { first, _ in first }
        func tile(
            _ name: String, _ target: String, _ value: String?, _ note: String, bar: Double?,
            _ word: (Double) -> String = ReportWords.percent, mark: (Double) -> Double = { $0 }
        ) -> TemplateContext {
            var tile = TemplateContext(["name": name, "value": value ?? "–", "note": note])
            let target = wanted[target]
            tile["bar"] = bar.map {
                ReportChart.bullet($0, wanted: target.map { mark($0.wanted) }, isMet: target?.isMet)
            }
            tile["goal"] = target.map { target in
                TemplateContext([
                    "wanted": "\(target.isLeast ? "At least" : "At most") \(word(target.wanted))",
                    "class": target.isMet == false ? "missed" : target.isMet == true ? "met" : "soft",
                    "verdict": target.isMet.map { $0 ? "met" : "missed" } ?? "not known yet",
                ])
            }
            return tile
        }
        func rate(_ name: String, _ target: String, _ rate: Report.Rate, full: Double = 1) -> TemplateContext {
            tile(
                name, target, rate.share.map(ReportWords.percent), Self.note(rate), bar: rate.share.map { $0 / full },
                mark: { $0 / full })
        }
        let score = report.satisfaction.score
        let median = report.responseTimes.all.p50
        return [
            rate("Automation", "automation", report.automation),
            tile(
                "Satisfaction", "satisfaction", score.mean.map(ReportWords.decimal),
                "of 5, \(ReportWords.count(score.count, "voice"))\(Self.interval(score.low, score.high, ReportWords.decimal))",
                bar: score.mean.map { ($0 - 1) / 4 }, ReportWords.decimal, mark: { ($0 - 1) / 4 }),
            rate("First-contact resolution", "first_contact_resolution", report.firstContactResolution),
            // What comes back is little: the bar shows up to a fifth.
            rate("Came back in 7 days", "recurrence", report.recurrence, full: 0.2),
            tile(
                "Median reply time", "reply_time", median.map(ReportWords.time),
                report.responseTimes.reduction.map { "\(ReportWords.percent($0)) less than before" }
                    ?? "\(ReportWords.grouped(report.responseTimes.all.count)) answers",
                bar: report.responseTimes.reduction, { "\(ReportWords.percent($0)) less" }),
        ]
    }

    // MARK: - Sections

    /// Days, or weeks, or four weeks, so that a column is never thinner than a pixel of a phone.
    private struct Span {
        let name: String
        var automatic = 0
        var approved = 0
        var people = 0
        var questions = 0
    }

    private static let mostColumns = 92

    private var spans: (word: String, list: [Span]) {
        let days = report.days
        let (size, word) =
            days.count <= Self.mostColumns
            ? (1, "day") : days.count <= 7 * Self.mostColumns ? (7, "week") : (28, "four weeks")
        let list = stride(from: 0, to: days.count, by: size).map { start in
            days[start..<min(days.count, start + size)].reduce(into: Span(name: days[start].day)) { span, day in
                span.automatic += day.automatic
                span.approved += day.approved
                span.people += day.people
                span.questions += day.questions
            }
        }
        return (word, list)
    }

    private var handled: TemplateContext {
        let (word, spans) = spans
        let names = spans.map(\.name)
        let column = word == "day" ? "Day" : "\(Self.title(word)) from"
        var context = TemplateContext([
            "messages": ReportWords.grouped(report.handled.messages),
            "questions": ReportWords.grouped(report.handled.questions),
            "facts": Self.facts([
                ("By the desk", ReportWords.grouped(report.handled.automatic), Self.note(report.automation)),
                ("By a draft that a person sent", ReportWords.grouped(report.handled.approved), nil),
                (
                    "By people", ReportWords.grouped(report.handled.escalated + report.handled.overtaken),
                    report.handled.quarantined > 0 ? "and \(report.handled.quarantined) that could not be read" : nil
                ),
                ("Drafts that wait", ReportWords.grouped(report.handled.waiting), nil),
                ("Nobody had to answer", ReportWords.grouped(report.handled.ignored), nil),
                ("Customers", ReportWords.grouped(report.handled.customers), "counted once a day"),
            ]),
        ])
        guard report.handled.questions > 0 else { return context }
        context["chart"] = ReportChart.columns(
            "Questions by \(word)", "How they were answered.",
            [
                ReportChart.Series(name: "By the desk", style: "desk", values: spans.map { Double($0.automatic) }),
                ReportChart.Series(name: "By a draft", style: "draft", values: spans.map { Double($0.approved) }),
                ReportChart.Series(name: "By people", style: "people", values: spans.map { Double($0.people) }),
            ], names: names, column: column)
        let target = report.targets.first { $0.name == "automation" }
        let share = target.map { " The dashed line is the target of \(ReportWords.percent($0.wanted))." } ?? ""
        context["automation"] = ReportChart.shares(
            "Automation by \(word)", "Questions that the desk answered by itself.\(share)",
            spans.map { $0.questions == 0 ? nil : Double($0.automatic) / Double($0.questions) },
            wanted: target?.wanted, names: names, column: column)
        return context
    }

    private var answers: TemplateContext {
        let resolution = report.resolution
        let after = resolution.afterDays
        return TemplateContext([
            "after": after < 2 ? "\(ReportWords.number(after * 24)) hours" : "\(ReportWords.number(after)) days",
            "strip": ReportChart.strip(
                "What became of the answers",
                [
                    ("Confirmed", "good", resolution.confirmed), ("Silent since", "desk", resolution.silent),
                    ("Wrote again", "draft", resolution.returned), ("Said no", "bad", resolution.denied),
                    ("Too early to tell", "rest", resolution.pending),
                ]),
            "facts": Self.facts([
                Self.fact("Settled", resolution.rate), Self.fact("Deflection", report.deflection),
                Self.fact("First-contact resolution", report.firstContactResolution),
                Self.fact("Came back within 7 days", report.recurrence),
            ]),
        ])
    }

    private var speed: TemplateContext {
        let times = report.responseTimes
        var context = TemplateContext([
            "rows": [("The desk", times.automatic), ("People", times.people), ("All", times.all)].map { name, times in
                TemplateContext([
                    "name": name, "count": ReportWords.grouped(times.count),
                    "p50": times.p50.map(ReportWords.time) ?? "–", "p90": times.p90.map(ReportWords.time) ?? "–",
                    "p99": times.p99.map(ReportWords.time) ?? "–",
                ])
            }
        ])
        if times.all.count > 0 {
            context["chart"] = ReportChart.hours(
                "Median time to the answer by the hour of arrival",
                "On a scale on which every tenfold is as high as the next.", times.byHour)
        }
        return context
    }

    private var people: TemplateContext {
        let promise = report.promise
        return TemplateContext([
            "reasons": Self.bars(report.escalations),
            "facts": Self.facts([
                Self.fact(
                    "Nothing to ask again", report.handover, "of what was handed over, the customer did not write again"
                ),
                (
                    "Handling time", report.handling.p50.map(ReportWords.time) ?? "–",
                    report.handling.p90.map { "half of \(report.handling.count); 90% within \(ReportWords.time($0))" }
                ),
                Self.fact("The desk within \(ReportWords.time(promise.automaticWithin))", promise.automatic),
                Self.fact(
                    "People within \(ReportWords.time(promise.personWithin))", promise.people,
                    "as far as they were seen"),
            ]),
        ])
    }

    // MARK: - Words

    static func facts(_ facts: [(String, String, String?)]) -> [TemplateContext] {
        facts.map { name, value, note in
            var fact = TemplateContext(["name": name, "value": value])
            fact["note"] = note
            return fact
        }
    }

    static func fact(_ name: String, _ rate: Report.Rate, _ words: String? = nil) -> (String, String, String?) {
        (
            name, rate.share.map(ReportWords.percent) ?? "–",
            [note(rate), words].compactMap(\.self).joined(separator: "; ")
        )
    }

    static func note(_ rate: Report.Rate) -> String {
        guard rate.of > 0 else { return "none yet" }
        return "\(ReportWords.grouped(rate.count)) of \(ReportWords.grouped(rate.of))"
            + interval(rate.low, rate.high, ReportWords.percent)
    }

    static func interval(_ low: Double?, _ high: Double?, _ word: (Double) -> String) -> String {
        guard let low, let high else { return "" }
        return ", \(word(low)) to \(word(high))"
    }

    static func bars(_ named: [Report.Named]) -> [TemplateContext] {
        let most = named.first?.count ?? 0
        return named.prefix(12).map { bar(title($0.name), $0.count, of: most, "people") }
    }

    static func bar(_ name: String, _ count: Int, of most: Int, _ style: String) -> TemplateContext {
        TemplateContext([
            // Nothing is no bar, however thin.
            "name": name, "count": ReportWords.grouped(count), "class": count == 0 ? "none" : style,
            "width": String(format: "%.1f", Double(count) / Double(max(1, most)) * 100),
        ])
    }

    /// `track_order`, `low-confidence`: `Track order`, `Low confidence`.
    static func title(_ name: String) -> String {
        let words = name.replacing("_", with: " ").replacing("-", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// A language by its English name, where it has one.
    static func language(_ tag: String) -> String {
        switch tag {
        case "hi-Latn": "Hindi in Latin letters"
        default: Locale(identifier: "en").localizedString(forLanguageCode: tag) ?? tag
        }
    }
}
