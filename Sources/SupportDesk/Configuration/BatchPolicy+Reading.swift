import Triage

extension BatchPolicy {
    /// Reads `batch` of a model.
    init(_ reader: ConfigurationReader) throws {
        self.init()
        if let times = try reader.reader("deadline") {
            for priority in [Priority.normal, .low] {
                if let seconds = try times.seconds(priority.rawValue) { deadlines[priority] = seconds }
            }
            try times.finish()
        }
        if let intents = try reader.reader("priority") {
            for intent in intents.keys { priorities[intent] = try intents.word(intent) }
        }
        urgency = try reader.number("urgency", in: 0...1) ?? urgency
        share = try reader.number("share", in: 0...1) ?? share
        try reader.finish()
    }
}
