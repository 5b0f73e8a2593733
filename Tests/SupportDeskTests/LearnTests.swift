import Foundation
import Logging
import Mail
import RetailMail
import TestServers
import Testing
import Triage

@testable import SupportDesk

/// The whole way: mails, drafts, people, lessons, a model; and somebody who means harm.
@Suite("Learning", .timeLimit(.minutes(20)))
struct LearnTests {
    private static let intents: Set<String> = [
        "track_order", "get_refund", "cancel_order", "get_invoice", "recover_password", "delivery_options",
        "payment_issue", "out_of_scope",
    ]

    /// A desk that has worked off its mails and collected, shared by the tests of this suite.
    private static let start = Task { () throws -> (LearnRun, ScratchFolder) in
        let folder = try ScratchFolder()
        let run = try LearnRun(
            templates: PackageFolder.templates, in: "\(folder.path)/start", seed: 3, intents: intents,
            languages: ["en"], most: 110)
        let outcomes = try await run.work()
        #expect(outcomes["drafted", default: 0] > 50 && outcomes["escalated", default: 0] > 20, "\(outcomes)")
        let collected = try await run.collect()
        #expect(collected.new > run.taught.count * 3 / 4, "\(collected.new) of \(run.taught.count)")
        return (run, folder)
    }

    private func run(_ name: String) async throws -> LearnRun {
        let (run, folder) = try await Self.start.value
        return try await run.copy(to: "\(folder.path)/\(name)")
    }

    /// Errors on generated mails in wordings that nobody has trained on.
    private func errors(_ triage: Triage) throws -> (wrong: Int, all: Int) {
        var generator = try MailGenerator(
            shop: RetailShop(customers: 50, seed: 5), seed: 5,
            phrases: "HeldOut")
        let mails = generator.mails(600).filter { Self.intents.contains($0.singleIntent ?? "") }
        let wrong = mails.count { mail in
            let result = triage.triage(subject: mail.words.subject, text: mail.words.text)
            return mail.singleIntent == IntentClassifier.outOfScope
                ? result.outOfScope <= 0.5 : result.intents.first?.intent != mail.singleIntent
        }
        return (wrong, mails.count)
    }

    @Test("half of the utterances come as mails, are approved and learned: a fifth of the error is gone")
    func learns() async throws {
        let run = try await run("learns")
        // Nothing is learned that nobody approved.
        #expect(try await run.train().version == nil)
        let before = try errors(await run.triage(learned: false))
        _ = try await run.decide()
        let report = try await run.train()
        let comparison = try #require(report.comparison)
        #expect(report.isPromoted && report.version == 1, "\(comparison.text)")
        #expect(comparison.newRight > comparison.formerRight && comparison.heldOutLessons > 5)
        let after = try errors(await run.triage(learned: true))
        #expect(before.all == after.all && before.wrong > 5)
        #expect(Double(after.wrong) <= Double(before.wrong) * 0.85, "\(before) \(after)")
        #expect(try await run.train().version == nil)
        let page = try String(contentsOfFile: try #require(report.page), encoding: .utf8)
        #expect(page.contains("Promoted") && page.contains("| track_order |"))
    }

    @Test("a text is kept from training by its words alone, and none of those is ever trained on")
    func heldOut() async throws {
        let run = try await run("heldout")
        _ = try await run.decide()
        let ledger = try await Ledger(run.deskConfiguration().keys)
        let lessons = try await ledger.approvedLessons()
        try await ledger.close()
        let texts = LearningTexts(base: run.known, lessons: lessons)
        #expect(texts.training.allSatisfy { !TrainingSet.isHeldOut($0.text) })
        #expect(texts.heldOut.allSatisfy { TrainingSet.isHeldOut($0.text) })
        let share = Double(texts.heldOut.count) / Double(texts.heldOut.count + texts.training.count)
        #expect((0.05...0.16).contains(share), "\(share)")
        #expect(texts.trained.count + texts.heldOutLessons.count + texts.overruled.count == lessons.count)
        // Another number, another case, a name masked: the same text.
        #expect(TrainingSet.key(of: "Where is order NC-104233?") == TrainingSet.key(of: "where is order NC-118277"))
        #expect(TrainingSet.key(of: "where is it, [PERSON_1]") == TrainingSet.key(of: "Where is it"))
        #expect(TrainingSet.key(of: "where is it") != TrainingSet.key(of: "is it where"))
        #expect(TrainingSet.key(of: " ?! ") == nil)
        // Frozen: this number must never change, or texts that were measured on would be trained on.
        #expect(TrainingSet.key(of: "where is my order") == 17_269_574_253_276_832_133)
    }

    @Test("the same lessons give the same bytes, on another machine and in any order")
    func deterministic() async throws {
        var checksums: Set<String> = []
        for name in ["first", "second"] {
            let run = try await run(name)
            _ = try await run.decide(seed: 1)
            let report = try await run.train()
            #expect(report.isPromoted)
            checksums.insert(try await Desk.models(run.deskConfiguration()).versions[0].checksum)
        }
        #expect(checksums.count == 1)
    }

    @Test(
        "a batch with a tenth of an intent's labels wrong is refused, and the wrong ones are named",
        arguments: [("track_order", "get_refund"), ("get_refund", nil)] as [(String, String?)])
    func poison(intent: String, target: String?) async throws {
        let run = try await run("poison-\(intent)")
        let told = try await run.decide(
            poison: LearnRun.Poison(intent: intent, share: 0.12, target: target), seed: 4)
        #expect(told.wrong.count >= 5)
        let report = try await run.train()
        let verdict = try #require(report.comparison?.lessonGuard)
        #expect(!report.isPromoted && !verdict.passes, "\(verdict.lines)")
        let named = Set(verdict.unusual.map(\.lesson))
        #expect(named.intersection(told.wrong).count * 3 >= told.wrong.count * 2, "\(verdict.lines)")
        #expect(try await Desk.models(run.deskConfiguration()).use.version == 0)
        // Which lessons made it so is said by their numbers, in words and as a list.
        let blamed = try await Desk.refusedLessons(run.deskConfiguration()).map(\.id)
        #expect(blamed == verdict.refusedFor)
        let right = Set(blamed).intersection(told.wrong).count
        let note = "\(blamed) of \(told.wrong.sorted()): \(verdict.lines)"
        #expect(right * 2 > told.wrong.count && right * 2 > blamed.count, "most of either: \(note)")
        let which = try #require(verdict.suspicions.first?.which)
        #expect(!which.isEmpty && which.count >= verdict.suspicions.first?.contradicted ?? 0)
        #expect(verdict.lines.contains { $0.hasSuffix("they are \(which.map(String.init).joined(separator: ", "))") })
        // When somebody has looked at what was named, the rest is learned.
        try await Desk.decide(
            named.sorted(), .reject, run.deskConfiguration(), now: ScratchShop.start, .init(label: "test"))
        let again = try await run.train()
        #expect(again.isPromoted, "\(again.comparison?.text ?? "")")
    }

    @Test(
        "a person in charge may take a refused batch, with a reason that is kept, once somebody could see what is wrong"
    )
    func overriding() async throws {
        let run = try await run("override")
        let told = try await run.decide(poison: LearnRun.Poison(intent: "track_order", share: 0.2), seed: 4)
        let configuration = try run.deskConfiguration()
        let reason = try GuardOverride("Nisha, nisha.verma@neemandclay.example, has read\n  all of them")
        // Nobody has seen what is refused.
        let first = try await run.train(reason)
        #expect(!first.isPromoted && first.overriding == nil)
        #expect(first.reason?.contains("look at them first") == true, "\(first.reason ?? "")")
        #expect(try await run.train().isPromoted == false)
        // Another batch than the one that was looked at.
        let wrong = try #require(told.wrong.min())
        try await Desk.decide([wrong], .reject, configuration, now: ScratchShop.start, .init(label: "test"))
        #expect(try await run.train(reason).isPromoted == false)
        let report = try await run.train(reason)
        let version = try #require(report.version)
        #expect(report.isPromoted && report.reason == nil, "\(report.reason ?? "")")
        let words = try #require(report.overriding)
        #expect(words.contains("has read all of them") && !words.contains("@"), "\(words)")
        let models = try await Desk.models(configuration)
        #expect(models.use.version == version && models.versions.last?.reason == words)
        #expect(models.versions.last?.state == .promoted)
        let page = try String(contentsOfFile: try #require(report.page), encoding: .utf8)
        #expect(page.contains("Promoted by a person though too many lessons contradict the others: \(words)"))
        let ledger = try await Ledger(configuration.keys)
        let entries = try await ledger.newestAuditEntries(10).map(\.detail)
        #expect(entries.contains { $0.hasPrefix("overrode guard model=\(version) lessons=") && $0.hasSuffix(words) })
        #expect(try await ledger.verifyAudit().problem == nil)
        try await ledger.close()
        #expect(try await Desk.refusedLessons(configuration).isEmpty)
        for text in ["", "ok", "..........", String(repeating: "so ", count: 200)] {
            #expect(throws: DeskError.self, "\(text)") { _ = try GuardOverride(text) }
        }
    }

    @Test("what a classifier was trained on is counted when it is trained, or when there is mail to hold against it")
    func trainingMix() async throws {
        let run = try await run("mix")
        let configuration = try run.deskConfiguration()
        let ledger = try await Ledger(configuration.keys)
        let now = ScratchShop.start.addingTimeInterval(14 * 86_400)
        // The mails came within one week; the shipped classifier knows the first half.
        let report = try await Desk.drift(configuration, now: now)
        #expect(report.training == run.known.count && report.model == 0)
        let mix = try #require(try await ledger.trainingMix(ofVersion: 0)).counts
        #expect(mix.intents["track_order"] == run.known.count { $0.intent == "track_order" })
        #expect(mix.unknown == run.known.count { $0.intent == "out_of_scope" })
        #expect(mix.confidence.reduce(0, +) == run.known.count)
        #expect(mix.confidence[5...].reduce(0, +) > run.known.count / 2, "\(mix.confidence)")
        let week = try #require(report.weeks.first { $0.texts > 50 })
        #expect(week.training?.reference == run.known.count)
        // As the mails are made of the other half, their mix has not moved.
        #expect(!week.alarms.contains("intents"), "\(week.line)")
        _ = try await run.decide()
        let version = try #require(try await run.train().version)
        let learned = try #require(try await ledger.trainingMix(ofVersion: version)).counts
        #expect(learned.texts > mix.texts)
        #expect(try await Desk.drift(configuration, now: now).training == learned.texts)
        try await ledger.close()
    }

    @Test("clean batches pass, small ones too", arguments: [0.8, 0.4, 0.15])
    func clean(share: Double) async throws {
        let run = try await run("clean-\(share)")
        _ = try await run.decide(share: share, seed: 7)
        let report = try await run.train()
        #expect(report.isPromoted, "\(report.comparison?.text ?? "") \(report.reason ?? "")")
    }
}
