/// Where a message stands. One enum, moved by one function (`Ledger.move`), which refuses what `canBecome` does not allow.
public enum Status: String, Sendable, CaseIterable {
    /// Recorded, not yet looked at.
    case arrived
    /// Being looked at; found in this state at start, the run before it died.
    case attempting
    /// The outcome is on record, its effect (a mail, a ticket) is in the outbox.
    case decided
    /// A reply was sent.
    case answered
    /// A reply lies as a draft for a person, or was one that a person has sent herself.
    case drafted
    /// A ticket exists.
    case escalated
    /// Not to be answered, with the rule on record.
    case ignored
    /// Could not be processed; the raw bytes are kept and a ticket says so.
    case quarantined

    /// Whether an outcome stands; that of a draft may still become another one.
    public var isFinal: Bool {
        switch self {
        case .arrived, .attempting, .decided: false
        case .answered, .drafted, .escalated, .ignored, .quarantined: true
        }
    }

    /// Whether it is to be looked at: then it is whoever's who has it in hand.
    var isClaimable: Bool { self == .arrived || self == .attempting }

    /// The allowed transitions.
    func canBecome(_ next: Status) -> Bool {
        switch (self, next) {
        case (.arrived, .attempting), (.attempting, .attempting), (.attempting, .arrived): true
        case (.attempting, .decided), (.attempting, .ignored): true
        // After the key was lost, with it what was to be sent.
        case (.decided, .arrived), (.drafted, .arrived): true
        // What becomes of a draft is its own matter: sent after all, handed over, or overtaken.
        case (.drafted, .decided), (.drafted, .ignored): true
        case (.decided, .answered), (.decided, .drafted), (.decided, .escalated), (.decided, .quarantined): true
        // A person was quicker, or the customer wrote again before her draft was laid down.
        case (.decided, .ignored): true
        default: false
        }
    }
}
