import Foundation

/// A lesson that is to be put on record.
struct NewLesson: Sendable {
    let message: Int64
    let conversation: Int64?
    let way: Lesson.Way
    let language: String?
    let seen: String
    let content: Lesson.Content
    /// Keyed digest of what is learned: the same words are kept once.
    let digest: [UInt8]
}

extension Ledger {
    /// Puts lessons on record, each message and each text once, with how far was looked; in one transaction, so that a run that
    /// dies has done a page or nothing of it.
    /// - Returns: how many are new.
    func keep(
        _ lessons: [NewLesson], settling awaited: [Int64] = [], mark: LessonMark?, now: Date
    ) async throws -> Int {
        if lessons.isEmpty, awaited.isEmpty, mark == nil { return 0 }
        return try await writeSealed { seal, transaction in
            var count = 0
            for lesson in lessons {
                // It may have been forgotten since it was read.
                let row = try transaction.rows(
                    "SELECT conversation FROM message WHERE id = $1", [.integer(lesson.message)]
                ).first
                guard let row, row.integer("conversation") == lesson.conversation, lesson.conversation != nil else {
                    continue
                }
                let bytes = try [UInt8](PropertyListEncoder.binary.encode(lesson.content))
                count += try transaction.execute(
                    """
                    INSERT INTO lesson
                        (message, conversation, way, digest, language, seen, label, state, collected_at, sealed)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, 'candidate', $8, $9) ON CONFLICT DO NOTHING
                    """,
                    [
                        .integer(lesson.message), lesson.conversation.map(SQLValue.integer) ?? .null,
                        .text(lesson.way.rawValue), .blob(lesson.digest),
                        lesson.language.map(SQLValue.text) ?? .null, .text(lesson.seen), .text(lesson.seen),
                        .integer(now.milliseconds), .blob(try seal.seal(bytes, as: Place.lesson(lesson.message))),
                    ])
            }
            for message in awaited {
                try transaction.execute("DELETE FROM lesson_wait WHERE message = $1", [.integer(message)])
            }
            if let mark { try mark.save(in: transaction) }
            return count
        }
    }

    /// Lessons in a state, in the order of their numbers, opened.
    func lessons(_ state: Lesson.State?, after earlier: Int64 = 0, limit: Int) async throws -> [Lesson] {
        let condition = state.map { "state = '\($0.rawValue)' AND" } ?? ""
        let rows = try await database.read { transaction in
            try transaction.rows(
                "SELECT * FROM lesson WHERE \(condition) id > $1 ORDER BY id LIMIT \(limit)", [.integer(earlier)])
        }
        var lessons: [Lesson] = []
        for row in rows {
            if let lesson = try await lesson(row) { lessons.append(lesson) }
        }
        return lessons
    }

    /// One lesson; nil when there is none of that number.
    func lesson(_ id: Int64) async throws -> Lesson? {
        let row = try await database.read {
            try $0.rows("SELECT * FROM lesson WHERE id = $1", [.integer(id)]).first
        }
        guard let row else { return nil }
        return try await lesson(row)
    }

    /// The lessons that were taken from a message.
    func lesson(ofMessage message: Int64) async throws -> Lesson? {
        let row = try await database.read {
            try $0.rows("SELECT * FROM lesson WHERE message = $1", [.integer(message)]).first
        }
        guard let row else { return nil }
        return try await lesson(row)
    }

    private func lesson(_ row: SQLRow) async throws -> Lesson? {
        guard let id = row.integer("id"), let message = row.integer("message"), let label = row.text("label"),
            let way = row.text("way").flatMap(Lesson.Way.init), let sealed = row.blob("sealed"),
            let state = row.text("state").flatMap(Lesson.State.init)
        else { return nil }
        let bytes = try await open(sealed, as: Place.lesson(message))
        return Lesson(
            id: id, message: message, way: way, state: state, language: row.text("language"), seen: row.text("seen"),
            label: label, collected: Date(milliseconds: row.integer("collected_at") ?? 0),
            decided: row.integer("decided_at").map(Date.init(milliseconds:)),
            content: try PropertyListDecoder().decode(Lesson.Content.self, from: Data(bytes)))
    }

    /// How many lessons wait for a person.
    func waitingLessons() async throws -> Int {
        try await database.read { transaction in
            Int(
                try transaction.rows("SELECT COUNT(*) AS n FROM lesson WHERE state = 'candidate'", []).first?
                    .integer("n") ?? 0)
        }
    }

    /// Records what a person decided about lessons, and who it was.
    /// - Parameter label: what they are; nil: what they are taken for.
    /// - Returns: those that there are.
    func decide(_ ids: [Int64], _ state: Lesson.State, label: String? = nil, now: Date) async throws -> [Int64] {
        try await database.write { transaction in
            var decided: [Int64] = []
            for id in ids {
                let changed = try transaction.execute(
                    """
                    UPDATE lesson SET state = $1, decided_at = $2, actor = $3, label = COALESCE($4, label)
                    WHERE id = $5
                    """,
                    [
                        .text(state.rawValue), .integer(now.milliseconds), .text(Caller.number),
                        label.map(SQLValue.text) ?? .null, .integer(id),
                    ])
                guard changed == 1 else { continue }
                decided.append(id)
                let words = label.map { " label=\($0)" } ?? ""
                try Self.audit(.lesson, "\(state.rawValue) lesson=\(id)\(words)", now: now, in: transaction)
            }
            return decided
        }
    }

    /// Removes the lessons of a conversation, and says of the models that learned from them that they are to be trained anew.
    static func forgetLessons(of conversation: Int64, in transaction: any SQLTransaction) throws {
        let own = "SELECT id FROM lesson WHERE conversation = $1"
        try transaction.execute(
            """
            UPDATE classifier SET stale = 1
            WHERE id IN (SELECT version FROM classifier_lesson WHERE lesson IN (\(own)))
            """, [.integer(conversation)])
        try transaction.execute("DELETE FROM classifier_lesson WHERE lesson IN (\(own))", [.integer(conversation)])
        try transaction.execute("DELETE FROM lesson WHERE conversation = $1", [.integer(conversation)])
    }
}

/// How far a look for lessons has come in one of the places where they are found.
struct LessonMark: Sendable {
    /// `drafts`, `escalations`, `votes` or `ratings`.
    let place: String
    /// Milliseconds since 1970 of the newest that was looked at.
    let at: Int64

    func save(in transaction: any SQLTransaction) throws {
        try transaction.execute(
            """
            INSERT INTO lesson_mark (place, at) VALUES ($1, $2)
            ON CONFLICT (place) DO UPDATE SET at = excluded.at WHERE lesson_mark.at < excluded.at
            """, [.text(place), .integer(at)])
    }
}
