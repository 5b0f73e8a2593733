import Foundation
import Triage

extension Ledger {
    /// Below this no passage answers a question well; the index `message_gap` says so too.
    static let poorFit = 0.5
    /// A person who left so much of a draft, or more, has only touched it.
    static let touchedLikeness = 0.9
    /// So many days are made from messages at once, when they are only to be kept.
    private static let daysAtOnce = 14

    /// The figures of days by their numbers: of those that are over for good as they were kept, of others from the messages. Days
    /// that are over and were not kept yet are kept now, where the ledger can be written.
    /// - Parameters:
    ///   - days: which are wanted; of days before the first message there is nothing.
    ///   - memory: for how long all is kept that a day is made of; older ones stay as they were kept.
    ///   - anew: whether what was kept is passed over, for a test and a figure.
    func figures(
        of days: ClosedRange<Int>, _ policy: ReportPolicy, in zone: TimeZone, now: Date,
        memory: TimeInterval = .infinity, anew: Bool = false
    ) async throws -> [Int: DayFigures] {
        guard let first = try await firstDay(in: zone), first <= days.upperBound else { return [:] }
        let days = max(first, days.lowerBound)...days.upperBound
        let basis = policy.basis(in: zone)
        let news = anew ? [] : try await news(in: zone, since: now.addingTimeInterval(-memory))
        var figures = anew ? [:] : try await rollUps(of: days, basis)
        for piece in news { figures[piece.day] = nil }
        let last = Self.lastClosedDay(policy, in: zone, now: now)
        // Days near each other are made together: what came after the one is the other's.
        let span = Int(policy.closing / 86_400_000) + 1
        for run in Self.runs(days.filter { figures[$0] == nil }, apart: span) {
            let made = try await makeFigures(of: run, policy, in: zone, now: now)
            let finished = made.filter { $0.key <= last && figures[$0.key] == nil }
            // A report is no less true where it cannot be kept, as with a server's role that only reads.
            if !finished.isEmpty { try? await keep(finished, basis, without: news, now: now) }
            figures.merge(made) { kept, _ in kept }
        }
        return figures
    }

    /// Keeps the figures of days that are over; the oldest first, some at a time.
    /// - Parameter memory: for how long all is kept that a day is made of.
    /// - Returns: how many days were kept.
    @discardableResult
    func rollUp(
        _ policy: ReportPolicy, in zone: TimeZone, now: Date, memory: TimeInterval = .infinity
    ) async throws -> Int {
        let last = Self.lastClosedDay(policy, in: zone, now: now)
        guard let first = try await firstDay(in: zone), first <= last else { return 0 }
        let basis = policy.basis(in: zone)
        let oldest = now.addingTimeInterval(-memory)
        let news = try await news(in: zone, since: oldest)
        var known = try await database.read { transaction in
            Set(
                try transaction.rows(
                    "SELECT day FROM rollup WHERE basis = $1 AND day >= $2",
                    [.text(basis), .integer(Int64(first))]
                ).compactMap { $0.integer("day").map { Int($0) } })
        }
        known.subtract(news.map(\.day))
        try await forgetNews(before: oldest)
        guard let missing = (first...last).first(where: { !known.contains($0) }) else { return 0 }
        let days = missing...min(last, missing + Self.daysAtOnce - 1)
        let made = try await makeFigures(of: days, policy, in: zone, now: now)
        let new = made.filter { !known.contains($0.key) }
        try await keep(new, basis, without: news, now: now)
        return new.count
    }

    /// Days as ranges; what lies between two that are near each other belongs to them.
    static func runs(_ days: [Int], apart span: Int) -> [ClosedRange<Int>] {
        days.reduce(into: []) { runs, day in
            if let run = runs.last, day - run.upperBound <= span {
                runs[runs.count - 1] = run.lowerBound...day
            } else {
                runs.append(day...day)
            }
        }
    }

    /// That something became known of a day after it was kept.
    struct DayNews: Sendable {
        let id: Int64
        let day: Int
    }

    /// What became known of days that may be kept already.
    /// - Parameter start: of days before nobody can say any more what they were made of.
    private func news(in zone: TimeZone, since start: Date) async throws -> [DayNews] {
        let start = max(0, start.timeIntervalSince1970) * 1_000
        return try await database.read { transaction in
            try transaction.rows(
                "SELECT id, settled_at FROM rollup_news WHERE settled_at >= $1 ORDER BY id", [.integer(Int64(start))]
            ).compactMap { row in
                guard let id = row.integer("id"), let time = row.integer("settled_at") else { return nil }
                return DayNews(id: id, day: LocalDate(Date(milliseconds: time), in: zone).dayNumber)
            }
        }
    }

    private func forgetNews(before start: Date) async throws {
        guard start.timeIntervalSince1970 > 0 else { return }
        let time = SQLValue.integer(start.milliseconds)
        let isThere = try await database.read { transaction in
            try !transaction.rows("SELECT id FROM rollup_news WHERE settled_at < $1 LIMIT 1", [time]).isEmpty
        }
        guard isThere else { return }
        try await database.write(.statement) { transaction in
            try transaction.later("DELETE FROM rollup_news WHERE settled_at < $1", [time])
        }
    }

    /// The last day of which nothing changes any more.
    static func lastClosedDay(_ policy: ReportPolicy, in zone: TimeZone, now: Date) -> Int {
        LocalDate(Date(milliseconds: now.milliseconds - policy.closing), in: zone).dayNumber - 1
    }

    /// The day of the first message that was settled; nil: there is none.
    func firstDay(in zone: TimeZone) async throws -> Int? {
        let first = try await database.read { transaction in
            try transaction.rows(
                "SELECT settled_at FROM message WHERE settled_at > 0 ORDER BY settled_at LIMIT 1", []
            ).first?.integer("settled_at")
        }
        return first.map { LocalDate(Date(milliseconds: $0), in: zone).dayNumber }
    }

    /// The figures of days from the messages themselves.
    func makeFigures(
        of days: ClosedRange<Int>, _ policy: ReportPolicy, in zone: TimeZone, now: Date
    ) async throws -> [Int: DayFigures] {
        let table = DayTable(days, in: zone)
        return try await database.read { transaction in
            let reader = DayReader(table, policy, now: now)
            try reader.read(transaction)
            return Dictionary(uniqueKeysWithValues: zip(days, reader.figures))
        }
    }

    private func rollUps(of days: ClosedRange<Int>, _ basis: String) async throws -> [Int: DayFigures] {
        let rows = try await database.read { transaction in
            try transaction.rows(
                "SELECT day, figures FROM rollup WHERE day >= $1 AND day <= $2 AND basis = $3",
                [.integer(Int64(days.lowerBound)), .integer(Int64(days.upperBound)), .text(basis)])
        }
        let decoder = JSONDecoder()
        var figures: [Int: DayFigures] = [:]
        for row in rows {
            // What cannot be read, perhaps of a newer program, is made anew.
            guard let day = row.integer("day"), let text = row.text("figures"),
                let read = try? decoder.decode(DayFigures.self, from: Data(text.utf8))
            else { continue }
            figures[Int(day)] = read
        }
        return figures
    }

    /// - Parameter news: what was known when the figures were made, and is in them now; what came since stays.
    private func keep(
        _ figures: [Int: DayFigures], _ basis: String, without news: [DayNews], now: Date
    ) async throws {
        let done = news.filter { figures[$0.day] != nil }.map(\.id)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let texts = try figures.mapValues { String(decoding: try encoder.encode($0), as: UTF8.self) }
        try await database.write(.statement) { transaction in
            for (day, text) in texts.sorted(by: { $0.key < $1.key }) {
                try transaction.later(
                    """
                    INSERT INTO rollup (day, basis, made_at, figures) VALUES ($1, $2, $3, $4)
                    ON CONFLICT (day) DO UPDATE
                    SET basis = excluded.basis, made_at = excluded.made_at, figures = excluded.figures
                    """, [.integer(Int64(day)), .text(basis), .integer(now.milliseconds), .text(text)])
            }
            for id in done { try transaction.later("DELETE FROM rollup_news WHERE id = $1", [.integer(id)]) }
        }
    }
}
