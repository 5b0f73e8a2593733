/// What people and customers said, and what went wrong.
extension DayReader {
    /// What became known of messages of these days only after the time in which their customers are looked for: a vote or a
    /// draft's end comes whenever somebody likes. Found by the messages: these days are few then.
    private func scanLate(
        _ transaction: any SQLTransaction, _ sql: String, after end: Int64,
        _ look: (any SQLScannedRow) throws -> Void
    ) throws {
        guard end <= now else { return }
        try transaction.scan(
            sql, [.integer(table.start(of: table.days.lowerBound)), .integer(table.end), .integer(end)], look)
    }

    func readVotes(_ transaction: any SQLTransaction, _ start: Int64, _ end: Int64) throws {
        try transaction.scan(
            """
            SELECT f.at, f.vote, f.score, o.message, m.intent, m.language FROM feedback f
            JOIN outbox o ON o.key = f.reply AND o.kind = 'reply' JOIN message m ON m.id = o.message
            WHERE f.at >= $1 AND f.at < $2
            """, [.integer(start), .integer(end)]
        ) { row in
            guard let at = row.integer(0), let message = row.integer(3) else { return }
            let isYes = row.text(1) == Feedback.Vote.yes.rawValue
            votes[message] = Feedback.verdict(isYes: isYes, row.integer(2))
            guard let day = table.day(of: at) else { return }
            let cell = cell(day - table.days.lowerBound, intents.number(row.text(4)), languages.number(row.text(5)))
            var tally = Tally()
            tally.add(vote: isYes, score: row.integer(2).map { Int($0) })
            for count in Count.allCases where tally[count] != 0 { add(count, to: cell, tally[count]) }
        }
        try scanLate(
            transaction,
            """
            SELECT o.message, f.vote, f.score FROM message m JOIN outbox o ON o.message = m.id AND o.kind = 'reply'
            JOIN feedback f ON f.reply = o.key WHERE m.settled_at >= $1 AND m.settled_at < $2 AND f.at >= $3
            """, after: end
        ) { row in
            guard let message = row.integer(0) else { return }
            votes[message] = Feedback.verdict(isYes: row.text(1) == Feedback.Vote.yes.rawValue, row.integer(2))
        }
    }

    func readDrafts(_ transaction: any SQLTransaction, _ start: Int64, _ end: Int64) throws {
        func fate(_ row: any SQLScannedRow) -> (message: Int64, state: DraftState, ended: Int64)? {
            guard let message = row.integer(0), let state = row.text(1).flatMap(DraftState.init),
                let created = row.integer(2), let ended = row.integer(3)
            else { return nil }
            drafts[message] = DraftFate(
                isSent: state == .approved || state == .sent, created: created, ended: ended)
            return (message, state, ended)
        }
        try transaction.scan(
            """
            SELECT d.message, d.state, d.created_at, d.ended_at, d.likeness, m.intent, m.language FROM draft d
            JOIN message m ON m.id = d.message WHERE d.ended_at >= $1 AND d.ended_at < $2
            """, [.integer(start), .integer(end)]
        ) { row in
            guard let (_, state, ended) = fate(row), let day = table.day(of: ended) else { return }
            let cell = cell(day - table.days.lowerBound, intents.number(row.text(5)), languages.number(row.text(6)))
            switch (state, row.real(4)) {
            case (.approved, nil), (.approved, 1?), (.sent, 1?): add(.asWritten, to: cell)
            case (.approved, let likeness?), (.sent, let likeness?):
                add(likeness >= Ledger.touchedLikeness ? .touched : .corrected, to: cell)
            case (.rejected, _): add(.rejected, to: cell)
            case (.withdrawn, _): add(.lapsed, to: cell)
            // What she sent could not be read.
            case (.sent, nil), (.open, _), (.edited, _): break
            }
        }
        try scanLate(
            transaction,
            """
            SELECT d.message, d.state, d.created_at, d.ended_at FROM message m JOIN draft d ON d.message = m.id
            WHERE m.settled_at >= $1 AND m.settled_at < $2 AND d.ended_at >= $3
            """, after: end
        ) { row in _ = fate(row) }
    }

    /// What people found of the answers of these days that were drawn for them, whenever they looked.
    func readRatings(_ transaction: any SQLTransaction, _ start: Int64) throws {
        try transaction.scan(
            """
            SELECT s.at, s.intent, s.language, s.weight, r.verdict, r.tone, r.empathy FROM sample s
            LEFT JOIN rating r ON r.message = s.message WHERE s.at >= $1 AND s.at < $2
            """, [.integer(start), .integer(table.end)]
        ) { row in
            guard let at = row.integer(0), let number = table.day(of: at) else { return }
            let day = number - table.days.lowerBound
            var rating = RatingSums()
            rating.addDrawn(
                isRight: row.text(4).map { $0 == ReplyRating.Verdict.right.rawValue }, weight: row.real(3) ?? 1,
                tone: row.real(5), empathy: row.real(6))
            figures[day].ratings += rating
            figures[day].ratingsByIntent[row.text(1) ?? "-", default: RatingSums()] += rating
            figures[day].ratingsByLanguage[row.text(2) ?? "-", default: RatingSums()] += rating
        }
    }

    func readShadows(_ transaction: any SQLTransaction, _ start: Int64) throws {
        try transaction.scan(
            "SELECT at, intent, verdict FROM shadow WHERE at >= $1 AND at < $2", [.integer(start), .integer(table.end)]
        ) { row in
            guard let at = row.integer(0), let day = table.day(of: at), let intent = row.text(1) else { return }
            let verdict = row.text(2) ?? ShadowStanding.waiting
            figures[day - table.days.lowerBound].shadows[intent, default: [:]][verdict, default: 0] += 1
        }
    }

    func readErrors(_ transaction: any SQLTransaction, _ start: Int64) throws {
        try transaction.scan(
            """
            SELECT finished_at, kind, state FROM outbox
            WHERE state IN ('failed', 'uncertain') AND finished_at >= $1 AND finished_at < $2
            """, [.integer(start), .integer(table.end)]
        ) { row in
            guard let at = row.integer(0), let day = table.day(of: at) else { return }
            let name = "\(row.text(1) ?? "-") \(row.text(2) ?? "-")"
            figures[day - table.days.lowerBound].errors[name, default: 0] += 1
        }
    }

    func readModels(_ transaction: any SQLTransaction) throws {
        // Days of the shop's own clock stand there already.
        try transaction.scan(
            """
            SELECT day, model, outcome, COUNT(*), SUM(cost), SUM(tokens_in), SUM(tokens_cached), SUM(tokens_stored),
                SUM(tokens_out)
            FROM model_call WHERE day >= $1 AND day <= $2 GROUP BY day, model, outcome
            """, [.integer(Int64(table.days.lowerBound)), .integer(Int64(table.days.upperBound))]
        ) { row in
            guard let number = row.integer(0), table.days.contains(Int(number)) else { return }
            var tally = Tally()
            let requests = Int(row.integer(3) ?? 0)
            tally[.requests] = requests
            tally[.failures] = row.text(2) == "answered" ? 0 : requests
            for (column, count) in [
                (4, Count.cost), (5, .tokensIn), (6, .tokensCached), (7, .tokensStored), (8, .tokensOut),
            ] {
                tally[count] = Int(row.integer(column) ?? 0)
            }
            let day = Int(number) - table.days.lowerBound
            figures[day].models[row.text(1) ?? "-", default: Tally()] += tally
            figures[day].total += tally
        }
    }
}
