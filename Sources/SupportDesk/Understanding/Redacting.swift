import Mail
import Redaction

/// A message's texts with placeholders instead of people, and the vault that maps them back.
public struct MessageRedaction: Sendable {
    /// The subject.
    public let subject: RedactedText
    /// What the person newly wrote.
    public let body: RedactedText
    /// The older messages that she quoted.
    public let quoted: RedactedText
    /// This conversation's placeholders; never leaves the process unsealed.
    let vault: ConversationVault
    /// Whom an answer goes to, by the digests of her addresses.
    let reader: Set<[UInt8]>
}

/// A message that a model may see. Made by `Redacting` only.
public struct RedactedMessage: Sendable, Documented {
    /// The message.
    public let identified: IdentifiedMessage
    /// Its texts with placeholders.
    public let redaction: MessageRedaction

    fileprivate init(identified: IdentifiedMessage, redaction: MessageRedaction) {
        self.identified = identified
        self.redaction = redaction
    }

    func note(in dossier: inout Dossier) { dossier.redaction = redaction }
}

/// Stage five: personal data becomes placeholders, before anything but the parser reads the text.
struct Redacting: Sendable {
    let redactor: @Sendable () async throws -> Redactor
    let ledger: Ledger
    /// The shop's own addresses stay readable.
    let ownAddresses: Set<String>

    func redact(_ identified: IdentifiedMessage) async throws -> Step<RedactedMessage> {
        let redactor = try await redactor()
        let known = knownPeople(of: identified)
        let message = identified.message
        let author = ledger.digest(address: identified.screened.author.address)
        var vault = try await ConversationVault(identified.screened.associated.association.vault, of: ledger)
        func redact(_ text: String) -> RedactedText {
            vault.redact(text, of: author, known: known, by: redactor)
        }
        let subject = redact(message.subject)
        let body = redact(message.newText)
        let quoted = redact(message.quoted)
        return .proceed(
            RedactedMessage(
                identified: identified,
                redaction: MessageRedaction(
                    subject: subject, body: body, quoted: quoted, vault: vault, reader: reader(identified, author))))
    }

    /// The customer of a record is the same person by each of her addresses, where it is proved that she wrote.
    private func reader(_ identified: IdentifiedMessage, _ author: [UInt8]) -> Set<[UInt8]> {
        guard identified.identity.tier == .verified, let customer = identified.identity.customer else {
            return [author]
        }
        return Set(customer.addresses.map(ledger.digest(address:)) + [author])
    }

    /// The people whose names the desk knows from the header and from the record.
    private func knownPeople(of identified: IdentifiedMessage) -> [KnownPerson] {
        let message = identified.message
        var people = (message.from + message.to + message.cc + message.replyTo)
            .filter { !ownAddresses.contains($0.address.lowercased()) }
            .map {
                KnownPerson(
                    names: [$0.name].compactMap(\.self), addresses: [$0.address], phones: [], postalAddresses: [])
            }
        if let customer = identified.identity.customer {
            let postal = customer.postalAddress.map { address in
                address.lines + [address.city, address.postcode].compactMap(\.self)
            }
            people.append(
                KnownPerson(
                    names: [customer.name], addresses: customer.addresses, phones: [customer.phone].compactMap(\.self),
                    postalAddresses: [postal].compactMap(\.self)))
        }
        return people
    }
}
