/// Dates of the protocols, by integer arithmetic: `DateFormatter` is slow and depends on locale data.
enum CivilTime {
    static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// 1…12, from the English three-letter name in any case.
    static func month(_ name: Substring) -> Int? {
        let wanted = name.lowercased()
        return months.firstIndex { $0.lowercased() == wanted }.map { $0 + 1 }
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar; years count from March so that leap days come last.
    static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The inverse of ``days(year:month:day:)``.
    static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// Seconds since 1970 UTC, or `nil` for a day or time that does not exist.
    static func seconds(year: Int?, month: Int?, day: Int?, time: Substring) -> Int? {
        guard let year, (1...9999).contains(year), let month, let day, (1...31).contains(day) else { return nil }
        let parts = time.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2],
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        return days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
    }
}

/// The three date formats of RFC 9110 section 5.6.7.
enum HTTPDate {
    /// Seconds since 1970 UTC.
    static func seconds(_ text: String) -> Int? {
        let words = text.split { $0 == " " || $0 == "," || $0 == "-" }
        switch words.count {
        case 6 where words[5] == "GMT":  // Sun, 06 Nov 1994 08:49:37 GMT; Sunday, 06-Nov-94 08:49:37 GMT
            guard var year = Int(words[3]) else { return nil }
            if words[3].count == 2 { year += year < 70 ? 2000 : 1900 }
            return CivilTime.seconds(year: year, month: CivilTime.month(words[2]), day: Int(words[1]), time: words[4])
        case 5:  // Sun Nov  6 08:49:37 1994
            return CivilTime.seconds(
                year: Int(words[4]), month: CivilTime.month(words[1]), day: Int(words[2]), time: words[3])
        default:
            return nil
        }
    }
}
