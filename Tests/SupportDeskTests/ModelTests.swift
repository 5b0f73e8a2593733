import Foundation
import Logging
import Testing
import Triage

@testable import SupportDesk

/// A shop with few intents, and lessons that were put on record and decided on without mails.
private struct ModelScene {
    let shop: ScratchShop

    private static let intents = ["track_order", "get_refund", "recover_password", "out_of_scope"]

    init() async throws {
        let scratch = try ScratchFolder()
        let templates = "\(scratch.path)/templates"
        let files = FileManager.default
        try files.copyItem(atPath: PackageFolder.templates, toPath: templates)
        for language in ["hi", "hi-Latn"] { try files.removeItem(atPath: "\(templates)/intents/\(language)") }
        for file in try files.contentsOfDirectory(atPath: "\(templates)/intents/en")
        where !Self.intents.contains(String(file.dropLast(4))) {
            try files.removeItem(atPath: "\(templates)/intents/en/\(file)")
        }
        // Half of what there is: the other half are lessons.
        for intent in Self.intents {
            let lines = try Self.lines(intent)
            try lines.enumerated().filter { $0.offset % 2 == 0 }.map(\.element).joined(separator: "\n")
                .write(toFile: "\(templates)/intents/en/\(intent).txt", atomically: true, encoding: .utf8)
        }
        shop = try await ScratchShop { $0.templates = templates }
        self.scratch = scratch
    }

    private let scratch: ScratchFolder

    private static func lines(_ intent: String) throws -> [String] {
        try String(contentsOfFile: "\(PackageFolder.templates)/intents/en/\(intent).txt", encoding: .utf8)
            .split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }.prefix(120).map(\.self)
    }

    /// Puts every second utterance on record as an approved lesson.
    /// - Parameter part: of them, one in so many.
    func teach(_ part: Int, of parts: Int = 2, label: String? = nil) async throws {
        let ledger = try await shop.ledger()
        var ids: [String: [Int64]] = [:]
        for intent in Self.intents {
            let texts = try Self.lines(intent).enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
            for (index, text) in texts.enumerated() where index % parts == part {
                let message = try await ledger.database.write { transaction in
                    let source = "\(intent)-\(index)"
                    let conversation = try Ledger.openConversation("AD-\(source)", now: .now, in: transaction)
                    return try transaction.rows(
                        """
                        INSERT INTO message (channel, source, arrived_at, recorded_at, status, conversation)
                        VALUES ('c', $1, 0, 0, 'answered', $2) RETURNING id
                        """, [.text(source), .integer(conversation)]
                    ).first.flatMap { row in row.integer("id").map { ($0, conversation) } }
                }
                let (id, conversation) = try #require(message)
                let key = TrainingSet.key(of: text) ?? 0
                _ = try await ledger.keep(
                    [
                        NewLesson(
                            message: id, conversation: conversation, way: .approved, language: "en", seen: intent,
                            content: .init(subject: "", text: text, utterance: text, answer: nil),
                            digest: ledger.seal.digest("\(key)", for: "lesson"))
                    ], mark: nil, now: shop.clock.now)
                if let lesson = try await ledger.lesson(ofMessage: id) { ids[intent, default: []].append(lesson.id) }
            }
        }
        for (intent, lessons) in ids {
            _ = try await ledger.decide(lessons, .relabel(label ?? intent), now: shop.clock.now)
        }
        try await ledger.close()
    }

    func train() async throws -> TrainingReport { try await shop.desk().trainClassifier() }

    func use(_ version: Int64?) async throws -> ClassifierUse {
        try await Desk.useModel(version, shop.configuration, now: shop.clock.now, Logger(label: "test"))
    }

    func file(of version: Int64) async throws -> String {
        let list = try await Desk.models(shop.configuration)
        let checksum = try #require(list.versions.first { $0.version == version }?.checksum)
        return "\(shop.configuration.state)/models/\(checksum.prefix(32)).model"
    }
}

/// Versions of the classifier: which is used, by whom, and what happens when its file is not there.
@Suite("Models", .timeLimit(.minutes(10)))
struct ModelTests {
    @Test("trained, used, taken back, compared; all machines on a ledger agree", .onEachEngine)
    func versions() async throws {
        let scene = try await ModelScene()
        // Another machine has looked at its mail before.
        let other = try await scene.shop.desk()
        let shipped = try await other.understanding.triage().classifier.digest
        try await scene.teach(0)
        let first = try await scene.train()
        #expect(first.isPromoted && first.version == 1, "\(first.comparison?.text ?? "") \(first.reason ?? "")")
        try await scene.teach(1)
        let second = try await scene.train()
        #expect(second.isPromoted && second.version == 2, "\(second.comparison?.text ?? "") \(second.reason ?? "")")
        #expect((second.comparison?.newLessons ?? 0) > 0 && second.comparison?.former == 1)
        // What is in hand goes on with what it began with; the next pass takes the new one up.
        #expect(try await other.understanding.triage().classifier.digest == shipped)
        _ = try await other.run()
        let digests = try await Desk.models(scene.shop.configuration).versions.map(\.digest)
        #expect(try await other.understanding.triage().classifier.digest == digests[1])
        #expect(try await scene.use(nil).version == 1)
        _ = try await other.run()
        #expect(try await other.understanding.triage().classifier.digest == digests[0])
        let difference = try await Desk.modelDifference(0, 2, scene.shop.configuration)
        #expect(difference.learned > 50 && difference.unlearned == 0 && difference.texts > 10)
        #expect(difference.changes.reduce(0) { $0 + $1.texts } >= abs(difference.secondRight - difference.firstRight))
        let shippedAgain = try await scene.use(0)
        #expect(shippedAgain.version == 0 && shippedAgain.former == 1 && shippedAgain.since == scene.shop.clock.now)
        _ = try await other.run()
        #expect(try await other.understanding.triage().classifier.digest == shipped)
        await #expect(throws: DeskError.self) { try await scene.use(7) }
        let list = try await Desk.models(scene.shop.configuration)
        #expect(list.present == [1, 2] && !list.isOutdated && list.use.version == 0)
        let entries = try await scene.shop.ledger().newestAuditEntries(200).map(\.detail)
        #expect(entries.contains("model=1 instead=2") && entries.contains("model=0 instead=1"))
    }

    @Test("a damaged or missing file is trained again, byte for byte; where that cannot be, the shipped model works")
    func damaged() async throws {
        let scene = try await ModelScene()
        try await scene.teach(0)
        #expect(try await scene.train().isPromoted)
        let file = try await scene.file(of: 1)
        let whole = try #require(FileManager.default.contents(atPath: file))
        let digest = try await Desk.models(scene.shop.configuration).versions[0].digest
        var damaged = whole
        damaged[damaged.count / 2] ^= 1
        for bytes in [damaged, whole.prefix(1_000), Data()] {
            try bytes.write(to: URL(fileURLWithPath: file))
            #expect(try await Desk.models(scene.shop.configuration).present.isEmpty)
            let desk = try await scene.shop.desk()
            #expect(try await desk.understanding.triage().classifier.digest == digest)
            #expect(FileManager.default.contents(atPath: file) == whole)
        }
        // The lessons are gone: nobody can train it again.
        try damaged.write(to: URL(fileURLWithPath: file))
        let ledger = try await scene.shop.ledger()
        try await ledger.database.write { transaction in
            try transaction.execute("DELETE FROM lesson WHERE id IN (SELECT MIN(id) FROM lesson)", [])
            return
        }
        let warnings = LogLines(from: .warning)
        let desk = try await scene.shop.desk {
            $0.logger = warnings.logger
        }
        #expect(try await desk.understanding.triage().classifier.digest != digest)
        #expect(warnings.messages == ["the shipped model is used in place of a learned one"])
        // It still works, and says what is wrong once.
        _ = try await desk.run()
        _ = try await desk.understanding.triage()
        #expect(warnings.messages.count == 1)
        try await ledger.close()
    }

    @Test("a model that is worse is refused, and what was in use stays")
    func refused() async throws {
        let scene = try await ModelScene()
        try await scene.teach(0)
        #expect(try await scene.train().isPromoted)
        // Somebody has everything be a refund. The guard sees it; were it blind, the comparison would.
        try await scene.teach(1, label: "get_refund")
        let report = try await scene.train()
        #expect(!report.isPromoted)
        let comparison = try #require(report.comparison)
        #expect(!comparison.lessonGuard.passes)
        #expect(try await Desk.models(scene.shop.configuration).use.version == 1)
        await #expect(throws: DeskError.self) { try await scene.use(2) }
        #expect(try await Desk.models(scene.shop.configuration).versions.map(\.state) == [.promoted, .refused])
    }

    @Test("worse on a guarded intent: refused; on another one: not; better on all: promoted")
    func comparison() {
        func comparison(_ intents: [(String, worse: Int, better: Int, guarded: Bool)]) -> ModelComparison {
            ModelComparison(
                former: 1, trainedOn: 1, lessons: 1, newLessons: 1, overruled: [], heldOut: 100, heldOutLessons: 1,
                formerRight: 1, newRight: 1,
                intents: intents.map {
                    .init(
                        intent: $0.0, texts: 30, former: 20, new: 20, worse: $0.worse, better: $0.better,
                        probability: Significance.mcNemar(worse: $0.worse, better: $0.better), isGuarded: $0.guarded)
                }, lost: [], fieldErrors: .init(lessons: 0, right: 0, heldOut: 0, heldOutRight: 0),
                lessonGuard: LessonGuard())
        }
        #expect(comparison([("a", 0, 5, true), ("b", 1, 2, true)]).refusal == nil)
        #expect(comparison([("a", 0, 25, true), ("b", 5, 0, true)]).refusal?.contains("worse on b (5 texts") == true)
        #expect(comparison([("a", 0, 25, true), ("b", 4, 0, true)]).refusal == nil)
        #expect(comparison([("a", 0, 25, true), ("b", 5, 0, false)]).refusal == nil)
        #expect(comparison([("a", 4, 0, true), ("b", 4, 1, true)]).refusal?.contains("all texts together") == true)
    }

    @Test("one that was forgotten makes the model stale: it is trained without a new lesson")
    func stale() async throws {
        let scene = try await ModelScene()
        try await scene.teach(0)
        #expect(try await scene.train().isPromoted)
        #expect(try await scene.train().version == nil)
        let ledger = try await scene.shop.ledger()
        let conversation = try await ledger.database.read {
            try $0.rows("SELECT conversation FROM lesson ORDER BY id LIMIT 1", []).first?.integer("conversation")
        }
        try await ledger.database.write { transaction in
            try Ledger.forgetLessons(of: try #require(conversation), in: transaction)
        }
        #expect(try await Desk.models(scene.shop.configuration).versions.map(\.isStale) == [true])
        let again = try await scene.train()
        #expect(again.version == 2 && again.isPromoted, "\(again.reason ?? "") \(again.comparison?.text ?? "")")
        #expect(try await Desk.models(scene.shop.configuration).versions.map(\.isStale) == [true, false])
        try await ledger.close()
    }
}
