/// What a process does of a desk's work. Many may be at it on one ledger: one looks for new mail in each channel, any number
/// handle it.
public enum Role: String, Sendable, CaseIterable {
    /// Looks for new messages and says at their sources what became of them.
    case poller
    /// Handles messages and delivers what is decided.
    case worker
    /// Both: the only process, or one of many.
    case all

    var polls: Bool { self != .worker }
    var works: Bool { self != .poller }
}
