/// What people and customers said, and what went wrong.
extension DayReader {
    func readVotes(_ transaction: any SQLTransaction, _ start: Int64, _ end: Int64) throws {
        try transaction.scan(
            """
            SELECT f.at, f.vote, f.score, o.message, m.intent, m.language FROM feedback f
            JOIN outbox o ON o.key = f.reply AND o.kind = 'reply' JOIN message m ON m.id = o.message
            WHERE f.at >= $1 AND f.at < $2
            """, [.integer(start), .integer(end)]
        ) { row in
            guard let at = row.integer(0), let message = row.integer(3) else { return }
            let score = row.integer(2).map { Int($0) }
            let isYes = row.text(1) == Feedback.Vote.yes.rawValue
            // A middling score says neither.
            if score != 3 { votes[message] = score.map { $0 > 3 } ?? isYes }
            guard let day = table.day(of: at) else { return }
            let cell = cell(day - table.days.lowerBound, intents.number(row.text(4)), languages.number(row.text(5)))
            var tally = Tally()
            tally.add(vote: isYes, score: score)
            for count in Count.allCases where tally[count] != 0 { add(count, to: cell, tally[count]) }
        }
    }

    func readDrafts(_ transaction: any SQLTransaction, _ start: Int64, _ end: Int64) throws {
        try transaction.scan(
            """
            SELECT d.message, d.state, d.created_at, d.ended_at, d.likeness, m.intent, m.language FROM draft d
            JOIN message m ON m.id = d.message WHERE d.ended_at >= $1 AND d.ended_at < $2
            """, [.integer(start), .integer(end)]
        ) { row in
            guard let message = row.integer(0), let state = row.text(1).flatMap(DraftState.init),
                let created = row.integer(2), let ended = row.integer(3)
            else { return }
            let isSent = state == .approved || state == .sent
            drafts[message] = DraftFate(isSent: isSent, created: created, ended: ended)
            guard let day = table.day(of: ended) else { return }
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
    }

    func readRatings(_ transaction: any SQLTransaction, _ start: Int64) throws {
        try transaction.scan(
            """
            SELECT r.at, r.verdict, r.tone, r.empathy, m.intent, m.language, m.confidence FROM rating r
            JOIN message m ON m.id = r.message WHERE r.at >= $1 AND r.at < $2
            """, [.integer(start), .integer(table.end)]
        ) { row in
            guard let at = row.integer(0), let number = table.day(of: at) else { return }
            let day = number - table.days.lowerBound
            let cell = cell(day, intents.number(row.text(4)), languages.number(row.text(5)))
            let isRight = row.text(1) == "right"
            add(isRight ? .ratedRight : .ratedWrong, to: cell)
            if let tone = row.integer(2) {
                add(.toned, to: cell)
                add(.tones, to: cell, Int(tone))
            }
            if let empathy = row.integer(3) {
                add(.empathised, to: cell)
                add(.empathies, to: cell, Int(empathy))
            }
            let layer = DayFigures.layer(row.text(4), row.text(5), row.real(6))
            figures[day].layers[layer, default: DayFigures.Layer()].right += isRight ? 1 : 0
            figures[day].layers[layer, default: DayFigures.Layer()].wrong += isRight ? 0 : 1
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
