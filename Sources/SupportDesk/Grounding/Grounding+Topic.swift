import Redaction
import Triage

extension Grounding {
    /// What no intent covers is answered where an article is about just that; else a person answers.
    func topic(
        of triaged: TriagedMessage, _ templates: ReplyTemplates, on day: LocalDate
    ) async throws -> Evidence? {
        let question = triaged.question
        guard question.contains("?"), let template = templates.template(.passage, language: triaged.replyLanguage),
            let topic = try await knowledge().topic(of: question, language: triaged.replyLanguage, on: day)
        else { return nil }
        var (facts, context) = shopFacts()
        context["passage"] = topic.text
        let asked = Question(
            intent: IntentClassifier.outOfScope, confidence: 1, template: template.citing([topic.article]),
            substitute: .passage)
        return Evidence(facts: facts, passages: [topic], orders: [], questions: [asked], context: context)
    }

    /// What every answer may name: the shop and its pages.
    func shopFacts() -> (FactSheet, TemplateContext) {
        var facts = FactSheet()
        let name = facts.add("shop.name", "the shop's name", .text(shop.name)) ?? ""
        var links = TemplateContext()
        for (name, url) in shop.links.sorted(by: { $0.key < $1.key }) {
            guard let meaning = Fact.Meaning.page(name, of: shop) else { continue }
            links[name] = facts.add("links.\(name)", meaning, OrderFacts.link(url))
        }
        return (facts, TemplateContext(["shop": TemplateContext(["name": name]), "links": links]))
    }
}

extension TriagedMessage {
    /// What the customer wrote, as a search reads it.
    var question: String { RedactedText.joined([redacted.redaction.subject, redacted.redaction.body]).text }
}
