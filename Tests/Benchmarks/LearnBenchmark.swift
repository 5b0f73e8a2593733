import ArgumentParser
import Foundation
import RetailMail
import SupportDesk
import Triage

/// What a desk learns from people, and whether it can be taught wrong.
struct LearnBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learn",
        abstract: "Half of the utterances come as mails and are learned; then batches with wrong labels.",
        discussion: """
            Every lesson goes the whole way: a mail in a maildir, a draft or a ticket of a real desk, a person's word on it, \
            collect, approve, train. Measured is on mails in wordings that nobody has trained on.
            """)

    @Option(help: "The folder of templates.")
    var templates = "Templates"

    @Option(help: "The folder of the package's tests.")
    var tests = "Tests"

    @Option(help: "Which half comes first.")
    var seed: UInt64 = 1

    @Option(help: "Generated mails to measure on.")
    var mails = 2_000

    @Option(help: "Poisoned batches, and as many clean ones.")
    var batches = 12

    @Flag(help: "Only the batches.")
    var poisonOnly = false

    @Option(help: "Where the run's files go; a new folder under /tmp by default.")
    var folder: String?

    @Flag(help: "Go on with the mails and lessons of an earlier run in that folder.")
    var again = false

    /// A mail whose intent is known.
    private struct Labelled: Decodable {
        let subject: String?
        let text: String
        let intents: [String]
        let any: Bool?
    }

    func run() async throws {
        let root = folder ?? "/tmp/auradesk-learn-\(getpid())"
        let clock = ContinuousClock()
        if again {
            let run = try await LearnRun(again: root)
            print("\(run.known.count) utterances to start with, \(run.taught.count) lessons of an earlier run")
            if !poisonOnly { try await learn(run.copy(to: "\(root)/learned-again"), clock) }
            return try await poison(run, root, clock)
        }
        let run = try LearnRun(templates: templates, in: "\(root)/start", seed: seed)
        var outcomes: [String: Int] = [:]
        let working = try await clock.measure { outcomes = try await run.work() }
        var collected: CollectedLessons?
        let collecting = try await clock.measure { collected = try await run.collect() }
        print("\(run.known.count) utterances to start with, \(run.taught.count) mails: \(Self.list(outcomes))")
        print("worked off in \(Self.seconds(working)), collected in \(Self.seconds(collecting))")
        print("lessons \(collected?.new ?? 0): \(Self.list(try await run.ways()))")
        if !poisonOnly { try await learn(run.copy(to: "\(root)/learned"), clock) }
        try await poison(run, root, clock)
        print("Files: \(root)")
    }

    private func learn(_ run: LearnRun, _ clock: ContinuousClock) async throws {
        let deciding = try await clock.measure { _ = try await run.decide() }
        var report: TrainingReport?
        let training = try await clock.measure { report = try await run.train() }
        print("decided in \(Self.seconds(deciding)), trained and compared in \(Self.seconds(training))")
        print(report?.comparison?.text ?? "", report?.isPromoted == true ? "\nPROMOTED" : "\nREFUSED")
        let (before, after) = (try await run.triage(learned: false), try await run.triage(learned: true))
        print("\n| held-out mails | n | error before | error after | error removed |\n|---|--:|--:|--:|--:|")
        for (name, mails) in try sets() {
            let errors = [before, after].map { triage in mails.count { !Self.isRight($0, triage) } }
            let (first, second) = (Double(errors[0]) / Double(mails.count), Double(errors[1]) / Double(mails.count))
            print(
                "| \(name) | \(mails.count) | "
                    + String(
                        format: "%.2f %% | %.2f %% | %.1f %% |", first * 100, second * 100,
                        first > 0 ? (first - second) / first * 100 : 0))
        }
    }

    private func sets() throws -> [(String, [Labelled])] {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(tests)/TriageTests/Fixtures/mails.json"))
        var sets = [("shipped hold-out", try JSONDecoder().decode([Labelled].self, from: data))]
        for (name, phrases) in [("generated, held-out wordings", "HeldOut"), ("generated, usual wordings", "Phrases")] {
            let shop = RetailShop(customers: 200, seed: seed)
            var generator = try MailGenerator(shop: shop, seed: seed, phrases: phrases)
            let mails = generator.mails(mails).compactMap { mail in
                mail.singleIntent.map { intent in
                    Labelled(
                        subject: mail.words.subject, text: mail.words.text,
                        intents: intent == IntentClassifier.outOfScope ? [] : [intent], any: true)
                }
            }
            sets.append((name, mails))
        }
        sets.append(("all of them", sets.flatMap(\.1)))
        return sets
    }

    private static func isRight(_ mail: Labelled, _ triage: Triage) -> Bool {
        let result = triage.triage(subject: mail.subject ?? "", text: mail.text)
        if mail.intents.isEmpty { return result.outOfScope > 0.5 }
        if mail.any == true { return mail.intents.contains(result.intents.first?.intent ?? "") }
        return Set(result.intents.map(\.intent)) == Set(mail.intents) && result.outOfScope < 0.5
    }

    private func poison(_ run: LearnRun, _ root: String, _ clock: ContinuousClock) async throws {
        let names = Set(run.taught.map(\.intent)).subtracting([IntentClassifier.outOfScope]).sorted()
        var (refused, named, hits, wrong, falseRefusals, worse) = (0, 0, 0, 0, 0, 0)
        print("\n| batch | lessons | wrong | guard | named | wrong ones among them | p |")
        print("|---|--:|--:|---|--:|--:|--:|")
        for number in 0..<batches {
            let intent = names[(number * 5 + 3) % names.count]
            let other = names[(number * 7 + 11) % names.count]
            // Half of them are all told to be the same, half of them each something else.
            let target = number % 2 == 0 && other != intent ? other : nil
            for poison in [LearnRun.Poison(intent: intent, target: target), nil] {
                let trial = try await run.copy(to: "\(root)/trial")
                // Clean batches of several sizes.
                let share = poison == nil ? [1, 0.7, 0.4, 0.2][number % 4] : 1
                let told = try await trial.decide(poison: poison, share: share, seed: seed + UInt64(number))
                let report = try await trial.train()
                let verdict = report.comparison?.lessonGuard
                let passes = verdict?.passes ?? true
                let list = Set(verdict?.refusedFor ?? [])
                if poison == nil {
                    falseRefusals += passes ? 0 : 1
                    worse += passes && !report.isPromoted ? 1 : 0
                } else {
                    refused += passes ? 0 : 1
                    named += list.count
                    hits += list.intersection(told.wrong).count
                    wrong += told.wrong.count
                }
                let what = poison.map { "\($0.intent) → \($0.target ?? "anything")" } ?? "clean"
                let fate = !passes ? "refuses" : report.isPromoted ? "passes" : "passes; \(report.reason ?? "")"
                print(
                    "| \(what) | \(told.decided) | \(told.wrong.count) | \(fate) | "
                        + "\(list.count) | \(list.intersection(told.wrong).count) | "
                        + String(format: "%.1g |", verdict?.suspicions.first?.probability ?? 1))
                try FileManager.default.removeItem(atPath: "\(root)/trial")
            }
        }
        print(
            "\npoisoned batches refused: \(refused) of \(batches); wrong lessons named: \(hits) of \(wrong) "
                + "(\(named) named in all); clean batches refused: \(falseRefusals) of \(batches); passed and worse on a "
                + "guarded intent: \(worse)")
    }

    private static func list(_ counts: [String: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }

    private static func seconds(_ time: Duration) -> String { String(format: "%.1f s", time / .seconds(1)) }
}
