import Foundation

/// Where a draft stands. Moved by one function (`Ledger.moveDraft`), which refuses what `canBecome` does not allow.
public enum DraftState: String, Sendable, CaseIterable, Codable {
    /// It waits for a person.
    case open
    /// A person has changed it in the drafts folder: the desk does not touch it any more.
    case edited
    /// A person had the desk send it.
    case approved
    /// A person did not want it.
    case rejected
    /// The customer wrote again, a person answered otherwise, or nobody came in time.
    case withdrawn
    /// A person sent it, or what she made of it, herself.
    case sent

    /// The allowed transitions.
    func canBecome(_ next: DraftState) -> Bool {
        switch (self, next) {
        case (.open, .edited), (.open, .approved), (.open, .rejected), (.open, .withdrawn), (.open, .sent): true
        case (.edited, .sent), (.edited, .withdrawn): true
        // Before the mail left, it turned out that a person had taken the draft in hand.
        case (.approved, .open), (.approved, .edited), (.approved, .withdrawn): true
        // It was gone from the folder when it was to be removed there.
        case (.withdrawn, .sent): true
        default: false
        }
    }
}

/// Whether a draft lies in a folder besides.
enum DraftPlace: String, Sendable {
    /// It is in the ledger only.
    case none
    /// It is a note on its customer's ticket, or is to be.
    case ticket
    /// It was laid there, or perhaps was.
    case there
    /// It is about to be removed, because it is sent otherwise.
    case taking
    /// It is no longer there.
    case gone
    /// It is a person's now, and stays.
    case kept
}

/// What becomes of drafts that nobody sends.
public struct DraftPolicy: Sendable {
    /// Where the customer's mail goes then.
    public enum Unsent: String, Sendable, CaseIterable {
        /// A ticket with everything in it, the draft included.
        case ticket
        /// It stays with those who read the mailbox.
        case leave
    }

    /// Seconds after which one is withdrawn.
    public var expiry: TimeInterval = 7 * 86_400
    /// Where the mail goes whose draft was rejected, deleted or has expired.
    public var unsent = Unsent.ticket

    /// The defaults.
    public init() {}
}
