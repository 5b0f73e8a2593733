import Foundation
import Mustache
import Triage

/// Writes the packet of an escalation from what the stages found out.
struct PacketBuilder: Sendable {
    let note: MustacheTemplate
    let seal: Seal

    /// How much of the customer's text stands in the note; all of it is attached.
    private static let maximumSummary = 1_500

    init(templatePath path: String, seal: Seal) throws {
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else {
            throw DeskError(.configuration, "\(path): not readable as UTF-8")
        }
        note = try ReplyTemplate.compile(text, path: path)
        self.seal = seal
        // Tried with the least that is ever known, so that a slip in the template is found before a ticket needs it.
        let raw = RawMessage(id: 0, channel: "", source: "", arrival: .distantPast, bytes: [])
        let least = Self.context(for: Rule("trial", "Trial."), Dossier(raw))
        guard ReplyTemplate.render(note, least) != nil else {
            throw DeskError(.configuration, "\(path): asks for a value that is not always there")
        }
    }

    /// The packet of a message that leaves the way for a person.
    func packet(for rule: Rule, isQuarantine: Bool, _ dossier: Dossier) -> Packet {
        let raw = dossier.raw
        let message = dossier.message
        let trustworthy = !isQuarantine && rule.name != "authentication-failed" && message?.automatic == nil
        return Packet(
            externalID: dossier.association?.externalID
                ?? "AD-" + seal.digest("\(raw.channel)\n\(raw.source)", for: "conversation").prefix(10).base32,
            message: raw.id, subject: subject(dossier, isQuarantine: isQuarantine),
            requestor: trustworthy
                ? (dossier.association?.correspondent?.mailbox ?? message?.from.first)?.address : nil,
            note: note(for: rule, dossier), rule: rule.name, priority: priority(of: rule))
    }

    private func subject(_ dossier: Dossier, isQuarantine: Bool) -> String {
        if isQuarantine { return "A message could not be processed" }
        let subject = dossier.message?.subject ?? ""
        return subject.isBlank ? "(no subject)" : String(subject.prefix(200))
    }

    private func priority(of rule: Rule) -> Int {
        switch rule.name {
        case "legal", "angry", "delivery-uncertain": 80
        case "asks-for-person", "authentication-failed": 60
        default: 40
        }
    }

    private func note(for rule: Rule, _ dossier: Dossier) -> String {
        (ReplyTemplate.render(note, Self.context(for: rule, dossier)) ?? "\(rule.reason)\nRule: \(rule.name)") + "\n"
    }

    /// The first passage of each of the best articles.
    private static func articles(_ dossier: Dossier) -> ArraySlice<Passage> {
        (dossier.evidence?.passages ?? []).reduce(into: [Passage]()) { list, passage in
            if !list.contains(where: { $0.article == passage.article }) { list.append(passage) }
        }.prefix(4)
    }

    private static func context(for rule: Rule, _ dossier: Dossier) -> TemplateContext {
        let identity = dossier.identity
        let intent = dossier.intent
        var context = TemplateContext([
            "reason": rule.reason, "rule": rule.name, "language": dossier.triage?.language.tag ?? "not determined",
            "intent": intent?.intent ?? "not determined",
            "confidence": intent.map { percent($0.confidence) } ?? "–",
            "sentiment": dossier.triage.map(mood) ?? "not determined",
            "authentication": identity.map { "\($0.authentication.verdict)" } ?? "not checked",
            "tier": identity?.tier == .verified ? "the sender's own orders" : "policies only",
            "orders": (identity?.orders.prefix(5) ?? []).map { order in
                TemplateContext([
                    "number": order.number, "state": order.state.rawValue,
                    "total": FactFormat(language: "en").text(.money(order.total, currency: order.currency)),
                ])
            },
            "evidence": articles(dossier).map { TemplateContext(["id": $0.article, "title": $0.title]) },
            "findings": dossier.findings.map(\.description), "problems": dossier.message?.problems ?? [],
        ])
        if let association = dossier.association { context["reference"] = association.externalID }
        if let message = dossier.message {
            if let author = dossier.association?.correspondent?.mailbox ?? message.from.first {
                context["from"] = author.address
            }
            // An empty text is none: the template's section for it is left out.
            if !message.newText.isBlank { context["summary"] = String(message.newText.prefix(maximumSummary)) }
            if !message.subject.isBlank { context["subject"] = String(message.subject.prefix(200)) }
        }
        if let customer = identity?.customer { context["customer"] = TemplateContext(["name": customer.name]) }
        if let reply = dossier.reply { context["draft"] = reply.text }
        return context
    }

    static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    private static func mood(_ triage: TriageResult) -> String {
        switch triage.sentiment {
        case ..<(-0.3): "negative"
        case 0.3...: "positive"
        default: "neutral"
        }
    }
}
