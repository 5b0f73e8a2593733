import Foundation
import Mail

/// A finished reply. Its one recipient, its links and its threading were decided by code.
public struct Reply: Sendable {
    /// The author of the message that it answers.
    public let recipient: Mailbox
    /// One line.
    public let subject: String
    /// The whole text: greeting, body, signature.
    public let text: String
    /// BCP 47.
    public let language: String
    /// Fixed here, before anything is sent, so that a repetition is recognisable.
    public let messageID: String
    /// The message that it answers.
    public let inReplyTo: String?
    /// The thread (RFC 5322 §3.6.4).
    public let references: [String]
    /// Articles that it rests on.
    public let citations: [String]
    /// Who drafted it.
    public let author: Draft.Author
    /// The only addresses in the text that become links: from records, the configuration and cited articles.
    public let links: [String]
}

/// Makes a reply from a reviewed draft, and mail from a reply.
struct ReplyComposer: Sendable {
    let shop: Shop
    let seal: Seal
    let templates: @Sendable () async throws -> ReplyTemplates

    /// References keeps its first and its newest entries within this number (RFC 5322 §3.6.4 sets no limit, servers do).
    private static let maximumReferences = 20

    func compose(_ reviewed: ReviewedDraft) async throws -> Reply? {
        let screened = reviewed.grounded.triaged.redacted.identified.screened
        let message = screened.message
        let identity = reviewed.grounded.triaged.identity
        let language = reviewed.draft.language
        let association = screened.associated.association
        var context = TemplateContext([
            "shop": TemplateContext(["name": shop.name]), "body": reviewed.body, "reference": association.externalID,
        ])
        // A display name is whatever the sender typed: only a name on record greets, and only its verified owner.
        if identity.tier == .verified, let customer = identity.customer { context["greetingName"] = customer.name }
        guard let text = try await templates().framed(context, language: language) else { return nil }
        return Reply(
            recipient: Mailbox(address: screened.author.address),
            subject: subject(for: message, isAuthenticated: identity.authentication.verdict == .pass), text: text,
            language: language, messageID: messageID(for: screened.associated.parsed.raw, message),
            inReplyTo: message.messageID, references: references(for: message), citations: reviewed.draft.citations,
            author: reviewed.draft.author, links: links(in: reviewed))
    }

    private func links(in reviewed: ReviewedDraft) -> [String] {
        let evidence = reviewed.grounded.evidence
        let recorded = evidence.facts.facts.compactMap { fact -> String? in
            if case .link(let url) = fact.value { return url }
            return nil
        }
        let quoted = evidence.passages.filter { reviewed.draft.citations.contains($0.article) }
            .flatMap { TypedTokens.of($0.text) }.filter { $0.hasPrefix("https://") }
        return recorded + quoted
    }

    /// The finished bytes (RFC 5322), stamped as an automatic reply (RFC 3834 §3.1.7, §5).
    func bytes(_ reply: Reply, date: Date) throws -> [UInt8] {
        let mail = OutgoingMail(
            from: shop.mailbox, to: [reply.recipient], cc: [], subject: reply.subject, messageID: reply.messageID,
            inReplyTo: reply.inReplyTo, references: reply.references, date: date, text: reply.text,
            html: HTMLText.html(fromText: reply.text, links: reply.links, language: reply.language),
            headers: [
                .init("Auto-Submitted", "auto-replied"), .init("X-Auto-Response-Suppress", "All"),
                .init("X-AuraDesk-Stamp", seal.digest(reply.messageID, for: "stamp").base32),
            ], attachments: [])
        return try mail.bytes()
    }

    /// An unauthenticated sender's words are not sent on, not even as a subject (RFC 3834 §2: no relay for strangers).
    private func subject(for message: Message, isAuthenticated: Bool) -> String {
        guard isAuthenticated, !message.subject.isBlank else { return "Re: Your message to \(shop.name)" }
        let isReply = message.subject.prefix(3).lowercased() == "re:"
        return (isReply ? "" : "Re: ") + String(message.subject.prefix(200))
    }

    private func references(for message: Message) -> [String] {
        let thread = message.references.isEmpty ? message.inReplyTo : message.references
        let whole = (thread + [message.messageID].compactMap(\.self)).reduce(into: [String]()) { list, identifier in
            if !list.contains(identifier) { list.append(identifier) }
        }
        if whole.count <= Self.maximumReferences { return whole }
        return Array(whole.prefix(1) + whole.suffix(Self.maximumReferences - 1))
    }

    /// Made from the message that it answers: the same in every repetition, not to be guessed by others.
    private func messageID(for raw: RawMessage, _ message: Message) -> String {
        let digest = seal.digest("\(raw.channel)\n\(raw.source)\n\(message.messageID ?? "")", for: "reply")
        let domain = shop.mailbox.domain ?? "localhost"
        return "ad.\(digest.base32.lowercased())@\(domain)"
    }
}
