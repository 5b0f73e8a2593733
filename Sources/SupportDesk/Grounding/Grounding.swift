import Foundation
import Redaction
import Triage

/// One question of the mail and the shop's words for it.
struct Question: Sendable {
    let intent: String
    let confidence: Double
    let template: ReplyTemplate
    /// The text to use instead when the order cannot be spoken of.
    let substitute: ReplyTemplates.Fixed?
}

/// What an answer may use: facts from records and passages from the knowledge, nothing else.
public struct Evidence: Sendable {
    /// Facts by name; values are written by code only.
    public internal(set) var facts: FactSheet
    /// Passages that may be quoted.
    public internal(set) var passages: [Passage]
    /// The orders that the answer speaks of, `order1` first.
    public let orders: [Order]
    /// The questions, most certain first.
    let questions: [Question]
    /// Values for the templates; slots stand for facts.
    let context: TemplateContext
    /// Values of each order, as `order` of a template that speaks of one.
    let orderContexts: [TemplateContext]
}

/// A message with everything that its answer may use. Made by `Grounding` only.
public struct GroundedMessage: Sendable, Documented {
    /// The message.
    public let triaged: TriagedMessage
    /// What the answer may use.
    public let evidence: Evidence

    /// The texts with placeholders.
    public var redaction: MessageRedaction { triaged.redacted.redaction }

    fileprivate init(triaged: TriagedMessage, evidence: Evidence) {
        self.triaged = triaged
        self.evidence = evidence
    }

    func note(in dossier: inout Dossier) { dossier.evidence = evidence }
}

/// Stage seven: records and knowledge. What a person must do leaves the way here.
struct Grounding: Sendable {
    let shop: Shop
    let knowledge: @Sendable () async throws -> Knowledge
    let templates: @Sendable () async throws -> ReplyTemplates
    let now: @Sendable () -> Date

    func ground(_ triaged: TriagedMessage) async throws -> Step<GroundedMessage> {
        let templates = try await templates()
        let language = triaged.replyLanguage
        let today = LocalDate(now(), in: shop.timeZone)
        if triaged.isOutOfScope { return try await groundTopic(of: triaged, templates, on: today) }
        let intents = triaged.triage.intents
        let found = intents.map { score in (score, templates.template(for: score.intent, language: language)) }
        let wanted = found.compactMap { score, template in template.map { (score, $0) } }
        guard wanted.count == found.count, !wanted.isEmpty else {
            return .settle(.escalate(Rule("needs-person", "A person answers mail of this kind.")))
        }
        var facts = FactSheet()
        var context = TemplateContext(["shop": shopContext(&facts), "links": linkContext(&facts)])
        var orders: [Order] = []
        var substitute: ReplyTemplates.Fixed?
        if wanted.contains(where: { $0.1.need == .order }) {
            let asking = wanted.filter { $0.1.need == .order }.map(\.0.intent)
            switch OrderMatter.of(triaged, intents: asking) {
            case .resolved(let resolved):
                orders = resolved
            case .missing: substitute = .orderMissing
            case .unknown: substitute = .orderUnknown
            case .unverified: substitute = .unverified
            case .several:
                return .settle(
                    .escalate(Rule("several-orders", "The customer speaks of more than \(OrderMatter.maximum) orders."))
                )
            case .unavailable:
                return .settle(.escalate(Rule("records-unavailable", "The shop's records could not be reached.")))
            }
        }
        let orderContexts = orders.enumerated().map { index, order in
            OrderFacts(order: order, today: today).add(to: &facts, as: "order\(index + 1)")
        }
        if let rule = orders.lazy.compactMap({ Self.gap(in: $0, for: wanted) ?? reasonForPerson(triaged, $0) }).first {
            return .settle(.escalate(rule))
        }
        for orderContext in orderContexts {
            var context = context
            context["order"] = orderContext
            if let condition = wanted.compactMap({ $0.1.reasonForPerson(context) }).first {
                return .settle(.escalate(Rule("action-needed", "A person must act: \(Self.words(for: condition)).")))
            }
        }
        if triaged.identity.tier == .verified, let name = triaged.identity.customer?.name {
            context["customer"] = TemplateContext([
                "name": facts.add("customer.name", "the customer's name", .text(name)) ?? ""
            ])
        }
        let questions = wanted.map { score, template in
            Question(
                intent: score.intent, confidence: score.confidence, template: template,
                substitute: template.need == .order ? substitute : nil)
        }
        let evidence = Evidence(
            facts: facts, passages: try await passages(for: questions, of: triaged, on: today), orders: orders,
            questions: questions, context: context, orderContexts: orderContexts)
        return .proceed(GroundedMessage(triaged: triaged, evidence: evidence))
    }

    /// What no intent covers is answered where an article is about just that; else a person answers.
    private func groundTopic(of triaged: TriagedMessage, _ templates: ReplyTemplates, on day: LocalDate) async throws
        -> Step<GroundedMessage>
    {
        let redaction = triaged.redacted.redaction
        let question = RedactedText.joined([redaction.subject, redaction.body]).text
        guard question.contains("?"), let template = templates.template(.passage, language: triaged.replyLanguage),
            let topic = try await knowledge().topic(of: question, language: triaged.replyLanguage, on: day)
        else { return .settle(.escalate(Rule("out-of-scope", "It asks for nothing that the desk can answer."))) }
        var facts = FactSheet()
        let context = TemplateContext([
            "shop": shopContext(&facts), "links": linkContext(&facts), "passage": topic.text,
        ])
        let asked = Question(
            intent: IntentClassifier.outOfScope, confidence: 1, template: template.citing([topic.article]),
            substitute: .passage)
        return .proceed(
            GroundedMessage(
                triaged: triaged,
                evidence: Evidence(
                    facts: facts, passages: [topic], orders: [], questions: [asked], context: context,
                    orderContexts: [])))
    }

    /// A template's condition in words for the agent.
    private static func words(for condition: String) -> String {
        switch condition {
        case "order.canCancel": "the order has not left yet, so it can still be cancelled or changed"
        case "order.paymentFailed": "the payment failed"
        case "order.paymentPending": "the payment is still open"
        case "order.refundIsRejected": "the refund was refused"
        default: "\(condition) holds for the order"
        }
    }

    /// What the record leaves open, and the answer would need.
    private static func gap(in order: Order, for wanted: [(IntentScore, ReplyTemplate)]) -> Rule? {
        wanted.lazy.filter { $0.1.need == .order }.compactMap { order.gap(for: $0.0.intent) }.first.map { field in
            Rule("incomplete-record", "The order's record does not say what the answer needs (\(field)).")
        }
    }

    /// What the customer says of an order that the records cannot answer.
    private func reasonForPerson(_ triaged: TriagedMessage, _ order: Order) -> Rule? {
        let isAboutParcel = triaged.triage.intents.contains { $0.intent == "track_order" || $0.intent == "complaint" }
        if triaged.triage.reportsLoss, isAboutParcel, order.state == .delivered {
            return Rule("delivered-not-received", "The records say delivered, the customer says that nothing came.")
        }
        if triaged.triage.reportsDamage, order.state == .delivered {
            return Rule("damaged-or-wrong", "The customer reports damaged, missing or wrong goods.")
        }
        return nil
    }

    private func shopContext(_ facts: inout FactSheet) -> TemplateContext {
        TemplateContext(["name": facts.add("shop.name", "the shop's name", .text(shop.name)) ?? ""])
    }

    private func linkContext(_ facts: inout FactSheet) -> TemplateContext {
        var links = TemplateContext()
        for (name, url) in shop.links.sorted(by: { $0.key < $1.key }) {
            guard let meaning = Fact.Meaning.page(name, of: shop) else { continue }
            links[name] = facts.add("links.\(name)", meaning, OrderFacts.link(url))
        }
        return links
    }
}
