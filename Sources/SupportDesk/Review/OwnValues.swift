import Redaction

/// What of a conversation's personal data may stand in the one answer that is being reviewed: what belongs to the very
/// person whom it goes to.
///
/// This is the only way from a placeholder back to its value, and it leads into the text of a reviewed draft.
struct OwnValues {
    private let vault: ConversationVault
    private let reader: Set<[UInt8]>
    /// Whether she is proved to have written: a stranger's words are not sent to whomever she pretended to be (RFC 3834).
    private let isProved: Bool

    /// What people are called and where they are reached. No secret, number of a card or link is ever written back.
    private static let types: Set<PIIType> = [.person, .email, .phone, .address, .zip]

    init(of grounded: GroundedMessage) {
        let redaction = grounded.redaction
        vault = redaction.vault
        reader = redaction.reader
        isProved = grounded.triaged.identity.authentication.verdict == .pass
    }

    /// As in the vault; what may not be written back counts as unknown.
    func sight(of placeholder: Placeholder) -> ConversationVault.Sight {
        let sight = vault.sight(of: placeholder, for: reader)
        if case .own(_, let type) = sight, !isProved || !Self.types.contains(type) { return .unknown }
        return sight
    }

    func value(of placeholder: Placeholder) -> String? {
        if case .own(let value, _) = sight(of: placeholder) { return value }
        return nil
    }
}
