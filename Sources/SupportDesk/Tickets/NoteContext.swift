import Foundation
import Triage

/// The values that a note's template may ask for.
struct NoteContext {
    let rule: Rule
    let dossier: Dossier
    let policy: PersonalDataPolicy
    let history: TicketHistory
    let templates: NoteTemplates

    /// How much of the customer's text stands in the note, in Unicode scalars; all of it is attached.
    private static let maximumSummary = 1_500
    private static let maximumLine = 200

    /// - Parameter shown: a text of a person, as much of it as the policy and a limit allow.
    func values(_ shown: (String, Int) -> String) -> TemplateContext {
        let identity = dossier.identity
        let intent = dossier.intent
        var context = TemplateContext([
            "reason": rule.reason, "rule": rule.name, "language": dossier.triage?.language.tag ?? "not determined",
            "intent": intent?.intent ?? "not determined",
            "confidence": intent.map { PacketBuilder.percent($0.confidence) } ?? "–",
            "sentiment": dossier.triage.map(mood) ?? "not determined",
            "signals": dossier.triage.map(PacketBuilder.signals) ?? [],
            "authentication": identity.map { "\($0.authentication.verdict)" } ?? "not checked",
            "tier": identity?.tier == .verified ? "the sender's own orders" : "policies only",
            "orders": policy == .minimal ? [] : (identity?.orders.prefix(5) ?? []).map(order),
            "evidence": articles.map { TemplateContext(["id": $0.article, "title": $0.title]) },
            "links": links,
            "findings": dossier.findings.map(\.description) + dossier.injections.map { "speaks to a machine: \($0)" },
            "problems": dossier.message?.problems ?? [],
            "files": [String](), "isMinimal": policy == .minimal,
            "earlier": history.earlier.map { earlier in
                TemplateContext([
                    "date": date(earlier.arrival),
                    "outcome": earlier.disposition + (earlier.intent.map { " (\($0))" } ?? ""),
                ])
            },
            "past": history.past.map { TemplateContext(["date": date($0.opened), "ticket": $0.ticket]) },
        ])
        if let triage = dossier.triage { context["urgency"] = PacketBuilder.percent(triage.urgency) }
        if let wants = intent.flatMap({ templates.wants[$0.intent] }) { context["wants"] = wants }
        if let association = dossier.association { context["reference"] = association.externalID }
        if policy == .minimal {
            // Who may read the mailbox finds it by this.
            if let identifier = dossier.message?.messageID { context["original"] = "Message-ID <\(identifier)>" }
            return context
        }
        if let message = dossier.message {
            if let author = dossier.author { context["from"] = shown(author.address, Self.maximumLine) }
            // An empty text is none: the template's section for it is left out.
            if !message.newText.isBlank { context["summary"] = shown(message.newText, Self.maximumSummary) }
            if !message.subject.isBlank { context["subject"] = shown(message.subject, Self.maximumLine) }
            context["files"] = message.attachments.prefix(20).map { shown($0.name, 100) }.filter { !$0.isBlank }
        }
        if let customer = identity?.customer { context["customer"] = profile(customer, shown) }
        if let reply = dossier.reply {
            context["draft"] = shown(reply.text, .max)
        } else if dossier.isRejected, let draft = dossier.draft {
            // Nobody is to send it as it is: the findings stand above it.
            context["draft"] = shown(draft.body, ReviewLimits.maximumBytes)
        }
        return context
    }

    private func profile(_ customer: Customer, _ shown: (String, Int) -> String) -> TemplateContext {
        var profile = TemplateContext([
            "name": customer.name.map { shown($0, Self.maximumLine) } ?? "not on record",
            "isProved": dossier.identity?.authentication.verdict == .pass,
        ])
        if let since = customer.since { profile["since"] = since.description }
        if let language = customer.language { profile["preference"] = language }
        return profile
    }

    private func order(_ order: Order) -> TemplateContext {
        let format = FactFormat(language: templates.language)
        var total = "not on record"
        if let amount = order.total, let currency = order.currency {
            total = format.text(.money(amount, currency: currency))
        }
        var values = TemplateContext([
            "number": order.number, "state": order.state.map { format.text(.state($0)) } ?? "not on record",
            "total": total,
            "items": order.items.prefix(5).map { "\($0.quantity) × \($0.name)" },
        ])
        if let placed = order.placedOn { values["placed"] = format.text(.date(placed)) }
        if let url = order.shipment?.trackingURL { values["tracking"] = url }
        return values
    }

    /// The first passage of each of the best articles.
    private var articles: ArraySlice<Passage> {
        (dossier.evidence?.passages ?? []).reduce(into: [Passage]()) { list, passage in
            if !list.contains(where: { $0.article == passage.article }) { list.append(passage) }
        }.prefix(4)
    }

    /// The pages that the answer would have named.
    private var links: [String] {
        guard let evidence = dossier.evidence, !evidence.passages.isEmpty || dossier.reply != nil else { return [] }
        return evidence.facts.facts.compactMap { fact in
            if case .link(let url) = fact.value, dossier.reply?.text.contains(url) == true { return url }
            return nil
        }.prefix(5).map(\.self)
    }

    private func date(_ instant: Date) -> String { String(instant.ISO8601Format().prefix(10)) }

    private func mood(_ triage: TriageResult) -> String {
        switch triage.sentiment {
        case ..<(-0.3): "negative"
        case 0.3...: "positive"
        default: "neutral"
        }
    }
}
