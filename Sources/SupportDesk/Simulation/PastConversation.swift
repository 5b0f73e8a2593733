import Foundation
import Triage

/// The instant at which a replay stands: each conversation of the past has its own, however many are replayed side by side.
enum PastMoment {
    /// The arrival of the message in hand; nil outside a replay.
    @TaskLocal static var instant: Date?
}

/// What a replay knows of one conversation when its next message comes: what the desk has read and would have written so far.
///
/// That a person has the conversation does not count here: a replay asks of every message what the desk could have done with
/// it, and `SimulationTally` afterwards what it would have been left to do.
struct PastConversation: Sendable {
    /// Of the last message that had one, as BCP 47.
    var language: String?
    /// What the customer was asked back by the desk.
    var asked: AskedBack?
    /// How often the desk would have answered.
    var answers = 0
    /// The digest of who opened it; nil while nobody has.
    var opener: [UInt8]?
    /// Whether a message of it was replayed.
    var isOpen = false
    /// The placeholders so far.
    var vault = ConversationVault()

    /// Takes notice of what the desk would have done with a message.
    mutating func note(_ disposition: Disposition, _ dossier: Dossier) {
        if dossier.association != nil, disposition.kind != .ignored { isOpen = true }
        opener = opener ?? dossier.association?.addressee?.address
        language = dossier.triage?.language.tag ?? language
        vault = dossier.redaction?.vault ?? vault
        guard disposition.kind == .answered else { return }
        if let question = dossier.evidence?.asksBack { asked = question } else { answers += 1 }
    }
}

extension Ledger {
    /// The place of a message in a past that is replayed.
    func association(of parsed: ParsedMessage, shop: Shop, in past: PastConversation) -> Association {
        let message = parsed.outer ?? parsed.message
        let correspondent = shop.correspondent(of: parsed.message)
        let addressee = correspondent.map { self.addressee($0.mailbox, parsed.message) }
        var counts = ReplyCounts()
        counts.answers = past.answers
        var association = Association(
            conversation: past.isOpen ? 1 : nil, language: past.language, asked: past.asked, externalID: "AD-PAST",
            duplicateOf: nil, isWithPerson: false, correspondent: correspondent, counts: counts, isSuppressed: false,
            isStranger: false, returned: nil, feedback: nil, threadDigests: [], fingerprint: [], addressee: addressee,
            participants: [], subject: nil, vault: nil)
        association.openVault = past.vault
        association.author = addressee?.address ?? message.from.first.map { digest(address: $0.address) }
        association.isOtherParticipant =
            past.opener != nil && addressee != nil && past.opener != addressee?.address && parsed.outer == nil
        // What the desk said before is for the tally to count, which knows of all conversations.
        association.isFirstSight = true
        return association
    }
}
