extension Routing {
    /// Reads `routing:`.
    init(_ reader: ConfigurationReader, hours: BusinessHours?) throws {
        self.hours = hours
        if let reader = try reader.reader("teams") {
            for name in reader.keys {
                let entry = try reader.requiredReader(name)
                let members = try entry.texts("members") ?? []
                guard !members.isEmpty else { throw entry.error("members", "must name at least one agent") }
                teams[name] = Team(name: name, members: members, sharing: try entry.word("share") ?? .roundRobin)
                try entry.finish()
            }
        }
        rules = try reader.readers("rules").map { try Rule($0, teams: Set(teams.keys), hasHours: hours != nil) }
        try reader.finish()
    }
}

extension Routing.Rule {
    fileprivate init(_ reader: ConfigurationReader, teams: Set<String>, hasHours: Bool) throws {
        intents = Set(try reader.oneOrMore("intent"))
        languages = Set(try reader.oneOrMore("language"))
        stops = Set(try reader.oneOrMore("rule"))
        valueAbove = try reader.number("value_above", in: 0...1e12)
        if let hours = try reader.text("hours") {
            guard ["inside", "outside"].contains(hours) else {
                throw reader.error("hours", "must be inside or outside")
            }
            guard hasHours else { throw reader.error("hours", "needs the section hours, which says when they are") }
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
