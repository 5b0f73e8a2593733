/// By what way a message came. It decides what counts as a proof of who wrote it, and where its answer goes.
public enum Origin: Sendable, Hashable {
    /// As a mail: its header tells what the receiving server found out, its answer is a mail.
    case mail
    /// As an entry of a ticket: nothing in its bytes proves anything, its answer goes onto the ticket.
    case ticket(TicketOrigin)

    /// The entry; nil for a mail.
    public var entry: TicketOrigin? {
        if case .ticket(let entry) = self { return entry }
        return nil
    }
}

/// The entry of a ticket that a message was made of. Made by `TicketChannel` only.
public struct TicketOrigin: Sendable, Hashable {
    /// The ticket system.
    public let system: String
    /// The ticket's number.
    public let ticket: String
    /// The entry's number.
    public let entry: String
    /// Whether the ticket system let its author in by a login of her own, and nobody else reads what is answered. Otherwise it
    /// only names somebody, as a mail's From does.
    public let isProved: Bool
    /// An agent has answered on the ticket before.
    public let isWithPerson: Bool
    /// The Message-ID of the mail that the entry was made of.
    public let mailID: String?
    /// Whether the ticket system is the one in which this desk opens its own tickets.
    let isDesks: Bool

    /// By which the ledger knows the ticket's conversation; nobody else can make it.
    func home(_ seal: Seal) -> [UInt8] { Self.home(system, ticket, seal) }

    static func home(_ system: String, _ ticket: String, _ seal: Seal) -> [UInt8] {
        seal.digest("\(system)\n\(ticket)", for: "ticket")
    }
}
