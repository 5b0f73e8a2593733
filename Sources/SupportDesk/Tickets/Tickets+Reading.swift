extension DeskConfiguration.Tickets {
    /// Reads `tickets:`, apart from what is about the text of a ticket; or the system of a channel.
    /// - Parameter queue: the queue of a channel that names its own by `queues`.
    init(_ reader: ConfigurationReader, queue: String? = nil) throws {
        let fileBytes = try reader.bytes("attachment_limit")
        let names = try reader.reader("fields")
        func fields<Value>(_ value: (ConfigurationReader, String) throws -> Value?) throws -> [String: Value] {
            guard let names else { return [:] }
            return try names.keys.reduce(into: [:]) { $0[$1] = try value(names, $1) }
        }
        if let folder = try reader.file("folder") {
            self = .folder(folder)
        } else {
            guard let token = try reader.secret("token") else { throw reader.error("token", "is missing") }
            if let url = try reader.text("zendesk") {
                var zendesk = Zendesk.Configuration(url: url, user: try reader.required("user"), token: token)
                zendesk.group = try reader.text("group")
                zendesk.fields = try fields { try $0.integer($1, in: 1...Int.max) }
                zendesk.fileBytes = fileBytes ?? zendesk.fileBytes
                self = .zendesk(zendesk)
            } else {
                var tracker = RequestTracker.Configuration(
                    url: try reader.required("rt"), queue: try queue ?? reader.required("queue"), token: token)
                tracker.fields = try fields { try $0.text($1) }
                tracker.fileBytes = fileBytes ?? tracker.fileBytes
                self = .requestTracker(tracker)
            }
        }
        try names?.finish()
        try reader.finish()
    }
}
