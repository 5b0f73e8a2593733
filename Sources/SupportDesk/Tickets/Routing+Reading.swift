import Foundation

extension Routing {
    /// Reads `routing:`.
    init(_ reader: ConfigurationReader, timeZone: TimeZone) throws {
        hours.timeZone = timeZone
        if let reader = try reader.reader("business_hours") { hours = try BusinessHours(reader, timeZone: timeZone) }
        if let reader = try reader.reader("teams") {
            for name in reader.keys {
                let entry = try reader.requiredReader(name)
                let members = try entry.texts("members") ?? []
                guard !members.isEmpty else { throw entry.error("members", "must name at least one agent") }
                teams[name] = Team(name: name, members: members, sharing: try entry.word("share") ?? .roundRobin)
                try entry.finish()
            }
        }
        rules = try reader.readers("rules").map { try Rule($0, teams: Set(teams.keys)) }
        try reader.finish()
    }
}

extension Routing.Rule {
    fileprivate init(_ reader: ConfigurationReader, teams: Set<String>) throws {
        intents = Set(try reader.oneOrMore("intent"))
        languages = Set(try reader.oneOrMore("language"))
        stops = Set(try reader.oneOrMore("rule"))
        valueAbove = try reader.number("value_above", in: 0...1e12)
        if let hours = try reader.text("hours") {
            guard ["inside", "outside"].contains(hours) else {
                throw reader.error("hours", "must be inside or outside")
            }
            isWithinHours = hours == "inside"
        }
        placement.queue = try reader.text("queue")
        placement.priority = try reader.integer("priority", in: 0...100)
        placement.owner = try reader.text("owner")
        placement.tags = try reader.oneOrMore("tags")
        if let fields = try reader.reader("fields") {
            for key in fields.keys { placement.fields[key] = try fields.required(key) }
        }
        team = try reader.text("team")
        if let team, !teams.contains(team) { throw reader.error("team", "is none of the teams") }
        if team != nil, placement.owner != nil { throw reader.error("owner", "stands beside a team; name one of them") }
        try reader.finish()
    }
}

extension BusinessHours {
    private static let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    fileprivate init(_ reader: ConfigurationReader, timeZone: TimeZone) throws {
        self.timeZone = timeZone
        if let words = try reader.texts("days") {
            days = try Set(
                words.map { word in
                    guard let index = Self.names.firstIndex(of: word) else {
                        throw reader.error("days", "must be a list of \(Self.names.joined(separator: ", "))")
                    }
                    return index + 1
                })
        }
        let from = try Self.minutes(reader, "from") ?? minutes.lowerBound
        let to = try Self.minutes(reader, "to") ?? minutes.upperBound
        guard from < to else { throw reader.error("to", "must be later than from") }
        minutes = from..<to
        try reader.finish()
    }

    private static func minutes(_ reader: ConfigurationReader, _ key: String) throws -> Int? {
        guard let text = try reader.text(key) else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]), (0...24).contains(hour),
            (0...59).contains(minute), hour * 60 + minute <= 24 * 60
        else { throw reader.error(key, "must be a time of day such as \"09:00\", in quotes") }
        return hour * 60 + minute
    }
}
