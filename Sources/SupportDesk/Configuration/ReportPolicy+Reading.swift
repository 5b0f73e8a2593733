extension ReportPolicy {
    /// Reads the section `report`.
    init(_ reader: ConfigurationReader) throws {
        self.init()
        if let targets = try reader.reader("targets") {
            automation = try targets.number("automation", in: 0...1)
            satisfaction = try targets.number("satisfaction", in: 1...5)
            firstContactResolution = try targets.number("first_contact_resolution", in: 0...1)
            recurrence = try targets.number("recurrence", in: 0...1)
            replyTime = try targets.number("reply_time", in: 0...1)
            baseline = try targets.seconds("baseline")
            if replyTime != nil, baseline == nil {
                throw targets.error("reply_time", "needs baseline: the median reply time before the desk, such as 5h")
            }
            try targets.finish()
        }
        hourlyCost = try reader.number("hourly_cost", in: 0...1_000_000)
        currency = try reader.text("currency") ?? currency
        handlingMinutes = try reader.number("handling_minutes", in: 0.1...1_000) ?? handlingMinutes
        draftMinutes = try reader.number("draft_minutes", in: 0...1_000) ?? draftMinutes
        if let seconds = try reader.seconds("resolved_after") {
            guard seconds >= 3_600, seconds <= 60 * 86_400 else {
                throw reader.error("resolved_after", "must be from 1h to 60d")
            }
            resolvedAfter = seconds
        }
        if let times = try reader.reader("answer_within") {
            automaticWithin = try times.seconds("automatic") ?? automaticWithin
            personWithin = try times.seconds("person") ?? personWithin
            try times.finish()
        }
        try reader.finish()
    }
}
