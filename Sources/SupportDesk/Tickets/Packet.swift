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
    /// 0…100
    public let priority: Int
}

/// One mail of the thread on a ticket.
public struct ThreadEntry: Sendable {
    /// The ledger's number of the message, or of the one that our reply answers.
    public let message: Int64
    /// Whether the desk wrote it.
    public let isOurs: Bool
    /// As it was received or sent, byte for byte.
    public let bytes: [UInt8]

    /// The file name on the ticket, by which a repetition finds that it is there.
    public var fileName: String { "\(message)-\(isOurs ? "reply" : "message").eml" }
}

/// Where hard cases go: Request Tracker, a folder.
public protocol TicketSystem: Sendable {
    /// For the ledger and for messages to the operator.
    var name: String { get }
    /// Files a packet: opens the conversation's ticket, or adds an entry to the one that is there.
    ///
    /// Idempotent: repeated after any crash it leaves one ticket with one entry for the message.
    /// - Returns: the system's own number of the ticket.
    /// - Throws: `TicketError`.
    func file(_ packet: Packet, thread: [ThreadEntry]) async throws -> String
}

/// Why a ticket could not be filed.
public struct TicketError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One line that names the system and the step, without ticket text.
    public let message: String
    /// Whether the same call may succeed later.
    public let isRetryable: Bool
    /// Whether the system could not be reached at all: nothing is wrong with the packet.
    public let isUnreachable: Bool

    /// Creates an error.
    public init(_ message: String, isRetryable: Bool, isUnreachable: Bool = false) {
        self.message = message
        self.isRetryable = isRetryable
        self.isUnreachable = isUnreachable
    }

    /// The one line.
    public var description: String { message }
}
