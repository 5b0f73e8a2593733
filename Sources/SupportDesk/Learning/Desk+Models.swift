import Foundation
import Logging
import Triage

/// The classifiers of a desk, and which of them is in use.
public struct ModelList: Sendable, Encodable {
    /// Which is in use.
    public let use: ClassifierUse
    /// All that were trained with lessons, oldest first.
    public let versions: [ClassifierVersion]
    /// Those whose file is on this machine as it was written.
    public let present: Set<Int64>
    /// The utterances are others than those that the one in use was trained on.
    public let isOutdated: Bool
}

/// What two classifiers make of the texts that neither was trained on.
public struct ModelDifference: Sendable, Encodable {
    /// Texts of an intent on which they differ.
    public struct Change: Sendable, Encodable, Hashable {
        /// What they are.
        public let intent: String
        /// What the first takes them for.
        public let first: String
        /// What the second takes them for.
        public let second: String
        /// How many.
        public let texts: Int
    }

    /// Texts that were looked at.
    public let texts: Int
    /// Those that the first gets right.
    public let firstRight: Int
    /// Those that the second gets right.
    public let secondRight: Int
    /// Where they differ, most texts first.
    public let changes: [Change]
    /// Lessons that only the second has learned.
    public let learned: Int
    /// Lessons that only the first has learned.
    public let unlearned: Int
}

extension Desk {
    /// The classifiers, and which of them is in use.
    public static func models(_ configuration: DeskConfiguration) async throws -> ModelList {
        try await withShelf(configuration) { shelf in
            let use = try await shelf.ledger.classifierInUse()
            let versions = try await shelf.ledger.classifiers()
            let present = versions.filter { version in
                FileManager.default.contents(atPath: shelf.path(of: version.checksum))
                    .map { Seal.fingerprint([UInt8]($0)) == version.checksum } ?? false
            }
            let base = try? TrainingSet.digest(directory: shelf.intents)
            let current = versions.first { $0.version == use.version }
            return ModelList(
                use: use, versions: versions, present: Set(present.map(\.version)),
                isOutdated: current.map { $0.base != base } ?? false)
        }
    }

    /// Takes a version into use on all machines that share the ledger; those that watch take it up with their next message.
    /// - Parameter version: its number; 0: the one of the utterances alone; nil: the one before the present one.
    /// - Returns: what is in use now.
    /// - Throws: `DeskError` with code `data` for one that there is not, that was refused, or that cannot be had any more.
    public static func useModel(
        _ version: Int64?, _ configuration: DeskConfiguration, now: Date, _ logger: Logger
    ) async throws -> ClassifierUse {
        try await withShelf(configuration) { shelf in
            let ledger = shelf.ledger
            let use = try await ledger.classifierInUse()
            if version == nil, use.since == nil {
                throw DeskError(.data, "no other model was in use before")
            }
            let wanted = version ?? use.former
            if wanted != 0 {
                guard let known = try await ledger.classifier(wanted), known.state == .promoted else {
                    throw DeskError(.data, "there is no model \(wanted) that could be used (auradesk models list)")
                }
                _ = try await shelf.learned(known)
            }
            let isDone = try await ledger.database.write {
                try Ledger.use(wanted, insteadOf: use.version, now: now, in: $0)
            }
            guard isDone else {
                throw DeskError(.locked, "somebody else changed the model just now: look again", isRetryable: true)
            }
            try await ledger.sealAudit(now: now)?.log(to: logger)
            return try await ledger.classifierInUse()
        }
    }

    /// What two versions make of the texts that no version was trained on.
    public static func modelDifference(
        _ first: Int64, _ second: Int64, _ configuration: DeskConfiguration
    ) async throws -> ModelDifference {
        try await withShelf(configuration) { shelf in
            let lessons = try await shelf.ledger.approvedLessons()
            let texts = LearningTexts(base: try shelf.utterances().examples, lessons: lessons)
            let one = try await classifier(first, texts, shelf)
            let other = try await classifier(second, texts, shelf)
            var (oneRight, otherRight) = (0, 0)
            var changes: [[String]: Int] = [:]
            for example in texts.heldOut {
                let (a, b) = (one.classify(example.text).label, other.classify(example.text).label)
                oneRight += a == example.intent ? 1 : 0
                otherRight += b == example.intent ? 1 : 0
                if a != b { changes[[example.intent, a, b], default: 0] += 1 }
            }
            let known = Set(try await shelf.ledger.lessons(ofVersion: first).keys)
            let new = Set(try await shelf.ledger.lessons(ofVersion: second).keys)
            return ModelDifference(
                texts: texts.heldOut.count, firstRight: oneRight, secondRight: otherRight,
                changes: changes.map {
                    ModelDifference.Change(intent: $0.key[0], first: $0.key[1], second: $0.key[2], texts: $0.value)
                }.sorted { ($1.texts, $0.intent, $0.first, $0.second) < ($0.texts, $1.intent, $1.first, $1.second) },
                learned: new.subtracting(known).count, unlearned: known.subtracting(new).count)
        }
    }

    /// The shipped one has seen all utterances: its twin has not.
    private static func classifier(
        _ version: Int64, _ texts: LearningTexts, _ shelf: ClassifierShelf
    ) async throws -> IntentClassifier {
        guard version != 0 else {
            do {
                return try IntentClassifier.train(Array(texts.training.prefix(texts.baseCount)))
            } catch {
                throw DeskError(.configuration, "\(error)")
            }
        }
        guard let known = try await shelf.ledger.classifier(version), known.state == .promoted else {
            throw DeskError(.data, "there is no model \(version) that could be used (auradesk models list)")
        }
        return try await shelf.learned(known)
    }

    static func withShelf<Value: Sendable>(
        _ configuration: DeskConfiguration, _ body: (ClassifierShelf) async throws -> Value
    ) async throws -> Value {
        let layout = try Layout(templates: configuration.templates)
        let ledger = try await Ledger(configuration.keys)
        let shelf = ClassifierShelf(
            ledger: ledger, intents: "\(layout.templates)/intents", state: configuration.state)
        let value = try await body(shelf)
        try await ledger.close()
        return value
    }
}
