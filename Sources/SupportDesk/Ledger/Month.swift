import Foundation

/// What is let go of a table that is kept by months.
public struct MonthEnd: Sendable {
    /// Months that ended before go as a whole …
    let instant: Date
    /// … unless one of their rows, `t`, is still wanted: a condition as SQL.
    let kept: String
    /// The same of rows that came after that was looked at; to be found without going through all of them.
    var late = "FALSE"
}

extension Ledger {
    /// Makes room for the months to come, and drops those of which nothing is kept any more: what is left of others goes row
    /// by row. Nothing happens where tables are whole.
    /// - Parameters:
    ///   - bodies: how long mails are kept after they were recorded, seconds.
    ///   - decisions: how long it is kept why what was decided, seconds.
    func turnMonths(now: Date, bodies: TimeInterval, decisions: TimeInterval) async throws {
        let bodiesEnd = now.addingTimeInterval(-bodies)
        let isWanted = """
            EXISTS (SELECT 1 FROM message m WHERE m.id = t.message AND (
                m.recorded_at >= \(bodiesEnd.milliseconds) OR m.status IN ('arrived', 'attempting', 'decided')))
            OR EXISTS (
                SELECT 1 FROM outbox o WHERE o.conversation = t.conversation AND o.state IN ('queued', 'sending'))
            OR EXISTS (SELECT 1 FROM draft d WHERE d.conversation = t.conversation AND d.state IN ('open', 'edited'))
            """
        try await database.turnMonths(
            now: now,
            dropping: [
                "archive": MonthEnd(
                    instant: bodiesEnd, kept: isWanted,
                    late: "t.message IN (SELECT o.message FROM outbox o WHERE o.state IN ('queued', 'sending'))"),
                "decision": MonthEnd(instant: now.addingTimeInterval(-decisions), kept: "FALSE"),
            ])
    }
}

/// A month of UTC, by which PostgreSQL keeps the ledger's largest tables in parts.
struct Month: Hashable, Sendable {
    /// The tables that are kept by months, and the column that tells the month.
    static let tables = [("archive", "arrived_at"), ("decision", "at")]

    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    let year: Int
    let month: Int

    private init(_ number: Int) { (year, month) = (number / 12, number % 12 + 1) }

    private init(containing date: Date) {
        let parts = Self.calendar.dateComponents([.year, .month], from: date)
        (year, month) = (parts.year ?? 1970, parts.month ?? 1)
    }

    /// The month of a part's name, such as `archive_2026_03`; nil when it is the name of something else.
    init?(part name: String, of table: String) {
        guard name.hasPrefix("\(table)_") else { return nil }
        let numbers = name.dropFirst(table.count + 1).split(separator: "_")
        guard numbers.count == 2, let year = Int(numbers[0]), let month = Int(numbers[1]), (1...12).contains(month)
        else {
            return nil
        }
        (self.year, self.month) = (year, month)
    }

    private var number: Int { year * 12 + month - 1 }

    /// The first instant.
    var start: Date { Self.calendar.date(from: DateComponents(year: year, month: month)) ?? .distantPast }
    /// The first instant of the next one.
    var end: Date { Month(number + 1).start }

    /// The name of a table's part.
    func part(of table: String) -> String {
        "\(table)_\(year)_\(month < 10 ? "0" : "")\(month)"
    }

    /// Every month that has a part in a span of time.
    static func all(from first: Date, to last: Date) -> [Month] {
        let (from, to) = (Month(containing: first).number, Month(containing: last).number)
        return from <= to ? (from...to).map(Month.init) : []
    }
}
