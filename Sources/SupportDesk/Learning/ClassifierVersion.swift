import Foundation

/// A classifier that was trained with lessons, or was refused: what the ledger knows of it. Its weights lie in a file.
public struct ClassifierVersion: Sendable, Encodable {
    /// What became of it when it was trained.
    public enum State: String, Sendable, Codable {
        /// It was found not worse than the one before, and taken into use.
        case promoted
        /// It was not, and has no file.
        case refused
    }

    /// Its number; 0 is the one that is trained on the utterances alone.
    public let version: Int64
    /// When it was trained.
    public let trained: Date
    /// What became of it.
    public let state: State
    /// Why it was refused; of a promoted one, why a person took it into use though the guard refused its lessons.
    public let reason: String?
    /// SHA-256 of its file, in hexadecimal.
    public let checksum: String
    /// The size of its file.
    public let bytes: Int
    /// By what the classifier knows what it was trained on.
    public let digest: String
    /// The same of the utterances alone, as they lay in their files.
    public let base: String
    /// How many lessons it learned from.
    public let lessons: Int
    /// Something that it learned from is forgotten since: it is to be trained anew.
    public let isStale: Bool
    /// How it did beside the one before.
    public let comparison: ModelComparison?
}

/// Which classifier a desk works with.
public struct ClassifierUse: Sendable, Hashable, Codable {
    /// Its number; 0: the one that is trained on the utterances alone.
    public var version: Int64 = 0
    /// The one before, to which a rollback goes.
    public var former: Int64 = 0
    /// Since when; nil: since there is a desk.
    public var since: Date?

    /// The one that comes with the program.
    public init() {}
}

extension Ledger {
    /// Which classifier is in use, on all machines that share the ledger.
    func classifierInUse() async throws -> ClassifierUse {
        try await database.read { try Self.classifierInUse(in: $0) }
    }

    static func classifierInUse(in transaction: any SQLTransaction) throws -> ClassifierUse {
        let row = try transaction.rows("SELECT * FROM classifier_use", []).first
        var use = ClassifierUse()
        use.version = row?.integer("version") ?? 0
        use.former = row?.integer("former") ?? 0
        use.since = row?.integer("since").map(Date.init(milliseconds:))
        return use
    }

    /// Takes a version into use.
    /// - Parameter expected: what must be in use at this moment.
    /// - Returns: whether it was.
    static func use(
        _ version: Int64, insteadOf expected: Int64?, now: Date, in transaction: any SQLTransaction
    ) throws -> Bool {
        let use = try classifierInUse(in: transaction)
        if let expected, use.version != expected { return false }
        if use.version == version, use.since != nil { return true }
        try transaction.execute(
            """
            INSERT INTO classifier_use (id, version, former, since) VALUES (1, $1, $2, $3)
            ON CONFLICT (id) DO UPDATE SET version = excluded.version, former = excluded.former, since = excluded.since
            """, [.integer(version), .integer(use.version), .integer(now.milliseconds)])
        try audit(.lesson, "model=\(version) instead=\(use.version)", now: now, in: transaction)
        return true
    }

    /// All versions, oldest first.
    func classifiers() async throws -> [ClassifierVersion] {
        try await database.read { transaction in
            try transaction.rows("SELECT * FROM classifier ORDER BY id", []).compactMap(ClassifierVersion.init)
        }
    }

    /// One version; nil when there is none of that number.
    func classifier(_ version: Int64) async throws -> ClassifierVersion? {
        try await database.read { transaction in
            try transaction.rows("SELECT * FROM classifier WHERE id = $1", [.integer(version)]).first
                .flatMap(ClassifierVersion.init)
        }
    }

    /// What a version learned from, by the lesson's number, with what it was told.
    func lessons(ofVersion version: Int64) async throws -> [Int64: String] {
        try await database.read { transaction in
            try transaction.rows(
                "SELECT lesson, label FROM classifier_lesson WHERE version = $1", [.integer(version)]
            ).reduce(into: [:]) { $0[$1.integer("lesson") ?? 0] = $1.text("label") }
        }
    }

    /// A version that was just trained.
    struct NewClassifier: Sendable {
        let state: ClassifierVersion.State
        let reason: String?
        /// A person took it into use though the guard refused its lessons.
        let isOverride: Bool
        let checksum: String
        let bytes: Int
        let digest: String
        let base: String
        let lessons: [ApprovedLesson]
        let comparison: ModelComparison
        /// What it was trained on, as figures.
        let mix: WeekCounts
    }

    /// Puts a version on record; a promoted one is in use from this moment on.
    /// - Parameter incumbent: the one that it was compared with, which must still be in use.
    /// - Returns: its number.
    /// - Throws: `DeskError` when somebody else was quicker, or a lesson is not as it was: nothing is on record then.
    func record(_ classifier: NewClassifier, comparedWith incumbent: Int64, now: Date) async throws -> Int64 {
        let comparison = try JSONEncoder.sorted.encode(classifier.comparison)
        return try await database.write { transaction in
            // Forgotten or decided otherwise while it was being trained.
            let approved = try transaction.rows("SELECT id, label FROM lesson WHERE state = 'approved'", [])
                .reduce(into: [Int64: String]()) { $0[$1.integer("id") ?? 0] = $1.text("label") }
            guard classifier.lessons.allSatisfy({ approved[$0.id] == $0.label }) else { throw Self.movedOn }
            let row = try transaction.rows(
                """
                INSERT INTO classifier
                    (trained_at, actor, state, reason, checksum, bytes, digest, base, lessons, comparison)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id
                """,
                [
                    .integer(now.milliseconds), .text(Caller.number), .text(classifier.state.rawValue),
                    classifier.reason.map(SQLValue.text) ?? .null, .text(classifier.checksum),
                    .integer(Int64(classifier.bytes)), .text(classifier.digest), .text(classifier.base),
                    .integer(Int64(classifier.lessons.count)), .text(String(decoding: comparison, as: UTF8.self)),
                ]
            ).first
            guard let version = row?.integer("id") else { throw DeskError(.ledger, "a model was not recorded") }
            guard classifier.state == .promoted else {
                try Self.audit(.lesson, "refused model=\(version)", now: now, in: transaction)
                return version
            }
            for lesson in classifier.lessons {
                try transaction.later(
                    "INSERT INTO classifier_lesson (version, lesson, label) VALUES ($1, $2, $3)",
                    [.integer(version), .integer(lesson.id), .text(lesson.label)])
            }
            if classifier.isOverride, let reason = classifier.reason {
                let named = ModelComparison.list(classifier.comparison.lessonGuard.refusedFor)
                try Self.audit(
                    .lesson, "overrode guard model=\(version) lessons=\(named) reason=\(reason)", now: now,
                    in: transaction)
            }
            try Self.keep(classifier.mix, ofVersion: version, digest: classifier.digest, in: transaction)
            guard try Self.use(version, insteadOf: incumbent, now: now, in: transaction) else { throw Self.movedOn }
            return version
        }
    }

    private static let movedOn = DeskError(
        .locked, "lessons or the model in use have changed while it was trained: train again", isRetryable: true)
}

extension ClassifierVersion {
    init?(_ row: SQLRow) {
        guard let version = row.integer("id"), let state = row.text("state").flatMap(State.init) else { return nil }
        self.version = version
        self.state = state
        trained = Date(milliseconds: row.integer("trained_at") ?? 0)
        reason = row.text("reason")
        checksum = row.text("checksum") ?? ""
        bytes = Int(row.integer("bytes") ?? 0)
        digest = row.text("digest") ?? ""
        base = row.text("base") ?? ""
        lessons = Int(row.integer("lessons") ?? 0)
        isStale = row.integer("stale") == 1
        let json = Data((row.text("comparison") ?? "").utf8)
        comparison = try? JSONDecoder().decode(ModelComparison.self, from: json)
    }
}

extension JSONEncoder {
    /// The same bytes for the same value.
    static var sorted: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
