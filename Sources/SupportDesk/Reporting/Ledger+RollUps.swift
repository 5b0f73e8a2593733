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
    ///   - anew: whether what was kept is passed over, for a test and a figure.
    func figures(
        of days: ClosedRange<Int>, _ policy: ReportPolicy, in zone: TimeZone, now: Date, anew: Bool = false
    ) async throws -> [Int: DayFigures] {
        guard let first = try await firstDay(in: zone), first <= days.upperBound else { return [:] }
        let days = max(first, days.lowerBound)...days.upperBound
        let basis = policy.basis(in: zone)
        var figures = anew ? [:] : try await rollUps(of: days, basis)
        guard let missing = days.first(where: { figures[$0] == nil }) else { return figures }
        let made = try await makeFigures(of: missing...days.upperBound, policy, in: zone, now: now)
        let last = Self.lastClosedDay(policy, in: zone, now: now)
        let finished = made.filter { $0.key <= last && figures[$0.key] == nil }
        // A report is no less true where it cannot be kept, as with a server's role that only reads.
        if !finished.isEmpty { try? await keep(finished, basis, now: now) }
        figures.merge(made) { kept, _ in kept }
        return figures
    }

    /// Keeps the figures of days that are over; the oldest first, some at a time.
    /// - Returns: how many days were kept.
    @discardableResult
    func rollUp(_ policy: ReportPolicy, in zone: TimeZone, now: Date) async throws -> Int {
        let last = Self.lastClosedDay(policy, in: zone, now: now)
        guard let first = try await firstDay(in: zone), first <= last else { return 0 }
        let basis = policy.basis(in: zone)
        let known = try await database.read { transaction in
            Set(
                try transaction.rows(
                    "SELECT day FROM rollup WHERE basis = $1 AND day >= $2",
                    [.text(basis), .integer(Int64(first))]
                ).compactMap { $0.integer("day").map { Int($0) } })
        }
        guard let missing = (first...last).first(where: { !known.contains($0) }) else { return 0 }
        let days = missing...min(last, missing + Self.daysAtOnce - 1)
        let made = try await makeFigures(of: days, policy, in: zone, now: now)
        let new = made.filter { !known.contains($0.key) }
        try await keep(new, basis, now: now)
        return new.count
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

    private func keep(_ figures: [Int: DayFigures], _ basis: String, now: Date) async throws {
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
        }
    }
}
