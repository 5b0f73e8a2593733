extension RetentionPolicy {
    /// Reads the section `retention`.
    init(_ reader: ConfigurationReader) throws {
        self.init()
        bodies = try reader.seconds("bodies") ?? bodies
        replies = try reader.seconds("replies") ?? replies
        drafts = try reader.seconds("drafts") ?? drafts
        vault = try reader.seconds("vault") ?? vault
        tickets = try reader.seconds("tickets") ?? tickets
        decisions = try reader.seconds("decisions") ?? decisions
        metrics = try reader.seconds("metrics") ?? metrics
        lessons = try reader.seconds("lessons") ?? lessons
        try reader.finish()
    }
}
