import Foundation
import RetailMail
import Seeded
import Testing
import Triage

@testable import SupportDesk

/// Whether the desk notices that its mail is not what it was.
@Suite("Drift", .timeLimit(.minutes(5)))
struct DriftTests {
    /// A Monday, at midnight in Greenwich.
    private static let monday = Date(timeIntervalSince1970: 1_767_571_200)

    /// Puts settled messages on record: of each intent so many, all in one week.
    private func fill(
        _ ledger: Ledger, week: Int, _ mix: Mix
    ) async throws {
        let start = Self.monday.milliseconds + Int64(week) * DriftWeek.length
        try await ledger.database.write { transaction in
            for (intent, count, confidence) in mix {
                for number in 0..<count {
                    let at = start + Int64(number) * 1_000
                    try transaction.execute(
                        """
                        INSERT INTO message
                            (channel, source, arrived_at, recorded_at, status, intent, confidence, settled_at)
                        VALUES ('c', $1, $2, $3, 'answered', $4, $5, $6)
                        """,
                        [
                            .text("\(week)-\(intent)-\(number)-\(confidence)"), .integer(at), .integer(at),
                            .text(intent), .real(confidence), .integer(at),
                        ])
                }
            }
        }
    }

    private typealias Mix = [(intent: String, count: Int, confidence: Double)]

    private static let usual: Mix = [
        ("track_order", 60, 0.95), ("get_refund", 30, 0.85), ("cancel_order", 20, 0.75), ("out_of_scope", 6, 0.9),
    ]
    /// As many and as sure, about other things.
    private static let other: Mix = [
        ("payment_issue", 60, 0.95), ("review", 30, 0.85), ("newsletter", 20, 0.75), ("out_of_scope", 6, 0.9),
    ]
    /// The same things, less sure.
    private static let unsure: Mix = [
        ("track_order", 60, 0.45), ("get_refund", 30, 0.35), ("cancel_order", 20, 0.55), ("out_of_scope", 6, 0.5),
    ]

    private func date(week: Int) -> Date { Self.monday.addingTimeInterval(Double(week) * 604_800 + 3_600) }

    @Test("weeks are counted once, when they have ended; a week like the others rings no alarm", .onEachEngine)
    func calm() async throws {
        let ledger = try await Ledger.test()
        #expect(try await ledger.countWeeks(now: date(week: 0)) == 0)
        for week in 0..<6 { try await fill(ledger, week: week, Self.usual) }
        #expect(try await ledger.countWeeks(now: date(week: 2)) == 2)
        #expect(try await ledger.countWeeks(now: date(week: 2)) == 0)
        #expect(try await ledger.countWeeks(now: date(week: 6)) == 4)
        let weeks = try await ledger.driftWeeks()
        #expect(weeks.map(\.counts.texts) == [116, 116, 116, 116, 116, 116])
        #expect(weeks[5].counts.unknown == 6 && weeks[5].counts.intents["track_order"] == 60)
        #expect(weeks[5].counts.confidence == [0, 0, 0, 0, 0, 0, 0, 20, 30, 66])
        let report = try await ledger.drift()
        #expect(report.reference == 464 && report.training == 0 && report.weeks.count == 2)
        for week in report.weeks {
            let before = try #require(week.before)
            #expect(week.training == nil && week.alarms.isEmpty)
            #expect(before.intentIndex < 0.01 && before.intentProbability > 0.99)
        }
        #expect(report.weeks[0].week == Self.monday.addingTimeInterval(4 * 604_800))
    }

    @Test("other questions, less confidence, more that nobody covers: each is told", .onEachEngine)
    func alarms() async throws {
        let ledger = try await Ledger.test()
        for week in 0..<4 { try await fill(ledger, week: week, Self.usual) }
        try await fill(ledger, week: 4, Self.other)
        try await fill(ledger, week: 5, Self.unsure)
        try await fill(ledger, week: 6, Self.usual + [("out_of_scope", 60, 0.95)])
        // Too few to say anything.
        try await fill(ledger, week: 7, [("payment_issue", 20, 0.2)])
        _ = try await ledger.countWeeks(now: date(week: 8))
        let weeks = try await ledger.drift().weeks
        #expect(
            weeks.map(\.alarms) == [["intents-moved"], ["confidence-moved"], ["unknown-moved"], []],
            "\(weeks.map(\.line))")
        #expect(weeks[0].line.contains("changed: intents-moved"))
        #expect(abs(weeks[2].unknown - 66.0 / 176) < 1e-9)
        #expect(abs(try #require(weeks[2].before?.unknown) - 24.0 / 464) < 1e-9)
    }

    @Test("each week is held against what the classifier in use was trained on, the first ones too", .onEachEngine)
    func training() async throws {
        let ledger = try await Ledger.test()
        for week in 0..<2 { try await fill(ledger, week: week, Self.usual) }
        try await fill(ledger, week: 2, Self.other)
        try await fill(ledger, week: 3, Self.unsure)
        _ = try await ledger.countWeeks(now: date(week: 4))
        // The first four weeks are what mail is held against, so none of them moved; and nothing is known of the training.
        #expect(try await ledger.drift().weeks.isEmpty)
        var mix = WeekCounts(
            texts: 1_160, intents: ["track_order": 600, "get_refund": 300, "cancel_order": 200], unknown: 60)
        mix.confidence = [0, 0, 0, 0, 0, 0, 0, 200, 300, 660]
        try await ledger.database.write { [mix] in try Ledger.keep(mix, ofVersion: 0, digest: "d", in: $0) }
        let report = try await ledger.drift()
        #expect(report.training == 1_160)
        #expect(report.weeks.map(\.alarms) == [[], [], ["intents"], ["confidence"]], "\(report.weeks.map(\.line))")
        // Another classifier was trained on something else.
        let instant = date(week: 4)
        try await ledger.database.write { [mix] transaction in
            _ = try Ledger.use(1, insteadOf: 0, now: instant, in: transaction)
            try Ledger.keep(
                WeekCounts(texts: 500, intents: ["review": 500], confidence: mix.confidence), ofVersion: 1, digest: "e",
                in: transaction)
        }
        #expect(try await ledger.drift().weeks.allSatisfy { $0.alarms.contains("intents") })
    }

    @Test(
        "without a shift a week in 333 rings at most; a shift of the mix, of the confidence or of the unknown is seen")
    func rates() async throws {
        // The shipped utterances, and how sure a good classifier is of them.
        var training = WeekCounts()
        for example in try TrainingSet.load(directory: "\(PackageFolder.templates)/intents") {
            training.texts += 1
            if example.intent == IntentClassifier.outOfScope {
                training.unknown += 1
            } else {
                training.intents[example.intent, default: 0] += 1
            }
        }
        training.confidence = [0.005, 0.005, 0.01, 0.01, 0.02, 0.03, 0.05, 0.08, 0.14, 0.65]
            .map { Int($0 * Double(training.texts)) }
        var random = SeededRandom(seed: 11)
        func alarms(_ mix: WeekCounts, texts: Int, weeks: Int) async -> [String: Int] {
            var alarms: [String: Int] = [:]
            for number in 0..<weeks {
                let week = DriftWeek(number: Int64(number), version: 0, counts: mix.draw(texts, using: &random))
                let found = Drift(week, training: training, before: nil)?.alarms ?? []
                for alarm in found + (found.isEmpty ? [] : ["any"]) { alarms[alarm, default: 0] += 1 }
                await _Concurrency.Task.yield()
            }
            return alarms
        }
        var (rung, weeks) = (0, 0)
        for texts in [60, 200, 1_000] {
            rung += await alarms(training, texts: texts, weeks: 400)["any"] ?? 0
            weeks += 400
        }
        // Three tests at one in a thousand: 3.6 of 1,200 weeks, and three deviations of that. In fact the index keeps most back.
        #expect(rung <= 9, "\(rung) of \(weeks) weeks without a shift rang")
        // A third of the mail asks about one parcel service's strike; a model that is unsure; a new line of goods.
        var strike = training
        strike.intents["track_order", default: 0] += training.texts / 2
        strike.texts += training.texts / 2
        var unsure = training
        unsure.confidence = [0.01, 0.02, 0.03, 0.06, 0.1, 0.13, 0.15, 0.15, 0.15, 0.2].map { Int($0 * 8_000) }
        var unknown = training
        unknown.unknown += training.texts / 4
        unknown.texts += training.texts / 4
        for (name, mix) in [("intents", strike), ("confidence", unsure), ("unknown", unknown)] {
            let seen = await alarms(mix, texts: 200, weeks: 50)[name] ?? 0
            #expect(seen >= 48, "\(name): \(seen) of 50 weeks of 200 mails")
        }
    }

    @Test("an empty week, and a message that is settled late, keep nothing from being counted", .onEachEngine)
    func late() async throws {
        let ledger = try await Ledger.test()
        try await fill(ledger, week: 0, [("track_order", 10, 0.9)])
        try await ledger.database.write { transaction in
            try transaction.execute(
                """
                INSERT INTO message (channel, source, arrived_at, recorded_at, status)
                VALUES ('c', 'late', 0, 0, 'attempting')
                """, [])
            return
        }
        try await fill(ledger, week: 0, [("get_refund", 5, 0.9)])
        #expect(try await ledger.countWeeks(now: date(week: 2)) == 2)
        #expect(try await ledger.driftWeeks().map(\.counts.texts) == [15, 0])
        let settled = date(week: 2).milliseconds
        try await ledger.database.write { transaction in
            try transaction.execute(
                "UPDATE message SET intent = 'cancel_order', confidence = 0.5, settled_at = $1 WHERE source = 'late'",
                [.integer(settled)])
            return
        }
        #expect(try await ledger.countWeeks(now: date(week: 3)) == 1)
        #expect(try await ledger.driftWeeks().map(\.counts.texts) == [15, 0, 1])
    }

    @Test("a learned model is held against the four weeks before it, where they hold enough")
    func reference() {
        let weeks = (0..<8).map { number in
            DriftWeek(
                number: Int64(number), version: 0,
                counts: WeekCounts(texts: number < 2 ? 10 : 100, intents: ["a": number < 2 ? 10 : 100]))
        }
        var use = ClassifierUse()
        #expect(DriftReference.counts(weeks, for: use).weeks == [0, 1, 2, 3])
        (use.version, use.since) = (3, Date(milliseconds: DriftWeek.start(of: 6) + 5))
        #expect(DriftReference.counts(weeks, for: use).weeks == [2, 3, 4, 5])
        use.since = Date(milliseconds: DriftWeek.start(of: 2))
        #expect(DriftReference.counts(weeks, for: use).weeks == [2, 3, 4, 5])
    }

    @Test("the desk looks by itself, and says so in its log, its status and its figures")
    func watches() async throws {
        let shop = try await ScratchShop { $0.metrics.file = "\($0.state)/metrics.prom" }
        let ledger = try await shop.ledger()
        let first = Int((ScratchShop.start.timeIntervalSince(Self.monday) / 604_800).rounded(.down)) - 5
        for week in 0..<4 { try await fill(ledger, week: first + week, Self.usual) }
        try await fill(ledger, week: first + 4, Self.other)
        // Counted before; a desk counts it again when the utterances are others.
        let mix = WeekCounts(
            texts: 1_000, intents: ["payment_issue": 500, "review": 300, "newsletter": 150], unknown: 50,
            confidence: [0, 0, 0, 0, 0, 0, 0, 200, 300, 500])
        let digest = try TrainingSet.digest(directory: "\(PackageFolder.templates)/intents")
        try await ledger.database.write { try Ledger.keep(mix, ofVersion: 0, digest: digest, in: $0) }
        let lines = LogLines(from: .warning)
        try await shop.run { $0.logger = lines.logger }
        #expect(lines.messages == ["the mail is not what the classifier was made for"])
        let status = try await Desk.status(shop.configuration)
        #expect(status.drift?.contains("changed: intents-moved") == true && status.classifier == 0)
        let page = try String(contentsOfFile: "\(shop.configuration.state)/metrics.prom", encoding: .utf8)
        #expect(page.contains(#"auradesk_drift_alarm{figure="intents-moved"} 1"#), "\(page)")
        // That week is as the training was; the weeks before were not.
        #expect(page.contains(#"auradesk_drift_alarm{figure="intents"} 0"#))
        #expect(page.contains(#"auradesk_drift_index{figure="intents"} 0."#))
        #expect(page.contains(#"auradesk_drift_alarm{figure="unknown"} 0"#))
        // Once a week, not once a run.
        shop.clock.advance(by: 7_200)
        try await shop.run { $0.logger = lines.logger }
        #expect(lines.messages.count == 1)
        // Another week of the same kind is no news; one like the first ones is.
        for (week, mix, warnings) in [(5, Self.other, 1), (6, Self.usual, 2)] {
            try await fill(ledger, week: first + week, mix)
            shop.clock.advance(by: 604_800)
            try await shop.run { $0.logger = lines.logger }
            #expect(lines.messages.count == warnings, "week \(week)")
        }
        try await ledger.close()
    }
}

extension WeekCounts {
    /// What a week of the same mix reads.
    fileprivate func draw(_ count: Int, using random: inout SeededRandom) -> WeekCounts {
        let names = [""] + intents.keys.sorted()
        let shares = [unknown] + intents.keys.sorted().map { intents[$0] ?? 0 }
        var week = WeekCounts()
        for _ in 0..<count {
            week.texts += 1
            let name = names[random.place(in: shares)]
            if name.isEmpty { week.unknown += 1 } else { week.intents[name, default: 0] += 1 }
            week.confidence[random.place(in: confidence)] += 1
        }
        return week
    }
}

extension SeededRandom {
    /// A place in a list, as often as its count says.
    fileprivate mutating func place(in counts: [Int]) -> Int {
        var rest = Int.random(in: 0..<counts.reduce(0, +), using: &self)
        for (place, count) in counts.enumerated() {
            rest -= count
            if rest < 0 { return place }
        }
        return 0
    }
}
