/// The decision on a message: exactly one of these five, and the rule that led to it.
public enum Disposition: Sendable {
    /// A reply is sent.
    case answer(Reply, Rule)
    /// A reply is laid before a person.
    case draft(Reply, Rule)
    /// A person gets a ticket with everything in it.
    case escalate(Rule)
    /// Nothing is to be done.
    case ignore(Rule)
    /// The message could not be processed: its bytes are kept and a ticket says so.
    case quarantine(Rule)

    /// The five words that stand in the ledger, in `--json` and in `expected.yaml`.
    public enum Kind: String, Sendable, CaseIterable, Codable {
        /// See `Disposition`.
        case answered, drafted, escalated, ignored, quarantined
    }

    /// Which of the five.
    public var kind: Kind {
        switch self {
        case .answer: .answered
        case .draft: .drafted
        case .escalate: .escalated
        case .ignore: .ignored
        case .quarantine: .quarantined
        }
    }

    /// The rule that decided.
    public var rule: Rule {
        switch self {
        case .answer(_, let rule), .draft(_, let rule), .escalate(let rule), .ignore(let rule), .quarantine(let rule):
            rule
        }
    }

    /// The reply, where there is one.
    public var reply: Reply? {
        switch self {
        case .answer(let reply, _), .draft(let reply, _): reply
        case .escalate, .ignore, .quarantine: nil
        }
    }
}

/// What one stage hands on: the next value, or the end of the way.
public enum Step<Next: Sendable>: Sendable {
    /// The message goes on.
    case proceed(Next)
    /// The message leaves the way here; what the stage found out, when it did, goes into the dossier.
    case settle(Disposition, noting: Next? = nil)
}

/// Carries a settled disposition out of the pipeline's straight line; never leaves `Desk`.
struct Settled: Error {
    let disposition: Disposition
}

extension Step where Next: Documented {
    /// The next value, noted in the dossier; or the end of the way, thrown to the pipeline's one `catch`.
    func next(noting dossier: inout Dossier) throws -> Next {
        switch self {
        case .proceed(let next):
            next.note(in: &dossier)
            dossier.lap(Next.stage)
            return next
        case .settle(let disposition, let found):
            found?.note(in: &dossier)
            dossier.lap(Next.stage)
            throw Settled(disposition: disposition)
        }
    }
}
