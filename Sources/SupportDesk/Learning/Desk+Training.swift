import Foundation
import Triage

/// What came of a training.
public struct TrainingReport: Sendable, Encodable {
    /// The number under which it is on record; nil when there was nothing to learn.
    public let version: Int64?
    /// Whether the desk works with it from now on.
    public let isPromoted: Bool
    /// Why it does not.
    public let reason: String?
    /// How it does beside the one before.
    public let comparison: ModelComparison?
    /// Where the comparison lies as a page.
    public let page: String?
}

/// Which intents a new classifier must not be worse on.
public struct LearningPolicy: Sendable, Hashable {
    /// Their names; nil: all.
    public var guarded: Set<String>?

    /// All.
    public init() {}

    /// Reads the section `learning`.
    init(_ reader: ConfigurationReader) throws {
        self.init()
        let names = try reader.oneOrMore("guarded")
        if !names.isEmpty { guarded = Set(names) }
        try reader.finish()
    }

    func isGuarded(_ intent: String) -> Bool { guarded?.contains(intent) ?? true }
}

extension Desk {
    /// Trains a classifier on the utterances and the approved lessons, measures it beside the one in use on texts that neither was
    /// trained on, and takes it into use when it is not worse.
    ///
    /// The same utterances and lessons give the same bytes.
    /// - Throws: `DeskError`: `locked` when lessons or models changed meanwhile, `configuration` for utterances that cannot be used.
    public func trainClassifier() async throws -> TrainingReport {
        let use = try await ledger.classifierInUse()
        let incumbent = use.version == 0 ? nil : try await ledger.classifier(use.version)
        let known = try await ledger.lessons(ofVersion: use.version)
        let lessons = try await ledger.approvedLessons()
        let (base, baseDigest) = try shelf.utterances()
        let texts = LearningTexts(base: base, lessons: lessons)
        let isNew = { @Sendable (lesson: ApprovedLesson) in known[lesson.id] != lesson.label }
        let new = lessons.count(where: isNew)
        let isChanged = incumbent.map { $0.isStale || $0.base != baseDigest } ?? false
        guard new > 0 || isChanged || known.count != lessons.count else {
            return TrainingReport(
                version: nil, isPromoted: false, reason: "there is nothing new to learn: no lesson was approved since",
                comparison: nil, page: nil)
        }
        // It may be a minute of work: not on the threads that answer.
        let former = try await Self.former(incumbent, texts, shelf)
        let policy = learning
        let (candidate, comparison) = try await DiskThreads.run {
            Result { () throws -> (IntentClassifier, ModelComparison) in
                let candidate = try IntentClassifier.train(texts.training, digest: texts.digest)
                let judged = texts.heldOutLessons.map { candidate.classify($0.utterance) }
                let lessonGuard = try LessonGuard(texts, isNew: isNew, judged: judged)
                return (
                    candidate,
                    ModelComparison(
                        former: use.version, texts, former, candidate, newLessons: new, guarded: policy.isGuarded,
                        lessonGuard: lessonGuard)
                )
            }.mapError { DeskError(.configuration, "\($0)") }
        }.get()
        let reason =
            comparison.lessonGuard.passes
            ? comparison.refusal : "too many of the new lessons are contradicted by all others"
        // The file first: a version that is on record has one.
        let checksum = reason == nil ? try shelf.keep(candidate) : Seal.fingerprint(candidate.bytes)
        await FaultPoint.trained.reach()
        let version = try await ledger.record(
            Ledger.NewClassifier(
                state: reason == nil ? .promoted : .refused, reason: reason, checksum: checksum,
                bytes: candidate.bytes.count, digest: candidate.digest, base: baseDigest, lessons: lessons,
                comparison: comparison), comparedWith: use.version, now: now())
        try await sealAudit()
        let page = "\(shelf.folder)/\(version).md"
        try DurableFile.makeFolder(shelf.folder)
        try DurableFile.write(
            Array(comparison.markdown("Model \(version), \(now().formatted(.iso8601))").utf8), to: page)
        await learned.look()
        return TrainingReport(
            version: version, isPromoted: reason == nil, reason: reason, comparison: comparison, page: page)
    }

    /// The classifier that a new one is held against. The shipped one has seen what is measured on, so a twin that has not takes
    /// its place; and so it does for a learned one whose file is lost, or that knows utterances which are no more.
    private static func former(
        _ incumbent: ClassifierVersion?, _ texts: LearningTexts, _ shelf: ClassifierShelf
    ) async throws -> IntentClassifier {
        if let incumbent, let classifier = try? await shelf.learned(incumbent) { return classifier }
        return try await DiskThreads.run {
            Result { try IntentClassifier.train(Array(texts.training.prefix(texts.baseCount))) }
                .mapError { DeskError(.configuration, "\($0)") }
        }.get()
    }
}
