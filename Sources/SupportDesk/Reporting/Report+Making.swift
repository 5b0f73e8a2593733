import Foundation
import Triage

/// What a report is made of besides the figures of its days.
struct ReportBasis: Sendable {
    let shop: String
    let zone: TimeZone
    let policy: ReportPolicy
    let now: Date
    /// The days that were asked for.
    let days: ClosedRange<Int>
    let queues: QueueFigures
    /// Questions without a good passage that were looked at.
    var gaps: [GapQuestion] = []
    /// Those that ran in these days.
    var experiments: [ExperimentResult] = []
}

extension Report {
    init(_ byDay: [Int: DayFigures], _ basis: ReportBasis) {
        let policy = basis.policy
        // Days before the desk began are not in it.
        let first = min(byDay.keys.min() ?? basis.days.lowerBound, basis.days.upperBound)
        let days = max(first, basis.days.lowerBound)...basis.days.upperBound
        var sum = DayFigures()
        for day in days { if let figures = byDay[day] { sum += figures } }
        let total = sum.total
        shop = basis.shop
        made = basis.now
        period = Period(
            since: LocalDate(dayNumber: days.lowerBound).description,
            until: LocalDate(dayNumber: days.upperBound).description, days: days.count,
            timeZone: basis.zone.identifier)
        handled = Handled(total)
        automation = Rate(total[.automatic], of: total[.questions])
        deflection = Rate(total.resolved, of: max(0, total[.questions] - total[.pending] - total[.waiting]))
        resolution = Resolution(
            afterDays: policy.resolvedAfter / 86_400, confirmed: total[.confirmed], silent: total[.silent],
            denied: total[.denied], returned: total[.returned], pending: total[.pending],
            rate: Rate(total.resolved, of: total.known))
        firstContactResolution = Rate(total[.firstSettled], of: total[.firstKnown])
        recurrence = Rate(total[.recurred], of: total[.recurrable])
        responseTimes = ResponseTimes(sum, policy)
        escalations = Named.list(sum.reasons)
        satisfaction = Satisfaction(total)
        accuracy = Accuracy(sum)
        handling = Times(sum.handling)
        handover = Rate(total[.handed] - total[.askedAgain], of: total[.handed])
        costs = Costs(total, policy)
        models = sum.models.sorted { $0.key < $1.key }.map(Model.init)
        mood = Mood(
            negative: total[.negative], neutral: total[.neutral], positive: total[.positive],
            mean: total[.moods] == 0 ? nil : Double(total[.moodSum]) / Double(total[.moods]) / 100)
        func groups(
            _ part: KeyPath<DayFigures, [String: Tally]>, _ ratings: KeyPath<DayFigures, [String: RatingSums]>
        ) -> [Group] {
            sum[keyPath: part].filter { $0.value[.questions] > 0 }
                .sorted { ($1.value[.questions], $0.key) < ($0.value[.questions], $1.key) }
                .map { name, tally in
                    Group(
                        name, tally, sum[keyPath: ratings][name] ?? RatingSums(), of: total[.questions],
                        perDay: days.map { byDay[$0]?[keyPath: part][name]?[.questions] ?? 0 })
                }
        }
        languages = groups(\.languages, \.ratingsByLanguage)
        intents = groups(\.intents, \.ratingsByIntent)
        gaps = Gaps(
            questions: Rate(total[.gaps], of: total[.questions]), looked: basis.gaps.count,
            clusters: GapClusters.clusters(of: basis.gaps))
        experiments = basis.experiments.map(Experiment.init)
        shadows = sum.shadows.map { Shadow(ShadowStanding(intent: $0.key, counts: $0.value)) }
            .sorted { ($1.compared, $1.waiting, $0.name) < ($0.compared, $0.waiting, $1.name) }
        findings = Named.list(sum.findings)
        func waiting(_ queue: QueueFigures.Queue) -> Waiting {
            Waiting(
                count: queue.count,
                oldest: queue.count == 0 ? nil : queue.oldest.map { max(0, basis.now.timeIntervalSince($0)) })
        }
        queues = Queues(
            intake: waiting(basis.queues.intake), outbox: waiting(basis.queues.outbox),
            drafts: waiting(basis.queues.drafts))
        let failures = ["requests to models": total[.failures]].filter { $0.value > 0 }
        errors = Named.list(sum.errors.merging(failures, uniquingKeysWith: +))
        promise = Promise(
            automaticWithin: policy.automaticWithin,
            automatic: Rate(total[.promptly], of: total[.promptly] + total[.tardily]),
            personWithin: policy.personWithin,
            people: Rate(total[.promptPeople], of: total[.promptPeople] + total[.tardyPeople]),
            isLate: basis.queues.unanswered.map { basis.now.timeIntervalSince($0) > policy.personWithin } ?? false)
        self.days = days.map { Day($0, byDay[$0]?.total ?? Tally()) }
        reckoning = Reckoning(
            handlingMinutes: policy.handlingMinutes, draftMinutes: policy.draftMinutes, hourlyCost: policy.hourlyCost)
        targets = Target.all(
            policy, automation: automation.share, satisfaction: satisfaction.score.mean,
            firstContactResolution: firstContactResolution.share, recurrence: recurrence.share,
            reduction: responseTimes.reduction)
    }
}

extension Report.Handled {
    fileprivate init(_ total: Tally) {
        self.init(
            messages: total[.messages], ignored: total[.ignored], other: total[.other], questions: total[.questions],
            automatic: total[.automatic], approved: total[.approved], escalated: total[.escalated],
            quarantined: total[.quarantined], overtaken: total[.overtaken], waiting: total[.waiting],
            customers: total[.customers])
    }
}

extension Report.ResponseTimes {
    fileprivate init(_ sum: DayFigures, _ policy: ReportPolicy) {
        var all = sum.automatic
        all += sum.people
        let median = all.percentile(0.5)
        self.init(
            automatic: Report.Times(sum.automatic), people: Report.Times(sum.people), all: Report.Times(all),
            reduction: policy.baseline.flatMap { baseline in median.map { 1 - $0 / baseline } },
            byHour: (0..<24).map { hour in
                let figures = sum[hour: hour]
                return Hour(
                    hour: hour, questions: figures.questions, automatic: Report.Times(figures.automatic),
                    people: Report.Times(figures.people))
            })
    }
}

extension Report.Satisfaction {
    fileprivate init(_ total: Tally) {
        let stars = (0..<5).map { total[Count(rawValue: Count.stars1.rawValue + $0) ?? .stars1] }
        self.init(
            score: Report.Score(total),
            content: Report.Rate(total[.votesYes], of: total[.scored]), stars: stars,
            voices: Report.Rate(
                min(total[.scored], total[.automatic] + total[.approved]), of: total[.automatic] + total[.approved]))
    }
}

extension Report.Accuracy {
    fileprivate init(_ sum: DayFigures) {
        let total = sum.total
        self.init(
            drafts: Report.Rate(total.accepted, of: total.judged), asWritten: total[.asWritten],
            touched: total[.touched], corrected: total[.corrected], rejected: total[.rejected], lapsed: total[.lapsed],
            sample: Sample(sum.ratings))
    }
}

extension Report.Costs {
    fileprivate init(_ total: Tally, _ policy: ReportPolicy) {
        let models = Double(total[.cost]) / 1_000_000
        let alone = total.manned - total[.approved]
        let minutes = Double(alone) * policy.handlingMinutes + Double(total[.approved]) * policy.draftMinutes
        let spared =
            Double(total.resolved) * policy.handlingMinutes
            + Double(total[.approved]) * max(0, policy.handlingMinutes - policy.draftMinutes)
        let questions = total[.questions]
        let rate = policy.hourlyCost
        let customers = Double(total[.customers])
        self.init(
            currency: policy.currency, models: models,
            perResolution: total.resolved == 0 ? nil : models / Double(total.resolved),
            perQuestion: rate.flatMap { questions == 0 ? nil : (models + $0 * minutes / 60) / Double(questions) },
            agentHours: minutes / 60, saved: rate.map { $0 * spared / 60 - models },
            customersPerAgentHour: minutes > 0 ? customers / (minutes / 60) : nil,
            customersPerAgentHourBefore: questions == 0
                ? nil : customers / (Double(questions) * policy.handlingMinutes / 60))
    }
}

extension Report.Group {
    /// So many in the earlier half at least, for a trend to mean something.
    private static let leastForTrend = 10

    fileprivate init(_ name: String, _ tally: Tally, _ ratings: RatingSums, of questions: Int, perDay: [Int]) {
        // Every draft is judged by somebody and stands for itself; a rated answer for those like it.
        var right = ratings
        right.add(isRight: true, weight: 1, count: tally.accepted)
        right.add(isRight: false, weight: 1, count: tally.judged - tally.accepted)
        let half = perDay.count / 2
        let (earlier, later) = (perDay.prefix(half).reduce(0, +), perDay.suffix(half).reduce(0, +))
        self.init(
            name: name, questions: tally[.questions], share: Double(tally[.questions]) / Double(max(1, questions)),
            automation: Report.Rate(tally[.automatic], of: tally[.questions]), satisfaction: Report.Score(tally),
            accuracy: Report.Estimate(right),
            recurrence: Report.Rate(tally[.recurred], of: tally[.recurrable]), gaps: tally[.gaps], perDay: perDay,
            trend: earlier >= Self.leastForTrend ? Double(later) / Double(earlier) - 1 : nil)
    }
}

extension Report.Day {
    fileprivate init(_ day: Int, _ total: Tally) {
        self.init(
            day: LocalDate(dayNumber: day).description, questions: total[.questions], automatic: total[.automatic],
            approved: total[.approved], people: total[.questions] - total[.automatic] - total[.approved],
            ignored: total[.ignored] + total[.other],
            satisfaction: total[.scored] == 0 ? nil : Double(total[.scores]) / Double(total[.scored]))
    }
}

extension Report.Target {
    fileprivate static func all(
        _ policy: ReportPolicy, automation: Double?, satisfaction: Double?, firstContactResolution: Double?,
        recurrence: Double?, reduction: Double?
    ) -> [Report.Target] {
        func target(_ name: String, _ wanted: Double?, _ reached: Double?, isLeast: Bool = true) -> Report.Target? {
            wanted.map { wanted in
                Report.Target(
                    name: name, wanted: wanted, isLeast: isLeast, reached: reached,
                    isMet: reached.map { isLeast ? $0 >= wanted : $0 <= wanted })
            }
        }
        return [
            target("automation", policy.automation, automation),
            target("satisfaction", policy.satisfaction, satisfaction),
            target("first_contact_resolution", policy.firstContactResolution, firstContactResolution),
            target("recurrence", policy.recurrence, recurrence, isLeast: false),
            target("reply_time", policy.replyTime, reduction),
        ].compactMap(\.self)
    }
}
