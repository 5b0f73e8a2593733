import Foundation
import Mail

/// A message that a person wrote and that may be answered. Made by `Screening` only.
public struct ScreenedMessage: Sendable, Documented {
    static let stage = "screen"
    /// The message and its place among the others.
    public let associated: AssociatedMessage
    /// The one who is to be answered; screening lets exactly one through.
    public let correspondent: Correspondent
    /// Something looked wrong and was let pass, in words without personal data.
    let notes: [String]

    /// The message as values.
    public var message: Message { associated.message }
    /// The mailbox of the one who is to be answered.
    public var author: Mailbox { correspondent.mailbox }

    fileprivate init(associated: AssociatedMessage, correspondent: Correspondent, notes: [String]) {
        self.associated = associated
        self.correspondent = correspondent
        self.notes = notes
    }

    func note(in dossier: inout Dossier) { dossier.notes += notes }
}

/// Stage three, the one gate: decides that a message must not be answered automatically, and why (RFC 3834 §2).
struct Screening: Sendable {
    /// The shop, with its addresses, forms and groups.
    let shop: Shop
    /// The key that tells our own stamp from a forged one.
    let seal: Seal
    /// Mail older than this on arrival here is handed to a person.
    let maximumAge: TimeInterval
    /// What becomes of mail that the receiving server marked as spam.
    let spam: SpamPolicy
    /// How many automatic replies there may be.
    let backstops: Backstops
    /// Whom it deals with where there are several.
    var people = PeoplePolicy()
    /// By which mail is known that is spoken; nil: nobody writes it down.
    var voicemail: Voicemail?
    let now: @Sendable () -> Date

    func screen(_ associated: AssociatedMessage) -> Step<ScreenedMessage> {
        let subject = Subject(associated, self)
        for rule in Self.rules where rule.applies(subject) {
            return .settle(rule.disposition(subject))
        }
        if let rule = backstops.floodRule(for: associated.association.counts) { return .settle(.escalate(rule)) }
        guard let correspondent = associated.association.correspondent else {
            return .settle(.escalate(Rule("no-single-author", "It does not have exactly one author.")))
        }
        let stamp = associated.message.header(ReplyToken.stampField)
        return .proceed(
            ScreenedMessage(
                associated: associated, correspondent: correspondent,
                notes: stamp == nil ? [] : ["it carries a stamp that is not this desk's"]))
    }
}

/// What becomes of mail that the receiving server marked as spam: never an answer.
public enum SpamPolicy: String, Sendable, CaseIterable {
    /// A person looks at it.
    case escalate
    /// It stays where it is.
    case ignore
}
