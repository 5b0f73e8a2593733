import Foundation

/// The figures of a day, of nobody: they can be added up, and kept when what they were made of is let go.
struct DayFigures: Sendable, Equatable, Codable {
    /// An hour of the day.
    struct Hour: Sendable, Equatable, Codable {
        /// Questions that came in it.
        var questions = 0
        /// How long the desk took to answer them, and people.
        var automatic = TimeSketch()
        var people = TimeSketch()

        static func += (hour: inout Hour, other: Hour) {
            hour.questions += other.questions
            hour.automatic += other.automatic
            hour.people += other.people
        }
    }

    var total = Tally()
    var intents: [String: Tally] = [:]
    var languages: [String: Tally] = [:]
    /// Why people got questions, by rule.
    var reasons: [String: Int] = [:]
    /// What the review found, by check.
    var findings: [String: Int] = [:]
    /// What went wrong, by name.
    var errors: [String: Int] = [:]
    var models: [String: Tally] = [:]
    /// What people found of the answers of that day that were drawn for them; by intent, and by language.
    var ratings = RatingSums()
    var ratingsByIntent: [String: RatingSums] = [:]
    var ratingsByLanguage: [String: RatingSums] = [:]
    /// What the desk would have answered, by intent and by how it stands beside people's answers.
    var shadows: [String: [String: Int]] = [:]
    /// Some of the questions without a good passage, by the numbers of their messages: drawn by chance, so that their words can be
    /// had as long as they are kept, and are looked for no longer than it takes to read a few.
    var gapSample: [Int64] = []
    /// From arrival to the answer: the desk's own, and those through people.
    var automatic = TimeSketch()
    var people = TimeSketch()
    /// From the draft, or the ticket, to the answer.
    var handling = TimeSketch()
    var hours: [Hour] = []

    static func += (figures: inout DayFigures, other: DayFigures) {
        figures.total += other.total
        figures.intents.merge(other.intents) { $0 + $1 }
        figures.languages.merge(other.languages) { $0 + $1 }
        figures.models.merge(other.models) { $0 + $1 }
        figures.reasons.merge(other.reasons, uniquingKeysWith: +)
        figures.findings.merge(other.findings, uniquingKeysWith: +)
        figures.errors.merge(other.errors, uniquingKeysWith: +)
        figures.ratings += other.ratings
        figures.ratingsByIntent.merge(other.ratingsByIntent, uniquingKeysWith: +)
        figures.ratingsByLanguage.merge(other.ratingsByLanguage, uniquingKeysWith: +)
        figures.shadows.merge(other.shadows) { $0.merging($1, uniquingKeysWith: +) }
        figures.gapSample += other.gapSample
        figures.automatic += other.automatic
        figures.people += other.people
        figures.handling += other.handling
        if figures.hours.count < other.hours.count {
            figures.hours += Array(repeating: Hour(), count: other.hours.count - figures.hours.count)
        }
        for index in other.hours.indices { figures.hours[index] += other.hours[index] }
    }

    /// A number's place in the draw: as good as chance, and the same each time.
    static func lot(_ message: Int64) -> UInt64 {
        var value = UInt64(bitPattern: message) &* 0x9E37_79B9_7F4A_7C15
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// Enters a question into the draw.
    mutating func drawGap(_ message: Int64) {
        gapSample.append(message)
        if gapSample.count >= 8 * DayReader.mostGaps { finishDrawing() }
    }

    /// Leaves those that are drawn.
    mutating func finishDrawing() {
        gapSample = Array(gapSample.sorted { Self.lot($0) < Self.lot($1) }.prefix(DayReader.mostGaps))
    }

    /// The hour of a day, made when it is the first look at any.
    subscript(hour hour: Int) -> Hour {
        get { hours.isEmpty ? Hour() : hours[hour] }
        set {
            if hours.isEmpty { hours = Array(repeating: Hour(), count: 24) }
            hours[hour] = newValue
        }
    }
}

extension Tally {
    static func + (first: Tally, second: Tally) -> Tally {
        var sum = first
        sum += second
        return sum
    }
}

/// The days of a time zone, by their numbers from 1970-01-01, and when each begins.
struct DayTable: Sendable {
    let days: ClosedRange<Int>
    /// When each begins and when the last one ends, milliseconds.
    private let starts: [Int64]
    /// How far the zone's clock is before UTC at each begin, milliseconds.
    private let offsets: [Int64]

    init(_ days: ClosedRange<Int>, in zone: TimeZone) {
        self.days = days
        let starts = (days.lowerBound...days.upperBound + 1).map { Self.start(of: $0, in: zone) }
        self.starts = starts
        offsets = starts.map { Int64(zone.secondsFromGMT(for: Date(milliseconds: $0))) * 1_000 }
    }

    /// When a day begins.
    func start(of day: Int) -> Int64 { starts[day - days.lowerBound] }

    /// When the last day ends.
    var end: Int64 { starts[starts.count - 1] }

    /// The day of an instant; nil outside of the table.
    func day(of instant: Int64) -> Int? {
        guard instant >= starts[0], instant < end else { return nil }
        // Days are 23 to 25 hours long: the guess is off by one at most for every few years.
        var index = min(days.count - 1, Int((instant - starts[0]) / 86_400_000))
        while index > 0, starts[index] > instant { index -= 1 }
        while starts[index + 1] <= instant { index += 1 }
        return days.lowerBound + index
    }

    /// The hour of the clock, 0…23, of an instant near a day of the table.
    func hour(of instant: Int64) -> Int {
        let index = instant < starts[0] ? 0 : (day(of: instant) ?? days.upperBound) - days.lowerBound
        let time = (instant + offsets[index]) % 86_400_000
        // Before 1970 the remainder is negative.
        return Int((time < 0 ? time + 86_400_000 : time) / 3_600_000)
    }

    /// When a day begins somewhere: at midnight, or when the clock was put forward over it.
    static func start(of day: Int, in zone: TimeZone) -> Int64 {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let noon = Date(timeIntervalSince1970: Double(day) * 86_400 + 43_200)
        let near = noon.addingTimeInterval(-Double(zone.secondsFromGMT(for: noon)))
        return calendar.startOfDay(for: near).milliseconds
    }
}
