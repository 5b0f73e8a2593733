/// Why a ticket system did not do what it was asked.
public struct TicketError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of reason it is; it decides what becomes of the ticket that waits.
    public enum Reason: Sendable, Hashable {
        /// It could not be reached, or lets nobody in: nothing is wrong with the ticket, and the next one fares no better.
        case unreachable
        /// The token is not, or no longer, accepted.
        case access
        /// The usual queue, or the field by which tickets are found again, is not there: no other ticket fares better.
        case misconfigured
        /// It asks to come again after this time; nothing was done.
        case later(Duration)
        /// The queue, or a value without which there is no ticket, is refused.
        case placement
        /// Somebody changed the ticket meanwhile.
        case conflict
        /// The ticket is not there any more.
        case gone
        /// More bytes than it takes.
        case tooLarge
        /// It had a fault of its own.
        case fault
        /// Anything else that it refuses.
        case refused
    }

    /// One line that names the system and the step, without ticket text.
    public let message: String
    /// What kind of reason it is.
    public let reason: Reason

    /// Creates an error.
    public init(_ message: String, _ reason: Reason) {
        self.message = message
        self.reason = reason
    }

    /// Creates an error of a kind by what it means for the ticket.
    public init(_ message: String, isRetryable: Bool, isUnreachable: Bool = false) {
        self.init(message, isUnreachable ? .unreachable : isRetryable ? .fault : .refused)
    }

    /// Whether the same call may succeed later without anybody's doing.
    public var isRetryable: Bool {
        switch reason {
        case .unreachable, .later, .conflict, .fault: true
        case .access, .misconfigured, .placement, .gone, .tooLarge, .refused: false
        }
    }

    /// Whether it would be the same with every other ticket.
    public var isUnreachable: Bool { [.unreachable, .access, .misconfigured].contains(reason) }

    /// The one line.
    public var description: String { message }
}
