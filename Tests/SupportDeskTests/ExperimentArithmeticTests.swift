import Foundation
import Seeded
import Testing

@testable import SupportDesk

/// The arithmetic of experiments, against scipy and against known truth.
@Suite("Arithmetic of experiments")
struct ExperimentArithmeticTests {
    /// What is handed to the other implementation.
    private struct Task: Encodable {
        struct One: Encodable {
            let plan: Experiment.Plan
            let now: Date
            let histories: [ConversationHistory]
        }

        let now: Date
        var experiments: [One]
        var tables: [[Int]]
        var means: [[[Double]]]
        var quantiles: [Double]
    }

    private struct Answer: Decodable {
        struct One: Decodable {
            let state: String
            let arms: [Row]
            let harm: [Sign]
        }

        struct Row: Decodable {
            let arm: String
            let enrolled: Int
            let n: Int
            let value: Double?
            let interval: [Double]?
            let difference: Double?
            let differenceInterval: [Double]?
            let p: Double?
        }

        struct Sign: Decodable {
            let arm: String
            let measure: String
            let z: Double
            let limit: Double
        }

        let outcomes: [[Double?]]
        let experiments: [One]
        let tables: [[Double]]
        let means: [[Double]]
        let quantiles: [[Double]]
    }

    private static let now = Date(timeIntervalSince1970: 1_780_000_000)

    /// Histories of which the truth is known, and what it is.
    private static func histories(
        _ count: Int, arms: [String], seed: UInt64, over days: Double = 60
    ) -> (histories: [ConversationHistory], recurs: [Bool]) {
        var random = SeededRandom(seed: seed)
        var histories: [ConversationHistory] = []
        var recurs: [Bool] = []
        for number in 0..<count {
            let arm = arms[Int.random(in: 0..<arms.count, using: &random)]
            let isWorse = arm != Experiment.control
            let entered = now.addingTimeInterval(-Double.random(in: 1...days * 86_400, using: &random).rounded())
            var history = ConversationHistory(arm: arm, entered: entered)
            let answer = Bool.random(using: &random) ? entered.addingTimeInterval(90) : nil
            let base = answer ?? entered
            let own = Int64(number * 10)
            history.contacts.append(
                .init(message: own, at: entered, answered: answer, matter: "m\(number)", isHere: true))
            let comesAgain = Double.random(in: 0..<1, using: &random) < (isWorse ? 0.3 : 0.15)
            if comesAgain {
                // At the very edges too.
                let after =
                    [1, Aftermath.window, Double.random(in: 2...600_000, using: &random).rounded()]
                    .randomElement(using: &random) ?? 1
                history.contacts.append(
                    .init(
                        message: own + 1, at: base.addingTimeInterval(after), answered: nil, matter: "m\(number)",
                        isHere: Bool.random(using: &random)))
            } else if Int.random(in: 0..<3, using: &random) == 0 {
                // Too late, before the answer, or about something else.
                let traps: [(TimeInterval, String)] = [
                    (Aftermath.window + 1, "m\(number)"), (0, "m\(number)"), (3_600, "other"),
                ]
                let (after, matter) = traps[Int.random(in: 0..<traps.count, using: &random)]
                history.contacts.append(
                    .init(
                        message: own + 2, at: base.addingTimeInterval(after), answered: nil, matter: matter,
                        isHere: Bool.random(using: &random)))
            }
            if Int.random(in: 0..<6, using: &random) == 0 {
                // Something else, elsewhere.
                history.contacts.append(
                    .init(
                        message: own + 3,
                        at: base.addingTimeInterval(Double.random(in: -10...900_000, using: &random).rounded()),
                        isHere: false))
            }
            if Int.random(in: 0..<3, using: &random) == 0 {
                let score = Double(Int.random(in: isWorse ? 1...4 : 2...5, using: &random))
                history.score = score
                let index = Int.random(in: history.contacts.indices, using: &random)
                if score != 3 { history.contacts[index].vote = score > 3 }
            }
            history.silence = [3 * 86_400, Aftermath.window][number % 2]
            if Int.random(in: 0..<2, using: &random) == 0 {
                history.isRight = Double.random(in: 0..<1, using: &random) < (isWorse ? 0.8 : 0.97)
            }
            histories.append(history)
            recurs.append(comesAgain)
        }
        return (histories, recurs)
    }

    private static func ask(_ task: Task) throws -> Answer {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .secondsSince1970
        let folder = try ScratchFolder()
        let file = try folder.write("task.json", String(decoding: encoder.encode(task), as: UTF8.self))
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", "\(PackageFolder.root)/Tests/SupportDeskTests/Fixtures/experiments/reference.py",
        ]
        process.standardInput = FileHandle(forReadingAtPath: file)
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        // Tests/install brings python3-scipy.
        try #require(process.terminationStatus == 0, "python3 with scipy did not answer")
        return try JSONDecoder().decode(Answer.self, from: data)
    }

    private func agree(_ own: Double?, _ other: Double?, _ what: String) {
        guard let own, let other else {
            #expect(own == nil && other == nil, "\(what): \(String(describing: own)) \(String(describing: other))")
            return
        }
        #expect(abs(own - other) <= 1e-9 * max(1, abs(other)), "\(what): \(own) and \(other)")
    }

    @Test("shares, means, tests, harm, recurrence and resolution agree with scipy to 1e-9")
    func reference() throws {
        var random = SeededRandom(seed: 7)
        let arms = [["control", "b"], ["control", "b", "c"]]
        var task = Task(now: Self.now, experiments: [], tables: [], means: [], quantiles: [])
        for (index, metric) in (Experiment.Metric.allCases + Experiment.Metric.allCases).enumerated() {
            let names = arms[index % 2]
            let sample = [40, 150, 2_000, 60][index % 4]
            let days = index < 4 ? 60.0 : 400
            let plan = Experiment.Plan(
                metric: metric, sample: sample,
                harm: index % 3 == 0 ? ["recurrence": 0.02] : ["satisfaction": 0.1, "recurrence": 0], arms: names)
            let count = index == 7 ? 30 : 900
            task.experiments.append(
                Task.One(
                    plan: plan, now: Self.now,
                    histories: Self.histories(count, arms: names, seed: UInt64(index + 1), over: days).histories))
        }
        for _ in 0..<200 {
            let (n1, n2) = (Int.random(in: 1...400, using: &random), Int.random(in: 1...400, using: &random))
            task.tables.append([
                Int.random(in: 0...n1, using: &random), n1,
                Int.random(in: 0...(Bool.random(using: &random) ? n2 : min(n2, 3)), using: &random), n2,
            ])
        }
        task.tables += [[0, 10, 0, 10], [10, 10, 10, 10], [0, 10, 10, 10], [1, 1, 0, 1], [0, 500, 3, 500]]
        for _ in 0..<60 {
            task.means.append(
                (0..<2).map { _ in
                    (0..<Int.random(in: 2...60, using: &random)).map { _ in
                        Double(Int.random(in: 1...5, using: &random))
                    }
                })
        }
        task.means.append([[4, 4, 4], [4, 4]])
        task.quantiles = [1e-12, 1e-6, 0.001, 0.025, 0.3, 0.5, 0.9, 0.999]

        let answer = try Self.ask(task)
        for (history, outcome) in zip(task.experiments[0].histories, answer.outcomes) {
            #expect(history.recurrence(now: Self.now).map { $0 ? 1.0 : 0 } == outcome[0])
            #expect(history.resolution(now: Self.now).map { $0 ? 1.0 : 0 } == outcome[1])
        }
        var states: Set<String> = []
        var signs = 0
        for (experiment, other) in zip(task.experiments, answer.experiments) {
            let plan = experiment.plan
            let result = ExperimentResult(
                "x", plan,
                plan.arms.map { arm in
                    ArmSample(
                        name: arm, of: experiment.histories.filter { $0.arm == arm }.prefix(plan.sample), now: Self.now)
                })
            #expect(result.state.rawValue == other.state)
            states.insert(other.state)
            for (own, other) in zip(result.comparisons, other.arms) {
                let what = "\(plan.metric) \(own.arm)"
                #expect(own.arm == other.arm && own.enrolled == other.enrolled && own.n == other.n, "\(what)")
                agree(own.value, other.value, "\(what) value")
                agree(own.interval?.low, other.interval?[0], "\(what) low")
                agree(own.interval?.high, other.interval?[1], "\(what) high")
                agree(own.difference, other.difference, "\(what) difference")
                agree(own.differenceInterval?.low, other.differenceInterval?[0], "\(what) difference low")
                agree(own.differenceInterval?.high, other.differenceInterval?[1], "\(what) difference high")
                agree(own.p, other.p, "\(what) p")
            }
            #expect(result.harm.count == other.harm.count)
            signs += result.harm.count
            for (own, other) in zip(result.harm, other.harm) {
                #expect(own.arm == other.arm && own.measure.rawValue == other.measure)
                agree(own.z, other.z, "\(own.arm) \(own.measure) z")
                agree(own.limit, other.limit, "\(own.arm) \(own.measure) limit")
            }
        }
        #expect(states == ["running", "finished"] || states == ["running", "waiting", "finished"], "\(states)")
        #expect(signs > 6)
        for (table, other) in zip(task.tables, answer.tables) {
            let own = try #require(
                Statistics.compare(
                    (Double(table[0]), table[1]), (Double(table[2]), table[3]), confidence: 0.95))
            for (one, other) in zip([own.difference, own.interval.low, own.interval.high, own.p], other) {
                agree(one, other, "\(table)")
            }
        }
        for (groups, other) in zip(task.means, answer.means) {
            let own = try #require(
                Statistics.compare(means: Moments(groups[0]), Moments(groups[1]), confidence: 0.95))
            for (one, other) in zip([own.difference, own.interval.low, own.interval.high, own.p], other) {
                agree(one, other, "\(groups)")
            }
        }
        for (p, other) in zip(task.quantiles, answer.quantiles) {
            agree(Normal.quantile(p), other[0], "normal \(p)")
            agree(StudentT.quantile(beyond: p, degrees: 3.7), other[1], "t 3.7 \(p)")
            agree(StudentT.quantile(beyond: p, degrees: 250), other[2], "t 250 \(p)")
        }
    }

    @Test("on generated histories whose truth is known, who comes again is found, and nobody else")
    func truth() {
        let (histories, recurs) = Self.histories(3_000, arms: ["control", "b"], seed: 3)
        let later = Self.now.addingTimeInterval(30 * 86_400)
        for (history, truth) in zip(histories, recurs) {
            #expect(history.recurrence(now: later) == truth, "\(history)")
        }
        #expect(histories.contains { $0.recurrence(now: Self.now) == nil }, "the week of some is not over")
    }

    // MARK: - Harm

    /// One trial: whether it was stopped, and after which share of its sample.
    private static func trial(
        _ control: Double, _ arm: Double, bound: Double, sample: Int, every step: Int, _ random: inout SeededRandom
    ) -> Double? {
        let monitor = HarmMonitor(sample: sample, comparisons: 1)
        var (one, two) = (Moments(), Moments())
        for number in 1...sample {
            one.add(Double.random(in: 0..<1, using: &random) < control ? 1 : 0)
            two.add(Double.random(in: 0..<1, using: &random) < arm ? 1 : 0)
            guard number % step == 0 else { continue }
            if monitor.look(at: two, beside: one, bound: bound, enrolled: number)?.isHarm == true {
                return Double(number) / Double(sample)
            }
        }
        return nil
    }

    @Test(
        "without harm, 2,000 trials looked at after every conversation are stopped no oftener than the rate that is stated",
        arguments: [(0.1, 0.1, 0.0), (0.3, 0.3, 0.0), (0.02, 0.02, 0.0), (0.2, 0.25, 0.05)])
    func falseAlarms(control: Double, arm: Double, bound: Double) async {
        var random = SeededRandom(seed: UInt64(control * 1_000 + arm * 10))
        var stopped = 0
        for _ in 0..<2_000 {
            if Self.trial(control, arm, bound: bound, sample: 300, every: 1, &random) != nil { stopped += 1 }
            // Other tests wait for the same few threads, with leases that run out.
            await _Concurrency.Task.yield()
        }
        // Three standard deviations of the count where the rate is what it says.
        let most = 2_000 * HarmMonitor.rate
        #expect(Double(stopped) <= most + 3 * most.squareRoot(), "\(stopped) of 2,000")
    }

    @Test("a large harm is found early nearly always, a small one within the bound nearly never")
    func trueHarm() async {
        var random = SeededRandom(seed: 11)
        var ends: [Double?] = []
        for _ in 0..<2_000 {
            ends.append(Self.trial(0.1, 0.4, bound: 0.05, sample: 400, every: 5, &random))
            await _Concurrency.Task.yield()
        }
        let early = ends.count { $0.map { $0 <= 0.6 } ?? false }
        #expect(early >= 1_960, "\(early) of 2,000")
        #expect(ends.allSatisfy { $0 != nil })
        let small = (0..<500).count { _ in
            Self.trial(0.1, 0.12, bound: 0.05, sample: 400, every: 5, &random) != nil
        }
        #expect(small <= 5, "\(small) of 500")
    }

    @Test("the rate is shared by all that is watched; too few conversations tell nothing")
    func shared() {
        let one = HarmMonitor(sample: 100, comparisons: 1)
        let four = HarmMonitor(sample: 100, comparisons: 4)
        #expect(four.critical > one.critical)
        #expect(abs(2 * Normal.probability(above: one.critical) - 0.025) < 1e-12)
        let all = Moments(Array(repeating: 1, count: 19))
        let none = Moments(Array(repeating: 0, count: 19))
        #expect(one.look(at: all, beside: none, bound: 0, enrolled: 19) == nil)
    }
}
