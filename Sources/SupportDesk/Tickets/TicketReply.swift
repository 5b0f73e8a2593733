/// An answer that goes onto the ticket on which it was asked: for the customer, or as a draft for the agents.
public struct TicketReply: Sendable, Codable {
    /// The ticket, and by which channel it is reached.
    public let home: TicketHome
    /// The number of the entry that it answers.
    public let entry: String
    /// The ledger's number of the message that was made of it.
    public let message: Int64
    /// One line, for systems whose entries have one.
    public let subject: String
    /// The whole text: greeting, body, signature.
    public internal(set) var text: String
    /// The answer's own name, the same in every repetition, as it would be its Message-ID as a mail.
    public let messageID: String
    /// BCP 47.
    public let language: String

    init(_ reply: Reply, to raw: RawMessage, on entry: TicketOrigin) {
        home = TicketHome(channel: raw.channel, ticket: entry.ticket)
        self.entry = entry.entry
        message = raw.id
        subject = reply.subject
        text = reply.ticketText
        messageID = reply.messageID
        language = reply.language
    }

    /// The entry that is written.
    /// - Parameter heading: what stands above a draft; nil: it is the answer.
    func newEntry(heading: String?) -> NewEntry {
        NewEntry(
            key: heading == nil ? "reply-\(message).txt" : draftKey, subject: subject,
            text: heading.map { "\($0)\n\n\(text)" } ?? text, isPublic: heading == nil, answers: entry)
    }

    /// The name of the note that shows the draft.
    var draftKey: String { "draft-\(message).txt" }
}

/// A ticket that a message came by.
public struct TicketHome: Sendable, Hashable, Codable {
    /// The channel's name.
    public let channel: String
    /// The ticket's number.
    public let ticket: String
}
