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
    /// Why a person took it into use though the guard refused the lessons; nil: that was not needed, or not done.
    public let overriding: String?
    /// How it does beside the one before.
    public let comparison: ModelComparison?
    /// Where the comparison lies as a page.
    public let page: String?

    /// There was nothing to learn.
    fileprivate init(nothing reason: String) {
        (version, isPromoted, self.reason, overriding, comparison, page) = (nil, false, reason, nil, nil, nil)
    }

    fileprivate init(
        _ version: Int64, refused reason: String?, overriding: String?, _ comparison: ModelComparison, page: String
    ) {
        (self.version, isPromoted, self.reason, self.overriding) = (version, reason == nil, reason, overriding)
        (self.comparison, self.page) = (comparison, page)
    }
}

/// That a person in charge takes a batch of lessons although the guard refuses it, and why.
public struct GuardOverride: Sendable {
    /// In her words.
    let reason: String

    /// So many letters at least, and …
    private static let leastReason = 10
    /// … so many at most.
    private static let mostReason = 500

    /// - Throws: `DeskError` with code `data` when nothing is said that somebody could understand later.
    public init(_ reason: String) throws {
        let words = reason.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard words.count(where: \.isLetter) >= Self.leastReason, words.count <= Self.mostReason else {
            throw DeskError(
                .data,
                "say in \(Self.leastReason) letters at least, and \(Self.mostReason) at most, why the guard is wrong:"
                    + " it is kept in the audit log")
        }
        self.reason = words
    }
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
    /// - Parameter guardOverride: takes the lessons though the guard refuses them, when it has refused these very lessons
    ///   before, so that somebody has seen which; what is worse on a guarded intent stays refused.
    /// - Throws: `DeskError`: `locked` when lessons or models changed meanwhile, `configuration` for utterances that cannot be used.
    public func trainClassifier(_ guardOverride: GuardOverride? = nil) async throws -> TrainingReport {
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
            return TrainingReport(nothing: "there is nothing new to learn: no lesson was approved since")
        }
        // It may be a minute of work: not on the threads that answer.
        let former = try await Self.former(incumbent, texts, shelf)
        let policy = learning
        let trained = try await DiskThreads.run {
            Result { () throws -> (candidate: IntentClassifier, comparison: ModelComparison, mix: WeekCounts) in
                let candidate = try IntentClassifier.train(texts.training, digest: texts.digest)
                let judged = texts.heldOutLessons.map { candidate.classify($0.utterance) }
                let scores = try IntentClassifier.crossValidate(texts.training)
                let lessonGuard = LessonGuard(texts, scores, isNew: isNew, judged: judged)
                return (
                    candidate,
                    ModelComparison(
                        former: use.version, texts, former, candidate, newLessons: new, guarded: policy.isGuarded,
                        lessonGuard: lessonGuard),
                    WeekCounts(of: texts.training, scores)
                )
            }.mapError { DeskError(.configuration, "\($0)") }
        }.get()
        let (candidate, comparison) = (trained.candidate, trained.comparison)
        var reason = comparison.refusal
        var overriding: String?
        if reason == nil, !comparison.lessonGuard.passes {
            (reason, overriding) = try await judge(guardOverride, texts.digest)
        }
        // The file first: a version that is on record has one.
        let checksum = reason == nil ? try shelf.keep(candidate) : Seal.fingerprint(candidate.bytes)
        await FaultPoint.trained.reach()
        let version = try await ledger.record(
            Ledger.NewClassifier(
                state: reason == nil ? .promoted : .refused, reason: reason ?? overriding,
                isOverride: overriding != nil,
                checksum: checksum, bytes: candidate.bytes.count, digest: candidate.digest, base: baseDigest,
                lessons: lessons, comparison: comparison, mix: trained.mix), comparedWith: use.version, now: now())
        try await sealAudit()
        let page = "\(shelf.folder)/\(version).md"
        try DurableFile.makeFolder(shelf.folder)
        let title = "Model \(version), \(now().formatted(.iso8601))"
        try DurableFile.write(Array(comparison.markdown(title, overriding: overriding).utf8), to: page)
        await learned.look()
        return TrainingReport(version, refused: reason, overriding: overriding, comparison, page: page)
    }

    /// Whether a batch that the guard refuses is learned from all the same.
    /// - Returns: why it is not, or why it is.
    private func judge(
        _ guardOverride: GuardOverride?, _ digest: String
    ) async throws -> (refused: String?, overriding: String?) {
        let reason = "too many of the new lessons are contradicted by all others"
        guard let guardOverride else { return (reason, nil) }
        guard try await ledger.classifiers().contains(where: { $0.state == .refused && $0.digest == digest }) else {
            return ("\(reason); nobody has seen which, so look at them first, and then train again", nil)
        }
        // Who is named in it stays out of a log that is never forgotten.
        var mask = Mask(try await redacting.redactor(), of: [], known: [], vault: ConversationVault())
        return (nil, mask.redact(guardOverride.reason).text)
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
