/// Finds days in a text: `2026-03-12`, `12/03/2026`, "10 March", "next Friday", "3 days ago", "kal", "परसों".
struct DateFinder {
    let calendar: DeskCalendar

    private struct Reading {
        var days: ClosedRange<LocalDate>
        var isCertain = true
        /// The tokens of the day.
        var tokens: ClosedRange<Int>
    }

    /// The text and the date words among its tokens.
    struct Line {
        let text: ReferenceText
        let words: [DateWord?]

        func word(_ index: Int) -> DateWord? { words.indices.contains(index) ? words[index] : nil }
    }

    func find(_ text: ReferenceText) -> [ReferenceFinder.Found] {
        let line = Line(text: text, words: text.tokens.map { $0.used ? nil : DateWord.table[$0.hash] })
        var found: [ReferenceFinder.Found] = []
        var index = 0
        while index < text.tokens.count, found.count < ReferenceFinder.maximumOfKind {
            guard !text.tokens[index].used, text.tokens[index].digits > 0 || line.words[index] != nil,
                let reading = read(line, index)
            else {
                index += 1
                continue
            }
            let days = reading.days
            let value =
                days.lowerBound == days.upperBound ? "\(days.lowerBound)" : "\(days.lowerBound)/\(days.upperBound)"
            let scalars = text.tokens[reading.tokens.lowerBound].start..<text.tokens[reading.tokens.upperBound].end
            found.append(
                ReferenceFinder.Found(
                    kind: .date, value: value, isComplete: reading.isCertain, scalars: scalars, detail: .days(days),
                    isDeadline: Self.isDeadline(line, reading.tokens)))
            index = reading.tokens.upperBound + 1
        }
        return found
    }

    private func read(_ line: Line, _ index: Int) -> Reading? {
        if line.text.tokens[index].isNumber, let reading = numeric(line, index) { return reading }
        if let count = Self.count(line, index), let reading = counted(line, index, count) { return reading }
        if let day = Self.dayNumber(line.text, index), let reading = dayThenMonth(line, index, day) { return reading }
        switch line.word(index) {
        case .month(let month): return monthThenDay(line, index, month)
        case .day(let days):
            // "The day after tomorrow", "the day before yesterday".
            if index >= 2, case .unit(1) = line.word(index - 2) {
                if days == 1, case .later = line.word(index - 1) { return relative(2, index - 2...index) }
                if days == -1, case .ago = line.word(index - 1) { return relative(-2, index - 2...index) }
            }
            if case .unit(1) = line.word(index + 1), days != 0 { return nil }
            return relative(days, index...index)
        case .unit(1):
            // Waits for "the day after tomorrow".
            guard case .day(let days) = line.word(index + 2) else { return nil }
            if days == 1, case .later = line.word(index + 1) { return relative(2, index...index + 2) }
            if days == -1, case .ago = line.word(index + 1) { return relative(-2, index...index + 2) }
            return nil
        case .eitherWay(let days): return eitherWay(line, index, days)
        case .weekday(let weekday): return weekdayNear(line, index, weekday, modifier: nil, from: index)
        case .next, .last, .this:
            guard let modifier = line.word(index) else { return nil }
            if case .weekday(let weekday) = line.word(index + 1) {
                return weekdayNear(line, index + 1, weekday, modifier: modifier, from: index)
            }
            if case .unit(let unit) = line.word(index + 1), unit != 1 {
                return period(modifier, unit, index...index + 1)
            }
            return nil
        default: return nil
        }
    }

    // MARK: - Written days

    /// `2026-03-12`, `12/03/2026`, `12.3.26`, and `12/03` beside a word such as "on".
    private func numeric(_ line: Line, _ index: Int) -> Reading? {
        let text = line.text
        let tokens = text.tokens
        guard index + 1 < tokens.count, let mark = Self.mark(text, index), tokens[index + 1].isUnusedNumber,
            index == 0 || Self.mark(text, index - 1) == nil
        else { return nil }
        let first = Self.value(text, index)
        let second = Self.value(text, index + 1)
        if tokens[index].digits == 4 {
            guard index + 2 < tokens.count, Self.mark(text, index + 1) == mark, tokens[index + 2].isNumber,
                let day = LocalDate(first, second, Self.value(text, index + 2))
            else { return nil }
            return Reading(days: day...day, tokens: index...index + 2)
        }
        guard tokens[index].digits <= 2, tokens[index + 1].digits <= 2 else { return nil }
        var last = index + 1
        var year: Int?
        if index + 2 < tokens.count, Self.mark(text, index + 1) == mark, tokens[index + 2].isUnusedNumber {
            guard Self.mark(text, index + 2) == nil else { return nil }
            let digits = tokens[index + 2].digits
            guard digits == 4 || digits == 2 else { return nil }
            year = Self.value(text, index + 2) + (digits == 2 ? 2000 : 0)
            last = index + 2
        } else {
            guard mark == 0x2F, Self.hasCue(line, index...index + 1) else { return nil }
        }
        // A figure beyond twelve can only be the day; otherwise the locale decides.
        let isMonthFirst = second > 12 || calendar.isMonthFirst && first <= 12
        let (dayOfMonth, month) = isMonthFirst ? (second, first) : (first, second)
        guard let day = nearest(dayOfMonth, month, year) else { return nil }
        let isCertain = (first > 12 || second > 12 || first == second || year != nil) && (year != nil || first > 12)
        return Reading(days: day...day, isCertain: isCertain, tokens: index...last)
    }

    /// "10 March", "2nd of March 2026", "10 तारीख".
    private func dayThenMonth(_ line: Line, _ index: Int, _ dayOfMonth: Int) -> Reading? {
        var next = index + 1
        if case .of = line.word(next) { next += 1 }
        if case .month(let month) = line.word(next), Self.isClose(line.text, index, next), !Self.isVerb(line, next) {
            let year = Self.year(line.text, next)
            guard let day = nearest(dayOfMonth, month, year) else { return nil }
            return Reading(days: day...day, tokens: index...(year == nil ? next : next + 1))
        }
        guard line.text.tokens.indices.contains(next), Self.dayOfMonthWords.contains(line.text.tokens[next].hash),
            let today = calendar.today, let day = nearest(dayOfMonth, today.month, today.year)
        else { return nil }
        return Reading(days: day...day, isCertain: false, tokens: index...next)
    }

    /// "March 10th, 2026"; "March 2026" is the whole month.
    private func monthThenDay(_ line: Line, _ index: Int, _ month: Int) -> Reading? {
        guard index + 1 < line.text.tokens.count, Self.isClose(line.text, index, index + 1) else { return nil }
        if let dayOfMonth = Self.dayNumber(line.text, index + 1), !Self.isTime(line.text, index + 1) {
            let year = Self.year(line.text, index + 1)
            guard let day = nearest(dayOfMonth, month, year) else { return nil }
            return Reading(days: day...day, tokens: index...(year == nil ? index + 1 : index + 2))
        }
        guard let year = Self.year(line.text, index), let first = LocalDate(year, month, 1),
            let last = LocalDate(year, month, LocalDate.days(in: month, of: year))
        else { return nil }
        return Reading(days: first...last, tokens: index...index + 1)
    }

    /// The day of the year that is written, or of the one in which it is nearest to today.
    private func nearest(_ day: Int, _ month: Int, _ year: Int?) -> LocalDate? {
        if let year { return (1990...2100).contains(year) ? LocalDate(year, month, day) : nil }
        guard let today = calendar.today else { return nil }
        return (today.year - 1...today.year + 1).compactMap { LocalDate($0, month, day) }
            .min { abs($0.dayNumber - today.dayNumber) < abs($1.dayNumber - today.dayNumber) }
    }

    // MARK: - Days seen from today

    private func relative(_ days: Int, _ tokens: ClosedRange<Int>, isCertain: Bool = true) -> Reading? {
        guard let today = calendar.today else { return nil }
        let day = LocalDate(dayNumber: today.dayNumber + days)
        return Reading(days: day...day, isCertain: isCertain, tokens: tokens)
    }

    /// "kal" is yesterday or tomorrow: the verb behind it tells, or the one before.
    private func eitherWay(_ line: Line, _ index: Int, _ days: Int) -> Reading? {
        guard let today = calendar.today else { return nil }
        switch Self.tense(line, index...index) {
        case .past: return relative(-days, index...index)
        case .future: return relative(days, index...index)
        default:
            let days = LocalDate(dayNumber: today.dayNumber - days)...LocalDate(dayNumber: today.dayNumber + days)
            return Reading(days: days, isCertain: false, tokens: index...index)
        }
    }

    /// A weekday is the coming one, or the one gone by where the sentence tells of the past. "Next Friday" is the one of the
    /// week after this, which not everybody means in the days before it.
    private func weekdayNear(
        _ line: Line, _ index: Int, _ weekday: Int, modifier: DateWord?, from: Int
    ) -> Reading? {
        guard let today = calendar.today else { return nil }
        let ahead = (weekday - today.weekday + 7) % 7
        let behind = (today.weekday - weekday + 7) % 7
        switch modifier {
        case .next: return relative(weekday - today.weekday + 7, from...index, isCertain: ahead + today.weekday >= 7)
        case .last: return relative(-(behind == 0 ? 7 : behind), from...index)
        default:
            if case .past = Self.tense(line, from...index) {
                return relative(-(behind == 0 ? 7 : behind), from...index)
            }
            return relative(ahead == 0 ? 7 : ahead, from...index, isCertain: ahead != 0)
        }
    }

    /// "Next week", "last month".
    private func period(_ modifier: DateWord, _ unit: Int, _ tokens: ClosedRange<Int>) -> Reading? {
        guard let today = calendar.today else { return nil }
        let step =
            switch modifier {
            case .next: 1
            case .last: -1
            default: 0
            }
        if unit == 7 {
            let monday = today.dayNumber - today.weekday + 7 * step
            return Reading(
                days: LocalDate(dayNumber: monday)...LocalDate(dayNumber: monday + 6), tokens: tokens)
        }
        let months = today.year * 12 + today.month - 1 + step
        let (year, month) = (months / 12, months % 12 + 1)
        guard let first = LocalDate(year, month, 1),
            let last = LocalDate(year, month, LocalDate.days(in: month, of: year))
        else { return nil }
        return Reading(days: first...last, tokens: tokens)
    }

    /// "3 days ago", "in two weeks", "teen din baad", "2 hafte pehle"; "within 3 days" ends then.
    private func counted(_ line: Line, _ index: Int, _ count: Int) -> Reading? {
        guard case .unit(let unit) = line.word(index + 1), (1...366).contains(count) else { return nil }
        let days = count * (unit == 0 ? 30 : unit)
        switch line.word(index + 2) {
        case .ago:
            return relative(-days, index...index + 2, isCertain: unit != 0)
        case .later:
            return relative(days, index...index + 2, isCertain: unit != 0)
        default: break
        }
        // "In 3 days", not "delivered in 3 days".
        if index > 0, case .within = line.word(index - 1) {
            if case .past = Self.tense(line, index - 1...index + 1) { return nil }
            return relative(days, index - 1...index + 1, isCertain: unit != 0)
        }
        return nil
    }
}
