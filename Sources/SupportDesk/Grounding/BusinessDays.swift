import Triage

// Monday to Friday, as the policies of shops count them; public holidays are not known here.
extension LocalDate {
    /// The business days behind this day, up to and with another; 0 when that is not later.
    func businessDays(until other: LocalDate) -> Int {
        let days = other.dayNumber - dayNumber
        guard days > 0 else { return 0 }
        return days / 7 * 5 + (0..<days % 7).count { offset in (weekday + 1 + offset) % 7 < 5 }
    }

    /// The day that is so many business days later.
    func adding(businessDays count: Int) -> LocalDate {
        // From a day at the weekend one counts as from the Friday before it.
        let start = dayNumber - max(weekday - 4, 0)
        let place = min(weekday, 4) + count
        return LocalDate(dayNumber: start + place / 5 * 7 + place % 5 - min(weekday, 4))
    }

    /// The day that is so many days later.
    func adding(days: Int) -> LocalDate { LocalDate(dayNumber: dayNumber + days) }
}
