import Foundation
import Mail

/// What the ledger keeps of a draft, sealed: the reply as it would be sent, and what people are shown of it.
struct DraftRecord: Codable, Sendable {
    let recipient: String
    let subject: String
    var text: String
    /// The text as it lies in the folder.
    let personalText: String
    let language: String
    let token: String
    let conversation: String
    let messageID: String
    let isToProvedSender: Bool
    let inReplyTo: String?
    let references: [String]
    let links: [String]
    let citations: [String]
    /// `embedded` or a model's name.
    let author: String
    /// The rule that laid it before a person.
    let rule: String
    /// What the review found in earlier drafts of the same answer.
    let findings: [String]
    /// The customer, as a placeholder.
    let customer: String
    /// The first line that says something, with placeholders.
    let opening: String
    /// It asks the customer for something.
    let asksBack: Bool
    /// The answer for the ticket on which it was asked; nil for a mail.
    var answer: TicketReply?
    /// The ticket that takes its place when nobody sends it.
    let packet: Packet

    /// The reply that it is a draft of.
    var reply: Reply {
        Reply(
            recipient: Mailbox(address: recipient), subject: subject, text: text, language: language,
            token: ReplyToken(conversation: conversation, text: token), messageID: messageID,
            isToProvedSender: isToProvedSender, inReplyTo: inReplyTo, references: references, citations: citations,
            author: author == Draft.Author.embedded.name ? .embedded : .model(author), links: links)
    }
}

/// How a draft ended, as the ledger keeps it, sealed.
struct DraftEnd: Codable, Sendable {
    /// In a person's words, why she did not want it.
    var reason: String?
    /// What she sent in its place.
    var text: String?
    /// What she made of it.
    var difference: TextDifference?
}

extension PacketBuilder {
    /// The longest opening, in Unicode scalars.
    private static let maximumOpening = 160

    /// What is kept of a draft. What is shown of it has its placeholders in the conversation's vault from then on.
    func draft(
        _ reply: Reply, _ rule: Rule, _ answer: TicketReply?, _ packet: Packet, _ dossier: inout Dossier
    ) async throws -> DraftRecord {
        var mask = try await redacting.mask(for: dossier)
        let customer = mask.redact(reply.recipient.address).text
        let body = mask.redact(reply.body).text
        dossier.redaction?.vault = mask.vault
        let opening = body.split(separator: "\n").first { !$0.allSatisfy(\.isWhitespace) } ?? ""
        return DraftRecord(
            recipient: reply.recipient.address, subject: reply.subject, text: reply.text,
            personalText: reply.personalText, language: reply.language, token: reply.token.text,
            conversation: reply.token.conversation, messageID: reply.messageID,
            isToProvedSender: reply.isToProvedSender, inReplyTo: reply.inReplyTo, references: reply.references,
            links: reply.links, citations: reply.citations, author: reply.author.name, rule: rule.name,
            findings: dossier.findings.map(\.description), customer: customer,
            opening: String(opening.unicodeScalars.prefix(Self.maximumOpening)),
            asksBack: dossier.evidence?.asksBack != nil, answer: answer, packet: packet)
    }
}

extension Packet {
    /// The packet for another reason, which stands above its note.
    func because(_ rule: Rule, _ words: String? = nil, in templates: NoteTemplates) -> Packet {
        let reason = [templates.reason(of: rule), words.map { "\(templates.word("reason_given")): \($0)" }]
            .compactMap(\.self).joined(separator: "\n")
        var placement = placement
        if placement.fields["rule"] != nil { placement.fields["rule"] = rule.name }
        var packet = Packet(
            externalID: externalID, message: message, subject: subject, requestor: requestor,
            note: "\(reason)\n\n\(note)", rule: rule.name, placement: placement, team: team, isMinimal: isMinimal)
        packet.home = home
        return packet
    }
}
