extension AutomaticMail {
    /// What the rules look at.
    struct Evidence {
        let header: MessageHeader
        let newText: String
        var isReport: Bool { false }
        init(header: MessageHeader, reader: BodyReader, newText: String, text: String) {
            self.header = header
            self.newText = newText
        }
    }
    static func find(_ evidence: Evidence) -> AutomaticMail? { nil }
}
