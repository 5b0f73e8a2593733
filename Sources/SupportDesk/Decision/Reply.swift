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
    /// The same as a person would send it: without the words that say that a machine wrote it.
    var personalText = ""
    /// The same for the ticket on which it was asked: no link of a mail belongs there.
    var ticketText = ""
    /// What it says, without greeting and signature.
    var body = ""
    /// BCP 47.
    public let language: String
    /// Its signed name, made from the message that it answers: the same in every repetition, not to be guessed by others.
    let token: ReplyToken
    /// Fixed here, before anything is sent, so that a repetition is recognisable.
    public let messageID: String
    /// Whether the recipient is proved to have written; to others goes a short plain text without a word of theirs.
    public let isToProvedSender: Bool
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
    /// It goes to an address on file, whose owner did not write.
    var isOnFile = false
}

/// Makes a reply from a reviewed draft, and mail from a reply.
struct ReplyComposer: Sendable {
    let shop: Shop
    let seal: Seal
    var templates: @Sendable () async throws -> ReplyTemplates
    /// Whether a probe has arrived at the address that answers go to.
    var isAddressProved: @Sendable () async throws -> Bool = { false }

    /// What is written to somebody who did not prove to have written is a few kilobytes at most (RFC 3834 calls
    /// for no more), in bytes of text.
    private static let maximumForUnproved = 4 << 10

    /// References keeps its first and its newest entries within this number (RFC 5322 §3.6.4 sets no limit, servers do).
    private static let maximumReferences = 20

    func compose(_ reviewed: ReviewedDraft) async throws -> Reply? {
        let heard = reviewed.grounded.triaged.redacted.identified.heard
        let message = heard.message
        let identity = reviewed.grounded.triaged.identity
        let language = reviewed.draft.language
        let association = heard.associated.association
        var context = TemplateContext([
            "shop": TemplateContext(["name": shop.name]), "body": reviewed.body, "reference": association.externalID,
        ])
        // A display name is whatever the sender typed: only a name on record greets, and only its verified owner.
        if identity.tier == .verified, let name = identity.customer?.name { context["greetingName"] = name }
        let token = self.token(for: heard)
        let messageID = token.messageID(domain: shop.mailbox.domain ?? "localhost")
        let isProved = identity.authentication.verdict == .pass
        let templates = try await self.templates()
        // Nobody is asked what she thinks of a question, and a stranger gets no more than she needs (RFC 3834).
        let isAnswer = shop.feedback.isAsked && reviewed.grounded.evidence.asksBack == nil
        var question: FeedbackQuestion?
        if isAnswer, isProved {
            question = FeedbackQuestion(
                of: token, to: heard.author.address, shop, seal, words: templates.feedbackWords(in: language),
                language: language, isAddressProved: try await isAddressProved())
        }
        let plain = context
        question?.fill(&context)
        guard var text = templates.framed(context, language: language) else { return nil }
        var links = links(in: reviewed) + (question?.links ?? [])
        // Only in what leaves by itself, and never what makes a letter too long for its reader.
        if let suggestion = reviewed.suggestion {
            context["body"] = "\(reviewed.body)\n\n\(suggestion.text)"
            if let longer = templates.framed(context, language: language),
                isProved || longer.utf8.count <= Self.maximumForUnproved
            {
                text = longer
                links += suggestion.links
            }
        }
        context = plain
        context["inTicket"] = isAnswer
        let inTicket = templates.framed(context, language: language)
        context = plain
        context["isDraft"] = true
        let personal = templates.framed(context, language: language)
        return Reply(
            recipient: Mailbox(address: heard.author.address),
            subject: subject(for: message, isAuthenticated: isProved),
            text: text, personalText: personal ?? text, ticketText: inTicket ?? text, body: reviewed.body,
            language: language, token: token,
            messageID: messageID, isToProvedSender: isProved,
            inReplyTo: message.messageID, references: references(for: message, isAuthenticated: isProved),
            citations: reviewed.draft.citations, author: reviewed.draft.author, links: links)
    }

    /// Why a reply must not go to somebody who did not prove to have written; nil when it may.
    func objection(to reply: Reply, _ reviewed: ReviewedDraft, _ message: Message) -> Rule? {
        if reply.isToProvedSender { return nil }
        if reply.text.utf8.count > Self.maximumForUnproved {
            return Rule("too-long", "The answer is too long for a sender who is not authenticated (RFC 3834).")
        }
        if echoes(message, in: reviewed) {
            return Rule("echo", "The answer repeats the words of a sender who is not authenticated (RFC 3834).")
        }
        return nil
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
    /// - Parameters:
    ///   - isDraft: whether a person is to send it from her own mail program: then it is plain text, which every program lets her
    ///     edit, and nothing in its header says that a machine wrote it.
    ///   - voice: the same read aloud.
    func bytes(_ reply: Reply, date: Date, isDraft: Bool = false, voice: Attachment? = nil) throws -> [UInt8] {
        let mail = OutgoingMail(
            from: shop.mailbox, to: [reply.recipient], cc: [], subject: reply.subject, messageID: reply.messageID,
            inReplyTo: reply.inReplyTo, references: reply.references, date: date,
            text: isDraft ? reply.personalText : reply.text,
            html: reply.isToProvedSender && !isDraft
                ? HTMLText.html(fromText: reply.text, links: reply.links, language: reply.language) : nil,
            headers: isDraft
                ? []
                : [
                    // Who did not write is not replied to (RFC 3834 §5).
                    .init("Auto-Submitted", reply.isOnFile ? "auto-generated" : "auto-replied"),
                    .init("X-Auto-Response-Suppress", "All"),
                    .init(ReplyToken.stampField, reply.token.text),
                ], attachments: [voice].compactMap(\.self))
        return try mail.bytes()
    }

    /// An unauthenticated sender's words are not sent on, not even as a subject (RFC 3834 §2: no relay for strangers).
    func subject(for message: Message, isAuthenticated: Bool) -> String {
        guard isAuthenticated, !message.subject.isBlank else { return "Re: Your message to \(shop.name)" }
        let isReply = message.subject.prefix(3).lowercased() == "re:"
        return (isReply ? "" : "Re: ") + String(message.subject.prefix(200))
    }

    func references(for message: Message, isAuthenticated: Bool) -> [String] {
        guard isAuthenticated else { return [message.messageID].compactMap(\.self) }
        let thread = message.references.isEmpty ? message.inReplyTo : message.references
        let whole = (thread + [message.messageID].compactMap(\.self)).reduce(into: [String]()) { list, identifier in
            if !list.contains(identifier) { list.append(identifier) }
        }
        if whole.count <= Self.maximumReferences { return whole }
        return Array(whole.prefix(1) + whole.suffix(Self.maximumReferences - 1))
    }

    private func token(for heard: HeardMessage) -> ReplyToken {
        let raw = heard.associated.parsed.raw
        return seal.token(
            conversation: heard.associated.association.externalID,
            reply: "\(raw.channel)\n\(raw.source)\n\(heard.message.messageID ?? "")\n\(heard.author.address)")
    }

    /// Whether a model's draft repeats the sender's own words: six in a row are not hers by chance, unless an article
    /// says them too (RFC 3834).
    private func echoes(_ message: Message, in reviewed: ReviewedDraft) -> Bool {
        guard case .model = reviewed.draft.author else { return false }
        func runs(_ text: String) -> Set<[String]> {
            let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
            return words.count < 6 ? [] : Set((0...(words.count - 6)).map { Array(words[$0..<($0 + 6)]) })
        }
        let known = reviewed.grounded.evidence.passages.reduce(into: Set<[String]>()) { $0.formUnion(runs($1.text)) }
        let hers = runs(message.subject).union(runs(message.newText)).subtracting(known)
        return !hers.isDisjoint(with: runs(reviewed.body))
    }
}
