import Foundation
import Mail

/// Tells a customer once that a person has her matter, with its reference and when she may expect an answer.
///
/// It is an automatic mail like any reply: with the same marks, to the same one address, under the same limits. It goes only to
/// who passed every gate and is proved to have written, and never where the shop only watches.
struct Acknowledging: Sendable {
    let composer: ReplyComposer
    let policy: DecisionPolicy
    let limits: Backstops

    /// Matters in which a ready-made word would do harm, or nothing is to be admitted.
    private static let silent: Set<String> = ["legal", "press", "safety", "thanks", "repeated-failure", "injection"]

    /// The mail; nil when none is due.
    func acknowledgement(of dossier: Dossier, _ rule: Rule, now: Date) async throws -> Envelope? {
        guard let message = dossier.message, let association = dossier.association,
            let identity = dossier.identity, identity.authentication.verdict == .pass,
            let author = association.correspondent, author.source == .author,
            !association.isWithPerson, dossier.suspicions.isEmpty, !association.isSuppressed, isAllowed(dossier),
            !Self.silent.contains(rule.name),
            limits.rule(for: association.counts) == nil
        else { return nil }
        let language = dossier.triage.map { Self.language(of: $0.language.tag, composer.shop) } ?? "en"
        let templates = try await composer.templates()
        let reference = TemplateContext(["reference": association.externalID])
        guard let body = templates.template(for: "_acknowledgement", language: language)?.render(reference) else {
            return nil
        }
        var context = TemplateContext([
            "shop": TemplateContext(["name": composer.shop.name]), "body": body, "reference": association.externalID,
        ])
        if identity.tier == .verified, let customer = identity.customer { context["greetingName"] = customer.name }
        guard let text = templates.framed(context, language: language) else { return nil }
        let raw = dossier.raw
        let token = composer.seal.token(
            conversation: association.externalID,
            reply:
                "acknowledgement\n\(raw.channel)\n\(raw.source)\n\(message.messageID ?? "")\n\(author.mailbox.address)")
        let reply = Reply(
            recipient: Mailbox(address: author.mailbox.address),
            subject: composer.subject(for: message, isAuthenticated: true), text: text, language: language,
            token: token, messageID: token.messageID(domain: composer.shop.mailbox.domain ?? "localhost"),
            isToProvedSender: true, inReplyTo: message.messageID,
            references: composer.references(for: message, isAuthenticated: true), citations: [], author: .embedded,
            links: [])
        guard let bytes = try? composer.bytes(reply, date: now) else { return nil }
        return Envelope(
            sender: composer.shop.bounces?.address(token), recipient: reply.recipient.address,
            messageID: reply.messageID, bytes: bytes)
    }

    /// Nothing leaves by itself where the shop only watches, or wants to see every mail before.
    private func isAllowed(_ dossier: Dossier) -> Bool {
        // While only some customers are answered by the desk, only those of the pilot hear of it.
        let share = policy.share(for: dossier.intents.map(\.intent))
        if share.map({ $0 < 1 }) ?? !policy.pilot.isEmpty {
            guard let author = dossier.author, policy.pilot.holds(author.address) else { return false }
        }
        let mode = dossier.intent.flatMap { policy.modes[$0.intent] } ?? policy.defaultMode
        return mode == .auto || (mode == .off && policy.defaultMode == .auto)
    }

    private static func language(of tag: String, _ shop: Shop) -> String {
        shop.languages.contains(tag) || tag.hasPrefix("hi") ? tag : shop.languages.first ?? "en"
    }
}
