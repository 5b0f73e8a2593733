extension DraftPolicy {
    /// The section `drafts`: a folder, or none where the ledger alone keeps them; and what becomes of those that nobody sends.
    static func read(_ reader: ConfigurationReader?) throws -> (DeskConfiguration.Outlet?, DraftPolicy) {
        var policy = DraftPolicy()
        guard let reader else { return (nil, policy) }
        policy.expiry = try reader.seconds("expire") ?? policy.expiry
        policy.unsent = try reader.word("unsent") ?? policy.unsent
        guard reader.has("imap") || reader.has("maildir") else {
            try reader.finish()
            return (nil, policy)
        }
        return (try DeskConfiguration.Outlet(reader, kinds: ["imap", "maildir"]), policy)
    }
}
