import Foundation
import Mail

/// A message that a person wrote and that may be answered. Made by `Screening` only.
public struct ScreenedMessage: Sendable, Documented {
    /// The message and its place among the others.
    public let associated: AssociatedMessage

    /// The message as values.
    public var message: Message { associated.message }
    /// The one author (RFC 5322 §3.6.2); screening lets exactly one through.
    public let author: Mailbox

    fileprivate init(associated: AssociatedMessage, author: Mailbox) {
        self.associated = associated
        self.author = author
    }

    func note(in dossier: inout Dossier) {}
}

/// Stage three, the one gate: decides that a message must not be answered automatically, and why (RFC 3834 §2).
struct Screening: Sendable {
    /// The shop's own addresses, in lower case.
    let ownAddresses: Set<String>
    /// Mail older than this on arrival here is handed to a person.
    let maximumAge: TimeInterval
    /// Automatic replies to one sender within 24 hours.
    let repliesPerSender: Int
    /// Automatic replies within one conversation.
    let repliesPerConversation: Int
    let now: @Sendable () -> Date

    func screen(_ associated: AssociatedMessage) -> Step<ScreenedMessage> {
        let message = associated.message
        if let automatic = message.automatic {
            return .settle(.ignore(Rule(automatic.rule, "Not written by a person (\(automatic.reference)).")))
        }
        if message.from.contains(where: { ownAddresses.contains($0.address.lowercased()) }) {
            return .settle(.ignore(Rule("own-mail", "The shop's own address wrote it.")))
        }
        if message.newText.isBlank, message.attachments.isEmpty, message.forwarded == nil, message.quoted.isBlank {
            return .settle(.ignore(Rule("empty", "It has neither text nor attachments.")))
        }
        if let rule = reasonForPerson(associated) { return .settle(.escalate(rule)) }
        guard message.from.count == 1, let author = message.from.first else {
            return .settle(.escalate(Rule("no-single-author", "It does not have exactly one author.")))
        }
        return .proceed(ScreenedMessage(associated: associated, author: author))
    }

    /// `X-Auto-Response-Suppress` with `AutoReply` or `All` ([MS-OXCMAIL] 2.2.3.2.14) asks for silence; it proves no robot.
    private static func asksForSilence(_ message: Message) -> Bool {
        message.autoResponseSuppress.contains { ["all", "autoreply"].contains($0.lowercased()) }
    }

    /// A person wrote it, but a person must answer it.
    private func reasonForPerson(_ associated: AssociatedMessage) -> Rule? {
        let message = associated.message
        let association = associated.association
        if association.isWithPerson { return Rule("with-a-person", "A person already has this conversation.") }
        if message.isEncrypted { return Rule("encrypted", "The text is encrypted.") }
        if message.forwarded != nil { return Rule("forwarded", "It forwards somebody else's mail.") }
        if message.newText.isBlank { return Rule("attachment-only", "It has no text of its own to answer.") }
        if Self.asksForSilence(message) { return Rule("silence-asked", "Its header asks for no automatic reply.") }
        if now().timeIntervalSince(associated.parsed.raw.arrival) > maximumAge {
            return Rule("late", "It waited longer than an automatic answer may take.")
        }
        if association.recentReplies >= repliesPerSender {
            return Rule("sender-cap", "This sender had \(association.recentReplies) automatic replies in 24 hours.")
        }
        if association.repliesInConversation >= repliesPerConversation {
            return Rule(
                "conversation-cap", "This conversation had \(association.repliesInConversation) automatic replies.")
        }
        return nil
    }
}

extension String {
    /// Whether nothing but white space is in it.
    var isBlank: Bool { unicodeScalars.allSatisfy(\.properties.isWhitespace) }
}
