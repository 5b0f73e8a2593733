/// What an escalation carries besides the thread, which is read from the archive when the ticket is filed.
public struct Packet: Sendable, Codable {
    /// The conversation's public name: one ticket for each.
    public let externalID: String
    /// The ledger's number of the message that is handed over.
    public let message: Int64
    /// One line.
    public let subject: String
    /// The customer's address; nil when it is not proved enough to be written to.
    public let requestor: String?
    /// The page for the agent.
    public let note: String
    /// The name of the rule that stopped the desk.
    public let rule: String
    /// Where the ticket is put.
    public let placement: Placement
    /// Who shares such tickets.
    public let team: Team?
    /// Whether the mails stay where they are, and only the note goes to the ticket.
    public let isMinimal: Bool
    /// The ticket that the message came by, and that it stays on; nil for a mail.
    public var home: TicketHome?
    /// The channel that the message came from, in whose mailbox it is found again; nil: not known.
    public var mailbox: String?
    /// Whether its note has words that stand nowhere else, such as those of a voice message; nil: no.
    public var hasOwnWords: Bool?

    /// Creates a packet.
    public init(
        externalID: String, message: Int64, subject: String, requestor: String?, note: String, rule: String,
        placement: Placement, team: Team? = nil, isMinimal: Bool = false, mailbox: String? = nil
    ) {
        self.externalID = externalID
        self.message = message
        self.subject = subject
        self.requestor = requestor
        self.note = note
        self.rule = rule
        self.placement = placement
        self.team = team
        self.isMinimal = isMinimal
        self.mailbox = mailbox
    }

    /// Creates a packet for the usual queue.
    public init(
        externalID: String, message: Int64, subject: String, requestor: String?, note: String, rule: String,
        priority: Int
    ) {
        var placement = Placement()
        placement.priority = priority
        self.init(
            externalID: externalID, message: message, subject: subject, requestor: requestor, note: note, rule: rule,
            placement: placement)
    }
}

/// One mail of the thread on a ticket.
public struct ThreadEntry: Sendable {
    /// The ledger's number of the message, or of the one that our reply answers.
    public let message: Int64
    /// Whether the desk wrote it.
    public let isOurs: Bool
    /// As it was received or sent, byte for byte.
    public let bytes: [UInt8]
    /// What of ours it is, as the outbox calls it: one message may bring forth several mails.
    public var kind = "reply"

    /// The file name on the ticket, by which a repetition finds that it is there.
    public var fileName: String { "\(message)-\(isOurs ? kind : "message").eml" }
}

/// People who share the tickets of one kind.
public struct Team: Sendable, Hashable, Codable {
    /// How they share them.
    public enum Sharing: String, Sendable, Codable, CaseIterable {
        /// One after the other.
        case roundRobin = "round_robin"
        /// Whoever has the fewest open ones.
        case leastLoaded = "least_loaded"
    }

    /// Its name in the configuration.
    public let name: String
    /// As the ticket system knows them.
    public let members: [String]
    /// How they share them.
    public let sharing: Sharing
}
