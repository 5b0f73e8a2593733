extension PeoplePolicy {
    /// The section `people`; the shop's own people go to the shop.
    init(_ reader: ConfigurationReader, shop: inout Shop) throws {
        self.init()
        shop.colleagues = try (reader.texts("colleagues") ?? []).map { $0.lowercased() }
        guard shop.colleagues.allSatisfy({ $0.contains("@") }) else {
            throw reader.error("colleagues", "must be addresses, or whole domains such as @shop.example")
        }
        looks = try reader.word("look") != OnOff.off
        patience = try reader.seconds("patience") ?? patience
        repeats = try reader.text("repeats") == OnOff.off.rawValue ? 0 : reader.seconds("repeats") ?? repeats
        func handling(_ key: String, _ value: inout Handling, besides other: Handling) throws {
            guard let word: Handling = try reader.word(key) else { return }
            guard word == .escalate || word == other else {
                throw reader.error(key, "must be \(other.rawValue) or escalate")
            }
            value = word
        }
        try handling("several_recipients", &severalRecipients, besides: .answerAuthor)
        try handling("other_participant", &otherParticipant, besides: .answerAuthor)
        try handling("forwarded_by_colleague", &forwardedByColleague, besides: .draftForInner)
        try reader.finish()
    }
}

extension PeopleFolders {
    /// `sent` and `answers` of a channel.
    init(_ reader: ConfigurationReader, isLocal: Bool) throws {
        let sent = try reader.text("sent")
        let others = try reader.texts("answers") ?? []
        self.init()
        self.sent = isLocal ? sent.map(reader.absolute) : sent
        self.others = isLocal ? others.map(reader.absolute) : others
    }
}
