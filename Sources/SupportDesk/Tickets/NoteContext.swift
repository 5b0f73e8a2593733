import Foundation
import Triage

/// The values that a note's template may ask for.
struct NoteContext {
    let rule: Rule
    let dossier: Dossier
    let policy: PersonalDataPolicy
    let history: TicketHistory
    /// What the customer wants, in a model's words.
    let gist: String?
    let templates: NoteTemplates

    /// How much of the customer's text stands in the note, in characters; all of it is attached.
    private static let maximumText = 1_500
    private static let maximumLine = 200
    /// How much of her own words stands where her wish is named.
    private static let maximumExtract = 300

    /// - Parameter shown: a text of a person, as much of it as the policy and a limit allow.
    func values(_ shown: (String, Int) -> String) -> TemplateContext {
        let identity = dossier.identity
        let intent = dossier.intent
        let isProved = identity?.authentication.verdict == .pass
        var context = TemplateContext([
            "reason": templates.reason(of: rule), "rule": rule.name,
            "language": dossier.triage?.language.tag ?? word("not_determined"),
            "intent": intent?.intent ?? word("not_determined"),
            "confidence": intent.map { PacketBuilder.percent($0.confidence) } ?? "–",
            "sentiment": dossier.triage.map(mood) ?? word("not_determined"),
            "signals": dossier.triage.map(signals) ?? [],
            "authentication": word(identity.map { "verdict_\($0.authentication.verdict)" } ?? "not_checked"),
            "tier": word(identity?.tier == .verified ? "tier_verified" : "tier_generic"),
            "orders": policy == .minimal || !isProved ? [] : orders.map(order),
            "hidesOrders": policy != .minimal && !isProved && identity?.orders.isEmpty == false,
            "evidence": articles.map(article), "links": links,
            "findings": dossier.isShadow ? [] : findings, "isWatched": false,
            "problems": dossier.message?.problems ?? [],
            "files": [String](), "isMinimal": policy == .minimal,
            "earlier": history.earlier.map(earlier),
            "past": history.past.map { TemplateContext(["date": date($0.opened), "ticket": $0.ticket]) },
        ])
        if let triage = dossier.triage { context["urgency"] = PacketBuilder.percent(triage.urgency) }
        if let wants = intent.flatMap({ templates.wants[$0.intent] }) { context["wants"] = wants }
        if let association = dossier.association { context["reference"] = association.externalID }
        if policy == .minimal {
            // Who may read the mailbox finds it by this.
            let identifier = dossier.message?.messageID.map { "Message-ID <\($0)>" }
            context["original"] = [
                dossier.raw.channel.isEmpty ? nil : "\(word("mailbox")) \(dossier.raw.channel)", identifier,
            ].compactMap(\.self).joined(separator: ", ")
            return context
        }
        if let message = dossier.message {
            if let author = dossier.author { context["from"] = shown(author.address, Self.maximumLine) }
            // An empty text is none: the template's section for it is left out.
            if !message.newText.isBlank { context["summary"] = shown(message.newText, Self.maximumText) }
            if let transcript = dossier.transcript {
                context["transcript"] = word("transcript").replacing("{model}", with: transcript.model)
            }
            if !message.subject.isBlank { context["subject"] = shown(message.subject, Self.maximumLine) }
            context["files"] = message.attachments.prefix(20).map { shown($0.name, 100) }.filter { !$0.isBlank }
            if let gist {
                context["gist"] = "\(gist) \(word("by_model"))"
            } else if let extract = Extract.of(message.newText) {
                // What stands below in whole need not be said twice.
                context["extract"] = shown(extract, Self.maximumExtract)
            }
        }
        if let customer = identity?.customer { context["customer"] = profile(customer, shown) }
        if dossier.isShadow {
            // Who has seen the desk's answer gives none of her own that it could be measured by.
            context["isWatched"] = true
        } else if let reply = dossier.reply {
            // As a person sends it; a reply that was never framed for one is all there is.
            context["draft"] = shown(reply.personalText.isEmpty ? reply.text : reply.personalText, .max)
        } else if dossier.isRejected, let draft = dossier.draft {
            // Nobody is to send it as it is: the findings stand above it.
            context["draft"] = shown(draft.body, ReviewLimits.maximumBytes)
        }
        return context
    }

    private func word(_ name: String) -> String { templates.word(name) }

    private func profile(_ customer: Customer, _ shown: (String, Int) -> String) -> TemplateContext {
        var profile = TemplateContext([
            "name": customer.name.map { shown($0, Self.maximumLine) } ?? word("not_on_record"),
            "isProved": dossier.identity?.authentication.verdict == .pass,
        ])
        if let since = customer.since { profile["since"] = since.description }
        if let language = customer.language { profile["preference"] = language }
        return profile
    }

    /// Those that the message names first, then as the records have them.
    private var orders: ArraySlice<Order> {
        let named = dossier.triage?.references.filter { $0.kind == .order }.map(\.value) ?? []
        let all = dossier.identity?.orders ?? []
        return (all.filter { named.contains($0.number) } + all.filter { !named.contains($0.number) }).prefix(5)
    }

    private func order(_ order: Order) -> TemplateContext {
        let format = FactFormat(language: templates.language)
        var total = word("not_on_record")
        if let amount = order.total, let currency = order.currency {
            total = format.text(.money(amount, currency: currency))
        }
        var values = TemplateContext([
            "number": order.number, "state": order.state.map { format.text(.state($0)) } ?? word("not_on_record"),
            "total": total,
            "items": order.items.prefix(5).map { "\($0.quantity) × \($0.name)" },
        ])
        if let placed = order.placedOn { values["placed"] = format.text(.date(placed)) }
        if let refund = order.refund {
            let money = refund.amount.flatMap { amount in
                order.currency.map { format.text(.money(amount, currency: $0)) }
            }
            values["refund"] = [word(refund.state.map { "refund_\($0)" } ?? "not_on_record"), money]
                .compactMap(\.self).joined(separator: ", ")
        }
        // Behind it stand name and address.
        if policy == .full, let url = order.shipment?.trackingURL { values["tracking"] = url }
        return values
    }

    private func earlier(_ earlier: TicketHistory.Earlier) -> TemplateContext {
        var outcome = word(earlier.disposition) + (earlier.intent.map { " (\($0))" } ?? "")
        if earlier.disposition == "answered", policy != .minimal { outcome += ", \(earlier.message)-reply.eml" }
        return TemplateContext(["date": date(earlier.arrival), "outcome": outcome])
    }

    /// The first passage of each of the best articles.
    private var articles: ArraySlice<Passage> {
        (dossier.evidence?.passages ?? []).reduce(into: [Passage]()) { list, passage in
            if !list.contains(where: { $0.article == passage.article }) { list.append(passage) }
        }.prefix(4)
    }

    private func article(_ passage: Passage) -> TemplateContext {
        let links = passage.text.split(separator: "\n").lazy.flatMap(Article.targets).filter {
            $0.hasPrefix("https://")
        }
        return TemplateContext([
            "id": passage.article, "title": passage.title, "pages": links.prefix(2).map(\.self),
        ])
    }

    /// The pages that the answer would have named.
    private var links: [String] {
        guard !dossier.isShadow, let evidence = dossier.evidence, !evidence.passages.isEmpty || dossier.reply != nil
        else { return [] }
        return evidence.facts.facts.compactMap { fact in
            guard case .link(let url) = fact.value, dossier.reply?.text.contains(url) == true else { return nil }
            return policy == .full || fact.name.hasPrefix("links.") ? url : nil
        }.prefix(5).map(\.self)
    }

    private var findings: [String] {
        // What a finding says besides its name quotes the draft.
        let review = dossier.findings.map { policy == .minimal ? $0.check : $0.description }
        return dossier.suspicions.map { "\(word("injection")): \($0)" } + review
    }

    private func signals(_ triage: TriageResult) -> [String] {
        PacketBuilder.signals(
            triage, label: { word("signal_\($0.rawValue)") }, not: word("not"), hasWords: policy != .minimal)
    }

    private func date(_ instant: Date) -> String { String(instant.ISO8601Format().prefix(10)) }

    private func mood(_ triage: TriageResult) -> String {
        switch triage.sentiment {
        case ..<(-0.3): word("mood_negative")
        case 0.3...: word("mood_positive")
        default: word("mood_neutral")
        }
    }
}
