import Foundation

/// Where people and customers showed what a message was about.
struct LessonSource: Sendable {
    let message: Int64
    let conversation: Int64?
    let way: Lesson.Way
    let intent: String?
    let language: String?
    /// The rule that decided about the message.
    let rule: String?
    /// When it was shown, milliseconds since 1970.
    let at: Int64
    /// How its draft ended, in a person's words.
    var end: DraftEnd?
}

/// A mail that went to a ticket, and of which nobody has seen the answer yet.
struct AwaitedAnswer: Sendable {
    let source: LessonSource
    let channel: String
    /// The ticket's number; nil: on none of the desk's.
    let ticket: String?
    let since: Date
    let attempts: Int
}

extension Ledger {
    /// Where lessons are found, each with its own mark.
    enum LessonPlace: String, CaseIterable {
        case drafts, votes, ratings, escalations
    }

    /// So much is looked at in one step.
    static let lessonPage = 200
    /// What was committed a moment later than something newer is found by looking again this far back, milliseconds.
    private static let overlap: Int64 = 600_000

    /// How far a place was looked through: where the next look begins.
    func lessonMark(_ place: LessonPlace) async throws -> Int64 {
        try await database.read { transaction in
            let at = try transaction.rows("SELECT at FROM lesson_mark WHERE place = $1", [.text(place.rawValue)]).first?
                .integer("at")
            return at.map { $0 - Self.overlap } ?? 0
        }
    }

    /// What came to a place behind a moment, oldest first, without what was collected before.
    func lessonSources(
        _ place: LessonPlace, after at: Int64, _ message: Int64
    ) async throws -> [LessonSource] {
        let time = place == .drafts ? "s.ended_at" : place == .escalations ? "m.settled_at" : "s.at"
        let columns = "m.id, m.conversation, m.intent, m.language, m.rule, \(time) AS shown"
        let tables =
            switch place {
            case .drafts:
                """
                \(columns), s.state, e.sealed FROM draft s JOIN message m ON m.id = s.message
                LEFT JOIN draft_end e ON e.message = s.message
                WHERE s.state IN ('approved', 'rejected', 'withdrawn', 'sent') AND
                """
            case .votes:
                """
                \(columns), s.vote AS state FROM feedback s JOIN outbox o ON o.key = s.reply AND o.kind = 'reply'
                JOIN message m ON m.id = o.message WHERE
                """
            case .ratings: "\(columns), s.verdict AS state FROM rating s JOIN message m ON m.id = s.message WHERE"
            case .escalations: "\(columns) FROM message m WHERE m.disposition = 'escalated' AND"
            }
        let rows = try await database.read { transaction in
            try transaction.rows(
                """
                SELECT \(tables) (\(time) > $1 OR \(time) = $2 AND m.id > $3)
                AND NOT EXISTS (SELECT 1 FROM lesson l WHERE l.message = m.id)
                ORDER BY \(time), m.id LIMIT \(Self.lessonPage)
                """, [.integer(at), .integer(at), .integer(message)])
        }
        var sources: [LessonSource] = []
        for row in rows {
            guard let id = row.integer("id"), let shown = row.integer("shown") else { continue }
            var end: DraftEnd?
            if let sealed = row.blob("sealed"), !sealed.isEmpty {
                let bytes = try await open(sealed, as: Place.draftEnd(id))
                end = try? PropertyListDecoder().decode(DraftEnd.self, from: Data(bytes))
            }
            // What says nothing is still there, so that the next page begins behind it.
            let way = Self.way(place, row.text("state") ?? "", end)
            sources.append(
                LessonSource(
                    message: id, conversation: row.integer("conversation"), way: way ?? .answered,
                    intent: way == nil ? nil : row.text("intent"), language: row.text("language"),
                    rule: row.text("rule"), at: shown, end: end))
        }
        return sources
    }

    /// What was shown; nil where nothing was.
    private static func way(_ place: LessonPlace, _ state: String, _ end: DraftEnd?) -> Lesson.Way? {
        switch (place, state) {
        case (.drafts, "approved"): end?.text == nil ? .approved : .edited
        case (.drafts, "sent"): (end?.difference?.likeness ?? 1) > 0.999 ? .approved : .edited
        case (.drafts, "rejected"): .rejected
        case (.drafts, "withdrawn"): end?.text == nil ? nil : .answered
        case (.votes, "yes"): .confirmed
        case (.votes, "no"): .denied
        case (.ratings, "right"): .right
        case (.ratings, "wrong"): .wrong
        case (.escalations, _): .escalated
        default: nil
        }
    }

    /// Notes that answers are awaited of what went to tickets.
    func await(_ sources: [LessonSource], mark: LessonMark, now: Date) async throws {
        try await database.write { transaction in
            for source in sources {
                try transaction.execute(
                    """
                    INSERT INTO lesson_wait (message, since, retry_at, attempts) VALUES ($1, $2, $3, 0)
                    ON CONFLICT DO NOTHING
                    """, [.integer(source.message), .integer(now.milliseconds), .integer(now.milliseconds)])
            }
            try mark.save(in: transaction)
        }
    }

    /// Those that are to be asked for now.
    func awaitedAnswers(now: Date) async throws -> [AwaitedAnswer] {
        try await database.read { transaction in
            try transaction.rows(
                """
                SELECT w.message, w.since, w.attempts, m.channel, m.conversation, m.intent, m.language, m.rule,
                    c.ticket, (SELECT o.remote FROM outbox o WHERE o.message = m.id AND o.kind = 'ticket'
                    AND o.state = 'sent') AS remote
                FROM lesson_wait w JOIN message m ON m.id = w.message LEFT JOIN conversation c ON c.id = m.conversation
                WHERE w.retry_at <= $1 ORDER BY w.retry_at, w.message LIMIT \(Self.lessonPage)
                """, [.integer(now.milliseconds)]
            ).compactMap { row in
                guard let message = row.integer("message") else { return nil }
                return AwaitedAnswer(
                    source: LessonSource(
                        message: message, conversation: row.integer("conversation"), way: .escalated,
                        intent: row.text("intent"), language: row.text("language"), rule: row.text("rule"), at: 0),
                    channel: row.text("channel") ?? "", ticket: row.text("remote") ?? row.text("ticket"),
                    since: Date(milliseconds: row.integer("since") ?? 0), attempts: Int(row.integer("attempts") ?? 0))
            }
        }
    }

    /// Asks for them again later, each time after twice as long; gives those up that waited a month.
    func awaitAgain(_ answers: [AwaitedAnswer], now: Date) async throws {
        try await database.write { transaction in
            for answer in answers {
                guard now.timeIntervalSince(answer.since) < 30 * 86_400 else {
                    try transaction.execute(
                        "DELETE FROM lesson_wait WHERE message = $1", [.integer(answer.source.message)])
                    continue
                }
                let wait = Int64(900_000) << min(Int64(answer.attempts), 7)
                try transaction.execute(
                    "UPDATE lesson_wait SET attempts = attempts + 1, retry_at = $1 WHERE message = $2",
                    [.integer(now.milliseconds + wait), .integer(answer.source.message)])
            }
        }
    }
}
