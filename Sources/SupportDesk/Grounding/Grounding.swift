import Foundation
import Redaction
import Triage

/// A message with everything that its answer may use. Made by `Grounding` only.
public struct GroundedMessage: Sendable, Documented {
    static let stage = "ground"
    /// The message.
    public let triaged: TriagedMessage
    /// What the answer may use.
    public internal(set) var evidence: Evidence
    /// What a second mail may use, to an address on file.
    let onFile: OnFileMatter?

    /// The texts with placeholders.
    public var redaction: MessageRedaction { triaged.redacted.redaction }

    /// The message as far as the mail to the address on file is concerned.
    var forAddressOnFile: GroundedMessage? {
        onFile.map { file in
            var evidence = file.evidence
            evidence.words = self.evidence.words
            return GroundedMessage(triaged: triaged, evidence: evidence)
        }
    }

    fileprivate init(triaged: TriagedMessage, evidence: Evidence, onFile: OnFileMatter? = nil) {
        self.triaged = triaged
        self.evidence = evidence
        self.onFile = onFile
    }

    func note(in dossier: inout Dossier) { dossier.evidence = evidence }
}

/// Stage seven: records and knowledge. What a person must do leaves the way here.
struct Grounding: Sendable {
    let shop: Shop
    let knowledge: @Sendable () async throws -> Knowledge
    var templates: @Sendable () async throws -> ReplyTemplates
    let now: @Sendable () -> Date
    /// A model is there that can answer what no intent covers.
    var hasModel = false
    /// Less sure than this the desk is not of an intent.
    var policy = DecisionPolicy()
    /// Whether the words for who names an order that is not hers speak of the address on file.
    var answersOnFile = false

    func ground(_ triaged: TriagedMessage) async throws -> Step<GroundedMessage> {
        let templates = try await templates()
        let step = try await ground(triaged, templates)
        guard case .proceed(var grounded) = step else { return step }
        grounded.evidence.words = templates.words[triaged.replyLanguage]
        return .proceed(grounded)
    }

    private func ground(_ triaged: TriagedMessage, _ templates: ReplyTemplates) async throws -> Step<GroundedMessage> {
        let language = triaged.replyLanguage
        let today = LocalDate(now(), in: shop.timeZone)
        if triaged.isOutOfScope, !triaged.namesOrder, let topic = try await topic(of: triaged, templates, on: today) {
            return .proceed(GroundedMessage(triaged: triaged, evidence: topic))
        }
        let sure = triaged.intents.filter { $0.confidence >= policy.threshold(for: $0.intent) }
        // A model reads what the classifier cannot tell; what needs a person's hand needs it whoever reads.
        let isOpen = hasModel && (triaged.isOutOfScope || sure.count < triaged.intents.count)
        if triaged.isOutOfScope, !isOpen { return .settle(.escalate(.outOfScope)) }
        let found = (isOpen ? sure : triaged.intents).map { score in
            (score, templates.template(for: score.intent, language: language))
        }
        let wanted = found.compactMap { score, template in template.map { (score, $0) } }
        guard wanted.count == found.count, isOpen || !wanted.isEmpty else {
            return .settle(.escalate(Rule("needs-person", "A person answers mail of this kind.")))
        }
        // What was understood leaves out what she says of her order; only praise may be without a question.
        if triaged.writesOfOrder, !wanted.isEmpty, wanted.allSatisfy({ $0.1.need == .none && $0.0.intent != "review" })
        {
            return .settle(.escalate(.orderUnread))
        }
        // "Is there a warranty?" is near a question that has an intent; an article on just that says more.
        if wanted.count == 1, wanted[0].1.need == .none,
            let topic = try await topic(of: triaged, templates, beyond: wanted[0].1.cites, on: today),
            topic.passages.contains(where: { $0.fit >= policy.defaultThreshold })
        {
            return .proceed(GroundedMessage(triaged: triaged, evidence: topic))
        }
        var orders: [Order] = []
        var substitute: ReplyTemplates.Fixed?
        var addendum: ReplyTemplates.Fixed?
        let asking = wanted.filter { $0.1.need == .order || ($0.1.need == .known && triaged.namesOrder) }
        if !asking.isEmpty {
            switch OrderMatter.of(triaged, intents: asking.map(\.0.intent)) {
            case .resolved(let resolved, let besides):
                orders = resolved
                if besides { addendum = .orderOther }
            case .missing where asking.allSatisfy({ $0.1.need == .known }): break
            case .missing: substitute = .orderMissing
            case .unknown: substitute = .orderUnknown
            case .unverified: substitute = .unverified
            case .several:
                return .settle(
                    .escalate(
                        Rule(
                            "several-orders",
                            "The customer speaks of more than \(OrderMatter.maximum) orders.")))
            case .unavailable:
                return .settle(.escalate(Rule("records-unavailable", "The shop's records could not be reached.")))
            }
        }
        // Whatever the records say of the order, and whichever it is.
        if !asking.isEmpty, triaged.triage.reportsDamage { return .settle(.escalate(.damaged)) }
        if !asking.isEmpty, triaged.triage.deniesDelivery { return .settle(.escalate(.notReceived)) }
        if substitute?.asksBack ?? false, triaged.association.asked != nil {
            return .settle(.escalate(.askedBefore))
        }
        switch try await evidence(
            for: wanted, isOpen: isOpen, about: orders, substitute, addendum, to: triaged.greeted, of: triaged,
            on: today)
        {
        case .failure(let rule): return .settle(.escalate(rule.rule))
        case .success(let evidence):
            // Beside words that do not depend on it.
            var onFile: OnFileMatter?
            if let file = triaged.identity.onFile, substitute != nil || addendum != nil,
                case .success(let evidence) = try await self.evidence(
                    for: asking, about: [file.order], to: file.customer, of: triaged, on: today)
            {
                onFile = OnFileMatter(file: file, evidence: evidence)
            }
            return .proceed(GroundedMessage(triaged: triaged, evidence: evidence, onFile: onFile))
        }
    }

    /// A person must act, for a reason.
    private struct NeedsPerson: Error { let rule: Rule }

    /// Facts, passages and the shop's words for questions about orders that may be spoken of.
    private func evidence(
        for wanted: [(IntentScore, ReplyTemplate)], isOpen: Bool = false, about orders: [Order],
        _ substitute: ReplyTemplates.Fixed? = nil,
        _ addendum: ReplyTemplates.Fixed? = nil, to customer: Customer?, of triaged: TriagedMessage, on day: LocalDate
    ) async throws -> Result<Evidence, NeedsPerson> {
        var (facts, context) = shopFacts()
        // Of what she names, never of what the records hold.
        if answersOnFile, triaged.namesOrder { context["onFile"] = true }
        let orderContexts = orders.enumerated().map { index, order in
            OrderFacts(order: order, today: day, policy: shop.policy).add(to: &facts, as: "order\(index + 1)")
        }
        if let rule = orders.lazy.compactMap({ Self.gap(in: $0, for: wanted) ?? Self.reasonForPerson(triaged, $0) })
            .first
        {
            return .failure(NeedsPerson(rule: rule))
        }
        for orderContext in orderContexts {
            var context = context
            context["order"] = orderContext
            if let condition = wanted.compactMap({ $0.1.reasonForPerson(context) }).first {
                return .failure(NeedsPerson(rule: Self.actionNeeded(condition)))
            }
        }
        if let customer {
            let open = substitute == .orderMissing ? triaged.identity.orders.filter { $0.state?.isOpen == true } : []
            context["customer"] = Self.context(of: customer, openOrders: open, &facts)
        }
        context["isUpset"] = triaged.triage.isUpset
        var questions = wanted.map { score, template in
            Question(
                intent: score.intent, confidence: score.confidence, template: template,
                substitute: template.need == .none ? nil : substitute)
        }
        if isOpen {
            questions.append(
                Question(intent: IntentClassifier.outOfScope, confidence: 1, template: nil, substitute: nil))
        }
        return .success(
            Evidence(
                facts: facts, passages: try await passages(for: questions, of: triaged, on: day), orders: orders,
                questions: questions, context: context, orderContexts: orderContexts, addendum: addendum))
    }
}

extension Rule {
    static let outOfScope = Rule("out-of-scope", "It asks for nothing that the desk can answer.")
    static let orderUnread = Rule("order-unread", "It names an order, and nothing that was understood is about one.")
}

extension TriagedMessage {
    /// Its place among the others.
    var association: Association { redacted.identified.heard.associated.association }

    /// Her record, where it is proved that she wrote.
    fileprivate var greeted: Customer? { identity.tier == .verified ? identity.customer : nil }

    /// Whether it names an order, whosever it is and whether there is one.
    fileprivate var namesOrder: Bool { triage.references.contains { $0.kind == .order } }

    /// Whether it names one in its text; a subject is often left over from another matter.
    fileprivate var writesOfOrder: Bool {
        triage.references.contains { $0.kind == .order && !$0.span.isInSubject }
    }
}
