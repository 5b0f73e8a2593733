import Foundation
import Triage

/// When mail is answered automatically.
public struct BusinessHours: Sendable {
    /// `mon` … `sun`.
    static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// Whose clock it is.
    public let timeZone: TimeZone
    /// Minutes of the day by day of the week, Monday first; a day without any is closed.
    let spans: [[Range<Int>]]
    /// Days that are closed.
    public let holidays: Set<LocalDate>
    /// How far the desk goes at other times; nil: as far as wherever it is held back.
    public let outside: Mode?

    /// Whether an instant is within them.
    public func isOpen(at instant: Date) -> Bool {
        let day = LocalDate(instant, in: timeZone)
        guard !holidays.contains(day) else { return false }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        let parts = calendar.dateComponents([.hour, .minute], from: instant)
        let minute = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
        return spans[day.weekday].contains { $0.contains(minute) }
    }

    /// `09:00-18:00` as minutes of the day; nil for anything else.
    static func span(_ text: String) -> Range<Int>? {
        let ends = text.split(separator: "-").map { minute($0) }
        guard ends.count == 2, let start = ends[0], let end = ends[1], start < end else { return nil }
        return start..<end
    }

    private static func minute(_ text: Substring) -> Int? {
        let parts = text.trimmingSpaces.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = Int(parts[0]),
            let minute = Int(parts[1]), (0...59).contains(minute), (0...24).contains(hour), hour < 24 || minute == 0
        else { return nil }
        return hour * 60 + minute
    }
}
