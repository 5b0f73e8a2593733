import Mail
import Redaction

/// A message's texts with placeholders instead of people, and the vault that maps them back.
public struct MessageRedaction: Sendable {
    /// A file that came along.
    public struct File: Sendable {
        /// Its name.
        public let name: RedactedText
        /// The beginning of its text; empty for what is no text.
        public let text: RedactedText
    }

    /// The subject.
    public let subject: RedactedText
    /// What the person newly wrote.
    public let body: RedactedText
    /// The older messages that she quoted.
    public let quoted: RedactedText
    /// The message that she passed on: its subject and text.
    public let forwarded: RedactedText
    /// The files that came along; at most 20.
    public let files: [File]
    /// This conversation's placeholders; never leaves the process unsealed.
    var vault: ConversationVault
    /// Whom an answer goes to, by the digests of her addresses.
    let reader: Set<[UInt8]>
}

/// A message that a model may see. Made by `Redacting` only.
public struct RedactedMessage: Sendable, Documented {
    static let stage = "redact"
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

    private static let maximumFiles = 20

    func redact(_ identified: IdentifiedMessage) async throws -> Step<RedactedMessage> {
        let message = identified.message
        let author = ledger.digest(address: identified.heard.author.address)
        let people = people(of: message, identified.identity.customer)
        PeopleInHand.current?.add(people)
        var mask = Mask(
            try await redactor(), of: author, known: people,
            vault: try await vault(of: identified.heard.associated.association))
        // The signature is no text of the message, but it says who wrote it.
        _ = mask.redact(message.signature)
        let body = mask.redact(message.newText)
        let quoted = mask.redact(message.quoted)
        let forwarded = message.forwarded.map {
            RedactedText.joined([mask.redact($0.subject), mask.redact($0.text)])
        }
        let files = message.attachments.prefix(Self.maximumFiles).map {
            MessageRedaction.File(name: mask.redact($0.name), text: $0.text().map { mask.redact($0) } ?? .empty)
        }
        let subject = mask.redact(message.subject)
        return .proceed(
            RedactedMessage(
                identified: identified,
                redaction: MessageRedaction(
                    subject: subject, body: body, quoted: quoted, forwarded: forwarded ?? .empty, files: files,
                    vault: mask.vault, reader: reader(identified, author))))
    }

    /// A mask for what is to be shown of a message besides its redacted texts, also of one that left the way before this
    /// stage.
    /// - Parameter others: people besides those of the message who may be named.
    func mask(for dossier: Dossier, besides others: [KnownPerson] = []) async throws -> Mask {
        let message = dossier.message
        var vault = dossier.redaction?.vault
        if vault == nil, let association = dossier.association { vault = try await self.vault(of: association) }
        var mask = Mask(
            try await redactor(), of: ledger.digest(address: dossier.author?.address ?? ""),
            known: (message.map { people(of: $0, dossier.identity?.customer) } ?? []) + others,
            vault: vault ?? ConversationVault())
        // Whom these name is known in what is shown.
        for text in [message?.signature, message?.newText] { _ = mask.redact(text ?? "") }
        return mask
    }

    private func vault(of association: Association) async throws -> ConversationVault {
        if let open = association.openVault { return open }
        return try await ConversationVault(association.vault, of: ledger)
    }

    /// The customer of a record is the same person by each of her addresses, where it is proved that she wrote.
    private func reader(_ identified: IdentifiedMessage, _ author: [UInt8]) -> Set<[UInt8]> {
        guard identified.identity.tier == .verified, let customer = identified.identity.customer else {
            return [author]
        }
        return Set(customer.addresses.map(ledger.digest(address:)) + [author])
    }

    /// The people whose names the desk knows from the header and from the record.
    func people(of message: Message, _ customer: Customer?) -> [KnownPerson] {
        let passedOn = [message.forwarded?.from].compactMap(\.self)
        var people = (message.from + message.to + message.cc + message.replyTo + passedOn)
            .filter { !ownAddresses.contains($0.address.lowercased()) }
            .map {
                KnownPerson(
                    names: [$0.name].compactMap(\.self), addresses: [$0.address], phones: [], postalAddresses: [])
            }
        if let customer {
            let postal = customer.postalAddress.map { address in
                address.lines + [address.city, address.postcode].compactMap(\.self)
            }
            people.append(
                KnownPerson(
                    names: [customer.name].compactMap(\.self), addresses: customer.addresses,
                    phones: [customer.phone].compactMap(\.self),
                    postalAddresses: [postal].compactMap(\.self)))
        }
        return people
    }
}
